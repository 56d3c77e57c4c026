"""The file of what is to be posted: exact, of now, and of names that there are; else one line says what is wrong."""

import json
import re
from datetime import UTC, datetime

import pytest

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import FeederError
from crossmargin.feeder.wanted import Wanted

NOW = 1_800_000_000
SHAPE = {"a": "0.32", "b": "0.20", "rho": "-0.20", "m": "0", "sigma": "0.40", "carry": "0.05"}
RIGHT = {
    "time": "2027-01-15T08:00:00Z",
    "prices": {"USDT": "1.0001", "ETH": "2000"},
    "slices": {"ETH": {"2027-01-29T08:00:00Z": SHAPE}},
}


@pytest.fixture(scope="module")
def config():
    """Take the local configuration."""
    return NetworkConfig.load(REPOSITORY / "config" / "local.toml")


@pytest.fixture
def load(config, tmp_path):
    """Write a file and read it."""
    path = tmp_path / "wanted.json"

    def written(content):
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return Wanted.load(path, config, NOW, 120)

    return written


def test_a_right_file_is_read_exactly(load):
    """Prices by source, slices by underlying and expiry."""
    found = load(RIGHT)
    assert {key: str(price) for key, price in found.sources().items()} == {
        "USDT:primary": "1.0001",
        "ETH:primary": "2000",
    }
    ((name, expiry),) = found.volatility()
    assert (name, datetime.fromtimestamp(expiry, UTC).isoformat()) == ("ETH", "2027-01-29T08:00:00+00:00")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": "2027-01-15T07:57:59Z"}, "121 s old, more than 120"),
        ({"time": "2027-01-15T08:02:01Z"}, "-121 s old, more than 120"),
        ({"time": "2027-01-15T08:00:00"}, "time: "),
        ({"prices": {"USDT": "0"}}, "prices.USDT: "),
        ({"prices": {"stETH": "2400"}}, "prices.stETH:primary: no posted source of that name; there are ETH:primary, "),
        ({"slices": {"LINK": {}}}, r"slices.LINK: no \[options.LINK\]"),
        ({"slices": {"ETH": {"2027-01-29T08:00:00Z": {**SHAPE, "rho": "2"}}}}, "rho"),
        ({"price": {}}, "price: "),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(load, change, said):
    """Too old, from the future, without a time zone, of what nobody posts, out of bounds, misspelt."""
    with pytest.raises(FeederError, match=said) as caught:
        load({**RIGHT, **change})
    assert "\n" not in str(caught.value)


def test_the_runbook_says_how_it_is(tmp_path):
    """Its file can be posted, and its ages are those of the configuration for Sepolia."""
    runbook = (REPOSITORY / "docs" / "feeder-runbook.md").read_text()
    config = NetworkConfig.load(REPOSITORY / "config" / "sepolia.toml")
    path = tmp_path / "wanted.json"
    path.write_text(re.search(r"```json\n(.*?)```", runbook, re.DOTALL)[1])
    assert list(Wanted.load(path, config, NOW, 120).sources()) == ["USDT:primary"]

    rows = re.findall(r"^\| (.+?) \| (?:from|until|as long).* \| (\S+) (?:s|%) \| ", runbook, re.MULTILINE)
    feeds, options, engine = config.feeds, config.options["ETH"], config.engine
    assert {what: number.replace(",", "") for what, number in rows} == {
        "feed of Chainlink": str(feeds["ETH"].primary.max_age),
        "feed of a poster": str(feeds["USDT"].primary.max_age),
        "feed of a ratio": str(feeds[feeds["stETH"].primary.base].primary.max_age),
        "slice": str(options.max_age),
        "risk array": f"{100 * engine.array_max_move:.0f}",
    }
    assert f"{engine.array_max_age} s" in runbook


def test_a_missing_file_and_one_that_is_no_json_are_named(config, load, tmp_path):
    """The desk writes it whole or not at all."""
    with pytest.raises(FeederError, match="let the desk write it"):
        Wanted.load(tmp_path / "none.json", config, NOW, 120)
    with pytest.raises(FeederError, match=r"wanted\.json: the file: Invalid JSON"):
        load("{")
