import pytest

from crossmargin.client.units import wad
from tests.helpers.reverts import ANY, reverts
from tests.unit.clearinghouse.conftest import market

CONFIG = (wad(100), wad(1000), 3600, 50_000)
HOUR = 3600
DAY = 86_400


def next_hour(venue, hours):
    """Find a whole hour, so many after the next."""
    return (venue.node.now // HOUR + 1 + hours) * HOUR


def test_list_perpetual_opens_a_market(venue):
    """A market on an underlying with a price and risk parameters."""
    receipt = venue.govern(venue.clearinghouse, "listPerpetual", venue.feed("USDT"), CONFIG)

    found = receipt.event("InstrumentListed").id
    assert found == 1 << 60 | venue.feed("USDT") << 48
    assert tuple(venue.clearinghouse.configOf(found).values()) == CONFIG
    assert venue.clearinghouse.instrumentAt(venue.clearinghouse.instrumentCount() - 1) == found
    assert market(venue, found)["flags"] == 1


def test_list_perpetual_refuses_what_cannot_be_margined(venue):
    """Listed already, without parameters, out of range."""
    listed = venue.instrument("ETH-PERP")
    with venue.refuses("AlreadyListed", id=listed):
        venue.govern(venue.clearinghouse, "listPerpetual", venue.feed("ETH"), CONFIG)
    with venue.refuses("UnknownUnderlying", underlying=200):
        venue.govern(venue.clearinghouse, "listPerpetual", 200, CONFIG)
    for underlying in (0, 256):
        with venue.refuses("ParameterOutOfRange", value=underlying, limit=255):
            venue.govern(venue.clearinghouse, "listPerpetual", underlying, CONFIG)


@pytest.mark.parametrize(
    ("config", "value", "limit"),
    [
        ((0, 1, 1, 1), 0, 2**96 - 1),
        ((1, 0, 1, 1), 0, 2**96 - 1),
        ((1, 1, 0, 1), 0, 7 * DAY),
        ((1, 1, 7 * DAY + 1, 1), 7 * DAY + 1, 7 * DAY),
        ((1, 1, 1, 150_001), 150_001, 150_000),
    ],
)
def test_configuration_has_bounds(venue, config, value, limit):
    """INV-07: no division by zero, no funding beyond what the premium can ask."""
    with venue.refuses("ParameterOutOfRange", value=value, limit=limit):
        venue.govern(venue.clearinghouse, "listPerpetual", venue.feed("USDT"), config)
    with venue.refuses("ParameterOutOfRange", value=value, limit=limit):
        venue.govern(venue.clearinghouse, "configureInstrument", venue.instrument("ETH-PERP"), config, False)


def test_list_future_checks_its_expiry(venue):
    """A whole hour, ahead, within the longest tenor."""
    feed, expiry = venue.feed("LINK"), next_hour(venue, 24)
    receipt = venue.govern(venue.clearinghouse, "listFuture", feed, expiry, CONFIG)
    assert receipt.event("InstrumentListed").id == 2 << 60 | feed << 48 | (expiry // HOUR) << 24

    past = (venue.node.now // HOUR) * HOUR
    with venue.refuses("InstrumentExpired", id=ANY, expiry=past):
        venue.govern(venue.clearinghouse, "listFuture", feed, past, CONFIG)
    with venue.refuses("TenorTooLong", tenor=ANY, limit=90 * DAY):
        venue.govern(venue.clearinghouse, "listFuture", feed, next_hour(venue, 91 * 24), CONFIG)
    with venue.refuses("InstrumentOutOfRange", value=1, limit=0):
        venue.govern(venue.clearinghouse, "listFuture", feed, expiry + 1, CONFIG)


def test_configure_instrument_accrues_at_the_old_rate(venue, modules, trader, maker):
    """A new limit on funding counts from now on."""
    modules.trade("ETH-PERP", trader, maker, 50, 2100)
    venue.warp(600)
    modules.trade("ETH-PERP", trader, maker, 50, 2100)
    before = market(venue, "ETH-PERP")
    venue.warp(DAY)

    venue.govern(venue.clearinghouse, "configureInstrument", venue.instrument("ETH-PERP"), (*CONFIG[:3], 7), True)

    found = market(venue, "ETH-PERP")
    assert before["rate"] > 7
    assert found["rate"] == 7
    assert found["index"] * 10**6 // (2000 * wad(1)) >= before["rate"]
    assert (found["utilisation"], found["flags"]) == (200, 1 | 2)


def test_set_reduce_only_is_the_guardians(venue, guardian, other):
    """Immediate, and only tighter."""
    perpetual = venue.instrument("ETH-PERP")
    venue.clearinghouse.setReduceOnly(perpetual, sender=guardian)

    assert market(venue, "ETH-PERP")["flags"] == 1 | 2
    with reverts("AccessManagedUnauthorized", caller=other):
        venue.clearinghouse.setReduceOnly(perpetual, sender=other)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("setModules", ("0x" + "11" * 20, "0x" + "22" * 20)),
        ("setOracle", ("0x" + "11" * 20,)),
        ("listPerpetual", (1, CONFIG)),
        ("listFuture", (1, 3600, CONFIG)),
        ("configureInstrument", (1, CONFIG, False)),
    ],
)
def test_governance_refuses_strangers(venue, other, function, arguments):
    """INV-25: nobody else wires, lists or configures."""
    with reverts("AccessManagedUnauthorized", caller=other):
        getattr(venue.clearinghouse, function)(*arguments, sender=other)
