"""The venue's logs of blocks and ranges, each proved by more than the answer itself.

A range is compared with another node's; without another the blocks' heads prove it. What differs or is doubtful is
asked for block by block, by hash, of every node.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import pairwise

import structlog

from keepers.chain import Header, RawLog, check_logs, check_range, hinted, parse_header, parse_logs
from keepers.errors import LateError, LimitError, ResponseError, RpcError
from keepers.patience import patient, result
from keepers.rpc import Call, Endpoint, Rpc
from keepers.survey import Survey
from keepers.units import Address, BlockNumber

__all__ = ["Logs"]

log = structlog.get_logger(__name__)
_Found = tuple[RawLog, ...]


class Logs:
    """Asks the current node for logs, and the others whether it left any out."""

    def __init__(self, rpc: Rpc, survey: Survey) -> None:
        """Ask the client's addresses; those that the survey finds silent are no witnesses."""
        self._rpc = rpc
        self._survey = survey

    async def of(self, headers: Sequence[Header], addresses: Sequence[Address]) -> list[_Found]:
        """Give the addresses' logs of each block, by hash.

        Where a block's bloom lets expect more they are asked for once more, of all: a node may show a block before its
        logs.
        """
        found = await self._by_hash(self._rpc.current, headers, addresses)
        doubtful = [at for at, header in enumerate(headers) if hinted(header, found[at], addresses)]
        again = await self._settled([headers[at] for at in doubtful], addresses)
        for at, logs in zip(doubtful, again, strict=True):
            found[at] = _fullest(headers[at], (found[at], logs))
        return found

    async def between(
        self, first: BlockNumber, last: BlockNumber, addresses: Sequence[Address]
    ) -> tuple[Header, _Found]:
        """Give the addresses' logs of a range of blocks, as far as the node goes at once, and the last block's head."""
        end, logs = await self._range(self._rpc.current, first, last, addresses)
        async for witness in self._witnesses():
            try:
                theirs = await self._cover(witness, first, end, addresses)
            except RpcError as error:
                witness.blame(error)
                continue
            return end, await self._compared(logs, theirs, witness, addresses)
        return end, await self._by_heads(first, end, logs, addresses)

    async def _witnesses(self) -> AsyncIterator[Endpoint]:
        """Give the other nodes that may be asked; one that is a little behind has old blocks all the same."""
        for one in self._rpc.endpoints:
            standing = self._survey.standings[one]
            silent = bool(standing.trouble) and not standing.behind
            if one is not self._rpc.current and not (silent or one.rest_left()):
                yield one

    async def _range(
        self, one: Endpoint, first: BlockNumber, last: BlockNumber, addresses: Sequence[Address]
    ) -> tuple[Header, _Found]:
        """Ask one node for a range, as far as it goes at once.

        The head is asked for in the same breath: a node that lacks it would leave out logs without a word.
        """
        span = one.span
        while True:
            end = BlockNumber(min(last, first + span.now - 1))
            query = {"fromBlock": hex(first), "toBlock": hex(end), "address": list(addresses)}
            calls: list[Call] = [("eth_getBlockByNumber", (hex(end), False)), ("eth_getLogs", (query,))]
            try:
                block, logs = map(result, await self._rpc.outcomes(calls, one))
            except (LimitError, LateError) as error:
                span.shrink(end - first + 1)
                if end == first or isinstance(error, LateError):
                    raise
                continue
            header = parse_header(block, end)
            checked = check_range(parse_logs(logs), first, header, addresses)
            span.grow(end - first + 1)
            return header, checked

    async def _cover(self, one: Endpoint, first: BlockNumber, end: Header, addresses: Sequence[Address]) -> _Found:
        """Ask one node for a whole range, in as many pieces as it needs; it must have the same last block."""
        found: list[RawLog] = []
        while True:
            header, logs = await self._range(one, first, end.number, addresses)
            found += logs
            if header.number == end.number:
                break
            first = BlockNumber(header.number + 1)
        if header.hash != end.hash:
            log.error("node_contradicts", node=one.name, block=end.number, hash=header.hash)
            raise ResponseError(f"{one.name} has another block {end.number}")
        return tuple(found)

    async def _compared(self, mine: _Found, theirs: _Found, witness: Endpoint, addresses: Sequence[Address]) -> _Found:
        """Take what two nodes say of a range; the blocks that they differ about are settled one by one."""
        differ = sorted({one.block for one in set(mine) ^ set(theirs)})
        if not differ:
            return mine
        settled = await self._settled(await self._heads(self._rpc.current, differ), addresses)
        right = {one for logs in settled for one in logs}
        for node, logs in ((self._rpc.current, mine), (witness, theirs)):
            if {one for one in logs if one.block in differ} != right:
                log.error("logs_wrong", node=node.name, blocks=differ[:8], count=len(differ))
        return tuple(sorted({one for one in mine if one.block not in differ} | right, key=_place))

    async def _by_heads(self, first: BlockNumber, end: Header, logs: _Found, addresses: Sequence[Address]) -> _Found:
        """Prove a range by the heads of its blocks, which must connect; ask again where a bloom lets expect more."""
        numbers = [BlockNumber(number) for number in range(first, end.number)]
        headers = [*await self._heads(self._rpc.current, numbers), end]
        for before, header in pairwise(headers):
            if header.parent != before.hash:
                raise ResponseError(f"block {header.number} does not follow block {before.number} of the same node")
        by_block: dict[BlockNumber, list[RawLog]] = {}
        for one in logs:
            by_block.setdefault(one.block, []).append(one)
        found = {one.number: check_logs(one, tuple(by_block.get(one.number, ())), addresses) for one in headers}
        doubtful = [one for one in headers if hinted(one, found[one.number], addresses)]
        for header, again in zip(doubtful, await self._settled(doubtful, addresses), strict=True):
            found[header.number] = _fullest(header, (found[header.number], again))
        return tuple(one for header in headers for one in found[header.number])

    async def _heads(self, one: Endpoint, numbers: Sequence[BlockNumber]) -> list[Header]:
        calls: list[Call] = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        answers = await self._rpc.outcomes(calls, one)
        return [parse_header(result(answer), number) for answer, number in zip(answers, numbers, strict=True)]

    async def _by_hash(self, one: Endpoint, headers: Sequence[Header], addresses: Sequence[Address]) -> list[_Found]:
        """Ask one node for the logs of blocks; what contradicts a block's head is no answer."""
        calls: list[Call] = [
            ("eth_getLogs", ({"blockHash": header.hash, "address": list(addresses)},)) for header in headers
        ]
        answers = await patient(partial(self._rpc.outcomes, endpoint=one), calls)
        return [
            check_logs(header, parse_logs(result(answer)), addresses)
            for header, answer in zip(headers, answers, strict=True)
        ]

    async def _settled(self, headers: Sequence[Header], addresses: Sequence[Address]) -> list[_Found]:
        """Ask every node for the logs of blocks, and take what they can agree on."""
        if not headers:
            return []
        nodes = [self._rpc.current, *[one async for one in self._witnesses()]]
        asked = (self._by_hash(one, headers, addresses) for one in nodes)
        answers: list[list[_Found]] = []
        errors: list[RpcError] = []
        for one, answer in zip(nodes, await asyncio.gather(*asked, return_exceptions=True), strict=True):
            if isinstance(answer, RpcError):
                errors.append(answer)
                one.blame(answer)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                answers.append(answer)
        if not answers:
            raise errors[0]
        return [_agreed(header, said, addresses) for header, *said in zip(headers, *answers, strict=True)]


def _agreed(header: Header, said: Sequence[_Found], addresses: Sequence[Address]) -> _Found:
    """Take what most say of a block unless its bloom says that more is there; else what holds all the others."""
    ((most, votes),) = Counter(said).most_common(1)
    if 2 * votes > len(said) > 1 and not hinted(header, most, addresses):
        return most
    return _fullest(header, said)


def _fullest(header: Header, said: Sequence[_Found]) -> _Found:
    fullest = max(said, key=len)
    if any(not set(one) <= set(fullest) for one in said):
        raise ResponseError(f"the nodes contradict each other about the logs of block {header.number}")
    return fullest


def _place(one: RawLog) -> tuple[int, int]:
    return one.block, one.index
