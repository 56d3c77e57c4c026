"""An account after a what-if, by the exact model: what the simulator says, and what it does not say. A plan.

Health at the margins that are announced is asked of nobody: the engine knows no multipliers but those of now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crossmargin.chain.accounts import account_name
from crossmargin.client.announced import announced
from crossmargin.client.names import Asset
from crossmargin.client.plans import Head, Plan, Question
from crossmargin.client.snapshot import Snapshot, snapshot
from crossmargin.client.views import Margin
from crossmargin.client.words import HeldLeg, HeldSpot
from crossmargin.errors import ModelError
from crossmargin.model.account import Account, Spot
from crossmargin.model.instruments import decode
from crossmargin.model.ledger import NO_CLAIM, MarketLeg, filled
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import index_now
from crossmargin.model.prices import Shock
from crossmargin.model.units import ZERO, AccountId, FeedId, InstrumentId, TokenUnits, Wad

__all__ = ["Supposed", "announced_health_if"]


@dataclass(frozen=True, slots=True)
class Supposed:
    """A what-if: instrument, size [wad base], price [wad USD]; asset, amount [token units]; cash [wad USD]; moves."""

    trades: Sequence[tuple[InstrumentId, Wad, Wad]] = ()
    collateral: Sequence[tuple[Asset, TokenUnits]] = ()
    cash: Wad = ZERO
    shocks: Mapping[FeedId, Wad] = field(default_factory=dict)

    @property
    def words(self) -> tuple[Any, ...]:
        """Give the simulator's `Change` struct."""
        instruments, sizes, prices = ([each[place] for each in self.trades] for place in range(3))
        indices, amounts = [asset.index for asset, _ in self.collateral], [amount for _, amount in self.collateral]
        return instruments, sizes, prices, indices, amounts, self.cash


def announced_health_if(account: AccountId, change: Supposed, head: Head) -> Plan[Wad]:
    """Compute the health factor after a change at the margins that are announced, prices standing still [wad].

    ModelError where the simulator says otherwise of the same change at the same block, at the margins of now.
    """
    empty = [_empty(asset) for asset, _ in change.collateral]
    taken = yield from snapshot(account, head, [instrument for instrument, _, _ in change.trades], empty)
    (says,) = yield [Question("RiskSimulator", "simulate", (account, change.words, list(change.shocks.items())))]
    after = _after(taken, change, empty)
    for which, raw in zip((RiskSet.INITIAL, RiskSet.MAINTENANCE), says, strict=True):
        if margin(after.account, after.state, which).excess != Margin.decode(raw).excess:
            raise ModelError(f"{account_name(account)}: the venue's simulator does not compute margin as this client")
    return Wad(margin(after.account, announced(after.state), RiskSet.MAINTENANCE).health_factor)


def _empty(asset: Asset) -> HeldSpot:
    if asset.index is None:
        raise ValueError(f"{asset.symbol} is cash, no collateral")
    return HeldSpot(asset.index, Spot(0, asset.decimals, asset.feed, asset.underlying))


def _after(taken: Snapshot, change: Supposed, empty: Sequence[HeldSpot]) -> Snapshot:
    """Give venue and account after the change: prices move first, as in the simulator."""
    known = taken.state.prices  # what the account does not need may move as it likes
    moved = taken.state.moved([Shock(feed, move) for feed, move in change.shocks.items() if feed in known])
    arrays = {option: taken.array(option, moved.price(decode(option).underlying).mid) for option in taken.surfaces}
    state = replace(moved, arrays={**moved.arrays, **arrays})
    legs = {each.instrument: each for each in taken.legs}
    for instrument, size, price in change.trades:
        market = state.market(instrument)
        none = HeldLeg(instrument, ZERO, ZERO, NO_CLAIM, NO_CLAIM, market)
        legs[instrument] = _traded(legs.get(instrument, none), size, price, replace(taken, state=state))
    spots = {each.index: each for each in (*empty, *taken.spots)}
    for asset, amount in change.collateral:
        held = spots[_empty(asset).index]
        spots[held.index] = replace(held, spot=replace(held.spot, amount=held.spot.amount + amount))
    account = Account(
        Wad(taken.account.cash + change.cash),
        tuple(each.spot for each in spots.values()),
        tuple(each.leg for each in legs.values()),
    )
    return replace(taken, account=account, state=state, legs=tuple(legs.values()), spots=tuple(spots.values()))


def _traded(held: HeldLeg, size: Wad, price: Wad, taken: Snapshot) -> HeldLeg:
    """Fill a leg: what the trade closes makes its profit at once, unpaid, and the rest is opened."""
    terms, state = decode(held.instrument), taken.state
    mid = state.price(terms.underlying).mid
    funding = ZERO if terms.kind.is_option else index_now(held.market, mid, state.now)
    leg = filled(MarketLeg(held.size, held.basis, long=held.long, short=held.short), size, price, funding, mid)
    return replace(held, size=leg.size, basis=leg.basis, long=leg.long, short=leg.short)
