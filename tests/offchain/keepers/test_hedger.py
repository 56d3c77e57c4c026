"""A hedger beside the keeper, a real process: it says nothing, dies or lies, and nothing stops for it."""

import asyncio
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crossmargin.model.units import WAD
from keepers.hedging import Hedger, Target
from keepers.outside import HedgerSettings
from tests.offchain.keepers.programs import BARREN, EACH, NAMES, SAY, program
from tests.offchain.keepers.venue_samples import BIDDER, ETH_CALL, ETH_PERPETUAL


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
