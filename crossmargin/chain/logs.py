"""Logs of one event over many blocks. Reads from the node."""

from collections.abc import Iterator
from typing import Any, Final

from eth_typing import BlockNumber
from web3.contract.contract import ContractEvent
from web3.types import EventData

__all__ = ["arguments_of", "logs_of"]

_BLOCKS: Final = 10_000
"""Most blocks of logs asked for at once: what public nodes allow."""


def arguments_of(event: ContractEvent, first: BlockNumber, **filters: int) -> Iterator[Any]:
    """Give the arguments of an event's logs from block `first` to now, in order; `filters` are indexed arguments."""
    for log in logs_of(event, first, event.w3.eth.block_number, **filters):
        yield log["args"]


def logs_of(event: ContractEvent, first: BlockNumber, last: BlockNumber, **filters: int | str) -> Iterator[EventData]:
    """Give an event's logs of the blocks `first` to `last`, in order."""
    for start in range(first, last + 1, _BLOCKS):
        end = BlockNumber(min(start + _BLOCKS - 1, last))
        yield from event.get_logs(argument_filters=filters, from_block=BlockNumber(start), to_block=end)
