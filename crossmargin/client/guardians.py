"""Until when guardians let a market only reduce. No view tells: it is read from the events of the last week."""

from bisect import bisect_left
from threading import Lock
from typing import Final

from eth_typing import BlockNumber
from web3 import Web3
from web3.contract.contract import ContractEvent

from crossmargin.chain.logs import logs_of
from crossmargin.client.plans import Head
from crossmargin.model.units import EPOCH, InstrumentId, Seconds

__all__ = ["ReduceOnly"]

_LONGEST: Final = 7 * 86_400
"""For how long one act of a guardian holds at most [s]."""
_DEPTH: Final = 64
"""Blocks that are read again, since they may be undone."""


class ReduceOnly:
    """The acts of guardians that still hold; each block is read once, but for the last ones."""

    def __init__(self, event: ContractEvent, deployed: BlockNumber) -> None:
        """Read logs of `ReduceOnlyUntil`, from the block of the contract on at most."""
        self._event, self._deployed = event, deployed
        self._acts: list[tuple[BlockNumber, InstrumentId, Seconds]] = []
        self._next: BlockNumber | None = None
        self._lock = Lock()

    def until(self, instrument: InstrumentId, head: Head) -> Seconds:
        """Give until when a market only reduces, as of a block; a time that has passed where it may grow."""
        with self._lock:
            self._read(head)
            return max((until for _, of, until in self._acts if of == instrument), default=EPOCH)

    def _read(self, head: Head) -> None:
        first = self._oldest(head) if self._next is None else BlockNumber(max(self._deployed, self._next - _DEPTH))
        kept = [each for each in self._acts if each[0] < first]
        found = [
            (BlockNumber(log["blockNumber"]), InstrumentId(log["args"]["id"]), Seconds(log["args"]["until"]))
            for log in logs_of(self._event, first, head.number)
        ]
        self._acts = kept + found
        self._next = BlockNumber(head.number + 1)

    def _oldest(self, head: Head) -> BlockNumber:
        """Find the first block whose acts may still hold."""
        web3: Web3 = self._event.w3
        blocks = range(self._deployed, head.number + 1)
        place = bisect_left(blocks, head.time - _LONGEST, key=lambda number: web3.eth.get_block(number)["timestamp"])
        return BlockNumber(self._deployed + place)
