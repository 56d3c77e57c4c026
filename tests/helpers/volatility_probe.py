"""Random histories, forests and paths: what the contracts' libraries make of them, and what the reference does."""

from collections.abc import Iterator
from random import Random
from typing import Any, Final, cast

from eth_abi.abi import decode, encode
from eth_typing import ABIFunction
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types, get_abi_output_types
from pyrevm import EVM, BlockEnv

from crossmargin.deployment import Artifacts
from crossmargin.model.units import Ppm, Seconds, Wad
from crossmargin.volatility.features import COUNT, MOST, Market, Scaling, Sums, features
from crossmargin.volatility.floor import Floor
from crossmargin.volatility.forest import DEPTH, LEAVES, NODES, Forest, Node, Tree
from crossmargin.volatility.hours import WEEK, History, Hour, SquaredPpm
from crossmargin.volatility.steward import MAX_LEVEL, Path, level_of, multiplier_of

__all__ = ["Probe", "differences", "random_forest"]

DEPLOYER: Final = "0x" + "11" * 20
GAS: Final = 10**12
BREAKER: Final = Ppm(250_000)
_COMPUTED: Final = 13
"""Features that contracts compute."""


class Probe:
    """VolatilityProbe on an EVM in this process."""

    def __init__(self) -> None:
        """Deploy it."""
        artifact = Artifacts()["VolatilityProbe"]
        self._functions = artifact.functions
        self._evm = EVM(spec_id="CANCUN", gas_limit=2 * GAS)
        self._evm.set_block_env(BlockEnv(timestamp=1_800_000_000, gas_limit=2 * GAS))
        self._address = str(self._evm.deploy(DEPLOYER, artifact.creation_code, gas=GAS))

    def __call__(self, name: str, *arguments: Any) -> tuple[Any, ...]:
        """Call a function."""
        entry = cast("ABIFunction", self._functions[name])
        data = function_abi_to_4byte_selector(entry) + encode(get_abi_input_types(entry), arguments)
        return decode(get_abi_output_types(entry), self._evm.message_call(DEPLOYER, self._address, data, gas=GAS))


def differences(probe: Probe, seed: int, count: int) -> Iterator[str]:
    """Compare `count` vectors, a twentieth as many weeks, some histories and paths, from a seed; tell what differs."""
    random = Random(seed)
    forest = random_forest(random)
    probe("setForest", forest.pack())
    yield from _vectors(probe, random, forest, count)
    yield from _weeks(probe, random, forest, max(1, count // 20))
    for _ in range(max(1, count // 250)):
        yield from _history(probe, random)
        yield from _path(probe, random)
    yield from _levels(probe, random)


def random_forest(random: Random, trees: int = 100) -> Forest:
    """Draw a forest whose thresholds lie where features do."""
    return Forest(
        number=random.randrange(2**24),
        horizon=1,
        quantile=Ppm(990_000),
        scaling=Scaling((20_000, 20_000, 15_000, 10_000), Ppm(random.randint(1, 300))),
        base=random.randint(-(2**21), 2**23),
        first=400_000,
        end=480_000,
        season=tuple(random.randint(1, 255) for _ in range(WEEK)),
        trees=tuple(_tree(random) for _ in range(trees)),
    )


def _tree(random: Random) -> Tree:
    nodes = tuple(Node(random.randrange(_COMPUTED), _threshold(random)) for _ in range(NODES))
    width = random.choice((2**10, 2**18, 2**31 - 1))
    return Tree(nodes, tuple(random.randint(-width, width) for _ in range(LEAVES)))


def _threshold(random: Random) -> int:
    most = random.choice((2, 24, 168, 2048, 2048, 100_000, MOST))
    return random.randint(-most, most)


def _vectors(probe: Probe, random: Random, forest: Forest, count: int) -> Iterator[str]:
    vectors = [_vector(random, forest) for _ in range(count)]
    (answers,) = probe("evaluate", vectors)
    for vector, answer in zip(vectors, answers, strict=True):
        if forest.forecast(vector) != answer:
            yield f"forest of {vector}: {forest.forecast(vector)} != {answer}"


def _vector(random: Random, forest: Forest) -> tuple[int, ...]:
    """Draw features, every other of them a threshold or next to it; hour and scale are what they can be."""
    nodes = [node for tree in forest.trees[:DEPTH] for node in tree.nodes]
    values = [_threshold(random) for _ in range(COUNT)]
    for node in random.sample(nodes, COUNT // 2):
        values[node.feature] = max(-MOST, min(MOST, node.threshold + random.choice((-1, 0, 1))))
    values[8], values[12] = random.randrange(WEEK), random.randint(1, random.choice((5_000, MOST)))
    return tuple(values)


def _weeks(probe: Probe, random: Random, forest: Forest, count: int) -> Iterator[str]:
    cases = [(_hours(random), _market(random)) for _ in range(count)]
    weeks = [
        (
            hours[-1].number,
            [hour.net for hour in hours],
            [hour.variance for hour in hours],
            [sum(each.windows[place] for each in market.majors) for place in range(4)],
        )
        for hours, market in cases
    ]
    vectors, moves = probe("forecasts", weeks)
    for (hours, market), vector, move in zip(cases, vectors, moves, strict=True):
        wanted = features(hours, market, forest.scaling)
        if wanted != vector or forest.forecast(wanted) != move:
            yield f"week that ends with hour {hours[-1].number}: {wanted} != {vector}"


def _hours(random: Random) -> list[Hour]:
    last = random.randint(400_000, 600_000)
    size = random.choice((0, 1, 300, 20_000, MOST))
    return [_hour(random, last - back, size) for back in reversed(range(WEEK))]


def _hour(random: Random, number: int, size: int) -> Hour:
    net = random.randint(-size, size)
    return Hour(number, Ppm(net), SquaredPpm(min(net * net + random.randint(0, size * size), 2**40 - 1)))


def _market(random: Random) -> Market:
    sizes = [random.choice((0, 10**4, 10**12)) for _ in range(random.randrange(4))]
    return Market(tuple(_sums(random, size) for size in sizes))


def _sums(random: Random, size: int) -> Sums:
    hour, six, day, week = sorted(random.randint(0, size) for _ in range(4))
    return Sums((hour, six, day, week))


def _history(probe: Probe, random: Random) -> Iterator[str]:
    """Compare a history of some days with gaps, sometimes of more than a day, and jumps beyond the breaker."""
    marks = list(_marks(random))
    history, floor = History(BREAKER), Floor()
    for step, log in marks:
        _observe(history, floor, step, log)
    tape, fast, slow, sums, records = probe("observe", marks, BREAKER)
    wanted = [value for hour in history.closed for value in (hour.net, hour.variance)]
    windows = [sum(hour.variance for hour in list(history.closed)[-size:]) for size in (1, 6, 24, WEEK)]
    mine = (history.step, history.log, history.net, history.variance, len(history.closed))
    if (tape[0], *tape[2:6]) != mine or list(records) != wanted:
        yield f"history of {len(marks)} marks: {mine} != {tape}"
    if (fast, slow) != (floor.fast, floor.slow) or list(sums) != windows:
        yield f"floor or sums of {len(marks)} marks: {floor} {windows} != {fast} {slow} {sums}"
    factor = random.randint(1, 2**24)
    if probe("floorOf", fast, slow, factor) != (floor.deviation(1) * factor // 2**20,):
        yield f"forecast of {floor}"


def _marks(random: Random) -> Iterator[tuple[int, int]]:
    step, log = random.randint(5_000_000, 6_000_000), random.randint(-(2**24), 2**25)
    size = random.choice((10, 1_000, 50_000, 400_000))
    for _ in range(random.choice((30, 600, 2_500))):
        yield step, log
        step += random.choice((1,) * 40 + (0, 2, 5, 13, 100, 288, 289))
        log += random.randint(-size, size)


def _observe(history: History, floor: Floor, step: int, log: int) -> None:
    """Take a mark in, as the contract does: floor and history begin together."""
    before, last = history.step, history.log
    history.observe(step, log)
    if before is None or step - before > 288:
        floor.fast = floor.slow = 0
    elif step > before:
        floor.add(Ppm(max(-BREAKER, min(BREAKER, log - last))), step - before)


def _path(probe: Probe, random: Random) -> Iterator[str]:
    begin, default, start = _level(random), _level(random), 1_800_000_000 + random.randrange(7200)
    times, now = [], start
    for _ in range(30):
        now += random.randrange(random.choice((60, 1800, 1800, 30_000, 300_000)))
        times.append((now, random.choice((0, _level(random)))))
    levels, noticed, *_ = probe("path", begin, start, default, times)
    path = Path.begin(begin, Seconds(start))
    for (time, target), level, told in zip(times, levels, noticed, strict=True):
        wanted = (path.level_at(default, Seconds(time)), path.noticed_at(default, Seconds(time)))
        if wanted != (level, told):
            yield f"{path} at {time}: {wanted} != {(level, told)}"
        path = path.moved(default, target, Seconds(time)) if target else path


def _level(random: Random) -> int:
    return random.randint(1, random.choice((700_000, 2_772_000, MAX_LEVEL)))


def _levels(probe: Probe, random: Random) -> Iterator[str]:
    multipliers = [random.randint(1, 10 ** random.randint(1, 30)) for _ in range(200)]
    found, back = probe("levels", multipliers)
    for multiplier, level, again in zip(multipliers, found, back, strict=True):
        if (level_of(Wad(multiplier)), multiplier_of(level)) != (level, again):
            yield f"level of {multiplier}: {level_of(Wad(multiplier))} != {level}"
