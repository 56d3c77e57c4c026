"""A poster that fits a smile anew each minute, of quotes with noise, gets every post through."""

from math import sqrt

import numpy as np
import pytest
from scipy.optimize import least_squares

from crossmargin.client.option_views import Slice as Posted
from crossmargin.errors import SurfaceError
from crossmargin.feeder.approach import approached
from crossmargin.model.surface import OptionParams, PostedSlice, Slice, check_post, volatility
from crossmargin.model.units import WAD, Seconds
from tests.helpers.options import DAY, HOUR, MAX_TENOR

NOW = 500_000 * HOUR
SHOCK = 50_000
DELTAS = np.array([-1.28, -0.67, 0, 0.67, 1.28])
"""Quotes at 10 and 25 delta either way and at the money, in deviations to expiry."""
NOISE = np.array([0.3, 0.1, 0.05, 0.1, 0.3]) / 100


def params(max_step: int) -> OptionParams:
    """Give shipped parameters with another step."""
    return OptionParams(250_000, 400_000, 1_200_000, 900, 86_400, 30, max_step, 500_000)


def fitted(ks: np.ndarray, vols: np.ndarray) -> Posted:
    """Fit a slice by least squares of volatility, within the bounds of its parameters, from the same beginning."""

    def away(p: np.ndarray) -> np.ndarray:
        a, b, rho, m, sigma = p
        return np.sqrt(a + b * (rho * (ks - m) + np.sqrt((ks - m) ** 2 + sigma**2))) - vols

    bounds = ([1e-3, 1e-4, -0.99, -1, 1e-2], [5, 5, 0.99, 1, 3])
    found = least_squares(away, [0.1, 0.3, -0.2, 0, 0.2], bounds=bounds).x
    return Posted(*(round(each * 10**6) for each in found), 0)


def model(posted: Posted) -> Slice:
    """Give the model's slice."""
    return Slice(*posted.encode())


class Surface:
    """A venue's slice of one expiry, that takes what the contract takes."""

    def __init__(self, expiry: int, max_step: int) -> None:
        """Begin with nothing posted."""
        self.expiry, self.params = Seconds(expiry), params(max_step)
        self.last: PostedSlice | None = None
        self.now = NOW

    def accepts(self, posted: Posted) -> bool:
        """Tell whether a post would go through."""
        last = [] if self.last is None else [self.last]
        try:
            check_post(PostedSlice(model(posted), self.expiry, self.now), last, self.params, MAX_TENOR, SHOCK)
        except SurfaceError:
            return False
        return True

    def post(self, posted: Posted) -> None:
        """Take it."""
        self.last = PostedSlice(model(posted), self.expiry, self.now)

    def volatilities(self, ks: np.ndarray) -> np.ndarray:
        """Give volatility at log-moneyness."""
        return np.array([volatility(self.last.slice.variance(int(k * WAD))) / WAD for k in ks])


@pytest.mark.parametrize("max_step", [200_000, 100_000])
@pytest.mark.parametrize("days", [7, 30])
def test_all_of_sixty_noisy_fits_are_posted_and_follow(days, max_step):
    """0.3 points of noise at 10 delta, 0.1 at 25: all pass, and what is posted is within a point of the smile.

    Sent as they are 24 of 60 pass at a month and a step of a tenth.
    """
    deviation = 0.6 * sqrt(days / 365)
    ks, smile = DELTAS * deviation, 0.6 - 0.06 * DELTAS + 0.03 * DELTAS**2
    random = np.random.default_rng(5)
    surface = Surface(NOW + days * DAY, max_step)
    surface.post(fitted(ks, smile))
    away = []
    for _ in range(60):
        surface.now += 60
        wanted = fitted(ks, smile + random.normal(0, 1, 5) * NOISE)
        last = Posted(*(getattr(surface.last.slice, name) for name in ("a", "b", "rho", "m", "sigma", "carry")))
        found = wanted if surface.accepts(wanted) else approached(last, wanted, surface.accepts)
        assert found is not None
        surface.post(found)
        away.append(np.abs(surface.volatilities(ks) - smile).mean())
    assert np.mean(away) < 0.01


def test_the_furthest_part_that_is_accepted_is_taken():
    """Of a move of 64 the venue takes 24 at most; where it takes nothing there is nothing to post."""
    last, wanted = Posted(100, 0, 0, 0, 100, 0), Posted(164, 0, 0, 0, 36, 0)
    assert approached(last, wanted, lambda each: each.a <= 130) == Posted(124, 0, 0, 0, 76, 0)
    assert approached(last, wanted, lambda each: each.a <= 100) is None
    assert approached(last, last, lambda _: True) is None
