"""An executor over a fake chain, with a clock of its own, and actions to carry out."""

import asyncio
from dataclasses import replace

from eth_account import Account

from crossmargin.model.units import WAD
from keepers.chain import Header
from keepers.executor import Executor
from keepers.executor.local import KeySigner
from keepers.fees import FeeModel
from keepers.fees.models import Plain
from keepers.settings import Settings
from keepers.store import ActionStatus, Journal, open_stores
from keepers.strategies import Action, ActionKind
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.sample_venue import paper_venue

SICK = 5 << 96
KEY = "0x" + "01" * 32


def _action(nonce: int = 7, kind: ActionKind = ActionKind.BID, **changes: object) -> Action:
    base = Action(
        kind=kind,
        account=SICK,
        auction=1,
        nonce=nonce,
        args=(SICK, 9, WAD, WAD // 2, 10 * WAD, nonce, 2_000_000) if kind is ActionKind.BID else (SICK, 9),
        deadline=2_000_000,
        expected=WAD,
        gas_budget=10**17,
        tip=0,
    )
    return replace(base, **changes)


class Bench:
    """An executor over a fake chain, with a clock of its own and a database that outlives it."""

    def __init__(self, folder, **executor: object) -> None:
        """Begin with an empty journal."""
        self.folder = folder
        self.chain = FakeChain()
        self.now = 1000.0
        self.fees: FeeModel = Plain()
        chain = {"confirmations": 2, "reorg_depth": 12}
        self.settings = Settings(dry_run=False, signer={"keystore": "k"}, executor=executor, chain=chain)
        self.open()

    def open(self) -> None:
        """Start the process (again)."""
        self.database = open_stores(self.folder / "keeper.db")
        self.journal = Journal(self.database.journal)
        self.signer = KeySigner(Account.from_key(KEY), 31337)
        self.executor = Executor(
            self.chain.node(),
            paper_venue(),
            self.journal,
            self.signer,
            self.settings,
            fees=self.fees,
            clock=lambda: self.now,
        )

    def restart(self) -> None:
        """Kill the process and start it again."""
        self.database.close()
        self.open()

    def head(self) -> Header:
        """Read the chain's head."""
        return asyncio.run(self.chain.node().head())

    def submit(self, action: Action) -> bool:
        """Carry an action out."""
        return self.submit_all([action]) == {action.key}

    def submit_all(self, actions: list[Action]) -> frozenset[str]:
        """Carry actions out at one head; give the keys of those sent."""
        return asyncio.run(self.executor.submit(actions, self.head(), self.signer.address))

    def poll(self) -> None:
        """Look after open actions."""
        asyncio.run(self.executor.poll(self.head(), 2000 * WAD))

    def statuses(self) -> list[ActionStatus]:
        """Statuses of all actions, oldest first."""
        return [action.status for action in self.journal.actions()]

    def nonces(self) -> list[int]:
        """Nonces that wait in the pool."""
        return sorted(nonce for _, nonce in self.chain.pool)

    def mined(self) -> int:
        """How many transactions the chain holds."""
        return sum(len(block.mined) for block in self.chain.blocks)
