"""Membership in a fleet: the lease that lets this process sign, who else is alive, and what the dead have left.

Members decide the same from one block, and each carries out its part, by rendezvous hashing. A part that nobody carries
out is everybody's a block later; what a dead member has begun is looked after by whoever sees first that it is late.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

import structlog

from crossmargin.model.units import AccountId
from keepers.errors import FencedError, StoreError
from keepers.metrics import Metrics
from keepers.rivals import Turns
from keepers.settings import Settings
from keepers.store import Claim, Leases, Stores
from keepers.strategies import Action
from keepers.units import Address, BlockNumber

__all__ = ["Member", "member_of"]

log = structlog.get_logger(__name__)
_RENEWALS: Final = 3  # in the length of a lease: two may fail


class Member:
    """One of a fleet; without leases a keeper by itself, whose all turns are."""

    def __init__(self, signer: Address, metrics: Metrics, leases: Leases | None = None) -> None:
        """Begin outside."""
        self.claim: Claim | None = None
        self.fellows: frozenset[Address] = frozenset()
        self._leases = leases
        self._metrics = metrics
        self._turns = Turns(_name(signer))
        self._task: asyncio.Task[None] | None = None
        self._lost: FencedError | None = None
        metrics.members.set(1)

    async def join(self) -> None:
        """Take the signer's lease and keep it from now on; raise while another process has it."""
        if self._leases is None or self.claim is not None:
            return
        self.claim = self._leases.take()
        log.info("joined", signer=self.claim.signer, token=self.claim.token)
        self._look(self._leases, self.claim)
        self._task = asyncio.create_task(self._keep(self._leases, self.claim))

    async def leave(self) -> None:
        """Let others have the lease at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._leases is not None and self.claim is not None:
            with contextlib.suppress(StoreError):
                self._leases.give_up(self.claim)

    def share(self, actions: Sequence[Action], block: BlockNumber) -> list[Action]:
        """Give the actions that are this member's to carry out at a block; the others' are a block later.

        Raise once the lease is lost.
        """
        if self._lost is not None:
            raise self._lost
        return self._turns.ready(actions, map(_name, self.fellows), block)

    async def _keep(self, leases: Leases, claim: Claim) -> None:
        """Renew the lease until it is lost; while the server is away it may be, and then no write goes through."""
        while True:
            await asyncio.sleep(leases.length / _RENEWALS)
            try:
                self._look(leases, claim)
            except FencedError as error:
                log.error("lease_lost", error=str(error))  # noqa: TRY400 - expected; the next step ends by it
                self._lost = error
                return
            except StoreError as error:
                log.warning("fleet_unseen", error=str(error))

    def _look(self, leases: Leases, claim: Claim) -> None:
        fellows = leases.renew(claim)
        if fellows != self.fellows:
            log.info("fellows", here=sorted(fellows), gone=sorted(self.fellows - fellows))
        self.fellows = fellows
        self._metrics.members.set(1 + len(fellows))
        for signer, actions in leases.take_over(claim).items():
            log.warning("took_over", signer=signer, actions=actions)


def member_of(settings: Settings, stores: Stores, signer: Address, metrics: Metrics) -> Member:
    """Make the member that the settings describe; a dry run signs nothing, and needs no lease."""
    if settings.dry_run or not stores.journal.shared:
        return Member(signer, metrics)
    return Member(signer, metrics, Leases(stores.journal, signer, stores.holder(), settings.fleet.lease_seconds))


def _name(signer: Address) -> AccountId:
    """Write a signer as turns name those who take them."""
    return AccountId(int(signer, 16))
