"""A everything changes only by slices that are in range, free of arbitrage, in small steps and not too often."""

from dataclasses import replace

import pytest

from crossmargin.model.surface import WINGS, Slice, grid, total, volatility
from crossmargin.model.units import YEAR
from tests.helpers.options import DAY, HOUR, MAX_TENOR, PARAMS, SMILE
from tests.helpers.reverts import ANY, reverts, unchanged
from tests.unit.option_oracle.conftest import ETH


@pytest.fixture
def everything(surface, start):
    """Read everything a post may change."""
    return lambda: (surface.expiriesOf(ETH), [surface.sliceOf(ETH, start + days * DAY) for days in range(100)])


def test_post_stores_the_slice(surface, post, start):
    """With its time, and an event."""
    receipt = post(30)

    event = receipt.event("SlicePosted")
    assert (event.underlying, event.expiry) == (ETH, start + 30 * DAY)
    stored = surface.sliceOf(ETH, start + 30 * DAY)
    assert stored.slice == event.slice
    assert tuple(stored.slice.values()) == (SMILE.a, SMILE.b, SMILE.rho, SMILE.m, SMILE.sigma, SMILE.carry)
    assert stored.postedAt == receipt.time
    assert surface.expiriesOf(ETH) == [start + 30 * DAY]


def test_post_keeps_negative_fields(surface, post, start):
    """Signed fields keep their sign in storage."""
    post(30, a=-1_000, m=-50_000, carry=-100_000)

    stored = surface.sliceOf(ETH, start + 30 * DAY).slice
    assert (stored.a, stored.rho, stored.m, stored.carry) == (-1_000, -300_000, -50_000, -100_000)


def test_post_keeps_expiries_ascending_and_drops_those_that_are_over(surface, post, start, warp):
    """However they come."""
    for days in (30, 10, 20):
        post(days)
    assert surface.expiriesOf(ETH) == [start + days * DAY for days in (10, 20, 30)]

    warp(start + 20 * DAY)
    post(25)

    assert surface.expiriesOf(ETH) == [start + days * DAY for days in (25, 30)]


def test_post_is_restricted(probe, post, surface, other, everything, start):
    """The authority decides who may."""
    probe.refuse(other, sender=other)

    with unchanged(everything), reverts("AccessManagedUnauthorized", caller=other):
        surface.post(ETH, start + DAY, (50_000, 100_000, 0, 0, 200_000, 0), sender=other)


def test_post_reverts_without_parameters(post, everything, surface):
    """An underlying without option parameters has no surface."""
    with unchanged(everything), reverts("UnknownUnderlying", underlying=2):
        post(underlying=2)


@pytest.mark.parametrize(
    ("changes", "value", "limit"),
    [
        ({"rho": 1_000_000}, 1_000_000, 999_999),
        ({"rho": -1_000_000}, -1_000_000, -999_999),
        ({"sigma": 0}, 0, 1),
        ({"a": 0, "b": 0}, 0, 10**14),
        ({"a": 99, "b": 0}, 99 * 10**12, 10**14),
        ({"carry": 300_001}, 300_001, 300_000),
        ({"carry": -300_001}, -300_001, -300_000),
    ],
)
def test_post_reverts_out_of_range(post, everything, changes, value, limit):
    """Each parameter has its range."""
    with unchanged(everything), reverts("SliceOutOfRange", value=value, limit=limit):
        post(**changes)


def test_post_reverts_at_an_expiry_that_is_over(post, everything, start, warp):
    """Not even in the second of the expiry."""
    warp(start)

    with unchanged(everything), reverts("ExpiryOutOfRange", expiry=start, limit=start):
        post(0)


def test_post_reverts_off_the_hour(post, everything, start):
    """Instruments expire at whole hours."""
    with unchanged(everything), reverts("ExpiryOutOfRange", expiry=start + 1, limit=start):
        post(expiry=start + 1)


def test_post_reverts_beyond_the_longest_tenor(post, everything, start, warp):
    """Nothing could be listed there."""
    now = warp(start + 5)
    expiry = start + MAX_TENOR + HOUR

    with unchanged(everything), reverts("ExpiryOutOfRange", expiry=expiry, limit=now + MAX_TENOR):
        post(expiry=expiry)


def test_post_reverts_with_a_butterfly(post, everything, start, warp):
    """A smile too steep for its width has a negative density."""
    now = warp(start)
    bad = replace(SMILE, a=1_000, b=3_000_000, rho=0, sigma=1_000)
    tau = 365 * DAY
    k, g = next((k, g) for k in grid(bad, tau) if (g := bad.durrleman(k, tau)) < -(10**16))

    with unchanged(everything), reverts("ButterflyArbitrage", k=k, g=g, limit=-(10**16)):
        post(365, a=bad.a, b=bad.b, rho=bad.rho, sigma=bad.sigma)

    assert now == start


def test_post_reverts_with_calendar_arbitrage(post, everything, start, warp):
    """Total variance falls neither to the next expiry nor from the last."""
    post(30)
    now = warp(start)
    low = Slice(10_000, 0, 0, 0, 200_000)
    tau, k = 31 * DAY, grid(low, 31 * DAY)[0]
    near, far = total(SMILE.variance(k), 30 * DAY), total(low.variance(k), tau)
    with unchanged(everything), reverts("CalendarArbitrage", k=k, nearer=near, further=far):
        post(31, a=low.a, b=0, rho=0, carry=0)

    now = warp(now + 100)
    high = Slice(300_000, 0, 0, 0, 200_000)
    tau = 29 * DAY - 100
    k = next(k for k in grid(high, tau) if SMILE.variance(k) * (tau + DAY) * 100 < high.variance(k) * tau * 99)
    near, far = total(high.variance(k), tau), total(SMILE.variance(k), tau + DAY)
    with unchanged(everything), reverts("CalendarArbitrage", k=k, nearer=near, further=far):
        post(29, a=high.a, b=0, rho=0, carry=0)

    assert now == start + 100


def test_post_ignores_calendar_neighbours_that_are_over(post, surface, start, warp):
    """An expiry in the past bounds nothing."""
    post(10, a=300_000)
    warp(start + 10 * DAY)

    post(11, a=10_000, b=0)

    assert surface.expiriesOf(ETH) == [start + 11 * DAY]


def test_post_reverts_with_a_step_too_large(post, everything, start, warp):
    """At each grid point volatility moves by a fifth at most."""
    warp(start)
    post(30)
    warp(start + 60)
    high = replace(SMILE, a=2 * SMILE.a)
    k = next(
        k
        for k in grid(high, 30 * DAY - 60)
        if volatility(high.variance(k)) * 10**6 > volatility(SMILE.variance(k)) * (10**6 + PARAMS.max_step)
    )
    steps = {"from": volatility(SMILE.variance(k)), "to": volatility(high.variance(k))}

    with unchanged(everything), reverts("StepTooLarge", k=k, **steps):
        post(30, a=high.a)


def test_post_checks_the_step_on_the_grid_of_the_last_slice(post, everything, start, warp):
    """A slice of little volatility at the money has a narrow grid: what it does outside was inside before."""
    last = Slice(250_000, 200_000, 0, 0, 200_000)
    new = Slice(178_000, 380_000, 0, 0, 200_000)
    warp(start)
    post(7, a=last.a, b=last.b, rho=0, carry=0)
    warp(start + 60)
    tau = 7 * DAY - 60

    def steps(k):
        before, after = volatility(last.variance(k)), volatility(new.variance(k))
        return abs(after - before) * 10**6 - before * PARAMS.max_step

    assert max(map(steps, (*grid(new, tau), *WINGS))) > 0
    k = next(k for k in (*grid(new, tau), *WINGS, *grid(last, tau)) if steps(k) > 0)
    found = {"from": volatility(last.variance(k)), "to": volatility(new.variance(k))}
    with unchanged(everything), reverts("StepTooLarge", k=k, **found):
        post(7, a=new.a, b=new.b, rho=0, carry=0)


def test_post_reverts_with_a_step_in_the_wings(post, everything, start, warp):
    """What is flat at the money could bend up beyond three deviations: seen as far as strikes are listed."""
    flat = Slice(360_000, 0, 0, 0, 1_000)
    bent = Slice(270_000, 300_000, 0, 0, 300_000)
    warp(start)
    post(7, a=flat.a, b=0, rho=0, sigma=1_000, carry=0)
    warp(start + 60)
    tau = 7 * DAY - 60
    assert all(volatility(bent.variance(k)) * 20 < 21 * volatility(flat.variance(k)) for k in grid(bent, tau))

    steps = {"from": 6 * 10**17, "to": volatility(bent.variance(WINGS[0]))}
    with unchanged(everything), reverts("StepTooLarge", k=WINGS[0], **steps):
        post(7, a=bent.a, b=bent.b, rho=0, sigma=bent.sigma, carry=0)


def test_post_reverts_with_a_butterfly_in_the_wings(post, everything):
    """A first post has no step to miss, and may not bend the wings either."""
    bad = Slice(360_000, 50_000_000, 999_999, 250_104, 1_000)
    tau = 7 * DAY
    assert all(bad.durrleman(k, tau) >= -(10**16) for k in grid(bad, tau))
    assert any(bad.durrleman(k, tau) < -(10**16) for k in WINGS)

    with unchanged(everything), reverts("ButterflyArbitrage", k=ANY, g=ANY, limit=-(10**16)):
        post(7, a=bad.a, b=bad.b, rho=bad.rho, m=bad.m, sigma=bad.sigma, carry=0)


def test_post_reverts_with_a_step_of_the_forward(surface, post, everything, start, warp):
    """A year out 1 % a year more is 1 % of the index: a fifth of the shock of 5 %, and no more."""
    warp(start)
    post(365, carry=0)
    warp(start + 60)
    tau = 365 * DAY - 60
    with unchanged(everything), reverts("ForwardStepTooLarge", moved=-(-10_001 * tau // YEAR), limit=10_000):
        post(365, carry=10_001)
    with unchanged(everything), reverts("ForwardStepTooLarge", moved=-(-10_001 * tau // YEAR), limit=10_000):
        post(365, carry=-10_001)

    post(365, carry=10_000)
    assert surface.sliceOf(ETH, start + 365 * DAY).slice.carry == 10_000


def test_post_takes_any_step_once_the_last_has_expired(post, surface, start, warp):
    """After the expiry age nothing is known of the volatility."""
    warp(start)
    post(30)
    warp(start + PARAMS.expiry_age)
    with reverts("StepTooLarge", k=ANY, to=ANY, **{"from": ANY}):
        post(30, a=10 * SMILE.a)
    warp(start + PARAMS.expiry_age + 1)
    post(30, a=10 * SMILE.a)

    assert surface.sliceOf(ETH, start + 30 * DAY).slice.a == 10 * SMILE.a


def test_post_reverts_before_the_interval_is_over(post, everything, start, warp):
    """A poster cannot walk far in small steps."""
    warp(start)
    post(30)
    now = warp(start + 59)
    with unchanged(everything), reverts("TooSoon", time=now, earliest=start + 60):
        post(30)

    warp(start + 60)
    post(30)


def test_post_reverts_with_too_many_slices(post, everything):
    """An underlying has 24 at most."""
    for days in range(1, 25):
        post(days)

    with unchanged(everything), reverts("TooManySlices", count=25, limit=24):
        post(25)
