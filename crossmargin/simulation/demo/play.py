"""Play prices block by block while the keepers act, and record the venue after every block."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

from crossmargin.model.units import AccountId
from crossmargin.simulation.demo.outcome import BlockSample, OptionSample
from crossmargin.simulation.stage.prices import PRICE_DECIMALS, PriceSeries
from crossmargin.simulation.stage.scenario import ClockSettings
from crossmargin.simulation.stage.surface import slice_key, toward
from crossmargin.simulation.stage.venue import MARGIN_EQUITY, MARGIN_REQUIREMENT, Venue

__all__ = ["Player"]

_INFINITE: Final = 2**256 - 1
_PRICE_SCALE: Final = 10 ** (18 - PRICE_DECIMALS)
_EAGER: Final = 30
_MINUTE: Final = 60
_AUCTION_ID: Final = 4  # place of `id` in the struct Auction
_RENEWAL: Final = 300
"""Volatility that stands still is posted again so often [s], long before it is stale."""

Progress = Callable[[BlockSample, Sequence[str]], None]
"""Called after every block with its sample and the accounts in auction or unhealthy."""


class Audience(Protocol):
    """Who acts between blocks."""

    def wait(self, block: int) -> None:
        """Return when everyone has acted on a block."""


class Crowd(Protocol):
    """Who does something of its own before a block."""

    def act(self, moment: int) -> None:
        """Do what is to be done before the block at a moment; blocks may be mined for it, earlier than that."""


class Nobody:
    """Does nothing."""

    def act(self, moment: int) -> None:
        """Do nothing."""


@dataclass
class Player:
    """Moves the chain."""

    venue: Venue
    audience: Audience
    names: Mapping[AccountId, str]
    """Every account that is watched."""
    progress: Progress
    option_accounts: Sequence[AccountId] = ()
    """Those whose scenarios are recorded."""
    crowd: Crowd = field(default_factory=Nobody)
    observes: bool = False
    """Whether forecaster and steward are told every new price."""
    samples: list[BlockSample] = field(default_factory=list)
    troubled: list[str] = field(default_factory=list)
    """Accounts that are unhealthy or in auction after the last block."""
    _posted: dict[str, int] = field(default_factory=dict)
    _wanted: dict[str, int] = field(default_factory=dict)
    """Volatility where the scenario has it now."""
    _volatility: dict[str, int] = field(default_factory=dict)
    """Volatility as last posted."""
    _volatility_time: int = 0

    def play(self, series: PriceSeries, clock: ClockSettings) -> None:
        """Play every price; blocks come more often while an account is in trouble or the venue doubts a price."""
        self.venue.chain.automine(enabled=False)
        last: Mapping[str, int] = {}
        for index, moment in enumerate(series.times):
            prices = series.at(index)
            changed = {name: price for name, price in prices.items() if last.get(name) != price}
            self.block(moment, changed, series.volatility_at(index))
            last = prices
            following = series.times[index + 1] if index + 1 < len(series) else None
            self._attend(moment, following or moment + clock.settle_minutes * _MINUTE, clock.auction_step)

    def _attend(self, moment: int, until: int, step: int) -> None:
        """Mine blocks without new prices while something goes on; if it lasts, in longer steps."""
        count = 0
        while (self.troubled or self._doubted()) and moment + step < until:
            moment += step
            self.block(moment, {})
            count += 1
            if count % _EAGER == 0:
                step *= 2

    def block(self, moment: int, prices: Mapping[str, int], volatility: Mapping[str, int] | None = None) -> None:
        """Mine one block that begins with these prices and volatilities, and let everyone act on it."""
        venue = self.venue
        self._posted.update(prices)
        self._wanted.update(volatility or {})
        self.crowd.act(moment)
        transactions = venue.post(prices, self._next_volatility(moment))
        if self.observes and prices:
            venue.observe()  # what stands still, or is stale, may be refused: nothing depends on it
        number = venue.chain.mine(moment)
        venue.require(transactions)
        # Nothing changes before the next block, so that the venue can be read while the others act.
        with ThreadPoolExecutor(max_workers=1) as others:
            acting = others.submit(self.audience.wait, number)
            self._sample(number, moment, moved=bool(prices))
            acting.result()

    def _next_volatility(self, moment: int) -> dict[str, int]:
        """Say what to post: what moves as soon and as far as the venue accepts it, and everything now and then."""
        limits = self.venue.config.options
        following = {
            name: toward(self._volatility.get(name, level), level, limits[slice_key(name)[0]])
            for name, level in self._wanted.items()
        }
        age = moment - self._volatility_time
        soonest = max((limits[slice_key(name)[0]].min_interval for name in following), default=0)
        if age < (_RENEWAL if following == self._volatility else soonest):
            return {}
        self._volatility, self._volatility_time = following, moment
        return following

    def _doubted(self) -> bool:
        """Say whether the venue has not yet taken over a price that was posted: a jump halts its feed for a while."""
        taken = self.samples[-1].prices
        return any(taken[name] != price for name, price in self._posted.items())

    def _sample(self, number: int, moment: int, *, moved: bool) -> None:
        venue, accounts = self.venue, list(self.names)
        ok, health, _, _ = venue.read("MarginLens", "screen", accounts)
        live = venue.read("MarginLens", "auctions", accounts)[0]
        _, _, _, deficit, *_ = venue.read("MarginVault", "cashTotals")
        factors: dict[str, int | None] = {}
        before, self.troubled = self.troubled, []
        for account, evaluated, factor, auction in zip(accounts, ok, health, live, strict=True):
            name = self.names[account]
            factors[name] = None if factor == _INFINITE else factor
            if not evaluated or factor < 10**18 or auction[_AUCTION_ID]:
                self.troubled.append(name)
        sample = BlockSample(
            number=number,
            time=moment,
            prices={name: price // _PRICE_SCALE for name, price in venue.mids().items()},
            health=factors,
            fund=venue.read("InsuranceFund", "available"),
            deficit=deficit,
            volatility=dict(self._volatility),
            marks=venue.marks(),
            options=self._options({*before, *self.troubled}, moved=moved),
            multipliers=venue.multipliers() if self.observes else {},
        )
        self.samples.append(sample)
        self.progress(sample, self.troubled)

    def _options(self, troubled: Collection[str], *, moved: bool) -> dict[str, OptionSample]:
        """Ask what accounts with options need; again only where prices have moved or somebody may have bid."""
        last = self.samples[-1].options if self.samples else {}
        found = {}
        for account in self.option_accounts:
            name = self.names[account]
            if moved or name in troubled or name not in last:
                _, maintenance = self.venue.read("RiskEngine", "margin", account)
                required, equity = maintenance[MARGIN_REQUIREMENT], maintenance[MARGIN_EQUITY]
                found[name] = OptionSample(required, equity, self.venue.binding(account) if required else None)
            else:
                found[name] = last[name]
        return found
