"""The competing keepers: processes of `keeper run`, each with a keystore, a database and cash of its own.

What they do is the same in every run: nothing they decide by depends on this machine's clock, and they act one after
the other. Who is first is drawn for each block, as it is chance between rivals who offer the same for gas.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from crossmargin.chain.processes import Processes
from crossmargin.errors import ProcessError
from crossmargin.simulation.demo.bell import Bell
from crossmargin.simulation.stage.keepers import (
    Keeper,
    Tables,
    environment,
    page,
    prepare_keeper,
    start_keeper,
    wait_ready,
)
from crossmargin.simulation.stage.scenario import KeeperSettings
from crossmargin.simulation.stage.venue import Venue

__all__ = ["Fleet"]

_BLOCK_TIMEOUT: Final = 120.0
_NEVER: Final = 86_400
"""By itself a keeper looks at the chain so often [s]: not while a demo lasts."""
_STATUS_TIMEOUT: Final = 600.0
_PPM: Final = 1_000_000
_STEPS_TO_DEADLINE: Final = 10


class Fleet:
    """All of them."""

    def __init__(self, venue: Venue, processes: Processes, bell: Bell, folder: Path) -> None:
        """Keep their files in `folder`."""
        self._venue = venue
        self._bell = bell
        self._processes = processes
        self._folder = folder
        self.keepers: list[Keeper] = []

    def start(self, settings: KeeperSettings, count: int, step: int) -> None:
        """Fund `count` keepers and start them; auctions are played in blocks `step` apart [s]."""
        config = self._venue.config
        for index in range(count):
            name = f"keeper {index + 1}"
            tables = self._tables(name, settings, index, rivals=count - 1, step=step)
            folder, cash = self._folder / name.replace(" ", "-"), config.token_units(config.quote, settings.cash)
            self.keepers.append(prepare_keeper(self._venue, name, folder, cash, tables))
            start_keeper(self._processes, self.keepers[-1])
        wait_ready(self._processes, lambda: [keeper.name for keeper in self.keepers if not self._ready(keeper)])

    def wait(self, block: int) -> None:
        """Have the keepers act on a block one after the other, in an order that is drawn anew for each block."""
        dice = random.Random(block)  # noqa: S311 (the same in each run)
        for keeper in dice.sample(self.keepers, len(self.keepers)):
            self._step(keeper, block)

    def _step(self, keeper: Keeper, block: int) -> None:
        """Ring for a keeper and wait until it is done with a block, however long this machine takes.

        It is rung for once: a second ring would have it look at the chain out of turn. Only one that called anew, or
        whose step failed, is rung for again.
        """
        deadline = time.monotonic() + _BLOCK_TIMEOUT
        rung: object = None
        while True:
            head, errors = _progress(keeper)
            if head >= block:
                return
            listener = self._bell.listener(keeper.name)
            if listener is not None and rung != (listener, errors):
                self._bell.ring(keeper.name)
                rung = (listener, errors)
            self._processes.check()
            if time.monotonic() > deadline:
                raise ProcessError(f"{keeper.name}: not done with block {block} after {_BLOCK_TIMEOUT:.0f} s")
            time.sleep(0.01)

    def _ready(self, keeper: Keeper) -> bool:
        """Say whether a keeper has caught up and hears the bell."""
        return self._bell.listener(keeper.name) is not None and page(keeper.port, "ready") is not None

    def reports(self) -> dict[str, dict[str, Any]]:
        """Ask every keeper's own journal what it did: `keeper status --json`."""
        asked = {
            keeper.name: subprocess.Popen(  # noqa: S603 (a fixed command)
                [sys.executable, "-m", "keepers", "status", "--config", str(keeper.config), "--json"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **environment(keeper)},
            )
            for keeper in self.keepers
        }
        return {name: json.loads(_said(name, process)) for name, process in asked.items()}

    def _tables(self, name: str, settings: KeeperSettings, index: int, *, rivals: int, step: int) -> Tables:
        return {
            "chain": {
                "ws_url": self._bell.url(name),
                "poll_interval": _NEVER,
                "request_timeout": _BLOCK_TIMEOUT,
            },
            "strategy": {
                "patience_ppm": int(settings.patience[index % len(settings.patience)] * _PPM),
                "hedge_cost_ppm": int(settings.hedge_cost * _PPM),
                "competitors": rivals,
                "deadline_seconds": _STEPS_TO_DEADLINE * step,
            },
            "executor": {"retry_seconds": 0, "replace_after": _BLOCK_TIMEOUT},
        }


def _said(name: str, process: "subprocess.Popen[bytes]") -> bytes:
    """Give what a keeper's command prints, however long this machine takes; it has ended then."""
    try:
        output, errors = process.communicate(timeout=_STATUS_TIMEOUT)
    except subprocess.TimeoutExpired as late:
        raise ProcessError(f"{name}: status not told after {_STATUS_TIMEOUT:g} s") from late
    finally:
        process.kill()
    if process.returncode:
        raise ProcessError(f"{name}: status failed:\n{errors.decode()}")
    return output


def _progress(keeper: Keeper) -> tuple[int, int]:
    """Read the block that a keeper is done with, and how many steps have failed since."""
    found = {"keeper_head_block": -1, "keeper_errors_in_a_row": 0}
    for line in (page(keeper.port, "metrics") or "").splitlines():
        name, _, value = line.partition(" ")
        if name in found:
            found[name] = int(float(value))
    return found["keeper_head_block"], found["keeper_errors_in_a_row"]
