"""What the keeper asks of the chain, typed. Knows blocks, logs, calls and transactions, nothing of the venue.

A step begins with `head`, which picks a node that has the block; all that follows is asked of that node.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from crossmargin.chain.units import ChainId, Gas
from keepers.chain import Header, Receipt, parse_data, parse_header, parse_receipt
from keepers.logs import Logs
from keepers.patience import PAUSES, patient, result
from keepers.rpc import Call, Rpc, as_int, as_map, as_str
from keepers.survey import Survey
from keepers.units import Address, BlockHash, BlockNumber, HexData, Nonce, TxHash, Wei

__all__ = ["Node", "call_params"]

LATEST: Final = "latest"


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
        self, targets: Sequence[tuple[Address, HexData]], block_hash: BlockHash | None = None
    ) -> list[object]:
        """Call many views at one block; an answer that is an error takes the place of its result."""
        return await patient(
            self.rpc.outcomes, [("eth_call", call_params(to, data, block_hash)) for to, data in targets]
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

    async def send(self, raw: HexData) -> TxHash:
        """Send a signed transaction; give its hash."""
        return TxHash(as_str(await self.rpc.request("eth_sendRawTransaction", raw), "hash"))

    async def try_call(self, sender: Address, to: Address, data: HexData) -> tuple[Gas, Nonce, Wei]:
        """Try a transaction; give its gas, and the sender's next nonce and balance. Raise the revert if it fails."""
        answers = await self.rpc.batch(
            [
                ("eth_call", call_params(to, data, sender=sender)),
                ("eth_estimateGas", ({"from": sender, "to": to, "data": data},)),
                ("eth_getTransactionCount", (sender, LATEST)),
                ("eth_getBalance", (sender, LATEST)),
            ]
        )
        gas, nonce = (as_int(answer, "gas or nonce") for answer in answers[1:3])
        return Gas(gas), Nonce(nonce), Wei(as_int(answers[3], "balance", 256))

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
