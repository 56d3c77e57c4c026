"""The keeper as a guest of Silverback, and the bot as Silverback has it."""

import asyncio

import pytest

from keepers import silverback as adapter
from keepers.errors import HaltError, KeeperError
from keepers.settings import Settings

OWNER = "0x" + "aa" * 20
SETTINGS = Settings(bidder={"owner": OWNER})


def test_the_keeper_runs_from_the_workers_start_to_its_end(monkeypatch):
    """A look finds nothing wrong while it runs; it is told to stop, and waited for."""
    seen: list[str] = []

    async def run(settings: Settings, stop: asyncio.Event) -> None:
        assert settings is SETTINGS
        seen.append("began")
        await stop.wait()
        seen.append("stopped")

    async def live() -> None:
        guest = adapter.Guest(SETTINGS)
        guest.look()
        await guest.end()
        await guest.begin()
        await asyncio.sleep(0)
        guest.look()
        await guest.end()
        with pytest.raises(KeeperError, match="ended"):
            guest.look()

    monkeypatch.setattr(adapter, "run", run)
    asyncio.run(live())
    assert seen == ["began", "stopped"]


def test_its_error_is_the_bots(monkeypatch):
    """So that Silverback says so, and halts."""

    async def run(_settings: Settings, _stop: asyncio.Event) -> None:
        raise HaltError("10 errors in a row")

    async def live() -> None:
        guest = adapter.Guest(SETTINGS)
        await guest.begin()
        await asyncio.sleep(0)
        with pytest.raises(HaltError, match="10 errors"):
            guest.look()
        await guest.end()

    monkeypatch.setattr(adapter, "run", run)
    asyncio.run(live())


@pytest.mark.filterwarnings("ignore")
def test_silverback_takes_the_bot(tmp_path, monkeypatch):
    """It registers a start, a look at each block and an end of each worker."""
    import ape

    path = tmp_path / "keeper.toml"
    path.write_text(f'[bidder]\nowner = "{OWNER}"\n')
    seen: list[str] = []

    async def run(_settings: Settings, stop: asyncio.Event) -> None:
        seen.append("began")
        await stop.wait()
        seen.append("stopped")

    monkeypatch.setattr(adapter, "run", run)
    monkeypatch.chdir(tmp_path)
    with ape.networks.ethereum.local.use_provider("test"):
        bot = adapter.make_bot(path)
    assert [task.name for tasks in bot.tasks.values() for task in tasks] == ["look"]

    async def work() -> None:
        from taskiq import TaskiqEvents

        for event in (TaskiqEvents.WORKER_STARTUP, TaskiqEvents.WORKER_SHUTDOWN):
            for handler in bot.broker.event_handlers[event]:
                await handler(bot.broker.state)
                await asyncio.sleep(0)

    asyncio.run(work())
    assert seen == ["began", "stopped"]
