from decimal import Decimal

import pytest

from crossmargin.deployment.instruments import OptionSettings, SliceSettings
from crossmargin.simulation.stage.surface import at_the_money, moved, slice_at, slice_key, toward

SHAPE = SliceSettings.model_validate(
    {"a": "0.30", "b": "0.20", "rho": "-0.20", "m": "0.05", "sigma": "0.30", "carry": "0.05"}
)
LIMITS = OptionSettings(max_step=Decimal("0.5"))


def volatility(shape, k):
    """Volatility of a slice at a log-moneyness."""
    away = Decimal(k) - shape.m
    return (shape.a + shape.b * (shape.rho * away + (away**2 + shape.sigma**2).sqrt())).sqrt()


@pytest.mark.parametrize("level", ["0.35", "0.7", "1.9"])
def test_moved_moves_every_strike_alike(level):
    """At the money it is the level asked for, elsewhere the same part of it as before."""
    slice_ = moved(SHAPE, int(Decimal(level) * 10**8))
    assert volatility(slice_, 0) == pytest.approx(Decimal(level), abs=Decimal("0.00001"))
    for k in ("-0.3", "0.2"):
        before, after = (volatility(each, k) / volatility(each, 0) for each in (SHAPE, slice_))
        assert after == pytest.approx(before, abs=Decimal("0.00001"))


def test_at_the_money_is_what_a_slice_was_moved_to():
    """To the digits that a slice keeps."""
    assert at_the_money(moved(SHAPE, 7 * 10**7)) == pytest.approx(7 * 10**7, rel=1e-5)
    assert slice_at(SHAPE, 7 * 10**7).level == at_the_money(moved(SHAPE, 7 * 10**7))


def test_slice_at_writes_parts_per_million():
    """As the contract's struct has it."""
    assert slice_at(SHAPE, 2 * 10**8).encode()[2:] == (-200_000, 50_000, 300_000, 50_000)


def test_slice_key_takes_a_name_apart():
    """Underlying and expiry."""
    assert slice_key("ETH:weekly") == slice_key("ETH:weekly-2027-01-15") == ("ETH", "weekly")
    assert slice_key("BTC:quarterly") == ("BTC", "quarterly")


@pytest.mark.parametrize(("wanted", "got"), [(1000, 1000), (1400, 1400), (1600, 1490), (600, 600), (400, 510)])
def test_toward_stays_within_a_step(wanted, got):
    """A little less than the venue would accept."""
    assert toward(1000, wanted, LIMITS) == got
