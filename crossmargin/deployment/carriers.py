"""Transports in a plan, at either end: their contracts, who signs for them, and what they trust on other chains."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crossmargin.chain.logs import arguments_of
from crossmargin.deployment.steps import Context, Create, Kind, Setting, Step, Value
from crossmargin.deployment.transports import SignersSettings, Standing, TransportSettings

__all__ = [
    "ARTIFACTS",
    "module_name",
    "restricted_carriers",
    "standing_steps",
    "transport_contracts",
    "transport_name",
    "transport_steps",
]

ARTIFACTS: Final = {"attestation": "AttestationTransport", "hyperlane": "HyperlaneTransport"}
"""Contract of each kind of transport."""
_MODULE: Final = "ValidatorModule"


def transport_name(name: str) -> str:
    """Name of a transport in the record of a deployment."""
    return f"transport:{name}"


def module_name(name: str) -> str:
    """Name of a Hyperlane transport's security module in the record of a deployment."""
    return f"module:{name}"


def restricted_carriers(transports: Mapping[str, TransportSettings]) -> Iterator[tuple[str, str]]:
    """Name each contract of transports that has restricted functions, and its artifact."""
    for name, each in transports.items():
        yield transport_name(name), ARTIFACTS[each.kind]
        if each.kind == "hyperlane":
            yield module_name(name), _MODULE


def transport_contracts(transports: Mapping[str, TransportSettings]) -> Iterator[Step]:
    """Deploy each transport, and the module that verifies for it."""
    for name, each in transports.items():
        if each.kind == "attestation":
            yield Create(transport_name(name), ARTIFACTS[each.kind], _attestation)
            continue
        yield Create(module_name(name), _MODULE, lambda venue: (venue.address("AccessManager"),))
        yield Create(transport_name(name), ARTIFACTS[each.kind], _hyperlane(name, each))


def _attestation(venue: Context[Any]) -> tuple[Any, ...]:
    return (venue.address("AccessManager"), venue.config.chain_id)


def _hyperlane(name: str, settings: TransportSettings) -> Any:  # noqa: ANN401 (a function of constructor arguments)
    return lambda venue: (
        venue.address("AccessManager"),
        settings.mailbox,
        settings.hook,
        venue.address(module_name(name)),
    )


def transport_steps(
    transports: Mapping[str, TransportSettings],
    domains: Mapping[str, int],
    counterparts: Mapping[str, Mapping[str, str]],
) -> Iterator[Step]:
    """Set signers, and the counterparts that are known: by chain and transport. `domains` has every chain."""
    for name, each in transports.items():
        if each.attesters is not None:
            yield _signers(name, each.attesters)
        else:
            for chain, signers in each.validators.items():
                yield _validators(name, chain, domains[chain], signers)
            yield _module(name)
        for chain, domain in domains.items():
            if (address := counterparts[chain].get(name)) is not None:
                yield _counterpart(name, chain, domain, address)


def standing_steps(end: str, transports: Mapping[str, TransportSettings]) -> Iterator[Step]:
    """Set how far each transport counts at an end: the hub or the spoke."""
    for name, each in transports.items():
        yield _standing(end, name, Standing[each.standing.upper()])


def _signers(name: str, settings: SignersSettings) -> Setting:
    transport = transport_name(name)
    wanted: Value = {"signers": ", ".join(settings.ordered()), "threshold": settings.threshold}
    return Setting(
        name=f"transport.{name}.attesters",
        kind=Kind.SETTING,
        target=transport,
        function="setSigners",
        arguments=lambda _: (settings.ordered(), settings.threshold),
        read=lambda venue: {
            "signers": ", ".join(venue.read(transport, "signersOf")),
            "threshold": venue.read(transport, "threshold"),
        },
        want=lambda _: wanted,
    )


def _validators(name: str, chain: str, domain: int, settings: SignersSettings) -> Setting:
    module = module_name(name)
    wanted: Value = {"signers": ", ".join(settings.ordered()), "threshold": settings.threshold}

    def read(venue: Context[Any]) -> Value:
        """Look into the log: the view refuses while a guardian has paused the module."""
        event, first = venue.contract(module).events.ValidatorsSet(), venue.record.contracts[module].block
        found = list(arguments_of(event, first, domain=domain))
        if not found:
            return {"signers": "", "threshold": 0}
        return {"signers": ", ".join(found[-1]["validators"]), "threshold": found[-1]["threshold"]}

    return Setting(
        name=f"transport.{name}.validators.{chain}",
        kind=Kind.SETTING,
        target=module,
        function="setValidators",
        arguments=lambda _: (domain, settings.ordered(), settings.threshold),
        read=read,
        want=lambda _: wanted,
    )


def _module(name: str) -> Setting:
    """Keep the module: the deployment's own, never the mailbox's default."""
    return Setting(
        name=f"transport.{name}.module",
        kind=Kind.SETTING,
        target=transport_name(name),
        function="setModule",
        arguments=lambda venue: (venue.address(module_name(name)),),
        read=lambda venue: str(venue.read(transport_name(name), "interchainSecurityModule")),
        want=lambda venue: venue.address(module_name(name)),
    )


def _counterpart(name: str, chain: str, domain: int, address: str) -> Setting:
    transport = transport_name(name)
    return Setting(
        name=f"transport.{name}.counterpart.{chain}",
        kind=Kind.SETTING,
        target=transport,
        function="setCounterpart",
        arguments=lambda _: (domain, address),
        read=lambda venue: str(venue.read(transport, "counterpartOf", domain)),
        want=lambda _: address,
    )


def _standing(end: str, name: str, standing: Standing) -> Setting:
    def read(venue: Context[Any]) -> Value:
        transports, standings = venue.read(end, "transportsOf")
        found = dict(zip(map(str, transports), standings, strict=True))
        return Standing(found.get(venue.address(transport_name(name)), Standing.NONE)).name.lower()

    return Setting(
        name=f"{end}.transport.{name}",
        kind=Kind.SETTING,
        target=end,
        function="setTransport",
        arguments=lambda venue: (venue.address(transport_name(name)), int(standing)),
        read=read,
        want=lambda _: standing.name.lower(),
    )
