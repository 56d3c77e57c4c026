"""The ordered plan of a venue, or of a spoke: what is deployed, wired, configured, and handed over."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from crossmargin.chain.decimals import scale
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.feeds import SourceSettings
from crossmargin.deployment.handover import governance_steps, hand_over_steps
from crossmargin.deployment.hub import SOURCE, hub_contracts
from crossmargin.deployment.parameters import READERS, ZERO_ADDRESS, parameter_steps
from crossmargin.deployment.spoke import spoke_contracts, spoke_steps, token_contracts
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Arguments, Create, Kind, Setting, Step, VenueContext, addresses
from crossmargin.deployment.steward import steward_contracts, volatility_source
from crossmargin.errors import NetworkConfigError

__all__ = ["MODULES", "plan"]

_GATE, _CLEARINGHOUSE, _FEES, _AUCTION = 1, 2, 4, 8

MODULES: Final = {
    "Clearinghouse": _GATE | _CLEARINGHOUSE,
    "Exchange": _GATE | _FEES,
    "LiquidationAuction": _GATE | _FEES | _AUCTION,
}
"""What each module may do in the vault: bits of MODULE_* (contracts/types/Permissions.sol)."""


def plan(config: NetworkConfig | SpokeConfig) -> list[Step]:
    """List every step, in order; later steps rely on what earlier ones made."""
    if isinstance(config, SpokeConfig):
        return [
            *spoke_contracts(config),
            *spoke_steps(config),
            *governance_steps(config),
            *hand_over_steps(),
        ]
    return [
        *_contracts(config),
        *_wiring(config),
        *_insurance_seed(config),
        *parameter_steps(config),
        *governance_steps(config),
        *hand_over_steps(),
    ]


def _contracts(config: NetworkConfig) -> Iterator[Step]:
    yield Create("AccessManager", "Authority", lambda venue: (venue.record.deployer, config.minimum_delay))
    yield from token_contracts(config.tokens)
    yield from _price_contracts(config)
    yield Create(
        "MarginVault", "MarginVault", lambda venue: (venue.address("AccessManager"), venue.token(config.quote))
    )
    yield Create("FixedVolatility", "FixedVolatility", _constant())
    yield from steward_contracts(config)
    yield Create("RiskParameters", "RiskParameters", addresses("AccessManager", "FixedVolatility"))
    yield Create("Expiries", "Expiries", addresses("MarginVault"))
    yield Create("VolatilitySurface", "VolatilitySurface", addresses("AccessManager", "RiskParameters"))
    surface = ("VolatilitySurface", "RiskParameters", "Expiries")
    yield Create("OptionOracle", "OptionOracle", addresses("MarginVault", "OracleAdapter", *surface))
    oracles = ("OracleAdapter", "OptionOracle")
    yield Create("MarketLosses", "MarketLosses", addresses("MarginVault"))
    yield Create("ListingRules", "ListingRules", addresses("RiskParameters"))
    ledger = ("MarginVault", "Expiries", "MarketLosses", "ListingRules", *oracles, "AccessManager")
    yield Create("Clearinghouse", "Clearinghouse", addresses(*ledger))
    margin = ("MarginVault", "Clearinghouse", *oracles, "RiskParameters")
    yield Create("RiskEngine", "RiskEngine", addresses(*margin))
    yield Create("RiskSimulator", "RiskSimulator", addresses("MarginVault", "Clearinghouse", "OracleAdapter"))
    yield Create("BatchSettler", "BatchSettler", addresses("Clearinghouse"))
    yield Create("Exchange", "Exchange", addresses("MarginVault", "Clearinghouse", "AccessManager"))
    yield Create("InsuranceFund", "InsuranceFund", addresses("MarginVault", "AccessManager"))
    modules = addresses("MarginVault", "Clearinghouse", "AccessManager")
    yield Create("LiquidationAuction", "LiquidationAuction", lambda venue: (*modules(venue), config.auction.encode()))
    yield Create(
        "MarginLens",
        "MarginLens",
        addresses("MarginVault", "Clearinghouse", "OracleAdapter", "LiquidationAuction"),
    )
    yield from hub_contracts(config)


def _price_contracts(config: NetworkConfig) -> Iterator[Step]:
    yield Create(
        "OracleAdapter",
        "OracleAdapter",
        lambda venue: (venue.address("AccessManager"), config.pyth or ZERO_ADDRESS),
    )
    sources = [
        (f"feed:{name}:{place}", name, source)
        for name, feed in config.feeds.items()
        for place, source in feed.sources()
    ]
    for reader in sorted({READERS[source.kind] for _, _, source in sources} - {SOURCE}):
        yield Create(reader, reader, _reader_arguments(reader))
    for key, name, source in sources:
        if source.kind == "posted":
            yield Create(key, "PostedFeed", _posted(name, source))


def _reader_arguments(reader: str) -> Arguments:
    if reader == "RatioSource":
        return addresses("AccessManager", "OracleAdapter")
    if reader == "PythSource":
        return _pyth
    return _constant()


def _pyth(venue: VenueContext) -> tuple[Any, ...]:
    if venue.config.pyth is None:
        raise NetworkConfigError(f"{venue.config.network}: feeds of Pyth, but no address of Pyth")
    return (venue.config.pyth,)


def _posted(name: str, source: SourceSettings) -> Arguments:
    answer = scale(source.price or 0, source.decimals)
    return lambda venue: (venue.address("AccessManager"), source.decimals, f"{name} / USD", answer)


def _constant(*values: Any) -> Arguments:  # noqa: ANN401 (constructor arguments)
    return lambda _: values


def _wiring(config: NetworkConfig) -> Iterator[Step]:
    for module, bits in MODULES.items():
        yield Setting(
            name=f"vault.module.{module}",
            kind=Kind.SETTING,
            target="MarginVault",
            function="setModule",
            arguments=lambda venue, module=module, bits=bits: (venue.address(module), bits),  # type: ignore[misc]
            read=lambda venue, module=module: venue.read("MarginVault", "moduleRoles", venue.address(module)),  # type: ignore[misc]
            want=lambda _, bits=bits: bits,  # type: ignore[misc]
        )
    yield _pointer("MarginVault", "riskEngine", "setRiskEngine", "RiskEngine")
    yield _pointer("MarginVault", "insuranceFund", "setInsuranceFund", "InsuranceFund")
    yield _pointer("RiskParameters", "volatilitySource", "setVolatilitySource", volatility_source(config))
    oracles = {"oracle": "OracleAdapter", "options": "OptionOracle"}
    yield _pointers("clearinghouse.oracles", "Clearinghouse", "setOracles", oracles)
    modules = {"exchange": "Exchange", "auction": "LiquidationAuction"}
    yield _pointers("clearinghouse.modules", "Clearinghouse", "setModules", modules)


def _pointer(contract: str, view: str, function: str, target: str) -> Setting:
    return Setting(
        name=f"{contract}.{view}",
        kind=Kind.SETTING,
        target=contract,
        function=function,
        arguments=addresses(target),
        read=lambda venue: str(venue.read(contract, view)),
        want=lambda venue: venue.address(target),
    )


def _pointers(name: str, contract: str, function: str, targets: dict[str, str]) -> Setting:
    """Set several pointers by one function, in the order of `targets`: contracts by the view that tells each."""
    return Setting(
        name=name,
        kind=Kind.SETTING,
        target=contract,
        function=function,
        arguments=addresses(*targets.values()),
        read=lambda venue: {view: str(venue.read(contract, view)) for view in targets},
        want=lambda venue: {view: venue.address(target) for view, target in targets.items()},
    )


def _insurance_seed(config: NetworkConfig) -> Iterator[Step]:
    """Give the fund its first capital, so that no later depositor can inflate the share price.

    It is there before anything can be traded or lent: whoever deposits or borrows first finds a supply that is no dust.
    """
    seed = config.token_units(config.quote, config.insurance.seed)
    if seed == 0:
        return

    def seeded(venue: VenueContext) -> bool:
        return bool(venue.read("InsuranceFund", "totalSupply"))

    quote = f"token:{config.quote}"
    token = config.tokens[config.quote].address
    target, external = (token, "TestToken") if token else (quote, None)

    def quote_of(venue: VenueContext, function: str, *arguments: Any) -> int:  # noqa: ANN401 (call arguments)
        return int(venue.chain.contract("TestToken", venue.token(config.quote)).functions[function](*arguments).call())

    def deployer_has(venue: VenueContext) -> bool:
        return seeded(venue) or quote_of(venue, "balanceOf", venue.record.deployer) >= seed

    def deployer_approved(venue: VenueContext) -> bool:
        allowance = quote_of(venue, "allowance", venue.record.deployer, venue.address("InsuranceFund"))
        return seeded(venue) or allowance >= seed

    def once(name: str, function: str, arguments: Arguments, done: Callable[[VenueContext], bool]) -> Setting:
        fund = function == "deposit"
        return Setting(
            name=f"insurance.{name}",
            kind=Kind.ONCE,
            target="InsuranceFund" if fund else target,
            function=function,
            arguments=arguments,
            read=done,
            want=lambda _: True,
            external=None if fund else external,
        )

    if token is None:
        yield once("mint", "mint", lambda venue: (venue.record.deployer, seed), deployer_has)
    yield once("approve", "approve", lambda venue: (venue.address("InsuranceFund"), seed), deployer_approved)
    yield once("seed", "deposit", lambda _: (seed, config.insurance.seed_to or config.governor), seeded)
