"""When and how much to bid.

Taking the whole of an account earns the reward, its mark value less its price, less what closing it costs. The reward
is a part of the requirement that rises with time, so waiting pays until a rival takes it: the margin waited for is
patience / (1 + rivals), which is how far a bidder among so many equals shades its bid. Pure.
"""

from typing import Final

from crossmargin.model.units import PPM, WAD, Ppm, Seconds, Wad, ceil_div
from keepers.settings import StrategySettings
from keepers.strategies.inventory import Inventory
from keepers.strategies.model import Action, ActionKind, Snapshot
from keepers.strategies.stake import stake
from keepers.views import AccountState, AuctionState

__all__ = ["HEADROOM", "bid", "hedge_cost", "limit_of", "wanted_margin"]

HEADROOM: Final = Ppm(PPM + PPM // 10)
"""Until inclusion the price falls, so restoring takes a little more; the venue clamps what is too much [ppm]."""


def bid(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings
) -> tuple[Action, Inventory] | None:
    """Bid if it is worth it now; give the bid and the inventory after it."""
    unpriced = any(leg.size != 0 and not snap.mids.get(leg.underlying) for leg in account.legs)
    if account.maintenance.prices_halted or auction.max_fraction == 0 or unpriced:
        return None
    wish = snap.wishes.get(account.account)
    costs = hedge_cost(account, snap, cfg) + held.skew(account, snap.mids, cfg)
    unit = Wad(auction.value - auction.price - costs)
    if unit < wanted_margin(account, auction, cfg, patient=wish is None):
        return None
    room = held.room(account, auction, snap.mids, cfg)
    if wish is not None:
        room = min(room, wish.fraction)
    fraction = min(auction.max_fraction, room)
    whole_only = not auction.insolvent and auction.value <= snap.params.terms.small_account
    if fraction == 0 or (whole_only and fraction < WAD):
        return None
    worth = stake(snap, account, Wad(unit * fraction // WAD), snap.odds.bid, least=cfg.min_profit, cfg=cfg)
    if worth is None:
        return None
    least = fraction if whole_only else fraction * cfg.min_fraction_ppm // PPM
    limit = limit_of(auction, account, unit, Wad(ceil_div(worth.least_gain * WAD, fraction)), cfg)
    if wish is not None and wish.limit is not None:
        limit = min(limit, wish.limit)
        if limit < auction.price:
            return None
    deadline = Seconds(snap.timestamp + cfg.deadline_seconds)
    asked = Wad(min(ceil_div(auction.max_fraction * HEADROOM, PPM), room))
    action = Action(
        kind=ActionKind.BID,
        account=account.account,
        auction=auction.id,
        nonce=account.nonce,
        args=(account.account, snap.bidder.account, asked, least, limit, account.nonce, deadline),
        deadline=deadline,
        expected=worth.expected,
        gas_budget=snap.wei(worth.most_cost),
        tip=worth.tip,
    )
    return action, held.after(account, auction, asked)


def hedge_cost(account: AccountState, snap: Snapshot, cfg: StrategySettings) -> Wad:
    """Estimate what closing the whole account costs [USD], rounded up."""
    total = sum(spot.value * cfg.hedge_cost_ppm for spot in account.spot)
    for leg in account.legs:
        rate = cfg.hedge_cost_by_underlying.get(leg.underlying, cfg.hedge_cost_ppm)
        total += ceil_div(abs(leg.size) * snap.mids.get(leg.underlying, 0), WAD) * rate
    return Wad(ceil_div(total, PPM))


def wanted_margin(account: AccountState, auction: AuctionState, cfg: StrategySettings, *, patient: bool = True) -> Wad:
    """Give the profit on the whole that is waited for [USD], rounded up: a part of the requirement.

    Nothing is waited for once an account goes for nothing, or where a pricing model says when.
    """
    patience = 0 if auction.price == 0 or not patient else cfg.patience_ppm // (1 + cfg.competitors)
    rate = max(cfg.min_margin_ppm, patience)
    if not account.maintenance.prices_valid:
        rate += cfg.uncertain_margin_ppm
    return Wad(ceil_div(account.maintenance.requirement * rate, PPM))


def limit_of(auction: AuctionState, account: AccountState, unit: Wad, least: Wad, cfg: StrategySettings) -> Wad:
    """Give the worst price of the whole: a little slack, but never beyond the least profit at today's mark."""
    slack = min(account.maintenance.requirement * cfg.limit_slack_ppm // PPM, max(0, unit - least))
    limit = auction.price + slack
    return Wad(min(limit, -1) if auction.insolvent else limit)
