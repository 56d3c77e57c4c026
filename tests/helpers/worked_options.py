"""Options to work by hand. The index is 2**14 USD, so that a lane counts whole dollars of one contract."""

from dataclasses import replace

from crossmargin.model.account import State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import WAD
from tests.helpers.classes import MAJORS, default_parameters

ETH, BTC = 1, 2
NOW = 1_800_000_000
INDEX = 2**14
HOURS = NOW // 3_600 + 73 * 24


def usd(amount):
    """Give a USD amount with at most four decimals in wad."""
    return round(amount * 10_000) * WAD // 10_000


def series(kind, underlying=ETH, strike=INDEX, hours=HOURS):
    """Name a series, with 73 days to run unless said."""
    return encode(Instrument(kind, underlying, hours, strike_code(strike * WAD)))


CALL, PUT, OTHER_CALL = series(Kind.CALL), series(Kind.PUT), series(Kind.CALL, ETH, 20_000)
BTC_PUT, SOONER_PUT = series(Kind.PUT, BTC), series(Kind.PUT, hours=HOURS - 24)
PERP, BTC_PERP = (encode(Instrument(Kind.PERPETUAL, key)) for key in (ETH, BTC))

# volatility up and down, unmoved; a rise, then a fall at volatility up, down, unchanged; the same of initial; tails
CALL_LANES = (40, -30, 600, 560, 580, -320, -390, -350, 70, -60, 1_000, 950, 970, -540, -620, -570, 2_500, -330)
PUT_LANES = (40, -30, -320, -390, -350, 600, 560, 580, 70, -60, -540, -620, -570, 1_000, 950, 970, -330, 2_500)
FRESH = RiskArray(
    time=NOW,
    ref=usd(INDEX),
    mark_mantissa=56_843_418,
    mark_exponent=44,
    delta=2**13,
    lanes=CALL_LANES,
    gap_maintenance=25,
    gap_initial=45,
    bow_maintenance=0,
    bow_initial=0,
    drift=1_536,
    exponent=0,
    reach=0,
    valid=True,
)
MARK, MARK_UP = 56_843_418 * 2**44, 56_843_419 * 2**44
"""A mark of 1,000 USD, less and more than a hundredth of a cent."""
ARRAYS = {
    CALL: FRESH,
    OTHER_CALL: replace(FRESH, lanes=(0,) * 18),
    PUT: replace(FRESH, delta=-(2**13), lanes=PUT_LANES),
    BTC_PUT: replace(FRESH, delta=-(2**13), lanes=PUT_LANES),
    SOONER_PUT: replace(FRESH, delta=-(2**13), lanes=PUT_LANES),
}
STATE = State(
    params=default_parameters({ETH: MAJORS, BTC: MAJORS}),
    prices={key: Price(usd(INDEX), usd(INDEX), usd(INDEX)) for key in (ETH, BTC)},
    markets={i: Market(i, open_interest=100 * WAD) for i in (*ARRAYS, PERP, BTC_PERP)},
    now=NOW,
    arrays=ARRAYS,
)


def leg(instrument, size=1.0, entry=0):
    """Hold a leg of whole quarters."""
    size = round(size * 4) * WAD // 4
    return Leg(instrument, size, size * entry)
