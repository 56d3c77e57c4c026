"""What to do next about an action whose end is not known: pure, and the same after a restart as in a quiet run.

Reads journal rows and receipts it is given; asks and writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from keepers.chain import Header, Receipt
from keepers.store import ActionRow, ActionStatus, TransactionRow
from keepers.units import BlockNumber, Blocks, ClockSeconds, Nonce, TxHash

__all__ = ["Facts", "Step", "next_step"]


class Step(Enum):
    """What to do about an open action."""

    WAIT = auto()
    FORGET = auto()  # never signed: nothing can have happened
    RECORD = auto()  # in a block
    SETTLE = auto()  # in a final block
    UNDONE = auto()  # its block was orphaned
    CANCELLED = auto()  # the cancellation is final
    DROP = auto()  # its nonce went to a transaction that is not ours
    RESEND = auto()  # the node does not have it
    REPLACE = auto()  # first in line, and waited too long
    CANCEL = auto()  # past its deadline: it is not sent again, and its nonce is freed


@dataclass(frozen=True, slots=True)
class Facts:
    """What the chain says. `used_since` is the block at which the nonce was first seen used without a receipt.

    `waited` is how long this process has known the newest transaction.
    """

    head: Header
    nonce: Nonce
    receipts: Mapping[TxHash, Receipt]
    known: bool
    used_since: BlockNumber | None
    waited: ClockSeconds


def next_step(
    action: ActionRow,
    sent: Sequence[TransactionRow],
    facts: Facts,
    *,
    confirmations: Blocks,
    replace_after: ClockSeconds,
) -> tuple[Step, Receipt | None]:
    """Decide from the journal and the chain; the receipt comes along where there is one."""
    if not sent:
        return Step.FORGET, None
    for row in sent:
        receipt = facts.receipts.get(row.hash)
        if receipt is not None:
            final = facts.head.number - receipt.block >= confirmations
            if row.cancel:
                return (Step.CANCELLED if final else Step.WAIT), receipt
            return (Step.SETTLE if final else Step.RECORD), receipt
    return _not_in_chain(action, sent[-1], facts, confirmations=confirmations, replace_after=replace_after), None


def _not_in_chain(
    action: ActionRow, newest: TransactionRow, facts: Facts, *, confirmations: Blocks, replace_after: ClockSeconds
) -> Step:
    if action.status is ActionStatus.MINED:
        return Step.UNDONE
    if facts.nonce > newest.nonce:
        lost = facts.used_since is not None and facts.head.number - facts.used_since >= confirmations
        return Step.DROP if lost else Step.WAIT
    if facts.head.timestamp > action.deadline and not newest.cancel:
        return Step.CANCEL
    if facts.nonce == newest.nonce and facts.waited >= replace_after:
        return Step.REPLACE
    return Step.WAIT if facts.known else Step.RESEND
