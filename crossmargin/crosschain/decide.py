"""What is to be sent so that both ends know of each other, and what waits goes on. Touches nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eth_typing import ChecksumAddress

from crossmargin.crosschain.facts import HubLedger, SpokeLedger
from crossmargin.crosschain.mail import Parcel, Subject
from crossmargin.crosschain.messages import AccountReport, LockReport, MessageKind, RedemptionReport
from crossmargin.crosschain.purses import Purse
from crossmargin.crosschain.units import Domain, RouteNumber
from crossmargin.crosschain.views import AccountState, Claim, Route
from crossmargin.model.units import MAX_UINT256, AccountId, Seconds, TokenUnits

__all__ = [
    "Call",
    "Claims",
    "Sight",
    "accounts_due",
    "beats_due",
    "credits_due",
    "has_changed",
    "may_tell",
    "payments_due",
    "redemptions_due",
    "reports_due",
    "tails_due",
    "tellable",
    "unheard",
    "waiting",
]

_TELLING: Final = 20
"""A health or margin that has moved by one part in so many is worth a message."""
Claims = Mapping[tuple[RouteNumber, AccountId], Claim]
_PURSES: Final = {
    "beat": Purse.BEATS,
    "sendBeat": Purse.BEATS,
    "report": Purse.LOCKS,
    "credit": Purse.LOCKS,
    "sendRedemption": Purse.REDEMPTIONS,
    "pay": Purse.REDEMPTIONS,
    "sendAccount": Purse.ACCOUNTS,
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an end of the channel."""

    domain: Domain
    """Where."""
    function: str
    arguments: tuple[Any, ...]
    what: str
    """In words."""
    fee_for: Domain | None = None
    """It sends a message to this domain, which is paid for."""

    @property
    def purse(self) -> Purse:
        """From which it is paid."""
        return _PURSES[self.function]

    @property
    def key(self) -> tuple[Any, ...]:
        """What is tried again later, if it fails."""
        return self.domain, self.function, self.arguments


@dataclass(frozen=True, slots=True)
class Sight:
    """What decisions rest on."""

    hub: Domain
    times: Mapping[Domain, Seconds]
    """Of the chains that answer [s]."""
    routes: Sequence[Route]
    ledger: HubLedger
    spokes: Mapping[Domain, SpokeLedger]
    newest: Mapping[Subject, Parcel] = field(default_factory=dict)
    """Last message of each subject."""
    least: Mapping[RouteNumber, TokenUnits] = field(default_factory=dict)
    """That may be locked at once, as far as the spokes have told."""
    locked: Mapping[RouteNumber, TokenUnits] = field(default_factory=dict)
    """That was ever locked there, where it was asked for."""

    def sent(self, origin: Domain, destination: Domain, *subject: Any) -> Any:  # noqa: ANN401 (any message)
        """Give the last message about something; None where there was none."""
        parcel = self.newest.get((origin, destination, *subject))
        return None if parcel is None else parcel.message

    def route(self, number: RouteNumber) -> Route | None:
        """Find a route whose chain answers."""
        return next((each for each in self._reached() if each.number == number), None)

    def route_of(self, domain: Domain, token: ChecksumAddress) -> Route | None:
        """Find the route of a token."""
        return next((each for each in self._reached() if (each.domain, each.token) == (domain, token)), None)

    def listed(self, domain: Domain, token: ChecksumAddress) -> Route | None:
        """Find the route of a token, whether or not its chain answers."""
        return next((each for each in self.routes if (each.domain, each.token) == (domain, token)), None)

    def heard(self, domain: Domain, token: ChecksumAddress, recipient: ChecksumAddress) -> TokenUnits:
        """Give what a spoke has heard of redemptions to somebody."""
        spoke = self.spokes.get(domain)
        return TokenUnits(0) if spoke is None else spoke.heard.get((token, recipient), TokenUnits(0))

    def is_news(self, domain: Domain, token: ChecksumAddress, recipient: ChecksumAddress, redeemed: TokenUnits) -> bool:
        """Tell whether a spoke would learn of a redemption: it hears of no more than was ever locked there."""
        route = self.listed(domain, token)
        most = redeemed if route is None else self.locked.get(route.number, redeemed)
        return min(redeemed, most) > self.heard(domain, token, recipient)

    def _reached(self) -> Iterator[Route]:
        return (each for each in self.routes if each.domain in self.times and self.hub in self.times)


def beats_due(sight: Sight, heartbeat: Seconds) -> Iterator[Call]:
    """Let both ends tell that they live, each so often [s]; 0: never."""
    if not heartbeat:
        return
    for route in sight.routes:
        last = sight.sent(route.domain, sight.hub, MessageKind.SPOKE_BEAT, route.token)
        if _is_older(last, sight.times.get(route.domain), heartbeat):
            yield Call(route.domain, "beat", (route.token,), f"beat of route {route.number}", sight.hub)
    for domain in sorted({route.domain for route in sight.routes}):
        last = sight.sent(sight.hub, domain, MessageKind.HUB_BEAT)
        if _is_older(last, sight.times.get(sight.hub), heartbeat):
            yield Call(sight.hub, "sendBeat", (domain,), f"beat of the hub to chain {domain}", domain)


def reports_due(sight: Sight, resend: Seconds) -> Iterator[Call]:
    """Have locks reported that no message tells of, or whose message has not come to count after `resend` seconds."""
    for domain, ledger in sight.spokes.items():
        for (token, account), sequence in ledger.locks.items():
            route = sight.route_of(domain, token)
            if route is None or sight.ledger.reported.get((route.number, account), -1) >= sequence:
                continue
            last: LockReport | None = sight.sent(domain, sight.hub, MessageKind.LOCK, token, account)
            if last is None or last.sequence < sequence or _is_older(last, sight.times.get(domain), resend):
                what = f"report of what account {account:#066x} has locked on route {route.number}"
                yield Call(domain, "report", (token, account), what, sight.hub)


def redemptions_due(sight: Sight, resend: Seconds) -> Iterator[Call]:
    """Tell spokes whom to pay: where no message says it, or its message is not heard after `resend` seconds."""
    for route, recipient, total in _redeemed(sight):
        if not sight.is_news(route.domain, route.token, recipient, total):
            continue
        last: RedemptionReport | None = sight.sent(
            sight.hub, route.domain, MessageKind.REDEMPTION, route.token, recipient
        )
        if last is None or last.redeemed < total or _is_older(last, sight.times.get(sight.hub), resend):
            what = f"redemption to {recipient} on route {route.number}"
            yield Call(sight.hub, "sendRedemption", (route.number, recipient), what, route.domain)


def unheard(sight: Sight) -> list[Route]:
    """Find routes whose spokes answer, and have not heard of all that was redeemed."""
    found = {
        route.number: route
        for route, recipient, total in _redeemed(sight)
        if sight.heard(route.domain, route.token, recipient) < total
    }
    return list(found.values())


def _redeemed(sight: Sight) -> Iterator[tuple[Route, ChecksumAddress, TokenUnits]]:
    """Give what was redeemed on routes whose chains answer."""
    for (number, recipient), total in sight.ledger.redeemed.items():
        route = sight.route(number)
        if route is not None:
            yield route, recipient, total


def waiting(sight: Sight) -> list[tuple[RouteNumber, AccountId]]:
    """Find accounts that have less than is locked for them, where somebody may be credited."""
    crediting = _crediting(sight)
    return [key for key in sight.ledger.waiting() if key[0] in crediting]


def credits_due(sight: Sight, claims: Claims) -> Iterator[Call]:
    """Push what may be credited now: the least that may be locked at once, or the rest.

    Of a long queue each turn may be a wei, and who waits in it with many accounts would have it pushed for each.
    """
    return (_credit(sight, key) for key, claim in _creditable(sight, claims) if _is_worth(sight, key, claim))


def tails_due(sight: Sight, claims: Claims) -> Iterator[Call]:
    """Push of the smaller parts one of each route: who has waited longest since his last one, the largest first.

    For the caller to do so seldom: where a queue is so long that all parts are small, nobody else pushes any.
    """
    first: dict[RouteNumber, tuple[Seconds, int, AccountId]] = {}
    for key, claim in _creditable(sight, claims):
        if not _is_worth(sight, key, claim):
            number, account = key
            place = claim.next_credit_at, -claim.claimable, account
            first[number] = min(first.get(number, place), place)
    return (_credit(sight, (number, account)) for number, (_, _, account) in first.items())


def _creditable(sight: Sight, claims: Claims) -> Iterator[tuple[tuple[RouteNumber, AccountId], Claim]]:
    """Find claims of which something may be credited now."""
    now, crediting = sight.times.get(sight.hub), _crediting(sight)
    for key, claim in claims.items():
        if now is not None and key[0] in crediting and claim.claimable and claim.next_credit_at <= now:
            yield key, claim


def _crediting(sight: Sight) -> set[RouteNumber]:
    """Give the routes that may credit somebody."""
    now = sight.times.get(sight.hub)
    return set() if now is None else {each.number for each in sight.routes if each.credits(now)}


def _is_worth(sight: Sight, key: tuple[RouteNumber, AccountId], claim: Claim) -> bool:
    return claim.claimable >= min(sight.least.get(key[0], 0), claim.waiting)


def _credit(sight: Sight, key: tuple[RouteNumber, AccountId]) -> Call:
    return Call(sight.hub, "credit", key, f"credit of route {key[0]} to account {key[1]:#066x}")


def payments_due(sight: Sight) -> Iterator[Call]:
    """Push what spokes have heard and not paid."""
    for domain, ledger in sight.spokes.items():
        if domain in sight.times:
            for token, recipient in ledger.unpaid():
                yield Call(domain, "pay", (token, recipient), f"payment to {recipient} on chain {domain}")


def accounts_due(
    sight: Sight, states: Mapping[tuple[RouteNumber, AccountId], AccountState], period: Seconds
) -> Iterator[Call]:
    """Tell spokes how accounts stand that have changed, each at most once in `period` seconds."""
    for (number, account), state in states.items():
        route = sight.route(number)
        if route is None:
            continue
        last = _last_told(sight, route, account)
        if may_tell(sight, route, account, period) and (last is None or has_changed(last, state)):
            what = f"state of account {account:#066x} to route {number}"
            yield Call(sight.hub, "sendAccount", (number, account), what, route.domain)


def tellable(sight: Sight, period: Seconds) -> list[tuple[Route, AccountId]]:
    """Find accounts that may be told of now; none without a period."""
    if not period:
        return []
    routed = ((sight.route(number), account) for number, account in sight.ledger.countable)
    return [(route, account) for route, account in routed if route and may_tell(sight, route, account, period)]


def may_tell(sight: Sight, route: Route, account: AccountId, period: Seconds) -> bool:
    """Tell whether the last message about an account is `period` seconds old, or there was none."""
    return _is_older(_last_told(sight, route, account), sight.times.get(sight.hub), period)


def _last_told(sight: Sight, route: Route, account: AccountId) -> AccountReport | None:
    last: AccountReport | None = sight.sent(sight.hub, route.domain, MessageKind.ACCOUNT, route.token, account)
    return last


def has_changed(told: AccountReport, state: AccountState) -> bool:
    """Tell whether an account stands otherwise than was told: amounts exactly, health and margin by a twentieth."""
    if (told.held, told.waiting, told.owes) != (state.held, state.waiting, state.owes):
        return True
    return _moved(told.health, state.health) or _moved(told.free_margin, state.free_margin)


def _moved(before: int, after: int) -> bool:
    if MAX_UINT256 in {before, after}:
        return before != after
    return abs(after - before) * _TELLING > abs(before)


def _is_older(message: Any, now: Seconds | None, age: Seconds) -> bool:  # noqa: ANN401 (any message, or none)
    """Tell whether a message is so old that another is due [s]; no time is known of a chain that does not answer."""
    if now is None:
        return False
    return message is None or now - message.time >= age
