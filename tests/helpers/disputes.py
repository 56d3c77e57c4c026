"""Sources of a feed that each say a price of their own, or nothing."""

from collections.abc import Mapping

from crossmargin.chain.decimals import parse_units, wad
from tests.helpers.venue import Venue

BOUND = 900
"""The halt bound of ether [s]."""
STALE, UNCERTAIN = 2, 3


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


def fall_silent(venue: Venue, others: Mapping[str, int], *, feed: str = "ETH") -> None:
    """Let the sources of a feed be silent until its price is Stale, while those of others say these prices."""
    for _ in range(2):
        venue.warp(venue.oracle.feedConfig(venue.feed(feed)).primary.maxAge // 2 + 10, refresh=False)
        venue.set_prices(others)
    assert venue.oracle.price(venue.feed(feed)).status == STALE
