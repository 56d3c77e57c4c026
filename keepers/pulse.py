"""How the keeper goes on: step after step, through whatever nodes and disks do. Only its own mistakes end it.

No node, no answer, a contradiction or a full disk is waited for; a mistake of the keeper's own is counted.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from keepers.errors import (
    FencedError,
    HaltError,
    HeldError,
    LostError,
    MirrorError,
    QuorumError,
    ReorgError,
    RpcError,
    SettingsError,
    StoreError,
    TransportError,
    WrongChainError,
)
from keepers.heads import Trigger
from keepers.metrics import Health, Metrics
from keepers.node import Node
from keepers.store import Stores
from keepers.units import ClockSeconds

__all__ = ["Pulse"]

log = structlog.get_logger(__name__)
T = TypeVar("T")
_END: Final = (WrongChainError, SettingsError, LostError, MirrorError, FencedError)
_TROUBLES: Final = ("node", "quorum", "disk", "standby", "errors")
_DISK_PAUSE: Final = ClockSeconds(2.0)
_QUORUM_PAUSE: Final = ClockSeconds(0.5)
_STANDBY_PAUSE: Final = ClockSeconds(0.5)
_TICK: Final = 1.0


class Pulse:
    """Steps until stopped."""

    def __init__(
        self,
        node: Node,
        stores: Stores,
        trigger: Trigger,
        stop: asyncio.Event,
        *,
        most: int,
        metrics: Metrics,
        health: Health,
    ) -> None:
        """Halt after `most` mistakes in a row."""
        self._node = node
        self._stores = stores
        self._trigger = trigger
        self._stop = stop
        self._most = most
        self._metrics = metrics
        self._health = health
        self._mistakes = 0
        self._said = ""

    async def patiently(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do something once; wait for nodes and disk as long as it takes, or until stopped."""
        done: list[T] = []

        async def once() -> None:
            done.append(await work())

        while not (done or self._stop.is_set()):
            await self._once(once)
        return done[0] if done else None

    async def beat(self, step: Callable[[], Awaitable[None]]) -> None:
        """Step until stopped, when something happens and at least every so often."""
        stopping = asyncio.create_task(self._stop.wait())
        stopping.add_done_callback(lambda _: self._trigger.wake())
        try:
            while not self._stop.is_set():
                if await self._once(step) and not self._stop.is_set():
                    await self._trigger.wait()
        finally:
            stopping.cancel()

    async def _once(self, step: Callable[[], Awaitable[None]]) -> bool:
        """Step; tell whether all went well, and if not wait until it may go better."""
        try:
            self._stores.require_files()
            await step()
        except _END:
            raise
        except QuorumError as error:
            await self._trouble("quorum", error, _QUORUM_PAUSE)
            return False
        except (RpcError, ReorgError) as error:
            if not isinstance(error, TransportError):  # those are known to the address already
                self._node.rpc.current.blame(error if isinstance(error, RpcError) else TransportError(str(error)))
            await self._trouble("node", error, self._node.rpc.rest_left())
            return False
        except HeldError as error:
            await self._trouble("standby", error, _STANDBY_PAUSE)
            return False
        except StoreError as error:
            await self._trouble("disk", error, _DISK_PAUSE)
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            await self._mistake(error)
            return False
        self._node.rpc.current.praise()
        self._mistakes = 0
        self._said = ""
        for name in _TROUBLES:
            self._health.set(name, None)
        self._report()
        return True

    async def _mistake(self, error: Exception) -> None:
        self._mistakes += 1
        log.error("mistake", error=repr(error), in_a_row=self._mistakes, exc_info=error)
        if self._mistakes >= self._most:
            raise HaltError(f"{self._mistakes} errors in a row, the last: {error!r}") from error
        await self._trouble("errors", error, ClockSeconds(0.1 * self._mistakes))

    async def _trouble(self, name: str, error: Exception, rest: ClockSeconds) -> None:
        """Say what is wrong, once, and wait."""
        kind = type(error).__name__
        self._metrics.errors.labels(kind).inc()
        self._health.set(name, str(error))
        (log.debug if self._said == kind + str(error) else log.error)("step_failed", kind=kind, error=str(error))
        self._said = kind + str(error)
        self._report()
        await self._pause(max(rest, ClockSeconds(0.01)))

    def _report(self) -> None:
        self._health.step()
        self._metrics.errors_in_row.set(self._mistakes)
        self._metrics.rpc_calls.set(self._node.rpc.calls)
        for one, standing in self._node.survey.standings.items():
            self._metrics.node_stale.labels(one.name).set(int(standing.stale))
            self._metrics.node_behind.labels(one.name).set(standing.behind)

    async def _pause(self, left: float) -> None:
        """Wait, alive all the while."""
        while left > 0 and not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), min(left, _TICK))
            left -= _TICK
            self._health.step()
