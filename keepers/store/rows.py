"""Rows of the action journal: an action, what it did, its signed transactions; how they lie in the tables. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Row

from crossmargin.chain.units import Gas
from crossmargin.model.units import AccountId, AuctionId, Seconds, Wad
from keepers.units import ActionId, ActionKey, Address, BlockHash, BlockNumber, ClockTime, HexData, Nonce, TxHash, Wei

__all__ = [
    "IN_FLIGHT",
    "LIVE",
    "OPEN",
    "RESULT",
    "ActionRow",
    "ActionStatus",
    "Intent",
    "Result",
    "TransactionRow",
    "action_cells",
    "action_row",
    "result_cells",
    "transaction_cells",
    "transaction_row",
]


class ActionStatus(StrEnum):
    """How far an action has come."""

    INTENT = "intent"  # decided, nothing signed
    SENT = "sent"  # signed; it may or may not have reached the chain
    MINED = "mined"  # in a block that may still be undone
    SETTLED = "settled"  # in a block that counts as final
    FAILED = "failed"  # in a final block, reverted
    REFUSED = "refused"  # would have reverted: not sent
    DROPPED = "dropped"  # can never be mined: its nonce went to something else
    DRY = "dry"  # dry run: not sent


LIVE: Final = frozenset(
    {ActionStatus.INTENT, ActionStatus.SENT, ActionStatus.MINED, ActionStatus.SETTLED, ActionStatus.DRY}
)
IN_FLIGHT: Final = (ActionStatus.INTENT, ActionStatus.SENT)
OPEN: Final = (*IN_FLIGHT, ActionStatus.MINED)
RESULT: Final = ("block", "block_hash", "gas_used", "gas_price", "gas_cost", "data_cost", "fraction", "paid", "value")


@dataclass(frozen=True, slots=True)
class Intent:
    """What was decided. Expected profit USD; the deadline is in the chain's time, `decided_at` in this machine's."""

    key: ActionKey
    kind: str
    account: AccountId
    auction: AuctionId
    call: HexData
    deadline: Seconds
    decided_block: BlockNumber
    decided_at: ClockTime
    expected: Wad
    status: ActionStatus = ActionStatus.INTENT


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action in the journal. Amounts USD; the deadline is in the chain's time."""

    id: ActionId
    key: ActionKey
    kind: str
    account: AccountId
    auction: AuctionId
    status: ActionStatus
    reason: str
    call: HexData
    deadline: Seconds
    decided_block: BlockNumber
    decided_at: ClockTime
    expected: Wad
    block: BlockNumber | None
    block_hash: BlockHash | None
    fraction: Wad | None
    paid: Wad | None
    value: Wad | None
    gas_used: Gas | None
    gas_price: Wei | None
    gas_cost: Wad | None
    data_cost: Wad | None


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A signed transaction of an action."""

    hash: TxHash
    action: ActionId
    cancel: bool
    signer: Address
    nonce: Nonce
    max_fee: Wei
    tip: Wei
    gas: Gas
    raw: HexData
    signed_at: ClockTime


@dataclass(frozen=True, slots=True)
class Result:
    """What a mined action did. Amounts and costs USD; what its data cost is a part of what its gas did."""

    block: BlockNumber
    block_hash: BlockHash
    gas_used: Gas
    gas_price: Wei
    gas_cost: Wad
    data_cost: Wad
    fraction: Wad | None = None
    paid: Wad | None = None
    value: Wad | None = None


def action_cells(intent: Intent) -> dict[str, object]:
    """Write a decision as a row; it has its key while it may take effect or has."""
    return {
        "key": intent.key,
        "live_key": intent.key,
        "kind": intent.kind,
        "account": str(intent.account),
        "auction": intent.auction,
        "status": intent.status.value,
        "reason": "",
        "call": intent.call,
        "deadline": intent.deadline,
        "decided_block": intent.decided_block,
        "decided_at": intent.decided_at,
        "expected": str(intent.expected),
    }


def result_cells(result: Result) -> dict[str, int | str | None]:
    """Write what an action did."""
    return {name: _cell(name, getattr(result, name)) for name in RESULT}


def transaction_cells(row: TransactionRow) -> dict[str, object]:
    """Write a signed transaction."""
    return {
        "hash": row.hash,
        "action": row.action,
        "cancel": int(row.cancel),
        "signer": row.signer,
        "nonce": row.nonce,
        "max_fee": str(row.max_fee),
        "tip": str(row.tip),
        "gas": row.gas,
        "raw": row.raw,
        "signed_at": row.signed_at,
    }


def _cell(name: str, value: int | str | None) -> int | str | None:
    return value if value is None or name in {"block", "block_hash", "gas_used"} else str(value)


def _optional(value: str | None) -> int | None:
    return None if value is None else int(value)


def action_row(row: Row[*tuple[object, ...]]) -> ActionRow:
    """Read an action."""
    values = dict(row._mapping)  # noqa: SLF001 - the public way to name a row's columns
    values.pop("live_key")
    for name in ("fraction", "paid", "value", "gas_price", "gas_cost", "data_cost"):
        values[name] = _optional(values[name])
    for name in ("account", "expected"):
        values[name] = int(values[name])
    values["status"] = ActionStatus(values["status"])
    return ActionRow(**values)


def transaction_row(row: Row[*tuple[object, ...]]) -> TransactionRow:
    """Read a signed transaction."""
    values = dict(row._mapping)  # noqa: SLF001 - the public way to name a row's columns
    values["max_fee"], values["tip"] = int(values["max_fee"]), int(values["tip"])
    values["cancel"] = bool(values["cancel"])
    values.pop("id")
    return TransactionRow(**values)
