"""Liquidating with no capital, through a contract of one's own: start, bid, sell, close and repay in one transaction.

For accounts whose collateral the contract can sell, and whose linear contracts others have signed to take. What that
costs is estimated here as hedging is; what it brings decides when the call is tried, for the contract reverts below the
least gain. A contract whose account keeps its earnings has lent them, and may be charged for it. Pure.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.auction import Rest, largest_fraction, whole_price
from crossmargin.model.instruments import decode
from crossmargin.model.positions import is_averaged
from crossmargin.model.units import PPM, WAD, AuctionId, Seconds, StateNonce, Wad, ceil_div
from keepers.calls import Argument, Call
from keepers.strategies.bid import HEADROOM, hedge_cost, limit_of, wanted_margin
from keepers.strategies.leaving import whole_charge
from keepers.strategies.model import Action, ActionKind, AtomicContract, Snapshot
from keepers.strategies.stake import Stake, stake
from keepers.strategies.start import starter_pay
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState, is_option

__all__ = ["liquidate"]

_FILL_GAS: Final = Gas(250_000)  # of an order, on the high side
_SWAP_GAS: Final = Gas(350_000)  # of an asset: withdrawal, swap, deposit, on the high side
_ANY_NONCE: Final = StateNonce(2**256 - 1)
_AUCTION: Final = "LiquidationAuction"


def liquidate(
    snap: Snapshot, account: AccountState, auction: AuctionState | None, cfg: StrategySettings
) -> Action | None:
    """Take what is left of an account in auction, or start its auction and take it at once; None if neither pays."""
    contract = snap.contract
    closings = None if contract is None or account.maintenance.is_halted else _closings(snap, account, contract)
    if contract is None or closings is None:
        return None
    pay = Wad(0) if auction is not None else starter_pay(account, snap.params)
    sale = auction or _opening(snap, account, pay)
    if sale is None or sale.max_fraction == 0:
        return None
    sold = replace(account, cash=Wad(account.cash - pay))
    charge = partial(whole_charge, snap.in_sight, Wad(snap.own_cash + pay), sold, sale)
    dearer = replace(sale, price=Wad(sale.price + charge(sale.max_fraction)))
    unit = Wad(dearer.value - dearer.price - hedge_cost(account, snap, cfg))
    if unit < wanted_margin(account, sale, cfg):
        return None
    gain = Wad(unit * sale.max_fraction // WAD + pay)
    beyond = Gas(_SWAP_GAS * len(account.spot) + _FILL_GAS * len(closings))
    worth = stake(snap, account, gain, snap.odds.bid, least=cfg.min_profit, cfg=cfg, beyond=beyond)
    if worth is None:
        return None
    deadline = Seconds(snap.timestamp + cfg.deadline_seconds)
    nonce = _ANY_NONCE if auction is None else account.nonce
    small = snap.params.terms.small_account
    terms = _terms(account, dearer, cfg, worth, unit=unit, charge=charge, small=small)
    bid = Call(_AUCTION, "bid", (account.account, contract.account, *terms, nonce, deadline))
    starts = (Call(_AUCTION, "start", (account.account, contract.account)),)
    sales = tuple(contract.sales[spot.asset] for spot in account.spot)
    return Action(
        kind=ActionKind.EXECUTE,
        account=account.account,
        auction=sale.id,
        nonce=account.nonce,
        args=((starts if auction is None else (), (bid,), sales, closings, max(0, worth.least_gain)),),
        deadline=deadline,
        expected=worth.expected,
        gas_budget=snap.wei(worth.most_cost),
        tip=worth.tip,
    )


def _closings(snap: Snapshot, account: AccountState, contract: AtomicContract) -> tuple[Argument, ...] | None:
    """Pair all that is open with the best offers for it; None where something would be left: contracts, debts, assets.

    The contract fills no more than it holds then, so that offers may reach further than what the bid brings.
    """
    if any(spot.asset not in contract.sales for spot in account.spot):
        return None
    found: list[Argument] = []
    for leg in account.legs:
        if leg.debts != 0 or (leg.size != 0 and is_option(leg.instrument)):
            return None
        if leg.size != 0 and is_averaged(decode(leg.instrument), snap.timestamp):
            return None
        left, sign = abs(leg.size), -1 if leg.size > 0 else 1
        suited = [
            one
            for one in snap.offers
            if one.order.instrument == leg.instrument
            and one.order.size * leg.size > 0
            and one.order.account not in {account.account, contract.account}
        ]
        for offer in sorted(suited, key=lambda one: (sign * one.order.limit_price, one.order.signature)):
            if left > 0:
                found.append((offer.order.encode(), offer.order.signature, offer.left))
                left = max(0, left - offer.left)
        if left > 0:
            return None
    return tuple(found)


def _opening(snap: Snapshot, account: AccountState, pay: Wad) -> AuctionState | None:
    """Give the auction as its start would leave it; None of a healthy account, or one worth nothing."""
    margin, terms = account.maintenance, snap.params.terms
    if account.in_auction or margin.excess >= 0 or margin.equity <= pay:
        return None
    rest = Rest(Wad(margin.equity - pay), Wad(margin.excess - pay), margin.requirement)
    price = whole_price(terms, rest, Seconds(0))
    return AuctionState(
        id=AuctionId(0),
        recorded_insolvent=False,
        stopped=False,
        seen_at=snap.timestamp,
        reserved=Wad(0),
        insolvent=False,
        price=price,
        max_fraction=largest_fraction(terms, rest, price),
        value=rest.value,
    )


def _terms(
    account: AccountState,
    sale: AuctionState,
    cfg: StrategySettings,
    worth: Stake,
    *,
    unit: Wad,
    charge: Callable[[Wad], Wad],
    small: Wad,
) -> tuple[int, int, int]:
    """Give most and least of a fraction to take, and the worst price, as of a bid with own capital.

    The price of `sale` has the charge of its largest fraction in it.
    """
    whole_only = not sale.insolvent and sale.value <= small
    least = sale.max_fraction if whole_only else sale.max_fraction * cfg.min_fraction_ppm // PPM
    asked = min(WAD, ceil_div(sale.max_fraction * HEADROOM, PPM))
    beyond = Wad(max(0, charge(Wad(least)) - charge(sale.max_fraction)))
    needed = Wad(ceil_div(worth.least_gain * WAD, sale.max_fraction))
    limit = limit_of(sale, account, unit, needed, cfg, beyond=beyond)
    return asked, least, limit
