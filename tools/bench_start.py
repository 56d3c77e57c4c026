"""How long a killed keeper takes until it is ready again: a process with 10,000 accounts on disk, beside its imports.

The node answers from this process over HTTP. The least of a few rounds.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import orjson
from bench_decision import ACCOUNTS, ADDRESSES, Venue
from bench_lines import Line
from bench_marks import NOW, QUOTE, venue

from crossmargin.model.units import RAY, WAD
from keepers.abi import load_abi
from keepers.chain import Header, parse_header
from keepers.mirror import Ledger
from keepers.mirror.image import FORMAT, take
from keepers.setup import init
from keepers.store import BlockStore, open_stores
from keepers.units import Address, BlockNumber, Blocks

__all__ = ["starts"]

CHAIN_ID: Final = 31_337
HEAD: Final = BlockNumber(127)
DEPTH: Final = Blocks(64)
ROUNDS: Final = 3
PATIENCE: Final = 60.0
_PAUSE: Final = 0.005
_SOURCE: Final = Address("0x" + "ff" * 20)
_MORE: Final = (
    ("MarginLens", "assets"),
    ("MarginLens", "markets"),
    ("MarginVault", "indices"),
    ("MarginVault", "quoteToken"),
    ("FixedVolatility", "multipliers"),
)


class Quiet(Venue):
    """A venue where nothing happens, on a chain that stands still."""

    def __init__(self) -> None:
        """Answer about what is on disk too, and about what events do not carry."""
        super().__init__(_ledger())
        self.functions += [load_abi(contract).function(view) for contract, view in _MORE]

    def reply(self, method: str, params: list[Any]) -> object:
        """Answer a call of any method."""
        if method == "eth_call":
            return self.called(params[0])
        if method == "eth_getBlockByNumber":
            return _block(HEAD if params[0] == "latest" else int(params[0], 16))
        return {"eth_chainId": hex(CHAIN_ID), "eth_getCode": "0x00", "eth_getLogs": []}[method]

    def _assets(self) -> tuple[list[Any], ...]:
        return [], []

    def _markets(self) -> tuple[list[Any]]:
        return ([],)

    def _indices(self) -> tuple[int, int]:
        return RAY, RAY

    def _multipliers(self, underlyings: list[int]) -> tuple[list[int]]:
        return ([WAD for _ in underlyings],)

    def _quoteToken(self) -> tuple[str]:  # noqa: N802 - as the venue has it
        return (QUOTE,)


def _ledger() -> Ledger:
    """Make a healthy venue that has a source of volatility."""
    made = venue(ACCOUNTS, positions=ACCOUNTS // 5)
    made.venue = replace(made.venue, volatility_source=_SOURCE)
    return made


def _block(number: int) -> dict[str, str]:
    return {
        "number": hex(number),
        "hash": f"0x{number + 1:064x}",
        "parentHash": f"0x{number:064x}",
        "timestamp": hex(NOW),
        "baseFeePerGas": hex(10**9),
    }


@contextmanager
def _served(node: Quiet) -> Iterator[str]:
    """Serve a node; give its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            many = body if isinstance(body, list) else [body]
            found = [{"id": one["id"], "result": node.reply(one["method"], one["params"])} for one in many]
            content = orjson.dumps(found if isinstance(body, list) else found[0])
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def starts(folder: Path) -> list[Line]:
    """Import all of the keeper; then start it, kill it once it is ready, and start it again."""
    imported = min(_import() for _ in range(ROUNDS))
    with _served(Quiet()) as url:
        deployment = folder / "deployment.json"
        contracts = {name: {"address": address, "block": 0} for name, address in ADDRESSES.items()}
        deployment.write_bytes(orjson.dumps({"chain_id": CHAIN_ID, "contracts": contracts}))
        init(folder, url, deployment)
        _store(folder / "keeper.db")
        ready = min(_start(folder) for _ in range(ROUNDS))
    return [
        Line(f"kill -9 to ready, {ACCOUNTS:,} accounts", "2 s", _text(*ready)),
        Line("  of it, to import the keeper", "", _text(*imported)),
    ]


def _text(clock: float, used: float) -> str:
    return f"{clock:.2f} s by the clock, {used:.2f} s of the processor"


def _spent() -> float:
    """Give what processes that have ended took of the processor [s]."""
    used = os.times()
    return used.children_user + used.children_system


def _import() -> tuple[float, float]:
    """Import the keeper as its command does; give the time by the clock and of the processor [s]."""
    began, before = time.monotonic(), _spent()
    subprocess.run([sys.executable, "-m", "keepers", "run", "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began, _spent() - before


def _store(database: Path) -> None:
    """Leave on disk what a keeper does that has followed the chain up to the head."""
    with open_stores(database) as stores:
        blocks = BlockStore(stores.chain, DEPTH)
        headers: list[Header] = [parse_header(_block(number)) for number in range(HEAD - DEPTH, HEAD + 1)]
        blocks.write([(header, ()) for header in headers])
        blocks.keep_image(BlockNumber(HEAD - DEPTH), FORMAT, take(_ledger()))


def _start(folder: Path) -> tuple[float, float]:
    """Start the keeper, wait until it is ready, and kill it; give the time by the clock and of the processor [s]."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began, before = time.monotonic(), _spent()
    command = [sys.executable, "-m", "keepers", "run", "--config", str(folder / "keeper.toml")]
    environment = {**os.environ, "KEEPER_SERVICE__METRICS_PORT": str(port)}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            while not _is_ready(port):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    raise RuntimeError("the keeper was never ready")
                time.sleep(_PAUSE)
            took = time.monotonic() - began
        finally:
            process.kill()
    return took, _spent() - before


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1):
            return True
    except OSError:
        return False
