"""Option series and surfaces: ids, the contracts' tuples, random ones, and what the model makes of them."""

from dataclasses import astuple, dataclass
from typing import Any

from hypothesis import strategies as st

from crossmargin.errors import SurfaceError
from crossmargin.model.arrays import RiskArray
from crossmargin.model.black76 import MAX_PRICE
from crossmargin.model.prices import PriceStatus
from crossmargin.model.refresh import Series, View, mark_of, refreshed
from crossmargin.model.surface import OptionParams, PostedSlice, Slice, check_post
from crossmargin.model.units import Ppm, Seconds, Wad

HOUR, DAY, YEAR = 3_600, 86_400, 365 * 86_400
MAX_TENOR = 2 * YEAR
PARAMS = OptionParams(250_000, 400_000, 800_000, HOUR, 6 * HOUR, 60, 200_000, 300_000)
"""Parameters as a venue would have them."""
SMILE = Slice(a=50_000, b=100_000, rho=-300_000, m=0, sigma=200_000, carry=50_000)
"""A slice of about 26 % volatility that is free of arbitrage up to two years."""


def series_id(series: Series, underlying: int) -> int:
    """Pack a series' id; the strike must be one that a code holds."""
    mantissa, exponent = series.strike // 10**8, 0
    while exponent < 15 and mantissa % 10 == 0:
        mantissa, exponent = mantissa // 10, exponent + 1
    assert mantissa < 2**20
    code = exponent << 20 | mantissa
    return (4 if series.is_put else 3) << 60 | underlying << 48 | series.expiry // HOUR << 24 | code


def codable(strike: int) -> Wad:
    """Round a strike down to one that a code holds."""
    unit = 10**8
    while strike // unit >= 2**20:
        unit *= 10
    return Wad(max(strike // unit, 1) * unit)


@dataclass(frozen=True)
class Market:
    """An underlying under test: index [wad USD], shocks [ppm], slices by hours to expiry, series by the same."""

    id: int
    index: Wad
    status: PriceStatus
    shocks: tuple[Ppm, Ppm]
    params: OptionParams
    slices: tuple[tuple[int, Slice], ...]
    options: tuple[tuple[bool, Wad, int], ...]
    distrust: int = 0
    """How long the guardian keeps the surface Uncertain, from when it is posted [s]."""

    def expiry(self, hours: int, start: Seconds) -> Seconds:
        """Give the expiry that is this many hours after the next whole one [s]."""
        return Seconds((start // HOUR + 1 + hours) * HOUR)

    def words(self, start: Seconds) -> tuple[Any, ...]:
        """Order the market as the probe's struct."""
        postings = [(self.expiry(hours, start), astuple(each)) for hours, each in self.slices]
        return (
            self.id,
            self.index,
            int(self.status),
            *self.shocks,
            MAX_TENOR,
            astuple(self.params),
            self.distrust,
            postings,
        )

    def surface(self, start: Seconds) -> dict[Seconds, PostedSlice]:
        """List the slices that a post at `start` accepts."""
        kept: dict[Seconds, PostedSlice] = {}
        for hours, each in self.slices:
            new = PostedSlice(each, self.expiry(hours, start), start)
            try:
                check_post(new, tuple(kept.values()), self.params, Seconds(MAX_TENOR), self.shocks[0])
            except SurfaceError:
                continue
            kept[new.expiry] = new
        return kept

    def series(self, start: Seconds) -> list[Series]:
        """List the series under test."""
        return [Series(is_put, strike, self.expiry(hours, start)) for is_put, strike, hours in self.options]

    def view(self, series: Series, start: Seconds, now: Seconds, index: Wad | None = None) -> View:
        """Give what a series is priced with, `index` in place of the market's where given."""
        return View(
            self.index if index is None else index,
            self.status,
            self.surface(start).get(series.expiry),
            self.params,
            *self.shocks,
            now,
            Seconds(start + self.distrust),
        )

    def arrays(self, start: Seconds, now: Seconds) -> list[RiskArray]:
        """Compute the array of each series."""
        return [refreshed(each, self.view(each, start, now)) for each in self.series(start)]

    def marks(self, start: Seconds, now: Seconds) -> list[tuple[Wad, PriceStatus]]:
        """Compute mark and status of each series."""
        found = []
        for each in self.series(start):
            view = self.view(each, start, now)
            found.append((mark_of(each, view), max(view.status, view.slice_status(each.expiry))))
        return found


def slices(*, wild: bool = False) -> st.SearchStrategy[Slice]:
    """Draw slices: tame ones are mostly accepted, wild ones are any that fit their fields."""
    if wild:
        return st.builds(
            Slice,
            a=st.integers(-(2**31), 2**31 - 1),
            b=st.integers(0, 2**32 - 1),
            rho=st.integers(-(2**23), 2**23 - 1),
            m=st.integers(-(2**31), 2**31 - 1),
            sigma=st.integers(0, 2**32 - 1),
            carry=st.integers(-(2**23), 2**23 - 1),
        )
    return st.builds(
        Slice,
        a=st.one_of(st.integers(100, 300_000), st.integers(-20_000, 20_000_000)),
        b=st.one_of(st.integers(0, 300_000), st.integers(0, 3_000_000)),
        rho=st.integers(-999_999, 999_999),
        m=st.integers(-500_000, 500_000),
        sigma=st.one_of(st.integers(1, 10**6), st.integers(1, 10**9)),
        carry=st.one_of(st.just(0), st.integers(-50_000, 50_000), st.integers(-1_000_000, 1_000_000)),
    )


def params() -> st.SearchStrategy[OptionParams]:
    """Draw parameters that governance may set."""

    def build(shocks: tuple[int, int], ages: tuple[int, int, int], **rest: int) -> OptionParams:
        (low, high), (interval, age, expiry) = sorted(shocks), sorted(ages)
        return OptionParams(
            vol_shock_maintenance=low,
            vol_shock_initial=high,
            max_age=age,
            expiry_age=expiry,
            min_interval=interval,
            **rest,
        )

    ages = st.integers(1, DAY)
    return st.builds(
        build,
        st.tuples(st.integers(0, 2_000_000), st.integers(0, 2_000_000)),
        st.tuples(ages, ages, ages),
        default_volatility=st.integers(10_000, 10_000_000),
        max_step=st.integers(0, 1_000_000),
        max_carry=st.integers(0, 1_000_000),
    )


@st.composite
def markets(draw, id_: int, *, wild: bool = False) -> Market:
    """Draw an underlying with its surface and series at, near and far from the money, some without a slice."""
    index = draw(st.one_of(st.integers(10**15, 10**23), st.integers(1, MAX_PRICE)))
    hours = st.one_of(st.integers(0, 48), st.integers(0, MAX_TENOR // HOUR - 1))
    expiries = draw(st.lists(hours, min_size=1, max_size=4))
    strikes = st.one_of(
        st.integers(index * 9 // 10, index * 11 // 10),
        st.integers(index // 10, index * 10),
        st.integers(1, 2**96 - 1),
    ).map(lambda strike: codable(min(strike, MAX_PRICE)))
    shocks = sorted((draw(st.integers(0, 400_000)), draw(st.integers(0, 2**24 - 1 if wild else 600_000))))
    return Market(
        id_,
        Wad(index),
        draw(
            st.sampled_from(
                (PriceStatus.VALID, PriceStatus.VALID, PriceStatus.STALE, PriceStatus.UNCERTAIN, PriceStatus.HALTED)
            )
        ),
        (shocks[0], shocks[1]),
        draw(params()),
        tuple((each, draw(slices(wild=wild))) for each in expiries),
        tuple(
            draw(st.lists(st.tuples(st.booleans(), strikes, st.sampled_from([*expiries, 100])), min_size=1, max_size=5))
        ),
        draw(st.one_of(st.just(0), st.just(0), st.integers(1, 7 * DAY))),
    )
