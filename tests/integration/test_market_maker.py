"""The market maker of the guide: started as the guide says, and for an hour of the chain's clock."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.client.orders import Order
from crossmargin.deployment.artifacts import REPOSITORY
from examples import market_maker

MARKETS = {(f"{name}-PERP", side) for name in ("ETH", "BTC", "LINK") for side in ("buy", "sell")}
STEPS, STEP = 12, 300
"""Of an hour [s]."""


@pytest.fixture
def place(venue, pair, node, maker, tmp_path):
    """Give what the guide exports, as the maker."""
    path = tmp_path / "deployment.json"
    venue.record.save(path)
    quotes, rpc = tmp_path / "quotes.json", node.web3.provider.endpoint_uri
    return {"RPC": rpc, "DEPLOYMENT": str(path), "QUOTES": str(quotes), "KEY": maker.private_key}, quotes


def offers(quotes):
    """Read its file."""
    return {(each["instrument"], each["side"]): each for each in json.loads(quotes.read_text())["orders"]}


def take(buyer, offer, size):
    """Fill one of its orders, the other way."""
    order, signature = Order.from_json(offer["order"]), bytes.fromhex(offer["signature"].removeprefix("0x"))
    own = buyer.order(offer["instrument"], size if order.size < 0 else -size, order.limit_price)
    buyer.fill(order, signature, own, size)


def test_the_market_maker_quotes_and_is_filled(pair, place, tmp_path):
    """Its file has both sides of every perpetual; a fill is said, and quoted upon; nothing fails meanwhile."""
    buyer, _ = pair
    (environment, quotes), log = place, tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "examples/market_maker.py"],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=obey_interrupts,  # noqa: PLW1509 (it has no threads yet)
        )
    try:
        wait_for(quotes.exists, log)
        orders = offers(quotes)
        assert orders.keys() == MARKETS
        take(buyer, orders["ETH-PERP", "sell"], wad("0.5"))
        wait_for(lambda: "filled: ETH-PERP -0.5 at 2002" in log.read_text(), log)
    finally:
        status = interrupted(process)
    assert status == 0
    assert "\nended\n" in log.read_text()


def test_an_hour_of_the_market_maker(venue, pair, place, node, monkeypatch, capsys):
    """In seconds of ours: prices wander, each market is quoted anew and filled on both sides, nothing ends it."""
    environment, quotes = place
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(market_maker, "PACE", 0.1)
    begin, buyer, chosen = node.now, pair[0], sorted(MARKETS)

    def fresh(task):
        """Wait for quotes that were signed since the clock was moved."""
        deadline = time.monotonic() + 900
        while (
            not quotes.exists()
            or min((Order.from_json(each["order"]).expiry for each in offers(quotes).values()), default=0)
            < node.now + market_maker.LIFE
        ):
            assert not task.done()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return offers(quotes)

    def drive(task):
        for step in range(STEPS):
            move = Decimal(100 + step % 7 - 3) / 100
            venue.set_prices({name: round(venue.prices[name] * move, 4) for name in ("ETH", "BTC", "LINK")})
            venue.warp(STEP)
            orders = fresh(task)
            assert orders.keys() == MARKETS
            offer = orders[chosen[step % len(chosen)]]
            take(buyer, offer, wad(round(Decimal(200) / Decimal(offer["price"]), 6)))

    async def play():
        task = asyncio.create_task(market_maker.main())
        await asyncio.to_thread(drive, task)
        await asyncio.sleep(1.5)
        running = not task.done()
        task.cancel()
        return running

    assert asyncio.run(play())
    assert node.now - begin >= 3_600
    said = capsys.readouterr()
    assert (said.err, said.out.count("filled: ")) == ("", STEPS)


def interrupted(process):
    """Press Ctrl-C once; give its status, killed where that does not end it."""
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(60)
    process.kill()
    return process.wait(60)


def obey_interrupts():
    """Let a child end at Ctrl-C, also where these tests run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(done, log):
    """Wait until something is so, or say what the process said."""
    deadline = time.monotonic() + 900
    while not done():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
