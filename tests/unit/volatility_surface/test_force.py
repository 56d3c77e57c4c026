"""The guardian may distrust a surface for a bounded time."""

from dataclasses import astuple, replace

import pytest

from crossmargin.model.units import Ppm
from tests.helpers.options import DAY, HOUR, MAX_TENOR, PARAMS
from tests.helpers.reverts import reverts
from tests.unit.option_oracle.conftest import ETH

VALID, UNCERTAIN = 1, 3
BTC = 2


@pytest.fixture
def distrusted(surface, post, guardian, start, warp):
    """Post a slice and distrust it for an hour, a minute later; gives the time of the distrust."""
    warp(start)
    post(30)
    at = warp(start + 60)
    surface.forceUncertain(ETH, HOUR, sender=guardian)
    return at


def test_force_uncertain_holds_and_ends(oracle, surface, node, option, distrusted):
    """From its block on, to the second before its end; the mark stays where it is."""
    with node.calls_at(distrusted):
        assert oracle.mark(option()).status == UNCERTAIN
        price = oracle.mark(option()).price
    with node.calls_at(distrusted + HOUR - 1):
        assert oracle.mark(option()).status == UNCERTAIN
        assert oracle.volatilityOf(option()).status == UNCERTAIN
    with node.calls_at(distrusted - 60 + PARAMS.max_age):
        assert oracle.mark(option()).status == UNCERTAIN
    assert price > 0
    assert surface.uncertainUntil(ETH) == distrusted + HOUR


def test_force_uncertain_ends_by_itself(oracle, surface, node, post, option, guardian, start, warp):
    """A slice that is young enough is Valid again."""
    warp(start)
    post(30)
    warp(start + 1)
    surface.forceUncertain(ETH, 60, sender=guardian)
    with node.calls_at(start + 60):
        assert oracle.mark(option()).status == UNCERTAIN
    with node.calls_at(start + 61):
        assert oracle.mark(option()).status == VALID


def test_force_uncertain_refuses_posts(surface, post, distrusted, warp, start):
    """Of every expiry of the underlying, until it is over."""
    before = surface.sliceOf(ETH, start + 30 * DAY)
    for before_end, days in ((60, 60), (30, 30)):
        warp(distrusted + HOUR - before_end)
        with reverts("SurfaceUncertain", underlying=ETH, until=distrusted + HOUR):
            post(days)
    assert surface.sliceOf(ETH, start + 30 * DAY) == before
    assert surface.expiriesOf(ETH) == [start + 30 * DAY]

    warp(distrusted + HOUR)
    post(60)
    assert surface.expiriesOf(ETH) == [start + 30 * DAY, start + 60 * DAY]


def test_force_uncertain_leaves_other_surfaces_alone(oracle, surface, probe, node, post, option, distrusted, governor):
    """Each underlying has its own."""
    probe.setPrice(BTC, 10**18, VALID, sender=governor)
    probe.setShocks(BTC, 50_000, 90_000, MAX_TENOR, sender=governor)
    surface.setOptionParams(BTC, astuple(PARAMS), sender=governor)
    receipt = post(30, underlying=BTC)
    with node.calls_at(receipt.time):
        assert oracle.mark(option(1, underlying=BTC)).status == VALID
    assert surface.uncertainUntil(BTC) == 0


def test_force_uncertain_widens_arrays_once_they_are_refreshed(
    guardian, oracle, surface, node, post, option, start, warp
):
    """To the default volatility and twice the shock; never valid."""
    warp(start)
    post(30)
    with node.calls_at(start + 10):
        trusted = oracle.arrayOf(option())
    warp(start + 10)
    surface.forceUncertain(ETH, HOUR, sender=guardian)
    with node.calls_at(start + 10):
        wide = oracle.arrayOf(option())
    assert (trusted.valid, wide.valid) == (True, False)
    up, down = 0, 1
    assert wide.lanes[up] > 2 * trusted.lanes[up] > 0
    assert wide.lanes[down] < trusted.lanes[down] < 0


def test_force_uncertain_never_shortens(surface, guardian, distrusted, warp):
    """A guardian may only tighten."""
    warp(distrusted + 60)
    receipt = surface.forceUncertain(ETH, HOUR - 120, sender=guardian)
    assert surface.uncertainUntil(ETH) == distrusted + HOUR
    assert receipt.events("SurfaceForced") == []

    receipt = surface.forceUncertain(ETH, 7 * DAY, sender=guardian)
    end = receipt.time + 7 * DAY
    assert surface.uncertainUntil(ETH) == end
    event = receipt.event("SurfaceForced")
    assert (event.underlying, event.until) == (ETH, end)


def test_parameters_and_distrust_do_not_touch_each_other(surface, guardian, governor, distrusted):
    """They share a slot."""
    assert tuple(surface.optionParams(ETH).values()) == astuple(PARAMS)
    greatest = replace(PARAMS, max_carry=Ppm(1_000_000))
    surface.setOptionParams(ETH, astuple(greatest), sender=governor)
    assert surface.uncertainUntil(ETH) == distrusted + HOUR
    surface.forceUncertain(ETH, DAY, sender=guardian)
    assert tuple(surface.optionParams(ETH).values()) == astuple(greatest)


def test_force_uncertain_rejects_long_duration(surface, guardian, distrusted):
    """At most 7 days."""
    with reverts("DurationTooLong", duration=7 * DAY + 1, limit=7 * DAY):
        surface.forceUncertain(ETH, 7 * DAY + 1, sender=guardian)
    assert surface.uncertainUntil(ETH) == distrusted + HOUR


def test_force_uncertain_reverts_without_parameters(surface, guardian):
    """There is no surface to distrust."""
    with reverts("UnknownUnderlying", underlying=9):
        surface.forceUncertain(9, HOUR, sender=guardian)
    assert surface.uncertainUntil(9) == 0


def test_force_uncertain_is_restricted(surface, probe, other, distrusted):
    """The authority decides who may."""
    probe.refuse(other, sender=other)
    with reverts("AccessManagedUnauthorized", caller=other):
        surface.forceUncertain(ETH, DAY, sender=other)
    assert surface.uncertainUntil(ETH) == distrusted + HOUR
