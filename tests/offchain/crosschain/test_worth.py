"""Which messages a relayer carries: whoever has many sent spends nothing of what it may spend."""

from dataclasses import replace

import pytest

from crossmargin.crosschain.messages import AccountReport, HubBeat, LockReport, RedemptionReport, SpokeBeat
from crossmargin.crosschain.settings import KeySettings, RelaySettings
from crossmargin.crosschain.worth import carried, lasting, period_of, tells, thinned
from tests.helpers.relayer_sights import (
    ACCOUNT,
    NOW,
    RECIPIENT,
    TOKEN,
    lock,
    reported,
    sight,
    told,
)

STRANGE = RECIPIENT
"""A token that has no route."""


def beat(time, token=TOKEN):
    """Have a spoke tell that it lives."""
    return SpokeBeat(token, 18, 0, 0, 0, time)


def account(owner=ACCOUNT, token=TOKEN):
    """Have the hub tell how an account stands."""
    return AccountReport(token, owner, 0, 0, 0, 0, False, NOW)


@pytest.mark.parametrize(
    ("message", "hub", "spoke", "expected"),
    [
        (lock(2, NOW), [reported(1, final=True)], [], True),
        (lock(2, NOW), [reported(2, final=True)], [], False),
        # nobody has ever locked anything for the account
        (lock(0, NOW), [], [], False),
        (LockReport(STRANGE, ACCOUNT, 1, 10, 0, NOW), [], [], False),
        # fast word is not final, and what was undone has to be told
        (lock(2, NOW), [reported(2, final=False)], [], True),
        (lock(1, NOW), [reported(1, final=True), reported(2, final=False)], [], True),
        (lock(2, NOW), [reported(2, final=False), reported(2, final=True)], [], False),
        # what was forgotten is told again
        (lock(2, NOW), [reported(2, final=True), ("ReportsForgotten", {"route": 1, "account": ACCOUNT})], [], True),
        (beat(NOW), [], [], True),
        (beat(NOW, STRANGE), [], [], False),
        (HubBeat(NOW), [], [], True),
        (RedemptionReport(TOKEN, RECIPIENT, 5, NOW), [], [], True),
        (RedemptionReport(TOKEN, RECIPIENT, 0, NOW), [], [], False),
        (
            RedemptionReport(TOKEN, RECIPIENT, 5, NOW),
            [],
            [("RedemptionHeard", {"token": TOKEN, "recipient": RECIPIENT, "redeemed": 5})],
            False,
        ),
        (account(), [reported(1, final=True)], [], True),
        (account(ACCOUNT + 1), [reported(1, final=True)], [], False),
        (account(token=STRANGE), [reported(1, final=True)], [], False),
    ],
)
def test_only_what_the_other_end_does_not_know_is_carried(message, hub, spoke, expected):
    """What tells nothing costs nothing."""
    assert tells(sight(hub=hub, spoke=spoke), told(message)) is expected


def by(transport, message):
    """Send a message by a transport."""
    return replace(told(message), transport=transport)


def test_of_many_beats_in_a_period_each_transport_brings_the_first():
    """Two whose signers are not equally fast agree all the same."""
    times = [900, 912, 1_000, 1_049, 1_050, 1_051, 1_060]
    sent = [by(transport, beat(time)) for time in times for transport in ("one", "two")]
    kept = [(each.transport, each.message.time) for each in thinned(sent, lambda _: 150)]
    assert kept == [("one", 900), ("two", 900), ("one", 1_050), ("two", 1_050)]


def test_what_one_transport_refused_is_not_what_both_bring():
    """The first that most took."""
    sent = [by("one", beat(900)), *(by(transport, beat(910)) for transport in ("one", "two"))]
    assert [each.message.time for each in thinned(sent, lambda _: 150)] == [910, 910]


def test_copies_of_one_are_no_reason_to_bring_it():
    """Whoever sends one message often in a block, and then another more often, has one of them delivered."""
    sent = [by(transport, beat(900)) for transport in ("one", "two")]
    sent += [by("one", beat(time)) for time in (910, 910, 910, 920, 920, 920, 920)]
    assert [each.message.time for each in thinned(sent, lambda _: 150)] == [900, 900]


@pytest.mark.parametrize(
    ("changes", "message", "period"),
    [
        ({"heartbeat": 300}, beat(NOW), 150),
        ({"heartbeat": 1}, beat(NOW), 1),
        ({"heartbeat": 0, "resend": 600}, HubBeat(NOW), 300),
        ({"account_period": 60}, account(), 60),
        ({"resend": 600}, lock(1, NOW), 600),
        ({"resend": 600}, RedemptionReport(TOKEN, RECIPIENT, 5, NOW), 600),
    ],
)
def test_every_period_is_a_second_at_least(changes, message, period):
    """Beats of others are carried where none are sent, and not each of them."""
    assert period_of(RelaySettings(key=KeySettings(), **changes), message) == period


def test_who_tells_of_no_accounts_carries_nothing_of_them():
    """Others may have them told of in each block."""
    seen, sent = sight(hub=[reported(1, final=True)]), [told(account()), told(HubBeat(NOW))]
    relay = RelaySettings(key=KeySettings())
    assert carried(seen, relay, sent) == sent
    assert carried(seen, relay.model_copy(update={"account_period": 0}), sent) == sent[1:]


def test_what_is_forgotten_is_neither_missed_nor_taken_for_new():
    """Of old messages the one that was carried stays, though another of its period came after it."""
    times = [100, 120, 400, 410, 420]
    sent = [by(transport, beat(time)) for time in times for transport in ("one", "two")] + [told(HubBeat(50))]
    kept = [each for each in sent if each in lasting(sent, lambda _: 150, 1_000)]
    assert [(each.transport, each.message.time) for each in kept] == [("one", 400), ("two", 400), ("signers", 50)]
    assert thinned(kept, lambda _: 150) == kept
    assert lasting(sent, lambda _: 150, 410) == {each for each in sent if each.message.time in {50, 400, 410, 420}}


def test_each_lock_is_told_at_once():
    """What says more is not thinned out."""
    sent = [told(lock(sequence, 900 + place)) for place, sequence in enumerate((1, 1, 2, 2, 3))]
    assert [each.message.sequence for each in thinned(sent, lambda _: 3_600)] == [1, 2, 3]
