"""What the keeper asks of the chain, typed. Knows blocks, logs, calls and transactions, nothing of the venue.

A step begins with `head`, which picks a node that has the block; all that follows is asked of that node.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from crossmargin.chain.asking import ask_all
from crossmargin.chain.units import ChainId, Gas
from keepers.chain import Header, Receipt, parse_data, parse_header, parse_receipt
from keepers.errors import ResponseError, RpcError
from keepers.logs import Logs
from keepers.patience import PAUSES, patient, result
from keepers.rpc import Call, Rpc, as_int, as_map
from keepers.survey import Survey
from keepers.units import Address, BlockHash, BlockNumber, HexData, Nonce, TxHash, Wei

__all__ = ["Node", "call_params"]

LATEST: Final = "latest"
_TOGETHER: Final = 50


class Node:
    """Typed questions to the chain."""

    def __init__(self, rpc: Rpc) -> None:
        """Ask through the given client."""
        self.rpc = rpc
        self.survey = Survey(rpc)
        self.logs = Logs(rpc, self.survey)

    async def head(self) -> Header:
        """Give the newest block that the nodes agree on, and ask a node that has it from now on."""
        return await self.survey.head()

    async def chain_id(self) -> ChainId:
        """Give the chain's id."""
        return ChainId(as_int(await self.rpc.request("eth_chainId"), "eth_chainId"))

    async def headers(self, numbers: Sequence[BlockNumber]) -> list[Header]:
        """Give blocks of the node's present chain by number."""
        calls: list[Call] = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        answers = await self.rpc.batch(calls)
        for pause in PAUSES:
            if None not in answers:
                break
            await asyncio.sleep(pause)
            answers = await self.rpc.batch(calls)
        return [parse_header(answer, number) for answer, number in zip(answers, numbers, strict=True)]

    async def call(
        self, to: Address, data: HexData, block_hash: BlockHash | None = None, sender: Address | None = None
    ) -> bytes:
        """Call a view at a block."""
        (answer,) = await patient(self.rpc.outcomes, [("eth_call", call_params(to, data, block_hash, sender))])
        return parse_data(result(answer))

    async def calls(
        self, targets: Sequence[tuple[Address, HexData]], block_hash: BlockHash | None = None
    ) -> list[bytes]:
        """Call many views at one block."""
        return [parse_data(result(answer)) for answer in await self.outcomes(targets, block_hash)]

    async def outcomes(
        self,
        targets: Sequence[tuple[Address, HexData]],
        block_hash: BlockHash | None = None,
        sender: Address | None = None,
    ) -> list[object]:
        """Call many functions at one block; an answer that is an error takes the place of its result."""
        return await patient(
            self.rpc.outcomes, [("eth_call", call_params(to, data, block_hash, sender)) for to, data in targets]
        )

    async def code(self, address: Address) -> bytes:
        """Give the code at an address."""
        return parse_data(await self.rpc.request("eth_getCode", address, LATEST))

    async def balance(self, address: Address) -> Wei:
        """Give an address's balance [wei]."""
        return Wei(as_int(await self.rpc.request("eth_getBalance", address, LATEST), "balance", 256))

    async def nonce(self, address: Address) -> Nonce:
        """Give the number of an address's transactions that are mined."""
        return Nonce(as_int(await self.rpc.request("eth_getTransactionCount", address, LATEST), "nonce"))

    async def send(self, raws: Sequence[HexData]) -> list[object]:
        """Send signed transactions in order; an error the node answers with takes the place of a hash."""
        return await self.rpc.outcomes([("eth_sendRawTransaction", (raw,)) for raw in raws])

    async def try_calls(
        self, sender: Address, calls: Sequence[tuple[Address, HexData]], *, state: str
    ) -> tuple[Nonce, Wei, list[Gas | RpcError]]:
        """Try transactions on a state, each alone; give the sender's next nonce and balance, and the gas of each.

        An error, a revert too, takes the place of a call's gas.
        """
        asked: list[Call] = [("eth_getTransactionCount", (sender, LATEST)), ("eth_getBalance", (sender, LATEST))]
        for to, data in calls:
            call = {"from": sender, "to": to, "data": data}
            asked += [("eth_call", (call, state)), ("eth_estimateGas", (call, state))]
        parts = [asked[start : start + _TOGETHER] for start in range(0, len(asked), _TOGETHER)]
        answers = [one for part in await ask_all(map(self.rpc.outcomes, parts)) for one in part]
        nonce, balance = (as_int(result(one), "nonce or balance", 256) for one in answers[:2])
        pairs = zip(answers[2::2], answers[3::2], strict=True)
        return Nonce(nonce), Wei(balance), [_gas(called, estimate) for called, estimate in pairs]

    async def receipts(self, hashes: Sequence[TxHash]) -> list[Receipt | None]:
        """Give the receipts of transactions, None for those not in the chain."""
        calls: list[Call] = [("eth_getTransactionReceipt", (one,)) for one in hashes]
        return [parse_receipt(answer, one) for one, answer in zip(hashes, await self.rpc.batch(calls), strict=True)]

    async def known(self, hashes: Sequence[TxHash]) -> list[bool]:
        """Tell which transactions the node has, mined or waiting."""
        calls: list[Call] = [("eth_getTransactionByHash", (one,)) for one in hashes]
        return [answer is not None and bool(as_map(answer, "transaction")) for answer in await self.rpc.batch(calls)]


def call_params(
    to: Address, data: HexData, block_hash: BlockHash | None = None, sender: Address | None = None
) -> tuple[object, ...]:
    """Write the parameters of eth_call, by block hash so that every answer is of one block."""
    call = {"to": to, "data": data} if sender is None else {"from": sender, "to": to, "data": data}
    return (call, LATEST if block_hash is None else {"blockHash": block_hash})


def _gas(called: object, estimate: object) -> Gas | RpcError:
    """Read the gas of a call that was tried; the error of either answer is the call's."""
    for answer in (called, estimate):
        if isinstance(answer, RpcError):
            return answer
    try:
        return Gas(as_int(estimate, "gas"))
    except ResponseError as error:
        return error
