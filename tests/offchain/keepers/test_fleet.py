"""Keepers that share a journal: one signs for a signer, each key is one member's, what the dead left is not lost."""

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from eth_account import Account
from sqlalchemy import text

from crossmargin.model.units import WAD
from keepers.errors import FencedError, HeldError, SettingsError, StoreError, WrongChainError
from keepers.executor import Executor
from keepers.executor.local import KeySigner
from keepers.fees.models import Plain
from keepers.fleet import Member, member_of
from keepers.metrics import Metrics
from keepers.pending import pending
from keepers.settings import Settings
from keepers.store import ActionStatus, Intent, Journal, Leases, TransactionRow, open_stores
from keepers.store.schema import JOURNAL
from keepers.store.server import ServerDatabase
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.postgres import running
from tests.offchain.keepers.sample_venue import paper_venue
from tests.offchain.keepers.test_executor import _action

ALICE, BOB = "0x" + "0a" * 20, "0x" + "0b" * 20


@pytest.fixture(scope="module")
def server():
    """Run a server for all tests of this file."""
    with running() as found:
        yield found


@pytest.fixture
def url(server):
    """Give an empty database."""
    return server.database()


@pytest.fixture
def database(url):
    """Open a database as a member does."""
    opened = ServerDatabase(url, JOURNAL)
    yield opened
    opened.close()


def _expire(database: ServerDatabase, signer: str) -> None:
    """Let a lease run out."""
    with database.begin() as connection:
        connection.execute(text("UPDATE leases SET until = 0 WHERE signer = :signer"), {"signer": signer})


def _intent(key: str) -> Intent:
    return Intent(key, "bid", 2**255, 3, "0x", 2**40, 1, 1.0, -(10**30))


def _signed(action: int, signer: str, nonce: int = 0) -> TransactionRow:
    return TransactionRow(f"{signer}{nonce}", action, False, signer, nonce, 10, 1, 21_000, "0x", 1.0)


def test_one_process_has_a_signer(database):
    """A second waits until the first is late; the first is refused from then on, whatever it writes."""
    first, second = Leases(database, ALICE, "one", 60.0), Leases(database, ALICE, "two", 60.0)
    claim = first.take()
    journal = Journal(database, claim)
    (action,) = journal.begin([_intent("a")])
    with pytest.raises(HeldError):
        second.take()
    assert first.take().token == claim.token + 1, "a restarted process has it at once"
    _expire(database, ALICE)
    newer = second.take()
    for write in (
        lambda: journal.begin([_intent("b")]),
        lambda: journal.add_transactions([_signed(action, ALICE)]),
        lambda: journal.set_status(action, ActionStatus.REFUSED),
        lambda: first.renew(claim),
        lambda: first.take_over(claim),
    ):
        with pytest.raises(FencedError):
            write()
    (row,) = Journal(database, newer).open_actions()
    assert (row.id, row.status, row.deadline, row.account) == (action, ActionStatus.INTENT, 2**40, 2**255)
    assert Journal(database).nonce_floor(ALICE) == 0


def test_a_key_is_one_members(database):
    """Two begin the same at the same time: each key is recorded once; each looks after its own only."""
    journals = [Journal(database, Leases(database, who, who, 60.0).take()) for who in (ALICE, BOB)]
    keys = [_intent(str(number)) for number in range(40)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: [one.begin([key])[0] for key in keys], journals))
    assert all((one is None) != (other is None) for one, other in zip(*found, strict=True))
    for journal, mine in zip(journals, found, strict=True):
        assert [row.id for row in journal.open_actions()] == [one for one in mine if one is not None]
        assert journal.waiting() == journal.open_actions()
        assert len(journal.in_flight()) == 40


def test_what_the_dead_left_is_taken_over_once(database):
    """By one of those alive; who comes back looks after what it has signed itself."""
    alice, bob, carol = (Leases(database, who, who, 60.0) for who in (ALICE, BOB, "0xc"))
    claims = [one.take() for one in (alice, bob, carol)]
    journal = Journal(database, claims[0])
    unsigned, signed = journal.begin([_intent("a"), _intent("b")])
    journal.add_transactions([_signed(signed, ALICE)])
    assert bob.renew(claims[1]) == {ALICE, "0xc"}
    assert bob.take_over(claims[1]) == {}
    _expire(database, ALICE)
    assert bob.renew(claims[1]) == {"0xc"}
    assert bob.take_over(claims[1]) == {ALICE: [unsigned, signed]}
    assert carol.take_over(claims[2]) == {}
    theirs = Journal(database, claims[1])
    assert [row.id for row in theirs.open_actions()] == [unsigned, signed]
    with pytest.raises(FencedError):
        journal.add_transactions([_signed(unsigned, ALICE, 1)])
    back = Journal(database, alice.take())
    assert [row.id for row in back.open_actions()] == [signed]
    assert [row.id for row in theirs.open_actions()] == [unsigned]
    alice.give_up(claims[0])
    assert ALICE in bob.renew(claims[1])


def test_a_server_that_is_away_is_waited_for(server, url):
    """Its troubles are the disk's: one line, no password, and it goes on when the server is back."""
    database = ServerDatabase(url.replace("postgres@", "postgres:secret@"), JOURNAL)
    journal = Journal(database, Leases(database, ALICE, "one", 60.0).take())
    server.stop()
    try:
        with pytest.raises(StoreError) as found:
            journal.begin([_intent("a")])
        assert "secret" not in str(found.value)
        assert "\n" not in str(found.value)
    finally:
        server.start()
    assert journal.begin([_intent("a")]) == [1]
    database.close()


def test_a_journal_on_a_server_is_tied_to_its_chain(tmp_path, url):
    """Members bind it alike, another venue's do not; each has its own files and its own lock."""
    with open_stores(tmp_path / "a.db", url) as one, open_stores(tmp_path / "b.db", url) as other:
        one.bind({"chain": "1"})
        other.bind({"chain": "1"})
        with pytest.raises(WrongChainError, match="fleet_"):
            other.bind({"chain": "2"})
        assert one.holder() == one.holder() != other.holder()
        assert not (tmp_path / "a.db").exists()
        with pytest.raises(StoreError, match="in use"):
            open_stores(tmp_path / "a.db", url)


@pytest.mark.parametrize("wrong", ["mysql://a/b", "sqlite:///x.db", "no url"])
def test_what_is_no_server_is_refused(tmp_path, wrong):
    """With what is wanted instead; the lock is free again."""
    for _ in range(2):
        with pytest.raises(SettingsError, match="postgresql://"):
            open_stores(tmp_path / "keeper.db", wrong)


def test_a_keeper_by_itself_is_no_member(tmp_path):
    """Without a server, or in a dry run, all turns are its own."""
    with open_stores(tmp_path / "keeper.db") as stores:
        member = member_of(Settings(dry_run=False, signer={"keystore": "k"}), stores, ALICE, Metrics())
        asyncio.run(member.join())
        wanted = [_action(number) for number in range(20)]
        assert (member.claim, member.share(wanted, 1)) == (None, wanted)
        asyncio.run(member.leave())


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
        _expire(self.alive[0].database, victim.signer.address)
        return victim

    def calls(self) -> list[Counter[str]]:
        """Count each member's calls in the chain, by their data."""
        return [Counter(self.chain.calls(one.signer.address)) for one in self.keepers]


@pytest.fixture
def fleet(url, request):
    """Give a fleet, and close what it has opened."""
    made = Fleet(url, random.Random(request.node.name))
    yield made
    for keeper in made.keepers:
        keeper.database.close()


@pytest.mark.parametrize("death", ["between blocks", "begin", "add_transactions", "send"])
@pytest.mark.parametrize("seed", range(2))
def test_of_three_one_is_killed_and_nothing_is_lost_or_doubled(fleet, death, seed):
    """What it would have done, or has begun, is in the chain two blocks later, once."""
    assert all(len(keeper.member.fellows) == 2 for keeper in fleet.keepers)
    wanted = [_action(number, account=number << 96, args=(number, 9, WAD, 0, WAD, 0, 1)) for number in range(1, 61)]
    fleet.block(wanted[:20])
    fleet.block(wanted[:40])
    parts = [sum(one.values()) for one in fleet.calls()]
    assert min(parts) > 0, "all three have their part"
    victim = fleet.kill(wanted, death)
    for _ in range(3):
        fleet.block(wanted)
    calls = sum(fleet.calls(), Counter())
    assert (len(calls), max(calls.values())) == (60, 1)

    for _ in range(3):
        fleet.block([])
    journal = fleet.alive[0].journal
    settled = [row.key for row in journal.actions([ActionStatus.SETTLED])]
    assert sorted(settled) == sorted(action.key for action in wanted)
    assert {row.status for row in journal.actions()} <= {ActionStatus.SETTLED, ActionStatus.DROPPED}
    with pytest.raises(FencedError):
        victim.look()
