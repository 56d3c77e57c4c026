"""Keepers that share a journal: one signs for a signer, each key is one member's, what the dead left is not lost."""

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from crossmargin.model.units import WAD
from keepers.errors import FencedError, HeldError, SettingsError, StoreError, WrongChainError
from keepers.fleet import Member, member_of
from keepers.metrics import Metrics
from keepers.settings import Settings
from keepers.store import ActionStatus, Intent, Journal, Leases, TransactionRow, open_stores
from keepers.store.schema import JOURNAL
from keepers.store.server import ServerDatabase
from tests.offchain.keepers.executor_bench import _action
from tests.offchain.keepers.fleet_rig import Fleet, expire
from tests.offchain.keepers.postgres import running

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
    expire(database, ALICE)
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
    expire(database, ALICE)
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


def test_a_member_notices_that_it_was_taken_for_dead(database):
    """By its next renewal: no part is its any more; the one that took over goes on to renew."""

    async def live() -> None:
        alice = Member(ALICE, Metrics(), Leases(database, ALICE, "one", 0.6))
        await alice.join()
        assert alice.share([_action()], 1) == [_action()]
        expire(database, ALICE)
        claim = Leases(database, ALICE, "two", 60.0).take()
        await asyncio.sleep(0.5)
        with pytest.raises(FencedError):
            alice.share([_action()], 2)
        await alice.leave()
        assert Leases(database, ALICE, "two", 60.0).renew(claim) == frozenset()

    asyncio.run(live())


def test_a_keeper_by_itself_is_no_member(tmp_path):
    """Without a server, or in a dry run, all turns are its own."""
    with open_stores(tmp_path / "keeper.db") as stores:
        member = member_of(Settings(dry_run=False, signer={"keystore": "k"}), stores, ALICE, Metrics())
        asyncio.run(member.join())
        wanted = [_action(number) for number in range(20)]
        assert (member.claim, member.share(wanted, 1)) == (None, wanted)
        asyncio.run(member.leave())


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
