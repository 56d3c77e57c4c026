"""What a bid is charged where lent cash meets a loan in the sale, while losses in sight exceed the insurance. Pure.

Cash of the bidder that meets the account's loan, or the account's that meets the bidder's, is lent no more. Amounts are
those of the block; who else bids before it may leave the part that is charged another.
"""

from crossmargin.model.auction import leaving_charge, reserved_cash, slice_payment, slice_payout
from crossmargin.model.units import WAD, ZERO, Wad, ceil_div, floor_div
from keepers.views import AccountState, AuctionState, InSight

__all__ = ["bundle_charge", "slice_charge", "whole_charge"]


def slice_charge(sight: InSight, cash: Wad, account: AccountState, auction: AuctionState, fraction: Wad) -> Wad:
    """Give what a fraction of an account is charged to a bidder with so much cash [USD], rounded up.

    Of an insolvent account the most: its reserved cash pays no more of a payout than leaves it better off, and what
    markets bear of the rest, where it has any, is credited there and no cash.
    """
    reserved = reserved_cash(auction.reserved, account.cash)
    moved = floor_div(fraction * (account.cash - reserved), WAD)
    mine, left = cash + moved, account.cash - moved
    if auction.insolvent:
        payout = slice_payout(fraction, Wad(-auction.price))
        own = min(payout, reserved_cash(reserved, Wad(left)))
        after = mine + (own if account.legs else payout), left - own
    else:
        paid = slice_payment(fraction, auction.price)
        after = mine - paid, left + paid
    return _charge(sight, (cash, account.cash), after)


def bundle_charge(sight: InSight, cash: Wad, account: AccountState, give_up: Wad) -> Wad:
    """Give what a bundle without collateral is charged to a bidder with so much cash [USD], rounded up."""
    return _charge(sight, (cash, account.cash), (cash + give_up, account.cash - give_up))


def whole_charge(sight: InSight, cash: Wad, account: AccountState, auction: AuctionState, fraction: Wad) -> Wad:
    """Give what a bid's limit needs beside the price of the whole [USD], rounded up: enough for larger fractions too.

    What leaves grows by less than the fraction.
    """
    fee = slice_charge(sight, cash, account, auction, fraction) if fraction > 0 else ZERO
    return Wad(ceil_div(fee * WAD, fraction)) if fee else ZERO


def _charge(sight: InSight, before: tuple[int, int], after: tuple[int, int]) -> Wad:
    lent_before, lent_after = (Wad(sum(max(0, one) for one in cash)) for cash in (before, after))
    return leaving_charge(lent_before, lent_after, sight.gap, sight.lent)
