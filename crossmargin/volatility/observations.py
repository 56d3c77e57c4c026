"""What a venue observed itself: its forecaster's logs, and the hours that they make, exactly as on chain."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
from eth_utils.crypto import keccak
from web3 import Web3
from web3.types import FilterParams

from crossmargin.errors import ForestError
from crossmargin.model.units import Ppm
from crossmargin.volatility.hourly import Hourly
from crossmargin.volatility.hours import DAY, History, Hour

__all__ = ["WIDE", "hours_of", "logged"]

WIDE: Final = Ppm(2**23 - 1)
"""A breaker that nothing reaches."""
_OBSERVED: Final = "0x" + keccak(text="Observed(uint256,uint256,int256)").hex()
_BLOCKS: Final = 5_000
_WORD: Final = 32


def hours_of(asset: str, observations: Iterable[tuple[int, int]], breaker: Ppm = WIDE) -> Hourly:
    """Make hours of observations: steps of the grid, and the return since the observation before [ppm]."""
    history, log, hours = History(breaker), 0, dict[int, Hour]()
    for step, change in observations:
        log += change
        history.observe(step, log)
        # An observation closes at most the hours of a gap, and a longer gap closes none.
        hours |= {hour.number: hour for hour in list(history.closed)[-DAY - 1 :]}
    if not hours:
        raise ForestError(f"{asset}: the observations close no hour")
    return _complete(asset, hours)


def _complete(asset: str, hours: dict[int, Hour]) -> Hourly:
    """Put hours into arrays; a history begins anew where one is missing."""
    numbers = np.arange(min(hours), max(hours) + 1)
    known = np.array([number in hours for number in numbers.tolist()])
    began = np.where(known & ~np.append(False, known[:-1]), np.arange(len(numbers)), 0)
    net, variance = np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
    net[known] = [hours[number].net for number in sorted(hours)]
    variance[known] = [hours[number].variance for number in sorted(hours)]
    run = np.where(known, np.arange(len(numbers)) - np.maximum.accumulate(began), 0)
    return Hourly(asset, numbers, net, variance, known, run)


def logged(
    web3: Web3, forecaster: str, underlying: int, blocks: tuple[int, int], say: Callable[[int], None]
) -> Iterator[tuple[int, int]]:
    """Read a forecaster's observations of an underlying from the first to the last of the blocks."""
    first, last = blocks
    topics = [_OBSERVED, "0x" + underlying.to_bytes(_WORD, "big").hex()]
    for start in range(first, last + 1, _BLOCKS):
        end = min(start + _BLOCKS - 1, last)
        asked: FilterParams = {
            "address": Web3.to_checksum_address(forecaster),
            "topics": topics,
            "fromBlock": start,
            "toBlock": end,
        }
        for entry in web3.eth.get_logs(asked):
            data = bytes(entry["data"])
            yield int.from_bytes(data[:_WORD], "big"), int.from_bytes(data[_WORD : 2 * _WORD], "big", signed=True)
        say(end)
