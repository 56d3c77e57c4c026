"""Two sources of ether that each say a price of their own."""

from crossmargin.chain.decimals import parse_units
from tests.helpers.venue import Venue

BOUND = 900
"""The halt bound of ether [s]."""


def says(venue: Venue, *, primary: int, secondary: int, after: int) -> None:
    """Let time pass, then both sources of ether say a price."""
    venue.node.pass_time(after)
    answers = {"primary": primary, "secondary": secondary}
    feeds = [venue.record.address(f"feed:ETH:{place}") for place in answers]
    said = [parse_units(answer, 8) for answer in answers.values()]
    venue.board.post(feeds, said, venue.oracle, [venue.feed("ETH")], sender=venue.deployment.record.deployer)
