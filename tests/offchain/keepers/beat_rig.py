"""A pulse over a network of fakes."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from keepers.heads import Trigger
from keepers.metrics import Health, Metrics
from keepers.pulse import Pulse
from keepers.store import Stores, open_stores
from tests.offchain.keepers.fake_network import FakeNetwork


class Beat:
    """A pulse over a network whose rests are cut short, and steps that fail as told."""

    def __init__(self, folder: Path, *, most: int = 3) -> None:
        """Open the databases; nothing beats yet."""
        self.network = FakeNetwork("a")
        self.stores: Stores = open_stores(folder / "keeper.db")
        self.metrics = Metrics()
        self.health = Health(self.metrics, 30)
        self.health.set("start", None)
        self.most = most
        self.seen: list[dict[str, str]] = []
        self.slept = 0.0

    def run(self, *errors: Exception | None, work: Callable[[], Awaitable[object]] | None = None) -> object:
        """Beat with each error in turn, None being a clean step, then stop; or do something patiently."""
        left = list(errors)

        async def beat() -> object:
            stop, node = asyncio.Event(), self.network.client()
            pulse = Pulse(
                node,
                self.stores,
                Trigger(0.001, None),
                stop,
                most=self.most,
                metrics=self.metrics,
                health=self.health,
            )

            async def pause(length: float) -> None:
                self.slept += length
                self.seen.append(self.health.ready())
                node.rpc.current.praise()

            pulse._pause = pause
            if work is not None:
                return await pulse.patiently(work)

            async def step() -> None:
                error = left.pop(0)
                if not left:
                    stop.set()
                if error is not None:
                    raise error

            await pulse.beat(step)
            return None

        return asyncio.run(beat())
