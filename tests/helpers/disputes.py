"""Two sources of one feed that each say a price of their own."""

from crossmargin.chain.decimals import parse_units, wad
from tests.helpers.venue import Venue

BOUND = 900
"""The halt bound of ether [s]."""
UNCERTAIN = 3


def says(venue: Venue, *, primary: int, secondary: int, after: int, feed: str = "ETH") -> None:
    """Let time pass, then both sources of a feed say a price."""
    venue.node.pass_time(after)
    answers = {"primary": primary, "secondary": secondary}
    feeds = [venue.record.address(f"feed:{feed}:{place}") for place in answers]
    said = [parse_units(answer, 8) for answer in answers.values()]
    venue.board.post(feeds, said, venue.oracle, [venue.feed(feed)], sender=venue.deployment.record.deployer)


def dispute(venue: Venue, truth: int) -> None:
    """Let the first source of ether be stuck at 2,000 for more than a bound, while the second says the truth."""
    for after in (12, BOUND + 60):
        says(venue, primary=2000, secondary=truth, after=after)
    found = venue.oracle.price(venue.feed("ETH"))
    assert (found.mid, found.status) == (wad(2000), UNCERTAIN)
