"""Members of a fleet in this process, each with a signer of its own, over one chain; one of them dies where told."""

import asyncio
import random
from collections import Counter

import pytest
from eth_account import Account
from sqlalchemy import text

from crossmargin.model.units import WAD
from keepers.executor import Executor
from keepers.executor.local import KeySigner
from keepers.fees.models import Plain
from keepers.fleet import Member
from keepers.metrics import Metrics
from keepers.pending import pending
from keepers.settings import Settings
from keepers.store import Journal, Leases
from keepers.store.schema import JOURNAL
from keepers.store.server import ServerDatabase
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.sample_venue import paper_venue


def expire(database: ServerDatabase, signer: str) -> None:
    """Let a lease run out."""
    with database.begin() as connection:
        connection.execute(text("UPDATE leases SET until = 0 WHERE signer = :signer"), {"signer": signer})


class Killed(BaseException):
    """The process ends here."""


class Keeper:
    """A member with a signer of its own over the chain that all see."""

    def __init__(self, url: str, chain: FakeChain, number: int) -> None:
        """Join; nothing is decided yet."""
        self.database = ServerDatabase(url, JOURNAL)
        self.signer = KeySigner(Account.from_key(f"0x{number + 1:064x}"), 31337)
        self.member = Member(
            self.signer.address, Metrics(), Leases(self.database, self.signer.address, str(number), 3600.0)
        )
        self.member.claim = self.member._leases.take()
        self.journal = Journal(self.database, self.member.claim)
        settings = Settings(
            dry_run=False, signer={"keystore": "k"}, chain={"confirmations": 2}, executor={"max_pending": 500}
        )
        self.node = chain.node()
        self.executor = Executor(
            self.node, paper_venue(), self.journal, self.signer, settings, fees=Plain(), clock=lambda: 0.0
        )

    def look(self) -> None:
        """Renew, and see who is there."""
        self.member._look(self.member._leases, self.member.claim)

    def step(self, wanted: list) -> None:
        """Do what a keeper does at a block."""
        asyncio.run(self._step(wanted))

    async def _step(self, wanted: list) -> None:
        head = await self.node.head()
        self.look()
        done = pending(self.journal, self.executor.pauses.current(), head.number, dry=False).done
        left = [action for action in wanted if action.key not in done]
        await self.executor.submit(self.member.share(left, head.number), head, self.signer.address)
        await self.executor.poll(head, 2000 * WAD)

    def die_at(self, name: str, *, before: bool) -> None:
        """Have the next write of a kind, or the next send, be the last."""
        place = self.executor._wire.way if name == "send" else self.journal
        work = getattr(place, name)

        def dying(*args: object) -> object:
            if not before and name != "send":
                work(*args)
            raise Killed

        setattr(place, name, dying)


class Fleet:
    """Three members, one of which dies."""

    def __init__(self, url: str, dice: random.Random) -> None:
        """Have all know each other."""
        self.chain, self.dice = FakeChain(), dice
        for _ in range(4):
            self.chain.mine()
        self.keepers = [Keeper(url, self.chain, number) for number in range(3)]
        self.alive = list(self.keepers)
        for keeper in self.keepers:
            keeper.look()

    def block(self, wanted: list) -> None:
        """Have all that live act on one block, in any order, and mine what they sent."""
        for keeper in self.dice.sample(self.alive, len(self.alive)):
            keeper.step(wanted)
        self.chain.mine()

    def kill(self, wanted: list, death: str) -> Keeper:
        """Kill one, in the midst of a step or before it; its lease runs out within the block."""
        victim = self.dice.choice(self.alive)
        self.alive.remove(victim)
        if death != "between blocks":
            victim.die_at(death, before=self.dice.random() < 0.5)
            with pytest.raises(Killed):
                victim.step(wanted)
        expire(self.alive[0].database, victim.signer.address)
        return victim

    def calls(self) -> list[Counter[str]]:
        """Count each member's calls in the chain, by their data."""
        return [Counter(self.chain.calls(one.signer.address)) for one in self.keepers]
