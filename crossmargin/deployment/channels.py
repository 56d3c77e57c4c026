"""Compare the ends of channels between chains with their configurations, and with each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from web3.exceptions import BlockNotFound

from crossmargin.chain.logs import arguments_of
from crossmargin.deployment.carriers import module_name, transport_name
from crossmargin.deployment.flows import Flow, least_capacity
from crossmargin.deployment.hub import HUB_CONTRACT, SOURCE, route_number
from crossmargin.deployment.spoke import BLOCKS, PROVER, SPOKE_CONTRACT, blocks_of
from crossmargin.deployment.spoke_config import EXIT_MARGIN, OP_STACK, SpokeConfig
from crossmargin.deployment.steps import Context, SpokeContext, Value, VenueContext
from crossmargin.deployment.transports import HUB, Standing, TransportSettings
from crossmargin.errors import NetworkConfigError

__all__ = ["Difference", "between", "chain_of", "hub_differences", "sorted_ends", "spoke_differences"]

_NOBODY: Final = "0x" + "00" * 20


@dataclass(frozen=True)
class Difference:
    """Something on the chain that is not as it should be."""

    what: str
    actual: Value
    expected: Value


def hub_differences(venue: VenueContext) -> Iterator[Difference]:
    """Find what the hub and its transports were built with, what is not known yet, and what nobody configured."""
    crosschain = venue.config.crosschain
    if crosschain is None:
        return
    pointers = {
        HUB_CONTRACT: {"authority": "AccessManager", "vault": "MarginVault"},
        SOURCE: {"oracle": "OracleAdapter", "hub": HUB_CONTRACT},
    }
    for contract, views in pointers.items():
        for view, target in views.items():
            yield from _compared(f"{contract}.{view}", str(venue.read(contract, view)), venue.address(target))
    domains: dict[str, int] = {name: chain.domain for name, chain in crosschain.chains.items()}
    yield from _carriers(venue, crosschain.transports, domains)
    yield from _strange_transports(venue, HUB_CONTRACT, crosschain.transports)
    for name, chain in crosschain.chains.items():
        if chain.spoke is None:
            yield Difference(f"{HUB_CONTRACT}.spoke.{name}", None, "deployed on its chain")
        for transport in crosschain.transports:
            if transport not in chain.counterparts:
                yield Difference(f"transport.{transport}.counterpart.{name}", None, "deployed on its chain")
    for domain in sorted({log["domain"] for log in _logs(venue, HUB_CONTRACT, "SpokeSet")} - set(domains.values())):
        yield Difference(f"{HUB_CONTRACT}.spoke.{domain}", venue.read(HUB_CONTRACT, "spokeOf", domain), None)
    expected = {route_number(venue, name) for name in crosschain.routes}
    for number in sorted(set(range(1, venue.read(HUB_CONTRACT, "routeCount") + 1)) - expected):
        yield Difference(f"route.{number}", actual=True, expected=False)


def spoke_differences(venue: SpokeContext) -> Iterator[Difference]:
    """Find the same of a spoke, and of the hub that it obeys."""
    config = venue.config
    built: dict[str, Value] = {
        "authority": venue.address("AccessManager"),
        "hub": config.hub.address,
        "hubDomain": config.hub.domain,
        "exitAfter": config.hub.exit_after,
    }
    for view, expected in built.items():
        actual = venue.read(SPOKE_CONTRACT, view)
        yield from _compared(f"{SPOKE_CONTRACT}.{view}", actual, expected)
    if config.proofs is not None:
        proves: dict[str, Value] = {
            "blocks": blocks_of(config.proofs, venue),
            "hub": config.hub.address,
            "domain": config.chain_id,
            "spoke": venue.address(SPOKE_CONTRACT),
        }
        for view, expected in proves.items():
            yield from _compared(f"{PROVER}.{view}", venue.read(PROVER, view), expected)
    yield from _carriers(venue, config.transports, {HUB: config.hub.domain})
    yield from _strange_transports(venue, SPOKE_CONTRACT, config.transports)
    for name in config.transports:
        if name not in config.hub.counterparts:
            yield Difference(f"transport.{name}.counterpart.{HUB}", None, "deployed on its chain")
    known = {venue.token(name) for name in config.locks}
    for token in sorted({log["token"] for log in _logs(venue, SPOKE_CONTRACT, "SpokeTokenSet")} - known):
        if venue.read(SPOKE_CONTRACT, "tokenConfig", token)[0]:
            yield Difference(f"lock.{token}.open", actual=True, expected=False)


def between(hub: VenueContext, spoke: SpokeContext) -> Iterator[Difference]:
    """Hold the two ends against each other, each as it is on its chain."""
    chain = chain_of(hub, spoke)
    hub_address, spoke_address = hub.address(HUB_CONTRACT), spoke.address(SPOKE_CONTRACT)
    ends: dict[str, tuple[Value, Value]] = {
        f"hub: spoke of {chain}": (hub.read(HUB_CONTRACT, "spokeOf", spoke.config.chain_id), spoke_address),
        "spoke: hub": (spoke.read(SPOKE_CONTRACT, "hub"), hub_address),
        "spoke: domain of the hub": (spoke.read(SPOKE_CONTRACT, "hubDomain"), hub.config.chain_id),
    }
    for what, (actual, expected) in ends.items():
        yield from _compared(what, actual, expected)
    if spoke.config.proofs is not None and spoke.config.proofs.blocks == OP_STACK:
        yield from _blocks_between(hub, spoke)
    crosschain = hub.config.crosschain
    transports = crosschain.transports if crosschain else {}
    for name in sorted({*transports, *spoke.config.transports}):
        yield from _carrier_between(name, hub, spoke)
    if crosschain:
        for name, route in crosschain.routes.items():
            if route.chain == chain:
                yield from _route_between(name, hub, spoke)


def sorted_ends(one: Context[Any], other: Context[Any]) -> tuple[VenueContext, SpokeContext]:
    """Tell which end is the hub and which the spoke."""
    hub, spoke = (other, one) if isinstance(one.config, SpokeConfig) else (one, other)
    if isinstance(hub.config, SpokeConfig) or not isinstance(spoke.config, SpokeConfig):
        raise NetworkConfigError("one end is a venue and the other a spoke: name two such")
    return hub, spoke


def chain_of(hub: VenueContext, spoke: SpokeContext) -> str:
    """Name the spoke's chain as the hub's configuration does."""
    chains = hub.config.crosschain.chains if hub.config.crosschain else {}
    found = next((name for name, each in chains.items() if each.domain == spoke.config.chain_id), None)
    if found is None:
        raise NetworkConfigError(
            f"{hub.config.network} has no chain of domain {spoke.config.chain_id}: add it to [crosschain.chains]"
        )
    return found


def _blocks_between(hub: VenueContext, spoke: SpokeContext) -> Iterator[Difference]:
    """Compare a block that the spoke's chain calls one of the chain below with the venue's."""
    number, known = spoke.read(BLOCKS, "newest")
    try:
        found: bytes | None = bytes(hub.chain.web3.eth.get_block(number)["hash"])
    except BlockNotFound:
        found = None
    yield from _compared(f"spoke: block {number} of the hub's chain", known, found)


def _carrier_between(name: str, hub: VenueContext, spoke: SpokeContext) -> Iterator[Difference]:
    """Compare a transport's two halves: there must be both, and each must trust the other."""
    key = transport_name(name)
    for here, there, side in ((hub, spoke, "hub"), (spoke, hub, "spoke")):
        if key not in here.record.contracts:
            yield Difference(f"{side}: transport {name}", None, "deployed")
            return
        if key in there.record.contracts:
            actual = here.read(key, "counterpartOf", there.config.chain_id)
            yield from _compared(f"{side}: counterpart of {name}", actual, there.address(key))


def _route_between(name: str, hub: VenueContext, spoke: SpokeContext) -> Iterator[Difference]:
    """Compare a route with the token that the spoke takes."""
    number = route_number(hub, name)
    if number == 0:
        yield Difference(f"hub: route {name}", None, "set")
        return
    view: Any = hub.table(HUB_CONTRACT, "routeOf", number)
    token, decimals, dead_after = (view["config"][key] for key in ("token", "decimals", "deadAfter"))
    if not spoke.chain.code(token):
        yield Difference(f"spoke: token of {name}", None, token)
        return
    actual = spoke.chain.contract("IERC20Metadata", token).functions.decimals().call()
    yield from _compared(f"spoke: decimals of {name}", actual, decimals)
    taken: Any = spoke.table(SPOKE_CONTRACT, "tokenConfig", token)
    if taken["required"]:
        yield from _bucket_between(name, hub, view, Flow(taken["capacity"], taken["window"]))
    else:
        yield Difference(f"spoke: lock of {name}", None, "set")
    least = dead_after + EXIT_MARGIN
    exit_after = spoke.read(SPOKE_CONTRACT, "exitAfter")
    if exit_after <= least:
        yield Difference(f"spoke: exits, with dead_after of {name}", exit_after, f"above {least}")


def _bucket_between(name: str, hub: VenueContext, route: Any, there: Flow) -> Iterator[Difference]:  # noqa: ANN401
    """Compare the spoke's bucket with what the vault and the hub let the venue ask of it."""
    config = route["config"]
    capacity, window, _ = hub.read("MarginVault", "outflowOf", route["receipt"])
    if capacity == 0:
        yield Difference(f"hub: outflow limit of {name}", None, "set")
        return
    flows = Flow(capacity, window), Flow(config["capacity"], config["window"])
    least = least_capacity(*flows, there.window)
    if there.capacity < least:
        outflow, bucket = (each.text(config["decimals"]) for each in flows)
        expected = Flow(least, there.window).text(config["decimals"])
        yield Difference(
            f"spoke: bucket of {name}",
            there.text(config["decimals"]),
            f"at least {expected}: the vault lets {outflow} out, the hub's bucket {bucket} through",
        )


def _carriers(
    venue: Context[Any], transports: Mapping[str, TransportSettings], domains: Mapping[str, int]
) -> Iterator[Difference]:
    """Compare what transports were built with, and whom else they trust."""
    for name, each in transports.items():
        key = transport_name(name)
        built: dict[str, Value] = {"authority": venue.address("AccessManager")}
        if each.kind == "attestation":
            built["localDomain"] = venue.config.chain_id
        else:
            built |= {"mailbox": each.mailbox, "hook": each.hook}
            module = module_name(name)
            yield from _compared(f"{module}.authority", venue.read(module, "authority"), built["authority"])
            for domain in _beyond(venue, module, "ValidatorsSet", domains):
                yield Difference(f"{module}.validators.{domain}", actual=True, expected=False)
        for view, expected in built.items():
            yield from _compared(f"{key}.{view}", venue.read(key, view), expected)
        for domain in _beyond(venue, key, "CounterpartSet", domains):
            trusted = venue.read(key, "counterpartOf", domain)
            if trusted != _NOBODY:
                yield Difference(f"{key}.counterpart.{domain}", trusted, None)


def _beyond(venue: Context[Any], contract: str, event: str, domains: Mapping[str, int]) -> list[int]:
    """Domains in a log that the configuration does not have."""
    return sorted({int(log["domain"]) for log in _logs(venue, contract, event)} - set(domains.values()))


def _strange_transports(
    venue: Context[Any], end: str, transports: Mapping[str, TransportSettings]
) -> Iterator[Difference]:
    """Find transports that are heard and not configured."""
    known = {venue.address(transport_name(name)) for name in transports}
    for address, standing in zip(*venue.read(end, "transportsOf"), strict=True):
        if address not in known and standing != Standing.NONE:
            yield Difference(f"{end}.transport.{address}", Standing(standing).name.lower(), "none")


def _compared(what: str, actual: Value, expected: Value) -> Iterator[Difference]:
    if actual != expected:
        yield Difference(what, actual, expected)


def _logs(venue: Context[Any], contract: str, event: str) -> Iterator[Any]:
    return arguments_of(venue.contract(contract).events[event](), venue.record.contracts[contract].block)
