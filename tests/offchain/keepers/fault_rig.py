"""A follower and an executor over nodes of one chain, and all that can go wrong with them, by a seed."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
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
from keepers.store import BlockStore, Journal, open_stores
from keepers.units import GWEI
from tests.offchain.keepers.anvil_chain import AnvilChain
from tests.offchain.keepers.executor_bench import KEY, _action
from tests.offchain.keepers.fake_chain import GAS, VENUE, FakeChain
from tests.offchain.keepers.fake_network import FakeNetwork, FakeNode
from tests.offchain.keepers.fake_relay import FakeRelay
from tests.offchain.keepers.odd_answers import decode_known, odd_answer

SIGNER = Account.from_key(KEY)
PASSED = 15.0  # seconds a step takes by the rig's clock
REAL_TIME = time.time
CALLED = {name: f"0x{0xC0DE00 + index:040x}" for index, name in enumerate(CONTRACTS)}  # no precompile of Anvil's
KILLS = ("begin", "add_transactions", "send", "record", "set_status", "reopen")


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
        self.worth: dict[str, int] = {}
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
        self.follower = Follower(node, self.store, [VENUE], first=0, depth=self.depth, decode=decode_known)
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
            soon, worth = self.dice.random() < 0.3, GAS * self.dice.choice((3, 8, 10**3)) * GWEI
            deadline = head.timestamp + 4 if soon else 2_000_000
            action = replace(_action(self.asked), deadline=deadline, gas_budget=worth)
            self.worth[self.executor._contracts.encode("LiquidationAuction", "bid", *action.args)[1]] = worth
            await self.executor.submit([action], head, self.signer.address)
        await self.executor.poll(head, 2000 * WAD)

    def _note(self, advance: Advance) -> None:
        if advance.fork is not None:
            self.executor.tracker.forked(advance.fork)

    def kill_within(self) -> None:
        """Have the next step die before or after a write to the journal, or a send."""
        name, before = self.dice.choice(KILLS), self.dice.random() < 0.5
        place = self.executor._wire.way if name == "send" else self.journal
        work = getattr(place, name)

        def dying(*args: object, **named: object) -> object:
            if not before:
                work(*args, **named)
            raise Killed

        async def dying_to_send(rows: object) -> object:
            if not before:
                await work(rows)
            raise Killed

        setattr(place, name, dying_to_send if name == "send" else dying)

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
            return {**answer, "result": odd_answer(self.dice, answer.get("result"))}

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
            "refused ranges": lambda: setattr(node, "refused_range", 2),
            "lie": lambda: setattr(node, "lie", lie),
            "reordered": lambda: setattr(node, "reordered", True),
            "fees": lambda: setattr(self.chain, "base_fee", self.dice.choice((2, 6, 50)) * GWEI),
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
                "relay lies": lambda: setattr(
                    self.relay, "nonsense", odd_answer(self.dice, {"result": {"bundleHash": 1}})
                ),
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
        self.chain.base_fee = GWEI
        self.chain.lost_sends = self.chain.dropped_sends = 0
        self.pragma("max_page_count = 1000000")
        self.pragma("query_only = OFF")

    def successes(self) -> Counter[str]:
        """Count the calls in the chain by their data, without empty transfers."""
        return Counter(data for data in self.chain.calls(self.signer.address) if data != "0x")
