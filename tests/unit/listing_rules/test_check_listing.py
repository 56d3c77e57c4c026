"""What may be listed: anybody may ask; the clearinghouse does before it lists."""

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.instruments import Instrument, Kind, decode, strike_code
from tests.helpers.option_desk import post_surfaces
from tests.helpers.reverts import ANY, reverts
from tests.unit.clearinghouse.conftest import unpriced

PERPETUAL, FUTURE, CALL, PUT = 1, 2, 3, 4
HOUR, DAY = 3600, 86_400
MAX_UINT96 = 2**96 - 1


@pytest.fixture
def check(venue):
    """Ask about a kind, an underlying, an expiry and a strike."""

    def ask(kind, underlying, expiry=0, strike=0):
        found = venue.feed(underlying) if isinstance(underlying, str) else underlying
        return venue.rules.checkListing(kind, found, expiry, wad(strike), venue.oracle, venue.options)

    return ask


@pytest.fixture
def weekly(venue) -> int:
    """Give the expiry of a slice of ether that is Valid now."""
    post_surfaces(venue)
    return venue.record.slices["ETH:weekly"]


def hour(venue, hours) -> int:
    """Find a whole hour, so many after the next."""
    return (venue.node.now // HOUR + 1 + hours) * HOUR


def test_rules_name_the_parameters(venue):
    """Which underlyings there are, and for how long, is the risk parameters' say."""
    assert venue.rules.parameters() == venue.parameters.address
    assert venue.clearinghouse.rules() == venue.rules.address


def test_rules_name_the_instrument(venue, check, weekly):
    """The same id as the library's; one that is listed already is for the clearinghouse to refuse."""
    ether = venue.feed("ETH")
    assert check(PERPETUAL, "ETH") == venue.instrument("ETH-PERP")
    expiry = hour(venue, 24)
    assert decode(check(FUTURE, "ETH", expiry)) == Instrument(Kind.FUTURE, ether, expiry // HOUR, 0)
    assert decode(check(CALL, "ETH", weekly, 2100)) == Instrument(
        Kind.CALL, ether, weekly // HOUR, strike_code(wad(2100))
    )


@pytest.mark.parametrize("underlying", [0, 256])
def test_underlyings_are_feeds(check, underlying):
    """Numbers from 1 to 255."""
    with reverts("ParameterOutOfRange", value=underlying, limit=255):
        check(PERPETUAL, underlying)


def test_underlyings_have_parameters(check):
    """Nothing is listed that cannot be margined."""
    with reverts("UnknownUnderlying", underlying=200):
        check(PERPETUAL, 200)


def test_underlyings_have_a_valid_price(venue, check, guardian):
    """Neither a doubtful nor an old one."""
    venue.oracle.forceUncertain(venue.feed("ETH"), 300, sender=guardian)
    with reverts("PriceNotValid", **unpriced(venue, "ETH")):
        check(PERPETUAL, "ETH")
    venue.warp(DAY + 1, refresh=False)
    with reverts("PriceNotValid", **unpriced(venue, "BTC")):
        check(PERPETUAL, "BTC")


def test_expiries_are_ahead_and_within_the_longest_tenor(venue, check):
    """Neither now nor later than the underlying's `maxTenor`, in whole hours."""
    now = (venue.node.now // HOUR) * HOUR
    with reverts("InstrumentExpired", id=2 << 60 | venue.feed("LINK") << 48 | now // HOUR << 24, expiry=now):
        check(FUTURE, "LINK", now)
    late = hour(venue, 90 * 24)
    with reverts("TenorTooLong", tenor=late - venue.node.now, limit=90 * DAY):
        check(FUTURE, "LINK", late)
    check(FUTURE, "LINK", late - HOUR)
    with reverts("InstrumentOutOfRange", value=1, limit=0):
        check(FUTURE, "LINK", late - HOUR + 1)


@pytest.mark.parametrize(
    ("kind", "strike", "limit"), [(CALL, 20_000, None), (CALL, 20_001, 20_000), (PUT, 200, None), (PUT, 199, 200)]
)
def test_strikes_are_near_the_index(check, weekly, kind, strike, limit):
    """From a tenth of it to ten times it."""
    if limit is None:
        check(kind, "ETH", weekly, strike)
        return
    with reverts("ParameterOutOfRange", value=wad(strike), limit=wad(limit)):
        check(kind, "ETH", weekly, strike)


def test_strikes_fit_their_code_and_only_options_have_one(check, weekly):
    """Nor does a future have a strike."""
    with reverts("StrikeNotEncodable", strike=wad(2000) + 1):
        check(CALL, "ETH", weekly, "2000.000000000000000001")
    with reverts("InstrumentOutOfRange", value=wad(2000), limit=0):
        check(FUTURE, "ETH", weekly, 2000)


def test_options_have_valid_volatility(venue, check, weekly):
    """A slice at their expiry, and a recent one."""
    with reverts("PriceNotValid", **unpriced(venue, "ETH")):
        check(PUT, "ETH", weekly + HOUR, 2000)
    venue.warp(venue.config.options["ETH"].max_age)
    with reverts("PriceNotValid", **unpriced(venue, "ETH")):
        check(PUT, "ETH", weekly, 2000)


@pytest.mark.parametrize(
    ("config", "value", "limit"),
    [((0, 1, 1), 0, MAX_UINT96), ((1, 1, 150_001), 150_001, 150_000), ((1, 0, 150_000), None, ANY)],
)
def test_limits_have_bounds(venue, config, value, limit):
    """INV-07: a cap that divides, and funding of at most three payments a day of 5 %."""
    if value is None:
        assert venue.rules.checkConfig(config) in ((), None)
        return
    with reverts("ParameterOutOfRange", value=value, limit=limit):
        venue.rules.checkConfig(config)
