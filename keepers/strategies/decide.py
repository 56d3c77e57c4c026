"""The whole decision: one snapshot in, the actions worth sending out. Pure."""

from collections.abc import Iterable

from crossmargin.model.instruments import split_account_id
from crossmargin.model.units import AccountId
from keepers.strategies.arrays import refreshes
from keepers.strategies.atomic import liquidate
from keepers.strategies.bid import bid
from keepers.strategies.bundle import bundle
from keepers.strategies.inventory import Inventory
from keepers.strategies.model import Action, Snapshot
from keepers.strategies.start import start
from keepers.strategies.upkeep import upkeep
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState

__all__ = ["decide"]


def decide(snap: Snapshot, cfg: StrategySettings) -> list[Action]:
    """Pick what to do: risk arrays, what needs no capital, the best bids, starts of the worst first, then upkeep.

    What the own contract does needs neither start nor bid. An account waits for the next block, and all bids wait for
    the bidder's, when arrays of its options are refreshed.
    """
    others = [one for one in snap.accounts if not _same_owner(one.account, snap.bidder.account)]
    worst_first = sorted(others, key=lambda one: one.maintenance.excess)
    renewed = _new(snap, refreshes(snap, [snap.bidder, *worst_first] if snap.auctions else worst_first, cfg))
    waiting = {action.account for action in renewed}
    able = [one for one in worst_first if one.account not in waiting | snap.busy]
    atomic = _new(snap, (liquidate(snap, one, snap.auctions.get(one.account), cfg) for one in able))
    served = {action.account for action in atomic}
    current = [one for one in able if one.account not in served]
    starts = _new(snap, (start(snap, one, cfg) for one in current))
    blocked = snap.bids_in_flight or snap.bidder.account in waiting
    bids = [] if blocked else _bids(snap, current, cfg)
    taken = served | {action.account for action in bids}
    tended = (
        upkeep(snap, one, snap.auctions[one.account], cfg)
        for one in worst_first
        if one.account in snap.auctions and one.account not in taken
    )
    return [*renewed, *atomic, *bids, *starts, *_new(snap, tended)][: cfg.max_actions]


def _same_owner(one: AccountId, other: AccountId) -> bool:
    return split_account_id(one)[0] == split_account_id(other)[0]


def _bids(snap: Snapshot, accounts: list[AccountState], cfg: StrategySettings) -> list[Action]:
    """Choose bids by expected profit; each one leaves less room for the next."""
    held = Inventory.of(snap.bidder, cfg.margin_reserve, paused=snap.paused, hedged=snap.hedged)
    ranked = []
    for account in accounts:
        auction = snap.auctions.get(account.account)
        found = None if auction is None else _best(snap, account, auction, held, cfg)
        if auction is not None and found is not None:
            ranked.append((found[0].expected, account, auction))
    chosen = []
    for _, account, auction in sorted(ranked, key=lambda one: -one[0]):
        found = _best(snap, account, auction, held, cfg)
        if found is not None:
            chosen.append(found[0])
            held = found[1]
    return chosen


def _best(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings
) -> tuple[Action, Inventory] | None:
    """Bid for a slice or for a bundle, whichever is expected to bring more and was not done."""
    found = (way(snap, account, auction, held, cfg) for way in (bid, bundle))
    able = (one for one in found if one is not None and one[0].key not in snap.done)
    return max(able, key=lambda one: one[0].expected, default=None)


def _new(snap: Snapshot, actions: Iterable[Action | None]) -> list[Action]:
    return [action for action in actions if action is not None and action.key not in snap.done]
