from dataclasses import replace

import pytest

from crossmargin.errors import ConfigurationError, UnknownKeyError
from crossmargin.model.parameters import GroupOffsets, RiskSet, check_configuration
from crossmargin.model.units import PPM, YEAR
from tests.helpers.classes import ALTCOINS, MAJORS, STABLECOINS, default_parameters

KEY = 1
MOST_IMPACT = (2**64 - 1) * 5 // 11
"""At the largest multiplier, 2 * 1.1, no more than 2^64 - 1."""


def params_with(underlying=None, **changes):
    """Give the default configuration of one major, with changes to the whole or to the underlying."""
    params = default_parameters({KEY: MAJORS})
    if underlying is not None:
        params = replace(params, underlyings={KEY: underlying(params.underlyings[KEY])})
    return replace(params, **changes)


def maintenance(**changes):
    """Change the maintenance set of an underlying."""
    return lambda u: replace(u, maintenance=replace(u.maintenance, **changes))


def initial(**changes):
    """Change the initial set of an underlying."""
    return lambda u: replace(u, initial=replace(u.initial, **changes))


@pytest.mark.parametrize(
    ("row", "ltv", "threshold"),
    [(STABLECOINS, 950_000, 980_000), (MAJORS, 800_000, 850_000), (ALTCOINS, 500_000, 600_000)],
)
def test_published_weights_follow_from_the_table(row, ltv, threshold):
    """1 - l - xc is the LTV in the initial set and the threshold in the maintenance set."""
    assert PPM - row.initial.liquidity_haircut - row.initial.collateral_shock == ltv
    assert PPM - row.maintenance.liquidity_haircut - row.maintenance.collateral_shock == threshold


def test_default_table_passes_and_keeps_its_groups():
    """All classes together pass the check; group 0 has no entry."""
    params = default_parameters({1: MAJORS, 2: ALTCOINS, 3: STABLECOINS}, {1: 5})
    assert params.worst_multiplier == 2_200_000
    assert params.underlyings[1].impact_coefficient == 5
    assert params.underlyings[2].impact_coefficient == 0
    assert set(params.groups) == {1, 2}
    assert params.offset(1, RiskSet.INITIAL) == 400_000
    assert params.offset(2, RiskSet.MAINTENANCE) == 250_000
    assert params.offset(0, RiskSet.MAINTENANCE) == 0


@pytest.mark.parametrize(
    ("params", "rule", "actual", "limit"),
    [
        (params_with(profit_weight=PPM + 1), "profitWeight", PPM + 1, PPM),
        (params_with(stale_multiplier=PPM - 1), "staleMultiplier", PPM - 1, PPM),
        (params_with(max_multiplier=PPM - 1), "maxMultiplier", PPM - 1, PPM),
        (params_with(short_floor=PPM + 1), "shortFloor", PPM + 1, PPM),
        (params_with(min_delta=PPM + 1), "minDelta", PPM + 1, PPM),
        (params_with(age_charge=PPM + 1), "ageCharge", PPM + 1, PPM),
        (params_with(array_max_move=PPM + 1), "arrayMaxMove", PPM + 1, PPM),
        (params_with(groups={1: GroupOffsets(500_001, 0)}), "rhoMM", 500_001, 500_000),
        (params_with(groups={1: GroupOffsets(400_000, 400_001)}), "rhoIM", 400_001, 400_000),
        (params_with(groups={0: GroupOffsets(1, 0)}), "rhoMM", 1, 0),
        (params_with(groups={16: GroupOffsets(0, 0)}), "group", 16, 15),
        (params_with(lambda u: replace(u, group=16)), "group", 16, 15),
        (params_with(lambda u: replace(u, exposure_unit=0)), "exposureUnit", 0, 1),
        (params_with(lambda u: replace(u, exposure_cap=0)), "exposureCap", 0, 1),
        (params_with(lambda u: replace(u, impact_coefficient=MOST_IMPACT + 1)), "impactCoefficient", 2**64, 2**64 - 1),
        (params_with(maintenance(derivative_shock=0)), "derivativeShock", 0, 1),
        (params_with(maintenance(derivative_shock=80_001)), "collateralShock", 80_000, 80_001),
        (params_with(maintenance(liquidity_haircut=PPM + 1)), "liquidityHaircut", PPM + 1, PPM),
        (params_with(maintenance(liquidity_haircut=824_001)), "collateralWeight", -1, 0),
        (params_with(maintenance(liquidity_haircut=769_001)), "offsetShock", 55_000, 54_999),
        (params_with(initial(liquidity_haircut=656_801)), "offsetShock", 79_200, 79_199),
        (params_with(maintenance(basis_charge=29_999)), "collateralShock", 80_000, 79_999),
        (params_with(maintenance(basis_charge=30_001)), "longestBasisCharge", 80_001, 80_000),
        (params_with(lambda u: replace(u, max_tenor=YEAR + 1)), "longestBasisCharge", 80_001, 80_000),
        (params_with(maintenance(derivative_shock=39_999, basis_charge=40_001)), "longestBasisCharge", 90_001, 79_998),
        (params_with(initial(liquidity_haircut=69_999)), "liquidityHaircut", 69_999, 70_000),
        (params_with(initial(basis_charge_per_year=49_999)), "basisChargePerYear", 49_999, 50_000),
        (params_with(initial(collateral_shock=119_999)), "collateralShock", 119_999, 120_000),
        (params_with(initial(derivative_shock=90_001)), "collateralShock", 120_000, 120_001),
    ],
)
def test_check_rejects_one_step_past_each_rule(params, rule, actual, limit):
    """Each error names its rule, the value found and the limit missed."""
    with pytest.raises(ConfigurationError) as caught:
        check_configuration(params)
    assert (caught.value.rule, caught.value.actual, caught.value.limit) == (rule, actual, limit)


@pytest.mark.parametrize(
    "params",
    [
        params_with(initial(liquidity_haircut=656_800)),
        params_with(maintenance(derivative_shock=80_000)),
        params_with(lambda u: replace(u, impact_coefficient=MOST_IMPACT)),
        params_with(groups={1: GroupOffsets(500_000, 500_000)}),
        params_with(stale_multiplier=PPM, max_multiplier=PPM, profit_weight=PPM),
    ],
)
def test_check_accepts_each_rule_met_exactly(params):
    """A limit itself is allowed: weight 0.0792 = rho*xd, xd = xc, rho = 1/2 in both sets, multipliers of 1."""
    check_configuration(params)


def test_unknown_underlying_is_named():
    """The error says what was missing."""
    with pytest.raises(UnknownKeyError) as caught:
        params_with().underlying(9)
    assert (caught.value.kind, caught.value.key) == ("underlying", 9)
