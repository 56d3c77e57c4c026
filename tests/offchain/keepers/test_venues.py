"""Several venues in one process: each by itself, whatever happens to another."""

import asyncio
import json
import os
import signal

import pytest
import structlog
from eth_account import Account

from keepers import venues
from keepers.errors import HaltError, SettingsError
from keepers.settings import Settings
from keepers.venues import require_apart, run_all

OWNER = "0x" + "aa" * 20


def _settings(name: str, **parts: object) -> Settings:
    service = {"database": f"{name}.db", "metrics_port": 0}
    return Settings(**{"bidder": {"owner": OWNER}, "service": service, **parts})


def test_one_that_halts_is_begun_again_and_the_other_goes_on(monkeypatch, capsys):
    """Later each time; their lines name the venue; a signal ends both."""
    began: list[str] = []
    ended: list[str] = []

    async def run(settings: Settings, stop: asyncio.Event) -> None:
        name = settings.service.database.name
        began.append(name)
        structlog.get_logger().info("began")
        if name == "a.db":
            if began.count(name) == 4:
                os.kill(os.getpid(), signal.SIGTERM)
            raise HaltError("10 errors in a row")
        await stop.wait()
        ended.append(name)

    monkeypatch.setattr(venues, "run", run)
    monkeypatch.setattr(venues, "_FIRST_REST", 0.01)
    asyncio.run(run_all({"a": _settings("a"), "b": _settings("b")}))
    assert began == ["a.db", "b.db", "a.db", "a.db", "a.db"]
    assert ended == ["b.db"]
    assert capsys.readouterr().out.count("venue=b") == 1


def test_a_single_one_halts_the_process(monkeypatch):
    """A service manager starts it again."""

    async def run(settings: Settings, stop: asyncio.Event) -> None:
        raise HaltError("10 errors in a row")

    monkeypatch.setattr(venues, "run", run)
    with pytest.raises(HaltError):
        asyncio.run(run_all({"a": _settings("a")}))


def test_what_two_cannot_share_is_refused(tmp_path, monkeypatch):
    """Files, a port, a signer on one chain; on two chains a signer has nonces of two kinds."""
    monkeypatch.setenv("WORD", "w")
    key = tmp_path / "key.json"
    key.write_text(json.dumps(Account.encrypt("0x" + "07" * 32, "w", iterations=2)))
    signer = {"signer": {"keystore": key, "passphrase_env": "WORD"}}
    require_apart([_settings("a"), _settings("b")])
    with pytest.raises(SettingsError, match="own: service"):
        require_apart([_settings("a"), _settings("a")])
    ports = [_settings(name, service={"database": f"{name}.db", "metrics_port": 9464}) for name in "ab"]
    with pytest.raises(SettingsError, match="metrics_port 9464"):
        require_apart(ports)
    with pytest.raises(SettingsError, match=" on chain 31337"):
        require_apart([_settings("a", **signer), _settings("b", **signer)])
    require_apart([_settings("a", **signer), _settings("b", chain={"chain_id": 1}, **signer)])
