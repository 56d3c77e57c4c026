"""The action journal: what was decided, signed, sent, and what came of it. Written before anything is sent.

Members of a fleet share one: each key is one member's, who writes only while it has its lease. Touches the tables of
actions, claims, transactions and signers only.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, Select, case, func, insert, select, update

from keepers.store.database import Database
from keepers.store.leases import Claim, require
from keepers.store.rows import (
    IN_FLIGHT,
    LIVE,
    OPEN,
    RESULT,
    ActionRow,
    ActionStatus,
    Intent,
    Result,
    TransactionRow,
    action_cells,
    action_row,
    result_cells,
    transaction_cells,
    transaction_row,
)
from keepers.store.schema import ACTIONS, CEILINGS, CLAIMS, SIGNERS, TRANSACTIONS
from keepers.units import ActionId, ActionKey, Address, BlockHash, BlockNumber, ClockTime, Nonce, Wei

__all__ = ["Journal"]

_NO_CEILINGS: Final[Mapping[ActionId, Wei]] = MappingProxyType({})


class Journal:
    """Reads and writes actions, their transactions, and the signers' nonce floors."""

    def __init__(self, database: Database, claim: Claim | None = None) -> None:
        """Use the given database; in a fleet, as the member that has this lease."""
        self._database = database
        self._claim = claim

    @contextlib.contextmanager
    def _write(self) -> Iterator[Connection]:
        """Write in one transaction, and only while the lease is held."""
        with self._database.begin() as connection:
            if self._claim is not None:
                require(connection, self._claim)
            yield connection

    def _mine(self, query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
        """Leave out what other members look after."""
        if self._claim is None:
            return query
        claimed = select(CLAIMS.c.action).where(CLAIMS.c.signer == self._claim.signer)
        return query.where(ACTIONS.c.id.in_(claimed))

    def begin(self, intents: Sequence[Intent]) -> list[ActionId | None]:
        """Record decisions at once; None for one whose key is under way or done."""
        found: list[ActionId | None] = []
        with self._write() as connection:
            for intent in intents:
                new = self._database.insert(ACTIONS).values(action_cells(intent)).on_conflict_do_nothing()
                identity = connection.execute(new.returning(ACTIONS.c.id)).scalar_one_or_none()
                found.append(None if identity is None else ActionId(identity))
                if identity is not None and self._claim is not None:
                    connection.execute(insert(CLAIMS).values(action=identity, signer=self._claim.signer))
        return found

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
        if status not in LIVE:
            values["live_key"] = None
        if block is not None:
            values["block"], values["block_hash"] = block
        with self._write() as connection:
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == action).values(values))

    def reopen(self, action: ActionRow) -> None:
        """Take back what was written of an action whose block is gone; it has its key unless another has it now."""
        values: dict[str, object] = dict.fromkeys(RESULT)
        values |= {"status": ActionStatus.SENT.value, "reason": ""}
        others = select(ACTIONS.c.id).where(ACTIONS.c.live_key == action.key, ACTIONS.c.id != action.id)
        with self._write() as connection:
            if connection.execute(others).first() is None:
                values["live_key"] = action.key
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == action.id).values(values))

    def record(self, action: ActionId, result: Result) -> None:
        """Write what an action did."""
        values = result_cells(result)
        with self._write() as connection:
            connection.execute(update(ACTIONS).where(ACTIONS.c.id == action).values(values))

    def add_transactions(self, rows: Sequence[TransactionRow], ceilings: Mapping[ActionId, Wei] = _NO_CEILINGS) -> None:
        """Record signed transactions, raise the nonce floor past them and mark their actions sent, all at once.

        `ceilings` are the most that actions may pay per gas from now on.
        """
        with self._write() as connection:
            for action, most in ceilings.items():
                connection.execute(insert(CEILINGS).values(action=action, most_fee=str(most)))
            for row in rows:
                new = self._database.insert(TRANSACTIONS).values(transaction_cells(row))
                connection.execute(new.on_conflict_do_nothing())
                floor = self._database.insert(SIGNERS).values(address=row.signer, next_nonce=row.nonce + 1)
                raised = case((SIGNERS.c.next_nonce > row.nonce, SIGNERS.c.next_nonce), else_=row.nonce + 1)
                connection.execute(floor.on_conflict_do_update(index_elements=["address"], set_={"next_nonce": raised}))
                sent = {"status": ActionStatus.SENT.value}
                connection.execute(update(ACTIONS).where(ACTIONS.c.id == row.action).values(sent))

    def ceiling(self, action: ActionId) -> Wei | None:
        """Give the most that an action may pay per gas; None without a limit of its own."""
        with self._database.connect() as connection:
            found = connection.execute(select(CEILINGS.c.most_fee).where(CEILINGS.c.action == action)).scalar()
            return None if found is None else Wei(int(found))

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
            return [action_row(row) for row in connection.execute(query)]

    def open_actions(self) -> list[ActionRow]:
        """List the actions to look after: those whose end is not known, without other members'."""
        return self._own(OPEN)

    def waiting(self) -> list[ActionRow]:
        """List the actions to look after that are in no block yet."""
        return self._own(IN_FLIGHT)

    def in_flight(self) -> list[ActionRow]:
        """List the actions that are in no block yet, the whole fleet's."""
        return self.actions(IN_FLIGHT)

    def _own(self, statuses: Iterable[ActionStatus]) -> list[ActionRow]:
        query = self._mine(select(ACTIONS).where(ACTIONS.c.status.in_([status.value for status in statuses])))
        with self._database.connect() as connection:
            return [action_row(row) for row in connection.execute(query.order_by(ACTIONS.c.id))]

    def live_keys(self) -> frozenset[ActionKey]:
        """Give the keys of all actions that are under way or done."""
        with self._database.connect() as connection:
            rows = connection.execute(select(ACTIONS.c.live_key).where(ACTIONS.c.live_key.is_not(None)))
            return frozenset(row.live_key for row in rows)

    def ended_since(self, block: BlockNumber) -> list[ActionRow]:
        """List the actions whose end rests on a block from `block` on."""
        query = select(ACTIONS).where(ACTIONS.c.block >= block, ACTIONS.c.status.not_in([one.value for one in OPEN]))
        with self._database.connect() as connection:
            return [action_row(row) for row in connection.execute(query)]

    def contested(self, kind: str, since: BlockNumber, most: int) -> tuple[int, int]:
        """Count which of the newest ended actions of a kind, decided from a block on, succeeded and which came late."""
        query = select(ACTIONS.c.status).where(
            ACTIONS.c.kind == kind,
            ACTIONS.c.decided_block >= since,
            ACTIONS.c.gas_cost.is_not(None),
            ACTIONS.c.status.in_(
                [one.value for one in (ActionStatus.SETTLED, ActionStatus.FAILED, ActionStatus.DROPPED)]
            ),
        )
        with self._database.connect() as connection:
            found = list(connection.execute(query.order_by(ACTIONS.c.id.desc()).limit(most)).scalars())
        won = found.count(ActionStatus.SETTLED.value)
        return won, len(found) - won

    def spent_since(self, time: ClockTime) -> Wei:
        """Sum what actions decided since a time have cost [wei], without what their data cost beside the gas."""
        query = select(ACTIONS.c.gas_used, ACTIONS.c.gas_price)
        query = query.where(ACTIONS.c.decided_at >= time, ACTIONS.c.gas_used.is_not(None))
        with self._database.connect() as connection:
            return Wei(sum(row.gas_used * int(row.gas_price) for row in connection.execute(query)))

    def newest_end(self) -> BlockNumber:
        """Give the newest block that an end rests on; 0 without any."""
        with self._database.connect() as connection:
            return BlockNumber(connection.execute(select(func.max(ACTIONS.c.block))).scalar_one() or 0)

    def action_of(self, signer: Address, nonce: Nonce) -> ActionRow | None:
        """Find the action that a nonce was signed for."""
        ids = select(TRANSACTIONS.c.action).where(TRANSACTIONS.c.signer == signer, TRANSACTIONS.c.nonce == nonce)
        with self._database.connect() as connection:
            row = connection.execute(select(ACTIONS).where(ACTIONS.c.id.in_(ids)).order_by(ACTIONS.c.id.desc())).first()
        return None if row is None else action_row(row)

    def signed(self, statuses: Iterable[ActionStatus]) -> dict[ActionId, list[TransactionRow]]:
        """List the signed transactions of actions of these statuses to look after, by action, oldest first."""
        among = self._mine(select(ACTIONS.c.id).where(ACTIONS.c.status.in_([status.value for status in statuses])))
        query = select(TRANSACTIONS).where(TRANSACTIONS.c.action.in_(among)).order_by(TRANSACTIONS.c.id)
        found: dict[ActionId, list[TransactionRow]] = {}
        with self._database.connect() as connection:
            for row in map(transaction_row, connection.execute(query)):
                found.setdefault(row.action, []).append(row)
        return found

    def transactions(self, action: ActionId) -> list[TransactionRow]:
        """List an action's signed transactions, oldest first."""
        query = select(TRANSACTIONS).where(TRANSACTIONS.c.action == action).order_by(TRANSACTIONS.c.id)
        with self._database.connect() as connection:
            return [transaction_row(row) for row in connection.execute(query)]
