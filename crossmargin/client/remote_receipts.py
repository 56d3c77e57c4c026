"""What transactions did with collateral on other chains, from their receipts. Asks no node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from crossmargin.chain.decimals import of_units
from crossmargin.client.exact import Read, named, of
from crossmargin.client.names import Names
from crossmargin.client.receipts import Event, Events, account
from crossmargin.errors import RecordError

__all__ = [
    "HUB_EVENTS",
    "SPOKE_EVENTS",
    "Credit",
    "Deferral",
    "Exit",
    "Lock",
    "Payment",
    "Reclaim",
    "Redemption",
    "TokenNames",
]


class TokenNames:
    """Symbols and decimals of a spoke's tokens."""

    def __init__(self, tokens: Mapping[str, tuple[str, int]]) -> None:
        """Know them by address."""
        self.by_address = {address.lower(): known for address, known in tokens.items()}

    def amount(self, said: Mapping[str, Any], name: str) -> tuple[str, Decimal]:
        """Give the symbol of an event's token, and one of its amounts [whole tokens]."""
        known = self.by_address.get(said["token"].lower())
        if known is None:
            raise RecordError(f"the spoke's record names no token {said['token']}")
        return known[0], of_units(said[name], known[1])


def _token(said: Mapping[str, Any], names: TokenNames) -> str:
    return names.amount(said, "amount")[0]


def _tokens(name: str) -> Callable[[Mapping[str, Any], TokenNames], Decimal]:
    return lambda said, names: names.amount(said, name)[1]


def _route(names: Names, number: int) -> str:
    return names.route(number).symbol


def _receipts(name: str) -> Callable[[Mapping[str, Any], Names], Decimal]:
    return lambda said, names: of_units(said[name], names.route(said["route"]).decimals)


@dataclass(frozen=True, slots=True)
class Lock(Event):
    """Tokens were locked for an account of the venue [whole tokens]."""

    account: Annotated[str, of("account", account)]
    token: Annotated[str, Read(_token)]
    amount: Annotated[Decimal, Read(_tokens("amount"))]
    locked: Annotated[Decimal, Read(_tokens("locked"))]
    """Ever, for the account."""
    by: Annotated[str, of("from", str)]


@dataclass(frozen=True, slots=True)
class Payment(Event):
    """A recipient was paid as the hub asked [whole tokens]."""

    token: Annotated[str, Read(_token)]
    to: Annotated[str, of("recipient", str)]
    amount: Annotated[Decimal, Read(_tokens("amount"))]


@dataclass(frozen=True, slots=True)
class Exit(Event):
    """Tokens were taken back without the hub [whole tokens]."""

    account: Annotated[str, of("account", account)]
    token: Annotated[str, Read(_token)]
    amount: Annotated[Decimal, Read(_tokens("amount"))]
    to: Annotated[str, of("recipient", str)]


@dataclass(frozen=True, slots=True)
class Credit(Event):
    """Receipts came into an account of the venue [whole tokens]."""

    account: Annotated[str, of("account", account)]
    route: Annotated[str, named("route", _route)]
    amount: Annotated[Decimal, Read(_receipts("amount"))]


@dataclass(frozen=True, slots=True)
class Deferral(Event):
    """What an account may have was not put into the vault yet."""

    account: Annotated[str, of("account", account)]
    route: Annotated[str, named("route", _route)]


@dataclass(frozen=True, slots=True)
class Reclaim(Event):
    """What waited for an account was taken back: it is never credited [whole tokens]."""

    account: Annotated[str, of("account", account)]
    route: Annotated[str, named("route", _route)]
    amount: Annotated[Decimal, Read(_receipts("amount"))]


@dataclass(frozen=True, slots=True)
class Redemption(Event):
    """Receipts were burnt, or none, and `amount` is to be paid on the other chain [whole tokens]."""

    route: Annotated[str, named("route", _route)]
    to: Annotated[str, of("recipient", str)]
    burnt: Annotated[Decimal, Read(_receipts("burnt"))]
    amount: Annotated[Decimal, Read(_receipts("amount"))]


SPOKE_EVENTS: Final[Events] = (
    ("CollateralSpoke", "Locked", Lock.of),
    ("CollateralSpoke", "Paid", Payment.of),
    ("CollateralSpoke", "Exited", Exit.of),
)
HUB_EVENTS: Final[Events] = (
    ("CollateralHub", "Credited", Credit.of),
    ("CollateralHub", "CreditDeferred", Deferral.of),
    ("CollateralHub", "Reclaimed", Reclaim.of),
    ("CollateralHub", "Redeemed", Redemption.of),
)
