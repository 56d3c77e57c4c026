"""Who of a fleet may sign for a signer, and until when; who looks after what another began.

A lease that ran out may be taken over; its token is one more then, and whoever writes with an older one is refused. All
times are the server's, so that no member's clock matters. Touches the tables of leases and claims only.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Double, Select, cast, extract, func, or_, select, update

from keepers.errors import FencedError, HeldError
from keepers.store.database import Database
from keepers.store.rows import OPEN
from keepers.store.schema import ACTIONS, CLAIMS, LEASES, TRANSACTIONS
from keepers.units import ActionId, Address, ClockSeconds

__all__ = ["Claim", "Leases"]

_OPEN: Final = [status.value for status in OPEN]


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease as whoever writes must have it still."""

    signer: Address
    token: int


class Leases:
    """Takes, renews and gives up the lease of one signer, for one process."""

    def __init__(self, database: Database, signer: Address, holder: str, length: ClockSeconds) -> None:
        """Use a journal that others share; a lease lasts `length` from each renewal on."""
        self._database = database
        self._signer = signer
        self._holder = holder
        self.length = length

    def take(self) -> Claim:
        """Take the lease if nobody has it, or whoever had it is late, and what its signer has open; else raise."""
        until = _now() + self.length
        free = or_(LEASES.c.until < _now(), LEASES.c.holder == self._holder)
        new = self._database.insert(LEASES).values(signer=self._signer, token=1, holder=self._holder, until=until)
        taken = new.on_conflict_do_update(
            index_elements=["signer"],
            set_={"token": LEASES.c.token + 1, "holder": self._holder, "until": until},
            where=free,
        )
        with self._database.begin() as connection:
            token = connection.execute(taken.returning(LEASES.c.token)).scalar_one_or_none()
            if token is None:
                raise HeldError(f"{self._signer} is in use by another process of the fleet")
            signed = select(TRANSACTIONS.c.action).where(TRANSACTIONS.c.signer == self._signer)
            mine = CLAIMS.c.action.in_(signed), CLAIMS.c.action.in_(_open_actions())
            connection.execute(update(CLAIMS).where(*mine).values(signer=self._signer))
        return Claim(self._signer, token)

    def renew(self, claim: Claim) -> frozenset[Address]:
        """Lengthen the lease, and give the signers of all other members that are alive."""
        held = LEASES.c.signer == claim.signer, LEASES.c.token == claim.token
        with self._database.begin() as connection:
            renewed = update(LEASES).where(*held).values(until=_now() + self.length)
            if connection.execute(renewed.returning(LEASES.c.token)).first() is None:
                raise FencedError(f"the lease of {claim.signer} went to another process of the fleet")
            others = select(LEASES.c.signer).where(LEASES.c.until >= _now(), LEASES.c.signer != claim.signer)
            return frozenset(connection.execute(others).scalars())

    def take_over(self, claim: Claim) -> dict[Address, list[ActionId]]:
        """Look after what members whose lease ran out have left open, from now on; they can write no more."""
        left = select(CLAIMS.c.signer).where(CLAIMS.c.action.in_(_open_actions()), CLAIMS.c.signer != claim.signer)
        dead = select(LEASES.c.signer).where(LEASES.c.until < _now(), LEASES.c.signer.in_(left))
        found: dict[Address, list[ActionId]] = {}
        with self._database.begin() as connection:
            require(connection, claim)
            for signer in connection.execute(dead.with_for_update(skip_locked=True)).scalars().all():
                connection.execute(update(LEASES).where(LEASES.c.signer == signer).values(token=LEASES.c.token + 1))
                theirs = CLAIMS.c.signer == signer, CLAIMS.c.action.in_(_open_actions())
                moved = update(CLAIMS).where(*theirs).values(signer=claim.signer)
                found[signer] = list(connection.execute(moved.returning(CLAIMS.c.action)).scalars())
        return found

    def give_up(self, claim: Claim) -> None:
        """Let others have it at once."""
        held = LEASES.c.signer == claim.signer, LEASES.c.token == claim.token
        with self._database.begin() as connection:
            connection.execute(update(LEASES).where(*held).values(until=0.0))


def require(connection: Connection, claim: Claim) -> None:
    """Raise where a lease changed hands; nobody takes it until this transaction ends."""
    query = select(LEASES.c.token).where(LEASES.c.signer == claim.signer).with_for_update(read=True)
    token = connection.execute(query).scalar_one_or_none()
    if token != claim.token:
        raise FencedError(f"the lease of {claim.signer} went to another process of the fleet")


def _open_actions() -> Select[ActionId]:
    return select(ACTIONS.c.id).where(ACTIONS.c.status.in_(_OPEN))


def _now() -> ColumnElement[float]:
    """Give the server's clock, which moves within a transaction too [s]."""
    return cast(extract("epoch", func.clock_timestamp()), Double)
