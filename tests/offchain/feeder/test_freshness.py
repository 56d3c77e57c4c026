"""When a feed's refresh matters, and when the forecaster takes a price: what feeder and keepers decide by."""

import pytest

from crossmargin.model.freshness import GRID, Said, TapeReading, feed_due, observable
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, WAD

NOW = 1_800_000_000
VALID, STALE = PriceStatus.VALID, PriceStatus.STALE


def _said(mid_ppm: int, age: int, status: PriceStatus = VALID) -> Said:
    return Said(WAD * mid_ppm // PPM, NOW - age, status)


@pytest.mark.parametrize(
    ("stored", "said", "due"),
    [
        (_said(PPM, 60), _said(PPM, 0), False),
        (_said(PPM, 60), _said(PPM + 500, 0), False),
        (_said(PPM, 60), _said(PPM + 501, 0), True),
        (_said(PPM, 60), _said(PPM - 501, 0), True),
        (_said(PPM, 60), _said(PPM - 501, 60), False),  # the source has said nothing since
        (_said(PPM, 299), _said(PPM, 0), False),
        (_said(PPM, 300), _said(PPM, 0), True),
        (_said(PPM, 300), _said(PPM, 300), False),
        (_said(PPM, 60, STALE), _said(PPM, 60), True),
        (_said(PPM, 60, STALE), _said(PPM, 0, STALE), False),
    ],
)
def test_a_feed_is_due_where_its_sources_say_something_new(stored, said, due):
    """It moved, a third of its age is used up, or it is Valid again."""
    assert feed_due(stored, said, NOW, 900) is due


def test_a_feed_that_somebody_depends_on_is_due_sooner():
    """By a smaller deviation."""
    assert not feed_due(_said(PPM, 60), _said(PPM + 101, 0), NOW, 900)
    assert feed_due(_said(PPM, 60), _said(PPM + 101, 0), NOW, 900, 100)


@pytest.mark.parametrize(("step", "new", "takes"), [(-1, True, True), (-1, False, False), (0, True, False)])
def test_first_new_price_of_a_step_is_observed(step, new, takes):
    """Once in each step of the grid."""
    tape = TapeReading(NOW // GRID + step, NOW - 600, ready=False)
    assert observable(tape, NOW, new=new) is takes
