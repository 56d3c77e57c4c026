"""The living venue as a user starts it: fills, health, a liquidation in a crash, and its end."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from eth_account import Account

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.chain.processes import free_port, is_free
from crossmargin.client.orders import Order
from crossmargin.client.venue import Venue as Client
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ContractRevert

TRADER_2 = "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"
COMMAND = [sys.executable, "-m", "crossmargin.simulation.live"]
PATIENCE = 900.0  # of a machine that has much else to do; nothing waits longer than it takes
AGAIN = {"OrderExpired", "PriceOutsideBand", "PriceNotValid", "PricesNotValid"}
"""Refusals of whoever was too slow for quotes that live for seconds."""
SCENARIO = """
title = "Ether falls by a fifth in a minute"
summary = "And stays there."
seed = 7
sources = [{ name = "Nobody", url = "-", figure = "-20 %" }]
clock = { start = 2025-10-10T20:45:00Z, minutes = 60 }
prices = { ETH = { start = 4000, changes = [[1, -0.20]] } }
makers = [{ name = "maker", cash = 1 }]
accounts = [{ name = "long", about = "-", owner = "trader", deposits = { USDC = 1 } }]
"""


@dataclass
class Living:
    """A venue that lives, and where."""

    process: subprocess.Popen
    folder: Path
    port: int
    log: Path

    def until(self, done, what):
        """Wait for something; while the venue lives."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, f"{what}: not in time\n{self.log.read_text()}"
            time.sleep(0.2)

    def status(self):
        """Ask how it is; give exit status and output."""
        command = [*COMMAND, "status", "--out", str(self.folder)]
        result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)  # noqa: S603
        return result.returncode, result.stdout


@pytest.fixture(scope="module")
def living(artifacts, tmp_path_factory):
    """Start one, with a crash that waits to be asked for."""
    root, port = tmp_path_factory.mktemp("live"), free_port()
    folder, log = root / "venue", root / "venue.log"
    (root / "small.toml").write_text(SCENARIO)
    command = [*COMMAND, "run", "--port", str(port), "--out", str(folder), "--crash", str(root / "small.toml")]
    command += ["--speed", "10", "--calm", "86400"]
    environment = {**os.environ, "SKIP_BUILD": "1"}  # the fixture has built
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 (a fixed command)
            command, stdout=output, stderr=output, cwd=REPOSITORY, env=environment
        )
    found = Living(process, folder, port, log)
    try:
        found.until(lambda: "private key" in log.read_text(), "up")
        yield found
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def processes_of(folder):
    """Find processes that name a folder, or a venue's port, on their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        found += [command] if str(folder) in command else []
    return found


def test_a_venue_lives_and_ends(living):
    """Orders can be filled; it is well; who falls is liquidated; Ctrl-C leaves nothing behind."""
    long = go_long(living, wad(10))
    living.until(lambda: taken(lambda: run_guide(living, "docs/venue.md")) == wad(1), "filled by the guide")
    run_guide(living, "README.md")
    living.until(lambda: living.status()[0] == 0, "well")
    _, table = living.status()
    parts = {line.split("│")[1].strip() for line in table.splitlines() if line.startswith("│")}
    assert {"chain", "feed ETH", "volatility ETH:weekly", "risk array ETH-WEEKLY-2000-C", "keeper 2"} <= parts
    (living.folder / "begin").touch()
    living.until(lambda: long() < wad(10), "liquidated")

    living.process.send_signal(signal.SIGINT)
    assert living.process.wait(PATIENCE) == 0
    text = living.log.read_text()
    assert text.endswith("venue: ended, with everything it had started\n")
    assert "Traceback" not in text
    assert is_free(living.port)
    assert processes_of(living.folder) == []
    assert living.status()[0] == 1


def go_long(living, size):
    """Buy with a leverage of more than four; give what tells the position."""
    record = living.folder / "31337.json"
    trader = Client.connect(f"http://127.0.0.1:{living.port}", record, Account.from_key(TRADER_2))
    trader.deposit_with_permit("USDC", parse_units(4_500, 6))

    def fill():
        orders = json.loads((living.folder / "orders.json").read_text())["orders"]
        offer = next(each for each in orders if (each["instrument"], each["side"]) == ("ETH-PERP", "sell"))
        ask = Order.from_json(offer["order"])
        bid = trader.order("ETH-PERP", size, ask.limit_price)
        return trader.fill(ask, bytes.fromhex(offer["signature"][2:]), bid, size)

    living.until(lambda: taken(fill), "filled")
    return lambda: sum(leg.size for leg in trader.accounts([trader.account()])[0].legs)


def taken(fill):
    """Take a quote; None where there was none, or it or the price behind it was too old by then."""
    try:
        return fill()
    except StopIteration:
        return None
    except ContractRevert as refusal:
        if refusal.name not in AGAIN:
            raise
        return None


def run_guide(living, document):
    """Run the lines of a document as they stand, but for folder and port; give the position they end with."""
    text = (REPOSITORY / document).read_text()
    block = re.search(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]
    code = block.replace("build/venue", str(living.folder)).replace("8545", str(living.port))
    names = {}
    exec(compile(code, document, "exec"), names)  # noqa: S102 (our own document)
    taker = names.get("taker") or names["venue"]
    return sum(leg.size for leg in taker.accounts([taker.account()])[0].legs)
