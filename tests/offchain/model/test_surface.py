"""Posts of a surface that are refused, each for its rule, and how far a slice may be trusted."""

from dataclasses import replace
from math import log, sqrt

import pytest

from crossmargin.errors import SurfaceError
from crossmargin.model.prices import PriceStatus
from crossmargin.model.surface import WINGS, PostedSlice, Slice, check_post, grid, total, volatility
from crossmargin.model.units import PPM, WAD, YEAR
from tests.helpers.options import DAY, HOUR, MAX_TENOR, PARAMS, SMILE

NOW = 500_000 * HOUR
TAU = 73 * DAY
"""A fifth of a year."""
EXPIRY = NOW + TAU
SHOCK = 50_000


def post(checked, last=(), *, expiry=EXPIRY, age=HOUR, shock=SHOCK, params=PARAMS):
    """Post a slice now, where `last` are slices of an age: by expiry, or of the same one."""
    slices = last.items() if isinstance(last, dict) else [(expiry, each) for each in last]
    surface = [PostedSlice(each, at, NOW - age) for at, each in slices]
    check_post(PostedSlice(checked, expiry, NOW), surface, params, MAX_TENOR, shock)


def refusal(*args, **options):
    """Post a slice that is refused, and give rule, actual value and limit."""
    with pytest.raises(SurfaceError) as caught:
        post(*args, **options)
    return caught.value.rule, caught.value.actual, caught.value.limit


def mirrored(checked):
    """Turn a slice around the forward."""
    return replace(checked, rho=-checked.rho, m=-checked.m)


def durrleman(checked, k):
    """Give Durrleman's g a year before expiry in floating point, from the derivatives of the total variance."""
    a, b, rho, m, sigma = (each / PPM for each in (checked.a, checked.b, checked.rho, checked.m, checked.sigma))
    root = sqrt((k - m) ** 2 + sigma**2)
    w, slope = a + b * (rho * (k - m) + root), b * (rho + (k - m) / root)
    return (1 - k * slope / (2 * w)) ** 2 - slope**2 / 4 * (1 / w + 1 / 4) + b * sigma**2 / root**3 / 2


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"rho": PPM}, ("rho", PPM, PPM - 1)),
        ({"rho": -PPM}, ("rho", -PPM, PPM - 1)),
        ({"sigma": 0}, ("sigma", 0, 1)),
        ({"a": 99, "b": 0}, ("least variance", 99 * 10**12, 10**14)),
        ({"carry": 300_001}, ("carry", 300_001, 300_000)),
        ({"carry": -300_001}, ("carry", -300_001, 300_000)),
    ],
)
def test_each_parameter_has_its_range(changes, refused):
    """The smile itself is accepted, one step past each limit is not."""
    post(SMILE)
    assert refusal(replace(SMILE, **changes)) == refused


def test_expiry_is_a_whole_hour_ahead_within_the_longest_tenor():
    """Now is over, half an hour more is no instrument's, an hour past the longest is listed nowhere."""
    post(SMILE, expiry=NOW + MAX_TENOR)
    assert refusal(SMILE, expiry=NOW) == ("expiry", NOW, NOW)
    assert refusal(SMILE, expiry=NOW + 1_800) == ("expiry", NOW + 1_800, NOW)
    late = NOW + MAX_TENOR + HOUR
    assert refusal(SMILE, expiry=late) == ("expiry", late, NOW + MAX_TENOR)


def test_wings_reach_a_tenth_and_ten_times_the_forward():
    """Logarithms of 10, of its root, of the root of that and again, each way."""
    assert [each / WAD for each in WINGS] == [
        pytest.approx(sign * log(10) / part, abs=1e-17) for part in (1, 2, 4, 8) for sign in (-1, 1)
    ]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("part", "sharp"),
    [
        (1, Slice(a=94_300, b=78_600, rho=900_000, m=1_842_000, sigma=115_000)),
        (2, Slice(a=23_600, b=39_300, rho=900_000, m=921_000, sigma=57_600)),
        (4, Slice(a=5_890, b=19_600, rho=900_000, m=460_500, sigma=28_800)),
        (8, Slice(a=1_472, b=9_820, rho=900_000, m=230_300, sigma=14_400)),
    ],
)
def test_butterfly_in_a_wing_alone_is_refused(part, sharp, turned):
    """A year ahead, flat as far as the grid goes, then rising: where the rise is k w' = 2 w, g is -w'/2k - w'^2/16."""
    sharp = mirrored(sharp) if turned else sharp
    k = (-1 if turned else 1) * log(10) / part
    assert max(grid(sharp, YEAR)) < abs(k) * 0.8 * WAD
    assert all(durrleman(sharp, each / WAD) > 0 for each in grid(sharp, YEAR))

    rule, actual, limit = refusal(sharp, expiry=NOW + YEAR)

    assert rule == f"butterfly at {next(each for each in WINGS if abs(each - k * WAD) < PPM)}"
    assert actual / WAD == pytest.approx(durrleman(sharp, k), abs=1e-9)
    assert actual < limit == -WAD // 100


def test_butterfly_on_the_grid_is_refused():
    """A smile too steep for its width has a negative density next to its corner."""
    sharp = replace(SMILE, a=1_000, b=3_000_000, rho=0, sigma=1_000)
    k = next(each for each in grid(sharp, YEAR) if durrleman(sharp, each / WAD) < -0.01)
    rule, actual, limit = refusal(sharp, expiry=NOW + YEAR)
    assert (rule, limit) == (f"butterfly at {k}", -WAD // 100)
    assert actual / WAD == pytest.approx(durrleman(sharp, k / WAD), rel=1e-6)


def test_variance_grows_with_expiry_on_the_grid_but_not_in_the_wings():
    """Thirty days of 4 % and a tenth of |k| are more than sixty of 3.5 % beyond 0.3, of 1.9 % everywhere."""
    near = Slice(a=40_000, b=100_000, rho=0, m=0, sigma=1)
    soon, late = NOW + 30 * DAY, NOW + 60 * DAY
    flat = Slice(a=35_000, b=0, rho=0, m=0, sigma=1)
    assert max(grid(flat, 60 * DAY)) < 0.3 * WAD
    assert all(total(flat.variance(k), 60 * DAY) < total(near.variance(k), 30 * DAY) for k in WINGS[:4])
    post(flat, {soon: near}, expiry=late)
    post(near, {late: flat}, expiry=soon)
    low = replace(flat, a=19_000)
    k = grid(low, 60 * DAY)[0]
    further, nearer = 19_000 * 10**12 * 60 * DAY // YEAR, total(near.variance(k), 30 * DAY)
    assert refusal(low, {soon: near}, expiry=late) == (f"calendar at {k}", further, nearer)


FLAT = Slice(a=250_000, b=0, rho=0, m=0, sigma=1)
"""A volatility of a half."""


@pytest.mark.parametrize(("a", "met"), [(360_000, True), (360_010, False), (160_000, True), (159_990, False)])
def test_volatility_steps_by_a_fifth_at_most(a, met):
    """From 50 % to 60 % or 40 %, of the last one whichever way."""
    new = replace(FLAT, a=a)
    if met:
        post(new, [FLAT])
        return
    k = grid(new, TAU)[0]
    assert refusal(new, [FLAT]) == (f"step at {k}", volatility(a * 10**12), WAD // 2)


def test_step_counts_around_the_forwards_of_both_slices():
    """A corner of 10 % in 17 % that lies on the grid of one slice alone, at three of its deviations, seen from both.

    The other slice, round there, is above by more than a fifth, and its grid passes at -0.22 s and 0.2 s. After a shock
    the corner would be a butterfly.
    """
    calm = replace(PARAMS, vol_shock_initial=0)
    sharp = Slice(a=10_000, b=86_100, rho=0, m=232_400, sigma=100)
    blunt = Slice(a=11_000, b=103_300, rho=0, m=232_400, sigma=46_500)
    k = grid(sharp, TAU)[-1]
    assert abs(k - 232_400 * 10**12) < 10**14
    assert min(abs(each - k) for each in grid(blunt, TAU)) > 10**16
    low, high = (volatility(each.variance(k)) for each in (sharp, blunt))
    assert high > low * 12 // 10
    assert refusal(blunt, [sharp], params=calm) == (f"step at {k}", high, low)
    assert refusal(sharp, [blunt], params=calm) == (f"step at {k}", low, high)


@pytest.mark.parametrize("k", WINGS)
def test_step_counts_in_each_wing(k):
    """A corner of 10 % at a wing, a day ahead; where it is round, the variance there, and only there, is 1.6 of it.

    The grid ends at 0.04. The slope of 3 a / k times a roundness of k / 5 is 0.6 a.
    """
    width = abs(k) // 10**12
    sharp = Slice(a=10_000, b=3 * 10_000 * PPM // width, rho=0, m=k // 10**12, sigma=10)
    blunt = replace(sharp, sigma=width // 5)
    tomorrow = NOW + DAY
    assert max(*grid(sharp, DAY), *grid(blunt, DAY)) < WAD * 4 // 100
    low, high = (volatility(each.variance(k)) for each in (sharp, blunt))
    assert (high / low) ** 2 == pytest.approx(1.6, abs=1e-3)
    assert refusal(blunt, [sharp], expiry=tomorrow) == (f"step at {k}", high, low)
    assert refusal(sharp, [blunt], expiry=tomorrow) == (f"step at {k}", low, high)


@pytest.mark.parametrize("sign", [1, -1])
def test_forward_steps_by_a_fifth_of_the_shock_at_most(sign):
    """5 % of carry for a fifth of a year are 1 %, a fifth of 5 %; what moves rounds up, the limit down."""
    for carry in (50_000, 0, -100_000):
        moved = replace(FLAT, carry=carry + sign * 50_000)
        further = replace(moved, carry=moved.carry + sign)
        last = [replace(FLAT, carry=carry)]
        post(moved, last)
        assert refusal(further, last) == ("step of the forward", 10_001, 10_000)
        assert refusal(further, last, shock=SHOCK + 4) == ("step of the forward", 10_001, 10_000)
        post(further, last, shock=SHOCK + 5)
        assert refusal(moved, last, shock=SHOCK - 1) == ("step of the forward", 10_000, 9_999)


def test_forward_may_step_further_the_shorter_its_time():
    """A day ahead the largest carry moves it by 822 ppm; a year ahead one of 1 % uses up the limit."""
    far = {"expiry": NOW + YEAR}
    post(replace(FLAT, carry=300_000), [FLAT], expiry=NOW + DAY)
    assert refusal(replace(FLAT, carry=300_000), [FLAT], expiry=NOW + DAY, shock=4_105) == (
        "step of the forward",
        822,
        821,
    )
    post(replace(FLAT, carry=10_000), [FLAT], **far)
    assert refusal(replace(FLAT, carry=10_001), [FLAT], **far) == ("step of the forward", 10_001, 10_000)


def test_steps_are_of_one_expiry_until_its_slice_has_expired():
    """Six hours on any volatility and forward are new; those of another expiry never bound them."""
    far, high = replace(FLAT, carry=300_000), replace(FLAT, a=400_000)
    assert refusal(far, [FLAT], age=PARAMS.expiry_age)[0] == "step of the forward"
    assert refusal(high, [FLAT], age=PARAMS.expiry_age)[0] == f"step at {grid(high, TAU)[0]}"
    post(replace(high, carry=300_000), [FLAT], age=PARAMS.expiry_age + 1)
    post(replace(high, carry=300_000), {EXPIRY - DAY: FLAT})


def test_posts_keep_their_interval():
    """A minute apart, checked last."""
    post(FLAT, [FLAT], age=60)
    assert refusal(FLAT, [FLAT], age=59) == ("interval", NOW, NOW + 1)
    assert refusal(replace(FLAT, carry=300_000), [FLAT], age=59)[0] == "step of the forward"


def test_slice_is_trusted_until_it_is_old_or_the_guardian_distrusts_it():
    """An hour Valid, six Stale; at once Uncertain until the guardian's distrust ends; Valid once it is over."""
    posted = PostedSlice(SMILE, EXPIRY, NOW)
    for age, status in (
        (0, PriceStatus.VALID),
        (HOUR, PriceStatus.VALID),
        (HOUR + 1, PriceStatus.STALE),
        (6 * HOUR, PriceStatus.STALE),
        (6 * HOUR + 1, PriceStatus.UNCERTAIN),
        (TAU - 1, PriceStatus.UNCERTAIN),
        (TAU, PriceStatus.VALID),
    ):
        assert posted.status(PARAMS, NOW + age) is status
        assert posted.status(PARAMS, NOW + age, NOW + age) is status
        distrusted = PriceStatus.VALID if age == TAU else PriceStatus.UNCERTAIN
        assert posted.status(PARAMS, NOW + age, NOW + age + 1) is distrusted
