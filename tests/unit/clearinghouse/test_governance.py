import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.funding import index_at
from crossmargin.model.instruments import Instrument, Kind, decode, strike_code
from tests.helpers.option_desk import post_surfaces
from tests.helpers.reverts import ANY, reverts
from tests.unit.clearinghouse.conftest import market, unpriced

PERPETUAL, FUTURE, CALL, PUT = 1, 2, 3, 4
CONFIG = (wad(100), wad(1000), 50_000)
HOUR = 3600
DAY = 86_400


def next_hour(venue, hours):
    """Find a whole hour, so many after the next."""
    return (venue.node.now // HOUR + 1 + hours) * HOUR


def test_list_perpetual_opens_a_market(venue):
    """A market on an underlying with a price and risk parameters."""
    receipt = venue.govern(venue.clearinghouse, "list", PERPETUAL, venue.feed("USDT"), 0, 0, CONFIG)

    found = receipt.event("InstrumentListed").id
    assert found == 1 << 60 | venue.feed("USDT") << 48
    assert tuple(venue.clearinghouse.configOf(found).values()) == CONFIG
    assert venue.clearinghouse.instrumentAt(venue.clearinghouse.instrumentCount() - 1) == found
    assert market(venue, found)["flags"] == 1


def test_list_perpetual_refuses_what_cannot_be_margined(venue):
    """Listed already, without parameters, out of range."""
    listed = venue.instrument("ETH-PERP")
    with venue.refuses("AlreadyListed", id=listed):
        venue.govern(venue.clearinghouse, "list", PERPETUAL, venue.feed("ETH"), 0, 0, CONFIG)
    with venue.refuses("UnknownUnderlying", underlying=200):
        venue.govern(venue.clearinghouse, "list", PERPETUAL, 200, 0, 0, CONFIG)
    for underlying in (0, 256):
        with venue.refuses("ParameterOutOfRange", value=underlying, limit=255):
            venue.govern(venue.clearinghouse, "list", PERPETUAL, underlying, 0, 0, CONFIG)


@pytest.mark.parametrize(
    ("config", "value", "limit"),
    [
        ((0, 1, 1), 0, 2**96 - 1),
        ((1, 1, 150_001), 150_001, 150_000),
    ],
)
def test_configuration_has_bounds(venue, config, value, limit):
    """INV-07: no division by zero, no funding beyond what the premium can ask."""
    with venue.refuses("ParameterOutOfRange", value=value, limit=limit):
        venue.govern(venue.clearinghouse, "list", PERPETUAL, venue.feed("USDT"), 0, 0, config)
    with venue.refuses("ParameterOutOfRange", value=value, limit=limit):
        venue.govern(venue.clearinghouse, "configureInstrument", venue.instrument("ETH-PERP"), config, False)


def test_list_future_checks_its_expiry(venue):
    """A whole hour, ahead, within the longest tenor."""
    feed, expiry = venue.feed("LINK"), next_hour(venue, 24)
    receipt = venue.govern(venue.clearinghouse, "list", FUTURE, feed, expiry, 0, CONFIG)
    assert receipt.event("InstrumentListed").id == 2 << 60 | feed << 48 | (expiry // HOUR) << 24

    past = (venue.node.now // HOUR) * HOUR
    with venue.refuses("InstrumentExpired", id=ANY, expiry=past):
        venue.govern(venue.clearinghouse, "list", FUTURE, feed, past, 0, CONFIG)
    with venue.refuses("TenorTooLong", tenor=ANY, limit=90 * DAY):
        venue.govern(venue.clearinghouse, "list", FUTURE, feed, next_hour(venue, 91 * 24), 0, CONFIG)
    with venue.refuses("InstrumentOutOfRange", value=1, limit=0):
        venue.govern(venue.clearinghouse, "list", FUTURE, feed, expiry + 1, 0, CONFIG)


def test_list_option_needs_volatility_and_a_strike_near_the_index(venue):
    """A series is its own market; without a Valid slice at its expiry, or too far from the index, there is none."""
    ether, weekly = venue.feed("ETH"), venue.record.slices["ETH:weekly"]
    post_surfaces(venue)
    receipt = venue.govern(venue.clearinghouse, "list", CALL, ether, weekly, wad(2100), CONFIG)
    found = receipt.event("InstrumentListed").id
    assert decode(found) == Instrument(Kind.CALL, ether, weekly // HOUR, strike_code(wad(2100)))
    assert market(venue, found)["flags"] == 1

    for kind, strike, limit in ((PUT, 199, 200), (CALL, 20_001, 20_000)):
        with venue.refuses("ParameterOutOfRange", value=wad(strike), limit=wad(limit)):
            venue.govern(venue.clearinghouse, "list", kind, ether, weekly, wad(strike), CONFIG)
    with venue.refuses("StrikeNotEncodable", strike=wad(2000) + 1):
        venue.govern(venue.clearinghouse, "list", CALL, ether, weekly, wad(2000) + 1, CONFIG)
    with venue.refuses("InstrumentOutOfRange", value=wad(2000), limit=0):
        venue.govern(venue.clearinghouse, "list", FUTURE, ether, weekly, wad(2000), CONFIG)
    with venue.refuses("PriceNotValid", **unpriced(venue, "ETH")):
        venue.govern(venue.clearinghouse, "list", PUT, ether, weekly + HOUR, wad(2000), CONFIG)
    venue.warp(venue.config.options["ETH"].max_age)
    with venue.refuses("PriceNotValid", **unpriced(venue, "ETH")):
        venue.govern(venue.clearinghouse, "list", PUT, ether, weekly, wad(2200), CONFIG)


def test_set_oracles_replaces_both(venue):
    """Prices and marks come from one pair at a time."""
    prices, marks = venue.vault.address, venue.exchange.address
    receipt = venue.govern(venue.clearinghouse, "setOracles", prices, marks)

    event = receipt.event("OraclesSet")
    assert (event.oracle, event.options) == (prices, marks)
    assert (venue.clearinghouse.oracle(), venue.clearinghouse.options()) == (prices, marks)


def test_configure_instrument_accrues_at_the_old_rate(venue, modules, trader, maker):
    """A new limit on funding counts from now on."""
    modules.trade("ETH-PERP", trader, maker, 50, 2100)
    venue.warp(600)
    modules.trade("ETH-PERP", trader, maker, 50, 2100)
    before = market(venue, "ETH-PERP")
    venue.warp(DAY)

    venue.govern(venue.clearinghouse, "configureInstrument", venue.instrument("ETH-PERP"), (*CONFIG[:2], 7), True)

    found = market(venue, "ETH-PERP")
    assert before["rate"] > 7
    assert found["rate"] == 7
    elapsed = found["updated_at"] - before["updated_at"]
    assert found["index"] == index_at(before["index"], before["rate"], wad(2000), elapsed) > 0
    assert (found["utilisation"], found["flags"]) == (200, 1 | 2)


def test_set_reduce_only_is_the_guardians(venue, guardian, other):
    """Immediate, only tighter, and for a time: governance's switch is not touched."""
    perpetual = venue.instrument("ETH-PERP")
    receipt = venue.clearinghouse.setReduceOnly(perpetual, DAY, sender=guardian)

    event = receipt.event("ReduceOnlyUntil")
    assert (event.id, event.until) == (perpetual, receipt.time + DAY)
    assert market(venue, "ETH-PERP")["flags"] == 1
    shorter = venue.clearinghouse.setReduceOnly(perpetual, HOUR, sender=guardian)
    assert shorter.event("ReduceOnlyUntil").until == receipt.time + DAY
    with reverts("AccessManagedUnauthorized", caller=other):
        venue.clearinghouse.setReduceOnly(perpetual, DAY, sender=other)


def test_set_reduce_only_ends_within_a_week(venue, guardian):
    """Longer is refused, and so is a market that is not listed."""
    with venue.refuses("ParameterOutOfRange", value=7 * DAY + 1, limit=7 * DAY):
        venue.clearinghouse.setReduceOnly(venue.instrument("ETH-PERP"), 7 * DAY + 1, sender=guardian)
    with venue.refuses("UnknownInstrument", id=1):
        venue.clearinghouse.setReduceOnly(1, DAY, sender=guardian)


def test_wiring_names_contracts(venue):
    """An address without code would stop trades, auctions or every valuation."""
    nobody, module, options = "0x" + "11" * 20, venue.exchange, venue.options
    for function, arguments in (
        ("setModules", (nobody, module)),
        ("setModules", (module, nobody)),
        ("setOracles", (nobody, options)),
        ("setOracles", (venue.oracle, nobody)),
    ):
        with venue.refuses("NotAContract", target=nobody):
            venue.govern(venue.clearinghouse, function, *arguments)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("setModules", ("0x" + "11" * 20, "0x" + "22" * 20)),
        ("setOracles", ("0x" + "11" * 20, "0x" + "22" * 20)),
        ("list", (1, 1, 0, 0, CONFIG)),
        ("list", (3, 1, 3600, wad(2000), CONFIG)),
        ("configureInstrument", (1, CONFIG, False)),
    ],
)
def test_governance_refuses_strangers(venue, other, function, arguments):
    """INV-25: nobody else wires, lists or configures."""
    with reverts("AccessManagedUnauthorized", caller=other):
        getattr(venue.clearinghouse, function)(*arguments, sender=other)
