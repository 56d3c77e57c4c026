"""What of the venue ages or is over, as far as chores are switched on. Reads the chain and the ledger only."""

from collections.abc import Mapping
from typing import Any, Final

import structlog

from crossmargin.model.freshness import WEEK, Said, TapeReading, array_aged
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import WAD, AccountId, FeedId, InstrumentId, Seconds, Wad
from keepers.contracts import Contracts
from keepers.errors import SettingsError
from keepers.fees import FeeModel
from keepers.lens import Lens, View
from keepers.look import Seen
from keepers.metrics import Metrics
from keepers.mirror import Ledger
from keepers.pending import Pending
from keepers.remote_receipts import RemoteReceipts
from keepers.settings import Settings
from keepers.settlements import Settlements, Trial
from keepers.strategies import Chores
from keepers.strategies.chores import NOTHING_HELD, FeedState, TapeState, feeds_due, tapes_due
from keepers.units import Wei
from keepers.views import underlying_of

__all__ = ["ChoreReader"]

log = structlog.get_logger(__name__)
Answers = Mapping[tuple[str, FeedId], tuple[Any, ...] | None]
_NEEDS: Final = {
    "observe_volatility": "VolatilityForecaster",
    "settle": "BatchSettler",
    "redeem_receipts": "CollateralHub",
}
_FORECASTER: Final = "VolatilityForecaster"
_STEWARD: Final = "RiskSteward"
_ORACLE: Final = "OracleAdapter"
_FUND: Final = ("available", FeedId(0))
_CONFIGS_LAST: Final = 500  # looks until limits of feeds are read again


class ChoreReader:
    """Looks at what is switched on; remembers the limits of feeds for a while."""

    def __init__(
        self,
        lens: Lens,
        fees: FeeModel,
        ledger: Ledger,
        settings: Settings,
        contracts: Contracts,
        *,
        bidder: AccountId,
        metrics: Metrics,
    ) -> None:
        """Look for the account that sends; refuse what the deployment has no contract for."""
        for chore, contract in _NEEDS.items():
            if getattr(settings.chores, chore) and contract not in contracts.addresses:
                raise SettingsError(f"chores.{chore}: the deployment has no {contract}")
        self._lens = lens
        self._fees = fees
        self._ledger = ledger
        self._settings = settings
        self._cfg = settings.chores
        self._bidder = bidder
        self._metrics = metrics
        self._settlements = Settlements(ledger)
        self._receipts = RemoteReceipts(lens, ledger, bidder, settings.strategy.margin_reserve)
        self._steward = _STEWARD in contracts.addresses
        self._configs: dict[FeedId, dict[str, Any]] = {}
        self._looks = 0
        self._low = False

    async def of(self, seen: Seen, pending: Pending) -> Chores | None:
        """Give what ages or is over at a block, mirror trusted or not; None where nothing is switched on."""
        cfg = self._cfg
        switches = (cfg.push_feeds, cfg.renew_arrays, cfg.observe_volatility, cfg.settle, cfg.watch_fund)
        if not any((*switches, cfg.redeem_receipts)):
            return None
        now, over = seen.block.timestamp, self._settlements.over(seen.block.timestamp) if cfg.settle else ()
        answers, taken = await self._ask(seen, self._settlements.trials(over))
        found = Chores(
            timestamp=seen.block.timestamp,
            gas_price=Wei(seen.block.base_fee + self._settings.executor.tip),
            data=await self._fees.price(seen.block),
            native_price=seen.native_price,
            done=pending.done,
            bidder=self._bidder,
            deadline=Seconds(seen.block.timestamp + self._settings.strategy.deadline_seconds),
            refresh_cost=self._settings.strategy.refresh_cost,
            feeds=self._feeds(seen, answers),
            tapes=_tapes(answers),
            aged=self._aged(seen) if cfg.renew_arrays else {},
            over=self._settlements.judged(over, taken, now),
            receipts=await self._receipts.of(seen.block.hash) if cfg.redeem_receipts else NOTHING_HELD,
        )
        self._report(found)
        self._watch(answers.get(_FUND))
        return found

    async def _ask(self, seen: Seen, trials: Mapping[Trial, View]) -> tuple[Answers, dict[Trial, bool]]:
        """Ask all in one request; what one feed or underlying refuses leaves the others. Tell who would be settled."""
        cfg, ledger = self._cfg, self._ledger
        feeds = sorted(seen.prices.mids) if cfg.push_feeds or cfg.observe_volatility else []
        if self._looks % _CONFIGS_LAST == 0:
            self._configs = {}
        self._looks += 1
        asked: dict[tuple[str, FeedId], View] = {}
        for feed in feeds:
            views = ("price", "latest") if feed in self._configs else ("price", "latest", "feedConfig")
            asked |= {(view, feed): (_ORACLE, view, (feed,)) for view in views}
        for feed in sorted(ledger.underlyings) if cfg.observe_volatility else ():
            asked |= {(view, feed): (_FORECASTER, view, (feed,)) for view in ("tapeOf", "breakerOf")}
            if self._steward:
                asked["ruleOf", feed] = (_STEWARD, "ruleOf", (feed,))
        if cfg.watch_fund:
            asked[_FUND] = ("InsuranceFund", "available", ())
        every = [*asked.values(), *trials.values()]
        found = await self._lens.tried(seen.block.hash, *every) if every else []
        answers = dict(zip(asked, found[: len(asked)], strict=True))
        taken = {one: answer is not None for one, answer in zip(trials, found[len(asked) :], strict=True)}
        self._configs |= {feed: one[0] for (view, feed), one in answers.items() if view == "feedConfig" and one}
        return answers, taken

    def _feeds(self, seen: Seen, answers: Answers) -> dict[FeedId, FeedState]:
        """Take the feeds that answer and are stored; others are read anew at every question."""
        found, near = {}, self._near(seen)
        for feed, config in self._configs.items():
            stored, said = answers.get(("price", feed)), answers.get(("latest", feed))
            if stored is None or said is None or config["readThrough"]:
                continue
            (price,), (mid, _, time, status) = stored, said
            found[feed] = FeedState(
                Said(price["mid"], price["time"], PriceStatus(price["status"])),
                Said(mid, time, PriceStatus(status)),
                Seconds(config["primary"]["maxAge"]),
                feed in near,
            )
        return found

    def _near(self, seen: Seen) -> set[FeedId]:
        """Name the feeds that those near liquidation depend on."""
        accounts, found = self._ledger.accounts, set()
        for account in seen.marks.near[: self._settings.mirror.verify_most]:
            row = accounts.row_of(account)
            legs = [] if row is None else accounts.legs.of(row)
            found |= {underlying_of(one) for one in legs if accounts.position(account, one).size}
            held = [one for index, one in self._ledger.assets.items() if accounts.collateral(account, index)]
            found |= {feed for one in held for feed in (one.feed, one.underlying)}
        return found

    def _aged(self, seen: Seen) -> dict[InstrumentId, Seconds]:
        """Pick the options held whose arrays are old or left behind; at an index that is not Valid none is made."""
        ledger, prices, limits = self._ledger, seen.prices, seen.venue.limits
        found = {}
        for one in ledger.open_options(ledger.accounts.legs.held()):
            array, underlying = ledger.arrays.get(one), underlying_of(one)
            if array is None or limits is None or prices.statuses.get(underlying) != PriceStatus.VALID:
                continue
            if array_aged(
                array.ref,
                seen.block.timestamp - array.time,
                prices.mids[underlying],
                max_age=limits.array_max_age,
                max_move=limits.array_max_move,
                part=self._settings.strategy.refresh_at_ppm,
            ):
                found[one] = array.time
        return found

    def _report(self, found: Chores) -> None:
        self._metrics.feeds_due.set(len(feeds_due(found, self._cfg)))
        self._metrics.tapes_due.set(len(tapes_due(found)))
        self._metrics.arrays_aged.set(len(found.aged))
        self._metrics.unsettled.set(sum(one.left for one in found.over))

    def _watch(self, answer: tuple[Any, ...] | None) -> None:
        """Say when the fund falls below what it has to have, and when it has it again."""
        if answer is None:
            return
        available, least = Wad(answer[0]), self._cfg.fund_least
        low = available < least
        self._metrics.fund.set(available / WAD)
        self._metrics.fund_low.set(int(low))
        if low != self._low:
            (log.error if low else log.info)("fund_low" if low else "fund_enough", available=available, least=least)
        self._low = low


def _tapes(answers: Answers) -> dict[FeedId, TapeState]:
    """Take the underlyings that the forecaster observes."""
    found = {}
    for (view, feed), answer in answers.items():
        breaker, rule = answers.get(("breakerOf", feed)), answers.get(("ruleOf", feed))
        if view == "tapeOf" and answer is not None and breaker is not None and breaker[0]:
            step, time, closed = answer
            steered = rule is not None and rule[0]["base"] > 0
            found[feed] = TapeState(TapeReading(step, time, ready=closed == WEEK), steered)
    return found
