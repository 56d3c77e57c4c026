"""The venue of the local configuration, and small moves."""

import pytest

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.simulation.liquidations.bars import of_points
from crossmargin.simulation.liquidations.moves import Move
from crossmargin.simulation.liquidations.paths import draw_together
from crossmargin.simulation.liquidations.venue import Venue

START = 1_760_000_400


@pytest.fixture(scope="session")
def replay_venue():
    """Give a venue with ether, bitcoin and a coin that the configuration does not know."""
    return Venue.of(NetworkConfig.load(REPOSITORY / "config" / "local.toml"), ["BTC", "DOGE", "ETH"])


@pytest.fixture(scope="session")
def crash():
    """Let ether and bitcoin fall within twenty minutes, ether further; then they stay there."""
    times = [START, START + 600, START + 1_800, START + 3_600]
    falls = {"ETH": (4_000, 3_990, 3_000, 3_050), "BTC": (100_000, 99_800, 84_000, 85_000)}
    bars = {asset: of_points(times, prices, 0.0002) for asset, prices in falls.items()}
    return Move("crash", (1,), draw_together(bars, seed=1))
