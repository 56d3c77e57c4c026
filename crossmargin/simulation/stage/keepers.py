"""Keepers on a local chain: processes of `keeper run`, each with a keystore, a database and cash of its own."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eth_account import Account

from crossmargin.chain.processes import Processes, free_port
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ProcessError
from crossmargin.model.units import AccountId, TokenUnits
from crossmargin.simulation.stage.venue import Actor, Venue, account_id, deposit

__all__ = ["Keeper", "Tables", "environment", "page", "prepare_keeper", "start_keeper", "unready", "wait_ready"]

Tables = Mapping[str, Mapping[str, Any]]
"""Tables of a keeper's configuration."""
_VARIABLE: Final = "KEEPER_LOCAL_PASSPHRASE"
_READY_TIMEOUT: Final = 300.0
_PAGE_TIMEOUT: Final = 5.0
_KEYSTORE_ROUNDS: Final = 2**14


@dataclass(frozen=True)
class Keeper:
    """One of them."""

    name: str
    actor: Actor
    account: AccountId
    port: int
    config: Path


def prepare_keeper(venue: Venue, name: str, folder: Path, cash: TokenUnits, tables: Tables) -> Keeper:
    """Fund a keeper with `cash` [quote token units] and write its files to `folder`; `tables` go before the usual."""
    actor = venue.actor(name)
    account = account_id(actor.address, 0)
    deposit(venue, actor, account, venue.config.quote, cash)
    folder.mkdir(parents=True)
    keystore = folder / "key.json"
    encrypted = Account.encrypt(actor.key.key, _passphrase(actor), iterations=_KEYSTORE_ROUNDS)
    keystore.write_text(json.dumps(encrypted), encoding="utf-8")
    keystore.chmod(0o600)
    keeper = Keeper(name, actor, account, free_port(), folder / "keeper.toml")
    usual: dict[str, dict[str, Any]] = {
        "chain": {
            "rpc_urls": [venue.chain.url],
            "chain_id": venue.config.chain_id,
            "deployment": str(venue.path.resolve()),
            "confirmations": 1,
        },
        "signer": {"keystore": str(keystore.resolve()), "passphrase_env": _VARIABLE},
        "strategy": {"native_price_feed": venue.config.feed_id("ETH")},
        "service": {"database": str(folder.resolve() / "keeper.db"), "metrics_port": keeper.port},
    }
    keeper.config.write_text(_toml({**tables, **{key: {**each, **tables.get(key, {})} for key, each in usual.items()}}))
    return keeper


def start_keeper(processes: Processes, keeper: Keeper) -> None:
    """Start the process of a keeper."""
    command = [sys.executable, "-m", "keepers", "run", "--config", str(keeper.config), "--live"]
    processes.start(keeper.name, command, environment(keeper))


def wait_ready(processes: Processes, waiting: Callable[[], list[str]]) -> None:
    """Wait until no keeper is `waiting` to be ready."""
    deadline = time.monotonic() + _READY_TIMEOUT
    while names := waiting():
        processes.check()
        if time.monotonic() > deadline:
            logs = "\n".join(processes.tail(name) for name in names)
            raise ProcessError(f"{', '.join(names)}: not ready after {_READY_TIMEOUT:.0f} s:\n{logs}")
        time.sleep(0.1)


def environment(keeper: Keeper) -> dict[str, str]:
    """Give what a command for this keeper needs in its environment."""
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {_VARIABLE: _passphrase(keeper.actor), "PYTHONPATH": os.pathsep.join(paths)}


def page(port: int, name: str) -> str | None:
    """Fetch a page that a keeper serves on `port`; None while it does not answer or says no."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}", timeout=_PAGE_TIMEOUT) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, OSError):
        return None


def unready(port: int) -> str:
    """Ask the keeper that serves on `port` why it is not ready; nothing where it is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=_PAGE_TIMEOUT):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return "; ".join(map(str, json.loads(error.read()).values()))
    except OSError:
        return "does not answer"


def _passphrase(actor: Actor) -> str:
    return f"local passphrase of {actor.name}"


def _toml(tables: Tables) -> str:
    """Write tables of plain values: numbers, texts and lists of them are the same in TOML as in JSON."""
    lines = ["dry_run = false"]
    for name, values in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"
