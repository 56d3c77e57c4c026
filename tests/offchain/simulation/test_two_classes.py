"""The sample of two classes of margins and every coin there is."""

import pytest
from click.testing import CliRunner

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.simulation.__main__ import main
from crossmargin.simulation.liquidations.moves import from_folder
from crossmargin.simulation.liquidations.venue import with_two_classes


@pytest.fixture
def folder(tmp_path):
    """Let bitcoin and dogecoin be traded on the day of a crash; litecoin a year later only."""
    (tmp_path / "spot_1h").mkdir()
    bars = "2020-03-12T08:00Z,8000,8010,5000,6000\n2020-03-12T09:00Z,6000,6500,5900,6400\n"
    for coin, rows in (("BTC", bars), ("DOGE", bars), ("LTC", bars.replace("2020", "2021"))):
        (tmp_path / "spot_1h" / f"{coin}.csv").write_text("date,open,high,low,close\n" + rows)
    return tmp_path


def test_majors_are_alike_and_so_is_everything_else():
    """Margins of bitcoin for ether, of coins that wick for all others, impact of an ordinary day; groups stay."""
    config = NetworkConfig.load(REPOSITORY / "config" / "local.toml")
    two = with_two_classes(config)
    assert two.classes["ether"] == config.classes["bitcoin"]
    assert two.classes["altcoin"] == config.classes["wick"]
    assert {each.impact.y for each in two.underlyings.values()} == {1}
    assert config.underlyings["ETH"].impact.y > 1


def test_every_coin_that_was_traded_is_played(folder):
    """Also dogecoin, which no move of that day has otherwise; wicks are left out."""
    moves = list(from_folder(folder, 1, many=True))
    assert [(move.name, sorted(move.paths), move.wick) for move in moves] == [("2020-03-12", ["BTC", "DOGE"], False)]


def test_it_is_played_with_perpetuals_alone(folder, tmp_path):
    """From one command, with goals."""
    arguments = ["liquidations", "--data", folder, "--two-classes", "--accounts", 2, "--out", tmp_path / "out"]
    result = CliRunner().invoke(main, list(map(str, arguments)), env={"COLUMNS": None})  # workers name a width
    assert result.exit_code == 0, result.output
    assert "DOGE" in result.output
    assert "nobody was liquidated" in result.output
