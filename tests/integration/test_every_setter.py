"""Every setter of governance with every number at every edge of its type, generated from the ABIs.

INV-07: a value is refused by name, or stored as it was given; none is cut to fit.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from crossmargin.deployment.roles import Role
from crossmargin.errors import ContractRevert
from crossmargin.model.instruments import Kind
from crossmargin.model.units import WAD
from tests.helpers.abis import entry_of, functions_of, require_all
from tests.helpers.handles import Handle
from tests.helpers.lone_hub import ROUTE
from tests.helpers.option_desk import CALL, series
from tests.helpers.undone import undone
from tests.helpers.venue import Venue

ZERO = "0x" + "00" * 20
ANYBODY_MAY = "0x60015f5260405ff3"
"""Code of an authority that lets everybody call everything at once: it returns 1 and 0."""
EDGES = (8, 16, 24, 32, 40, 48, 64, 88, 96, 128, 192)
"""Widths of what is stored [bit]."""
ERRORS_OF_THE_LANGUAGE = {"Panic", "Error"}
WITHOUT_NUMBERS = {
    ("MarginVault", "unpauseRiskIncrease"): "takes nothing",
    ("MarginVault", "setRiskEngine"): "an address",
    ("MarginVault", "setInsuranceFund"): "an address",
    ("Clearinghouse", "setModules"): "addresses",
    ("Clearinghouse", "setOracles"): "addresses",
    ("RiskParameters", "setVolatilitySource"): "an address",
    ("VolatilityForecaster", "installForest"): "code, checked byte by byte",
    ("AttestationTransport", "setSigners"): "addresses, and how many of them",
    ("AttestationTransport", "setCounterpart"): "a chain's number is a key",
    ("HyperlaneTransport", "setModule"): "an address",
    ("HyperlaneTransport", "setCounterpart"): "a chain's number is a key",
    ("ValidatorModule", "setValidators"): "addresses, and how many of them",
    ("ValidatorModule", "unpause"): "takes nothing",
    ("CollateralHub", "unpauseRoute"): "a route's number is a key",
    ("CollateralHub", "revive"): "a route's number is a key",
    ("CollateralHub", "setTransport"): "an address and an enumeration",
    ("CollateralSpoke", "setTransport"): "an address and an enumeration",
    ("CollateralHub", "setSpoke"): "a chain's number is a key",
    ("CollateralSpoke", "resume"): "an address",
    ("CollateralSpoke", "cancelRedemption"): "addresses",
    ("CollateralSpoke", "unpause"): "takes nothing",
}
"""Setters without a number that is stored."""
MOVES = {
    ("RatioSource", "checkpoint"): "stores what the token says",
    ("VolatilitySurface", "removeSlice"): "removes",
    ("CollateralHub", "acknowledge"): "amounts of what is locked: foundry/CollateralHub.t.sol",
    ("CollateralHub", "settleExit"): "the same",
    ("CollateralHub", "forget"): "the same",
    ("CollateralSpoke", "exitFor"): "the same: foundry/CollateralSpoke.t.sol",
    ("CollateralSpoke", "settleRedemption"): "the same",
}
"""Functions of governance that configure nothing."""

Arguments = list[Any]
Stored = Callable[[Handle, Arguments], Any]


@dataclass(frozen=True)
class Setter:
    """A function, arguments that it takes, and how to read what it stored, in the form that it was given."""

    artifact: str
    function: str
    given: Callable[[Any], Arguments]
    stored: Stored


def plain(value: Any) -> Any:
    """Turn structs as views give them into dictionaries of their fields, of which some are structs."""
    return {name: plain(field) for name, field in value.items()} if isinstance(value, Mapping) else value


def struct_of(view: str, keys: int) -> Stored:
    """Read a setter whose first arguments are keys, and whose next one is what a view of these gives."""
    return lambda handle, given: [*given[:keys], plain(getattr(handle, view)(*given[:keys])), *given[keys + 1 :]]


def stored_asset(vault: Handle, given: Arguments) -> Arguments:
    """Read an asset as `listAsset` was given it."""
    asset = vault.assetAt(vault.assetIndexOf(given[0]))
    return [asset["token"], asset["decimals"], asset["feedId"], asset["underlying"], asset["cap"]]


def stored_cap(vault: Handle, given: Arguments) -> Arguments:
    """Read an asset as `configureAsset` was given it."""
    asset = vault.assetAt(vault.assetIndexOf(given[0]))
    return [asset["token"], asset["cap"], asset["closedUntil"] == 0]


def stored_outflow(vault: Handle, given: Arguments) -> Arguments:
    """Read an outflow limit."""
    limit = vault.outflowOf(given[0])
    return [given[0], limit["capacity"], limit["window"]]


def stored_instrument(clearinghouse: Handle, given: Arguments) -> Arguments:
    """Read an instrument's configuration."""
    reduce_only = bool(clearinghouse.marketWord(given[0]) >> 249 & 1)
    return [given[0], plain(clearinghouse.configOf(given[0])), reduce_only]


def stored_listing(clearinghouse: Handle, given: Arguments) -> Arguments:
    """Read the newest instrument."""
    newest = clearinghouse.instrumentAt(clearinghouse.instrumentCount() - 1)
    return [*given[:4], plain(clearinghouse.configOf(newest))]


def stored_parameters(parameters: Handle, given: Arguments) -> Arguments:
    """Read the margin parameters of an underlying, of a group, and of all."""
    return [
        given[0],
        [plain(parameters.underlyingParams(given[0][0]))],
        given[2],
        [plain(parameters.groupParams(given[2][0]))],
        plain(parameters.globalParams()),
    ]


def stored_ratio(ratios: Handle, given: Arguments) -> Arguments:
    """Read a ratio's configuration; what it must be at least is checked and not stored."""
    return [given[0], plain(ratios.ratioConfig(given[0])), given[2]]


def parameters_given(venue: Venue) -> Arguments:
    """Give the margin parameters in force: of ether, of its group, and of all."""
    underlying, table = venue.feed("ETH"), venue.parameters
    own = plain(table.underlyingParams(underlying))
    offsets = plain(table.groupParams(own["group"]))
    return [[underlying], [own], [own["group"]], [offsets], plain(table.globalParams())]


def spare_token(venue: Venue) -> str:
    """Deploy a token that is not listed."""
    return venue.node.deploy("TestToken", "Spare", "SPARE", 18, 10**24, sender=venue.config.governor).address


def ratio_given(venue: Venue) -> Arguments:
    """Give the ratio in force, of staked ether."""
    ratios = venue.node.at("RatioSource", venue.record.address("RatioSource"))
    number = next(each for each in range(256) if ratios.ratioConfig(each)["one"])
    return [number, plain(ratios.ratioConfig(number)), 0]


def listing_given(venue: Venue) -> Arguments:
    """Give an option that is not listed yet, with the limits of the perpetual."""
    expiry = series(venue, CALL).expiry
    return [
        Kind.CALL,
        venue.feed("ETH"),
        expiry,
        2_345 * WAD,
        plain(venue.clearinghouse.configOf(venue.instrument("ETH-PERP"))),
    ]


def stored_route(hub: Handle, given: Arguments) -> Arguments:
    """Read a route's configuration; the names are its receipts'."""
    number = hub.routeNumber(given[0]["domain"], given[0]["token"])
    return [plain(hub.routeOf(number)["config"]), *given[1:]]


RULES = {"factor": 1_000_000, "patience": 24, "major": 1, "secondMajor": 2, "thirdMajor": 3}
RULE = {"base": 24_000, "least": 1_000_000, "most": 1_750_000, "silent": 1_250_000}
SPOKE_TOKEN = {"open": True, "required": 1, "window": 3_600, "capacity": 10**24, "least": 10**15}


SETTERS = [
    Setter(
        "MarginVault",
        "listAsset",
        lambda venue: [spare_token(venue), 18, venue.feed("ETH"), venue.feed("ETH"), 10**24],
        stored_asset,
    ),
    Setter("MarginVault", "configureAsset", lambda venue: [venue.tokens["WETH"].address, 10**24, True], stored_cap),
    Setter(
        "MarginVault", "setOutflowLimit", lambda venue: [venue.tokens["WETH"].address, 10**21, 3_600], stored_outflow
    ),
    Setter("MarginVault", "setModule", lambda venue: [venue.tokens["WETH"].address, 1], struct_of("moduleRoles", 1)),
    Setter("MarginVault", "setRateModel", lambda venue: [plain(venue.vault.rateModel())], struct_of("rateModel", 0)),
    Setter(
        "OracleAdapter",
        "setFeed",
        lambda venue: [venue.feed("ETH"), plain(venue.oracle.feedConfig(venue.feed("ETH")))],
        struct_of("feedConfig", 1),
    ),
    Setter(
        "OracleAdapter",
        "setSequencerFeed",
        lambda _: [ZERO, 3_600],
        lambda oracle, _: list(oracle.sequencerFeed().values()),
    ),
    Setter("RatioSource", "setRatio", ratio_given, stored_ratio),
    Setter(
        "VolatilitySurface",
        "setOptionParams",
        lambda venue: [venue.feed("ETH"), plain(venue.surface.optionParams(venue.feed("ETH")))],
        struct_of("optionParams", 1),
    ),
    Setter(
        "Clearinghouse",
        "configureInstrument",
        lambda venue: [
            venue.instrument("ETH-PERP"),
            plain(venue.clearinghouse.configOf(venue.instrument("ETH-PERP"))),
            False,
        ],
        stored_instrument,
    ),
    Setter("Clearinghouse", "list", listing_given, stored_listing),
    Setter("RiskParameters", "setParameters", parameters_given, stored_parameters),
    Setter("VolatilityForecaster", "setBreaker", lambda venue: [venue.feed("ETH"), 100_000], struct_of("breakerOf", 1)),
    Setter("VolatilityForecaster", "setRules", lambda _: [RULES], struct_of("rules", 0)),
    Setter("RiskSteward", "setRule", lambda venue: [venue.feed("ETH"), RULE], struct_of("ruleOf", 1)),
    Setter(
        "Exchange",
        "setRules",
        lambda venue: [venue.feed("ETH"), plain(venue.exchange.rulesOf(venue.feed("ETH")))],
        struct_of("rulesOf", 1),
    ),
    Setter("LiquidationAuction", "setParams", lambda venue: [plain(venue.auction.params())], struct_of("params", 0)),
    Setter("InsuranceFund", "setCooldown", lambda _: [86_400], struct_of("cooldown", 0)),
    Setter(
        "CollateralHub",
        "setRoute",
        lambda venue: [ROUTE | {"token": venue.tokens["WETH"].address}, "A", "B"],
        stored_route,
    ),
    Setter(
        "CollateralSpoke",
        "setToken",
        lambda venue: [venue.tokens["WETH"].address, SPOKE_TOKEN],
        struct_of("tokenConfig", 1),
    ),
    Setter("CollateralSpoke", "setBeatsRequired", lambda _: [1], struct_of("beatsRequired", 0)),
    Setter(
        "CollateralSpoke",
        "setProver",
        lambda venue: [venue.oracle.address, 10**6],
        lambda spoke, _: [spoke.prover(), spoke.proveAfter()],
    ),
]

CONSTRUCTED: dict[str, Callable[[Venue], tuple[Any, ...]]] = {
    "CollateralHub": lambda venue: (venue.manager, venue.vault),
    "CollateralSpoke": lambda venue: (venue.manager, 1, venue.vault, 45 * 86_400),
}
"""Arguments of the constructors of what a venue on one chain has not."""


def deployed(venue: Venue, artifact: str, sender: Any) -> Handle:
    """Find the venue's contract, or deploy one beside it."""
    if artifact in CONSTRUCTED:
        return venue.node.deploy(artifact, *CONSTRUCTED[artifact](venue), sender=sender)
    return venue.node.at(artifact, venue.record.address(artifact))


def leaves(
    entries: list[dict[str, Any]], given: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Give the place and the width [bit] of every unsigned number among arguments; of a list those of its first."""
    for place, entry in enumerate(entries):
        kind, key = entry["type"], place if isinstance(given, list) else entry["name"]
        here = (*path, key)
        if kind.endswith("[]"):
            yield from leaves([{**entry, "type": kind[:-2]}], given[key], here)
        elif kind == "tuple":
            yield from leaves(entry["components"], given[key], here)
        elif kind.startswith("uint"):
            yield here, numbers(int(kind[4:]), given[key])


def changed(given: Any, path: tuple[Any, ...], value: int) -> Any:
    """Copy arguments with another number at a place."""
    if not path:
        return value
    copy = given.copy()
    copy[path[0]] = changed(given[path[0]], path[1:], value)
    return copy


def numbers(width: int, good: int) -> list[int]:
    """Give a good number and its neighbours, and those at the edges of a type and of every narrower one."""
    ends = [2**bits for bits in EDGES if bits < width]
    edges = {0, 1, *ends, *(end - 1 for end in ends), 2**width - 1}
    return sorted(edges | {good} | ({good - 1} if good else set()) | ({good + 1} if good + 1 < 2**width else set()))


@pytest.mark.parametrize("setter", SETTERS, ids=lambda each: f"{each.artifact}.{each.function}")
def test_a_number_is_stored_as_given_or_refused_by_name(venue, deployer, setter):
    """Whatever is refused leaves what was stored; numbers that name something are tried too."""
    handle = deployed(venue, setter.artifact, deployer)
    given = setter.given(venue)
    venue.node.rpc("anvil_setCode", venue.manager.address, ANYBODY_MAY)
    set_, taken, wrong = getattr(handle, setter.function), 0, []
    with undone():
        set_(*given, sender=deployer)
        assert comparable(setter.stored(handle, given)) == comparable(given), "the arguments are good ones"
    for path, values in leaves(entry_of(handle, setter.function)["inputs"], given):
        for value in values:
            arguments = changed(given, path, value)
            try:
                set_.call(*arguments, sender=deployer)
            except ContractRevert as refused:
                if refused.name in ERRORS_OF_THE_LANGUAGE:
                    wrong.append((path, value, str(refused)))
                continue
            taken += 1
            with undone():
                set_(*arguments, sender=deployer)
                if comparable(setter.stored(handle, arguments)) != comparable(arguments):
                    wrong.append((path, value, setter.stored(handle, arguments)))
    assert not wrong
    assert taken > 0


def comparable(value: Any) -> Any:
    """Bring lists, tuples, structs, contracts and addresses into one form."""
    if isinstance(value, Mapping):
        return {name: comparable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [comparable(each) for each in value]
    return value.lower() if isinstance(value, str) else value


def test_every_setter_is_tried():
    """A function of governance sets numbers and is tried, or is listed with the reason."""
    tried = ((each.artifact, each.function) for each in SETTERS)
    require_all(functions_of(Role.GOVERNOR), tried, WITHOUT_NUMBERS, MOVES)
