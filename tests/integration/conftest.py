"""The traders' client, connected to the venue of the fixtures."""

import pytest
from eth_account import Account

from crossmargin.chain.decimals import parse_units
from crossmargin.client.venue import Venue


@pytest.fixture
def client(venue, node, tmp_path):
    """Connect somebody to the venue by its file."""
    path = tmp_path / "31337.json"
    venue.record.save(path)

    def connect(who) -> Venue:
        return Venue.connect(node.web3.provider.endpoint_uri, path, Account.from_key(who.private_key))

    return connect


@pytest.fixture
def pair(venue, client, trader, maker):
    """Give a trader and a maker 10,000 of cash each, deposited by permit."""
    venue.mint(trader, "USDC", 20_000)
    venue.mint(maker, "USDC", 20_000)
    both = client(trader), client(maker)
    for each in both:
        each.deposit_with_permit("USDC", parse_units(10_000, 6))
    return both
