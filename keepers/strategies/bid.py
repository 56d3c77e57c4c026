"""When and how much to bid.

Taking the whole of an account earns the reward, its mark value less its price, less what closing it costs and what
nobody will pay of its profit. The reward
is a part of the requirement that rises with time, so waiting pays until a rival takes it: the margin waited for is
patience / (1 + rivals), which is how far a bidder among so many equals shades its bid. Pure.
"""

from dataclasses import replace
from typing import Final

from crossmargin.model.breakdown import Doubt
from crossmargin.model.instruments import decode
from crossmargin.model.positions import is_averaged
from crossmargin.model.units import PPM, WAD, ZERO, Ppm, Seconds, Wad, ceil_div
from keepers.strategies.inventory import Inventory
from keepers.strategies.leaving import whole_charge
from keepers.strategies.model import Action, ActionKind, Snapshot
from keepers.strategies.stake import stake
from keepers.strategies.unbacked import unbacked
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState

__all__ = ["HEADROOM", "bid", "charged", "hedge_cost", "limit_of", "wanted_margin"]

HEADROOM: Final = Ppm(PPM + PPM // 10)
"""Until inclusion the price falls, so restoring takes a little more; the venue clamps what is too much [ppm]."""


def bid(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings
) -> tuple[Action, Inventory] | None:
    """Bid if it is worth it now; give the bid and the inventory after it."""
    unpriced = any(leg.size != 0 and not snap.mids.get(leg.underlying) for leg in account.legs)
    if account.maintenance.is_halted or auction.max_fraction == 0 or unpriced:
        return None
    wish = snap.wishes.get(account.account)
    costs = hedge_cost(account, snap, cfg) + held.skew(account, snap.mids, cfg) + unbacked(account, snap)
    most = Wad(WAD) if wish is None else wish.fraction
    sale = charged(snap, account, auction, held, cfg, most=most)
    unit = Wad(sale.value - sale.price - costs)
    if unit < wanted_margin(account, auction, cfg, patient=wish is None):
        return None
    room = min(most, held.room(account, sale, snap.mids, cfg))
    fraction = min(auction.max_fraction, room)
    whole_only = not auction.insolvent and auction.value <= snap.params.terms.small_account
    if fraction == 0 or (whole_only and fraction < WAD):
        return None
    worth = stake(snap, account, Wad(unit * fraction // WAD), snap.odds.bid, least=cfg.min_profit, cfg=cfg)
    if worth is None:
        return None
    least = fraction if whole_only else fraction * cfg.min_fraction_ppm // PPM
    dearest = whole_charge(snap.in_sight, snap.bidder.cash, account, auction, Wad(least))
    beyond = Wad(max(0, auction.price + dearest - sale.price))
    limit = limit_of(sale, account, unit, Wad(ceil_div(worth.least_gain * WAD, fraction)), cfg, beyond=beyond)
    if wish is not None and wish.limit is not None:
        limit = min(limit, wish.limit)
        if limit < sale.price:
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
    return action, held.after(account, sale, asked)


def charged(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings, *, most: Wad
) -> AuctionState:
    """Give the auction as the bidder pays for it: what a bid for at most a fraction is charged is a part of the price.

    By the bidder's cash as it was before the block's other bids.
    """
    if snap.in_sight.gap == 0:
        return auction
    fraction = Wad(min(auction.max_fraction, most, held.room(account, auction, snap.mids, cfg)))
    charge = whole_charge(snap.in_sight, snap.bidder.cash, account, auction, fraction)
    return replace(auction, price=Wad(auction.price + charge))


def hedge_cost(account: AccountState, snap: Snapshot, cfg: StrategySettings) -> Wad:
    """Estimate what closing the whole account costs [USD], rounded up.

    What is being averaged is worth another price than the index, which nothing says yet: it counts as a cost.
    """
    total = sum(spot.value * cfg.hedge_cost_ppm for spot in account.spot)
    for leg in account.legs:
        rate = cfg.hedge_cost_by_underlying.get(leg.underlying, cfg.hedge_cost_ppm)
        doubt = cfg.averaged_cost_ppm if is_averaged(decode(leg.instrument), snap.timestamp) else 0
        total += ceil_div(abs(leg.size) * snap.mids.get(leg.underlying, 0), WAD) * (rate + doubt)
    return Wad(ceil_div(total, PPM))


def wanted_margin(account: AccountState, auction: AuctionState, cfg: StrategySettings, *, patient: bool = True) -> Wad:
    """Give the profit on the whole that is waited for [USD], rounded up: a part of the requirement.

    Nothing is waited for once an account goes for nothing, or where a pricing model says when.
    """
    patience = 0 if auction.price == 0 or not patient else cfg.patience_ppm // (1 + cfg.competitors)
    rate = max(cfg.min_margin_ppm, patience)
    if account.maintenance.doubt is not Doubt.SMALL:
        rate += cfg.uncertain_margin_ppm
    return Wad(ceil_div(account.maintenance.requirement * rate, PPM))


def limit_of(
    auction: AuctionState, account: AccountState, unit: Wad, least: Wad, cfg: StrategySettings, *, beyond: Wad = ZERO
) -> Wad:
    """Give the worst price of the whole: a little slack, but never beyond the least profit at today's mark.

    The slack is `beyond` more, which the least fill may be charged.
    """
    slack = min(account.maintenance.requirement * cfg.limit_slack_ppm // PPM + beyond, max(0, unit - least))
    limit = auction.price + slack
    return Wad(min(limit, -1) if auction.insolvent else limit)
