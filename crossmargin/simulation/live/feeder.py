"""The feeder: posts prices and volatility, refreshes feeds and risk arrays before anything is stale, and observes."""

import time
from collections.abc import Mapping
from logging import Logger
from typing import Final

from crossmargin.chain.decimals import WAD_DECIMALS
from crossmargin.client.venue import Venue as Client
from crossmargin.feeder.due import array_due, slice_due
from crossmargin.model.freshness import GRID, price_due
from crossmargin.model.units import Seconds
from crossmargin.simulation.live.market import Market
from crossmargin.simulation.live.outbox import Outbox
from crossmargin.simulation.live.readings import Reading, read_venue
from crossmargin.simulation.stage.prices import PRICE_DECIMALS
from crossmargin.simulation.stage.surface import slice_key, toward
from crossmargin.simulation.stage.venue import Venue

__all__ = ["HEARTBEAT", "Feeder"]

HEARTBEAT: Final = Seconds(60)
"""A price that stands still is posted again so often [s]."""
_PRICE_SCALE = 10 ** (WAD_DECIMALS - PRICE_DECIMALS)


class Feeder:
    """The poster at work."""

    def __init__(self, venue: Venue, client: Client, market: Market, log: Logger) -> None:
        """Read by `client`, send as the venue's poster."""
        self._venue = venue
        self._client = client
        self._market = market
        self._log = log
        self._outbox = Outbox(venue, venue.poster)
        self._step = 0

    def turn(self) -> None:
        """Post what is due, unless the last posts are still on their way."""
        if not self._outbox.settle():
            return
        reading = read_venue(self._client, self._venue.config)
        prices, volatility = self._market.at(time.time())
        due = self._due_prices(reading, prices)
        levels = self._due_levels(reading, volatility)
        arrays = self._due_arrays(reading, due, levels)
        if not (due or levels or arrays):
            return
        self._outbox.begin()
        sent = self._venue.post_prices(due) if due else []
        if due and reading.time // GRID > self._step:
            self._step = reading.time // GRID
            sent += self._venue.observe()
        sent += self._venue.post_volatility(levels) + self._venue.refresh_arrays(*arrays)
        self._outbox.sent(sent)
        self._log.info("block %d: prices %s, volatility %s, arrays %s", reading.block, due, levels, arrays)

    def _due_prices(self, reading: Reading, prices: Mapping[str, int]) -> dict[str, int]:
        return {
            name: price
            for name, price in prices.items()
            if price_due(
                reading.prices[name].mid // _PRICE_SCALE, price, reading.time - reading.prices[name].time, HEARTBEAT
            )
        }

    def _due_levels(self, reading: Reading, volatility: Mapping[str, int]) -> dict[str, int]:
        """Name the slices to post: each of its kind's volatility, and at once where there is none yet."""
        levels = {}
        for name, expiry in self._venue.context.record.slices.items():
            underlying, kind = slice_key(name)
            limits, known = self._venue.config.options[underlying], reading.slices.get(name)
            wanted = volatility[f"{underlying}:{kind}"]
            if expiry <= reading.time + limits.min_interval:
                continue  # it is over
            if known is None:
                levels[name] = wanted
            elif slice_due(known.level, wanted, reading.time - known.posted, limits):
                levels[name] = toward(known.level, wanted, limits)
        return levels

    def _due_arrays(self, reading: Reading, prices: Mapping[str, int], levels: Mapping[str, int]) -> list[str]:
        """Name the options to refresh: what a new price or slice moves, too."""
        moved = {slice_key(name)[0] for name in levels}
        due = []
        for name, array in reading.arrays.items():
            index = prices[array.underlying] * _PRICE_SCALE if array.underlying in prices else array.index
            old = array_due(array.ref, index, reading.time - array.time, self._venue.config.engine)
            if old or array.underlying in moved:
                due.append(name)
        return due
