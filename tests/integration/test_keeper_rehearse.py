"""A crash rehearsed on a copy of the venue's chain: what the keeper would make of it, and the chain as it was."""

import json
from functools import partial

import pytest
from click.testing import CliRunner

from crossmargin.chain.decimals import wad
from keepers.cli import main
from tests.helpers.keeper_process import PASSPHRASE, KeeperProcess


@pytest.fixture
def book(venue, trader, maker, other):
    """Let three accounts be long of ether at 2,000: one that falls ill, one that falls below zero, one that is well."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "500000")
    for sub_id, (owner, cash) in enumerate(((trader, "5600"), (other, "4800"), (other, "50000"))):
        venue.deposit(owner, "USDC", cash, sub_id=sub_id)
        venue.trade(owner, maker, "ETH-PERP", "20", sub_ids=(sub_id, 0))


@pytest.fixture
def keeper(tmp_path, venue, liquidator, monkeypatch):
    """Give a way to call commands of the liquidator's keeper."""
    monkeypatch.setenv("KEEPER_TEST_PASSPHRASE", PASSPHRASE)
    venue.deposit(liquidator, "USDC", "200000")

    def call(command: str, *arguments: str, code: int = 0, **settings) -> str:
        config = KeeperProcess(tmp_path, venue, liquidator, settings=settings).config
        done = CliRunner(mix_stderr=False).invoke(main, [command, "--config", str(config), *arguments])
        assert done.exit_code == code, (done.output, done.stderr)
        return done.output if code == 0 else done.stderr

    return call


@pytest.fixture
def rehearse(keeper):
    """Rehearse alone."""
    return partial(keeper, "rehearse")


@pytest.fixture
def contest(keeper):
    """Rehearse against others."""
    return partial(keeper, "contest")


def test_a_crash_is_rehearsed_and_the_chain_is_as_it_was(book, rehearse, venue, trader, other, liquidator):
    """Two accounts are taken over, one at others' expense; on the venue itself nothing has happened."""
    before = venue.node.web3.eth.block_number, venue.state(trader, other, liquidator)()
    found = json.loads(rehearse("--shock", "ETH=-0.13", "--json"))
    assert (venue.node.web3.eth.block_number, venue.state(trader, other, liquidator)()) == before

    rows = {row["account"]: row for row in found["each"]}
    ill, broke = (f"{venue.account(*one):#066x}" for one in ((trader, 0), (other, 1)))
    assert rows.keys() == {ill, broke}
    assert found["unhealthy"] == 2
    assert found["prices_not_valid"] == []
    for row in rows.values():
        assert row["started"]
        assert row["bids"] >= 1
        assert float(row["profit"]) > 0
        assert row["why_not"] == ""
    assert float(rows[broke]["worth"]) < 0 < float(rows[broke]["bad_debt"])
    assert float(rows[ill]["bad_debt"]) == 0
    assert float(found["gas"]) > 0
    assert wad(found["profit"]) == sum(wad(row["profit"]) for row in rows.values())


def test_what_is_not_bid_is_explained(book, rehearse):
    """A limit, named; a table that fits 80 columns; and no price that nothing reads."""
    small = {"market_limit": 0}
    found = json.loads(rehearse("--shock", "ETH=-0.1", "--hours", "0.05", "--json", strategy=small))
    assert {row["why_not"] for row in found["each"]} == {"no room: market_limit"}
    assert {row["sold"] for row in found["each"]} == {f"0.{'0' * 18}"}
    table = rehearse("--shock", "ETH=-0.1", "--hours", "0.02", strategy=small)
    assert "market_limit" in table.replace("\n", "")
    assert max(map(len, table.splitlines())) <= 80
    assert "no feed of" in rehearse("--shock", "DOGE=-0.1", code=1)
    assert "typing" not in rehearse("--shock", "ETH=-1.5", code=1)


@pytest.fixture
def crowd(venue, trader, maker, other):
    """Let eight accounts be long of ether at 2,000, with less and less margin."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "900000")
    for sub_id in range(8):
        owner = trader if sub_id % 2 else other
        venue.deposit(owner, "USDC", str(5600 - 150 * sub_id), sub_id=sub_id)
        venue.trade(owner, maker, "ETH-PERP", "20", sub_ids=(sub_id, 0))


def test_keepers_compete_and_the_contest_can_be_played_again(crowd, contest):
    """Nearly all of what auctions give is captured, few transactions revert, and twice is the same."""
    found = [json.loads(contest("--shock", "ETH=-0.1", "--json")) for _ in range(2)]
    assert found[0] == found[1]
    (one, _) = found
    assert one["auctions"] >= 4
    assert one["captured_percent"] >= 95
    assert one["reverted"] <= one["sent"] / 10
    assert [each["name"] for each in one["each"]] == ["as configured", "patient", "hasty", "naive"]
    assert sum(each["bids"] for each in one["each"]) >= 4
    assert wad(one["captured"]) == sum(wad(each["captured"]) for each in one["each"])
