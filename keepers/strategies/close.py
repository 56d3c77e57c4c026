"""Closing what the bidder has taken over, against orders that others signed: the best prices first. Pure.

The price is the maker's; the bidder's own order, which only reduces, names the worst one. It needs no signature, for
whoever sends it is its signer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.instruments import decode
from crossmargin.model.positions import is_averaged
from crossmargin.model.units import PPM, WAD, AuctionId, InstrumentId, Ppm, Seconds, StateNonce, Wad, ceil_div
from keepers.calls import Argument
from keepers.offers import Offer, SignedOrder
from keepers.outside import ClosingSettings
from keepers.strategies.model import Action, ActionKind, Holding
from keepers.units import Wei
from keepers.views import AccountState, LegState, is_option

__all__ = ["Fill", "arguments", "close", "could_close", "fills", "single_fills", "worst_price"]

_GAS: Final = Gas(450_000)
_OPTION_GAS: Final = Gas(120_000)  # of an array that a reduction may have to refresh
_WORDS: Final = 28  # of a fill: two orders, a signature
_ANY_NONCE: Final = 2**256 - 1
_NONCE_BYTES: Final = 8
_TIME_LEFT: Final = Seconds(15)  # an order must live so much longer to be worth a transaction


@dataclass(frozen=True, slots=True)
class Fill:
    """A part of a position and the offer that closes it; size without sign [wad base], worst price [wad USD]."""

    leg: LegState
    offer: Offer
    size: Wad
    worst: Wad


def worst_price(leg: LegState, price: Wad, slippage: Ppm) -> Wad:
    """Give the worst price at which a position may be closed, off its index or mark [wad USD]."""
    if leg.size > 0:
        return Wad(ceil_div(price * (PPM - slippage), PPM))
    return Wad(price * (PPM + slippage) // PPM)


def could_close(order: SignedOrder, leg: LegState, worst: Wad, now: Seconds) -> bool:
    """Tell whether an order is of the other side, at a price that is not too bad, lives long enough, and trades."""
    if order.instrument != leg.instrument or leg.size * order.size <= 0 or order.expiry < now + _TIME_LEFT:
        return False
    if is_averaged(decode(leg.instrument), now):
        return False
    return order.limit_price >= worst if leg.size > 0 else order.limit_price <= worst


def single_fills(held: Holding, cfg: ClosingSettings) -> Iterator[Fill]:
    """Pair every position with each offer for it, as if that were the only one; the best prices first."""
    for leg in held.bidder.legs:
        price = held.prices.get(leg.instrument)
        if leg.size == 0 or not price:
            continue
        worst = worst_price(leg, price, cfg.max_slippage_ppm)
        suited = [
            one
            for one in held.offers
            if one.order.account != held.bidder.account and could_close(one.order, leg, worst, held.timestamp)
        ]
        sign = -1 if leg.size > 0 else 1
        for offer in sorted(suited, key=lambda one: (sign * one.order.limit_price, one.order.signature)):
            size = Wad(min(abs(leg.size), offer.left))
            if size * price // WAD >= max(1, cfg.min_size):
                yield Fill(leg, offer, size, worst)


def fills(held: Holding, cfg: ClosingSettings) -> Iterator[Fill]:
    """Share every position out among the best offers for it, as far as they reach."""
    left = {leg.instrument: abs(leg.size) for leg in held.bidder.legs}
    for one in single_fills(held, cfg):
        instrument = one.leg.instrument
        size = Wad(min(left[instrument], one.size))
        if size > 0 and size * held.prices[instrument] // WAD >= cfg.min_size:
            left[instrument] -= size
            yield replace(one, size=size)


def close(held: Holding, cfg: ClosingSettings) -> list[Action]:
    """Fill the best offers, a few a block; what is done or failed a moment ago is left out."""
    found = []
    for fill in fills(held, cfg):
        action = _action(held, fill, cfg)
        if action is not None and action.key not in held.done:
            found.append(action)
    return found[: cfg.max_fills]


def _action(held: Holding, fill: Fill, cfg: ClosingSettings) -> Action | None:
    options = len(held.bidder.option_series) + int(is_option(fill.leg.instrument))
    cost = held.cost(Gas(_GAS + _OPTION_GAS * options), _WORDS)
    if cost > cfg.max_cost:
        return None
    return Action(
        kind=ActionKind.CLOSE,
        account=held.bidder.account,
        auction=AuctionId(0),
        nonce=_nonce(fill.leg.instrument, held.bidder, fill),
        args=arguments(held, fill, cfg, held.deadline),
        deadline=held.deadline,
        expected=Wad(-cost),
        gas_budget=held.wei(cfg.max_cost),
        tip=Wei(0),
    )


def arguments(held: Holding, fill: Fill, cfg: ClosingSettings, deadline: Seconds) -> tuple[Argument, ...]:
    """Write the arguments of the exchange's `fill`."""
    taker = (
        held.bidder.account,
        held.sender,
        fill.leg.instrument,
        -fill.leg.size,
        fill.worst,
        cfg.max_fee_ppm,
        deadline,
        _ANY_NONCE,
        held.epoch,
        True,
    )
    return fill.offer.order.encode(), fill.offer.order.signature, taker, b"", fill.size


def _nonce(instrument: InstrumentId, bidder: AccountState, fill: Fill) -> StateNonce:
    """Tell one fill of an order at one state of the position from the next."""
    text = f"{instrument}:{bidder.nonce}:{fill.leg.size}:{fill.offer.left}:{fill.offer.order.signature.hex()}"
    return StateNonce(int.from_bytes(sha256(text.encode()).digest()[:_NONCE_BYTES]))
