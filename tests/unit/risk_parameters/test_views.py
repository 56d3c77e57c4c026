"""What others ask of the parameters of one underlying."""

import pytest

from tests.helpers.reverts import reverts
from tests.unit.risk_engine.conftest import ETH


def test_views_agree_with_the_whole(parameters):
    """Tenor and shocks are those of the record."""
    whole = parameters.underlyingParams(ETH)
    assert parameters.maxTenorOf(ETH) == whole.maxTenor
    shocks = parameters.derivativeShocksOf(ETH)
    assert (shocks.maintenance, shocks.initial) == (
        whole.maintenance.derivativeShock,
        whole.initial.derivativeShock,
    )


@pytest.mark.parametrize("view", ["maxTenorOf", "derivativeShocksOf", "underlyingParams"])
@pytest.mark.parametrize("underlying", [0, 9, 255, 256, 2**255])
def test_views_revert_without_parameters(parameters, view, underlying):
    """There is no default that a caller could take for a record."""
    with reverts("UnknownUnderlying", underlying=underlying):
        getattr(parameters, view)(underlying)
