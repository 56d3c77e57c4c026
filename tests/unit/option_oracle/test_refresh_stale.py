"""What is not recent is refreshed, what is recent is left alone."""

import pytest

from tests.helpers.options import DAY, SMILE
from tests.helpers.reverts import reverts, unchanged
from tests.unit.option_oracle.conftest import ETH, PRICE

VALID, STALE = 1, 2


@pytest.fixture
def refreshed(oracle, post, option, start, warp, other):
    """Post a slice and refresh a call, a minute later; gives the call's id and the time."""
    warp(start)
    post(30)
    at = warp(start + 60)
    oracle.refresh([option()], sender=other)
    return option(), at


@pytest.fixture
def times(oracle, other, warp):
    """Refresh what is stale at a time; gives the time that the array has then."""

    def send(id_: int, at: int) -> int:
        warp(at)
        oracle.refreshStale([id_], sender=other)
        return oracle.arrayOf(id_).time

    return send


def test_recent_for_ten_minutes(refreshed, times):
    """600 seconds, and not one more."""
    id_, at = refreshed
    assert times(id_, at + 600) == at
    assert times(id_, at + 601) == at + 601


@pytest.mark.parametrize("sign", [1, -1])
def test_recent_within_a_ten_thousandth_of_the_index(refreshed, times, probe, other, sign):
    """Either way, to the wei."""
    id_, at = refreshed
    probe.setPrice(ETH, PRICE + sign * PRICE // 10_000, VALID, sender=other)
    assert times(id_, at + 10) == at
    probe.setPrice(ETH, PRICE + sign * (PRICE // 10_000 + 1), VALID, sender=other)
    assert times(id_, at + 20) == at + 20


def test_not_recent_after_a_post(refreshed, times, post, warp):
    """A new slice makes an array old, in another second."""
    id_, at = refreshed
    warp(at + 10)
    post(30, a=SMILE.a + 1_000)
    assert times(id_, at + 20) == at + 20
    assert times(id_, at + 30) == at + 20


def test_not_recent_in_the_second_of_the_post(oracle, post, option, start, warp, other, times):
    """It may have been computed before the post, so that another second has to tell."""
    warp(start)
    post(30)
    warp(start)
    oracle.refresh([option()], sender=other)
    assert oracle.arrayOf(option()).time == start
    assert times(option(), start + 1) == start + 1
    assert times(option(), start + 2) == start + 1


def test_never_recent_unless_valid(refreshed, times, probe, other):
    """While index or slice is not Valid, for it may have become worse since, and once they are again."""
    id_, at = refreshed
    probe.setPrice(ETH, PRICE, STALE, sender=other)
    assert times(id_, at + 10) == at + 10
    assert times(id_, at + 20) == at + 20
    probe.setPrice(ETH, PRICE, VALID, sender=other)
    assert times(id_, at + 30) == at + 30
    assert times(id_, at + 40) == at + 30


def test_not_recent_without_its_slice(guardian, governor, oracle, surface, refreshed, times, warp, start):
    """A slice that was distrusted, then removed: the array of the distrust is not that of the default volatility."""
    id_, at = refreshed
    warp(at + 10)
    surface.forceUncertain(ETH, 60, sender=guardian)
    assert times(id_, at + 20) == at + 20
    distrusted = oracle.arrayOf(id_).mark
    surface.removeSlice(ETH, start + 30 * DAY, sender=governor)
    assert times(id_, at + 30) == at + 30
    assert oracle.arrayOf(id_).mark != distrusted


def test_not_recent_when_the_guardian_distrusts_the_surface(guardian, oracle, surface, refreshed, times, warp):
    """Nor when that is over."""
    id_, at = refreshed
    warp(at + 10)
    surface.forceUncertain(ETH, 60, sender=guardian)
    assert times(id_, at + 20) == at + 20
    assert not oracle.arrayOf(id_).valid
    assert times(id_, at + 70) == at + 70
    assert oracle.arrayOf(id_).valid


def test_not_recent_across_the_expiry(oracle, post, option, start, warp, other, times):
    """What was computed before knows a time value."""
    warp(start + 30 * DAY - 10)
    post(30)
    at = warp(start + 30 * DAY - 5)
    oracle.refresh([option()], sender=other)
    assert times(option(), start + 30 * DAY - 1) == at
    assert times(option(), start + 30 * DAY) == start + 30 * DAY
    assert times(option(), start + 30 * DAY + 5) == start + 30 * DAY


def test_left_alone_once_the_payoff_is_known(oracle, probe, post, option, start, warp, other, times):
    """Nothing reads the array any more; another expiry's is not meant."""
    post(30)
    later = option(days=60)
    for id_ in (option(), later):
        oracle.refresh([id_], sender=other)
    before = oracle.arrayOf(option()).time
    warp(start + 30 * DAY)
    probe.setAverage(PRICE, sender=other)
    assert times(option(), start + 30 * DAY + 5) == before
    assert times(later, start + 30 * DAY + 10) == start + 30 * DAY + 10


def test_not_recent_if_never_refreshed(oracle, post, option, other):
    """Computed arrays are none that are stored."""
    post(30)
    receipt = oracle.refreshStale([option()], sender=other)
    assert [event["args"].id for event in receipt.events("ArrayRefreshed")] == [option()]
    assert oracle.arrayOf(option()).time == receipt.time


def test_refreshes_as_refresh_does(oracle, node, post, option, start, warp, other):
    """Those that need it, of several; the words are those of a refresh."""
    warp(start)
    post(30)
    fresh, old, never = option(), option(1_800), option(2_200, is_put=True)
    oracle.refresh([old], sender=other)
    warp(start + 500)
    oracle.refresh([fresh], sender=other)
    at = start + 700
    with node.calls_at(at):
        expected = oracle.wordsAt([old, PRICE, never, PRICE])
    warp(at)
    receipt = oracle.refreshStale([fresh, old, never, old], sender=other)

    found = [event["args"] for event in receipt.events("ArrayRefreshed")]
    assert [event.id for event in found] == [old, never]
    assert [word for event in found for word in (event.meta, event.nodes)] == expected


def test_reverts_in_an_operation_only_where_there_is_something_to_do(oracle, probe, refreshed, option, other, warp):
    """So that a fill or a bid inside an operation can begin with it."""
    id_, at = refreshed
    probe.setGateOpen(True, sender=other)
    warp(at + 600)
    receipt = oracle.refreshStale([id_], sender=other)
    assert receipt.events("ArrayRefreshed") == []

    ids = [id_, option(1_800)]
    with unchanged(lambda: oracle.words(ids[:1])), reverts("OperationOpen"):
        oracle.refreshStale(ids, sender=other)


def test_reverts_as_refresh_does(oracle, option, other):
    """For what is no option, or has no parameters."""
    with reverts("NotAnOption", id=1 << 60 | ETH << 48):
        oracle.refreshStale([1 << 60 | ETH << 48], sender=other)
    with reverts("UnknownUnderlying", underlying=2):
        oracle.refreshStale([option(underlying=2)], sender=other)
