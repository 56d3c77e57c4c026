"""Processes of the operator's beside the keeper, real ones: they hang, die, flood and lie, and nothing stops for it."""

import asyncio
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crossmargin.model.units import WAD
from keepers.hedging import Hedger, Target
from keepers.line_process import LineProcess
from keepers.metrics import Metrics
from keepers.outside import HedgerSettings, PricingSettings
from keepers.pricing import Pricing, wish_of
from keepers.strategies import ActionKind, Wish, decide
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH_CALL,
    ETH_PERPETUAL,
    SICK,
    account,
    auction,
    settings,
    snapshot,
)

SECOND_SICK = 0x51D << 96
EXAMPLE = Path(__file__).parents[3] / "examples" / "pricing_model.py"
HEAD = "import json, sys, time, os\n"
EACH = HEAD + "for line in sys.stdin:\n    one = json.loads(line)\n"
SAY = "    print(json.dumps({}), flush=True)\n"
HANGS = HEAD + "time.sleep(600)\n"
DIES = "raise SystemExit(3)\n"
DIES_LATER = HEAD + "sys.stdin.readline()\nraise SystemExit(3)\n"
GARBAGE = (
    EACH
    + "    print('no\\njson [1] {', flush=True)\n    sys.stdout.buffer.write(b'\\xff\\xfe\\n')\n"
    + SAY.format('{"id": one["id"], "bid": "perhaps", "limit": "NaN"}')
)
DEAF = HEAD + "os.close(0)\ntime.sleep(600)\n"
FLOODS = HEAD + "while True: print('{}')\n"
ENDLESS_LINE = HEAD + "while True: sys.stdout.write('x' * 65536)\n"
BARREN = (HANGS, DIES, DIES_LATER, GARBAGE, DEAF, FLOODS, ENDLESS_LINE)
NAMES = ("hangs", "dies", "dies later", "garbage", "deaf", "floods", "endless line")


def program(code: str) -> list[str]:
    """Give the command of a program in Python, quick to start."""
    return [sys.executable, "-S", "-E", "-c", code]


def answering(answer: str) -> list[str]:
    """Give a model that says the same of every auction; `one` is the question."""
    return program(EACH + SAY.format(answer))


def _snapshot(price: float = 800):
    one = account(in_auction=True, equity=900, legs=((ETH_PERPETUAL, 1.0),))
    two = replace(one, account=SECOND_SICK)
    return snapshot(one, two, auctions={SICK: auction(price), SECOND_SICK: auction(price)})


def _priced(command: list[str], snap=None, cfg=DEFAULTS, rounds: int = 1, **changes: object) -> list:
    """Let a process price the auctions, and give the bids that are made then."""
    snap = snap or _snapshot()

    async def scenario() -> list:
        pricing = Pricing(PricingSettings(command=command, **{"time_limit": 5.0, **changes}), Metrics())
        try:
            for _ in range(rounds):
                began = time.monotonic()
                priced = await pricing.priced(snap, cfg)
                assert time.monotonic() - began < pricing._settings.time_limit + 6.0
        finally:
            await pricing.close()
        return [one for one in decide(priced, cfg) if one.kind is ActionKind.BID]

    return asyncio.run(scenario())


def _plain(snap=None, cfg=DEFAULTS) -> list:
    return [one for one in decide(snap or _snapshot(), cfg) if one.kind is ActionKind.BID]


def test_a_model_decides_whether_how_much_and_up_to_what():
    """One auction is refused, the other taken in part, at a limit below the keeper's own."""
    code = f'{{"id": one["id"], "bid": one["account"] == "{SICK:#066x}", "fraction": "0.25", "limit": "805.5"}}'
    (bid,) = _priced(answering(code))
    assert bid.account == SICK
    assert bid.args[2] == WAD // 4
    assert bid.args[4] == 8055 * WAD // 10


def test_a_model_may_be_more_eager_but_never_pay_more():
    """It says when, so nothing is waited for; fraction and limit stay within the keeper's own bound."""
    patient = settings(patience_ppm=500_000, competitors=0)
    assert _plain(cfg=patient) == []
    eager = answering('{"id": one["id"], "bid": True, "fraction": 1, "limit": "1000000"}')
    found = _priced(eager, cfg=patient)
    own = _plain()
    assert [one.args for one in found] == [one.args for one in own]
    assert len(own) == 2


def test_a_model_cannot_make_it_bid_at_a_loss():
    """An auction that does not pay is not even asked about."""
    eager = answering('{"id": one["id"], "bid": True, "limit": "1000000"}')
    assert _priced(eager, _snapshot(899)) == []


def test_a_limit_below_the_price_waits():
    """The auction comes down to it."""
    assert _priced(answering('{"id": one["id"], "bid": True, "limit": "799"}')) == []
    assert len(_priced(answering('{"id": one["id"], "bid": True, "limit": 800}'))) == 2


@pytest.mark.parametrize("code", BARREN, ids=NAMES)
def test_a_barren_model_changes_nothing(code):
    """Hung, dead, lying or loud: the keeper bids as without it, within its time, block after block."""
    found = _priced(program(code), rounds=4, time_limit=0.3)
    assert [one.args for one in found] == [one.args for one in _plain()]


@pytest.mark.parametrize("code", [HANGS, DIES, GARBAGE], ids=["hangs", "dies", "garbage"])
def test_without_an_answer_nothing_is_bid_where_that_is_wanted(code):
    """The operator may trust no other price."""
    assert _priced(program(code), time_limit=0.3, without="nothing") == []


def test_a_program_that_is_not_there_changes_nothing():
    """Nor one that cannot be run."""
    assert len(_priced(["/nowhere/model"])) == 2
    assert len(_priced(["/etc/passwd"])) == 2


def test_late_answers_are_not_taken_for_newer_ones():
    """What was asked in an earlier block has another number."""
    slow = EACH + "    time.sleep(0.4)\n" + SAY.format('{"id": one["id"], "bid": False}')
    assert len(_priced(program(slow), rounds=2, time_limit=0.2)) == 2


@pytest.mark.parametrize(
    ("answer", "wish"),
    [
        ({"bid": False, "limit": "x"}, Wish(0, None)),
        ({"bid": True}, Wish(WAD, None)),
        ({"bid": True, "fraction": 0.5, "limit": "-3.25"}, Wish(WAD // 2, -325 * WAD // 100)),
        ({"bid": True, "limit": "0.0000000000000000019"}, Wish(WAD, 1)),
        (
            {"bid": True, "limit": "123456789012345678.123456789012345678"},
            Wish(WAD, 123456789012345678123456789012345678),
        ),
        ({"bid": 1}, None),
        ({}, None),
        *(({"bid": True, "fraction": one}, None) for one in (0, -1, 1.01, "much", None, True, "inf", [])),
        *(({"bid": True, "limit": one}, None) for one in ("nan", "1e400", {}, None, True)),
    ],
)
def test_answers_are_read_exactly_or_not_at_all(answer, wish):
    """Nothing is guessed; a limit is cut downwards."""
    assert wish_of(answer) == wish


def test_the_example_prices_auctions():
    """The model of the guide answers every question, and bids where its own price is reached."""
    found = _priced([sys.executable, str(EXAMPLE)], _snapshot(700), time_limit=10.0)
    assert {one.account for one in found} == {SICK, SECOND_SICK}
    assert _priced([sys.executable, str(EXAMPLE)], _snapshot(865), time_limit=10.0) == []


class Desk:
    """A hedger in a process of its own, whose lines are kept in a file, under a clock of the test's."""

    def __init__(self, folder: Path, answer: str) -> None:
        """Answer each line by an expression of `one`; none for an empty one."""
        self.seen = folder / "seen.jsonl"
        write = f"    open({str(self.seen)!r}, 'a').write(line)\n"
        self.now = 0.0
        command = program(EACH + write + (SAY.format(answer) if answer else ""))
        self.hedger = Hedger(HedgerSettings(command=command), 5_000, clock=lambda: self.now)

    def lines(self) -> list[dict]:
        """Read what it was told."""
        return [json.loads(line) for line in self.seen.read_text().splitlines()] if self.seen.exists() else []

    async def look(self, *targets: Target, until: int | None = None) -> None:
        """Look once; then until the process has seen so many lines and had time to answer."""
        await self.hedger.look(BIDDER, list(targets), 7)
        for _ in range(200):
            if until is None or len(self.lines()) >= until:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)


LONG = Target(ETH_PERPETUAL, 5 * WAD // 2, 2000 * WAD)
SHORT = Target(ETH_CALL, -WAD, 50 * WAD)


def test_a_hedger_is_told_targets_and_acknowledges(tmp_path):
    """Once each, anew when the position changes, and 0 when it is gone; what it holds counts."""
    desk = Desk(tmp_path, '{"id": one["id"], "hedged": one["size"]}')

    async def scenario() -> None:
        await desk.look(LONG, SHORT, until=2)
        await desk.look(LONG, SHORT)
        assert desk.hedger.hedged == {ETH_PERPETUAL: LONG.size, ETH_CALL: SHORT.size}
        await desk.look(replace(LONG, size=WAD), SHORT, until=3)
        await desk.look(SHORT, until=4)
        await desk.look(SHORT)
        assert desk.hedger.hedged == {ETH_CALL: SHORT.size}
        await desk.look(until=5)
        await desk.look()
        await desk.look()
        assert not desk.hedger.watching
        await desk.hedger.close()

    asyncio.run(scenario())
    told = [(one["side"], one["size"], one["limit_price"]) for one in desk.lines()]
    assert told[:2] == [("sell", f"2.5{'0' * 17}", f"1990.{'0' * 18}"), ("buy", f"1.{'0' * 18}", f"50.25{'0' * 16}")]
    assert [size for _, size, _ in told[2:]] == [f"1.{'0' * 18}", f"0.{'0' * 18}", f"0.{'0' * 18}"]


def test_a_hedger_that_says_nothing_is_told_again_and_named(tmp_path):
    """The position stays unhedged, and readiness says whose word is missing."""
    desk = Desk(tmp_path, "")

    async def scenario() -> None:
        await desk.look(LONG, until=1)
        await desk.look(LONG)
        assert len(desk.lines()) == 1
        desk.now = 6.0
        await desk.look(LONG, until=2)
        assert desk.hedger.lacking is None
        desk.now = 12.0
        await desk.look(LONG, until=3)
        assert desk.hedger.hedged == {}
        assert "perpetual on feed 1" in desk.hedger.lacking
        await desk.hedger.close()

    asyncio.run(scenario())
    assert len({one["id"] for one in desk.lines()}) == 3


def test_a_hedger_that_died_is_told_all_of_it(tmp_path):
    """Targets are totals: told again they ask for nothing more."""
    desk = Desk(tmp_path, '{"id": one["id"], "hedged": "1"}')

    async def scenario() -> None:
        await desk.look(LONG, until=1)
        await desk.look(LONG)
        os.kill(desk.hedger._process._process.pid, 9)
        await desk.hedger._process._process.wait()
        for _ in range(4):
            desk.now += 3.0
            await desk.look(LONG)
        assert desk.hedger.hedged == {ETH_PERPETUAL: WAD}
        await desk.hedger.close()

    asyncio.run(scenario())
    assert [one["size"] for one in desk.lines()] == [f"2.5{'0' * 17}"] * 2


@pytest.mark.parametrize("answer", ['"999"', '"-1"', '"x"', "None", '"1e999"', "[1]"])
def test_a_lying_hedger_counts_for_no_more_than_the_position(tmp_path, answer):
    """More than was asked is cut; what is no amount is no answer."""
    desk = Desk(tmp_path, f'{{"id": one["id"], "hedged": {answer}}}')

    async def scenario() -> None:
        await desk.look(LONG, until=1)
        await desk.look(LONG)
        await desk.hedger.close()

    asyncio.run(scenario())
    assert desk.hedger.hedged == ({ETH_PERPETUAL: LONG.size} if answer == '"999"' else {})


@pytest.mark.parametrize("code", BARREN, ids=NAMES)
def test_a_barren_hedger_holds_nothing_up(code):
    """Whatever it does, a look takes no longer than it may."""

    async def scenario() -> None:
        hedger = Hedger(HedgerSettings(command=program(code), repeat_seconds=0.1), 5_000)
        for _ in range(4):
            began = time.monotonic()
            await hedger.look(BIDDER, [LONG], 7)
            assert time.monotonic() - began < 6.0
            await asyncio.sleep(0.1)
        assert hedger.hedged == {}
        await hedger.close()

    asyncio.run(scenario())


def test_nothing_is_left_of_a_process_that_is_stopped(tmp_path):
    """Its children go with it."""
    code = (
        HEAD
        + "import subprocess\n"
        + f"open({str(tmp_path / 'pid')!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid))\n"
    )
    code += "sys.stdin.readline()\nprint('{}', flush=True)\ntime.sleep(600)\n"

    async def scenario() -> int:
        process = LineProcess("test", [sys.executable, "-c", code])
        assert await process.tell([{}], 5.0)
        assert await process.news(10.0)
        child = int((tmp_path / "pid").read_text())
        await process.stop()
        await asyncio.sleep(0.2)
        return child

    child = asyncio.run(scenario())
    status = Path(f"/proc/{child}/status")
    assert not status.exists() or "State:\tZ" in status.read_text()


def open_files():
    """Give the numbers of the files that this process has open."""
    return set(Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("code", BARREN, ids=NAMES)
def test_a_stopped_process_leaves_no_pipe_open(code):
    """What it wrote and nobody read is let go with it."""

    async def scenario() -> None:
        before = open_files()
        process = LineProcess("test", [sys.executable, "-c", code])
        await process.tell([{}], 5.0)
        await process.news(0.5)
        await process.stop()
        assert open_files() <= before

    asyncio.run(scenario())
