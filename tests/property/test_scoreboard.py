"""The forest's way off and on again, on an EVM in this process: weeks of steps are too many for a node.

The contract is the venue's; prices are set, and whoever asks may do everything.
"""

from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types, get_abi_output_types
from pyrevm import EVM, BlockEnv

from crossmargin.deployment import Artifacts
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import WAD, Ppm
from crossmargin.volatility.features import Scaling
from crossmargin.volatility.forest import LEAVES, NODES, PADDING, Forest, Tree
from crossmargin.volatility.hours import GRID, STEPS, WEEK

ETH, BREAKER, PATIENCE = 2, 100_000, 24
FACTOR = 3_040_870
"""2.9 deviations, as the shipped floor."""
START = 500_000 * 3600
GAS = 10**12


class Chain:
    """A forecaster of set prices, a clock, and one sender."""

    sender = "0x" + "11" * 20

    def __init__(self) -> None:
        """Deploy both, and close a week of calm hours."""
        self._artifacts = Artifacts()
        self._evm = EVM(spec_id="CANCUN", gas_limit=2 * GAS)
        self._time = START
        self._price = 2_000 * WAD
        self._prices = str(self._evm.deploy(self.sender, self._artifacts["SetPrices"].creation_code, gas=GAS))
        forecaster = self._artifacts["VolatilityForecaster"].creation_code
        arguments = encode(("address", "address"), (self._prices, self._prices))
        self._forecaster = str(self._evm.deploy(self.sender, forecaster + arguments, gas=GAS))
        self("setBreaker", ETH, BREAKER)
        self("setRules", (FACTOR, PATIENCE, ETH, 0, 0))
        self.live(WEEK + 2)

    def __call__(self, name: str, *arguments: Any) -> tuple[Any, ...]:
        """Call a function of the forecaster."""
        return self._call("VolatilityForecaster", self._forecaster, name, *arguments)

    def _call(self, artifact: str, address: str, name: str, *arguments: Any) -> tuple[Any, ...]:
        self._evm.set_block_env(BlockEnv(timestamp=self._time, gas_limit=2 * GAS))
        entry = self._artifacts[artifact].functions[name]
        data = function_abi_to_4byte_selector(entry) + encode(get_abi_input_types(entry), arguments)
        return decode(get_abi_output_types(entry), self._evm.message_call(self.sender, address, data, gas=GAS))

    def live(self, hours: int, move: int = 0) -> None:
        """Let hours pass, of steps up and down by 1,000 ppm; in the last step of each the price moves for good."""
        for step in range(hours * STEPS):
            self._time += GRID
            if step % STEPS == STEPS - 1:
                self._price += self._price * move // 10**6
            price = self._price * 1_001 // 1_000 if step % 2 == 0 else self._price
            self._call("SetPrices", self._prices, "set", ETH, price, self._time, int(PriceStatus.VALID))
            self("observe", [ETH])

    def hour(self, move: int = 0) -> tuple[int, Any, bool]:
        """Let an hour pass, forecast the next; give forecast, score and whether the forest counts."""
        self.live(1, move)
        forecast, _ = self("update", ETH)
        score, counts = self("scoreOf", ETH)
        return forecast, dict(zip(self._names(), score, strict=True)), counts

    def _names(self) -> list[str]:
        outputs: Any = self._artifacts["VolatilityForecaster"].functions["scoreOf"]["outputs"]
        return [each["name"] for each in outputs[0]["components"]]


def saying(factor: int) -> bytes:
    """Make a forest that asks for a factor of the scale, whatever it sees [2^-20]."""
    forest = Forest(
        number=7,
        horizon=1,
        quantile=Ppm(990_000),
        scaling=Scaling((16_384, 16_384, 16_384, 16_384), Ppm(100)),
        base=factor,
        first=400_000,
        end=480_000,
        season=(128,) * WEEK,
        trees=(Tree((PADDING,) * NODES, (0,) * LEAVES),),
    )
    return forest.pack()


@pytest.fixture
def losing():
    """Give a chain whose forest asks for twice what the floor asks for, and has done so for a day of calm."""
    chain = Chain()
    chain("installForest", saying(5_500_000))
    chain("update", ETH)
    for _ in range(PATIENCE - 1):
        assert chain.hour()[2]
    return chain


def test_a_forest_that_leads_again_counts_again(losing):
    """Off after the patience, it goes on being scored; moves that only it foresaw put it ahead, and it is on."""
    forecast, score, counts = losing.hour()
    assert not counts
    assert score["forestLoss"] > score["floorLoss"]
    assert forecast == losing("floorOf", ETH)[0] < score["forest"]
    since = score["losingSince"]

    moves = 0
    while not counts:
        assert forecast == losing("floorOf", ETH)[0]
        assert (score["losingSince"], score["forestLoss"] > score["floorLoss"]) == (since, True)
        between = score["forest"] * 9 // 10
        assert between > score["floor"]
        forecast, score, counts = losing.hour(between if moves % 2 else -between)
        moves += 1
    assert moves > 1
    assert (score["losingSince"], score["forestLoss"] < score["floorLoss"]) == (0, True)
    assert forecast == score["forest"] > losing("floorOf", ETH)[0]
    assert losing.hour()[2]
