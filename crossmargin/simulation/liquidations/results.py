"""What all replays come to: cells of the table, and the goals they are held against."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Final

from crossmargin.model.auction import AuctionTerms
from crossmargin.model.units import WAD, Seconds, Wad
from crossmargin.simulation.liquidations.peers import FixedBonus, FixedPenalty, MarketThenBackstop
from crossmargin.simulation.liquidations.population import HEDGED, OPTIONS, PERPETUAL
from crossmargin.simulation.liquidations.replay import Outcome
from crossmargin.simulation.liquidations.rules import (
    AtCost,
    Discount,
    GrossAuction,
    Ramp,
    Rule,
    VenueAuction,
    VolatilityAuction,
)
from crossmargin.simulation.liquidations.sight import Keeper

__all__ = ["FORMER", "VENUE", "Cell", "Choice", "Goal", "Results", "columns", "goals", "rules", "tried"]

VENUE: Final = "venue"
FORMER: Final = "discount on equity"
WAITING: Final = "waits"
_TARGETS: Final = {
    "1 / 0": (0.0, 0.0, 2.9),
    "12 / 0": (0.0, 0.0, 3.1),
    "12 / 0.5": (2.5, 21.0, 4.4),
    "60 / 0.5": (12.4, 66.0, 9.9),
    WAITING: (None, None, 16.0),
}
"""Most per cent of accounts insolvent, bad debt [bp of notional], cost [% of equity] of perpetuals, by column."""
_DIGITS: Final = (1, 0, 1)
_INSOLVENT_GOAL: Final = 1.0

Choice = Callable[[Outcome], bool]


@dataclass(frozen=True)
class Cell:
    """What came of the accounts that were liquidated: how many, insolvent [%], unpaid [bp of notional], cost [%].

    `insolvent` counts who was worth nothing at some look, `lost` those for whom others paid [%]. `cost` is the mean of
    what each paid of the equity it had when it fell below maintenance; `waited` the median time from there to the first
    bid [s].
    """

    count: int
    insolvent: float
    lost: float
    unpaid: float
    cost: float
    waited: float

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Cell | None":
        """Sum outcomes up; None where nobody was liquidated."""
        ended = [each for each in outcomes if each.liquidated]
        if not ended:
            return None
        notional = sum(each.subject.notional for each in ended)
        waits = [each.waited for each in ended if each.waited is not None]
        return cls(
            count=len(ended),
            insolvent=100 * fmean(each.insolvent for each in ended),
            lost=100 * fmean(each.unpaid > 0 for each in ended),
            unpaid=1e4 * sum(each.unpaid for each in ended) / notional,
            cost=100 * fmean(each.paid / each.subject.equity for each in ended),
            waited=median(waits) if waits else float("nan"),
        )


@dataclass(frozen=True)
class Results:
    """Outcomes by rule and column."""

    outcomes: Mapping[tuple[str, str], list[Outcome]]

    def cell(self, rule: str, column: str, chosen: Choice = lambda _: True) -> Cell | None:
        """Sum up the chosen outcomes."""
        return Cell.of(each for each in self.outcomes[rule, column] if chosen(each))

    @property
    def rules(self) -> list[str]:
        """Name the rules."""
        return list(dict.fromkeys(rule for rule, _ in self.outcomes))

    def subjects(self, by: Callable[[Outcome], str]) -> list[str]:
        """List what the outcomes are of, in order of appearance."""
        return list(dict.fromkeys(by(each) for each in next(iter(self.outcomes.values()))))


@dataclass(frozen=True)
class Goal:
    """A goal: what is asked, what was found, whether that meets it; None where there was nothing to hold it against."""

    name: str
    asked: str
    found: str
    met: bool | None


def rules(terms: AuctionTerms) -> tuple[Rule, ...]:
    """Give the rules that are compared; those that are auctions like the venue's have its terms."""
    return (
        VenueAuction(VENUE, terms),
        Discount(FORMER),
        Ramp("one ramp", terms),
        VolatilityAuction("with volatility", terms),
        AtCost("at cost", terms),
        FixedBonus("bonus, as Aave"),
        FixedPenalty("penalty, as dYdX"),
        MarketThenBackstop("market, as Hyperliquid"),
    )


def tried(terms: AuctionTerms) -> tuple[Rule, ...]:
    """Give the venue's auction with other terms, beside the rules that goals and pictures need."""
    early = replace(terms, start_reward=_percent(2))
    others = {
        "start 3 %": replace(terms, start_reward=_percent(3)),
        "start 2 %": early,
        "start 1 %": replace(terms, start_reward=_percent(1)),
        "start 2 %, knee after 60 s": replace(early, fast=Seconds(60)),
        "start 2 %, knee 40 %": replace(early, knee_reward=_percent(40)),
        "target 25 %": replace(terms, target_buffer=_percent(25)),
        "target 100 %": replace(terms, target_buffer=_percent(100)),
    }
    kept = {VENUE, FORMER, "with volatility", "at cost"}
    return (
        *(rule for rule in rules(terms) if rule.name in kept),
        *(VenueAuction(name, each) for name, each in others.items()),
        GrossAuction("with gross", terms),
    )


def _percent(part: int) -> Wad:
    return Wad(part * WAD // 100)


def columns(patience: float) -> dict[str, Keeper]:
    """Give the kinds of keepers: seconds between looks and price of risk, and one that waits without a rival."""
    return {
        "1 / 0": Keeper(1),
        "12 / 0": Keeper(12),
        "12 / 0.5": Keeper(12, 0.5),
        "60 / 0.5": Keeper(60, 0.5),
        WAITING: Keeper(12, patience=patience),
    }


def goals(results: Results) -> Iterator[Goal]:
    """Hold the venue's rule against what it is meant to reach."""
    for column, target in _TARGETS.items():
        yield _row_goal(results, column, target)
    for name, kinds in (("hedged books", HEDGED), ("option books", OPTIONS)):
        cell = results.cell(VENUE, "12 / 0", lambda each, kinds=kinds: each.subject.kind in kinds)  # type: ignore[misc]
        found = "nobody was liquidated" if cell is None else f"{cell.insolvent:.1f} % of {cell.count}"
        met = None if cell is None else cell.insolvent <= _INSOLVENT_GOAL
        yield Goal(f"{name} at 12 / 0", f"<= {_INSOLVENT_GOAL:g} % insolvent", found, met)
    for column in _TARGETS:
        if column != WAITING:
            yield _wick_goal(results, column)


def _row_goal(results: Results, column: str, target: tuple[float | None, ...]) -> Goal:
    cell = results.cell(VENUE, column, lambda each: each.subject.kind == PERPETUAL)
    asked = " / ".join("-" if each is None else f"{each:g}" for each in target)
    if cell is None:
        return Goal(f"perpetuals at {column}", asked, "nobody was liquidated", None)
    found = (cell.insolvent, cell.unpaid, cell.cost)
    pairs = zip(found, target, _DIGITS, strict=True)
    met = all(most is None or round(value, digits) <= most for value, most, digits in pairs)
    return Goal(f"perpetuals at {column}", asked, f"{found[0]:.1f} / {found[1]:.0f} / {found[2]:.1f}", met)


def _wick_goal(results: Results, column: str) -> Goal:
    """Compare what a wick takes from accounts: rewards, and what is unpaid."""
    name = f"a wick at {column}"
    lost = {rule: _lost(results.outcomes[rule, column]) for rule in (VENUE, FORMER)}
    if None in lost.values():
        return Goal(name, "no more than the discount", "nobody was liquidated", None)
    venue, former = (float(each or 0) for each in lost.values())
    return Goal(name, f"<= {former:.1f} % of equity", f"{venue:.1f} %", round(venue, 1) <= round(former, 1))


def _lost(outcomes: Iterable[Outcome]) -> float | None:
    """Give what rewards and unpaid losses on wicks take of the equity of all that fell below maintenance [%]."""
    wicked = [each for each in outcomes if each.subject.wick and each.subject.kind == PERPETUAL]
    if not wicked:
        return None
    return 100 * sum(each.paid + each.unpaid for each in wicked) / sum(each.subject.equity for each in wicked)
