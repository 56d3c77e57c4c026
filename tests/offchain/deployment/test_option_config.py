"""Options in a network's configuration: expiries, strikes, volatility, parameters."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.fields import next_quarterly, next_weekly
from crossmargin.deployment.instruments import InstrumentSettings, OptionSettings, SliceSettings
from crossmargin.errors import NetworkConfigError
from crossmargin.model.instruments import Instrument, Kind, decode, strike_code

CONFIG = Path(__file__).resolve().parents[3] / "config"
DAY = 86_400
NOW = int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp())  # a Wednesday
LIMITS = {"open_interest_cap": 1, "max_funding_rate": 0}
SLICE = {"a": Decimal("0.3"), "b": Decimal("0.2"), "rho": Decimal("-0.2"), "m": 0, "sigma": Decimal("0.3"), "carry": 0}


def _raw(network: str = "local") -> dict:
    """Read a file whose paths are from anywhere."""
    return tomllib.loads(_text(network), parse_float=Decimal)


def _text(network: str) -> str:
    return (CONFIG / f"{network}.toml").read_text().replace('forest = "', f'forest = "{CONFIG}/')


def _instrument(**changes: object) -> InstrumentSettings:
    return InstrumentSettings(
        **{"kind": "call", "underlying": "ETH", "expiry": "weekly", "strike": 2000, **LIMITS, **changes}
    )


@pytest.mark.parametrize("seconds", [0, 4 * 3600, DAY, 2 * DAY - 5 * 3600, 2 * DAY - 4 * 3600, 3 * DAY, 6 * DAY])
def test_weekly_is_a_friday_morning_at_least_three_days_away(seconds):
    """Whatever the day and hour, exactly on the hour too."""
    found = next_weekly(NOW + seconds)
    when = datetime.fromtimestamp(found, UTC)
    assert (when.weekday(), when.hour, when.minute, when.second) == (4, 8, 0, 0)
    assert 3 * DAY <= found - NOW - seconds < 10 * DAY


def test_weekly_comes_before_quarterly():
    """Two expiries of one surface never fall together."""
    for day in range(400):
        now = NOW + day * DAY
        assert next_weekly(now) + 14 * DAY < next_quarterly(now)


def test_ids_carry_kind_expiry_and_strike():
    """The id is what the clearinghouse will give."""
    found = decode(_instrument(kind="put", strike="1_500.5").instrument_id(1, NOW))
    assert found == Instrument(Kind.PUT, 1, next_weekly(NOW) // 3600, strike_code(15005 * 10**17))
    dated = _instrument(expiry=datetime(2027, 3, 26, 8, tzinfo=UTC)).instrument_id(1, NOW)
    assert decode(dated).expiry == datetime(2027, 3, 26, 8, tzinfo=UTC).timestamp()
    linear = InstrumentSettings(kind="perpetual", underlying="ETH", funding_depth=1, **LIMITS)
    assert linear.instrument_id(1, NOW) == 1 << 60 | 1 << 48


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"strike": None}, "options have a strike"),
        ({"kind": "future"}, "options have a strike"),
        ({"expiry": None}, "have an expiry"),
        ({"kind": "perpetual", "strike": None}, "have an expiry"),
        ({"strike": "1234567.8"}, "does not fit an instrument id"),
        ({"strike": 0}, "greater than 0"),
        ({"strike": 0.5}, "write decimals as strings"),
        ({"expiry": "monthly"}, "expiry"),
        ({"expiry": datetime(2027, 3, 26, 8)}, "time zone"),  # noqa: DTZ001 (what is refused)
        ({"expiry": datetime(2027, 3, 26, 8, 30, tzinfo=UTC)}, "whole hour"),
    ],
)
def test_instruments_that_make_no_sense_are_refused(changes, word):
    """With the reason."""
    with pytest.raises(ValidationError, match=word):
        _instrument(**changes)


def test_option_parameters_are_encoded_in_the_contracts_order():
    """The defaults are the values of the published table [ppm and s]; on a public network volatility walks slower."""
    expected = (250_000, 400_000, 1_200_000, 900, 86_400, 30, 500_000, 500_000)
    assert OptionSettings().encode() == expected
    public = (*expected[:5], 60, 100_000, expected[7])
    for network, values in (("local", expected), ("sepolia", public)):
        config = NetworkConfig.load(CONFIG / f"{network}.toml")
        assert {name: each.encode() for name, each in config.options.items()} == {"ETH": values, "BTC": values}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"vol_shock_initial": Decimal("0.2")}, "below vol_shock_maintenance"),
        ({"expiry_age": 10}, "do not ascend"),
        ({"min_interval": 901}, "do not ascend"),
        ({"vol_shock": 1}, "vol_shock"),
    ],
)
def test_option_parameters_that_contradict_are_refused(changes, word):
    """Initial shocks cover maintenance shocks; Stale comes before Uncertain."""
    with pytest.raises(ValidationError, match=word):
        OptionSettings(**changes)


def test_slices_are_encoded_in_millionths():
    """Signed where a number may be negative."""
    assert SliceSettings(**SLICE).encode() == (300_000, 200_000, -200_000, 0, 300_000, 0)
    for name, value in (("b", -1), ("rho", 1), ("rho", -1), ("sigma", 0)):
        with pytest.raises(ValidationError, match=name):
            SliceSettings(**{**SLICE, name: value})


def test_surfaces_fix_their_expiries_once():
    """By underlying and name; a date may stand for a name."""
    raw = _raw()
    raw["surfaces"]["BTC"] = {"2027-03-26T08:00:00Z": SLICE}
    config = NetworkConfig.model_validate(raw)
    assert config.slice_expiries(NOW) == {
        "ETH:weekly": next_weekly(NOW),
        "ETH:quarterly": next_quarterly(NOW),
        "BTC:2027-03-26 08:00:00+00:00": datetime(2027, 3, 26, 8, tzinfo=UTC).timestamp(),
    }


def test_local_network_lists_options_at_expiries_that_have_a_slice():
    """Nothing could be listed without; a public network begins with parameters alone."""
    config = NetworkConfig.load(CONFIG / "local.toml")
    options = {name for name, each in config.instruments.items() if each.strike is not None}
    assert len(options) == 4
    for name in options:
        found = decode(config.instrument_id(name, NOW))
        assert found.expiry in config.slice_expiries(NOW).values()
    sepolia = NetworkConfig.load(CONFIG / "sepolia.toml")
    assert sepolia.surfaces == {}
    assert not any(each.strike for each in sepolia.instruments.values())


def test_options_need_parameters(tmp_path):
    """A series, or a surface, of an underlying without them names it."""
    text = _text("local")
    path = tmp_path / "local.toml"
    path.write_text(text.replace("[options.ETH]", "[options.LINK]"))
    with pytest.raises(NetworkConfigError, match="no parameters of options named ETH"):
        NetworkConfig.load(path)


def test_engine_has_defaults_for_options():
    """A configuration that does not name them gets the published ones [ppm; s]."""
    raw = _raw()
    for name in ("short_floor", "min_delta", "age_charge", "array_max_age", "array_max_move"):
        del raw["engine"][name]
    expected = (100_000, 50_000, 100_000, 900, 10_000)
    assert NetworkConfig.model_validate(raw).engine.encode()[4:] == expected
    assert NetworkConfig.load(CONFIG / "local.toml").engine.encode()[4:] == expected
