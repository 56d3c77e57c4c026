from dataclasses import astuple, replace

import pytest

from crossmargin.model.units import Ppm
from tests.helpers.options import PARAMS
from tests.helpers.reverts import reverts
from tests.unit.option_oracle.conftest import ETH


@pytest.mark.parametrize(
    ("changes", "value", "limit"),
    [
        ({"vol_shock_initial": 2_000_001}, 2_000_001, 2_000_000),
        ({"vol_shock_maintenance": 400_001}, 400_001, 400_000),
        ({"default_volatility": 9_999}, 9_999, 10_000),
        ({"default_volatility": 10_000_001}, 10_000_001, 10_000_000),
        ({"max_age": 0}, 0, 1),
        ({"max_age": 21_601}, 21_601, 21_600),
        ({"min_interval": 3_601}, 3_601, 3_600),
        ({"max_step": 1_000_001}, 1_000_001, 1_000_000),
        ({"max_carry": 1_000_001}, 1_000_001, 1_000_000),
    ],
)
def test_set_option_params_reverts_out_of_range(surface, governor, changes, value, limit):
    """Every parameter has its range."""
    before = surface.optionParams(ETH)

    with reverts("ParameterOutOfRange", value=value, limit=limit):
        surface.setOptionParams(ETH, astuple(replace(PARAMS, **changes)), sender=governor)

    assert surface.optionParams(ETH) == before


@pytest.mark.parametrize("underlying", [0, 256])
def test_set_option_params_reverts_for_what_is_no_underlying(surface, governor, underlying):
    """Underlyings are numbered 1 to 255."""
    with reverts("UnknownUnderlying", underlying=underlying):
        surface.setOptionParams(underlying, astuple(PARAMS), sender=governor)

    assert surface.optionParams(underlying).defaultVolatility == 0


def test_set_option_params_is_restricted(surface, probe, other):
    """The authority decides who may."""
    probe.refuse(other, sender=other)
    before = surface.optionParams(ETH)

    with reverts("AccessManagedUnauthorized", caller=other):
        surface.setOptionParams(ETH, astuple(PARAMS), sender=other)

    assert surface.optionParams(ETH) == before


def test_set_option_params_replaces_them(surface, governor):
    """They hold from now on, and the event has them all."""
    new = replace(PARAMS, max_carry=Ppm(7))
    receipt = surface.setOptionParams(ETH, astuple(new), sender=governor)

    event = receipt.event("OptionParamsSet")
    assert event.underlying == ETH
    assert tuple(event.params.values()) == astuple(new)
    assert tuple(surface.optionParams(ETH).values()) == astuple(new)
