"""What a venue shows of options: volatility, marks, risk arrays and the scenarios behind a margin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Self

from crossmargin.chain.decimals import ppm
from crossmargin.model.instruments import Instrument, Kind, strike_of
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import EPOCH, FeedId, InstrumentId, Ppm, Seconds, Wad

__all__ = ["SCENARIOS", "OptionView", "RiskArrayView", "ScenarioView", "Slice"]

SCENARIOS: Final = (
    "0, vol up",
    "0, vol down",
    "+x_M, vol up",
    "+x_M, vol down",
    "+x_M",
    "-x_M, vol up",
    "-x_M, vol down",
    "-x_M",
    "0, vol up (initial)",
    "0, vol down (initial)",
    "+x_I, vol up",
    "+x_I, vol down",
    "+x_I",
    "-x_I, vol up",
    "-x_I, vol down",
    "-x_I",
    "+tail",
    "-tail",
    "now",
    "0, vol apart",
    "+x_M, vol apart",
    "-x_M, vol apart",
    "0, vol apart (initial)",
    "+x_I, vol apart",
    "-x_I, vol apart",
)
"""Names of the scenarios, in order: a move of the price and one of the volatility.

From `now` on they are no lanes of an array. `vol apart` moves the volatility of one expiry alone; in initial margin
that of any two against each other, by the shocks of maintenance."""
_LANES: Final = 18
_MICRO: Final = Decimal("0.000001")
_LEVEL_UNIT: Final = 10**8
_INITIAL_ONLY: Final = frozenset((*range(8, 16), *range(22, 25)))


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a volatility surface [1e-6]; `Slice.of` makes it from decimals."""

    a: Ppm
    b: Ppm
    rho: Ppm
    m: Ppm
    sigma: Ppm
    carry: Ppm

    @classmethod
    def of(cls, *, a: str, b: str, rho: str, m: str, sigma: str, carry: str = "0") -> Self:
        """Read decimals of at most six places: annual variance `a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))`."""
        return cls(*(ppm(each) for each in (a, b, rho, m, sigma, carry)))

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        return cls(*(Ppm(each) for each in raw))

    def encode(self) -> tuple[Ppm, Ppm, Ppm, Ppm, Ppm, Ppm]:
        """Return the contract's `Slice` struct."""
        return (self.a, self.b, self.rho, self.m, self.sigma, self.carry)

    @property
    def variance(self) -> Decimal:
        """At the money, a year."""
        a, b, rho, m, sigma = (each * _MICRO for each in (self.a, self.b, self.rho, self.m, self.sigma))
        return a + b * ((m**2 + sigma**2).sqrt() - rho * m)

    @property
    def level(self) -> int:
        """Volatility at the money [10^-8 a year]."""
        return round(self.variance.sqrt() * _LEVEL_UNIT)


@dataclass(frozen=True, slots=True)
class RiskArrayView:
    """A risk array: profits of a long contract by scenario, and what they were computed from [wad USD; delta wad]."""

    time: Seconds
    """Of the refresh; 0: never [s]."""
    ref: Wad
    mark: Wad
    delta: Wad
    lanes: Mapping[str, Wad]
    gap_maintenance: Wad
    gap_initial: Wad
    bow_maintenance: Wad
    bow_initial: Wad
    drift: Wad
    """[wad]."""
    reach: Wad
    """[wad]."""
    valid: bool

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        time, ref, mark, delta, lanes, *charges, drift, reach, valid = raw
        gap_maintenance, gap_initial, bow_maintenance, bow_initial = (Wad(charge) for charge in charges)
        return cls(
            time=Seconds(time),
            ref=Wad(ref),
            mark=Wad(mark),
            delta=Wad(delta),
            lanes={name: Wad(lane) for name, lane in zip(SCENARIOS[:_LANES], lanes, strict=True)},
            gap_maintenance=gap_maintenance,
            gap_initial=gap_initial,
            bow_maintenance=bow_maintenance,
            bow_initial=bow_initial,
            drift=Wad(drift),
            reach=Wad(reach),
            valid=valid,
        )


@dataclass(frozen=True, slots=True)
class OptionView:
    """A series now. Prices wad USD, volatility wad a year."""

    instrument: InstrumentId
    kind: Kind
    underlying: FeedId
    expiry: Seconds
    strike: Wad
    mark: Wad
    status: PriceStatus
    """Of the mark: the worse of index and slice."""
    index: Wad
    volatility: Wad
    forward: Wad
    slice_status: PriceStatus
    array: RiskArrayView

    @classmethod
    def decode(
        cls,
        packed: InstrumentId,
        series: Instrument,
        mark: Sequence[Any],
        volatility: Sequence[Any],
        array: Sequence[Any],
    ) -> Self:
        """Read the answers of the option oracle's views `mark`, `volatilityOf` and `arrayOf`."""
        price, status, index = mark
        level, forward, slice_status = volatility
        return cls(
            instrument=packed,
            kind=series.kind,
            underlying=series.underlying,
            expiry=series.expiry or EPOCH,
            strike=strike_of(series.strike),
            mark=Wad(price),
            status=PriceStatus(status),
            index=Wad(index),
            volatility=Wad(level),
            forward=Wad(forward),
            slice_status=PriceStatus(slice_status),
            array=RiskArrayView.decode(array),
        )


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """Where the scenario requirement of one underlying comes from [wad USD]."""

    underlying: FeedId
    profits: Mapping[str, Wad]
    """Of spot, linear legs and options by scenario, as far as the set reads it."""
    binding: str | None
    """The scenario that decides; None where a least charge or the most that can be lost does, or nothing is lost."""
    floor: Wad
    """Least charge on options sold beyond those bought, or on deltas."""
    requirement: Wad
    """For scenarios, before offsets."""
    offset: Wad
    """What other underlyings of the group may be set against; positive where it wins when the price rises."""
    add_ons: Wad
    """Unhedged spot, basis, impact of deltas and of options, crowding."""

    @classmethod
    def decode(cls, raw: Sequence[Any], *, initial: bool) -> Self:
        """Read the contract's struct, as of the initial or the maintenance set."""
        underlying, profits, binding, floor, requirement, offset, add_ons = raw
        shown = {
            name: Wad(profit)
            for lane, (name, profit) in enumerate(zip(SCENARIOS, profits, strict=True))
            if initial or lane not in _INITIAL_ONLY
        }
        bound = SCENARIOS[binding] if binding < len(SCENARIOS) else None
        return cls(FeedId(underlying), shown, bound, Wad(floor), Wad(requirement), Wad(offset), Wad(add_ons))
