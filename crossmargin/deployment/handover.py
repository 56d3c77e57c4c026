"""Roles and the hand-over: after it the deployer can do nothing, and everything that loosens waits for the timelock.

That guardians cancel what waits, and that no delay is shorter, is the access manager's own rule: nothing is set here.
"""

from collections.abc import Iterator
from typing import Any, Final

from eth_utils.abi import function_abi_to_4byte_selector

from crossmargin.deployment.carriers import ARTIFACTS
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.governed import Governed
from crossmargin.deployment.hub import HUB_CONTRACT, restricted_hub
from crossmargin.deployment.roles import MATRIX, Role
from crossmargin.deployment.spoke import SPOKE_CONTRACT, restricted_spoke
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Context, Kind, Setting, Step
from crossmargin.deployment.steward import FORECASTER, STEWARD

__all__ = ["governance_steps", "hand_over_steps", "holders", "restricted_contracts"]

_MANAGER: Final = "AccessManager"
_SEVERAL: Final = {"PostedFeed", HUB_CONTRACT, SPOKE_CONTRACT, *ARTIFACTS.values(), "ValidatorModule"}
"""What a venue has none of, or several."""


def restricted_contracts(config: NetworkConfig | SpokeConfig) -> Iterator[tuple[str, str]]:
    """Name each deployed contract that has restricted functions, and its artifact."""
    if isinstance(config, SpokeConfig):
        yield from restricted_spoke(config)
        return
    absent = _SEVERAL | _absent(config)
    yield from ((artifact, artifact) for artifact in MATRIX if artifact not in absent)
    yield from restricted_hub(config)
    for name, feed in config.feeds.items():
        for place, source in feed.sources():
            if source.kind == "posted":
                yield f"feed:{name}:{place}", "PostedFeed"


def _absent(config: NetworkConfig) -> set[str]:
    """Name what a venue may have, and this one has not."""
    absent = set() if config.volatility else {FORECASTER, STEWARD}
    if not any(source.kind == "ratio" for feed in config.feeds.values() for _, source in feed.sources()):
        absent.add("RatioSource")
    return absent


def holders(config: Governed) -> list[tuple[Role, str, int]]:
    """List who holds which role with what delay [s] after the hand-over."""
    delay = config.governance.delay
    found = [
        *((Role.GUARDIAN, guardian, 0) for guardian in config.guardians),
        (Role.GOVERNOR, config.governor, delay),
        (Role.ADMINISTRATOR, config.governor, delay),
    ]
    poster = config.governance.poster
    return [(Role.POSTER, poster, 0), *found] if poster else found


def governance_steps(config: NetworkConfig | SpokeConfig) -> Iterator[Step]:
    """Give every restricted function its role and every role its holder."""
    for contract, artifact in restricted_contracts(config):
        for role in sorted(set(MATRIX[artifact].values())):
            yield _functions(contract, artifact, role)
    for role, account, delay in holders(config):
        yield _grant(role, account, delay)


def hand_over_steps() -> Iterator[Step]:
    """Take the administrator's role from the deployer: the last transaction of a deployment."""
    yield Setting(
        name="role.deployer.administrator",
        kind=Kind.ROLE,
        target=_MANAGER,
        function="renounceRole",
        arguments=lambda venue: (Role.ADMINISTRATOR, venue.record.deployer),
        read=lambda venue: venue.read(_MANAGER, "hasRole", Role.ADMINISTRATOR, venue.record.deployer)[0],
        want=lambda _: False,
    )


def _functions(contract: str, artifact: str, role: Role) -> Setting:
    names = [name for name, assigned in MATRIX[artifact].items() if assigned is role]

    def selectors(venue: Context[Any]) -> dict[str, bytes]:
        functions: dict[str, Any] = venue.chain.artifacts[artifact].functions
        return {name: function_abi_to_4byte_selector(functions[name]) for name in names}

    return Setting(
        name=f"role.{role.name.lower()}.{contract}",
        kind=Kind.ROLE,
        target=_MANAGER,
        function="setTargetFunctionRole",
        arguments=lambda venue: (venue.address(contract), list(selectors(venue).values()), role),
        read=lambda venue: {
            name: venue.read(_MANAGER, "getTargetFunctionRole", venue.address(contract), selector)
            for name, selector in selectors(venue).items()
        },
        want=lambda _: dict.fromkeys(names, int(role)),
    )


def _grant(role: Role, account: str, delay: int) -> Setting:
    def read(venue: Context[Any]) -> dict[str, int | bool]:
        member, current = venue.read(_MANAGER, "hasRole", role, account)
        return {"member": member, "delay": current}

    return Setting(
        name=f"role.{role.name.lower()}.{account}",
        kind=Kind.ROLE,
        target=_MANAGER,
        function="grantRole",
        arguments=lambda _: (role, account, delay),
        read=read,
        want=lambda _: {"member": True, "delay": delay},
    )
