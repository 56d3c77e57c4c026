"""Rehearsals on paper: which moves are read, how prices get there, what is said of each account."""

import asyncio
import gzip
import json
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from crossmargin.chain.processes import Processes, free_port
from crossmargin.model.units import PPM, WAD
from keepers.abi import VenueEvent
from keepers.errors import ResponseError, RpcError, SettingsError
from keepers.hindsight import Past
from keepers.node import Node
from keepers.rehearse import describe_contest, describe_rehearsal, parse_shocks, render_contest, render_rehearsal
from keepers.rehearse.contest import Result
from keepers.rehearse.copy import Copy, copy_of
from keepers.rehearse.shocks import _Feed, _path
from keepers.rehearse.verdict import Rehearsal, judge
from keepers.rpc import Rpc
from keepers.settings import ChainSettings
from keepers.strategies.reasons import why_not
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH_PERPETUAL,
    SICK,
    account,
    auction,
    settings,
    snapshot,
)


@pytest.fixture
def deployment(tmp_path):
    """Write a deployment file with two feeds."""
    path = tmp_path / "1.json"
    path.write_text(json.dumps({"feeds": {"ETH": 1, "BTC": 2}}))
    return path


def test_moves_are_read_by_name_or_number(deployment):
    """Exactly, up and down."""
    assert parse_shocks(["ETH=-0.3", "2=0.15"], deployment) == {1: Decimal("-0.3"), 2: Decimal("0.15")}


@pytest.mark.parametrize("text", ["ETH", "ETH=", "ETH=much", "DOGE=-0.1", "ETH=-1", "ETH=nan", "ETH=11", "=-0.1"])
def test_what_is_no_move_is_refused(deployment, text):
    """By what is wrong with it."""
    with pytest.raises(SettingsError):
        parse_shocks([text], deployment)


def _feed(**changes: object) -> _Feed:
    return replace(_Feed(1, (), 2000 * WAD, PPM // 10, 300, confirmed=False), **changes)


@pytest.mark.parametrize("move", ["-0.3", "-0.99", "0.5", "10"])
def test_a_lone_source_moves_within_the_breaker(move):
    """Each step is below its limit, and the last is the target."""
    path = [2000 * WAD, *_path(_feed(), Decimal(move))]
    assert path[-1] == int(2000 * WAD * (1 + Decimal(move)))
    assert all(abs(after - before) * PPM <= before * 71_000 for before, after in pairwise(path))
    assert len(path) > 2


def test_a_small_or_confirmed_move_is_made_at_once():
    """Two sources that agree are believed whatever the move."""
    assert len(_path(_feed(), Decimal("-0.05"))) == 1
    assert _path(_feed(confirmed=True), Decimal("-0.9")) == [200 * WAD]
    with pytest.raises(SettingsError, match="too many"):
        _path(_feed(breaker=100), Decimal("-0.5"))


def _event(name: str, **args: object) -> VenueEvent:
    return VenueEvent("LiquidationAuction", name, 5, 0, "0x", {"account": SICK, "id": 1, **args})


def test_an_account_is_judged_by_its_events():
    """Own bids and starts earn, those of others do not; losses are summed; what is left says why."""
    other = 0x77 << 96
    events = [
        _event("AuctionStarted", starter=BIDDER, starterPay=5 * WAD),
        _event("Bid", bidder=BIDDER, fraction=WAD // 2, payment=40 * WAD, value=100 * WAD),
        _event("Bid", bidder=other, fraction=WAD // 2, payment=10 * WAD, value=100 * WAD),
        _event("LossAllocated", fund=WAD, markets=2 * WAD, lenders=0, deficit=3 * WAD),
        _event("AuctionEnded", closed=False),
        VenueEvent("MarginVault", "Bid", 5, 0, "0x", {"account": SICK}),
    ]
    sick, well = account(equity=900), account(9 << 96, equity=-5)
    worst, row = judge([sick, well], events, BIDDER, live=frozenset(), why={well.account: "no room: margin"})
    assert (row.account, row.profit, row.paid, row.sold) == (SICK, 15 * WAD, 50 * WAD, 3 * WAD // 4)
    assert (row.bad_debt, row.bids, row.started, row.ended, row.why) == (6 * WAD, 2, True, True, "")
    assert (worst.account, worst.why, worst.started) == (well.account, "no room: margin", False)
    (late,) = judge([sick], [], BIDDER, live=frozenset({SICK}), why={SICK: ""})
    assert late.why == "time was up"


def test_a_rehearsal_fits_the_terminal():
    """80 columns, whatever the numbers."""
    rows = judge([account(equity=-123_456_789)], [], BIDDER, live=frozenset(), why={SICK: "no room: " + "limit " * 9})
    found = Rehearsal(10**9, 10**6, (1, 2), tuple(rows), 10**9 * WAD, 99_999, contract_left_out=True)
    for table in (render_rehearsal(found), _contest()):
        text = _text(table)
        assert max(map(len, text.splitlines())) <= 80
    assert describe_rehearsal(found)["left"] == 1
    assert "not Valid" in _text(render_rehearsal(found)).replace("\n", " ")


def _contest():
    results = [Result("as configured", 60 * WAD, WAD, 4, 1, 2, 1), Result("naive", 20 * WAD, 0, 4, 0, 2, 2)]
    past = [Past(SICK, 1, 5, given=100 * WAD)]
    found = describe_contest(results, past)
    assert (found["captured_percent"], found["reverted"], found["sent"]) == (80.0, 1, 8)
    assert [one["share_percent"] for one in found["each"]] == [60.0, 20.0]
    assert describe_contest(results, [])["captured_percent"] is None
    return render_contest(results, past)


def _text(table) -> str:
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    Console(file=out, width=200).print(table)
    return out.getvalue()


def _why(price: float = 700, cfg=DEFAULTS, value: float = 900, size: float = 1.0, **changes: object) -> str:
    sick = account(in_auction=True, equity=value, legs=((ETH_PERPETUAL, size),), **changes)
    return why_not(snapshot(sick, auctions={SICK: auction(price, value)}), sick, cfg)


def test_reasons_are_those_of_the_decision():
    """Nothing where it would bid; else the first thing that keeps it."""
    assert _why() == ""
    assert _why(halted=True) == "a price is Halted"
    assert _why(895).endswith("USD margin wanted")
    assert _why(cfg=settings(market_limit=0)) == "no room: market_limit"
    assert _why(cfg=settings(underlying_limit=0)) == "no room: underlying_limit"
    assert _why(cfg=settings(max_payment=0)) == "no room: max_payment"
    assert _why(cfg=settings(margin_reserve=40_000)) == "no room: margin"
    assert _why(cfg=settings(market_limit=1_000), value=90, price=20) == "sold whole only, room for 50%: market_limit"
    assert _why(cfg=settings(min_profit=500)).endswith("too little")
    sick = account(excess=-1, equity=-5, requirement=10)
    assert why_not(snapshot(sick), sick, DEFAULTS).startswith("start pays 0.00")
    assert why_not(snapshot(sick), account(excess=-100, equity=900), DEFAULTS) == ""
    assert why_not(snapshot(sick), account(excess=1), DEFAULTS) == "healthy again"


def test_a_dumped_state_is_as_good_as_a_node(tmp_path):
    """Code and blocks are there; addresses act without a key, time passes when told, and blocks come by hand."""
    there, answers_42 = "0x" + "ab" * 20, "0x602a5f5260205ff3"
    state = tmp_path / "state.json"

    async def dump(copy: Copy) -> None:
        await copy.set_code(there, answers_42)
        for _ in range(3):
            await copy.mine()
        dumped = str(await copy.node.rpc.request("anvil_dumpState"))
        state.write_bytes(gzip.decompress(bytes.fromhex(dumped.removeprefix("0x"))))

    async def scenario() -> None:
        with Processes(tmp_path) as processes:
            port = free_port()
            processes.start("anvil", ["anvil", "--port", str(port), "--accounts", "0", "--silent"])
            node = ChainSettings(rpc_urls=[f"http://127.0.0.1:{port}"])
            async with Rpc(node.rpc_urls, 5.0) as rpc:
                while True:
                    try:
                        await rpc.request("eth_chainId")
                        break
                    except RpcError:
                        await asyncio.sleep(0.1)
            async with copy_of(node, None) as copy:
                await dump(copy)
                assert (await Node(copy.node.rpc).head()).number == 3
        async with copy_of(ChainSettings(), state) as copy:
            head = await copy.node.head()
            assert head.number == 3
            assert await copy.node.code(there) == bytes.fromhex(answers_42[2:])
            await copy.by_hand()
            await copy.pass_time(1_000)
            await copy.act("0x" + "cd" * 20, (there, "0x"))
            after = await copy.node.head()
            assert (after.number, after.timestamp) == (4, head.timestamp + 1_000)
            signer = await copy.stranger(b"\x01" * 32)
            assert await copy.node.balance(signer.address) == 10**24
            await copy.set_code(there, "0x5f5ffd")
            with pytest.raises(ResponseError, match="reverts"):
                await copy.act("0x" + "cd" * 20, (there, "0x"))

    asyncio.run(scenario())
