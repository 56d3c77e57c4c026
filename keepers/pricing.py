"""Asking a process of the operator's what auctions are worth: it says when and how much, the keeper never bids more.

To it, a line an auction: `{"id", "block", "time", "account", "auction", "price", "value", "max_fraction", "insolvent",
"requirement", "legs": [...], "spot": [...], "most": {"fraction", "limit"}}`; prices are of the whole. From it, within
the time limit: `{"id", "bid": false}`, or `{"id", "bid": true, "fraction": "0.5", "limit": "120.5"}`, both optional.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Any, Final

import structlog

from crossmargin.model.units import WAD, ZERO, AccountId, Ppm, Wad
from keepers.line_process import LineProcess
from keepers.metrics import Metrics
from keepers.names import name_of, usd_text
from keepers.outside import PricingSettings
from keepers.strategies import Action, ActionKind, Snapshot, Wish, decide
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState

__all__ = ["Pricing", "question", "wish_of"]

log = structlog.get_logger(__name__)
_MOST_SILENCES: Final = 3  # in a row, until the process is taken for hung
_REFUSED: Final = Wish(ZERO, None)
_ASKED, _LIMIT = 2, 4  # places in a bid's arguments
_LARGEST: Final = 10**30
_EXACT: Final = Context(prec=120)


class Pricing:
    """Speaks to the process; without one nothing changes."""

    def __init__(
        self, settings: PricingSettings, metrics: Metrics, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start nothing yet; the clock must be monotonic."""
        self._settings = settings
        self._metrics = metrics
        self._clock = clock
        self._process = LineProcess("pricing", settings.command, clock=clock)
        self._numbers = 0
        self._silences = 0

    async def wake(self) -> None:
        """Start the process before it is needed, and again when it has ended."""
        if self._settings.command and not self._process.running:
            await self._process.tell([], self._settings.time_limit)

    async def priced(self, snap: Snapshot, cfg: StrategySettings) -> Snapshot:
        """Give the snapshot with what the process wishes of the auctions that could be bid in now."""
        if not self._settings.command or not snap.auctions:
            return snap
        try:
            possible = [one for one in decide(snap, _impatient(cfg)) if one.kind is ActionKind.BID]
        except Exception:  # noqa: BLE001 - the same mistake is met, and counted, where all is decided
            return self._unanswered(snap, snap.auctions)
        if not possible:
            return snap
        answers = await self._ask(snap, possible)
        wishes = {one.account: answers.get(one.account) for one in possible}
        silent = [account for account, wish in wishes.items() if wish is None]
        if silent:
            self._metrics.errors.labels("pricing").inc()
            log.warning("pricing_silent", auctions=len(silent), of=len(possible), without=self._settings.without)
        known = {account: wish for account, wish in wishes.items() if wish is not None}
        return self._unanswered(replace(snap, wishes=known), silent)

    def _unanswered(self, snap: Snapshot, silent: Iterable[AccountId]) -> Snapshot:
        """Refuse what nothing was said of, where that is configured."""
        refused = dict.fromkeys(silent, _REFUSED) if self._settings.without == "nothing" else {}
        return replace(snap, wishes={**snap.wishes, **refused})

    async def close(self) -> None:
        """End the process."""
        await self._process.stop()

    async def _ask(self, snap: Snapshot, bids: Sequence[Action]) -> dict[AccountId, Wish]:
        """Ask about all at once, and take what comes within the time limit."""
        finish = self._clock() + self._settings.time_limit
        states = {one.account: one for one in snap.accounts}
        asked: dict[int, AccountId] = {}
        lines = []
        for action in bids:
            self._numbers += 1
            asked[self._numbers] = action.account
            state, auction = states[action.account], snap.auctions[action.account]
            lines.append(question(self._numbers, snap, state, auction, action))
        self._process.hear()  # too late for what it was asked before
        if not await self._process.tell(lines, self._settings.time_limit):
            return {}
        found: dict[AccountId, Wish] = {}
        while len(found) < len(asked) and await self._process.news(finish - self._clock()):
            found |= _understood(self._process.hear(), asked)
        await self._judge(complete=len(found) == len(asked))
        return found

    async def _judge(self, *, complete: bool) -> None:
        """Praise what answers; end what has been silent a few times in a row."""
        self._silences = 0 if complete else self._silences + 1
        if complete:
            self._process.praise()
        elif self._silences >= _MOST_SILENCES:
            self._silences = 0
            await self._process.stop("does not answer")


def _impatient(cfg: StrategySettings) -> StrategySettings:
    """Decide as if nothing were waited for: these are the bids that pay, and it is the process that waits."""
    return cfg.model_copy(update={"patience_ppm": Ppm(0)})


def question(number: int, snap: Snapshot, state: AccountState, auction: AuctionState, action: Action) -> dict[str, Any]:
    """Write what is asked about an auction; amounts as decimal text."""
    return {
        "id": number,
        "block": snap.block,
        "time": snap.timestamp,
        "account": f"{state.account:#066x}",
        "auction": auction.id,
        "price": usd_text(auction.price),
        "value": usd_text(auction.value),
        "max_fraction": usd_text(auction.max_fraction),
        "insolvent": auction.insolvent,
        "requirement": usd_text(state.maintenance.requirement),
        "legs": [
            {
                "instrument": str(leg.instrument),
                "name": name_of(leg.instrument),
                "size": usd_text(leg.size),
                "value": usd_text(leg.value),
                "index": usd_text(snap.mids.get(leg.underlying)),
            }
            for leg in state.legs
        ],
        "spot": [{"asset": one.asset, "amount": str(one.amount), "value": usd_text(one.value)} for one in state.spot],
        "most": {"fraction": usd_text(_number(action, _ASKED)), "limit": usd_text(_number(action, _LIMIT))},
    }


def _number(action: Action, place: int) -> int:
    value = action.args[place]
    return value if isinstance(value, int) else 0


def _understood(lines: Iterable[Mapping[str, Any]], asked: Mapping[int, AccountId]) -> dict[AccountId, Wish]:
    """Take the answers to what was asked that can be understood."""
    found = {}
    for line in lines:
        number = line.get("id")
        account = asked.get(number) if isinstance(number, int) else None
        wish = wish_of(line)
        if account is not None and wish is not None:
            found[account] = wish
    return found


def wish_of(line: Mapping[str, Any]) -> Wish | None:
    """Read an answer; None where it cannot be understood. What is too much is cut where bids are made."""
    if line.get("bid") is False:
        return _REFUSED
    fraction, limit = _wad(line.get("fraction", 1)), _wad(line.get("limit", 0))
    if line.get("bid") is not True or fraction is None or limit is None or not 0 < fraction <= WAD:
        return None
    return Wish(fraction, limit if "limit" in line else None)


def _wad(value: object) -> Wad | None:
    """Read a number, cut to 18 decimals downwards; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) > _LARGEST:
        return None
    return Wad(int(_EXACT.multiply(found, Decimal(WAD)).to_integral_value(ROUND_FLOOR)))
