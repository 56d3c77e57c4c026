"""Governance replaces risk parameters; a table that breaks a rule is refused as a whole."""

from dataclasses import replace

import pytest

from crossmargin.model.parameters import GroupOffsets, RiskParams, UnderlyingParams
from crossmargin.model.units import WAD
from tests.helpers.classes import MAJORS, STABLECOINS
from tests.helpers.engine_probe import parameter_words, set_words
from tests.helpers.reverts import reverts, unchanged
from tests.unit.risk_engine.conftest import ETH, LINK, USDT

MAJOR = UnderlyingParams(MAJORS.maintenance, MAJORS.initial, group=1, exposure_unit=10**17, exposure_cap=500)


def with_eth(params: RiskParams, **changes) -> RiskParams:
    """Configure only ETH, with other terms in its sets (maintenance=..., initial=...) or traits."""
    return replace(params, underlyings={ETH: replace(params.underlyings[ETH], **changes)})


@pytest.fixture
def table(parameters):
    """Read all that is configured."""

    def read():
        underlyings = [parameters.underlyingParams(key) for key in (ETH, LINK, USDT)]
        return underlyings, [parameters.groupParams(group) for group in range(16)], parameters.globalParams()

    return read


def test_set_parameters_stores_every_field(engine, parameters, params):
    """What was set reads back, the volatility source stays."""
    for key, values in params.underlyings.items():
        stored = parameters.underlyingParams(key)
        assert tuple(stored.maintenance.values()) == set_words(values.maintenance)
        assert tuple(stored.initial.values()) == set_words(values.initial)
        assert (stored.impactCoefficient, stored.group) == (values.impact_coefficient, values.group)
        assert (stored.crowdingSlope, stored.maxTenor) == (values.crowding_slope, values.max_tenor)
        assert (stored.exposureUnit, stored.exposureCap) == (values.exposure_unit, values.exposure_cap)
    for group, offsets in params.groups.items():
        assert tuple(parameters.groupParams(group).values()) == (offsets.maintenance, offsets.initial)
    assert tuple(parameters.groupParams(15).values()) == (0, 0)
    assert tuple(parameters.globalParams().values()) == parameter_words(params)[4]
    assert parameters.volatilitySource() == engine.vault()


def test_set_parameters_merges_and_emits(parameters, params, deployer):
    """A record that is not named stays as it was; each one named is announced."""
    before = parameters.underlyingParams(LINK)
    changed = with_eth(params, crowding_slope=123_456)

    receipt = parameters.setParameters(*parameter_words(changed), sender=deployer)

    assert parameters.underlyingParams(ETH).crowdingSlope == 123_456
    assert parameters.underlyingParams(LINK) == before
    assert receipt.event("UnderlyingSet").underlying == ETH
    assert [log["args"].group for log in receipt.events("GroupSet")] == list(params.groups)
    assert receipt.event("GlobalSet").params.profitWeight == params.profit_weight


def test_set_parameters_accepts_the_last_id_and_group(parameters, params, deployer):
    """Ids go up to 255, groups up to 15."""
    stable = replace(params.underlyings[USDT], group=15)
    changed = replace(params, underlyings={255: stable}, groups={15: GroupOffsets(10, 5)})
    parameters.setParameters(*parameter_words(changed), sender=deployer)
    assert parameters.underlyingParams(255).group == 15
    assert tuple(parameters.groupParams(15).values()) == (10, 5)


def test_set_parameters_is_restricted(parameters, params, table, other):
    """Nobody but whom the authority lets."""
    with unchanged(table), reverts("AccessManagedUnauthorized", caller=other):
        parameters.setParameters(*parameter_words(params), sender=other)


def test_set_parameters_reverts_on_lengths(parameters, params, table, deployer):
    """Arrays that belong together have one length."""
    ids, values, groups, offsets, venue = parameter_words(params)
    with unchanged(table), reverts("LengthMismatch", actual=2, expected=3):
        parameters.setParameters(ids, values[:2], groups, offsets, venue, sender=deployer)
    with unchanged(table), reverts("LengthMismatch", actual=1, expected=2):
        parameters.setParameters(ids, values, groups, offsets[:1], venue, sender=deployer)


@pytest.mark.parametrize(("key", "limit"), [(0, 1), (256, 255)])
def test_set_parameters_reverts_on_ids(parameters, params, table, deployer, key, limit):
    """Ids are 1 to 255."""
    changed = replace(params, underlyings={key: MAJOR})
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=key, value=key, limit=limit):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


@pytest.mark.parametrize(("group", "limit"), [(0, 1), (16, 15)])
def test_set_parameters_reverts_on_groups(parameters, params, table, deployer, group, limit):
    """Groups with an offset are 1 to 15."""
    changed = replace(params, groups={group: GroupOffsets(0, 0)})
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=0, value=group, limit=limit):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


def test_set_parameters_reverts_on_another_unit(parameters, params, table, deployer):
    """Running auctions count in the unit they began with."""
    changed = with_eth(params, exposure_unit=WAD)
    with unchanged(table), reverts("ExposureUnitChanged", underlying=ETH, actual=WAD, expected=10**17):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


@pytest.mark.parametrize(
    ("changes", "value", "limit"),
    [
        ({"profit_weight": 1_000_001}, 1_000_001, 1_000_000),
        ({"stale_multiplier": 999_999}, 999_999, 1_000_000),
        ({"max_multiplier": 999_999}, 999_999, 1_000_000),
        ({"short_floor": 1_000_001}, 1_000_001, 1_000_000),
        ({"min_delta": 1_000_001}, 1_000_001, 1_000_000),
        ({"age_charge": 1_000_001}, 1_000_001, 1_000_000),
        ({"array_max_move": 1_000_001}, 1_000_001, 1_000_000),
        ({"groups": {1: GroupOffsets(500_001, 0)}}, 500_001, 500_000),
        ({"groups": {1: GroupOffsets(100_000, 100_001)}}, 100_001, 100_000),
    ],
)
def test_set_parameters_reverts_on_globals(parameters, params, table, deployer, changes, value, limit):
    """Weights and parts are at most 1, multipliers at least 1, offsets at most a half, and lower at initial."""
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=0, value=value, limit=limit):
        parameters.setParameters(*parameter_words(replace(params, **changes)), sender=deployer)


def test_set_parameters_accepts_globals_at_their_limits(parameters, params, deployer):
    """Parts of 1 and the longest age that can be stored, all at once."""
    parts = dict.fromkeys(("profit_weight", "short_floor", "min_delta", "age_charge", "array_max_move"), 1_000_000)
    changed = replace(params, **parts, stale_multiplier=1_000_000, max_multiplier=1_000_000, array_max_age=2**24 - 1)
    parameters.setParameters(*parameter_words(changed), sender=deployer)
    assert tuple(parameters.globalParams().values()) == parameter_words(changed)[4]


@pytest.mark.parametrize(
    ("maintenance", "initial", "value", "limit"),
    [
        ({"derivative_shock": 0}, {}, 0, 1),
        ({"derivative_shock": 80_001}, {}, 80_001, 80_000),
        ({"derivative_shock": 40_000}, {}, 80_000, 70_000),
        ({"basis_charge_per_year": 50_001}, {"basis_charge_per_year": 50_001}, 80_001, 80_000),
        ({}, {"liquidity_haircut": 740_000}, 740_000 + 264_000, 1_000_000),
        ({}, {"liquidity_haircut": 700_000}, 79_200, 36_000),
        ({}, {"basis_charge_per_year": 1_000_001}, 1_000_001, 1_000_000),
    ],
)
def test_set_parameters_reverts_on_a_set(parameters, params, table, deployer, maintenance, initial, value, limit):
    """Each rule of one set: shocks in order, spot never below nothing, offsets below its weight, basis bounded."""
    before = params.underlyings[ETH]
    changed = with_eth(
        params,
        maintenance=replace(before.maintenance, **maintenance),
        initial=replace(before.initial, **initial),
    )
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=ETH, value=value, limit=limit):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


@pytest.mark.parametrize(
    "field",
    ["liquidity_haircut", "collateral_shock", "derivative_shock", "basis_charge", "basis_charge_per_year"],
)
def test_set_parameters_reverts_on_initial_below_maintenance(parameters, params, table, deployer, field):
    """The initial set is at least the maintenance set, term by term."""
    before = params.underlyings[ETH]
    least = getattr(before.maintenance, field)
    changed = with_eth(params, initial=replace(before.initial, **{field: least - 1}))
    with (
        unchanged(table),
        reverts("InitialBelowMaintenance", underlying=ETH, initial=least - 1, maintenance=least),
    ):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


def test_set_parameters_reverts_on_a_derivative_shock_that_outgrows_spot(parameters, params, table, deployer):
    """Initial x_c exceeds maintenance x_c by at least what x_d grows by, offset or none; the default just does."""
    before = params.underlyings[ETH]
    for group in (0, 1):
        changed = with_eth(params, group=group, initial=replace(before.initial, collateral_shock=119_999))
        with unchanged(table), reverts("RiskParameterOutOfRange", underlying=ETH, value=119_999, limit=120_000):
            parameters.setParameters(*parameter_words(changed), sender=deployer)
    changed = with_eth(params, initial=replace(before.initial, derivative_shock=90_001))
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=ETH, value=120_000, limit=120_001):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


def test_set_parameters_reverts_on_traits(parameters, params, table, deployer):
    """Groups are at most 15, units above 0, and so are caps: with one of 0 nothing could be auctioned."""
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=ETH, value=16, limit=15):
        parameters.setParameters(*parameter_words(with_eth(params, group=16)), sender=deployer)
    for field in ("exposure_unit", "exposure_cap"):
        fresh = replace(params, underlyings={9: replace(MAJOR, **{field: 0})})
        with unchanged(table), reverts("RiskParameterOutOfRange", underlying=9, value=0, limit=1):
            parameters.setParameters(*parameter_words(fresh), sender=deployer)


def test_set_parameters_checks_records_that_are_not_named(parameters, params, table, deployer):
    """A larger multiplier is refused for an underlying that only an earlier call set."""
    changed = replace(params, underlyings={USDT: params.underlyings[USDT]}, max_multiplier=3_000_000)
    with unchanged(table), reverts("RiskParameterOutOfRange", underlying=LINK, value=165_000, limit=25_000):
        parameters.setParameters(*parameter_words(changed), sender=deployer)


def test_underlying_params_reverts_where_there_are_none(parameters):
    """An id without parameters is an error, not zeros."""
    for key in (0, 9, 255, 256):
        with reverts("UnknownUnderlying", underlying=key):
            parameters.underlyingParams(key)


def test_stablecoins_default_is_accepted(parameters, params, deployer):
    """The default table stands for an underlying without offset."""
    values = UnderlyingParams(STABLECOINS.maintenance, STABLECOINS.initial)
    parameters.setParameters(*parameter_words(replace(params, underlyings={9: values})), sender=deployer)
    assert parameters.underlyingParams(9).exposureUnit == WAD
