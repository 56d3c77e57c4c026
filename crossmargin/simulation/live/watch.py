"""What the terminal shows of a living venue: that it is up, a line now and then, and what is not well."""

import time
from collections.abc import Callable, Mapping
from logging import Logger
from pathlib import Path
from typing import Final

from eth_typing import BlockNumber

from crossmargin.chain.times import clock_text
from crossmargin.client.venue import Venue as Client
from crossmargin.deployment import NetworkConfig
from crossmargin.errors import ProcessError
from crossmargin.model.units import AccountId
from crossmargin.simulation.live.health import Check, judge
from crossmargin.simulation.live.readings import Reading, read_venue
from crossmargin.simulation.live.status import ask_keepers, read_quotes
from crossmargin.simulation.stage.amounts import price, usd

__all__ = ["Watch"]

_READY_TIMEOUT: Final = 600.0
_EVERY: Final = 30.0


class Watch:
    """Whoever looks at the venue."""

    def __init__(
        self,
        client: Client,
        config: NetworkConfig,
        orders: Path,
        keepers: Mapping[str, int],
        mood: Callable[[float], str],
        *,
        log: Logger,
        up: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """Call `up` once when everything is well, and `say` with a line now and then."""
        self._client, self._config, self._orders = client, config, orders
        self._keepers, self._mood, self._up, self._say = keepers, mood, up, say
        self._log = log
        self._begun = time.monotonic()
        self._is_up = False
        self._said = 0.0
        self._next_block = BlockNumber(0)
        self._auctions: set[AccountId] = set()
        self._started = 0

    def turn(self) -> None:
        """Look now and then; before it is up all the time, and no longer than it should take."""
        if self._is_up and time.monotonic() < self._said + _EVERY:
            return
        reading, now = read_venue(self._client, self._config), time.time()
        checks = judge(
            reading, read_quotes(self._orders), ask_keepers(self._keepers, patient=self._is_up), self._config, now
        )
        faults = [each for each in checks if not each.passed]
        self._log.info("block %d: %s", reading.block, _faults(faults) or "all well")
        if not self._is_up:
            self._is_up = not faults
            if self._is_up:
                self._up()
            elif time.monotonic() > self._begun + _READY_TIMEOUT:
                raise ProcessError(f"not well after {_READY_TIMEOUT:.0f} s: {_faults(faults)}")
        if self._is_up:
            self._said = time.monotonic()
            self._say(self._line(reading, faults, now))

    def _line(self, reading: Reading, faults: list[Check], now: float) -> str:
        self._follow_auctions()
        prices = "  ".join(f"{name} {price(each.mid)}" for name, each in reading.prices.items())
        parts = [
            f"{clock_text(now)}  block {reading.block}",
            prices,
            f"open interest {usd(reading.open_interest)} USD",
            f"in auction {len(self._auctions)}, {self._started} since the start",
            self._mood(now),
        ]
        return "  ".join([*parts, *([f"NOT WELL: {_faults(faults)}"] if faults else [])])

    def _follow_auctions(self) -> None:
        """Follow starts and ends since the last look."""
        auction, last = self._client.contract("LiquidationAuction"), self._client.web3.eth.block_number
        found = [
            (log["blockNumber"], log["logIndex"], log["event"], AccountId(log["args"]["account"]))
            for event in ("AuctionStarted", "AuctionEnded")
            for log in auction.events[event]().get_logs(from_block=self._next_block, to_block=last)
        ]
        for _, _, event, account in sorted(found):
            if event == "AuctionStarted":
                self._auctions.add(account)
                self._started += 1
            else:
                self._auctions.discard(account)
        self._next_block = BlockNumber(last + 1)


def _faults(checks: list[Check]) -> str:
    return "; ".join(f"{each.part} {each.fault}" for each in checks)
