"""What is locked on other chains, as hub and spoke tell it, for people. Asks no node: plans and records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from crossmargin.chain.abis import read_abi
from crossmargin.chain.accounts import owner_of
from crossmargin.chain.decimals import of_units, of_wad
from crossmargin.chain.remedies import WAITING_REMEDIES
from crossmargin.chain.times import time_text
from crossmargin.client.plans import Plan, Question
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import AccountId, Seconds

__all__ = ["HUB", "NO_BEAT", "AtSpoke", "RemoteClaim", "RouteFacts", "Wait", "Waiting", "claim_of", "routes"]

HUB = "CollateralHub"
_ROUTE = "routeOf"
_CLAIM = "claimOf"
NO_BEAT = 255
"""What a route says of the token's decimals before a beat has come."""


class Waiting(Enum):
    """What something waits for."""

    TRANSPORT = "transports carry it to the hub"
    FINALITY = "only fast transports have said it; their part is full"
    PERMISSION = "the hub may not deposit for the owner"
    CONSENT = "the owner has not taken the route"
    BEAT = "no beat yet: the spoke has not told the token's decimals"
    DECIMALS = "the token there has other decimals than the receipts"
    PAUSE = "a guardian has paused the route"
    DEATH = "nobody has heard of the route for too long"
    SHORTAGE = "receipts of the route have less behind them than they say"
    CAP = "the route's cap is reached"
    VAULT = "the vault takes no more of the receipts"
    BUCKET = "the bucket refills"
    QUEUE = "more waits than the bucket lets through, and each is served once in a while"
    PUSH = "somebody has to push it"
    REDEMPTION = "transports carry it to the spoke"
    SPOKE_PAUSE = "a guardian has paused the spoke"
    PAYMENT = "the spoke's bucket refills"
    PAY = "somebody has to push the payment"


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits."""

    reason: Waiting
    amount: Decimal
    """Whole tokens."""
    until: datetime | None
    """When it ends by itself, at the earliest; None where that is not known, or needs somebody [UTC]."""

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return WAITING_REMEDIES[self.reason.name]

    def __str__(self) -> str:
        """Say it in a line."""
        until = f" until {time_text(self.until.timestamp())} at least" if self.until else ""
        return f"{self.amount:f}: {self.reason.value}{until}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """A route as the hub tells it; amounts in token units."""

    name: str
    """Symbol of its receipts."""
    number: int
    limits: Mapping[str, Any]
    """`RouteConfig` by the names of docs/events.md."""
    view: Mapping[str, Any]
    """`RouteView` likewise."""
    room: int
    """What the vault would take of the receipts [token units]."""

    @property
    def decimals(self) -> int:
        """Of the token and its receipts."""
        return int(self.limits["decimals"])

    @property
    def status(self) -> PriceStatus:
        """How far the receipts' price may be trusted."""
        return PriceStatus(self.view["status"])

    @property
    def worth(self) -> Decimal:
        """What part of the token's price a receipt has."""
        return of_wad(self.view["factor"])

    def is_dead(self, now: Seconds) -> bool:
        """Tell whether nothing is credited or redeemed until governance revives it."""
        return bool(now - self.view["heardAt"] > self.limits["deadAfter"])

    def gives_back(self, now: Seconds) -> bool:
        """Tell whether what waits may be taken back: the route is open, and receipts bear all that is missing."""
        view = self.view
        is_open = view["decimalsThere"] == self.decimals and view["pausedUntil"] <= now and not self.is_dead(now)
        return bool(is_open and view["shortage"] <= view["supply"])


@dataclass(frozen=True, slots=True)
class AtSpoke:
    """What a spoke says of an account and its owner."""

    locked: int
    sequence: int
    redeemed: int
    """What the hub asks to be paid to the owner, in all, as far as the spoke has heard."""
    paid: int
    available: int
    """What its bucket pays out now."""
    capacity: int
    window: Seconds
    paused_until: Seconds
    now: Seconds


@dataclass(frozen=True, slots=True)
class RemoteClaim:
    """An account's collateral on another chain [whole tokens]."""

    route: str
    domain: int
    locked: Decimal
    """As the hub knows it, less what was taken back."""
    credited: Decimal
    """Ever put into the vault, taken back, or given back there."""
    redeemed: Decimal
    """Ever asked of the spoke for the account's owner."""
    status: PriceStatus
    worth: Decimal
    """What part of the token's price a receipt has."""
    reclaimable: Decimal
    """Of what waits, what its owner may take back now (`reclaim_remote`); `exact` tells it of a closed route too."""
    waits: tuple[Wait, ...]
    exact: Mapping[str, Any]
    """The hub's `ClaimView`, in token units."""

    @classmethod
    def of(
        cls, route: RouteFacts, claim: Mapping[str, Any], redeemed: int, waits: Sequence[Wait], now: Seconds
    ) -> Self:
        """Show a claim as it is `now` [s]."""
        locked = max(claim["locked"], claim["fastLocked"])
        return cls(
            route=route.name,
            domain=int(route.limits["domain"]),
            locked=of_units(locked, route.decimals),
            credited=of_units(claim["credited"], route.decimals),
            redeemed=of_units(redeemed, route.decimals),
            status=route.status,
            worth=route.worth,
            reclaimable=of_units(claim["reclaimable"] if route.gives_back(now) else 0, route.decimals),
            waits=tuple(waits),
            exact=claim,
        )


# ---------------------------------------------------------------- plans


def routes(symbols: Mapping[str, str], now: Seconds) -> Plan[list[RouteFacts]]:
    """Ask for every route; `symbols` names tokens by address in lower case."""
    (count,) = yield [Question(HUB, "routeCount")]
    answers = yield [
        *(Question(HUB, _ROUTE, (number,)) for number in range(1, count + 1)),
        Question("MarginLens", "assets"),
    ]
    room = {each[0].lower(): _room(each, now) for each in answers[-1][0]}
    found = []
    for number, raw in enumerate(answers[:-1], start=1):
        view = _named(_ROUTE, raw)
        receipt = view["receipt"].lower()
        name = symbols.get(receipt, view["receipt"])
        found.append(RouteFacts(name, number, view["config"], view, room.get(receipt, 0)))
    return found


def _room(asset: Sequence[Any], now: Seconds) -> int:
    """Read what the vault would take more of an asset [token units]."""
    *_, closed_until, cap, total = asset
    return 0 if closed_until > now else max(int(cap) - int(total), 0)


def claim_of(route: int, account: AccountId, hub: str) -> Plan[tuple[Mapping[str, Any], int, int, bool]]:
    """Ask for a claim, what was redeemed to the account's owner, what the hub may do for him, and his yes."""
    owner = owner_of(account)
    raw, redeemed, operator, accepted = yield [
        Question(HUB, _CLAIM, (route, account)),
        Question(HUB, "redeemedOf", (route, owner)),
        Question("MarginVault", "operatorOf", (owner, hub)),
        Question(HUB, "accepts", (route, account)),
    ]
    return _named(_CLAIM, raw), redeemed, operator, accepted


def _named(function: str, raw: Sequence[Any]) -> dict[str, Any]:
    entry = next(each for each in read_abi(HUB) if each.get("name") == function and each["type"] == "function")
    return _fields(entry["outputs"][0]["components"], raw)


def _fields(components: Sequence[Mapping[str, Any]], raw: Sequence[Any]) -> dict[str, Any]:
    return {
        each["name"]: _fields(each["components"], value) if each["type"] == "tuple" else value
        for each, value in zip(components, raw, strict=True)
    }
