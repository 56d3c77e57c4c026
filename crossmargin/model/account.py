"""What margin is computed from: an account, and the state of the venue around it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from crossmargin.errors import UnknownKeyError
from crossmargin.model.arrays import RiskArray
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import UNIT_MULTIPLIERS, Multipliers, Price, Shock, effective_multiplier, shocked
from crossmargin.model.units import EPOCH, WAD, FeedId, InstrumentId, Seconds, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = ["Account", "Spot", "State"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A collateral balance: `amount` in token units of 10**-decimals, priced by its own `feed`."""

    amount: int
    decimals: int
    feed: FeedId
    underlying: FeedId

    def value(self, price: Wad) -> Wad:
        """Give the balance's value [wad USD], rounded down."""
        return Wad(floor_div(self.amount * 10 ** (18 - self.decimals) * price, WAD))


@dataclass(frozen=True, slots=True)
class Account:
    """What an account holds: signed cash [wad USD], collateral, legs."""

    cash: Wad
    spots: tuple[Spot, ...] = ()
    legs: tuple[Leg, ...] = ()

    @property
    def is_free(self) -> bool:
        """Tell whether there is neither a debt nor an open contract, so that nothing is required."""
        return self.cash >= 0 and all(leg.size == 0 and leg.debts == 0 for leg in self.legs)


@dataclass(frozen=True, slots=True)
class State:
    """The venue at one moment: parameters, prices, markets, volatility multipliers, time.

    `multipliers` is what the volatility source says; an underlying it leaves out has 1. `now` is in seconds since the
    epoch. `arrays` holds what the last refresh of each option series wrote.
    """

    params: RiskParams
    prices: Mapping[FeedId, Price]
    markets: Mapping[InstrumentId, Market] = field(default_factory=dict)
    multipliers: Mapping[FeedId, Multipliers] = field(default_factory=dict)
    now: Seconds = EPOCH
    arrays: Mapping[InstrumentId, RiskArray] = field(default_factory=dict)

    def price(self, feed: FeedId) -> Price:
        """Look a feed's price up."""
        if feed not in self.prices:
            raise UnknownKeyError("feed", feed)
        return self.prices[feed]

    def market(self, instrument: InstrumentId) -> Market:
        """Look an instrument's market up."""
        if instrument not in self.markets:
            raise UnknownKeyError("market", instrument)
        return self.markets[instrument]

    def array(self, instrument: InstrumentId) -> RiskArray:
        """Look an option series' risk array up."""
        if instrument not in self.arrays:
            raise UnknownKeyError("array", instrument)
        return self.arrays[instrument]

    def edge(self, feed: FeedId, which: RiskSet, *, owned: bool) -> Wad:
        """Give a feed's mid for maintenance; for initial the low edge of what is owned, the high of what is owed."""
        price = self.price(feed)
        if which is RiskSet.MAINTENANCE:
            return price.mid
        return price.low if owned else price.high

    def multiplier(self, underlying: FeedId, which: RiskSet) -> Wad:
        """Give what a set's shocks and impact of an underlying are multiplied by [wad]."""
        source = self.multipliers.get(underlying, UNIT_MULTIPLIERS)
        return effective_multiplier(source, self.price(underlying).status, self.params, which)

    def shocks(self, underlying: FeedId, which: RiskSet) -> tuple[Wad, Wad]:
        """Give collateral and derivative shock of an underlying after its multiplier [wad], rounded up."""
        multiplier = self.multiplier(underlying, which)
        values = self.params.underlying(underlying).of(which)
        xc, xd = wad_of_ppm(values.collateral_shock), wad_of_ppm(values.derivative_shock)
        return Wad(ceil_div(xc * multiplier, WAD)), Wad(ceil_div(xd * multiplier, WAD))

    def impact_coefficient(self, underlying: FeedId, which: RiskSet) -> Wad:
        """Give k of an underlying after its multiplier [wad per square root of USD], rounded up."""
        configured = self.params.underlying(underlying).impact_coefficient
        return Wad(ceil_div(configured * self.multiplier(underlying, which), WAD))

    def announced(self) -> "State":
        """Give the state when maintenance margin is told what initial margin is: the most of the next six hours."""
        return replace(self, multipliers={feed: each.announced for feed, each in self.multipliers.items()})

    def moved(self, shocks: Iterable[Shock], arrays: Mapping[InstrumentId, RiskArray] | None = None) -> "State":
        """Give the state after what-if price moves and, where given, with other risk arrays of some series."""
        return replace(self, prices=shocked(self.prices, shocks), arrays={**self.arrays, **(arrays or {})})
