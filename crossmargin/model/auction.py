"""The liquidation auction: price curve, payments, largest slice, bundles, the starter's pay.

Formulas and roundings are those of "Auction" in docs/margin-model.md.
"""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.units import WAD, ZERO, Seconds, Wad, ceil_div, floor_div

__all__ = [
    "BUNDLE_SHARE",
    "AuctionTerms",
    "Rest",
    "bundle_give_up",
    "discount_price",
    "insolvent_payout",
    "largest_fraction",
    "slice_payment",
    "slice_payout",
    "starter_pay",
]

BUNDLE_SHARE: Final = Wad(WAD * 95 // 100)
"""How much of what a slice would give up a bundle may [wad]: strictly less."""


@dataclass(frozen=True, slots=True)
class Rest:
    """All of an account but the reserved cash, which earlier bids of the same auction paid in [wad USD].

    `value` is equity - reserved, `excess` maintenance excess - reserved, `requirement` the whole R of the margin.
    """

    value: Wad
    excess: Wad
    requirement: Wad
    reserved: Wad = ZERO


@dataclass(frozen=True, slots=True)
class AuctionTerms:
    """Configuration of the auction: fractions [wad], lengths [seconds], amounts [wad USD].

    `length` is that of the insolvent phase.
    """

    start: Wad
    floor_price: Wad
    fast: Seconds
    slow: Seconds
    target_buffer: Wad
    small_account: Wad
    length: Seconds
    bundle_share: Wad = BUNDLE_SHARE


def discount_price(terms: AuctionTerms, elapsed: Seconds) -> Wad:
    """Give d(t), the price of a unit of value [wad].

    Falls from `start` to `floor_price` over `fast`, to 0 over `slow`; each fall is rounded down. `elapsed` leaves out
    halted time.
    """
    if elapsed <= terms.fast:
        return Wad(terms.start - floor_div((terms.start - terms.floor_price) * elapsed, terms.fast))
    if elapsed < terms.fast + terms.slow:
        return Wad(terms.floor_price - floor_div(terms.floor_price * (elapsed - terms.fast), terms.slow))
    return Wad(0)


def slice_payment(fraction: Wad, value: Wad, price: Wad) -> Wad:
    """Give what a bidder pays for a fraction of a solvent rest [wad USD], rounded up twice."""
    return Wad(ceil_div(ceil_div(fraction * value, WAD) * price, WAD))


def largest_fraction(terms: AuctionTerms, rest: Rest, price: Wad) -> Wad:
    """Give the largest fraction one bid may take [wad], rounded up; 0 if the account is restored already.

    After it the excess is at least `target_buffer` times the requirement. An account of at most `small_account` goes
    whole.
    """
    short_of_target = rest.excess - floor_div(terms.target_buffer * rest.requirement, WAD)
    need = -short_of_target - rest.reserved
    if need <= 0:
        return Wad(0)
    if rest.value <= terms.small_account:
        return Wad(WAD)
    gain = floor_div(rest.value * price, WAD) - short_of_target
    return Wad(min(WAD, ceil_div(need * WAD, gain)))


def insolvent_payout(terms: AuctionTerms, rest: Rest, elapsed: Seconds) -> Wad:
    """Give what the fund pays for a whole insolvent rest [wad USD].

    Rises from the shortfall -value by the requirement over `length`, rounded down.
    """
    return Wad(-rest.value + floor_div(rest.requirement * min(elapsed, terms.length), terms.length))


def slice_payout(fraction: Wad, payout: Wad) -> Wad:
    """Give a fraction's part of the whole payout [wad USD], rounded down."""
    return Wad(floor_div(fraction * payout, WAD))


def bundle_give_up(terms: AuctionTerms, rest: Rest, benefit: Wad, price: Wad) -> Wad:
    """Give the value a bidder may keep for a bundle that lifts the excess by `benefit` [wad USD].

    Rounded down at each division. A slice lifts the excess by value - excess for each value * (1 - price) given up;
    the bundle must do better by 1/bundle_share.
    """
    if benefit <= 0:
        return Wad(0)
    given = floor_div(floor_div(benefit * (WAD - price), WAD) * rest.value, rest.value - rest.excess)
    return Wad(floor_div(given * terms.bundle_share, WAD))


def starter_pay(flat_tip: Wad, share: Wad, max_tip: Wad, shortfall: Wad, value: Wad) -> Wad:
    """Give the pay for starting an auction [wad USD], rounded down: never above 1 % of the account's value.

    `shortfall` is minus the maintenance excess, `share` a wad fraction of it.
    """
    return Wad(min(flat_tip + floor_div(shortfall * share, WAD), max_tip, max(0, floor_div(value, 100))))
