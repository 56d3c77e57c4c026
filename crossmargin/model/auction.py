"""The liquidation auction: clocks, reward, payments, largest slice, payouts, bundles, charges, the starter's pay.

Formulas and roundings are those of "Auction" in docs/margin-model.md.
"""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.breakdown import Doubt
from crossmargin.model.units import EPOCH, WAD, ZERO, Seconds, Wad, ceil_div, floor_div

__all__ = [
    "BUNDLE_SHARE",
    "LEAST_PART",
    "MAX_TIME",
    "AuctionTerms",
    "Clock",
    "Rest",
    "bundle_give_up",
    "bundle_least",
    "insolvent_payout",
    "largest_fraction",
    "leaving_charge",
    "reserved_cash",
    "reward",
    "slice_payment",
    "slice_payout",
    "starter_pay",
    "whole_price",
]

BUNDLE_SHARE: Final = Wad(WAD * 95 // 100)
"""How much of what a slice would give up a bundle may [wad]: strictly less."""
LEAST_PART: Final = Wad(WAD // 100)
"""Least fraction of a slice, and least part of what is missing to the target that a bundle brings [wad]."""
MAX_TIME: Final = Seconds(2**22 - 1)
"""Most auction time that a phase counts: longer than any curve [s]."""
_SLOWNESS: Final = 84
"""How many times as long an insolvent account waits with much in doubt."""
_FIRST: Final = 360
"""Its first time counts whatever is found: the payout rises by a twentieth of the requirement [s]."""
_UNSEEN: Final = 120
"""Of time that began before such a doubt, and that nobody looked at, so much counts in full at most [s]."""
_NO_TIME: Final = Seconds(0)


@dataclass(frozen=True, slots=True)
class Rest:
    """All of an account but the reserved cash, which earlier bids of the same auction paid in [wad USD].

    `value` is equity - reserved, `excess` maintenance excess - reserved, `requirement` the whole R of the margin.
    """

    value: Wad
    excess: Wad
    requirement: Wad
    reserved: Wad = ZERO

    @property
    def held_back(self) -> Wad:
        """What the margin keeps: the requirement, and what haircuts and impact take off spot."""
        return Wad(max(self.value - self.excess, self.requirement))


@dataclass(frozen=True, slots=True)
class AuctionTerms:
    """Configuration of the auction: fractions [wad], lengths [seconds], amounts [wad USD].

    `length` and `insolvent_flat` are those of the insolvent phase.
    """

    start_reward: Wad
    knee_reward: Wad
    fast: Seconds
    slow: Seconds
    target_buffer: Wad
    small_account: Wad
    length: Seconds
    insolvent_flat: Wad = ZERO
    bundle_share: Wad = BUNDLE_SHARE


@dataclass(frozen=True, slots=True)
class Clock:
    """Auction time of both phases as the last look left it [seconds]. Each goes on where it stood.

    `seen_at` is when that was, less what a crawl has left uncounted.
    `insolvent` is the phase that look found. `stopped`: it found Halted prices that matter, a healthy account, or an
    insolvent one with much in doubt.
    """

    seen_at: Seconds
    insolvent: bool = False
    stopped: bool = False
    solvent_time: Seconds = _NO_TIME
    insolvent_time: Seconds = _NO_TIME

    @property
    def elapsed(self) -> Seconds:
        """Auction time of the present phase."""
        return self.insolvent_time if self.insolvent else self.solvent_time

    def look(
        self, now: Seconds, rest: Rest, *, doubt: Doubt = Doubt.SMALL, floor: Seconds = EPOCH
    ) -> tuple["Clock", bool]:
        """Look at the auction; give its clock now, and whether one may bid.

        The time since the last look counts for the phase found there, unless the clock stood; what lies before the
        sequencer's `floor` does not. Halted prices say nothing about the phase. From a look that finds much
        in doubt an insolvent account waits longer, and what began so counts no more once it is not. Of time that began
        without and ends so, or in a halt, two minutes at most count in full. The first six minutes of an insolvent
        account count whatever is found.
        """
        healthy, insolvent = rest.excess + rest.reserved >= 0, rest.value <= 0
        seen = self._counted(now, floor, doubt)
        if not insolvent:
            # what a crawl leaves uncounted is of no other phase
            seen = replace(seen, seen_at=now)
        if doubt is Doubt.HALTED:
            return replace(seen, stopped=True), False
        stopped = healthy or (insolvent and doubt is Doubt.LARGE)
        return replace(seen, insolvent=insolvent, stopped=stopped), not healthy and floor <= now

    def _counted(self, now: Seconds, floor: Seconds, doubt: Doubt) -> "Clock":
        since = max(0, now - max(self.seen_at, floor))
        counted = 0 if self.stopped else since
        if self.insolvent and doubt is not Doubt.SMALL:
            counted = min(counted, _UNSEEN)
        if self.insolvent:
            counted = max(counted, min(since, _FIRST - self.insolvent_time))
        left = 0
        if self.insolvent and doubt is Doubt.LARGE:
            crawled, left = divmod(since - counted, _SLOWNESS)
            counted += crawled
        time, seen_at = Seconds(min(self.elapsed + counted, MAX_TIME)), Seconds(now - left)
        if self.insolvent:
            return replace(self, seen_at=seen_at, insolvent_time=time)
        return replace(self, seen_at=seen_at, solvent_time=time)


def reserved_cash(reserved: Wad, cash: Wad) -> Wad:
    """Give what is reserved of an account's cash [wad USD]: at most what is there."""
    return Wad(max(0, min(reserved, cash)))


def reward(terms: AuctionTerms, rest: Rest, elapsed: Seconds) -> Wad:
    """Give w(t), what taking the whole solvent rest earns [wad USD], rounded down; at most its value.

    From `start_reward` of the requirement to `knee_reward` of it over `fast`; then over `slow` to all that the margin
    holds back, which is more than the value of an account below maintenance.
    """
    if elapsed < terms.fast:
        rate = terms.start_reward + floor_div((terms.knee_reward - terms.start_reward) * elapsed, terms.fast)
        return Wad(min(rest.value, floor_div(rate * rest.requirement, WAD)))
    knee = floor_div(terms.knee_reward * rest.requirement, WAD)
    slow = min(elapsed - terms.fast, terms.slow)
    return Wad(min(rest.value, knee + floor_div((rest.held_back - knee) * slow, terms.slow)))


def whole_price(terms: AuctionTerms, rest: Rest, elapsed: Seconds) -> Wad:
    """Give the price of the whole solvent rest [wad USD], rounded up."""
    return Wad(rest.value - reward(terms, rest, elapsed))


def slice_payment(fraction: Wad, price: Wad) -> Wad:
    """Give what a bidder pays for a fraction of a solvent rest whose whole has a price [wad USD], rounded up."""
    return Wad(ceil_div(fraction * price, WAD))


def largest_fraction(terms: AuctionTerms, rest: Rest, price: Wad) -> Wad:
    """Give the largest fraction one bid may take [wad], rounded up; 0 if the account is restored already.

    After it the excess is at least `target_buffer` times the requirement. An account of at most `small_account` goes
    whole, and so does one of which less than the least part would be left; at least that part is sold.
    """
    short_of_target = rest.excess - _target(terms, rest)
    need = -short_of_target - rest.reserved
    if need <= 0:
        return Wad(0)
    if rest.value <= terms.small_account:
        return Wad(WAD)
    fraction = ceil_div(need * WAD, price - short_of_target)
    return Wad(WAD if fraction > WAD - LEAST_PART else max(fraction, LEAST_PART))


def _target(terms: AuctionTerms, rest: Rest) -> int:
    return floor_div(terms.target_buffer * rest.requirement, WAD)


def bundle_give_up(terms: AuctionTerms, rest: Rest, benefit: Wad, whole: Wad) -> Wad:
    """Give the value a bidder may keep for a bundle that lifts the excess by `benefit` [wad USD].

    Rounded down twice. `whole` is the reward of the whole. A slice that lifts the excess by value - excess before it is
    paid for gives that up; the bundle must do better by 1/bundle_share.
    """
    if benefit <= 0:
        return Wad(0)
    given = floor_div(benefit * whole, rest.value - rest.excess)
    return Wad(floor_div(given * terms.bundle_share, WAD))


def bundle_least(terms: AuctionTerms, rest: Rest) -> Wad:
    """Give the least rise of the excess that a bundle which does not restore must bring [wad USD], rounded up."""
    missing = _target(terms, rest) - rest.excess - rest.reserved
    return Wad(ceil_div(missing * LEAST_PART, WAD))


def insolvent_payout(terms: AuctionTerms, rest: Rest, elapsed: Seconds) -> Wad:
    """Give what a whole insolvent rest pays its bidder [wad USD].

    Rises from the shortfall -value by the requirement over `length`, rounded down; by at least `insolvent_flat`, but
    never by more than the shortfall for that.
    """
    rise = max(rest.requirement, min(terms.insolvent_flat, -rest.value))
    return Wad(-rest.value + floor_div(rise * min(elapsed, terms.length), terms.length))


def slice_payout(fraction: Wad, payout: Wad) -> Wad:
    """Give a fraction's part of the whole payout [wad USD], rounded down."""
    return Wad(floor_div(fraction * payout, WAD))


def leaving_charge(before: Wad, after: Wad, gap: Wad, lent: Wad) -> Wad:
    """Give what a bidder is charged for lent cash that a sale takes out of what bears a loss [wad USD], rounded up.

    `before` and `after` are what bidder and account have lent together, what is due to the bidder in cash counted as
    lent; `gap` are losses in sight beyond the insurance, `lent` what others than the insurance have lent, and a wei:
    both as `MarginVault.payableCash` has them. What stays because of the charge leaves too; at most the part of
    `before`.
    """
    if gap == 0:
        return ZERO
    out = max(0, before - after)
    return Wad(min(ceil_div(out * gap, lent - gap + 1), ceil_div(before * gap, lent)))


def starter_pay(flat_tip: Wad, share: Wad, max_tip: Wad, shortfall: Wad, value: Wad) -> Wad:
    """Give the pay for starting an auction [wad USD], rounded down: never above 1 % of the account's value.

    `shortfall` is minus the maintenance excess, `share` a wad fraction of it.
    """
    return Wad(min(flat_tip + floor_div(shortfall * share, WAD), max_tip, max(0, floor_div(value, 100))))
