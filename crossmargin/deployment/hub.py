"""The hub in a venue's plan: its contracts, its spokes, and the routes whose receipts are collateral."""

from collections.abc import Iterator
from typing import Any, Final

from crossmargin.deployment.carriers import (
    restricted_carriers,
    standing_steps,
    transport_contracts,
    transport_steps,
)
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.routes import CrosschainSettings, RouteSettings
from crossmargin.deployment.steps import Create, Kind, Setting, Step, Value, VenueContext

__all__ = ["HUB_CONTRACT", "SOURCE", "hub_contracts", "hub_steps", "restricted_hub", "route_number"]

HUB_CONTRACT: Final = "CollateralHub"
SOURCE: Final = "RemoteSource"
"""Reads the price of receipts."""


def hub_contracts(config: NetworkConfig) -> Iterator[Step]:
    """Deploy hub, source and transports, where the configuration has routes."""
    if config.crosschain:
        yield Create(
            HUB_CONTRACT, HUB_CONTRACT, lambda venue: (venue.address("AccessManager"), venue.address("MarginVault"))
        )
        yield Create(SOURCE, SOURCE, lambda venue: (venue.address("OracleAdapter"), venue.address(HUB_CONTRACT)))
        yield from transport_contracts(config.crosschain.transports)


def restricted_hub(config: NetworkConfig) -> Iterator[tuple[str, str]]:
    """Name each contract that has restricted functions, and its artifact."""
    if config.crosschain:
        yield HUB_CONTRACT, HUB_CONTRACT
        yield from restricted_carriers(config.crosschain.transports)


def hub_steps(config: NetworkConfig) -> Iterator[Step]:
    """Set transports, spokes and routes, as far as the other chains' addresses are known."""
    if config.crosschain is None:
        return
    chains, transports = config.crosschain.chains, config.crosschain.transports
    domains: dict[str, int] = {name: chain.domain for name, chain in chains.items()}
    yield from transport_steps(transports, domains, {name: chain.counterparts for name, chain in chains.items()})
    yield from standing_steps(HUB_CONTRACT, transports)
    for name, chain in chains.items():
        if chain.spoke is not None:
            yield _spoke(name, chain.domain, chain.spoke)
    for name, route in config.crosschain.known_routes():
        yield _route(config.crosschain, name, route)


def route_number(venue: VenueContext, name: str) -> int:
    """Ask for the number of a route at the hub; 0 where there is none yet."""
    crosschain = venue.config.crosschain
    if crosschain is None or not crosschain.routes[name].is_known or HUB_CONTRACT not in venue.record.contracts:
        return 0
    route = crosschain.routes[name]
    return int(venue.read(HUB_CONTRACT, "routeNumber", crosschain.domain_of(name), route.token))


def _spoke(name: str, domain: int, spoke: str) -> Setting:
    return Setting(
        name=f"{HUB_CONTRACT}.spoke.{name}",
        kind=Kind.SETTING,
        target=HUB_CONTRACT,
        function="setSpoke",
        arguments=lambda _: (domain, spoke),
        read=lambda venue: str(venue.read(HUB_CONTRACT, "spokeOf", domain)),
        want=lambda _: spoke,
    )


def _route(crosschain: CrosschainSettings, name: str, route: RouteSettings) -> Setting:
    row = route.encode(crosschain.domain_of(name))

    def read(venue: VenueContext) -> Value:
        number = route_number(venue, name)
        if number == 0:
            return None
        found = venue.table(HUB_CONTRACT, "routeOf", number)
        return found["config"] if isinstance(found, dict) else None

    def note(venue: VenueContext) -> None:
        """Write down which token the receipts are: everybody calls them by the route's name."""
        number = route_number(venue, name)
        if number:
            table: Any = venue.table(HUB_CONTRACT, "routeOf", number)
            venue.record.tokens[name] = table["receipt"]

    return Setting(
        name=f"route.{name}",
        kind=Kind.SETTING,
        target=HUB_CONTRACT,
        function="setRoute",
        arguments=lambda _: (row, route.name, name),
        read=read,
        want=lambda venue: venue.encoded(HUB_CONTRACT, "setRoute", 0, row),
        note=note,
    )
