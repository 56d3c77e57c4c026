"""An error of one account, or of one action, is that one's: the keeper decides and acts without it."""

import asyncio
from types import SimpleNamespace

import pytest

from keepers import bot as module
from keepers.bot import Bot
from keepers.errors import StoreError, TransportError
from keepers.metrics import Metrics
from keepers.settings import Settings
from keepers.strategies import decide
from tests.offchain.keepers.executor_bench import Bench, _action
from tests.offchain.keepers.venue_samples import SICK, account, snapshot

OTHER = 0x77 << 96


def _bot(**parts: object) -> tuple[Bot, Metrics]:
    metrics = Metrics()
    settings = Settings(bidder={"owner": "0x" + "aa" * 20}, strategy={"margin_reserve": 0})
    return Bot(settings, SimpleNamespace(metrics=metrics, **parts), "0xme"), metrics


def _errors(metrics: Metrics, kind: str) -> float:
    return metrics.registry.get_sample_value("keeper_errors_total", {"kind": kind}) or 0.0


def test_an_account_that_cannot_be_decided_about_is_left_out(monkeypatch, capsys):
    """It is named and counted; what is decided about the others stands."""

    def deciding(snap, cfg):
        if any(one.account == SICK for one in snap.accounts):
            raise KeyError("odd")
        return decide(snap, cfg)

    snap = snapshot(account(SICK, excess=-1), account(OTHER, excess=-1))
    bot, metrics = _bot()
    assert {one.account for one in bot._choose(snap)} == {SICK, OTHER}
    monkeypatch.setattr(module, "decide", deciding)
    assert {one.account for one in bot._choose(snap)} == {OTHER}
    assert _errors(metrics, "account") == 1
    assert hex(SICK) in capsys.readouterr().out


@pytest.fixture
def bench(tmp_path):
    """Give an executor over a fake chain, and close its database in the end."""
    made = Bench(tmp_path)
    yield made
    made.database.close()


def test_an_action_that_cannot_be_carried_out_is_left_out(bench):
    """Its arguments do not fit the call: the others are sent, and it rests a while."""
    bot, metrics = _bot(executor=bench.executor)
    actions = [_action(1), _action(2, args=("much",)), _action(3)]
    sent = asyncio.run(bot._submit(actions, bench.head()))
    assert sent == {_action(1).key, _action(3).key}
    assert _errors(metrics, "ValueError") == 1
    assert _action(2).key in bench.executor.pauses.current()


@pytest.mark.parametrize("error", [TransportError("cut"), StoreError("full")])
def test_a_node_or_disk_that_fails_is_nobodys(bench, error):
    """What fails for all is not tried for each."""
    calls = []

    async def submit(actions, *_args):
        calls.append(len(actions))
        raise error

    bot, _ = _bot(executor=SimpleNamespace(submit=submit))
    with pytest.raises(type(error)):
        asyncio.run(bot._submit([_action(1), _action(2)], bench.head()))
    assert calls == [2]
