"""What a setter would refuse is refused when the configuration is read, in one line with file, line and field."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.risk import ImpactSettings
from crossmargin.errors import NetworkConfigError

CONFIG = Path(__file__).resolve().parents[3] / "config"
LOCAL = (CONFIG / "local.toml").read_text().replace('forest = "', f'forest = "{CONFIG}/')


def load(tmp_path, text):
    """Read a configuration that says something else."""
    path = tmp_path / "other.toml"
    path.write_text(text)
    return NetworkConfig.load(path)


def replaced(table, key, value):
    """Say something else in one line of one table."""
    head, rest = LOCAL.split(f"\n[{table}]\n", 1)
    body, *others = re.split(r"(?=\n\[)", rest, maxsplit=1)
    changed, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", body)
    if not count:
        changed = f"{key} = {value}\n{body}"
    return f"{head}\n[{table}]\n{changed}{''.join(others)}"


@pytest.mark.parametrize("network", ["local", "sepolia"])
def test_configurations_are_within_bounds(network):
    """Every file that is there can be deployed."""
    NetworkConfig.load(CONFIG / f"{network}.toml")


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("governance", "delay", "0"),
        ("groups.liquid", "id", "16"),
        ("groups.liquid", "id", "0"),
        ("underlyings.ETH", "exposure_cap", "0"),
        ("underlyings.ETH", "exposure_cap", "4294967296"),
        ("underlyings.ETH", "exposure_unit", "0"),
        ("underlyings.ETH", "crowding_slope", "17"),
        ("underlyings.ETH", "max_tenor", "4294967296"),
        ("feeds.ETH", "breaker_limit", "0.51"),
        ("feeds.ETH", "breaker_limit", "0"),
        ("feeds.ETH", "halt_bound", "0"),
        ("feeds.ETH", "halt_bound", "3601"),
        ("feeds.ETH", "smoothing", "604801"),
        ("feeds.ETH", "widening", "0.51"),
        ("feeds.ETH", "confidence_limit", "0.41"),
        ("feeds.ETH", "minimum", "0"),
        ("rules.ETH", "maker_fee", "0.011"),
        ("rules.ETH", "price_band", "0.21"),
        ("rates", "kink", "1"),
        ("insurance", "cooldown", "86399"),
        ("insurance", "cooldown", "2592001"),
        ("instruments.ETH-PERP", "open_interest_cap", "0"),
        ("instruments.ETH-PERP", "max_funding_rate", "0.16"),
        ("options.ETH", "vol_shock_initial", "2.1"),
        ("options.ETH", "max_carry", "1.1"),
    ],
)
def test_load_names_file_and_field(tmp_path, table, key, value):
    """One line that says where and what."""
    with pytest.raises(
        NetworkConfigError, match=rf"other\.toml:\d+: {re.escape(table)}\.{key} = {value}: must be [^\n]*$"
    ):
        load(tmp_path, replaced(table, key, value))


@pytest.mark.parametrize(
    ("table", "key", "value", "line"),
    [
        ("rates", "slope2", "1", "rates: base_rate, slope1 and slope2 sum to .*, above 1"),
        ("feeds.ETH", "minimum", "2_000_000", "feeds.ETH: minimum 2000000 is above maximum .*"),
        ("feeds.ETH", "deviation_limit", "0.6", "feeds.ETH: deviation_limit 0.6 is above .*"),
        ("governance", "minimum_delay", "61", "governance: delay 60 is below minimum_delay 61"),
        ("assets.WETH", "cap", "1e21", "assets.WETH.cap: 1E.21 is too much, must be below 2.128 units"),
        (
            "engine",
            "max_multiplier",
            "9",
            r"underlyings.ETH: offset_shock = [\d.]+: must be at most -?[\d.]+ \(docs/.*\)",
        ),
        ("groups.liquid", "rho_maintenance", "0.6", "underlyings.ETH: rho_maintenance = 0.6: must be at most 0.5 .*"),
    ],
)
def test_load_says_what_contradicts(tmp_path, table, key, value, line):
    """Rules between fields; the margin's are those of the contract's table."""
    with pytest.raises(NetworkConfigError, match=rf"other\.toml:\d+: {line}$"):
        load(tmp_path, replaced(table, key, value))


def test_second_guardian_is_another(tmp_path):
    """Twice the same key is one guardian."""
    config = load(tmp_path, LOCAL)
    with pytest.raises(NetworkConfigError, match="second_guardian is the guardian"):
        config.with_roles(second_guardian=config.guardian)
    both = config.with_roles(second_guardian=config.governor)
    assert both.guardians == (config.guardian, config.governor)


def test_impact_coefficient_by_hand():
    """Y = 3, 4 % a day, 10,000 M USD a day: 3 * 0.04 / 100,000 = 12e-7; an inexact root is rounded up."""
    exact = ImpactSettings(y=Decimal(3), sigma_day=Decimal("0.04"), adv=Decimal(10**10))
    assert exact.coefficient() == 12 * 10**11
    assert ImpactSettings(y=Decimal(1), sigma_day=Decimal("1e-18"), adv=Decimal(2)).coefficient() == 1
