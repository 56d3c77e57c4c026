"""The keeper on a copy: what it holds is real, its key is nobody's, and nobody competes.

It follows the copy, prices are moved at once, and it acts block after block until nothing is left to do, or time is up.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path
from typing import Final

from crossmargin.model.instruments import split_account_id
from crossmargin.model.permissions import Permission
from crossmargin.model.units import AccountId, FeedId, Seconds, Wad
from keepers import switch
from keepers.bot import Bot
from keepers.contracts import Contracts, load_contracts
from keepers.executor import Signer
from keepers.fleet_settings import FleetSettings
from keepers.identity import account_of, signer_of
from keepers.lens import Lens
from keepers.metrics import Health, Metrics
from keepers.node import Node
from keepers.outside import ClosingSettings, HedgerSettings, RelaySettings
from keepers.pending import pending
from keepers.rehearse.copy import Copy, copy_of
from keepers.rehearse.shocks import Market
from keepers.rehearse.verdict import Rehearsal, judge
from keepers.runner import build, connect
from keepers.settings import Settings, SignerSettings
from keepers.store import chain_file, open_stores
from keepers.strategies import Snapshot
from keepers.strategies.reasons import why_not
from keepers.units import Address, Wei
from keepers.views import AccountState

__all__ = ["left_to_do", "on_the_copy", "rehearse"]

_STEP: Final = Seconds(12)
_FIRST: Final = Seconds(600)  # in which time passes block by block; later faster
_LATER: Final = Seconds(120)
_OPERATOR: Final = int(Permission.BID)
_FOR_EVER: Final = 2**48 - 1
_CHUNK: Final = 200


async def rehearse(
    settings: Settings,
    shocks: Mapping[FeedId, Decimal],
    *,
    state: Path | None = None,
    longest: Seconds,
    tell: Callable[[str], None] = lambda _: None,
) -> Rehearsal:
    """Copy the chain, move prices, and let the keeper liquidate for as long as it takes, or may."""
    account, _ = account_of(settings, signer_of(settings) if settings.bidder.owner is None else None)
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    async with copy_of(settings.chain, state) as copy:
        with tempfile.TemporaryDirectory() as folder:
            there = on_the_copy(settings, copy, account, Path(folder) / "keeper.db")
            if state is None:
                _bring(settings.service.database, there.service.database)
            return await _Play(there, copy, contracts, tell).run(account, shocks, longest, settings)


def on_the_copy(settings: Settings, copy: Copy, account: AccountId, database: Path) -> Settings:
    """Give the settings on the copy: the same strategy, and nobody outside is told anything."""
    owner = Address(f"0x{split_account_id(account)[0]:040x}")
    chain = {"rpc_urls": [copy.url], "ws_url": None, "confirmations": 1, "request_timeout": 60.0}
    executor = {"contract": None, "max_spend_per_day": Wei(0), "retry_seconds": 0.0, "simulate_on": "latest"}
    return settings.model_copy(
        update={
            "dry_run": False,
            "chain": settings.chain.model_copy(update=chain),
            "signer": SignerSettings(),
            "bidder": settings.bidder.model_copy(update={"owner": owner}),
            "executor": settings.executor.model_copy(update=executor),
            "relay": RelaySettings(),
            "closing": ClosingSettings(),
            "hedger": HedgerSettings(),
            "fleet": FleetSettings(),
            "service": settings.service.model_copy(update={"database": database}),
        }
    )


def _bring(journal: Path, to: Path) -> None:
    """Take along what was read from the chain already, so that only the tail is read again."""
    have, want = chain_file(journal), chain_file(to)
    if have.exists():
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{have}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(want)) as target,
        ):
            source.backup(target)


class _Play:
    """One rehearsal."""

    def __init__(self, settings: Settings, copy: Copy, contracts: Contracts, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._copy = copy
        self._contracts = contracts
        self._tell = tell
        self._lens = Lens(copy.node, contracts, settings.mirror.chunk)
        self._market = Market(copy, contracts, self._lens, settings.deployment_path)

    async def run(
        self, account: AccountId, shocks: Mapping[FeedId, Decimal], longest: Seconds, real: Settings
    ) -> Rehearsal:
        """Play it through."""
        signer = await self._copy.stranger()
        await self._name(account, signer)
        metrics = Metrics()
        with open_stores(self._settings.service.database) as stores:
            async with connect(self._settings) as rpc:
                node = Node(rpc)
                health = Health(metrics, self._settings.service.stale_after)
                bot = await build(
                    self._settings, node, self._contracts, stores, signer=signer, metrics=metrics, health=health
                )
                try:
                    return await self._played(bot, account, shocks, longest, real)
                finally:
                    await bot.close()
                    await node.survey.close()

    async def _name(self, account: AccountId, signer: Signer) -> None:
        """Have the bidder's owner let a key of nobody's bid, on the copy."""
        owner = Address(f"0x{split_account_id(account)[0]:040x}")
        call = self._contracts.encode("MarginVault", "setOperator", signer.address, _OPERATOR, _FOR_EVER)
        await self._copy.act(owner, call)

    async def _played(
        self, bot: Bot, account: AccountId, shocks: Mapping[FeedId, Decimal], longest: Seconds, real: Settings
    ) -> Rehearsal:
        ledger, database = bot.parts.ledger, self._settings.service.database
        switch.pause(database, "prices are being moved")
        self._tell("reading the venue")
        await bot.step()
        feeds = {asset.feed for asset in ledger.assets.values()} | set(ledger.underlyings)
        self._tell(f"moving prices of {len(ledger.accounts.ids)} accounts")
        await self._market.freeze(feeds | shocks.keys())
        await self._market.move(shocks)
        await bot.step()
        head = await self._copy.node.head()
        before = await self._sick(ledger.accounts.ids, account)
        switch.resume(database)
        passed, last = await self._go_on(bot, longest)
        events = bot.parts.blocks.events(after=head.number)
        why = {} if last is None else {one.account: why_not(last, one, real.strategy) for one in last.accounts}
        live = frozenset() if last is None else frozenset(last.auctions)
        gas = sum(action.gas_cost or 0 for action in bot.parts.journal.actions())
        return Rehearsal(
            block=head.number,
            accounts=len(ledger.accounts.ids),
            unsound=tuple(await self._market.unsound()),
            rows=tuple(judge(before, self._contracts.decode(list(events)), account, live=live, why=why)),
            gas=Wad(gas),
            seconds=passed,
            contract_left_out=real.executor.contract is not None,
        )

    async def _sick(self, accounts: list[AccountId], bidder: AccountId) -> list[AccountState]:
        """Ask about everybody, exactly: who is below maintenance margin now, the bidder's owner aside."""
        head = await self._copy.node.head()
        mine = split_account_id(bidder)[0]
        others = [one for one in accounts if split_account_id(one)[0] != mine]
        found: list[AccountState] = []
        for start in range(0, len(others), _CHUNK):
            screened = await self._lens.screen(head.hash, others[start : start + _CHUNK])
            sick = [one.account for one in screened if one.ok and one.excess < 0]
            found += await self._lens.states(head.hash, sick) if sick else []
        return found

    async def _go_on(self, bot: Bot, longest: Seconds) -> tuple[Seconds, Snapshot | None]:
        """Step and let time pass until nobody is unhealthy or in auction, or time is up."""
        passed = Seconds(0)
        while True:
            await bot.step()
            last = await left_to_do(bot)
            waiting = bot.parts.journal.open_actions()
            if (last is None and not waiting) or passed >= longest:
                return passed, last
            step = _STEP if passed < _FIRST or waiting else _LATER
            self._tell(f"{passed} s: {0 if last is None else len(last.auctions)} auctions")
            await self._market.refresh(step)
            passed = Seconds(passed + step)


async def left_to_do(bot: Bot) -> Snapshot | None:
    """Give what a keeper has left to decide on; None when nothing is."""
    head = bot.parts.blocks.cursor()
    if head is None:
        return None
    under_way = pending(bot.parts.journal, frozenset(), head.number, dry=False)
    return await bot.parts.snapshots.of(await bot.parts.look.at(head, sample=False), under_way)
