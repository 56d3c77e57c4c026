"""Seeded faults of nodes, relay, disk and clock, reorganisations to full depth and kills: nothing lost or doubled.

Store, journal and chain agree in the end, on a chain of paper, by bundles to a relay and on Anvil. Each run has more
than forty faults; HYPOTHESIS_PROFILE=deep has more than a thousand in all.
"""

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from eth_account import Account
from sqlalchemy import text

from crossmargin.model.units import WAD
from keepers.abi import load_abi
from keepers.contracts import CONTRACTS, AddressBook, Contracts
from keepers.errors import LostError, RpcError, StoreError
from keepers.executor import Executor
from keepers.executor.local import KeySigner
from keepers.executor.relay import Relay
from keepers.executor.ways import PrivateWay, PublicWay
from keepers.fees.models import Plain
from keepers.ingest import Advance, Follower
from keepers.outside import RelaySettings
from keepers.settings import Settings
from keepers.store import ActionStatus, BlockStore, Journal, open_stores
from tests.offchain.keepers.anvil_chain import AnvilChain
from tests.offchain.keepers.fake_chain import VENUE, FakeChain
from tests.offchain.keepers.fake_network import FakeNetwork, FakeNode
from tests.offchain.keepers.fake_relay import FakeRelay
from tests.offchain.keepers.test_answers import _decode, _odd
from tests.offchain.keepers.test_executor import KEY, _action

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "")
RUNS = {"pr": 8, "deep": 25}.get(PROFILE, 3)
OTHER_RUNS = {"pr": 2, "deep": 8}.get(PROFILE, 1)
CASES = [
    *(("paper", 12, seed) for seed in range(RUNS)),
    *(
        (kind, depth, seed)
        for kind, depth in (("deep", 64), ("relay", 12), ("anvil", 12))
        for seed in range(OTHER_RUNS)
    ),
]
STEPS = 90
PASSED = 15.0  # seconds a step takes by the rig's clock
REAL_TIME = time.time
SIGNER = Account.from_key(KEY)
CALLED = {name: f"0x{0xC0DE00 + index:040x}" for index, name in enumerate(CONTRACTS)}  # no precompile of Anvil's
KILLS = ("begin", "add_transactions", "record", "set_status", "reopen")


class Killed(BaseException):
    """The process ends here."""


class Rig:
    """A follower and an executor over three nodes, killed and started again from what is on disk."""

    def __init__(
        self, folder: Path, seed: int, chain: FakeChain | AnvilChain, depth: int, relay: FakeRelay | None = None
    ) -> None:
        """Begin with a chain that can be undone to a depth, and no faults."""
        self.depth = depth
        self.relay = relay
        self.dice = random.Random(seed)
        self.folder = folder
        self.chain = chain
        self.network = FakeNetwork("a", "b", "c", chain=chain)
        self.turned_back = 0.0
        self.now = 1000.0
        self.faults: Counter[str] = Counter()
        self.asked = 0
        self.settings = Settings(
            dry_run=False,
            signer={"keystore": "k"},
            chain={"confirmations": 2, "reorg_depth": depth},
            executor={"max_pending": 50},
        )
        for number in range(depth + 2):
            self.mine(f"0x{number:04x}")
        self.start()

    def start(self) -> None:
        """Start the process."""
        self.stores = open_stores(self.folder / "keeper.db")
        self.store = BlockStore(self.stores.chain, self.depth)
        self.journal = Journal(self.stores.journal)
        node = self.network.client(0.02, clock=lambda: self.now, span=7)
        venue = Contracts(AddressBook(CALLED, 0), {name: load_abi(name) for name in CONTRACTS})
        self.rpc = node.rpc
        self.follower = Follower(node, self.store, [VENUE], first=0, depth=self.depth, decode=_decode)
        self.signer = KeySigner(SIGNER, 31337)
        self.executor = Executor(
            node, venue, self.journal, self.signer, self.settings, fees=Plain(), clock=lambda: self.now
        )
        if self.relay is not None:
            without = self.dice.choice(("public", "wait"))
            settings = RelaySettings(url="http://relay", without=without, patience=3)
            relay = Relay(settings, httpx.MockTransport(self.relay.answer))
            self.executor._wire.way = PrivateWay(relay, PublicWay(node), settings)

    def mine(self, *payloads: str) -> None:
        """Add a block, with what the relay brings in."""
        if self.relay is not None:
            self.relay.bring()
        self.chain.mine(*payloads)

    def restart(self) -> None:
        """Lose what is in memory."""
        self.stores.close()
        self.start()

    def step(self, *, submit: bool) -> None:
        """Do what the keeper does at a block, with what the nodes let it."""
        self.now += PASSED
        try:
            asyncio.run(self._step(submit=submit))
        except RpcError:
            self.faults["errors"] += 1
        except LostError:
            self.faults["lost files"] += 1
            self.restart()
        except StoreError:
            self.faults["disk errors"] += 1
        except Killed:
            self.restart()

    async def _step(self, *, submit: bool) -> None:
        self.stores.require_files()
        advance = await self.follower.advance()
        while advance.behind:
            self._note(advance)
            advance = await self.follower.advance()
        self._note(advance)
        head = self.store.cursor()
        if submit:
            self.asked += 1
            soon = self.dice.random() < 0.3
            action = replace(_action(self.asked), deadline=head.timestamp + 4 if soon else 2_000_000)
            await self.executor.submit([action], head, self.signer.address)
        await self.executor.poll(head, 2000 * WAD)

    def _note(self, advance: Advance) -> None:
        if advance.fork is not None:
            self.executor.tracker.forked(advance.fork)

    def kill_within(self) -> None:
        """Have the next step die before or after a write to the journal."""
        name, before = self.dice.choice(KILLS), self.dice.random() < 0.5
        write = getattr(self.journal, name)

        def dying(*args: object, **named: object) -> object:
            if not before:
                write(*args, **named)
            raise Killed

        setattr(self.journal, name, dying)

    def reorganise(self) -> None:
        """Undo some blocks; their transactions come back or not."""
        depth, back = self.dice.randrange(1, self.depth - 1), self.dice.random() < 0.5
        self.chain.reorg(depth)
        if not back:
            self.chain.drop_pool()
        for number in range(depth + 1):
            self.mine(f"0xff{self.chain.salt:04x}{number:02x}")

    def now_by_the_wall(self) -> float:
        """Tell the time of the machine's clock, which somebody may have turned back."""
        return REAL_TIME() - self.turned_back

    def turn_clock(self) -> None:
        """Turn the machine's clock back by an hour."""
        self.turned_back += 3600.0

    def pragma(self, value: str) -> None:
        """Have the disk of both files be in a state."""
        for database in (self.stores.journal, self.stores.chain):
            with database.connect() as connection:
                connection.execute(text(f"PRAGMA {value}"))

    def delete(self) -> None:
        """Delete one of the files under the running process."""
        self.dice.choice((self.stores.journal, self.stores.chain)).path.unlink(missing_ok=True)

    def break_something(self) -> None:
        """Let a node, the network, the chain, the machine or the process fail."""
        node: FakeNode = self.dice.choice(list(self.network.nodes.values()))

        def lie(_call, answer):
            return {**answer, "result": _odd(self.dice, answer.get("result"))}

        faults = {
            "cut": lambda: setattr(node, "cut", True),
            "frozen": lambda: setattr(node, "frozen", True),
            "behind": lambda: setattr(node, "behind", self.dice.randrange(1, 5)),
            "balancer": lambda: setattr(node, "every_second_behind", 3),
            "busy": lambda: setattr(node, "busy", 1.0),
            "words": lambda: setattr(node, "busy_words", "rate limit exceeded"),
            "status": lambda: setattr(node, "status", (502, "Bad Gateway")),
            "batches": lambda: setattr(node, "batch_limit", 1),
            "ranges": lambda: setattr(node, "slow_range", 2),
            "lie": lambda: setattr(node, "lie", lie),
            "outage": lambda: [setattr(one, "cut", True) for one in self.network.nodes.values()],
            "lost send": lambda: setattr(self.chain, "lost_sends", 1),
            "dropped send": lambda: setattr(self.chain, "dropped_sends", 1),
            "full blocks": lambda: setattr(self.chain, "accept", False),
            "reorganisation": self.reorganise,
            "kill": self.kill_within,
            "disk full": lambda: self.pragma("max_page_count = 1"),
            "disk read-only": lambda: self.pragma("query_only = ON"),
            "file deleted": self.delete,
            "clock back": self.turn_clock,
        }
        if self.relay is not None:
            faults |= {
                "relay down": lambda: setattr(self.relay, "down", True),
                "relay silent": lambda: setattr(self.relay, "silent", True),
                "relay drops": lambda: setattr(self.relay, "dropping", True),
                "relay lies": lambda: setattr(self.relay, "nonsense", _odd(self.dice, {"result": {"bundleHash": 1}})),
            }
        name = self.dice.choice(list(faults))
        self.faults[name] += 1
        faults[name]()

    def mend(self) -> None:
        """End all faults."""
        for node in self.network.nodes.values():
            vars(node).update({**vars(FakeNode(self.chain)), "requests": node.requests})
        if self.relay is not None:
            self.relay.mend()
        self.chain.accept = True
        self.chain.lost_sends = self.chain.dropped_sends = 0
        self.pragma("max_page_count = 1000000")
        self.pragma("query_only = OFF")

    def successes(self) -> Counter[str]:
        """Count the calls in the chain by their data, without empty transfers."""
        return Counter(data for data in self.chain.calls(self.signer.address) if data != "0x")


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]} {case[2]}")
def rig(tmp_path, request, monkeypatch):
    """Give a rig a chain and a seed."""
    kind, depth, seed = request.param
    chain = AnvilChain(SIGNER.address.lower()) if kind == "anvil" else FakeChain()
    made = Rig(tmp_path, seed, chain, depth, FakeRelay(chain) if kind == "relay" else None)
    monkeypatch.setattr(time, "time", made.now_by_the_wall)
    yield made
    made.stores.close()
    if isinstance(chain, AnvilChain):
        chain.close()


def test_nothing_is_lost_or_doubled(rig):
    """After the faults a bid is mined within three blocks; store, journal and nonces are what the chain says."""
    for number in range(STEPS):
        if rig.dice.random() < 0.35:
            rig.mend()
        if rig.dice.random() < 0.7:
            rig.break_something()
        rig.mine(f"0x{number:04x}", f"0x{number:04x}aa")
        rig.step(submit=rig.dice.random() < 0.4)
    rig.mend()
    rig.restart()
    assert sum(rig.faults.values()) > 40, rig.faults
    before = sum(rig.successes().values())
    for number in range(3):
        rig.step(submit=number == 0)
        rig.mine()
    assert sum(rig.successes().values()) > before
    for _ in range(6):
        rig.step(submit=False)
        rig.mine()
    rig.step(submit=False)

    stored = [(log.block, log.data) for log in rig.store.events()]
    mined = rig.successes()
    settled = Counter(row.call for row in rig.journal.actions([ActionStatus.SETTLED]))
    hashes = rig.chain.hashes()
    assert stored == rig.chain.all_logs()
    assert max(mined.values()) == 1
    assert settled == mined
    assert all(hashes[row.block] == row.block_hash for row in rig.journal.actions([ActionStatus.SETTLED]))
    assert rig.journal.open_actions() == []
    assert len(rig.chain.calls(rig.signer.address)) == rig.journal.nonce_floor(rig.signer.address)
    assert rig.relay is None or rig.relay.brought > 5
