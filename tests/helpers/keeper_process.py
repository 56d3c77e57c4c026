"""A keeper as its operator runs it: a process with a keystore, a configuration and a database of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_account import Account

ROOT = Path(__file__).resolve().parent.parent.parent
PASSPHRASE = "test passphrase"
PATIENCE = 40.0


class KeeperProcess:
    """Starts, asks, kills and stops `python -m keepers`."""

    def __init__(
        self,
        folder: Path,
        venue: Any,
        owner: Any,
        *,
        ws: bool = False,
        settings: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        """Write keystore, deployment file and configuration; nothing runs yet."""
        self.folder = folder
        self.config = folder / "keeper.toml"
        self.log = folder / "keeper.log"
        self._process: subprocess.Popen[bytes] | None = None
        uri = venue.node.web3.provider.endpoint_uri
        keystore = folder / "keystore.json"
        keystore.write_text(json.dumps(Account.encrypt(owner.private_key, PASSPHRASE, iterations=2)))
        venue.record.save(folder / "deployment.json")
        parts: dict[str, dict[str, Any]] = {
            "chain": {
                "rpc_urls": [uri],
                "chain_id": venue.record.chain_id,
                "deployment": str(folder / "deployment.json"),
                "poll_interval": 0.1,
                "confirmations": 2,
            },
            "signer": {"keystore": str(keystore), "passphrase_env": "KEEPER_TEST_PASSPHRASE"},
            "strategy": {"native_price": 0.01, "margin_reserve": 0, "deadline_seconds": 600},
            "executor": {"retry_seconds": 0.5},
            "mirror": {"audit_every": 1},
            "service": {"database": str(folder / "keeper.db"), "metrics_port": 0, "max_errors": 5},
        }
        if ws:
            parts["chain"]["ws_url"] = uri.replace("http", "ws", 1)
        for name, changes in (settings or {}).items():
            parts.setdefault(name, {}).update(changes)
        self.config.write_text("\n".join(_table(name, values) for name, values in parts.items()))

    def start(self, *, live: bool = True) -> None:
        """Start and wait until ready."""
        before = len(self.events())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter
                [sys.executable, "-m", "keepers", "run", "--config", self.config, "--live" if live else "--dry-run"],
                stderr=log,
                cwd=ROOT,
                env={**os.environ, "KEEPER_TEST_PASSPHRASE": PASSPHRASE},
            )
        self.until(lambda: any(event["event"] == "running" for event in self.events()[before:]), "running")
        self.until(lambda: self.page("ready")[0] == 200, "ready")

    def stop(self) -> int:
        """Stop as a service manager does; give the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill without warning."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        return process.wait(timeout=15)

    def wait(self) -> int:
        """Wait for it to end by itself; give the exit code."""
        process, self._process = self._process, None
        assert process is not None
        return process.wait(timeout=PATIENCE)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"{what}: {self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Read the log."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [event for event in found if name in (None, event["event"])]

    def page(self, name: str) -> tuple[int, str]:
        """Fetch /metrics, /live or /ready."""
        port = self.events("running")[-1]["metrics_port"]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            return 0, ""

    def metric(self, name: str) -> float:
        """Read one metric."""
        for line in self.page("metrics")[1].splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
        raise AssertionError(name)

    def status(self) -> dict[str, Any]:
        """Ask for the report."""
        command = [sys.executable, "-m", "keepers", "status", "--config", self.config, "--json"]
        done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, timeout=30)  # noqa: S603 - this interpreter
        return json.loads(done.stdout)

    def actions(self, kind: str) -> list[dict[str, Any]]:
        """List the journal's actions of a kind."""
        return [action for action in self.status()["journal"] if action["kind"] == kind]


def _table(name: str, values: dict[str, Any]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in values.items())])


def _toml(value: Any) -> str:
    """Write a value; of tables those with texts for keys."""
    if not isinstance(value, dict):
        return json.dumps(value)
    return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + "}"
