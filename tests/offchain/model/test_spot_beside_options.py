"""What it costs that options hedge no spot: collateral under a short call, or over a put, and what it can lose."""

import numpy as np
import pytest

from crossmargin.model.account import Account, Spot
from crossmargin.model.margin import margin
from crossmargin.model.positions import Leg
from crossmargin.model.units import WAD
from tests.offchain.model.option_search import IM, KEY, MM, USD, Venue, flat, together

MONTH = 24 * 30
CALL, PUT = (MONTH, 2_000 * WAD, False), (MONTH, 1_800 * WAD, True)


@pytest.mark.parametrize(
    ("option", "size", "taken_off", "lost"),
    [(CALL, -1, {MM: 285, IM: 370}, {MM: 85, IM: 150}), (PUT, 1, {MM: 299, IM: 438}, {MM: 95, IM: 155})],
    ids=["a covered call", "a protective put"],
)
def test_margin_takes_off_much_more_than_covered_spot_can_lose(option, size, taken_off, lost):
    """Of one ether of 2,000 with an option of 30 days at 60 %, within the shocks of each set [USD]."""
    venue = Venue({MONTH: flat(60)}, [option])
    account = Account(0, (Spot(WAD, 18, KEY, KEY),), (Leg(venue.ids[0], size * WAD, 0),))
    worth = USD + size * venue.marks[0]
    for which in (MM, IM):
        points = list(together(venue, which))
        losses = -(size * venue.changes(points)[:, 0] + np.array([point.move * USD for point in points]))
        assert worth - margin(account, venue.state, which).excess / WAD == pytest.approx(taken_off[which], abs=0.5)
        assert losses.max() == pytest.approx(lost[which], abs=0.5)
