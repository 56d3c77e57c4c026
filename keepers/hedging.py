"""Telling a process of the operator's what to hedge elsewhere, until it says that it has.

A line says where a hedge should be in all, not by how much to change it: told twice, or after a restart, it is the
same. What was acknowledged counts against the bidder's exposure, never beyond the position itself.

To it: `{"id", "account", "block", "instrument", "name", "side", "size", "price", "limit_price"}`, one line an
instrument: hold `size` of it on `side`; size 0 when nothing is to be hedged any more. From it:
`{"id", "hedged": "12.5"}`, how much of that it holds now.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Any, Final

import structlog

from crossmargin.model.units import PPM, WAD, ZERO, AccountId, InstrumentId, Ppm, Wad, ceil_div
from keepers.line_process import LineProcess
from keepers.names import name_of, usd_text
from keepers.outside import HedgerSettings
from keepers.units import BlockNumber, ClockSeconds

__all__ = ["Hedger", "Target"]

log = structlog.get_logger(__name__)
_EXACT: Final = Context(prec=120)
_PATIENCE: Final = ClockSeconds(0.2)  # to write some lines


@dataclass(frozen=True, slots=True)
class Target:
    """A position of the bidder's to be hedged [wad base, signed], and its price [wad USD]."""

    instrument: InstrumentId
    size: Wad
    price: Wad


@dataclass(slots=True)
class _Told:
    """What was told last of an instrument, by which number, since when and when last, and what it said."""

    size: Wad
    number: int
    since: float
    last: float
    answered: bool
    hedged: Wad


class Hedger:
    """Speaks to the process; remembers what it has acknowledged, in its life."""

    def __init__(self, settings: HedgerSettings, slippage: Ppm, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start nothing yet; the clock must be monotonic."""
        self._settings = settings
        self._slippage = slippage
        self._clock = clock
        self._process = LineProcess("hedger", settings.command, clock=clock)
        self._told: dict[InstrumentId, _Told] = {}
        self._numbers = 0

    @property
    def named(self) -> bool:
        """Whether there is a process."""
        return bool(self._settings.command)

    @property
    def watching(self) -> bool:
        """Whether it holds something, or has not been told yet that there is nothing to hold."""
        return bool(self._told)

    @property
    def lacking(self) -> str | None:
        """Say what it has not acknowledged for long."""
        late = self._clock() - 2 * self._settings.repeat_seconds
        waiting = [name_of(one) for one, told in self._told.items() if not told.answered and told.since < late]
        return f"the hedger has not acknowledged {', '.join(waiting)}" if waiting else None

    @property
    def hedged(self) -> Mapping[InstrumentId, Wad]:
        """What it holds against the bidder's positions [wad base, the position's sign]."""
        return {one: told.hedged for one, told in self._told.items() if told.hedged}

    async def look(self, account: AccountId, targets: list[Target], block: BlockNumber) -> None:
        """Hear what it says, and tell it what has changed or was not acknowledged; all of it where it has ended."""
        self._hear()
        now, running = self._clock(), self._process.running
        wanted = {one.instrument: one for one in targets}
        gone = [Target(one, ZERO, ZERO) for one, told in self._told.items() if one not in wanted]
        lines = []
        for target in [*targets, *gone]:
            told = self._told.get(target.instrument)
            same = told is not None and told.size == target.size
            if told is not None and same and told.answered and target.size == 0:
                del self._told[target.instrument]
                continue
            if told is not None and same and running and (told.answered or now - told.last < self._repeat):
                continue
            self._numbers += 1
            self._told[target.instrument] = _Told(
                size=target.size,
                number=self._numbers,
                since=told.since if told is not None and same and not told.answered else now,
                last=now,
                answered=False,
                hedged=_within(told.hedged if told is not None else ZERO, target.size),
            )
            lines.append(self._line(account, target, self._numbers, block))
        if lines:
            await self._process.tell(lines, _PATIENCE)

    async def close(self) -> None:
        """End the process."""
        await self._process.stop()

    @property
    def _repeat(self) -> ClockSeconds:
        return self._settings.repeat_seconds

    def _hear(self) -> None:
        numbers = {told.number: told for told in self._told.values()}
        for line in self._process.hear():
            told = numbers.get(line.get("id", 0)) if isinstance(line.get("id"), int) else None
            amount = _amount(line.get("hedged"))
            if told is None or amount is None:
                log.debug("hedger_says", line=str(line)[:200])
                continue
            sign = 1 if told.size > 0 else -1
            told.hedged = _within(Wad(sign * amount), told.size)
            told.answered = True
            self._process.praise()

    def _line(self, account: AccountId, target: Target, number: int, block: BlockNumber) -> dict[str, Any]:
        sells = target.size > 0
        worse = PPM - self._slippage if sells else PPM + self._slippage
        limit = target.price * worse // PPM if sells else ceil_div(target.price * worse, PPM)
        return {
            "id": number,
            "account": f"{account:#066x}",
            "block": block,
            "instrument": str(target.instrument),
            "name": name_of(target.instrument),
            "side": "sell" if sells else "buy",
            "size": usd_text(Wad(abs(target.size))),
            "price": usd_text(target.price),
            "limit_price": usd_text(Wad(limit)),
        }


def _within(hedged: Wad, size: Wad) -> Wad:
    """Give what counts of a hedge: no more than the position, none of the other side."""
    if size > 0:
        return Wad(max(0, min(hedged, size)))
    return Wad(min(0, max(hedged, size)))


def _amount(value: object) -> Wad | None:
    """Read an amount that is not negative; None where it is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    if not found.is_finite() or not 0 <= found < WAD:
        return None
    return Wad(int(_EXACT.multiply(found, Decimal(WAD)).to_integral_value(ROUND_FLOOR)))
