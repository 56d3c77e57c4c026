"""From what was seen to what is decided on: the exact state of the accounts that matter. Reads the chain only."""

from dataclasses import dataclass

from crossmargin.model.units import WAD, AccountId, InstrumentId
from keepers.errors import ResponseError
from keepers.fees import FeeModel
from keepers.lens import Lens
from keepers.look import Seen
from keepers.metrics import Metrics
from keepers.pending import Pending
from keepers.strategies import AtomicContract, Expiring, Snapshot, due_call
from keepers.units import Wei
from keepers.views import AccountState, ArrayState, AuctionState

__all__ = ["Snapshots"]


@dataclass(frozen=True, slots=True)
class _Exact:
    """The accounts that matter, as the lens has them."""

    states: tuple[AccountState, ...]
    auctions: dict[AccountId, AuctionState]
    bidder: AccountState
    arrays: dict[InstrumentId, ArrayState]


class Snapshots:
    """Makes the snapshots of one bidder."""

    def __init__(
        self,
        lens: Lens,
        fees: FeeModel,
        bidder: AccountId,
        tip: Wei,
        metrics: Metrics,
        *,
        contract: AtomicContract | None,
    ) -> None:
        """Ask the lens; gas is priced with the tip, data by the chain's model."""
        self._contract = contract
        self._fees = fees
        self._lens = lens
        self._bidder = bidder
        self._tip = tip
        self._metrics = metrics

    async def of(self, seen: Seen, pending: Pending) -> Snapshot | None:
        """Give what to decide on at a block of a trusted mirror, or None while nothing is to be decided."""
        live = set(seen.in_auction)
        sick = [one.account for one in seen.exact if one.ok and one.excess < 0 and one.account not in live]
        outdated = [one for one in seen.marks.outdated if one not in live]
        if not (sick or live or outdated):
            self._metrics.loss_gap.set(0)  # losses are in sight in auctions alone
            return None
        found = await self._ask(seen, [*sick, *outdated])
        limits = seen.venue.known_limits()
        own = None if self._contract is None else self._contract.account
        params, in_sight, own_cash = await self._lens.sales(seen.block.hash, self._bidder, own)
        self._metrics.loss_gap.set(in_sight.gap / WAD)
        return Snapshot(
            block=seen.block.number,
            timestamp=seen.block.timestamp,
            gas_price=Wei(seen.block.base_fee + self._tip),
            data=await self._fees.price(seen.block),
            native_price=seen.native_price,
            accounts=found.states,
            auctions=found.auctions,
            bidder=found.bidder,
            mids=dict(seen.prices.mids),
            params=params,
            arrays=found.arrays,
            array_max_age=limits.array_max_age,
            array_max_move=limits.array_max_move,
            done=pending.done,
            bids_in_flight=pending.bids_in_flight,
            odds=pending.odds,
            contract=self._contract,
            busy=pending.busy,
            paused=seen.block.timestamp < seen.venue.paused_until,
            in_sight=in_sight,
            own_cash=own_cash,
        )

    async def expiring(self, seen: Seen, pending: Pending) -> Expiring | None:
        """Give the expiries of which the venue takes the call that is due, mirror trusted or not; None without any.

        The venue is asked: it alone knows what a refresh of the index would bring, and which prices count how late.
        """
        due = ((one, due_call(one, seen.block.timestamp)) for one in seen.marks.ending)
        calls = [(one, kind) for one, kind in due if kind is not None]
        views = [(kind.contract, kind.function, (one.instrument,)) for one, kind in calls]
        answers = await self._lens.tried(seen.block.hash, *views) if views else []
        taken = tuple(one for (one, _), answer in zip(calls, answers, strict=True) if answer is not None)
        if not taken:
            return None
        return Expiring(
            timestamp=seen.block.timestamp,
            gas_price=Wei(seen.block.base_fee + self._tip),
            data=await self._fees.price(seen.block),
            native_price=seen.native_price,
            done=pending.done,
            bidder=self._bidder,
            expiries=taken,
        )

    async def _ask(self, seen: Seen, accounts: list[AccountId]) -> _Exact:
        """Ask about accounts, those in auction and the bidder."""
        block, live = seen.block.hash, sorted(seen.in_auction)
        wanted = list(dict.fromkeys([*accounts, *live, self._bidder]))
        states = await self._lens.states(block, wanted)
        auctions = await self._lens.auctions(block, live)
        bidder = next((state for state in states if state.account == self._bidder), None)
        if bidder is None:
            msg = f"the bidder's account {self._bidder:#x} cannot be evaluated"
            raise ResponseError(msg)
        self._metrics.bidder_excess.set(bidder.initial.paid_excess / WAD)
        series = sorted({one for state in states for one in state.option_series})
        arrays = await self._lens.arrays(block, series)
        return _Exact(tuple(state for state in states if state is not bidder), auctions, bidder, arrays)
