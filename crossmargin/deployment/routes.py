"""Tokens on other chains that count here: the hub's part of a venue's configuration."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, model_validator

from crossmargin.chain.decimals import parse_units
from crossmargin.deployment.fields import DAY, Address, Duration, Number, Positive, Settings, checksummed
from crossmargin.deployment.transports import Domain, TransportSettings, check_transports, full_transports

__all__ = ["ChainSettings", "CrosschainSettings", "RouteSettings", "check_crosschain"]

LEAST_SILENCE: Final = 600  # s
MOST_SILENCE: Final = 7 * DAY  # s
MOST_DEATH: Final = 30 * DAY  # s


def _address_or_symbol(value: str) -> str:
    return checksummed(value) if value.startswith("0x") else value


class ChainSettings(Settings):
    """Another chain, with a spoke. What is left out is read from the record of its deployment, once there is one."""

    domain: Domain
    spoke: Address | None = None
    """The CollateralSpoke there."""
    counterparts: Mapping[str, Address] = Field(default_factory=dict)
    """The transports there, by the names of those here."""


class RouteSettings(Settings):
    """A token that is locked there, and how much of it may count here. Its name is the symbol of its receipts."""

    chain: str
    token: Annotated[str, AfterValidator(_address_or_symbol)]
    """Address there, or the symbol that the spoke's deployment has for it."""
    decimals: Annotated[int, Field(ge=6, le=18)]
    """Of the token there, and of its receipts."""
    name: Annotated[str, Field(min_length=1, max_length=60)]
    """Of the receipts."""
    required: Annotated[int, Field(ge=1, le=8)]
    """How many transports must have delivered a report before it counts."""
    capacity: Positive
    """Of the bucket: most that is credited within a window [tokens]."""
    window: Annotated[Duration, Field(ge=1, le=2**32 - 1)]
    """In which the bucket refills [s]."""
    cap: Number
    """Most receipts there may be [tokens]."""
    fast_cap: Number = Decimal(0)
    """Most that is credited on the word of fast transports alone [tokens]."""
    silent_after: Annotated[Duration, Field(ge=LEAST_SILENCE, le=MOST_SILENCE)]
    """Unheard of for longer, receipts are Uncertain, and their price falls [s]."""
    dead_after: Annotated[Duration, Field(le=MOST_DEATH)]
    """Unheard of for longer, receipts are worth nothing [s]."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.fast_cap > self.capacity:
            raise ValueError(f"fast_cap {self.fast_cap} is above capacity {self.capacity}: lower it")
        if self.dead_after <= self.silent_after:
            raise ValueError(f"dead_after {self.dead_after} is not above silent_after {self.silent_after}: raise it")
        for field in ("capacity", "cap"):
            amount = getattr(self, field)
            if amount.scaleb(self.decimals) >= 2**128:
                raise ValueError(f"{field} {amount} is too much: must be below 2^128 units")
        return self

    @property
    def is_known(self) -> bool:
        """Whether the token's address is known yet."""
        return self.token.startswith("0x")

    def encode(self, domain: int) -> tuple[Any, ...]:
        """`RouteConfig` of the hub."""
        amounts = (parse_units(each, self.decimals) for each in (self.capacity, self.cap, self.fast_cap))
        times = (self.window, self.silent_after, self.dead_after)
        return (domain, self.token, self.decimals, self.required, *times, *amounts)


class CrosschainSettings(Settings):
    """Collateral on other chains."""

    transports: Annotated[dict[str, TransportSettings], Field(min_length=1)]
    chains: Annotated[dict[str, ChainSettings], Field(min_length=1)]
    routes: dict[str, RouteSettings]

    def domain_of(self, route: str) -> int:
        """Domain of a route's chain."""
        return self.chains[self.routes[route].chain].domain

    def known_routes(self) -> Iterator[tuple[str, RouteSettings]]:
        """Give the routes whose token is known."""
        return ((name, route) for name, route in self.routes.items() if route.is_known)


def check_crosschain(settings: CrosschainSettings, chain_id: int) -> None:
    """Every name must name something, and every requirement be one that can be met."""
    check_transports("crosschain.transports", settings.transports, settings.chains)
    _check_chains(settings, chain_id)
    full, seen = full_transports(settings.transports), dict[tuple[str, str], str]()
    for name, route in settings.routes.items():
        place = f"crosschain.routes.{name}"
        if route.chain not in settings.chains:
            raise ValueError(f"{place}.chain: no chain named {route.chain}; there are {', '.join(settings.chains)}")
        if route.required > full:
            raise ValueError(
                f"{place}.required: {route.required} transports must deliver, {full} count fully: lower it, or add one"
            )
        other = seen.setdefault((route.chain, route.token), name)
        if other != name:
            raise ValueError(f"{place}.token: {other} is the route of this token already: remove one")


def _check_chains(settings: CrosschainSettings, chain_id: int) -> None:
    domains = dict[int, str]()
    for name, chain in settings.chains.items():
        place = f"crosschain.chains.{name}"
        if chain.domain == chain_id:
            raise ValueError(f"{place}.domain: {chain.domain} is this chain: name the other one's id")
        other = domains.setdefault(chain.domain, name)
        if other != name:
            raise ValueError(f"{place}.domain: {chain.domain} is {other}'s: name its own id")
        for transport in chain.counterparts:
            if transport not in settings.transports:
                known = ", ".join(settings.transports)
                raise ValueError(f"{place}.counterparts.{transport}: no transport of this name; there are {known}")
