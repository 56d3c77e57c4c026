"""What the key of one of two sources is worth to who holds accounts too."""

from crossmargin.chain.decimals import parse_units
from crossmargin.model.units import WAD
from tests.helpers.auctions import open_long, start
from tests.helpers.disputes import BOUND, says
from tests.helpers.reverts import ANY
from tests.helpers.venue import Venue


def second_says(venue: Venue, price: int, *, after: int) -> None:
    """Let time pass, then the second source of ether say a price, and the first 2,000."""
    says(venue, primary=2000, secondary=price, after=after)


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


def test_a_source_that_stutters_keeps_no_price(venue):
    """Ether falls to 900; the second source says 2,000, and every 85 minutes for a block nothing.

    Otherwise the first source is alone for a moment, its jump halts for a bound, and the next block's dispute waits for
    six bounds more: five times here, and for ever.
    """
    says(venue, primary=2000, secondary=2000, after=12)
    for _ in range(5):
        says(venue, primary=900, secondary=2000, after=12)
        says(venue, primary=900, secondary=2000, after=17 * BOUND // 3 - 60)
        stutter(venue, primary=900)
    assert venue.oracle.price(venue.feed("ETH")).mid < 2000 * WAD


def test_who_is_silent_has_not_agreed(venue, trader, maker):
    """The first source is stuck at 2,000, the second says 900 for 16 minutes, and nothing for a block.

    Otherwise 2,000 is Valid in that block, though 12 seconds ago a live source said less than half. 100 ether, bought
    for 90,000, would be lent 150,000. Pyth is silent a minute after nobody has posted its price.
    """
    venue.deposit(maker, "USDC", 1_000_000)
    venue.deposit(trader, "WETH", 100)
    says(venue, primary=2000, secondary=900, after=12)
    says(venue, primary=2000, secondary=900, after=BOUND + 60)
    stutter(venue, primary=2000)
    with venue.refuses("PricesNotValid", account=ANY):
        venue.withdraw(trader, "USDC", 150_000)


def stutter(venue: Venue, *, primary: int) -> None:
    """Let the second source of ether be silent while the first says a price."""
    first, second = (venue.record.address(f"feed:ETH:{place}") for place in ("primary", "secondary"))
    code = venue.node.rpc("eth_getCode", second, "latest")
    venue.node.rpc("anvil_setCode", second, "0x")
    venue.node.pass_time(12)
    said = [parse_units(primary, 8)]
    venue.board.post([first], said, venue.oracle, [venue.feed("ETH")], sender=venue.deployment.record.deployer)
    venue.node.rpc("anvil_setCode", second, code)
