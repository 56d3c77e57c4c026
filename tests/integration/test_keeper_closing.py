"""What a keeper takes over it closes: against signed orders of a relay, by itself and by hand."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crossmargin.chain.decimals import wad
from keepers.cli import main
from tests.helpers.keeper_process import PASSPHRASE, KeeperProcess

HEDGER = """
import json, sys
for line in sys.stdin:
    one = json.loads(line)
    open(sys.argv[1], "a").write(line)
    print(json.dumps({"id": one["id"], "hedged": one["size"]}), flush=True)
"""


@pytest.fixture
def position(venue, trader, maker):
    """Give the trader 20 ether long on 5,000 dollars of margin at 2,000."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "200000")
    venue.deposit(trader, "USDC", "5000")
    venue.trade(trader, maker, "ETH-PERP", "20")


def _offer(venue, maker, book: Path, size: str, price: str) -> None:
    """Add a signed order of the maker's to the relay's file."""
    order = venue.order(maker, "ETH-PERP", size, price, expiry=venue.node.now + 10**6)
    line = {"order": order.to_json(), "signature": "0x" + venue.sign(order).hex()}
    with book.open("a") as file:
        file.write(json.dumps(line) + "\n")


@pytest.fixture
def make_keeper(tmp_path, venue, liquidator):
    """Give a maker of keepers that may read the relay's file; they are killed in the end."""
    venue.deposit(liquidator, "USDC", "200000")
    made = []

    def make(**settings) -> KeeperProcess:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(KeeperProcess(folder, venue, liquidator, settings=settings))
        return made[-1]

    yield make
    for one in made:
        one.kill()


def _mine_until(keeper, venue, condition, what) -> None:
    """Mine blocks of 30 seconds, each once the keeper has acted on the last, until something becomes true."""

    def step() -> bool:
        if condition():
            return True
        if keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number:
            venue.warp(30)
        return False

    keeper.until(step, what)


def test_what_was_taken_over_is_hedged_and_closed(make_keeper, position, venue, trader, maker, liquidator, tmp_path):
    """The hedger hears of it at once; the best offer is filled, the lie and the bad price are not."""
    book, told = tmp_path / "orders.jsonl", tmp_path / "told.jsonl"
    _offer(venue, maker, book, "50", "1700")
    program = tmp_path / "hedger.py"
    program.write_text(HEDGER)
    keeper = make_keeper(
        closing={"orders": [str(book)], "refresh_seconds": 0.1},
        hedger={"command": [sys.executable, str(program), str(told)]},
    )
    keeper.start()
    venue.set_price("ETH", "1830")
    _mine_until(keeper, venue, lambda: venue.position(liquidator, "ETH-PERP")[0] > 0, "taken over")
    _mine_until(keeper, venue, told.exists, "told")
    taken = venue.position(liquidator, "ETH-PERP")[0]
    assert taken > 0
    assert keeper.actions("close") == []

    forged = json.loads(book.read_text())
    forged["order"]["limitPrice"] = str(wad(1840))
    book.write_text(json.dumps(forged) + "\n")
    _offer(venue, maker, book, "50", "1829")
    _mine_until(keeper, venue, lambda: venue.position(liquidator, "ETH-PERP")[0] == 0, "closed")
    _mine_until(keeper, venue, lambda: keeper.actions("close")[-1]["status"] == "settled", "settled")
    assert {action["status"] for action in keeper.actions("close")} == {"settled"}
    assert "BadSignature" in keeper.events("offer_refused")[-1]["reason"]
    _mine_until(keeper, venue, lambda: float(json.loads(told.read_text().splitlines()[-1])["size"]) == 0, "unhedged")
    assert json.loads(told.read_text().splitlines()[0])["side"] == "sell"
    assert keeper.page("ready")[0] == 200
    assert keeper.stop() == 0


def test_positions_are_closed_by_hand(make_keeper, position, venue, maker, liquidator, tmp_path, monkeypatch):
    """The command shows fills and what nobody offers, sends nothing without a word, and then just that."""
    book = tmp_path / "orders.jsonl"
    venue.trade(liquidator, maker, "ETH-PERP", "3")
    _offer(venue, maker, book, "1", "1999")
    _offer(venue, maker, book, "1.5", "1998")
    keeper = make_keeper()
    monkeypatch.setenv("KEEPER_TEST_PASSPHRASE", PASSPHRASE)

    def close(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["close", "--config", str(keeper.config), "--orders", str(book), *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    (row,) = map(json.loads, close("--json").splitlines())
    assert [(float(one["size"]), float(one["price"])) for one in row["fills"]] == [(1, 1999), (1.5, 1998)]
    assert float(row["left"]) == 0.5
    assert venue.position(liquidator, "ETH-PERP")[0] == wad(3)

    said = close("--yes")
    assert venue.position(liquidator, "ETH-PERP")[0] == wad("0.5")
    assert said.count(" of perpetual on feed 1 at 199") == 2
    assert "nobody offers" in said
    assert "fills" in close()
    assert venue.position(liquidator, "ETH-PERP")[0] == wad("0.5")


def test_an_operator_needs_more_than_the_permission_to_bid(make_keeper, venue, maker, trader, liquidator, tmp_path):
    """Without TRADE every fill is refused, by name; with it the operator closes for its owner."""
    book = tmp_path / "orders.jsonl"
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "50000")
    venue.trade(trader, maker, "ETH-PERP", "2")
    _offer(venue, maker, book, "5", str(venue.prices["ETH"] - 1))
    venue.vault.setOperator(liquidator, 16, 2**40, sender=trader)
    keeper = make_keeper(bidder={"owner": trader.address}, closing={"orders": [str(book)], "refresh_seconds": 0.1})
    keeper.start()
    _mine_until(keeper, venue, lambda: keeper.events("offer_refused"), "tried")
    assert "NotAuthorised" in keeper.events("offer_refused")[0]["reason"]
    assert keeper.actions("close") == []
    assert venue.position(trader, "ETH-PERP")[0] == wad(2)
    venue.vault.setOperator(liquidator, 24, 2**40, sender=trader)
    _mine_until(keeper, venue, lambda: venue.position(trader, "ETH-PERP")[0] == 0, "closed")
