"""What of the collateral on another chain waits for what. Asks no node: plans."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crossmargin.chain.decimals import of_units
from crossmargin.client.plans import Head, Plan
from crossmargin.client.remote_views import NO_BEAT, AtSpoke, RemoteClaim, RouteFacts, Wait, Waiting, claim_of
from crossmargin.client.shown import moment
from crossmargin.model.permissions import Permission
from crossmargin.model.units import AccountId, Seconds

__all__ = ["may_deposit", "remote_claim"]

_EXPIRY_SHIFT: Final = 8
_EXPIRY_MASK: Final = 2**48 - 1


def remote_claim(
    route: RouteFacts, account: AccountId, hub: str, head: Head, spoke: AtSpoke | None
) -> Plan[RemoteClaim]:
    """Ask for what an account has on a route, and say what of it waits for what."""
    claim, redeemed, operator, accepted = yield from claim_of(route.number, account, hub)
    waits = []
    if claim["waiting"]:
        stops = [*_stops(route, claim, operator, head.time)]
        if not accepted:
            stops.append(_wait(route, Waiting.CONSENT, claim["waiting"]))
        if claim["claimable"] and not stops:
            waits.append(_wait(route, Waiting.PUSH, claim["claimable"]))
        waits += [*stops, *_limits(route, claim, head.time)]
    if spoke is not None:
        waits += [*_ways(route, claim, redeemed, spoke), *_payments(route, spoke)]
    return RemoteClaim.of(route, claim, redeemed, waits, head.time)


def may_deposit(operator: int, now: Seconds) -> bool:
    """Read the vault's word of an operator: whether it may deposit at a time."""
    return bool(operator & Permission.DEPOSIT) and operator >> _EXPIRY_SHIFT & _EXPIRY_MASK >= now


def _wait(route: RouteFacts, reason: Waiting, amount: int, until: int | None = None) -> Wait:
    return Wait(reason, of_units(amount, route.decimals), moment(Seconds(until)) if until else None)


def _stops(route: RouteFacts, claim: Mapping[str, Any], operator: int, now: Seconds) -> Iterator[Wait]:
    """Say what keeps everything from being credited."""
    waiting, paused_until, there = claim["waiting"], route.view["pausedUntil"], route.view["decimalsThere"]
    if there != route.decimals:
        yield _wait(route, Waiting.BEAT if there == NO_BEAT else Waiting.DECIMALS, waiting)
    if paused_until > now:
        yield _wait(route, Waiting.PAUSE, waiting, paused_until)
    if route.is_dead(now):
        yield _wait(route, Waiting.DEATH, waiting)
    if route.view["shortage"]:
        yield _wait(route, Waiting.SHORTAGE, waiting)
    if not may_deposit(operator, now):
        yield _wait(route, Waiting.PERMISSION, waiting)
    if route.room < claim["claimable"]:
        yield _wait(route, Waiting.VAULT, waiting)
    if claim["queued"] and claim["nextCreditAt"] > now:
        yield _wait(route, Waiting.QUEUE, waiting, claim["nextCreditAt"])


def _limits(route: RouteFacts, claim: Mapping[str, Any], now: Seconds) -> Iterator[Wait]:
    """Say what keeps a part of it from being credited."""
    waiting, limits = claim["waiting"], route.limits
    final = max(claim["locked"] - claim["credited"], 0)
    fast = max(waiting - final, 0) - max(claim["claimable"] - final, 0)
    if fast > 0:
        yield _wait(route, Waiting.FINALITY, fast)
    room, available = route.view["room"], route.view["available"]
    if room < waiting:
        yield _wait(route, Waiting.CAP, waiting - room)
    if available < waiting:
        until = now + _refill(waiting, available, limits["capacity"], limits["window"])
        yield _wait(route, Waiting.BUCKET, waiting - available, until)


def _refill(wanted: int, available: int, capacity: int, window: int) -> int:
    """Give how long a bucket takes until it lets `wanted` through, or is full [s, up]."""
    return -(-max(min(wanted, capacity) - available, 0) * window // capacity)


def _ways(route: RouteFacts, claim: Mapping[str, Any], redeemed: int, spoke: AtSpoke) -> Iterator[Wait]:
    """Say what is under way between the two chains."""
    unheard = spoke.locked - max(claim["locked"], claim["fastLocked"])
    if spoke.sequence > claim["sequence"] and unheard > 0:
        yield _wait(route, Waiting.TRANSPORT, unheard)
    if redeemed > spoke.redeemed:
        yield _wait(route, Waiting.REDEMPTION, redeemed - spoke.redeemed)


def _payments(route: RouteFacts, spoke: AtSpoke) -> Iterator[Wait]:
    """Say what the spoke has heard and not paid."""
    owed = spoke.redeemed - spoke.paid
    if owed <= 0:
        return
    if spoke.paused_until > spoke.now:
        yield _wait(route, Waiting.SPOKE_PAUSE, owed, spoke.paused_until)
    elif spoke.available:
        yield _wait(route, Waiting.PAY, min(owed, spoke.available))
    if spoke.available < owed:
        until = spoke.now + _refill(owed, spoke.available, spoke.capacity, spoke.window)
        yield _wait(route, Waiting.PAYMENT, owed - spoke.available, until)
