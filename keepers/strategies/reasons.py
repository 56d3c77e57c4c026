"""Why an account is not bid for, or its auction not started, in words: the same terms as the decisions. Pure."""

from crossmargin.model.units import WAD, Wad
from keepers.strategies.bid import charged, hedge_cost, wanted_margin
from keepers.strategies.inventory import Inventory
from keepers.strategies.model import Snapshot
from keepers.strategies.stake import stake
from keepers.strategies.start import start, starter_pay
from keepers.strategies.unbacked import unbacked
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState

__all__ = ["why_not"]


def why_not(snap: Snapshot, account: AccountState, cfg: StrategySettings) -> str:
    """Name what keeps the bidder from acting on an account now; empty if nothing does."""
    auction = snap.auctions.get(account.account)
    if account.maintenance.is_halted:
        return "a price is Halted"
    if auction is None:
        return _no_start(snap, account, cfg)
    if auction.max_fraction == 0:
        return "healthy again"
    held = Inventory.of(snap.bidder, cfg.margin_reserve, paused=snap.paused, hedged=snap.hedged)
    lacking = unbacked(account, snap)
    costs = hedge_cost(account, snap, cfg) + held.skew(account, snap.mids, cfg) + lacking
    sale = charged(snap, account, auction, held, cfg, most=Wad(WAD))
    unit, wanted = Wad(sale.value - sale.price - costs), wanted_margin(account, auction, cfg)
    if unit < wanted:
        charge = sale.price - auction.price
        beside = f", {charge / WAD:,.0f} charged for lent cash" if charge else ""
        beside += f", {lacking / WAD:,.0f} of its profit owed by who cannot pay" if lacking else ""
        return f"{unit / WAD:,.0f} of {wanted / WAD:,.0f} USD margin wanted{beside}"
    return _no_room(snap, account, sale, held, cfg) or _too_small(snap, account, sale, unit, cfg)


def _no_start(snap: Snapshot, account: AccountState, cfg: StrategySettings) -> str:
    if account.maintenance.excess >= 0:
        return "healthy again"
    if start(snap, account, cfg) is not None:
        return ""
    pay, cost = starter_pay(account, snap.params), snap.gas_cost(account)
    return f"start pays {pay / WAD:,.2f}, gas {cost / WAD:,.2f} USD"


def _no_room(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings
) -> str:
    room, binding = held.tightest(account, auction, snap.mids, cfg)
    whole_only = not auction.insolvent and auction.value <= snap.params.terms.small_account
    if room == 0:
        return f"no room: {binding}"
    return f"sold whole only, room for {room / WAD:.0%}: {binding}" if whole_only and room < WAD else ""


def _too_small(snap: Snapshot, account: AccountState, auction: AuctionState, unit: Wad, cfg: StrategySettings) -> str:
    held = Inventory.of(snap.bidder, cfg.margin_reserve, paused=snap.paused, hedged=snap.hedged)
    fraction = min(auction.max_fraction, held.room(account, auction, snap.mids, cfg))
    gain = Wad(unit * fraction // WAD)
    if stake(snap, account, gain, snap.odds.bid, least=cfg.min_profit, cfg=cfg) is None:
        return f"gains {gain / WAD:,.2f} USD before gas, too little"
    return ""
