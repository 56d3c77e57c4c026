"""Several keepers on one copy of the chain and one crash, step by step: who captures how much of what auctions give.

The bidder's cash is shared out among them. All look at the same block and send into the same pool, in an order that
goes round; then a block is mined. Keys are fixed and time passes by blocks, so that a contest can be played again.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from crossmargin.model.instruments import account_id, split_account_id
from crossmargin.model.units import PPM, WAD, ZERO, AccountId, FeedId, Seconds, Wad
from keepers import switch, token
from keepers.bot import Bot
from keepers.contracts import Contracts, load_contracts
from keepers.errors import SettingsError
from keepers.executor import Signer
from keepers.hindsight import Past, look_back
from keepers.identity import account_of, signer_of
from keepers.lens import Lens
from keepers.metrics import Health, Metrics
from keepers.names import usd_text
from keepers.node import Node
from keepers.rehearse.copy import Copy, copy_of
from keepers.rehearse.play import left_to_do, on_the_copy
from keepers.rehearse.shocks import Market
from keepers.rivals import Turns
from keepers.runner import build, connect
from keepers.settings import Settings
from keepers.store import ActionStatus, open_stores
from keepers.strategies import Action
from keepers.units import Address, BlockNumber

__all__ = ["CONTESTANTS", "Contestant", "Result", "contest", "describe_contest", "render_contest"]

_STEP: Final = Seconds(12)
_SENT: Final = (ActionStatus.MINED, ActionStatus.SETTLED, ActionStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A keeper of the contest: its name, and how its strategy differs from the configured one.

    One that is `rude` waits for nobody's turn.
    """

    name: str
    changes: Mapping[str, Any]
    rude: bool = False


CONTESTANTS: Final = (
    Contestant("as configured", {}),
    Contestant("patient", {"competitors": 0}),
    Contestant("hasty", {"competitors": 9, "tip_share_ppm": PPM // 2}),
    Contestant("naive", {"patience_ppm": 0, "min_margin_ppm": 0, "tip_share_ppm": 0}, rude=True),
)
"""Three keepers that know of rivals, and one that takes whatever pays at once."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a contestant made of it [USD], and of how many transactions how many reverted."""

    name: str
    captured: Wad
    gas: Wad
    sent: int
    reverted: int
    bids: int
    starts: int


class _Rude(Turns):
    """Waits for nobody."""

    def ready(self, actions: Sequence[Action], rivals: Iterable[AccountId], block: BlockNumber) -> list[Action]:
        """Give all of them."""
        del rivals, block
        return list(actions)


@dataclass(slots=True)
class _Player:
    """A contestant at work."""

    who: Contestant
    account: AccountId
    bot: Bot
    database: Path


async def contest(
    settings: Settings,
    shocks: Mapping[FeedId, Decimal],
    *,
    contestants: Sequence[Contestant] = CONTESTANTS,
    longest: Seconds,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[list[Result], list[Past]]:
    """Play it; give what each made of it, and all auctions."""
    bidder, _ = account_of(settings, signer_of(settings) if settings.bidder.owner is None else None)
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    async with copy_of(settings.chain, None, order="fees") as copy, AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lens = Lens(copy.node, contracts, settings.mirror.chunk)
        market = Market(copy, contracts, lens, settings.deployment_path)
        signers = [await copy.stranger(_key(one.name)) for one in contestants]
        await _share_out(copy, contracts, lens, bidder, signers)
        players = [
            await _player(stack, settings, copy, contracts, who=one, signer=signer, folder=folder)
            for one, signer in zip(contestants, signers, strict=True)
        ]
        tell("reading the venue")
        for one in players:
            switch.pause(one.database, "prices are being moved")
            await one.bot.step()
        ledger = players[0].bot.parts.ledger
        feeds = {asset.feed for asset in ledger.assets.values()} | set(ledger.underlyings) | shocks.keys()
        await market.freeze(feeds)
        await market.move(shocks)
        since = (await copy.node.head()).number
        for one in players:
            switch.resume(one.database)
        await _play(copy, market, players, longest, tell)
        return _judge(players, contracts, since)


def _key(name: str) -> bytes:
    """Make a contestant's key, always the same."""
    return sha256(f"contestant {name}".encode()).digest()


async def _share_out(
    copy: Copy, contracts: Contracts, lens: Lens, bidder: AccountId, signers: Sequence[Signer]
) -> None:
    """Move the bidder's cash into the contestants' accounts, the same to each."""
    head = await copy.node.head()
    views = ("MarginVault", "quoteToken", ()), ("MarginVault", "cashOf", (bidder,))
    (quote,), (cash,) = await lens.read(head.hash, *views)
    (decimals,) = await copy.node.calls([(Address(quote), token.decimals())])
    part = max(0, cash) * 10 ** token.number(decimals) // WAD // len(signers)
    if part == 0:
        raise SettingsError(f"account {bidder:#x} has no cash to share out among {len(signers)}")
    owner = Address(f"0x{split_account_id(bidder)[0]:040x}")
    for signer in signers:
        to = account_id(int(signer.address, 16), 0)
        await copy.act(owner, contracts.encode("MarginVault", "transfer", bidder, to, quote, part))


async def _player(
    stack: AsyncExitStack,
    settings: Settings,
    copy: Copy,
    contracts: Contracts,
    *,
    who: Contestant,
    signer: Signer,
    folder: Path,
) -> _Player:
    """Build a contestant's keeper."""
    account, database = account_id(int(signer.address, 16), 0), folder / f"{who.name.replace(' ', '-')}.db"
    there = on_the_copy(settings, copy, account, database)
    strategy = settings.strategy.model_copy(update=dict(who.changes))
    executor = there.executor.model_copy(update={"simulate_on": settings.executor.simulate_on, "replace_after": 1e6})
    bidder = there.bidder.model_copy(update={"sub_id": 0})
    there = there.model_copy(update={"strategy": strategy, "executor": executor, "bidder": bidder})
    stores = stack.enter_context(open_stores(database))
    rpc = await stack.enter_async_context(connect(there))
    node, metrics = Node(rpc), Metrics()
    stack.push_async_callback(node.survey.close)
    health = Health(metrics, there.service.stale_after)
    turns = _Rude(account) if who.rude else None
    bot = await build(there, node, contracts, stores, signer=signer, metrics=metrics, health=health, turns=turns)
    stack.push_async_callback(bot.close)
    return _Player(who, account, bot, database)


async def _play(
    copy: Copy, market: Market, players: Sequence[_Player], longest: Seconds, tell: Callable[[str], None]
) -> None:
    """Let all act on one block, mine what they sent, and go on until nothing is left to do or time is up."""
    passed, turn = Seconds(0), 0
    await copy.by_hand()
    while True:
        for at in range(len(players)):
            await players[(turn + at) % len(players)].bot.step()
        left = await left_to_do(players[0].bot)
        waiting = any(one.bot.parts.journal.open_actions() for one in players)
        if (left is None and not waiting) or passed >= longest:
            return
        tell(f"{passed} s: {0 if left is None else len(left.auctions)} auctions")
        await copy.pass_time(Seconds(_STEP - 1))
        await copy.mine()
        await market.refresh(Seconds(1))
        passed, turn = Seconds(passed + _STEP), turn + 1


def _judge(players: Sequence[_Player], contracts: Contracts, since: BlockNumber) -> tuple[list[Result], list[Past]]:
    """Read from each one's journal and the chain's events what came of it."""
    found, pasts = [], []
    for one in players:
        parts = one.bot.parts
        actions = parts.journal.actions()
        pasts = look_back(contracts.decode(list(parts.blocks.events(after=since))), actions, one.account)
        sent = [action for action in actions if action.status in _SENT]
        done = [action for action in sent if action.status is not ActionStatus.FAILED]
        found.append(
            Result(
                name=one.who.name,
                captured=Wad(sum((past.ours for past in pasts), ZERO)),
                gas=Wad(sum(action.gas_cost or 0 for action in sent)),
                sent=len(sent),
                reverted=len(sent) - len(done),
                bids=sum(action.kind == "bid" for action in done),
                starts=sum(action.kind == "start" for action in done),
            )
        )
    return found, pasts


def describe_contest(results: Sequence[Result], pasts: Sequence[Past]) -> dict[str, Any]:
    """Write it for machines; amounts as decimal text in USD."""
    given, captured = (sum(one) for one in ([past.given for past in pasts], [one.captured for one in results]))
    sent, reverted = (sum(getattr(one, name) for one in results) for name in ("sent", "reverted"))
    return {
        "auctions": len(pasts),
        "given": usd_text(given),
        "captured": usd_text(captured),
        "captured_percent": round(100 * captured / given, 2) if given > 0 else None,
        "sent": sent,
        "reverted": reverted,
        "each": [
            {
                "name": one.name,
                "captured": usd_text(one.captured),
                "share_percent": round(100 * one.captured / given, 2) if given > 0 else None,
                "gas": usd_text(one.gas),
                "net": usd_text(one.captured - one.gas),
                "starts": one.starts,
                "bids": one.bids,
                "sent": one.sent,
                "reverted": one.reverted,
            }
            for one in results
        ],
    }


def render_contest(results: Sequence[Result], pasts: Sequence[Past]) -> Table:
    """Lay it out for the terminal, 80 columns wide."""
    whole = describe_contest(results, pasts)
    title = f"{whole['auctions']} auctions gave {float(whole['given']):,.2f} USD"
    caption = f"{whole['reverted']} of {whole['sent']} transactions reverted"
    table = Table(title=title, caption=caption, width=80)
    for heading in ("keeper", "captured", "share", "gas", "starts", "bids", "reverted"):
        table.add_column(heading, justify="left" if heading == "keeper" else "right")
    for one in whole["each"]:
        share = "" if one["share_percent"] is None else f"{one['share_percent']:.1f} %"
        amounts = (f"{float(one['captured']):,.2f}", share, f"{float(one['gas']):,.2f}")
        table.add_row(one["name"], *amounts, str(one["starts"]), str(one["bids"]), str(one["reverted"]))
    return table
