"""What the key of one of two sources is worth to who holds accounts too."""

from crossmargin.chain.decimals import parse_units
from tests.helpers.auctions import open_long, start
from tests.helpers.reverts import ANY
from tests.helpers.venue import Venue

BOUND = 900


def second_says(venue: Venue, price: int, *, after: int) -> None:
    """Let time pass, then the second source of ether say a price, and the first 2,000."""
    venue.node.pass_time(after)
    answers = {"primary": 2000, "secondary": price}
    feeds = [venue.record.address(f"feed:ETH:{place}") for place in answers]
    said = [parse_units(answer, 8) for answer in answers.values()]
    venue.board.post(feeds, said, venue.oracle, [venue.feed("ETH")], sender=venue.deployment.record.deployer)


def test_attack_92_a_captured_source_sells_nobody_before_six_bounds(venue, trader, maker, keeper):
    """The second source lies for a block, and 90 minutes later for another: then ether is at 1,300 at once.

    Otherwise a long of 20 ether with 10,000 dollars is insolvent in the block of the second lie. A bidder takes it, is
    credited 4,016 beside, and has won 14,000 at the 2,000 that the first source says all the time.
    """
    account = open_long(venue, trader, maker)
    second_says(venue, 1300, after=12)
    second_says(venue, 2000, after=12)
    second_says(venue, 1300, after=6 * BOUND)
    with venue.refuses("Healthy", trader, account=account, excess=ANY):
        start(venue, trader, keeper)
