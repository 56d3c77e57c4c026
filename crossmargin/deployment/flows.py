"""Whether a spoke's bucket holds what a venue may ask it to pay: redemptions, and what is taken back. Touches nothing.

Else who is pushed first in a block is paid, and others wait for it to refill: payments at a spoke have no queue.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crossmargin.chain.decimals import of_units, parse_units
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.errors import NetworkConfigError
from crossmargin.model.units import Seconds, TokenUnits, ceil_div

__all__ = ["Flow", "flow_problems", "least_capacity"]


@dataclass(frozen=True, slots=True)
class Flow:
    """What a limit lets through."""

    capacity: TokenUnits
    """Most at once; 0 of the vault: no limit."""
    window: Seconds
    """In which it refills [s]."""

    def text(self, decimals: int) -> str:
        """Say it in whole tokens."""
        return f"{of_units(self.capacity, decimals).normalize():,f} in {self.window:,} s"


def least_capacity(outflow: Flow, bucket: Flow, window: Seconds) -> TokenUnits:
    """Give the least that a spoke's bucket of a window must hold, so that nothing waits there [token units, up].

    It holds what the vault's limit of the receipts and the hub's bucket let through at once, and as fast as both
    refill. What comes into the vault raises its limit, but passes the hub's bucket before.
    """
    rate = outflow.capacity * bucket.window + bucket.capacity * outflow.window
    refilled = ceil_div(rate * window, outflow.window * bucket.window)
    return TokenUnits(max(outflow.capacity + bucket.capacity, refilled))


def flow_problems(
    one: NetworkConfig | SpokeConfig, other: NetworkConfig | SpokeConfig, tokens: Mapping[str, str]
) -> list[Problem]:
    """List the spoke's buckets that are too small for the venue's limits, by the two ends' files in any order.

    `tokens` are the addresses of the spoke's tokens, as far as its record tells.
    """
    match one, other:
        case (NetworkConfig(), SpokeConfig()):
            return list(_problems(one, other, tokens))
        case (SpokeConfig(), NetworkConfig()):
            return list(_problems(other, one, tokens))
    raise NetworkConfigError("one end is a venue and the other a spoke: name two such files")


def _problems(venue: NetworkConfig, spoke: SpokeConfig, tokens: Mapping[str, str]) -> Iterator[Problem]:
    if venue.crosschain is None:
        return
    named = {each.address or tokens.get(name): name for name, each in spoke.tokens.items()}
    for name, route in venue.crosschain.routes.items():
        symbol = named.get(route.token, route.token)
        lock = spoke.locks.get(symbol)
        if lock is None or venue.crosschain.domain_of(name) != spoke.chain_id:
            continue
        limit, decimals = venue.assets[name].outflow, route.decimals
        outflow = Flow(parse_units(limit.capacity, decimals), limit.window)
        bucket = Flow(parse_units(route.capacity, decimals), route.window)
        there = Flow(parse_units(lock.capacity, decimals), lock.window)
        if not outflow.capacity:
            remedy = f"set capacity and window, so that locks.{symbol} of the spoke can hold them"
            yield Problem(f'assets."{name}".outflow', "the vault lets any amount of receipts out at once", remedy)
            continue
        least = least_capacity(outflow, bucket, there.window)
        if there.capacity < least:
            yield Problem(
                f"{spoke.where('locks', symbol, 'capacity')}locks.{symbol}.capacity",
                f"{there.text(decimals)} is less than the venue may ask for: receipts {name} leave the vault by "
                f"{outflow.text(decimals)}, the hub's bucket lets {bucket.text(decimals)} through",
                f"raise it to {of_units(least, decimals).normalize():,f}, or lower the venue's",
            )
