"""Random option legs and their risk arrays, on top of a random book."""

from dataclasses import dataclass, replace

from crossmargin.model.arrays import RiskArray, rounded_ref
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import PPM, WAD, FeedId
from tests.offchain.model import black
from tests.offchain.model.books import HOURS, NOW, Book, Pick, lean, scale, size_for


@dataclass(frozen=True)
class Listed:
    """A series of a random book: its id, what it is, and the shifts its arrays are made for."""

    instrument: int
    series: black.Series
    shifts: black.Shifts


@dataclass(frozen=True)
class OptionBook(Book):
    """A random book with options."""

    listed: tuple[Listed, ...] = ()


def rounded_strike(value: int) -> int:
    """Give a strike near a value that a code holds: five digits, or down to the unit of strikes."""
    unit = max(10**8, 10 ** (len(str(value)) - 5))
    return max(unit, value // unit * unit)


def random_hours(pick: Pick) -> int:
    """Pick a time to expiry from an hour to a year, mostly below two months [hours]."""
    return lean(pick, 1, 24 * 60) if pick(0, 3) else lean(pick, 1, 8_759)


def random_series(pick: Pick, key: int, mid: int, shifts: black.Shifts, hours: int) -> Listed:
    """Pick a series from a tenth of the index to ten times, mostly near it."""
    strike = rounded_strike(mid * (pick(70, 140) if pick(0, 3) else pick(10, 1_000)) // 100)
    kind = (Kind.CALL, Kind.PUT)[pick(0, 1)]
    terms = Instrument(kind, FeedId(key), HOURS + hours, strike_code(strike))
    years = (terms.expiry - NOW) / black.YEAR
    series = black.Series(strike / mid, years, pick(5, 250) / 100, pick(-20, 30) / 100, kind is Kind.CALL)
    return Listed(encode(terms), series, shifts)


def consistent_array(listed: Listed, mid: int, ref: int, time: int, *, valid: bool = True) -> RiskArray:
    """Make a series' array at an index `ref` when the series is described at the index `mid`."""
    series = replace(listed.series, strike=listed.series.strike * mid / ref)
    return black.array(series, listed.shifts, ref, time, valid=valid)


def arbitrary_array(pick: Pick, mid: int, *, call: bool) -> RiskArray:
    """Pick any words at all, at an index of this magnitude, but for what edges and sets rely on.

    The delta has the sign of the option, and gap and bow of initial margin are at least those of maintenance.
    """
    words = RiskArray.unpack(pick(0, 2**256 - 1), pick(0, 2**256 - 1))
    ref = rounded_ref(mid * lean(pick, 50, 200) // 100 if pick(0, 3) else mid)
    bits = pick(0, 60)
    gap = max(words.gap_initial, words.gap_maintenance)
    bow = max(words.bow_initial, words.bow_maintenance)
    delta = min(2**15 - 1, abs(words.delta))
    words = replace(words, delta=delta if call else -delta)
    return replace(words, time=NOW - pick(0, 5_000), ref=ref, mark_exponent=bits, gap_initial=gap, bow_initial=bow)


def random_array(pick: Pick, listed: Listed, mid: int) -> RiskArray:
    """Pick an array that fits its series, fresh or left behind by time and index."""
    ref = mid if pick(0, 1) else mid * pick(9_800, 10_200) // 10_000
    time = NOW if pick(0, 1) else NOW - pick(0, 2_000)
    return consistent_array(listed, mid, max(1, ref), time, valid=pick(0, 9) > 0)


def option_market(pick: Pick, instrument: int, price: Price) -> Market:
    """Pick a series' market; few are settled."""
    return Market(
        instrument,
        open_interest=scale(pick, 14, 24),
        utilisation=pick(0, 200),
        final_price=price.mid * pick(0, 50) // 100 if pick(0, 19) == 0 else None,
    )


def with_options(pick: Pick, book: Book, *, arbitrary: bool = False, fresh: bool = False, most: int = 3) -> OptionBook:
    """Add up to `most` option legs an underlying, each with an array: of any words, or one that fits its series."""
    state, account = book.state, book.account
    markets, arrays, legs, listed = dict(state.markets), {}, list(account.legs), []
    reference = scale(pick, 18, 27)
    vol, hours = lean(pick, 0, 100), random_hours(pick)
    for key, params in state.params.underlyings.items():
        price = state.prices[key]
        shifts = black.shifts_of(params, vol / 100, (vol + pick(0, 50)) / 100)
        for _ in range(pick(0, most)):
            # some settle together, and protect each other
            series = random_series(pick, key, price.mid, shifts, hours if pick(0, 1) else random_hours(pick))
            if series.instrument in markets:
                continue
            markets[series.instrument] = option_market(pick, series.instrument, price)
            if arbitrary:
                arrays[series.instrument] = arbitrary_array(pick, price.mid, call=series.series.call)
            elif fresh:
                arrays[series.instrument] = consistent_array(series, price.mid, price.mid, NOW)
            else:
                arrays[series.instrument] = random_array(pick, series, price.mid)
            legs.append(option_leg(pick, series.instrument, price, arrays[series.instrument], reference))
            listed.append(series)
    options = replace(
        state,
        markets=markets,
        arrays=arrays,
        params=replace(
            state.params,
            short_floor=lean(pick, 0, PPM),
            min_delta=lean(pick, 0, PPM),
            age_charge=lean(pick, 0, PPM),
        ),
    )
    return OptionBook(replace(account, legs=tuple(legs)), options, tuple(listed))


def option_leg(pick: Pick, instrument: int, price: Price, array: RiskArray, reference: int) -> Leg:
    """Pick a leg with a basis near its premium."""
    size = size_for(pick, price, reference) * (1 if pick(0, 1) else -1)
    return Leg(instrument, size, size * array.mark_floor // WAD * pick(50, 150) // 100)
