"""Processes of the operator's beside the keeper, real ones: they hang, die, flood and lie, and nothing stops for it."""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crossmargin.model.units import WAD
from keepers.line_process import LineProcess
from keepers.metrics import Metrics
from keepers.outside import PricingSettings
from keepers.pricing import Pricing, wish_of
from keepers.strategies import ActionKind, Wish, decide
from tests.offchain.keepers.programs import BARREN, DIES, EACH, GARBAGE, HANGS, HEAD, NAMES, SAY, program
from tests.offchain.keepers.venue_samples import (
    DEFAULTS,
    ETH_PERPETUAL,
    SICK,
    account,
    auction,
    settings,
    snapshot,
)

SECOND_SICK = 0x51D << 96
EXAMPLE = Path(__file__).parents[3] / "examples" / "pricing_model.py"


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
