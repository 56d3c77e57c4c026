"""Bids for named legs of an account, where they pay more than a slice of everything.

For the same relief a bundle pays a little less than a slice, but only what it names has to be closed: it wins where
some legs free much margin and are cheap to close, make the bidder's own position smaller, or where a limit has no room
for others. Legs of one underlying that hedge each other free margin together, and none alone. What a bundle pays
depends on the margin it frees, which the venue says when it is tried. Pure.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Final

from crossmargin.model.instruments import decode
from crossmargin.model.positions import is_averaged
from crossmargin.model.units import PPM, WAD, ZERO, InstrumentId, Seconds, Wad
from keepers.calls import Argument
from keepers.strategies.bid import hedge_cost, wanted_margin
from keepers.strategies.inventory import Inventory
from keepers.strategies.leaving import bundle_charge
from keepers.strategies.model import Action, ActionKind, Parcel, Snapshot
from keepers.strategies.stake import stake
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState, underlying_of

__all__ = ["arguments", "bundle", "fitting", "parcels"]

Legs = tuple[tuple[InstrumentId, Wad], ...]
"""Instruments and sizes [wad base], ascending."""
_MARGIN: Final = 20_000  # ppm of a size: what is left so that prices may move until inclusion


def parcels(snap: Snapshot, cfg: StrategySettings) -> list[Parcel]:
    """Name what might pay, as much of it as limits have room for: each open leg alone, and all of an underlying."""
    held = Inventory.of(snap.bidder, cfg.margin_reserve, paused=snap.paused, hedged=snap.hedged)
    return [one for account in snap.accounts for one in _of(snap, account, held, cfg)] if cfg.bundles else []


def _of(snap: Snapshot, account: AccountState, held: Inventory, cfg: StrategySettings) -> Iterator[Parcel]:
    auction = snap.auctions.get(account.account)
    if auction is None or not _open_to_bundles(snap, account, auction):
        return
    for legs in _choices(snap, account):
        room = held.room(_part(account, legs), _free(auction), snap.mids, cfg)
        wanted = tuple((instrument, Wad(_toward_zero(size * room))) for instrument, size in legs)
        if all(size != 0 for _, size in wanted):
            yield Parcel(account.account, wanted, ZERO)


def _choices(snap: Snapshot, account: AccountState) -> Iterator[Legs]:
    """Name whole legs to be taken together; never all that an account has, for which a slice pays more."""
    live = [(leg.instrument, leg.size) for leg in account.legs if leg.size != 0]
    able = [one for one in live if not is_averaged(decode(one[0]), snap.timestamp)]
    priced = sorted((underlying_of(one[0]), *one) for one in able if snap.mids.get(underlying_of(one[0])))
    of_each = [tuple(leg[1:] for leg in found) for _, found in groupby(priced, key=itemgetter(0))]
    alone = [(leg,) for found in of_each for leg in found]
    for legs in [*alone, *(found for found in of_each if len(found) > 1)]:
        if len(legs) < len(live) + len(account.spot):
            yield legs


def fitting(parcel: Parcel, excess: Wad, after: int, most: int) -> Parcel | None:
    """Name less of each leg, so that the excess they lift from `excess` to `after` [wad USD] comes to `most`."""
    if after <= most or most <= excess:
        return None
    part, whole = (most - excess) * (PPM - _MARGIN), (after - excess) * PPM
    legs = tuple(
        (instrument, Wad(abs(size) * part // whole * (1 if size > 0 else -1))) for instrument, size in parcel.legs
    )
    return replace(parcel, legs=legs) if all(size != 0 for _, size in legs) else None


def bundle(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings
) -> tuple[Action, Inventory] | None:
    """Bid for the legs that pay most, if it is worth it now; give the bid and the inventory after it."""
    if account.account in snap.wishes or not _open_to_bundles(snap, account, auction):
        return None
    found = [_bid(snap, account, auction, held, cfg, parcel=one) for one in snap.parcels.get(account.account, ())]
    return max((one for one in found if one is not None), key=lambda one: one[0].expected, default=None)


def _bid(
    snap: Snapshot,
    account: AccountState,
    auction: AuctionState,
    held: Inventory,
    cfg: StrategySettings,
    *,
    parcel: Parcel,
) -> tuple[Action, Inventory] | None:
    part, reward = _part(account, parcel.legs), auction.value - auction.price
    if held.room(part, _free(auction), snap.mids, cfg) < WAD or reward <= 0:
        return None
    costs = hedge_cost(part, snap, cfg) + held.skew(part, snap.mids, cfg)
    charge = bundle_charge(snap.in_sight, snap.bidder.cash, account, parcel.give_up)
    gain = Wad(parcel.give_up - charge - costs)
    if gain * reward < wanted_margin(account, auction, cfg) * parcel.give_up:  # the same part as of a slice
        return None
    worth = stake(snap, account, gain, snap.odds.bid, least=cfg.min_profit, cfg=cfg)
    if worth is None:
        return None
    deadline = Seconds(snap.timestamp + cfg.deadline_seconds)
    least = Wad(max(0, costs + worth.least_gain))
    action = Action(
        kind=ActionKind.BUNDLE,
        account=account.account,
        auction=auction.id,
        nonce=account.nonce,
        args=arguments(snap, account, parcel, least, deadline),
        deadline=deadline,
        expected=worth.expected,
        gas_budget=snap.wei(worth.most_cost),
        tip=worth.tip,
    )
    return action, held.after(part, _free(auction), Wad(WAD))


def arguments(
    snap: Snapshot, account: AccountState, parcel: Parcel, least: Wad, deadline: Seconds
) -> tuple[Argument, ...]:
    """Write the argument of the auction's `bidBundle`."""
    ids, sizes = zip(*parcel.legs, strict=True)
    return ((account.account, snap.bidder.account, ids, sizes, (), (), least, account.nonce, deadline),)


def _open_to_bundles(snap: Snapshot, account: AccountState, auction: AuctionState) -> bool:
    """Tell whether the venue takes bundles of an account: it is solvent, and for sale."""
    solvent = not auction.insolvent and auction.max_fraction != 0 and account.maintenance.excess < 0
    return solvent and not account.maintenance.is_halted and account.account not in snap.busy


def _part(account: AccountState, wanted: Legs) -> AccountState:
    """Give an account that holds parts of some legs and nothing else; that its margin fits the venue says."""
    sizes = dict(wanted)
    legs = tuple(
        replace(leg, size=sizes[leg.instrument], claims=ZERO, debts=ZERO)
        for leg in account.legs
        if leg.instrument in sizes
    )
    return replace(account, legs=legs, spot=(), cash=ZERO, initial=replace(account.initial, paid_excess=ZERO))


def _free(auction: AuctionState) -> AuctionState:
    """Give an auction in which nothing is paid for."""
    return replace(auction, price=ZERO, reserved=ZERO)


def _toward_zero(wad_squared: int) -> int:
    """Divide by a wad, towards zero."""
    return abs(wad_squared) // WAD * (1 if wad_squared > 0 else -1)
