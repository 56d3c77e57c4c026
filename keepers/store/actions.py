"""The action journal: what was decided, signed, sent, and what came of it. Written before anything is sent.

Touches the tables of actions, transactions and signers only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from crossmargin.chain.units import Gas
from crossmargin.model.units import AccountId, AuctionId, Seconds, Wad
from keepers.errors import DuplicateError
from keepers.store.database import Database
from keepers.store.schema import ACTIONS, SIGNERS, TRANSACTIONS
from keepers.units import ActionId, ActionKey, Address, BlockHash, BlockNumber, ClockTime, HexData, Nonce, TxHash, Wei

__all__ = ["ActionRow", "ActionStatus", "Journal", "Result", "TransactionRow"]


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


_LIVE = frozenset({ActionStatus.INTENT, ActionStatus.SENT, ActionStatus.MINED, ActionStatus.SETTLED, ActionStatus.DRY})
IN_FLIGHT = (ActionStatus.INTENT, ActionStatus.SENT)
OPEN = (*IN_FLIGHT, ActionStatus.MINED)
_RESULT = ("block", "block_hash", "gas_used", "gas_price", "gas_cost", "fraction", "paid", "value")


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
    """What a mined action did. Amounts and the cost of gas USD."""

    block: BlockNumber
    block_hash: BlockHash
    gas_used: Gas
    gas_price: Wei
    gas_cost: Wad
    fraction: Wad | None = None
    paid: Wad | None = None
    value: Wad | None = None


class Journal:
    """Reads and writes actions, their transactions, and the signers' nonce floors."""

    def __init__(self, database: Database) -> None:
        """Use the given database."""
        self._database = database

    def begin(
        self,
        *,
        key: ActionKey,
        kind: str,
        account: AccountId,
        auction: AuctionId,
        call: HexData,
        deadline: Seconds,
        block: BlockNumber,
        expected: Wad,
        now: ClockTime,
        status: ActionStatus = ActionStatus.INTENT,
    ) -> ActionId:
        """Record a decision; raise when one of the same key is under way or done."""
        row = {
            "key": key,
            "live_key": key,
            "kind": kind,
            "account": str(account),
            "auction": auction,
            "status": status.value,
            "reason": "",
            "call": call,
            "deadline": deadline,
            "decided_block": block,
            "decided_at": now,
            "expected": str(expected),
        }
        try:
            with self._database.begin() as connection:
                new = connection.execute(insert(ACTIONS).values(row).returning(ACTIONS.c.id))
                return ActionId(new.scalar_one())
        except IntegrityError as error:
            raise DuplicateError(key) from error

    def set_status(
        self,
        action: ActionId,
        status: ActionStatus,
        reason: str = "",
        *,
        block: tuple[BlockNumber, BlockHash] | None = None,
    ) -> None:
        """Move an action on; one that is over without effect frees its key. It rests on `block`, if on any."""
        values: dict[str, object] = {"status": status.value, "reason": reason}
        if status not in _LIVE:
            values["live_key"] = None
        if block is not None:
            values["block"], values["block_hash"] = block
        with self._database.begin() as connection:
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == action).values(values))

    def reopen(self, action: ActionRow) -> None:
        """Take back what was written of an action whose block is gone; it has its key unless another has it now."""
        values: dict[str, object] = dict.fromkeys(_RESULT)
        values |= {"status": ActionStatus.SENT.value, "reason": ""}
        others = select(ACTIONS.c.id).where(ACTIONS.c.live_key == action.key, ACTIONS.c.id != action.id)
        with self._database.begin() as connection:
            if connection.execute(others).first() is None:
                values["live_key"] = action.key
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == action.id).values(values))

    def record(self, action: ActionId, result: Result) -> None:
        """Write what an action did."""
        values = {name: _cell(name, getattr(result, name)) for name in _RESULT}
        with self._database.begin() as connection:
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == action).values(values))

    def add_transaction(self, row: TransactionRow) -> None:
        """Record a signed transaction, raise the nonce floor past it and mark the action sent, in one transaction."""
        values = {
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
        with self._database.begin() as connection:
            connection.execute(upsert(TRANSACTIONS).values(values).on_conflict_do_nothing())
            floor = upsert(SIGNERS).values(address=row.signer, next_nonce=row.nonce + 1)
            raised = func.max(SIGNERS.c.next_nonce, row.nonce + 1)
            connection.execute(floor.on_conflict_do_update(index_elements=["address"], set_={"next_nonce": raised}))
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == row.action).values(status=ActionStatus.SENT.value))

    def nonce_floor(self, signer: Address) -> Nonce:
        """Give the least nonce the signer has never signed with."""
        with self._database.connect() as connection:
            query = select(SIGNERS.c.next_nonce).where(SIGNERS.c.address == signer)
            return connection.execute(query).scalar_one_or_none() or Nonce(0)

    def actions(self, statuses: Iterable[ActionStatus] | None = None) -> list[ActionRow]:
        """List actions, oldest first."""
        query = select(ACTIONS).order_by(ACTIONS.c.id)
        if statuses is not None:
            query = query.where(ACTIONS.c.status.in_([status.value for status in statuses]))
        with self._database.connect() as connection:
            return [_action_row(row) for row in connection.execute(query)]

    def open_actions(self) -> list[ActionRow]:
        """List the actions whose end is not known."""
        return self.actions(OPEN)

    def in_flight(self) -> list[ActionRow]:
        """List the actions that are in no block yet."""
        return self.actions(IN_FLIGHT)

    def live_keys(self) -> frozenset[ActionKey]:
        """Give the keys of all actions that are under way or done."""
        with self._database.connect() as connection:
            rows = connection.execute(select(ACTIONS.c.live_key).where(ACTIONS.c.live_key.is_not(None)))
            return frozenset(row.live_key for row in rows)

    def ended_since(self, block: BlockNumber) -> list[ActionRow]:
        """List the actions whose end rests on a block from `block` on."""
        query = select(ACTIONS).where(ACTIONS.c.block >= block, ACTIONS.c.status.not_in([one.value for one in OPEN]))
        with self._database.connect() as connection:
            return [_action_row(row) for row in connection.execute(query)]

    def newest_end(self) -> BlockNumber:
        """Give the newest block that an end rests on; 0 without any."""
        with self._database.connect() as connection:
            return BlockNumber(connection.execute(select(func.max(ACTIONS.c.block))).scalar_one() or 0)

    def action_of(self, signer: Address, nonce: Nonce) -> ActionRow | None:
        """Find the action that a nonce was signed for."""
        ids = select(TRANSACTIONS.c.action).where(TRANSACTIONS.c.signer == signer, TRANSACTIONS.c.nonce == nonce)
        with self._database.connect() as connection:
            row = connection.execute(select(ACTIONS).where(ACTIONS.c.id.in_(ids)).order_by(ACTIONS.c.id.desc())).first()
        return None if row is None else _action_row(row)

    def transactions(self, action: ActionId) -> list[TransactionRow]:
        """List an action's signed transactions, oldest first."""
        query = select(TRANSACTIONS).where(TRANSACTIONS.c.action == action).order_by(TRANSACTIONS.c.id)
        with self._database.connect() as connection:
            return [_transaction_row(row) for row in connection.execute(query)]


def _cell(name: str, value: int | str | None) -> int | str | None:
    return value if value is None or name in {"block", "block_hash", "gas_used"} else str(value)


def _optional(value: str | None) -> int | None:
    return None if value is None else int(value)


def _action_row(row: Row[*tuple[object, ...]]) -> ActionRow:
    values = dict(row._mapping)  # noqa: SLF001 - the public way to name a row's columns
    values.pop("live_key")
    for name in ("fraction", "paid", "value", "gas_price", "gas_cost"):
        values[name] = _optional(values[name])
    for name in ("account", "expected"):
        values[name] = int(values[name])
    values["status"] = ActionStatus(values["status"])
    return ActionRow(**values)


def _transaction_row(row: Row[*tuple[object, ...]]) -> TransactionRow:
    values = dict(row._mapping)  # noqa: SLF001 - the public way to name a row's columns
    values["max_fee"], values["tip"] = int(values["max_fee"]), int(values["tip"])
    values["cancel"] = bool(values["cancel"])
    values.pop("id")
    return TransactionRow(**values)
