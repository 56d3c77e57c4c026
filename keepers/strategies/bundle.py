"""Bids for named legs of an account, where they pay more than a slice of everything.

For the same relief a bundle pays a little less than a slice, but only what it names has to be closed: it wins where one
leg frees much margin and is cheap to close, makes the bidder's own position smaller, or where a limit has no room for
another. What it pays depends on the margin it frees, which the venue says when the bundle is tried. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from crossmargin.model.units import PPM, WAD, ZERO, InstrumentId, Seconds, Wad
from keepers.calls import Argument
from keepers.settings import StrategySettings
from keepers.strategies.bid import hedge_cost, wanted_margin
from keepers.strategies.inventory import Inventory
from keepers.strategies.leaving import bundle_charge
from keepers.strategies.model import Action, ActionKind, Parcel, Snapshot
from keepers.strategies.stake import stake
from keepers.views import AccountState, AuctionState

__all__ = ["arguments", "bundle", "fitting", "parcels"]

_LEAST_LEGS: Final = 2  # of one leg a slice pays more
_MARGIN: Final = 20_000  # ppm of a size: what is left so that prices may move until inclusion


def parcels(snap: Snapshot, cfg: StrategySettings) -> list[Parcel]:
    """Name what might pay: of accounts in auction each open leg alone, as much of it as limits have room for."""
    held = Inventory.of(snap.bidder, cfg.margin_reserve, paused=snap.paused, hedged=snap.hedged)
    return [one for account in snap.accounts for one in _of(snap, account, held, cfg)] if cfg.bundles else []


def _of(snap: Snapshot, account: AccountState, held: Inventory, cfg: StrategySettings) -> Iterator[Parcel]:
    auction = snap.auctions.get(account.account)
    things = len(account.spot) + sum(leg.size != 0 for leg in account.legs)
    if auction is None or not _open_to_bundles(snap, account, auction) or things < _LEAST_LEGS:
        return
    for leg in account.legs:
        if leg.size != 0 and snap.mids.get(leg.underlying):
            part = _part(account, leg.instrument, leg.size)
            size = Wad(_toward_zero(leg.size * held.room(part, _free(auction), snap.mids, cfg)))
            if size != 0:
                yield Parcel(account.account, leg.instrument, size, ZERO)


def fitting(parcel: Parcel, excess: Wad, after: int, most: int) -> Parcel | None:
    """Name less of a leg, so that the excess it lifts from `excess` to `after` [wad USD] comes to `most`."""
    if after <= most or most <= excess:
        return None
    size = abs(parcel.size) * (most - excess) * (PPM - _MARGIN) // ((after - excess) * PPM)
    return replace(parcel, size=Wad(size if parcel.size > 0 else -size)) if size else None


def bundle(
    snap: Snapshot, account: AccountState, auction: AuctionState, held: Inventory, cfg: StrategySettings
) -> tuple[Action, Inventory] | None:
    """Bid for the leg that pays most, if it is worth it now; give the bid and the inventory after it."""
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
    part, reward = _part(account, parcel.instrument, parcel.size), auction.value - auction.price
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
    legs: Iterable[tuple[Argument, ...]] = ((parcel.instrument,), (parcel.size,))
    return ((account.account, snap.bidder.account, *legs, (), (), least, account.nonce, deadline),)


def _open_to_bundles(snap: Snapshot, account: AccountState, auction: AuctionState) -> bool:
    """Tell whether the venue takes bundles of an account: it is solvent, and for sale."""
    solvent = not auction.insolvent and auction.max_fraction != 0 and account.maintenance.excess < 0
    return solvent and not account.maintenance.prices_halted and account.account not in snap.busy


def _part(account: AccountState, instrument: InstrumentId, size: Wad) -> AccountState:
    """Give an account that holds a part of one leg and nothing else; that its margin fits the venue says."""
    legs = tuple(
        replace(leg, size=size, claims=ZERO, debts=ZERO) for leg in account.legs if leg.instrument == instrument
    )
    return replace(account, legs=legs, spot=(), cash=ZERO, initial=replace(account.initial, paid_excess=ZERO))


def _free(auction: AuctionState) -> AuctionState:
    """Give an auction in which nothing is paid for."""
    return replace(auction, price=ZERO, reserved=ZERO)


def _toward_zero(wad_squared: int) -> int:
    """Divide by a wad, towards zero."""
    return abs(wad_squared) // WAD * (1 if wad_squared > 0 else -1)
