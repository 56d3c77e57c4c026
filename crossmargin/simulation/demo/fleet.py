"""The competing keepers: processes of `python -m keepers`, each with a keystore, a database and cash of its own.

What they do is the same in every run: nothing they decide by depends on this machine's clock, and they act one after
the other. Who is first is drawn for each block, as it is chance between rivals who offer the same for gas.
"""

import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eth_account import Account

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ProcessError
from crossmargin.model.units import AccountId
from crossmargin.simulation.demo.bell import Bell
from crossmargin.simulation.demo.opening import deposit
from crossmargin.simulation.stage.processes import Processes, free_port
from crossmargin.simulation.stage.scenario import KeeperSettings
from crossmargin.simulation.stage.venue import Actor, Venue, account_id

__all__ = ["Fleet", "Keeper"]

_VARIABLE: Final = "KEEPER_DEMO_PASSPHRASE"
_READY_TIMEOUT: Final = 300.0
_BLOCK_TIMEOUT: Final = 120.0
_NEVER: Final = 86_400
"""By itself a keeper looks at the chain so often [s]: not while a demo lasts."""
_STATUS_TIMEOUT: Final = 60.0
_KEYSTORE_ROUNDS: Final = 2**14
_PPM: Final = 1_000_000
_STEPS_TO_DEADLINE: Final = 10


@dataclass(frozen=True)
class Keeper:
    """One of them."""

    name: str
    actor: Actor
    account: AccountId
    port: int
    config: Path


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
        for index in range(count):
            keeper = self._prepare(settings, index, count, step)
            self.keepers.append(keeper)
            command = [sys.executable, "-m", "keepers", "run", "--config", str(keeper.config), "--live"]
            self._processes.start(keeper.name, command, _environment(keeper))
        deadline = time.monotonic() + _READY_TIMEOUT
        while waiting := [keeper.name for keeper in self.keepers if not self._ready(keeper)]:
            self._processes.check()
            if time.monotonic() > deadline:
                logs = "\n".join(self._processes.tail(name) for name in waiting)
                raise ProcessError(f"{', '.join(waiting)}: not ready after {_READY_TIMEOUT:.0f} s:\n{logs}")
            time.sleep(0.1)

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
        return self._bell.listener(keeper.name) is not None and _get(keeper, "ready") is not None

    def reports(self) -> dict[str, dict[str, Any]]:
        """Ask every keeper's own journal what it did: `python -m keepers status --json`."""
        asked = {
            keeper.name: subprocess.Popen(  # noqa: S603 (a fixed command)
                [sys.executable, "-m", "keepers", "status", "--config", str(keeper.config), "--json"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **_environment(keeper)},
            )
            for keeper in self.keepers
        }
        reports: dict[str, dict[str, Any]] = {}
        for name, process in asked.items():
            try:
                output, errors = process.communicate(timeout=_STATUS_TIMEOUT)
            finally:
                process.kill()
            if process.returncode:
                raise ProcessError(f"{name}: status failed:\n{errors.decode()}")
            reports[name] = json.loads(output)
        return reports

    def _prepare(self, settings: KeeperSettings, index: int, count: int, step: int) -> Keeper:
        venue = self._venue
        actor = venue.actor(f"keeper {index + 1}")
        account = account_id(actor.address, 0)
        quote = venue.config.quote
        deposit(venue, actor, account, quote, venue.config.token_units(quote, settings.cash))
        folder = self._folder / actor.name.replace(" ", "-")
        folder.mkdir(parents=True)
        keystore = folder / "key.json"
        encrypted = Account.encrypt(actor.key.key, _passphrase(actor), iterations=_KEYSTORE_ROUNDS)
        keystore.write_text(json.dumps(encrypted), encoding="utf-8")
        keystore.chmod(0o600)
        keeper = Keeper(actor.name, actor, account, free_port(), folder / "keeper.toml")
        keeper.config.write_text(
            self._config(keeper, keystore, settings, rivals=count - 1, step=step), encoding="utf-8"
        )
        return keeper

    def _config(self, keeper: Keeper, keystore: Path, settings: KeeperSettings, *, rivals: int, step: int) -> str:
        chain, venue = self._venue.chain, self._venue
        patience = settings.patience[len(self.keepers) % len(settings.patience)]
        return f"""\
dry_run = false

[chain]
rpc_urls = ["{chain.url}"]
ws_url = "{self._bell.url(keeper.name)}"
chain_id = {venue.config.chain_id}
deployment = "{venue.path}"
poll_interval = {_NEVER}
request_timeout = {_BLOCK_TIMEOUT}
confirmations = 1

[signer]
keystore = "{keystore}"
passphrase_env = "{_VARIABLE}"

[strategy]
native_price_feed = {venue.config.feed_id("ETH")}
patience_ppm = {int(patience * _PPM)}
hedge_cost_ppm = {int(settings.hedge_cost * _PPM)}
competitors = {rivals}
deadline_seconds = {_STEPS_TO_DEADLINE * step}

[executor]
retry_seconds = 0
replace_after = {_BLOCK_TIMEOUT}

[service]
database = "{keystore.with_name("keeper.db")}"
metrics_port = {keeper.port}
"""


def _passphrase(actor: Actor) -> str:
    return f"demo passphrase of {actor.name}"


def _environment(keeper: Keeper) -> dict[str, str]:
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {_VARIABLE: _passphrase(keeper.actor), "PYTHONPATH": os.pathsep.join(paths)}


def _progress(keeper: Keeper) -> tuple[int, int]:
    """Read the block that a keeper is done with, and how many steps have failed since."""
    found = {"keeper_head_block": -1, "keeper_errors_in_a_row": 0}
    for line in (_get(keeper, "metrics") or "").splitlines():
        name, _, value = line.partition(" ")
        if name in found:
            found[name] = int(float(value))
    return found["keeper_head_block"], found["keeper_errors_in_a_row"]


def _get(keeper: Keeper, page: str) -> str | None:
    """Fetch a page of a keeper; None while it does not answer or says no."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{keeper.port}/{page}", timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, OSError):
        return None
