"""What a configuration leaves to the other chain's deployment: addresses, read from its record beside this one's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crossmargin.chain.record import DeploymentRecord
from crossmargin.deployment.carriers import transport_name
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.hub import HUB_CONTRACT
from crossmargin.deployment.routes import ChainSettings, RouteSettings
from crossmargin.deployment.spoke import SPOKE_CONTRACT
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.transports import TransportSettings

__all__ = ["AnyConfig", "load_config", "with_peers"]

AnyConfig = NetworkConfig | SpokeConfig
"""Of a venue or of a spoke."""


def load_config(path: Path, kind: object) -> AnyConfig:
    """Read the configuration of a venue, or of a spoke where the file says so."""
    return SpokeConfig.load(path) if kind == "spoke" else NetworkConfig.load(path)


def with_peers(config: AnyConfig, deployments: Path) -> AnyConfig:
    """Fill in what the file leaves out and records of other chains tell; what the file says stays."""
    if isinstance(config, SpokeConfig):
        return _of_spoke(config, _record(deployments, config.hub.domain))
    if config.crosschain is None:
        return config
    crosschain = config.crosschain
    records = {name: _record(deployments, chain.domain) for name, chain in crosschain.chains.items()}
    chains = {name: _chain(each, records[name], crosschain.transports) for name, each in crosschain.chains.items()}
    routes = {name: _route(each, records[each.chain]) for name, each in crosschain.routes.items()}
    filled = crosschain.model_copy(update={"chains": chains, "routes": routes})
    return config.model_copy(update={"crosschain": filled})


def _record(deployments: Path, domain: int) -> DeploymentRecord | None:
    path = deployments / f"{domain}.json"
    return DeploymentRecord.load(path) if path.exists() else None


def _of_spoke(config: SpokeConfig, record: DeploymentRecord | None) -> SpokeConfig:
    if record is None:
        return config
    update: dict[str, Any] = {"counterparts": _counterparts(record, config.transports, config.hub.counterparts)}
    if config.hub.address is None and HUB_CONTRACT in record.contracts:
        update["address"] = record.address(HUB_CONTRACT)
    return config.model_copy(update={"hub": config.hub.model_copy(update=update)})


def _chain(
    chain: ChainSettings, record: DeploymentRecord | None, transports: Mapping[str, TransportSettings]
) -> ChainSettings:
    if record is None:
        return chain
    update: dict[str, Any] = {"counterparts": _counterparts(record, transports, chain.counterparts)}
    if chain.spoke is None and SPOKE_CONTRACT in record.contracts:
        update["spoke"] = record.address(SPOKE_CONTRACT)
    return chain.model_copy(update=update)


def _counterparts(
    record: DeploymentRecord, transports: Mapping[str, TransportSettings], named: Mapping[str, str]
) -> dict[str, str]:
    known = {
        name: record.address(transport_name(name)) for name in transports if transport_name(name) in record.contracts
    }
    return {**known, **named}


def _route(route: RouteSettings, record: DeploymentRecord | None) -> RouteSettings:
    address = None if route.is_known or record is None else record.tokens.get(route.token)
    return route if address is None else route.model_copy(update={"token": address})
