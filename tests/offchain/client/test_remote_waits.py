"""What of the collateral on another chain waits for what, in words: from what hub and spoke say."""

from decimal import Decimal

import pytest

from crossmargin.chain.remedies import WAITING_REMEDIES
from crossmargin.client.plans import Head
from crossmargin.client.remote_views import AtSpoke, RouteFacts, Waiting
from crossmargin.client.remote_waits import may_deposit, remote_claim
from crossmargin.model.prices import PriceStatus

NOW = 2_000_000_000
HOUR, DAY = 3_600, 86_400
ETHER = 10**18
OWNER = 0xA11CE
ACCOUNT = OWNER << 96
HUB = "0x00000000000000000000000000000000000000AA"
PERMITTED = 1 | (NOW + DAY) << 8 | 1 << 56
LIMITS = {
    "domain": 31338,
    "token": "0x00000000000000000000000000000000000000bb",
    "decimals": 18,
    "required": 2,
    "window": HOUR,
    "silentAfter": HOUR,
    "deadAfter": 7 * DAY,
    "capacity": 100 * ETHER,
    "cap": 1_000 * ETHER,
    "fastCap": 0,
}
VIEW = {
    "room": 1_000 * ETHER,
    "available": 100 * ETHER,
    "heardAt": NOW - 60,
    "pausedUntil": 0,
    "decimalsThere": 18,
    "shortage": 0,
    "supply": 5 * ETHER,
    "status": 1,
    "factor": ETHER,
}
AT_SPOKE = AtSpoke(
    locked=60 * ETHER,
    sequence=1,
    redeemed=0,
    paid=0,
    available=100 * ETHER,
    capacity=100 * ETHER,
    window=HOUR,
    paused_until=0,
    now=NOW,
)


def route(view=None, limits=None, room=10_000 * ETHER):
    """Make a route whose every limit is far, unless told otherwise."""
    return RouteFacts("WETH@other", 1, LIMITS | (limits or {}), VIEW | (view or {}), room)


def claim(final, credited=0, fast=0, claimable=None, *, queued=False, next_credit_at=0):
    """Make the hub's `ClaimView`, in its order."""
    waiting = max(final, fast) - credited
    sequence = 1 if max(final, fast) else 0
    found = waiting if claimable is None else claimable
    return (final, fast, credited, sequence, waiting, found, final - credited, queued, next_credit_at)


def waits(facts, raw, *, redeemed=0, operator=PERMITTED, accepted=True, spoke=None):
    """Drive the plan; give what waits as (reason, amount, seconds from now)."""
    plan = remote_claim(facts, ACCOUNT, HUB, Head(1, NOW), spoke)
    asked = next(plan)
    assert [each.function for each in asked] == ["claimOf", "redeemedOf", "operatorOf", "accepts"]
    with pytest.raises(StopIteration) as end:
        plan.send([raw, redeemed, operator, accepted])
    shown = end.value.value
    return [(each.reason, each.amount, each.until and int(each.until.timestamp()) - NOW) for each in shown.waits], shown


def test_nothing_waits():
    """All that is locked is credited; amounts are in whole tokens."""
    found, shown = waits(route(), claim(60 * ETHER, credited=60 * ETHER), spoke=AT_SPOKE)

    assert found == []
    assert (shown.locked, shown.credited, shown.redeemed, shown.domain) == (60, 60, 0, 31338)
    assert shown.reclaimable == 0
    assert (shown.status, shown.worth) == (PriceStatus.VALID, 1)


def test_without_a_yes_to_the_route_nothing_is_pushed():
    """Beside the permission, or alone."""
    found, _ = waits(route(), claim(60 * ETHER), accepted=False)
    assert found == [(Waiting.CONSENT, 60, None)]
    found, _ = waits(route(), claim(60 * ETHER), operator=0, accepted=False)
    assert found == [(Waiting.PERMISSION, 60, None), (Waiting.CONSENT, 60, None)]


@pytest.mark.parametrize(
    ("facts", "raw", "operator", "expected"),
    [
        (route(), claim(60 * ETHER), PERMITTED, [(Waiting.PUSH, 60, None)]),
        (route(), claim(60 * ETHER), 0, [(Waiting.PERMISSION, 60, None)]),
        (route(), claim(60 * ETHER), 1 | (NOW - 1) << 8, [(Waiting.PERMISSION, 60, None)]),
        (route(), claim(60 * ETHER), 8 | (NOW + 1) << 8, [(Waiting.PERMISSION, 60, None)]),
        (route({"pausedUntil": NOW + 50}), claim(60 * ETHER), PERMITTED, [(Waiting.PAUSE, 60, 50)]),
        (route({"heardAt": NOW - 7 * DAY - 1}), claim(60 * ETHER), PERMITTED, [(Waiting.DEATH, 60, None)]),
        (route({"shortage": ETHER}), claim(60 * ETHER), PERMITTED, [(Waiting.SHORTAGE, 60, None)]),
        (route(room=59 * ETHER), claim(60 * ETHER), PERMITTED, [(Waiting.VAULT, 60, None)]),
        (
            route({"room": 10 * ETHER}),
            claim(60 * ETHER, claimable=10 * ETHER),
            PERMITTED,
            [(Waiting.PUSH, 10, None), (Waiting.CAP, 50, None)],
        ),
        (
            route({"available": 50 * ETHER}),
            claim(60 * ETHER, claimable=50 * ETHER),
            PERMITTED,
            [(Waiting.PUSH, 50, None), (Waiting.BUCKET, 10, 360)],
        ),
        (
            route({"available": 0}),
            claim(500 * ETHER, claimable=0),
            PERMITTED,
            [(Waiting.BUCKET, 500, HOUR)],
        ),
        (
            route(),
            claim(500 * ETHER, claimable=100 * ETHER, queued=True, next_credit_at=NOW + 600),
            PERMITTED,
            [(Waiting.QUEUE, 500, 600), (Waiting.BUCKET, 400, 0)],
        ),
        (
            route(),
            claim(20 * ETHER, fast=60 * ETHER, claimable=25 * ETHER),
            PERMITTED,
            [(Waiting.PUSH, 25, None), (Waiting.FINALITY, 35, None)],
        ),
        (route({"decimalsThere": 255}), claim(60 * ETHER), PERMITTED, [(Waiting.BEAT, 60, None)]),
        (route({"decimalsThere": 6}), claim(60 * ETHER), PERMITTED, [(Waiting.DECIMALS, 60, None)]),
        (route(), claim(0), 0, []),
    ],
)
def test_what_keeps_a_credit(facts, raw, operator, expected):
    """Each reason with its amount, and when it ends by itself."""
    assert waits(facts, raw, operator=operator)[0] == expected


@pytest.mark.parametrize(
    ("raw", "redeemed", "change", "expected"),
    [
        (claim(0), 0, {}, [(Waiting.TRANSPORT, 60, None)]),
        (claim(60 * ETHER, credited=60 * ETHER), 5 * ETHER, {}, [(Waiting.REDEMPTION, 5, None)]),
        (
            claim(60 * ETHER, credited=60 * ETHER),
            5 * ETHER,
            {"redeemed": 5 * ETHER, "paused_until": NOW + 9},
            [(Waiting.SPOKE_PAUSE, 5, 9)],
        ),
        (
            claim(60 * ETHER, credited=60 * ETHER),
            50 * ETHER,
            {"redeemed": 50 * ETHER, "paid": 10 * ETHER, "available": 30 * ETHER},
            [(Waiting.PAY, 30, None), (Waiting.PAYMENT, 10, 360)],
        ),
        (claim(60 * ETHER, credited=60 * ETHER), 5 * ETHER, {"redeemed": 5 * ETHER, "paid": 5 * ETHER}, []),
    ],
)
def test_what_is_under_way(raw, redeemed, change, expected):
    """Between the chains, and at the spoke."""
    names = AtSpoke.__dataclass_fields__
    spoke = AtSpoke(**({name: getattr(AT_SPOKE, name) for name in names} | change))

    assert waits(route(), raw, redeemed=redeemed, spoke=spoke)[0] == expected


def test_without_a_spoke_nothing_is_said_of_it():
    """What the hub has not heard of is known to the spoke only."""
    assert waits(route(), claim(0))[0] == []


def test_every_reason_has_a_remedy():
    """One each, and none for what is no reason."""
    assert WAITING_REMEDIES.keys() == {each.name for each in Waiting}


def test_a_wait_is_said_in_a_line():
    """Amount, reason, time, what to do."""
    _, shown = waits(route({"pausedUntil": NOW + 50}), claim(60 * ETHER))

    assert str(shown.waits[0]) == (
        "60: a guardian has paused the route until 2033-05-18 03:34:10 UTC at least: "
        "wait: liquidation goes on meanwhile"
    )


def test_what_may_be_taken_back_is_said():
    """In whole tokens, beside what waits."""
    found, shown = waits(route({"room": 0}), claim(60 * ETHER, credited=20 * ETHER, claimable=0))

    assert found == [(Waiting.CAP, 40, None)]
    assert shown.reclaimable == 40


@pytest.mark.parametrize(
    ("view", "reclaimable"),
    [
        ({"pausedUntil": NOW}, 40),
        ({"pausedUntil": NOW + 1}, 0),
        ({"heardAt": NOW - 7 * DAY}, 40),
        ({"heardAt": NOW - 7 * DAY - 1}, 0),
        ({"decimalsThere": 255}, 0),
        ({"decimalsThere": 6}, 0),
        ({"shortage": 5 * ETHER}, 40),
        ({"shortage": 5 * ETHER + 1}, 0),
    ],
)
def test_nothing_is_taken_back_of_a_route_that_is_not_open(view, reclaimable):
    """Paused, dead, of other decimals, or short of more than receipts bear: the hub would refuse it."""
    _, shown = waits(route(view), claim(60 * ETHER, credited=20 * ETHER))
    assert shown.reclaimable == reclaimable
    assert shown.exact["reclaimable"] == 40 * ETHER, "the hub says what it were, were the route open"


def test_a_dead_or_short_route_is_worth_less():
    """Status and part of the price are the hub's."""
    _, shown = waits(route({"status": 3, "factor": ETHER // 4}), claim(60 * ETHER, credited=60 * ETHER))

    assert (shown.status, shown.worth) == (PriceStatus(3), Decimal("0.25"))


@pytest.mark.parametrize(
    ("word", "may"), [(0, False), (1 | NOW << 8, True), (1 | (NOW - 1) << 8, False), (30 | NOW << 8, False)]
)
def test_a_permission_lasts_to_its_last_second(word, may):
    """As the vault reads its word."""
    assert may_deposit(word, NOW) is may
