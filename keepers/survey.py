"""Which of the nodes to believe and to ask: their heads side by side, the newest block that enough of them have.

With three addresses or more a block counts when most of those that answer have it, and at least two; with fewer the one
that answers is believed. Reads heads; asks nothing else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from keepers.chain import Header, parse_header
from keepers.errors import QuorumError, ResponseError, RpcError, TransportError
from keepers.rpc import Endpoint, Rpc
from keepers.units import BlockNumber, Blocks, ClockSeconds, ClockTime

__all__ = ["Standing", "Survey"]

log = structlog.get_logger(__name__)
_PATIENCE: Final = ClockSeconds(1.5)  # how long a head may take
_STALE_AFTER: Final = ClockSeconds(0.9)  # how long a node may be behind or silent: a look in between, no hiccup
_GRACE: Final = ClockSeconds(0.25)  # how long the slower nodes are waited for once one has answered
_QUORUM_OF: Final = 3  # from so many addresses on nobody is believed alone
_QUORUM: Final = 2


@dataclass(slots=True)
class Standing:
    """How a node stands beside the others; a trouble that has lasted makes it stale."""

    behind: Blocks
    trouble: str
    since: ClockTime
    stale: bool


class Survey:
    """Compares heads, and keeps the client on a node that has the block."""

    def __init__(self, rpc: Rpc) -> None:
        """Ask the client's addresses."""
        self._rpc = rpc
        self._timeout = ClockSeconds(min(rpc.timeout, _PATIENCE))
        self._asking: dict[Endpoint, asyncio.Task[Header]] = {}
        self.standings = {one: Standing(Blocks(0), "", ClockTime(0.0), stale=False) for one in rpc.endpoints}

    async def head(self) -> Header:
        """Give the newest block that enough nodes have, and ask one of these from now on."""
        began = ClockTime(self._rpc.clock())
        heads, errors = await self._heads()
        need = self._quorum(len(heads))
        block, holders = await self._agreed(heads, need) if len(heads) >= need else (None, [])
        self._judge(heads, errors, began, block)
        if not heads:
            raise next(iter(errors.values()))
        if block is None:
            numbers = ", ".join(f"{one.name} at {head.number}" for one, head in heads.items())
            silent = "".join(f", {one.name} silent" for one in errors)
            raise QuorumError(f"no block that {need} of {len(self._rpc.endpoints)} nodes have: {numbers}{silent}")
        if self._rpc.current not in holders:
            log.warning("node_changed", before=self._rpc.current.name, now=holders[0].name, block=block.number)
            self._rpc.current = holders[0]
        return block

    def _quorum(self, answering: int) -> int:
        """Tell how many must have a block for it to count."""
        return max(_QUORUM, answering // 2 + 1) if len(self._rpc.endpoints) >= _QUORUM_OF else 1

    async def close(self) -> None:
        """Stop asking."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _heads(self) -> tuple[dict[Endpoint, Header], dict[Endpoint, RpcError]]:
        """Ask every node that does not rest; wait for the slower ones only a moment."""
        for one in self._rpc.endpoints:
            task = self._asking.get(one)
            if not one.rest_left() and (task is None or task.done()):
                self._asking[one] = asyncio.create_task(self._ask(one))
                self._asking[one].add_done_callback(_heard)
        waiting = {task for task in self._asking.values() if not task.done()}
        finish = self._rpc.clock() + self._timeout
        while waiting and (left := finish - self._rpc.clock()) > 0:
            done, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if any(not task.cancelled() and task.exception() is None for task in done):
                finish = min(finish, self._rpc.clock() + _GRACE)
        return self._collect()

    def _collect(self) -> tuple[dict[Endpoint, Header], dict[Endpoint, RpcError]]:
        """Take the answers that are there; whoever answers is trusted again, but the current on its work alone."""
        heads: dict[Endpoint, Header] = {}
        errors: dict[Endpoint, RpcError] = {}
        for one in self._rpc.endpoints:
            task = self._asking.get(one)
            if task is None or not task.done():
                before = self.standings[one].trouble
                errors[one] = TransportError(before or f"{one.name}: no answer")
                continue
            del self._asking[one]
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            if error is None:
                heads[one] = task.result()
                if one is not self._rpc.current:
                    one.praise()
            else:
                errors[one] = error if isinstance(error, RpcError) else ResponseError(f"{one.name}: {error!r}")
                one.blame(errors[one])
        return heads, errors

    async def _ask(self, one: Endpoint) -> Header:
        return parse_header(await _block(one, "latest", self._timeout))

    async def _agreed(self, heads: dict[Endpoint, Header], need: int) -> tuple[Header | None, list[Endpoint]]:
        """Find the highest block that so many have; the first of its holders is the current."""
        ordered = sorted(heads, key=lambda one: (one is not self._rpc.current, one.rest_left()))
        height = sorted((head.number for head in heads.values()), reverse=True)[need - 1]
        found: dict[str, list[tuple[Header, Endpoint]]] = {}
        for one, header in zip(ordered, await self._at(height, ordered, heads), strict=True):
            if header is not None:
                found.setdefault(header.hash, []).append((header, one))
        enough = [group for group in found.values() if len(group) >= need]
        if not enough:
            return None, []
        best = max(enough, key=len)
        for group in found.values():
            if group is not best and need > 1:
                self._contradicts(group, height)
        return best[0][0], [one for _, one in best]

    async def _at(
        self, height: BlockNumber, ordered: Sequence[Endpoint], heads: dict[Endpoint, Header]
    ) -> list[Header | None]:
        """Give each node's block at a height; those that are further are asked for it."""

        async def of(one: Endpoint) -> Header | None:
            if heads[one].number <= height:
                return heads[one] if heads[one].number == height else None
            try:
                return parse_header(await _block(one, hex(height), self._timeout), height)
            except RpcError:
                return None

        return await asyncio.gather(*(of(one) for one in ordered))

    def _contradicts(self, group: list[tuple[Header, Endpoint]], height: BlockNumber) -> None:
        for header, one in group:
            log.error("node_contradicts", node=one.name, block=height, hash=header.hash)
            one.blame(ResponseError("another block than the others have"))

    def _judge(
        self, heads: dict[Endpoint, Header], errors: dict[Endpoint, RpcError], began: ClockTime, block: Header | None
    ) -> None:
        """Note who is behind or silent, and say so once it has lasted."""
        best = max((head.number for head in heads.values()), default=None) if block is None else block.number
        for one, standing in self.standings.items():
            head = heads.get(one)
            standing.behind = Blocks(0 if head is None or best is None else max(0, best - head.number))
            behind = f"{standing.behind} blocks behind" if standing.behind else ""
            trouble = str(errors[one]) if one in errors else behind
            if not standing.trouble:
                standing.since = began
            standing.trouble = trouble
            stale = bool(trouble) and self._rpc.clock() - standing.since >= _STALE_AFTER
            if stale != standing.stale:
                standing.stale = stale
                (log.error if stale else log.info)("node_stale" if stale else "node_back", node=one.name, why=trouble)


def _heard(task: asyncio.Task[Header]) -> None:
    """Take note of a failure, too: one that comes when its look is over was said as silence, and is no traceback."""
    if not task.cancelled():
        task.exception()


async def _block(one: Endpoint, tag: str, within: ClockSeconds) -> object:
    (answer,) = await one.ask([("eth_getBlockByNumber", (tag, False))], within)
    if isinstance(answer, RpcError):
        raise answer
    return answer
