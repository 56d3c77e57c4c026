"""The command: what needs no packages of training runs without them, and what does says so."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.model.units import Ppm
from crossmargin.volatility import card
from crossmargin.volatility.command import main
from crossmargin.volatility.features import Feature, Scaling
from crossmargin.volatility.forest import LEAVES, NODES, PADDING, UNIT, Forest, Tree
from crossmargin.volatility.hours import STEPS, WEEK
from crossmargin.volatility.observations import hours_of
from crossmargin.volatility.verify import compare, random_vectors

_TRAINING = ("arch", "lightgbm", "polars", "statsmodels")


@pytest.fixture
def small_forest(tmp_path):
    """Write a forest of one tree, and its card."""
    forest = Forest(
        number=4,
        horizon=1,
        quantile=Ppm(990_000),
        scaling=Scaling((60_000, 1, 2, 3), Ppm(50)),
        base=2 * UNIT,
        first=400_000,
        end=410_000,
        season=(128,) * WEEK,
        trees=(Tree((PADDING,) * NODES, (UNIT,) * LEAVES),),
    )
    card.write(tmp_path / "small", forest, card.of(forest, {}, [("BTC.csv", "00")], {}))
    return tmp_path / "small", forest


def test_nothing_of_training_is_needed():
    """The package, its command and its proofs import without what trains."""
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({_TRAINING!r}))\n"
        "import crossmargin.volatility.command, crossmargin.volatility.verify, crossmargin.volatility.steward\n"
        "import crossmargin.volatility.folds, crossmargin.volatility.scores, crossmargin.volatility.floor\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)  # noqa: S603 - this very interpreter


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    """A training without its packages names the one that is missing, and what installs it."""
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    monkeypatch.delitem(sys.modules, "crossmargin.volatility.grow", raising=False)
    told = CliRunner().invoke(main, ["train", "--data", str(tmp_path), "--out", str(tmp_path / "forest")])
    assert told.exit_code == 1
    assert "lightgbm is not installed" in told.output
    assert "make setup-volatility" in told.output


def test_verify_proves_a_card(small_forest):
    """Right bytes pass; bytes of another forest are refused."""
    path, forest = small_forest
    told = CliRunner().invoke(main, ["verify", str(path), "--vectors", "200"])
    assert told.exit_code == 0, told.output
    assert "200 vectors agree" in told.output
    path.with_suffix(".bin").write_bytes(replace(forest, number=5).pack())
    told = CliRunner().invoke(main, ["verify", str(path)])
    assert told.exit_code == 1
    assert "is not the card of" in told.output


def test_export_writes_what_is_installed(small_forest, tmp_path):
    """The bytes in hexadecimal, and the card on the screen."""
    path, forest = small_forest
    told = CliRunner().invoke(main, ["export", str(path), "--out", str(tmp_path / "bytes.txt")])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "bytes.txt").read_text() == "0x" + forest.pack().hex() + "\n"
    assert json.loads(path.with_suffix(".json").read_text())["window"][0] == "2015-08-19T16:00:00+00:00"


def test_the_shipped_forest_is_whole():
    """Its card is its own, it fits a contract with room, asks for nothing that is not computed, and agrees."""
    forest, _ = card.read_forest(REPOSITORY / "config" / "volatility" / "one-hour")
    assert len(forest.pack()) == 12_600
    assert forest.mask < 1 << Feature.PREMIUM
    assert compare(forest, random_vectors(forest, 500, seed=2)) == 500


def test_observations_are_hours_as_on_chain():
    """Two weeks with a gap of two days: hours are exact, and the history begins anew behind the gap."""
    random = np.random.default_rng(1)
    steps = [step for step in range(STEPS * 24 * 14) if not 1_000 <= step < 1_600]
    changes = random.integers(-2_000, 2_000, len(steps)).tolist()
    hourly = hours_of("BTC", zip(steps, changes, strict=True))
    assert hourly.net[3] == sum(changes[3 * STEPS + 1 : 4 * STEPS + 1])
    assert hourly.variance[3] == sum(change**2 for change in changes[3 * STEPS + 1 : 4 * STEPS + 1])
    assert hourly.run[82] == 82
    assert not hourly.known[100]
    anew = np.flatnonzero(hourly.known & ~np.append(False, hourly.known[:-1]))
    assert hourly.numbers[anew].tolist() == [0, 1_600 // STEPS]
    assert hourly.run[anew].tolist() == [0, 0]
