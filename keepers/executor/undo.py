"""What a reorganisation leaves behind: ends that are no longer in the chain, nonces that nothing uses."""

import time
from collections.abc import Sequence
from typing import Final

import structlog

from crossmargin.chain.units import Gas
from crossmargin.model.units import EPOCH, ZERO, AccountId, AuctionId
from keepers.chain import Header
from keepers.errors import ResponseError
from keepers.executor.fees import first_offer
from keepers.executor.wire import Wire
from keepers.node import Node
from keepers.settings import ExecutorSettings
from keepers.store import ActionRow, Intent, Journal, TransactionRow
from keepers.units import ActionKey, BlockHash, BlockNumber, ClockTime, HexData, Nonce

__all__ = ["CANCEL_GAS", "NOTHING", "fill_gaps", "orphaned"]

log = structlog.get_logger(__name__)
CANCEL_GAS: Final = Gas(21_000)
NOTHING: Final = HexData("0x")
_FILL: Final = "fill"
_MOST_FILLS: Final = 16


async def orphaned(node: Node, journal: Journal, head: Header, since: BlockNumber) -> list[ActionRow]:
    """List the actions whose end rests on a block from `since` on that is not, or not yet again, in the chain."""
    ended = journal.ended_since(since)
    numbers = sorted({row.block for row in ended if row.block is not None and row.block <= head.number})
    present = {header.number: header.hash for header in await node.headers(numbers)}
    return [row for row in ended if row.block is not None and present.get(row.block) != row.block_hash]


async def fill_gaps(
    wire: Wire, head: Header, nonce: Nonce, *, used: Sequence[TransactionRow], settings: ExecutorSettings
) -> list[ActionRow]:
    """Give the actions to take up again so that nonces follow on; where there is none send an empty transfer."""
    open_nonces = {row.nonce for row in used}
    found = []
    missing = [one for one in range(nonce, wire.journal.nonce_floor(wire.address)) if one not in open_nonces]
    for gap in map(Nonce, missing[:_MOST_FILLS]):
        action = wire.journal.action_of(wire.address, gap)
        log.warning("nonce_gap", nonce=gap, action=None if action is None else action.id)
        if action is None:
            await _fill(wire, head, gap, settings)
        elif action.block is None or not await _in_chain(wire.node, action.block, action.block_hash, head):
            found.append(action)
        else:
            raise ResponseError(
                f"the node counts {nonce} transactions, but nonce {gap} was used in block {action.block}"
            )
    return found


async def _in_chain(node: Node, number: BlockNumber, block: BlockHash | None, head: Header) -> bool:
    if number > head.number:
        return False
    (present,) = await node.headers([number])
    return present.hash == block


async def _fill(wire: Wire, head: Header, nonce: Nonce, settings: ExecutorSettings) -> None:
    intent = Intent(
        key=ActionKey(f"{_FILL}:{wire.address}:{nonce}"),
        kind=_FILL,
        account=AccountId(0),
        auction=AuctionId(0),
        call=NOTHING,
        deadline=EPOCH,
        decided_block=head.number,
        decided_at=ClockTime(time.time()),
        expected=ZERO,
    )
    (identity,) = wire.journal.begin([intent])
    if identity is not None:
        fees = first_offer(head.base_fee, settings)
        empty = wire.address, NOTHING
        row = await wire.sign(identity, empty, nonce=nonce, gas=CANCEL_GAS, fees=fees, cancel=True)
        await wire.commit([row])
