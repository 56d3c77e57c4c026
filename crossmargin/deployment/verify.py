"""Compare a venue or a spoke on its chain with its configuration and with the compiled code."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from crossmargin.chain.logs import arguments_of
from crossmargin.deployment.channels import Difference, hub_differences, spoke_differences
from crossmargin.deployment.handover import holders, restricted_contracts
from crossmargin.deployment.plan import MODULES
from crossmargin.deployment.roles import Role
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Context, Create, Kind, Step, VenueContext

__all__ = ["Difference", "verify"]

_SIMULATED: Final = {"vault": "MarginVault", "clearinghouse": "Clearinghouse", "oracle": "OracleAdapter"}
_POINTERS: Final = {
    "MarginVault": {"authority": "AccessManager"},
    "OracleAdapter": {"authority": "AccessManager"},
    "RiskParameters": {"authority": "AccessManager"},
    "Expiries": {"vault": "MarginVault"},
    "MarketLosses": {"vault": "MarginVault"},
    "ListingRules": {"parameters": "RiskParameters"},
    "VolatilitySurface": {"authority": "AccessManager", "parameters": "RiskParameters"},
    "OptionOracle": {
        "vault": "MarginVault",
        "oracle": "OracleAdapter",
        "surface": "VolatilitySurface",
        "parameters": "RiskParameters",
        "expiries": "Expiries",
    },
    "Clearinghouse": {
        "authority": "AccessManager",
        "vault": "MarginVault",
        "expiries": "Expiries",
        "losses": "MarketLosses",
        "rules": "ListingRules",
    },
    "RiskEngine": {**_SIMULATED, "options": "OptionOracle", "parameters": "RiskParameters"},
    "RiskSimulator": _SIMULATED,
    "BatchSettler": {"clearinghouse": "Clearinghouse"},
    "Exchange": {"authority": "AccessManager", "vault": "MarginVault", "clearinghouse": "Clearinghouse"},
    "LiquidationAuction": {"authority": "AccessManager", "vault": "MarginVault"},
    "InsuranceFund": {"authority": "AccessManager", "vault": "MarginVault"},
    "MarginLens": {
        "vault": "MarginVault",
        "clearinghouse": "Clearinghouse",
        "oracle": "OracleAdapter",
        "auction": "LiquidationAuction",
    },
}
"""What the contracts were built to point at; immutables do not show in a code hash."""


def verify(venue: Context[Any], steps: Sequence[Step]) -> list[Difference]:
    """List every difference in code, wiring, parameters and roles; empty when all is as configured."""
    found = list(_code(venue, steps))
    if found:
        # Reading parameters from missing or foreign code would only fail or mislead.
        return found
    if isinstance(venue.config, SpokeConfig):
        pointers, modules = list(spoke_differences(venue)), list[Difference]()
    else:
        pointers, modules = [*_pointers(venue), *hub_differences(venue)], list(_modules(venue))
    return [
        *pointers,
        *_settings(venue, steps),
        *_minimum_delay(venue),
        *_role_holders(venue),
        *modules,
        *_closed(venue),
    ]


def _code(venue: Context[Any], steps: Sequence[Step]) -> Iterator[Difference]:
    for step in steps:
        if not isinstance(step, Create):
            continue
        entry = venue.record.contracts.get(step.name)
        if entry is None:
            yield Difference(f"{step.name}", None, "deployed")
            continue
        artifact = venue.chain.artifacts[step.artifact]
        code = venue.chain.code(entry.address)
        actual, expected = artifact.code_hash(code) if code else None, artifact.code_hash()
        if actual != expected:
            yield Difference(f"{step.name}.code", actual, expected)


def _pointers(venue: VenueContext) -> Iterator[Difference]:
    for contract, pointers in _POINTERS.items():
        for view, target in pointers.items():
            actual, expected = str(venue.read(contract, view)), venue.address(target)
            if actual != expected:
                yield Difference(f"{contract}.{view}", actual, expected)
    for contract, artifact in restricted_contracts(venue.config):
        if artifact == "PostedFeed":  # anybody may have deployed it
            actual, expected = str(venue.read(contract, "authority")), venue.address("AccessManager")
            if actual != expected:
                yield Difference(f"{contract}.authority", actual, expected)
    actual, expected = str(venue.read("MarginVault", "quoteToken")), venue.token(venue.config.quote)
    if actual != expected:
        yield Difference("MarginVault.quoteToken", actual, expected)


def _settings(venue: Context[Any], steps: Sequence[Step]) -> Iterator[Difference]:
    for step in steps:
        if isinstance(step, Create) or step.kind is Kind.ONCE:
            continue
        change = step.check(venue)
        if change is not None:
            yield from (Difference(*each) for each in change.differences())


def _minimum_delay(venue: Context[Any]) -> Iterator[Difference]:
    actual, expected = venue.read("AccessManager", "minimumDelay"), venue.config.minimum_delay
    if actual != expected:
        yield Difference("AccessManager.minimumDelay", actual, expected)


def _role_holders(venue: Context[Any]) -> Iterator[Difference]:
    """Find whoever holds a role beyond those configured, in the log of every grant there ever was."""
    expected = {(int(role), account) for role, account, _ in holders(venue.config)}
    granted = {(log["roleId"], log["account"]) for log in _logs(venue, "AccessManager", "RoleGranted")}
    for role, account in sorted(granted - expected):
        if venue.read("AccessManager", "hasRole", role, account)[0]:
            name = Role(role).name.lower() if role in set(Role) else str(role)
            yield Difference(f"role.{name}.{account}", actual=True, expected=False)


def _modules(venue: VenueContext) -> Iterator[Difference]:
    """Find modules of the vault beyond the plan's."""
    expected = {venue.address(name) for name in MODULES}
    for module in sorted({log["module"] for log in _logs(venue, "MarginVault", "ModuleSet")} - expected):
        roles = venue.read("MarginVault", "moduleRoles", module)
        if roles:
            yield Difference(f"vault.module.{module}", roles, 0)


def _closed(venue: Context[Any]) -> Iterator[Difference]:
    """Find contracts that the access manager has closed."""
    for contract, _ in restricted_contracts(venue.config):
        if venue.read("AccessManager", "isTargetClosed", venue.address(contract)):
            yield Difference(f"{contract}.closed", actual=True, expected=False)


def _logs(venue: Context[Any], contract: str, event: str) -> Iterator[Any]:
    return arguments_of(venue.contract(contract).events[event](), venue.record.contracts[contract].block)
