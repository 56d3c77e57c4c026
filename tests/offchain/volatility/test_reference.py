"""Hours, floor, features and forest in exact integers: hand-made cases, and what must hold for any input."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.errors import ForestError
from crossmargin.model.units import WAD, Ppm, Wad
from crossmargin.volatility.features import COUNT, MOST, Feature, Market, Scaling, Sums, features, sums
from crossmargin.volatility.floor import ONE, Floor
from crossmargin.volatility.forest import (
    LEAVES,
    MOST_TREES,
    NODES,
    PADDING,
    SEASON_UNIT,
    TREE_BYTES,
    UNIT,
    Forest,
    Node,
    Tree,
    forecast,
)
from crossmargin.volatility.hours import (
    MOST_MISSED,
    MOST_RETURN,
    MOST_VARIANCE,
    STEPS,
    WEEK,
    History,
    Hour,
    SquaredPpm,
    log_price,
)

_SCALING = Scaling((16_384, 16_384, 16_384, 16_384), Ppm(50))
_WIDE = Ppm(10**7)


def _hours(nets, variances, first=0):
    return [
        Hour(first + place, Ppm(net), SquaredPpm(variance))
        for place, (net, variance) in enumerate(zip(nets, variances, strict=True))
    ]


def _flat(net=1_000, variance=4_000_000):
    return _hours([net] * WEEK, [variance] * WEEK)


def _forest(*trees, base=UNIT, season=SEASON_UNIT, scaling=_SCALING):
    return Forest(
        number=7,
        horizon=1,
        quantile=Ppm(990_000),
        scaling=scaling,
        base=base,
        first=400_000,
        end=450_000,
        season=(season,) * WEEK,
        trees=trees,
    )


def _random_tree(random):
    nodes = tuple(Node(random.randrange(COUNT), random.randint(-MOST, MOST)) for _ in range(NODES))
    return Tree(nodes, tuple(random.randint(-(2**31) + 1, 2**31 - 1) for _ in range(LEAVES)))


def test_a_log_price_is_rounded_down():
    """Ln 2 is 0.6931471..., ln 1/2 its negative."""
    assert log_price(Wad(2 * WAD)) == 693_147
    assert log_price(Wad(WAD // 2)) == -693_148


def test_an_hour_is_twelve_steps_and_belongs_to_where_it_happened():
    """Twelve returns of 100 ppm from the hour's first step to the next hour's first step are that hour."""
    history = History(_WIDE)
    for step in range(10 * STEPS, 11 * STEPS):
        history.observe(step, 100 * step)
    assert not history.closed
    history.observe(11 * STEPS, 100 * 11 * STEPS)
    assert list(history.closed) == [Hour(10, Ppm(1_200), SquaredPpm(12 * 100 * 100))]
    assert history.variance == 0


def test_a_step_counts_once_and_never_backwards():
    """A second price in a step, or an earlier step, changes nothing."""
    history = History(_WIDE)
    history.observe(100, 0)
    history.observe(101, 50)
    history.observe(101, 900)
    history.observe(99, -900)
    assert (history.step, history.log, history.net, history.variance) == (101, 50, 50, 2_500)


def test_missed_steps_spread_over_their_hours():
    """A return over 30 steps, 6 in the first hour: its variance is shared by steps, rounding is the last hour's."""
    history = History(_WIDE)
    history.observe(6, 0)
    history.observe(36, -1_001)
    parts = 1_001**2 * 6 // 30, 1_001**2 * 12 // 30
    assert [hour.number for hour in history.closed] == [0, 1, 2]
    assert [hour.net for hour in history.closed] == [-200, -400, -401]
    assert [hour.variance for hour in history.closed] == [*parts, 1_001**2 - sum(parts)]


def test_a_long_gap_begins_anew():
    """After a day without a price no hour is left; a day less a step is spread."""
    history = History(_WIDE)
    history.observe(0, 0)
    history.observe(MOST_MISSED, 10)
    assert len(history.closed) == 24
    history.observe(2 * MOST_MISSED + 1, 20)
    assert not history.closed
    assert history.step == 2 * MOST_MISSED + 1


def test_a_return_beyond_the_breaker_counts_as_the_breaker():
    """What is kept is the real price: the way back counts as the breaker too, not more."""
    history = History(Ppm(1_000))
    history.observe(0, 0)
    history.observe(1, 50_000)
    assert (history.net, history.variance, history.log) == (1_000, 1_000_000, 50_000)
    history.observe(2, 50_010)
    assert history.net == 1_010


def test_hours_saturate():
    """A wide breaker does not overflow a record."""
    history = History(Ppm(10**8))
    history.observe(0, 0)
    history.observe(STEPS, -(10**8))
    assert history.closed[0] == Hour(0, Ppm(-MOST_RETURN), SquaredPpm(MOST_VARIANCE))


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(-5_000, 5_000)), min_size=1, max_size=80))
def test_nothing_is_lost(moves):
    """Returns of closed hours and of the one that runs add up to the price; their variances to the squares."""
    history, step, log, squares = History(_WIDE), 7, 0, 0
    history.observe(step, log)
    closed = []
    for steps, change in moves:
        step, log, squares = step + steps, log + change, squares + change * change
        before = history.closed[-1].number if history.closed else -1
        history.observe(step, log)
        closed += [hour for hour in history.closed if hour.number > before]
    assert sum(hour.net for hour in closed) + history.net == log
    assert sum(hour.variance for hour in closed) + history.variance == squares
    assert [hour.number for hour in closed] == list(range(closed[0].number, step // STEPS)) if closed else True


def test_the_floor_halves_in_its_half_lives():
    """After 12 h without a move the fast variance is half; over a gap in one step it is the same but for rounding."""
    floor = Floor(ONE * 10**6, ONE * 10**6)
    gap = replace(floor)
    for _ in range(12 * STEPS):
        floor.add(Ppm(0), 1)
    gap.add(Ppm(0), 12 * STEPS)
    assert floor.fast == pytest.approx(ONE * 10**6 / 2, rel=1e-6)
    assert floor.slow == pytest.approx(ONE * 10**6 * 2 ** (-1 / 6), rel=1e-6)
    assert gap.fast == pytest.approx(floor.fast, rel=1e-6)


def test_the_floor_of_a_steady_price_is_its_deviation():
    """Returns of 1,000 ppm a step are sqrt(12) thousand an hour; missed steps count with their length."""
    floor = Floor()
    for _ in range(20_000):
        floor.add(Ppm(1_000), 1)
    assert floor.deviation(1) == pytest.approx(3_464, abs=1)
    before = floor.fast
    floor.add(Ppm(2_000), 4)
    assert floor.fast == pytest.approx(before, rel=1e-6)


def test_features_of_a_steady_rise():
    """Every window says the same, nothing falls, and the path is as long as its hours."""
    hours = _flat()
    own = sums(hours)
    assert own.means == (4_000_000,) * 4
    vector = features(hours, Market((own,)), _SCALING)
    assert vector[: Feature.RANGE] == (1_024,) * 4
    assert vector[Feature.RANGE] == 24_000 * 1_024 // 2_000
    assert vector[Feature.CONTINUOUS] == 23 * 1_024 // 24
    assert vector[Feature.DOWNSIDE] == 0
    assert vector[Feature.NET] == 512
    assert vector[Feature.HOUR_OF_WEEK] == 0
    assert vector[Feature.HOUR_OF_DAY] == 0
    assert vector[Feature.MAJORS_HOUR] == vector[Feature.MAJORS_DAY] == 1_024
    assert vector[Feature.SCALE] == 2_000
    assert vector[Feature.PREMIUM :] == (0, 1_024)


def test_features_of_nothing():
    """A price that never moves is measured by the least scale."""
    vector = features(_flat(0, 0), Market(()), _SCALING)
    assert vector == (0, 0, 0, 0, 0, 1_024, 512, 0, 0, 0, 1_024, 1_024, 50, 0, 1_024)


def test_a_fall_is_signed_and_rounded_toward_zero():
    """A last hour of -1,001 ppm over a scale of 2,000."""
    hours = [*_flat()[:-1], Hour(WEEK - 1, Ppm(-1_001), SquaredPpm(4_000_000))]
    vector = features(hours, Market((), premium=Ppm(-30), interest=3, interest_before=2), _SCALING)
    assert vector[Feature.NET] == -(1_001 * 1_024 // 2_000)
    assert vector[Feature.DOWNSIDE] == 1_001**2 * 1_024 // (23 * 1_000**2 + 1_001**2)
    assert vector[Feature.PREMIUM :] == (-30, 1_536)


@given(
    st.lists(st.integers(-MOST_RETURN, MOST_RETURN), min_size=WEEK, max_size=WEEK),
    st.lists(st.integers(0, MOST_VARIANCE), min_size=WEEK, max_size=WEEK),
)
def test_features_are_always_int24(nets, variances):
    """Whatever the records, a feature fits its 24 bits."""
    hours = _hours(nets, variances)
    vector = features(hours, Market((sums(hours), Sums((0, 1, 2, 3)))), Scaling((1, 0, 0, 0), Ppm(1)))
    assert len(vector) == COUNT
    assert all(-MOST <= each <= MOST for each in vector)


def test_a_tree_routes_by_its_thresholds():
    """At most the threshold goes left; padding goes left always, even at the most a feature can be."""
    nodes = (Node(Feature.SCALE, 2_000), Node(Feature.NET, -5), *(PADDING,) * (NODES - 2))
    tree = Tree(nodes, tuple(range(LEAVES)))
    vector = [MOST] * COUNT
    assert tree.leaf(vector) == 8
    vector[Feature.SCALE] = 2_000
    assert tree.leaf(vector) == 4
    vector[Feature.NET] = -5
    assert tree.leaf(vector) == 0


def test_a_forecast_is_a_multiple_of_the_scale():
    """Two trees of a quarter each on a base of two: 2.5 scales, a season of a half."""
    quarter = Tree((PADDING,) * NODES, (UNIT // 4,) * LEAVES)
    forest = _forest(quarter, quarter, base=2 * UNIT, season=SEASON_UNIT // 2)
    assert forecast(forest, _flat(), Market(())) == 2_500
    assert forecast(replace(forest, base=-2 * UNIT), _flat(), Market(())) == 0


@given(st.integers(0, 2**32), st.integers(1, 5))
def test_a_blob_is_read_back(seed, count):
    """Pack and unpack are inverse, the size is what the layout says, the hash is of the bytes."""
    random = Random(seed)
    forest = _forest(*(_random_tree(random) for _ in range(count)), base=random.randint(-(2**31) + 1, 2**31 - 1))
    blob = forest.pack()
    assert len(blob) == 200 + count * TREE_BYTES
    assert Forest.unpack(blob) == forest
    assert Forest.unpack(blob).hash == forest.hash


def test_what_is_no_forest_is_refused():
    """A byte more or less, another version, a mask that lies, too many trees, a leaf or season out of range."""
    tree = Tree((PADDING,) * NODES, (1,) * LEAVES)
    blob = _forest(tree).pack()
    lying = bytearray(blob)
    lying[22] ^= 2
    for bad in (b"", blob[:-1], blob + b"\0", b"\2" + blob[1:], bytes(lying)):
        with pytest.raises(ForestError):
            Forest.unpack(bad)
    for forest in (
        _forest(*[tree] * (MOST_TREES + 1)),
        _forest(replace(tree, leaves=(2**31,) * LEAVES)),
        _forest(replace(tree, nodes=(Node(COUNT, 0),) * NODES)),
        _forest(tree, season=0),
    ):
        with pytest.raises(ForestError):
            forest.pack()
