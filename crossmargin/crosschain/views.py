"""Routes, claims and accounts as the contracts tell them. Reads from a node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress

from crossmargin.crosschain.links import Link
from crossmargin.crosschain.units import Domain, RouteNumber, Sequence
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import MAX_UINT256, AccountId, Seconds, TokenUnits, Wad

__all__ = ["AccountState", "Claim", "Route", "account_state", "claim_of", "least_of", "locked_of", "routes_of"]

_WAD = 10**18


@dataclass(frozen=True, slots=True)
class Route:
    """One token on one chain, as the hub has it."""

    number: RouteNumber
    domain: Domain
    token: ChecksumAddress
    """On its own chain."""
    receipt: ChecksumAddress
    decimals: int
    required: int
    """Transports that must have delivered a report."""
    silent_after: Seconds
    dead_after: Seconds
    supply: TokenUnits
    """Receipts in the vault."""
    credited: TokenUnits
    redeemed: TokenUnits
    in_flight: TokenUnits
    waiting: TokenUnits
    shortage: TokenUnits
    available: TokenUnits
    """What the bucket lets through now."""
    heard_at: Seconds
    paused_until: Seconds
    status: PriceStatus
    factor: Wad

    def credits(self, now: Seconds) -> bool:
        """Tell whether it may credit somebody: neither paused, dead nor short."""
        silence = now - self.heard_at
        return self.paused_until <= now and silence <= self.dead_after and not self.shortage


@dataclass(frozen=True, slots=True)
class Claim:
    """What an account has locked, and what of it counts."""

    locked: TokenUnits
    credited: TokenUnits
    sequence: Sequence
    waiting: TokenUnits
    claimable: TokenUnits
    next_credit_at: Seconds


@dataclass(frozen=True, slots=True)
class AccountState:
    """How an account with remote collateral stands: what `sendAccount` would say."""

    held: TokenUnits
    waiting: TokenUnits
    owes: bool
    health: Wad
    """2**256 - 1 without anything required."""
    free_margin: Wad
    """[USD]."""


def routes_of(hub: Link) -> list[Route]:
    """Read every route of the hub."""
    numbers = range(1, hub.endpoint.functions.routeCount().call() + 1)
    return [_route(hub, RouteNumber(number)) for number in numbers]


def _route(hub: Link, number: RouteNumber) -> Route:
    view = _named(hub, "routeOf", hub.endpoint.functions.routeOf(number).call())
    config = view["config"]
    return Route(
        number=number,
        domain=Domain(config["domain"]),
        token=config["token"],
        receipt=view["receipt"],
        decimals=config["decimals"],
        required=config["required"],
        silent_after=Seconds(config["silentAfter"]),
        dead_after=Seconds(config["deadAfter"]),
        supply=TokenUnits(view["supply"]),
        credited=TokenUnits(view["credited"]),
        redeemed=TokenUnits(view["redeemed"]),
        in_flight=TokenUnits(view["inFlight"]),
        waiting=TokenUnits(view["waiting"]),
        shortage=TokenUnits(view["shortage"]),
        available=TokenUnits(view["available"]),
        heard_at=Seconds(view["heardAt"]),
        paused_until=Seconds(view["pausedUntil"]),
        status=PriceStatus(view["status"]),
        factor=Wad(view["factor"]),
    )


def claim_of(hub: Link, route: RouteNumber, account: AccountId) -> Claim:
    """Read what the hub knows of an account's lock."""
    view = _named(hub, "claimOf", hub.endpoint.functions.claimOf(route, account).call())
    return Claim(
        locked=TokenUnits(max(view["locked"], view["fastLocked"])),
        credited=TokenUnits(view["credited"]),
        sequence=Sequence(view["sequence"]),
        waiting=TokenUnits(view["waiting"]),
        claimable=TokenUnits(view["claimable"]),
        next_credit_at=Seconds(view["nextCreditAt"]),
    )


def least_of(spoke: Link, token: ChecksumAddress) -> TokenUnits:
    """Read the least of a token that its spoke lets anybody lock at once."""
    view = _named(spoke, "tokenConfig", spoke.endpoint.functions.tokenConfig(token).call())
    return TokenUnits(view["least"])


def locked_of(spoke: Link, token: ChecksumAddress) -> TokenUnits:
    """Read what was ever locked of a token, by anybody: of more nothing is heard."""
    view = _named(spoke, "totalsOf", spoke.endpoint.functions.totalsOf(token).call())
    return TokenUnits(view["locked"])


def account_state(hub: Link, route: Route, account: AccountId) -> AccountState:
    """Read how an account stands."""
    vault = hub.contract("MarginVault", hub.endpoint.functions.vault().call())
    engine = hub.contract("RiskEngine", vault.functions.riskEngine().call())
    index = vault.functions.assetIndexOf(route.receipt).call()
    initial, maintenance = _margins(engine, account)
    return AccountState(
        held=TokenUnits(vault.functions.balanceOf(account, index).call()),
        waiting=claim_of(hub, route.number, account).waiting,
        owes=not initial["free"],
        health=_health(maintenance),
        free_margin=Wad(initial["excess"]),
    )


def _margins(engine: Any, account: AccountId) -> list[Mapping[str, Any]]:  # noqa: ANN401 (web3's contract)
    function = engine.functions.margin(account)
    outputs = function.abi["outputs"]
    return [_struct(each, value) for each, value in zip(outputs, function.call(), strict=True)]


def _health(maintenance: Mapping[str, Any]) -> Wad:
    """Divide as the hub does, down."""
    if maintenance["free"] or maintenance["denominator"] == 0:
        return Wad(MAX_UINT256)
    return Wad(maintenance["numerator"] * _WAD // maintenance["denominator"])


def _named(link: Link, function: str, value: Any) -> Mapping[str, Any]:  # noqa: ANN401 (a struct of any fields)
    """Name the fields of the struct that a function of the endpoint returns."""
    return _struct(link.endpoint.get_function_by_name(function).abi["outputs"][0], value)


def _struct(entry: Mapping[str, Any], value: Any) -> dict[str, Any]:  # noqa: ANN401 (as above)
    fields = zip(entry["components"], value, strict=True)
    return {each["name"]: _struct(each, part) if each["type"] == "tuple" else part for each, part in fields}
