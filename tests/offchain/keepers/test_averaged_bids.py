"""What an account is worth to a bidder while a part of it waits for an average that is nearly known."""

from dataclasses import replace

from keepers.strategies import ActionKind, decide
from tests.offchain.keepers.venue_samples import BIDDER, DEFAULTS, ETH, SICK, account, auction, snapshot

FUTURE = (2 << 60) | (ETH << 48) | (500_000 << 24)


def test_nothing_is_bid_for_what_is_being_averaged_as_if_it_were_worth_the_index():
    """A thief's account is short of 400 futures against another of his, won 400 each at the index, and sick by bitcoin.

    They will pay an average that is 600 above the index, as everybody can read. The shipped keeper bids what it would
    for a perpetual. Bundles and closings leave such contracts out, bids of slices do not.
    """
    end = 500_000 * 3_600
    sick = account(in_auction=True, equity=900, legs=((FUTURE, -1.0),))
    bidder = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, cash=10_000)
    found = decide(replace(snapshot(sick, auctions={SICK: auction(800)}, bidder=bidder), timestamp=end - 60), DEFAULTS)
    assert not [one for one in found if one.kind is ActionKind.BID]
