"""What transactions did with collateral on other chains, from their receipts. Asks no node."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import of_units
from crossmargin.client.names import Names
from crossmargin.client.receipts import Event, Events
from crossmargin.errors import RecordError
from crossmargin.model.units import AccountId

__all__ = [
    "HUB_EVENTS",
    "SPOKE_EVENTS",
    "Credit",
    "Deferral",
    "Exit",
    "Lock",
    "Payment",
    "Redemption",
    "TokenNames",
]


@dataclass(frozen=True, slots=True)
class Lock(Event):
    """Tokens were locked for an account of the venue [whole tokens]."""

    account: str
    token: str
    amount: Decimal
    locked: Decimal
    """Ever, for the account."""
    by: str


@dataclass(frozen=True, slots=True)
class Payment(Event):
    """A recipient was paid as the hub asked [whole tokens]."""

    token: str
    to: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Exit(Event):
    """Tokens were taken back without the hub [whole tokens]."""

    account: str
    token: str
    amount: Decimal
    to: str


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


@dataclass(frozen=True, slots=True)
class Credit(Event):
    """Receipts came into an account of the venue [whole tokens]."""

    account: str
    route: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Deferral(Event):
    """What an account may have was not put into the vault yet."""

    account: str
    route: str


@dataclass(frozen=True, slots=True)
class Redemption(Event):
    """Receipts were burnt, and `amount` is to be paid on the other chain [whole tokens]."""

    route: str
    to: str
    burnt: Decimal
    amount: Decimal


def _account(said: Mapping[str, Any]) -> str:
    return account_name(AccountId(said["account"]))


def _lock(said: Mapping[str, Any], names: TokenNames) -> Lock:
    (token, amount), (_, locked) = names.amount(said, "amount"), names.amount(said, "locked")
    return Lock(said, _account(said), token, amount, locked, said["from"])


def _payment(said: Mapping[str, Any], names: TokenNames) -> Payment:
    token, amount = names.amount(said, "amount")
    return Payment(said, token, said["recipient"], amount)


def _exit(said: Mapping[str, Any], names: TokenNames) -> Exit:
    token, amount = names.amount(said, "amount")
    return Exit(said, _account(said), token, amount, said["recipient"])


def _credit(said: Mapping[str, Any], names: Names) -> Credit:
    receipts = names.route(said["route"])
    return Credit(said, _account(said), receipts.symbol, of_units(said["amount"], receipts.decimals))


def _deferral(said: Mapping[str, Any], names: Names) -> Deferral:
    return Deferral(said, _account(said), names.route(said["route"]).symbol)


def _redemption(said: Mapping[str, Any], names: Names) -> Redemption:
    receipts = names.route(said["route"])
    burnt, amount = (of_units(said[each], receipts.decimals) for each in ("burnt", "amount"))
    return Redemption(said, receipts.symbol, said["recipient"], burnt, amount)


SPOKE_EVENTS: Final[Events] = (
    ("CollateralSpoke", "Locked", _lock),
    ("CollateralSpoke", "Paid", _payment),
    ("CollateralSpoke", "Exited", _exit),
)
HUB_EVENTS: Final[Events] = (
    ("CollateralHub", "Credited", _credit),
    ("CollateralHub", "CreditDeferred", _deferral),
    ("CollateralHub", "Redeemed", _redemption),
)
