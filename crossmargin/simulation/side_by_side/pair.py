"""Two runs of one scenario, and what they come to side by side. Money is wad USD, multipliers are wad."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crossmargin.simulation.demo.outcome import WAD, DemoRun

__all__ = ["FIRST", "Pair", "Sale", "Side", "sale_of"]

FIRST: Final = "ETH"
"""Underlying whose multiplier is told and drawn."""
_HOUR: Final = 3600


@dataclass(frozen=True)
class Sale:
    """What became of an account."""

    after: float | None
    """From the first price of the crash to its first auction [h]; None where it was never sold."""
    part: int
    """Of it that bidders took, over all auctions [wad]."""
    opened: int
    had: int
    """When it was opened, and what was added since."""
    kept: int
    unpaid: int
    """What others bore of its losses."""


def sale_of(run: DemoRun, account: str, start: int) -> Sale:
    """Say what became of an account; `start` is the first time of the crash [s]."""
    own = next(each for each in run.accounts if each.name == account)
    begun = [auction.started for auction in run.auctions if auction.account == account]
    return Sale(
        after=(min(begun) - start) / _HOUR if begun else None,
        part=run.liquidated(account) if begun else 0,
        opened=own.opened,
        had=own.equity_before,
        kept=own.equity_after,
        unpaid=run.bad_debt(account),
    )


@dataclass(frozen=True)
class Side:
    """One of the two."""

    name: str
    run: DemoRun


@dataclass(frozen=True)
class Pair:
    """Both, and when the crash begins [s since 1970]."""

    ahead: Side
    still: Side
    start: int

    @property
    def sides(self) -> tuple[Side, Side]:
        """Give both, the one without first."""
        return self.still, self.ahead

    @property
    def accounts(self) -> list[str]:
        """Name the accounts that both have."""
        return [each.name for each in self.still.run.accounts]

    @property
    def passed(self) -> bool:
        """Whether every check of both held."""
        return all(side.run.passed for side in self.sides)

    def rows(self) -> Iterator[tuple[str, Sale, Sale]]:
        """Give each account without and with margins that move ahead."""
        for name in self.accounts:
            yield name, sale_of(self.still.run, name, self.start), sale_of(self.ahead.run, name, self.start)

    def hours(self, time: int) -> float:
        """Give a time from the beginning of the crash [h]."""
        return (time - self.start) / _HOUR

    def risen(self, *, initial: bool) -> tuple[float, float] | None:
        """Say when a multiplier first rose above 1 before the crash, and how high it was as that began [h, of 1]."""
        place = 0 if initial else 1
        before = [(block.time, block.multipliers[FIRST][place]) for block in self.ahead.run.blocks
                  if block.time <= self.start and FIRST in block.multipliers]  # fmt: skip
        rose = next((time for time, value in before if value > WAD), None)
        return None if rose is None else (self.hours(rose), before[-1][1] / WAD)
