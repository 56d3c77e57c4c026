"""What a relayer has sent: decided from what both chains have told, without a chain."""

from dataclasses import replace

import pytest

from crossmargin.crosschain import decide
from crossmargin.crosschain.envelopes import Envelope
from crossmargin.crosschain.facts import Fact, hub_ledger
from crossmargin.crosschain.mail import Parcel, parcel_of
from crossmargin.crosschain.messages import AccountReport, HubBeat, RedemptionReport, SpokeBeat, encode
from crossmargin.crosschain.purses import Purse, purse_of
from crossmargin.crosschain.worth import tells
from crossmargin.model.units import MAX_UINT256
from tests.helpers.relayer_sights import (
    ACCOUNT,
    CLAIM,
    ENDS,
    HUB,
    HUB_END,
    NOW,
    RECIPIENT,
    ROUTE,
    SPOKE,
    SPOKE_END,
    STATE,
    TOKEN,
    lock,
    reported,
    sight,
    told,
)


def named(calls):
    """Write calls shortly."""
    return [(call.domain, call.function, call.arguments, call.fee_for) for call in calls]


BOTH_BEATS = [(SPOKE, "beat", (TOKEN,), HUB), (HUB, "sendBeat", (SPOKE,), SPOKE)]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ((), BOTH_BEATS),
        ((SpokeBeat(TOKEN, 18, 0, 0, 0, NOW - 299), HubBeat(NOW - 299)), []),
        ((SpokeBeat(TOKEN, 18, 0, 0, 0, NOW - 300), HubBeat(NOW - 299)), BOTH_BEATS[:1]),
        ((HubBeat(NOW - 300), HubBeat(NOW - 10), SpokeBeat(TOKEN, 18, 0, 0, 0, NOW)), []),
    ],
)
def test_both_ends_tell_that_they_live(messages, expected):
    """Each by its own chain's clock, once a period."""
    assert named(decide.beats_due(sight(*messages), 300)) == expected


def test_no_beat_without_a_period_or_a_node():
    """A chain whose node does not answer has no time."""
    assert named(decide.beats_due(sight(), 0)) == []
    assert named(decide.beats_due(sight(times={HUB: NOW}), 300)) == BOTH_BEATS[1:]


LOCKED = ("Locked", {"token": TOKEN, "account": ACCOUNT, "sequence": 2})
LOCKED_AGAIN = ("Locked", {"token": TOKEN, "account": ACCOUNT, "sequence": 3})


@pytest.mark.parametrize(
    ("messages", "hub", "spoke", "due"),
    [
        ((lock(2, NOW),), (), (LOCKED,), False),
        ((lock(2, NOW - 899),), (), (LOCKED,), False),
        ((lock(2, NOW - 900),), (), (LOCKED,), True),
        ((lock(2, NOW - 900),), (reported(2, final=True),), (LOCKED,), False),
        ((lock(2, NOW - 900),), (reported(2, final=False),), (LOCKED,), True),
        ((lock(2, NOW),), (reported(2, final=True),), (LOCKED, LOCKED_AGAIN), True),
        ((lock(2, NOW - 900),), (reported(2, final=True), ("ReportsForgotten", {"route": 1, "account": ACCOUNT})),
         (LOCKED,), True),
        ((), (), (LOCKED,), True),
    ],
)  # fmt: skip
def test_what_the_hub_does_not_know_is_reported_again(messages, hub, spoke, due):
    """Where no message tells of it, at once; where one does, after a while."""
    expected = [(SPOKE, "report", (TOKEN, ACCOUNT), HUB)] if due else []
    assert named(decide.reports_due(sight(*messages, hub=hub, spoke=spoke), 900)) == expected


REDEEMED = ("Redeemed", {"route": 1, "recipient": RECIPIENT, "total": 5})
HEARD = ("RedemptionHeard", {"token": TOKEN, "recipient": RECIPIENT, "redeemed": 5})


@pytest.mark.parametrize(
    ("messages", "spoke", "due"),
    [
        ((), (), True),
        ((), (HEARD,), False),
        ((RedemptionReport(TOKEN, RECIPIENT, 5, NOW - 899),), (), False),
        ((RedemptionReport(TOKEN, RECIPIENT, 5, NOW - 900),), (), True),
        ((RedemptionReport(TOKEN, RECIPIENT, 4, NOW),), (), True),
        (
            (RedemptionReport(TOKEN, RECIPIENT, 5, NOW - 900),),
            (HEARD, ("RedemptionCancelled", {"token": TOKEN, "recipient": RECIPIENT, "redeemed": 0})),
            True,
        ),
    ],
)
def test_spokes_are_told_whom_to_pay(messages, spoke, due):
    """Until they have heard it."""
    expected = [(HUB, "sendRedemption", (1, RECIPIENT), SPOKE)] if due else []
    assert named(decide.redemptions_due(sight(*messages, hub=(REDEEMED,), spoke=spoke), 900)) == expected


@pytest.mark.parametrize(
    ("locked", "heard", "due"),
    [({}, 3, True), ({1: 3}, 3, False), ({1: 4}, 3, True), ({1: 9}, 3, True), ({1: 0}, 0, False)],
)
def test_what_the_spoke_would_cut_again_is_not_sent_again(locked, heard, due):
    """It hears of no more than was ever locked there: a word of more says something new once more is locked."""
    said = RedemptionReport(TOKEN, RECIPIENT, 5, NOW - 900)
    known = [("RedemptionHeard", HEARD[1] | {"redeemed": heard})] if heard else []
    seen = sight(said, hub=(REDEEMED,), spoke=known, locked=locked)
    assert bool(list(decide.redemptions_due(seen, 900))) is due
    assert tells(seen, told(said)) is due


def test_what_is_heard_and_not_paid_is_pushed():
    """In parts, where the bucket pays so."""
    paid = [("Paid", {"token": TOKEN, "recipient": RECIPIENT, "amount": amount}) for amount in (2, 3)]
    expected = [(SPOKE, "pay", (TOKEN, RECIPIENT), None)]
    assert named(decide.payments_due(sight(spoke=(HEARD,)))) == expected
    assert named(decide.payments_due(sight(spoke=(HEARD, paid[0])))) == expected
    assert named(decide.payments_due(sight(spoke=(HEARD, *paid)))) == []
    assert named(decide.payments_due(sight(spoke=(HEARD,), times={HUB: NOW}))) == []


@pytest.mark.parametrize(
    ("claim", "route", "due"),
    [
        (CLAIM, ROUTE, True),
        (replace(CLAIM, claimable=0), ROUTE, False),
        (replace(CLAIM, next_credit_at=NOW + 1), ROUTE, False),
        (replace(CLAIM, next_credit_at=NOW), ROUTE, True),
        (CLAIM, replace(ROUTE, paused_until=NOW + 1), False),
        (CLAIM, replace(ROUTE, paused_until=NOW), True),
        (CLAIM, replace(ROUTE, heard_at=NOW - 86_400), True),
        (CLAIM, replace(ROUTE, heard_at=NOW - 86_401), False),
        (CLAIM, replace(ROUTE, shortage=1), False),
    ],
)
def test_what_may_be_credited_is_pushed(claim, route, due):
    """Not while the route credits nobody, nor before an account's turn in the queue."""
    expected = [(HUB, "credit", (1, ACCOUNT), None)] if due else []
    assert named(decide.credits_due(sight(routes=[route]), {(1, ACCOUNT): claim})) == expected


@pytest.mark.parametrize(("claimable", "due"), [(3, False), (4, True), (9, True)])
def test_parts_of_a_long_queue_are_pushed_once_they_are_worth_it(claimable, due):
    """The least that may be locked; and the rest of a claim, whatever it is."""
    claim = replace(CLAIM, claimable=claimable)
    pushed = list(decide.credits_due(sight(least={1: 4}), {(1, ACCOUNT): claim}))
    assert bool(pushed) is due
    assert list(decide.credits_due(sight(least={1: 4}), {(1, ACCOUNT): replace(claim, waiting=claimable)}))


def test_of_smaller_parts_one_a_route_is_pushed():
    """Who has waited longest since his last one; of those who had none, the largest. Else nobody ever pushed them."""
    part = replace(CLAIM, claimable=1)
    claims = {
        (1, ACCOUNT): replace(part, next_credit_at=NOW - 1),
        (1, ACCOUNT + 1): part,
        (1, ACCOUNT + 2): replace(part, claimable=2),
        (1, ACCOUNT + 3): replace(part, claimable=3, next_credit_at=NOW + 1),
        (1, ACCOUNT + 4): replace(part, claimable=0),
        (1, ACCOUNT + 5): replace(part, claimable=4),
        (2, ACCOUNT): part,
        (3, ACCOUNT): part,
    }
    routes = [ROUTE, replace(ROUTE, number=2), replace(ROUTE, number=3, shortage=1)]
    seen = sight(routes=routes, least={1: 4, 2: 4, 3: 4})
    assert named(decide.credits_due(seen, claims)) == [(HUB, "credit", (1, ACCOUNT + 5), None)]
    expected = [(HUB, "credit", key, None) for key in ((1, ACCOUNT + 2), (2, ACCOUNT))]
    assert named(decide.tails_due(seen, claims)) == expected


def test_each_kind_of_message_has_a_purse_of_its_own():
    """On both ways: what is sent, what is delivered, and what is pushed for it."""
    seen = sight(hub=(REDEEMED,), spoke=(LOCKED, HEARD))
    found = {
        Purse.BEATS: decide.beats_due(seen, 300),
        Purse.LOCKS: [*decide.reports_due(seen, 900), *decide.credits_due(seen, {(1, ACCOUNT): CLAIM})],
        Purse.REDEMPTIONS: [*decide.redemptions_due(sight(hub=(REDEEMED,)), 900), *decide.payments_due(seen)],
        Purse.ACCOUNTS: decide.accounts_due(seen, {(1, ACCOUNT): STATE}, 60),
    }
    messages = [SpokeBeat(TOKEN, 18, 0, 0, 0, 1), lock(1, 1), RedemptionReport(TOKEN, RECIPIENT, 5, 1), account()]
    for (purse, calls), message in zip(found.items(), messages, strict=True):
        assert {call.purse for call in calls} == {purse}
        assert purse_of(message) == purse
    assert purse_of(HubBeat(1)) == Purse.BEATS


def test_what_was_given_back_is_paid():
    """Nothing of it is pushed."""
    settled = ("RedemptionSettled", {"token": TOKEN, "account": ACCOUNT, "recipient": RECIPIENT, "amount": 5})
    assert named(decide.payments_due(sight(spoke=(HEARD, settled)))) == []


def test_waiting_is_what_is_locked_and_not_credited():
    """By the hub's events; what was taken back waits no longer."""
    for name in ("Reclaimed", "ExitSettled"):
        gone = (name, {"route": 1, "account": ACCOUNT, "amount": 10})
        assert hub_ledger([Fact(*reported(1, final=True)), Fact(*gone)]).waiting() == []
    credited = ("Credited", {"route": 1, "account": ACCOUNT, "amount": 10})
    assert hub_ledger([Fact(*reported(1, final=True))]).waiting() == [(1, ACCOUNT)]
    assert hub_ledger([Fact(*reported(1, final=True)), Fact(*credited)]).waiting() == []


def test_who_waits_is_asked_for_where_somebody_may_be_credited():
    """Neither of a paused route nor while the hub's node is down."""
    seen = sight(hub=[reported(1, final=True)])
    assert decide.waiting(seen) == [(1, ACCOUNT)]
    assert decide.waiting(replace(seen, routes=[replace(ROUTE, paused_until=NOW + 1)])) == []
    assert decide.waiting(replace(seen, times={SPOKE: NOW})) == []


def test_states_are_asked_for_once_a_period():
    """Of accounts with a lock, on a chain that answers; never without a period."""
    seen = sight(account(time=NOW - 60), hub=[reported(1, final=True)])
    assert decide.tellable(seen, 60) == [(ROUTE, ACCOUNT)]
    assert decide.tellable(seen, 61) == []
    assert decide.tellable(seen, 0) == []
    assert decide.tellable(replace(seen, times={HUB: NOW}), 60) == []


def account(**changes):
    """Tell of the account as it stands, but for what is named."""
    fields = {"held": 10, "waiting": 0, "health": 2 * 10**18, "free_margin": 1_000, "owes": True, "time": NOW - 60}
    return AccountReport(TOKEN, ACCOUNT, **(fields | changes))


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (account(), False),
        (account(held=9), True),
        (account(held=9, time=NOW - 59), False),
        (account(owes=False), True),
        (account(waiting=1), True),
        (account(health=19 * 10**17), True),
        (account(health=195 * 10**16), False),
        (account(health=MAX_UINT256), True),
        (account(free_margin=960), False),
        (account(free_margin=-1_000), True),
    ],
)
def test_accounts_that_have_changed_are_told_of(last, due):
    """Amounts to the unit, margins by a twentieth, and not more often than once in a period."""
    expected = [(HUB, "sendAccount", (1, ACCOUNT), SPOKE)] if due else []
    seen = sight(*([] if last is None else [last]))
    assert named(decide.accounts_due(seen, {(1, ACCOUNT): STATE}, 60)) == expected


@pytest.mark.parametrize(
    ("sender", "receiver", "body"),
    [
        (TOKEN, HUB_END, encode(lock(1, NOW))),
        (SPOKE_END, TOKEN, encode(lock(1, NOW))),
        (SPOKE_END, HUB_END, b"x"),
    ],
)
def test_messages_of_others_are_not_carried(sender, receiver, body):
    """Between the two ends only, and only what they say."""
    assert parcel_of("signers", Envelope(SPOKE, 1, HUB, sender, receiver, body), ENDS) is None
    good = Envelope(SPOKE, 1, HUB, SPOKE_END, HUB_END, encode(lock(1, NOW)))
    assert parcel_of("signers", good, ENDS) == Parcel("signers", good, lock(1, NOW))
