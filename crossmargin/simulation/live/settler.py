"""The settler: observes and finishes every expiry, and settles who still holds something of it."""

from logging import Logger
from typing import Final

from crossmargin.client.venue import Venue as Client
from crossmargin.model.instruments import decode
from crossmargin.model.units import Seconds
from crossmargin.simulation.live.endings import ending_step

__all__ = ["Settler"]

_PATIENCE: Final = 600
"""When whoever a batch left out is tried again: cash that is not enough for all markets waits for others [s]."""


class Settler:
    """Whoever does what nobody is appointed to do."""

    def __init__(self, client: Client, log: Logger) -> None:
        """Act as the client's signer."""
        self._client = client
        self._log = log
        self._settled: set[str] = set()
        self._again: dict[str, Seconds] = {}

    def turn(self) -> None:
        """Do what is due of every instrument that expires; an average that is known counts for all of its expiry."""
        now = Seconds(self._client.web3.eth.get_block("latest")["timestamp"])
        for name, number in self._client.record.instruments.items():
            expiry = decode(number).expiry
            if expiry is not None and name not in self._settled:
                self._end(name, expiry, now)

    def _end(self, name: str, expiry: Seconds, now: Seconds) -> None:
        known = self._client.settlement(name)
        step = ending_step(expiry, known.observations, known.next_at, known.average, now)
        if step == "observe":
            self._log.info("%s: observe", name)
            self._client.observe_settlement(name)
        elif step == "finish":
            self._log.info("%s: finish", name)
            self._client.finish_settlement(name)
        elif step == "settle":
            self._settle(name, now)

    def _settle(self, name: str, now: Seconds) -> None:
        holders = self._client.holders(name)
        if not holders:
            self._settled.add(name)
        elif now >= self._again.get(name, now):
            self._log.info("%s: settle", name)
            self._client.settle_batch(name, holders)
            self._again[name] = Seconds(now + _PATIENCE)
