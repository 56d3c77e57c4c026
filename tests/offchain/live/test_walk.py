import statistics
from itertools import pairwise

from crossmargin.simulation.live.walk import Walk

DAY = 86_400


def path(seed, steps=400, seconds=60.0, sigma=0.04, half_life=3_600.0):
    """Walk some steps."""
    walk = Walk(seed, sigma, half_life)
    return [walk.step(seconds) for _ in range(steps)]


def test_the_same_seed_walks_the_same_way():
    """Another one does not."""
    assert path("1/ETH") == path("1/ETH")
    assert path("1/ETH") != path("2/ETH")


def test_it_moves_as_much_as_it_is_told_to():
    """A step's deviation is that of a day, scaled by the root of time."""
    walked = path("1/ETH", steps=20_000, half_life=1e9)
    steps = [later - earlier for earlier, later in pairwise(walked)]
    assert abs(statistics.stdev(steps) / (0.04 * (60 / DAY) ** 0.5) - 1) < 0.05


def test_it_stays_around_its_level():
    """However long it walks, in however long steps."""
    for seconds in (60.0, 86_400.0):
        assert max(map(abs, path("1/ETH", steps=5_000, seconds=seconds))) < 0.06


def test_no_time_is_no_step():
    """Nor is a clock that was set back."""
    walk = Walk("1/ETH", 0.04, 3_600.0)
    first = walk.step(60)
    assert walk.step(0) == walk.step(-5) == first
