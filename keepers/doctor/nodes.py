"""What one address of a node can do: its chain, its head, logs and calls by hash, sizes, the pending state."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from keepers.chain import Header
from keepers.contracts import Contracts
from keepers.doctor.finding import Finding, good, guarded, poor, wrong
from keepers.errors import LateError, LimitError, NodeError
from keepers.node import Node
from keepers.rpc import Call, as_list
from keepers.settings import Settings

__all__ = ["examine_node", "examine_socket"]

_BATCH: Final = 100
_SOCKET_PATIENCE: Final = 5.0
_SUBSCRIBE: Final = '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}'
_OTHER: Final = "use another node"


async def examine_node(node: Node, contracts: Contracts, settings: Settings) -> list[Finding]:
    """Ask one address all that the keeper will ask of it; where the first answers are missing, no more."""
    name = str(node.rpc.current.name)
    first = await guarded(f"{name}: chain", "is it running, and the address right?", _chain(node, settings, name))
    if first.advice:
        return [first]
    head = await node.head()
    checks: list[tuple[str, str, Callable[[], Awaitable[Finding]]]] = [
        ("head", _OTHER, lambda: _head(head, settings, f"{name}: head")),
        ("logs by hash", _OTHER, lambda: _logs(node, contracts, head, f"{name}: logs by hash")),
        ("calls by hash", _OTHER, lambda: _calls(node, contracts, head, f"{name}: calls by hash")),
        ("batches", _OTHER, lambda: _batches(node, f"{name}: batches")),
        ("ranges", _OTHER, lambda: _ranges(node, contracts, head, f"{name}: ranges")),
        ("pending state", 'set executor.simulate_on = "latest"', lambda: _pending(node, f"{name}: pending state")),
    ]
    return [first, *[await guarded(f"{name}: {what}", advice, check()) for what, advice, check in checks]]


async def _chain(node: Node, settings: Settings, what: str) -> Finding:
    found, wanted = await node.chain_id(), settings.chain.chain_id
    what = f"{what}: chain"
    if found != wanted:
        return wrong(what, f"chain {found}, {wanted} is wanted", "set chain.chain_id, or another address")
    return good(what, f"chain {found}")


async def _head(head: Header, settings: Settings, what: str) -> Finding:
    age = time.time() - head.timestamp
    found = f"block {head.number}, {age:.0f} s old"
    if age > settings.service.stale_after:
        return poor(what, found, "the node is behind, or nobody mines; name a second one in chain.rpc_urls")
    if age < -1:
        return poor(what, f"block {head.number} is {-age:.0f} s ahead of this machine", "set this machine's clock")
    return good(what, found)


async def _logs(node: Node, contracts: Contracts, head: Header, what: str) -> Finding:
    (logs,) = await node.logs.of([head], contracts.followed)
    return good(what, f"{len(logs)} of the venue in block {head.number}")


async def _calls(node: Node, contracts: Contracts, head: Header, what: str) -> Finding:
    await node.calls([contracts.encode("MarginVault", "quoteToken")], head.hash)
    return good(what, "answered")


async def _batches(node: Node, what: str) -> Finding:
    calls: list[Call] = [("eth_chainId", ())] * _BATCH
    began = time.monotonic()
    await node.rpc.batch(calls)
    took, size = time.monotonic() - began, node.rpc.current.batch.now
    found = f"{_BATCH} calls in {1000 * took:.0f} ms"
    if size < _BATCH:
        return poor(what, f"{found}, at most {size} at once", "it works, slowly; a node without the limit is better")
    return good(what, found)


async def _ranges(node: Node, contracts: Contracts, head: Header, what: str) -> Finding:
    """Find how many blocks of logs the node gives at once."""
    most = span = node.rpc.current.span.now
    while True:
        first = max(contracts.first_block, head.number - span + 1, 0)
        query = {"fromBlock": hex(first), "toBlock": hex(head.number), "address": list(contracts.followed)}
        try:
            logs = await node.rpc.request("eth_getLogs", query)
        except (LimitError, LateError):
            if span == 1:
                raise
            span = max(1, span // 2)
            continue
        found = f"{len(as_list(logs, 'logs'))} logs of {head.number - first + 1} blocks"
        if span < most:
            return poor(what, f"{found}, not of {most}", "it works; set chain.log_range to less, or use another node")
        return good(what, found)


async def _pending(node: Node, what: str) -> Finding:
    try:
        await node.rpc.request("eth_getBlockByNumber", "pending", False)
    except LimitError:
        raise
    except NodeError as error:
        return poor(what, str(error), 'set executor.simulate_on = "latest": what rivals have sent is not seen')
    return good(what, "answered")


async def examine_socket(url: str) -> Finding:
    """Ask to be told of new heads."""
    what, advice = "websocket", "polling goes on without it; check chain.ws_url"
    try:
        async with asyncio.timeout(_SOCKET_PATIENCE), connect(url) as socket:
            await socket.send(_SUBSCRIBE)
            answer = orjson.loads(await socket.recv())
    except (OSError, TimeoutError, WebSocketException, orjson.JSONDecodeError) as error:
        return poor(what, f"{type(error).__name__}: {error}", advice)
    if not isinstance(answer, dict) or "result" not in answer:
        return poor(what, f"no subscription: {str(answer)[:80]}", advice)
    return good(what, "subscribed")
