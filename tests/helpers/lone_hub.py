"""A hub for collateral on other chains beside a venue, whose only spoke is whatever the governor says of it."""

from typing import Any, Final

from eth_abi import encode

from tests.helpers.crosschain import OTHER
from tests.helpers.handles import Handle
from tests.helpers.venue import Venue

__all__ = ["ROUTE", "hub_beside", "report"]

ROUTE: Final = {
    "domain": OTHER,
    "token": "0x" + "00" * 20,
    "decimals": 18,
    "required": 1,
    "window": 3_600,
    "silentAfter": 7 * 86_400,
    "deadAfter": 30 * 86_400,
    "capacity": 10**21,
    "cap": 10**24,
    "fastCap": 10**18,
}
"""Limits of a route, of no token yet."""
_LOCK, _BEAT = 1, 2
_FULL = 2


def hub_beside(venue: Venue) -> Handle:
    """Deploy the hub with a route of the token of ether, and list its receipts; the governor is its transport."""
    governor, token = venue.config.governor, venue.tokens["WETH"].address
    manager = venue.node.deploy("AccessManager", governor, sender=governor)
    hub = venue.node.deploy("CollateralHub", manager, venue.vault, sender=governor)
    carrier = venue.node.deploy("PricedTransport", sender=governor)
    for transport in (governor, carrier):
        hub.setTransport(transport, _FULL, sender=governor)
    hub.setSpoke(OTHER, token, sender=governor)
    hub.setRoute(tuple((ROUTE | {"token": token}).values()), "Ether there", "WETH@31338", sender=governor)
    ether = venue.feed("ETH")
    venue.govern(venue.vault, "listAsset", hub.routeOf(1)["receipt"], 18, ether, ether, 10**24)
    now = venue.node.now
    _tell(hub, _BEAT, "(address,uint8,uint128,uint128,uint64,uint64)", (token, 18, 0, 0, now, now), governor)
    return hub


def report(venue: Venue, hub: Handle, account: int, amount: int) -> None:
    """Say that so much was ever locked for an account [wei]."""
    now, token = venue.node.now, venue.tokens["WETH"].address
    told = (token, account, 1, amount, now, now)
    _tell(hub, _LOCK, "(address,uint256,uint64,uint128,uint64,uint64)", told, venue.config.governor)


def _tell(hub: Handle, kind: int, struct: str, told: tuple[Any, ...], governor: Any) -> None:
    spoke = hub.spokeOf(OTHER)
    hub.receiveMessage(OTHER, spoke, encode(["uint256", struct], [kind, told]), sender=governor)
