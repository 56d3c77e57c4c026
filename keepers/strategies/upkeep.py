"""Calls that keep auctions going: ending restored ones, waking stopped or mislabelled ones. Pure."""

from crossmargin.model.breakdown import Doubt
from crossmargin.model.units import WAD, Seconds, Wad
from keepers.strategies.model import Action, ActionKind, Snapshot, state_of
from keepers.strategy_settings import StrategySettings
from keepers.units import Wei
from keepers.views import AccountState, AuctionState

__all__ = ["upkeep"]


def upkeep(snap: Snapshot, account: AccountState, auction: AuctionState, cfg: StrategySettings) -> Action | None:
    """End the auction of a restored account; poke one whose clock stands still, or runs for the wrong phase.

    An insolvent one is poked now and then, because a look that finds much in doubt forgets what nobody saw. None when
    nothing is due.
    """
    if snap.gas_cost(account) > cfg.upkeep_cost or account.maintenance.is_halted:
        return None
    sick = account.maintenance.excess < 0
    # with much in doubt that of an insolvent account is to stand, and stands only once somebody has looked
    stands = auction.insolvent and account.maintenance.doubt is Doubt.LARGE
    unseen = auction.insolvent and not auction.stopped and snap.timestamp >= auction.seen_at + cfg.look_seconds
    if sick and (auction.stopped != stands or auction.recorded_insolvent != auction.insolvent or unseen):
        return _tend(ActionKind.POKE, snap, account, auction, cfg) if cfg.poke else None
    if _may_end(account, snap.params.terms.target_buffer):
        return _tend(ActionKind.END, snap, account, auction, cfg) if cfg.end_restored else None
    return None


def _may_end(account: AccountState, buffer: Wad) -> bool:
    """Tell whether the venue would end it: restored, empty, or healthy at Valid prices."""
    margin = account.maintenance
    free = account.cash >= 0 and not account.legs
    restored = margin.excess >= 0 and margin.excess >= margin.requirement * buffer // WAD
    return free or restored or (margin.excess >= 0 and margin.prices_valid)


def _tend(
    kind: ActionKind, snap: Snapshot, account: AccountState, auction: AuctionState, cfg: StrategySettings
) -> Action:
    return Action(
        kind=kind,
        account=account.account,
        auction=auction.id,
        nonce=state_of(account.nonce, auction.seen_at),
        args=(account.account,),
        deadline=Seconds(snap.timestamp + cfg.deadline_seconds),
        expected=Wad(-snap.gas_cost(account)),
        gas_budget=snap.wei(cfg.upkeep_cost),
        tip=Wei(0),
    )
