"""The traders' client and the keeper, connected to the venue of the fixtures."""

import pytest
from eth_account import Account

from crossmargin.chain.decimals import parse_units
from crossmargin.client.venue import Venue
from tests.helpers.keeper_process import KeeperProcess


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


@pytest.fixture
def start_keeper(tmp_path, venue, liquidator):
    """Give a starter of keepers whose owner has cash to bid with; they are killed in the end."""
    venue.deposit(liquidator, "USDC", "200000")
    made = []

    def start(*, live: bool = True, **options):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(KeeperProcess(folder, venue, liquidator, **options))
        made[-1].start(live=live)
        return made[-1]

    yield start
    for one in made:
        one.kill()


@pytest.fixture
def position(venue, trader, maker):
    """Give the trader 20 ether long on 5,000 dollars of margin at 2,000."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "5000")
    venue.trade(trader, maker, "ETH-PERP", "20")
