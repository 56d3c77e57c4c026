"""Asking a node in an event loop: again where it does not answer, and nothing is left of what was cancelled."""

import asyncio
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from web3 import AsyncWeb3, HTTPProvider, Web3

from crossmargin.client import async_node
from crossmargin.client.async_node import AsyncNode
from crossmargin.errors import NodeError

PROGRAM = """
import asyncio, sys
from web3 import AsyncWeb3, HTTPProvider, Web3
from crossmargin.client.async_node import AsyncNode

async def main():
    async with AsyncNode.opened(sys.argv[1]) as node:
        web3 = AsyncWeb3(node)
        for turns in range(60):
            asked = asyncio.gather(*(web3.eth.block_number for _ in range(20)))
            for _ in range(turns % 12):
                await asyncio.sleep(0)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
        print(await web3.eth.block_number, await asyncio.to_thread(lambda: blocking.eth.block_number))

blocking = Web3(HTTPProvider(sys.argv[1]))
asyncio.run(main())
"""


@contextmanager
def answering(refusals=0):
    """Run a node on whose chain block 7 is the last; it refuses so many requests first. Give its address."""

    class Page(BaseHTTPRequestHandler):
        left = refusals

        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if Page.left > 0:
                Page.left -= 1
                self.send_error(503)
                return
            body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": "0x7"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


async def last_block(rpc):
    """Ask once."""
    async with AsyncNode.opened(rpc) as node:
        return await AsyncWeb3(node).eth.block_number


def test_a_program_ends_however_many_requests_it_cancelled():
    """It still asks, with and without waiting, and no thread holds up its end."""
    with answering() as rpc:
        command = [sys.executable, "-c", PROGRAM, rpc]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - this interpreter
    assert (ended.stdout, ended.returncode) == ("7 7\n", 0), ended.stderr


def test_a_question_is_asked_until_it_is_answered(monkeypatch):
    """As often as there are pauses, and once more."""
    monkeypatch.setattr(async_node, "_PAUSES", (0.01, 0.01))
    with answering(refusals=2) as rpc:
        assert asyncio.run(last_block(rpc)) == Web3(HTTPProvider(rpc)).eth.block_number == 7
    with answering(refusals=3) as rpc, pytest.raises(NodeError, match=r"does not answer eth_blockNumber: 503"):
        asyncio.run(last_block(rpc))


def test_a_node_that_is_not_there_is_said(monkeypatch):
    """In one line."""
    monkeypatch.setattr(async_node, "_PAUSES", ())
    with pytest.raises(NodeError, match=r"^the node does not answer eth_blockNumber: Cannot connect to host 127"):
        asyncio.run(last_block("http://127.0.0.1:9"))
