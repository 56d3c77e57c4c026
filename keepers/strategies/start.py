"""When to start an auction: the pay against the gas, or the bid that follows against both. Pure."""

from typing import Final

from crossmargin.model.units import PPM, WAD, AuctionId, Seconds, Wad
from keepers.strategies.model import Action, ActionKind, Snapshot
from keepers.strategies.stake import stake
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionParams

__all__ = ["start", "starter_pay"]

_PAY_CAP_DIVISOR: Final = 100  # at most one percent of the account's value goes to the starter


def starter_pay(account: AccountState, params: AuctionParams) -> Wad:
    """Give what the venue pays for a start [USD]."""
    shortfall = max(0, -account.maintenance.excess)
    pay = params.starter_flat + shortfall * params.starter_share // WAD
    return Wad(min(pay, params.starter_cap, max(0, account.maintenance.equity // _PAY_CAP_DIVISOR)))


def start(snap: Snapshot, account: AccountState, cfg: StrategySettings) -> Action | None:
    """Start the auction of an unhealthy account if that is worth it."""
    if account.in_auction or account.maintenance.excess >= 0:
        return None
    pay, odds = starter_pay(account, snap.params), snap.odds
    worth = stake(snap, account, pay, odds.start, least=cfg.min_start_profit, cfg=cfg)
    able = snap.bidder.initial.paid_excess > cfg.margin_reserve
    if worth is None and cfg.start_for_bids and able:
        follow = (_follow_up(account, cfg) - snap.gas_cost(account)) * odds.bid // PPM
        worth = stake(snap, account, Wad(pay + follow), odds.start, least=cfg.min_profit, cfg=cfg)
    if worth is None:
        return None
    return Action(
        kind=ActionKind.START,
        account=account.account,
        auction=AuctionId(0),
        nonce=account.nonce,
        args=(account.account, snap.bidder.account),
        deadline=Seconds(snap.timestamp + cfg.deadline_seconds),
        expected=worth.expected,
        gas_budget=snap.wei(worth.most_cost),
        tip=worth.tip,
    )


def _follow_up(account: AccountState, cfg: StrategySettings) -> Wad:
    """Expect the margin that the bidder waits for, shared with its rivals [USD]."""
    base = account.maintenance.requirement
    rate = max(cfg.min_margin_ppm, cfg.patience_ppm // (1 + cfg.competitors))
    return Wad(base * rate // PPM // (1 + cfg.competitors))
