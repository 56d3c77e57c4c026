"""The plan: what is made from what, in which order, and who may do what afterwards."""

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from crossmargin.deployment import Create, Kind, NetworkConfig, Setting, plan
from crossmargin.deployment.handover import restricted_contracts
from crossmargin.deployment.roles import MATRIX, Role
from crossmargin.deployment.volatility import VolatilitySettings

CONFIG = Path(__file__).resolve().parents[3] / "config"
ROLE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.fixture(params=["local", "sepolia"])
def config(request) -> NetworkConfig:
    """Read each network's file."""
    return NetworkConfig.load(CONFIG / f"{request.param}.toml").with_roles(ROLE, ROLE, ROLE)


@pytest.fixture
def names(config) -> list[str]:
    """Names of all steps, in order."""
    return [step.name for step in plan(config)]


def _arguments(config: NetworkConfig, name: str) -> tuple:
    step = next(each for each in plan(config) if isinstance(each, Create) and each.name == name)
    return step.arguments(SimpleNamespace(address=lambda contract: contract))


def test_option_contracts_are_made_from_those_before_them(config, names):
    """Constructor arguments as the contracts have them."""
    oracles = ("OracleAdapter", "OptionOracle")
    expected = {
        "RiskParameters": ("AccessManager", "FixedVolatility"),
        "VolatilityForecaster": ("AccessManager", "OracleAdapter"),
        "RiskSteward": ("AccessManager", "VolatilityForecaster"),
        "Expiries": ("MarginVault",),
        "VolatilitySurface": ("AccessManager", "RiskParameters"),
        "OptionOracle": ("MarginVault", "OracleAdapter", "VolatilitySurface", "RiskParameters", "Expiries"),
        "MarketLosses": ("MarginVault",),
        "ListingRules": ("RiskParameters",),
        "Clearinghouse": ("MarginVault", "Expiries", "MarketLosses", "ListingRules", *oracles, "AccessManager"),
        "RiskEngine": ("MarginVault", "Clearinghouse", *oracles, "RiskParameters"),
        "RiskSimulator": ("MarginVault", "Clearinghouse", "OracleAdapter"),
        "BatchSettler": ("Clearinghouse",),
    }
    for name, arguments in expected.items():
        assert _arguments(config, name) == arguments
        assert all(names.index(each) < names.index(name) for each in arguments)


def test_the_insurance_has_its_seed_before_anything_can_be_traded(names):
    """No market is listed and no collateral taken while a wei would be all that is supplied."""
    opened = [at for at, name in enumerate(names) if name.endswith(".listed") or name.startswith("asset.")]
    assert opened
    assert names.index("insurance.seed") < min(opened)


def test_both_oracles_are_one_setting(config):
    """Replacing one without the other would be two operations in the timelock."""
    (step,) = [each for each in plan(config) if isinstance(each, Setting) and each.function == "setOracles"]
    venue = SimpleNamespace(address=lambda name: name, read=lambda _, view: view)
    assert step.arguments(venue) == ("OracleAdapter", "OptionOracle")
    assert step.read(venue) == {"oracle": "oracle", "options": "options"}
    assert step.want(venue) == {"oracle": "OracleAdapter", "options": "OptionOracle"}


def test_volatility_is_posted_between_parameters_and_listing():
    """By the deployer, before the function has its role; once, so that verification leaves it to the poster."""
    config = NetworkConfig.load(CONFIG / "local.toml")
    steps = plan(config)
    names = [step.name for step in steps]
    posts = [step for step in steps if isinstance(step, Setting) and step.function == "post"]
    assert [step.name for step in posts] == [
        f"surface.{name}:{expiry}" for name in ("ETH", "BTC") for expiry in ("weekly", "quarterly")
    ]
    assert {step.kind for step in posts} == {Kind.ONCE}
    first, last = names.index(posts[0].name), names.index(posts[-1].name)
    assert names.index("risk") < names.index("options.ETH") < first
    assert last < names.index("instrument.ETH-WEEKLY-2000-C.listed")
    assert last < names.index("role.poster.VolatilitySurface") < names.index("role.deployer.administrator")


@pytest.mark.parametrize(
    ("posted_at", "listed", "done"),
    [(0, False, False), (0, True, False), (5_000, False, True), (1_000, False, False), (1_000, True, True)],
)
def test_volatility_is_posted_again_while_a_listing_needs_it(posted_at, listed, done):
    """A deployment that is resumed a day later cannot list at a Stale slice."""
    config = NetworkConfig.load(CONFIG / "local.toml")
    step = next(each for each in plan(config) if each.name == "surface.ETH:weekly")
    now = 5_100
    words = {"sliceOf": ((), posted_at), "marketWord": int(listed) << 248}
    record = SimpleNamespace(
        slices=config.slice_expiries(now),
        instruments={name: config.instrument_id(name, now) for name in config.instruments},
    )
    eth = SimpleNamespace(get_block=lambda _: {"timestamp": now})
    venue = SimpleNamespace(
        config=config,
        record=record,
        chain=SimpleNamespace(web3=SimpleNamespace(eth=eth)),
        read=lambda _contract, function, *_: words[function],
    )
    assert step.read(venue) is done
    assert step.arguments(venue) == (1, record.slices["ETH:weekly"], config.surfaces["ETH"]["weekly"].encode())


def test_listing_takes_its_arguments_from_the_id():
    """Kind, underlying, expiry and strike, whatever the time of the call."""
    config = NetworkConfig.load(CONFIG / "local.toml")
    now = 1_900_000_000
    record = SimpleNamespace(instruments={name: config.instrument_id(name, now) for name in config.instruments})
    found = {
        step.name.split(".")[1]: step.arguments(SimpleNamespace(record=record))[:4]
        for step in plan(config)
        if isinstance(step, Setting) and step.function == "list"
    }
    weekly, quarterly = (config.slice_expiries(now)[f"ETH:{name}"] for name in ("weekly", "quarterly"))
    assert found == {
        "ETH-PERP": (1, 1, 0, 0),
        "BTC-PERP": (1, 2, 0, 0),
        "LINK-PERP": (1, 3, 0, 0),
        "ETH-FUTURE": (2, 1, quarterly, 0),
        "ETH-WEEKLY-2000-C": (3, 1, weekly, 2_000 * 10**18),
        "ETH-WEEKLY-2000-P": (4, 1, weekly, 2_000 * 10**18),
        "ETH-QUARTERLY-2500-C": (3, 1, quarterly, 2_500 * 10**18),
        "ETH-QUARTERLY-1500-P": (4, 1, quarterly, 1_500 * 10**18),
    }


def test_roles_of_options(config):
    """The poster posts, the guardian distrusts, governance sets and lists; nobody has the functions that are gone."""
    assert MATRIX["VolatilitySurface"] == {
        "setOptionParams": Role.GOVERNOR,
        "removeSlice": Role.GOVERNOR,
        "forceUncertain": Role.GUARDIAN,
        "post": Role.POSTER,
    }
    assert MATRIX["Clearinghouse"]["setOracles"] is MATRIX["Clearinghouse"]["list"] is Role.GOVERNOR
    assert not {"setOracle", "listPerpetual", "listFuture"} & MATRIX["Clearinghouse"].keys()
    assert ("VolatilitySurface", "VolatilitySurface") in list(restricted_contracts(config))
    assert "role.poster.VolatilitySurface" in [step.name for step in plan(config)]


def test_margins_follow_the_steward_where_there_is_volatility(config):
    """Without it their shocks stay as they are configured, and neither contract is there."""
    (source,) = [each for each in plan(config) if isinstance(each, Setting) and each.function == "setVolatilitySource"]
    venue = SimpleNamespace(address=lambda name: name)
    assert source.want(venue) == "RiskSteward"
    fixed = config.model_copy(update={"volatility": None})
    (source,) = [each for each in plan(fixed) if isinstance(each, Setting) and each.function == "setVolatilitySource"]
    assert source.want(venue) == "FixedVolatility"
    assert not {"VolatilityForecaster", "RiskSteward"} & {step.name for step in plan(fixed)}
    assert not {"VolatilityForecaster", "RiskSteward"} & {name for name, _ in restricted_contracts(fixed)}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("majors", ["USDT"], "majors: USDT is none of ETH, BTC, LINK"),
        ("majors", ["ETH", "BTC", "LINK", "ETH"], "4 majors, at most 3"),
        ("patience", 3_601, "patience 3601 is no multiple of 3600"),
        ("forest", "config/volatility/none", "config/volatility/none: .*No such file"),
        ("forest", "config/local.toml", "config/local.toml: "),
    ],
)
def test_volatility_has_bounds(config, field, value, message):
    """What the contracts would refuse, or could not hold."""
    settings = config.volatility.model_dump() | {field: value}
    with pytest.raises(ValueError, match=message):
        VolatilitySettings.model_validate(settings)


def test_a_multiplier_beyond_the_engines_is_refused(config):
    """Margins would stop there."""
    underlyings = config.volatility.underlyings
    beyond = underlyings["ETH"].model_copy(update={"most": Decimal(2)})
    changed = config.volatility.model_copy(update={"underlyings": underlyings | {"ETH": beyond}})
    with pytest.raises(ValueError, match="most 2 is above the engine's max_multiplier"):
        NetworkConfig.model_validate(config.model_dump(by_alias=True) | {"volatility": changed})
