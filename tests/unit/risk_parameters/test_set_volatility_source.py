"""Multipliers come from a source that is not trusted: it can neither loosen, nor inflate, nor stop margins."""

from dataclasses import replace

import pytest
from web3.exceptions import Web3Exception

from crossmargin.model.parameters import RiskSet
from crossmargin.model.prices import Multipliers
from crossmargin.model.units import WAD
from tests.helpers.engine_probe import expected_margin, state_words
from tests.helpers.reverts import reverts, unchanged
from tests.unit.risk_engine.conftest import ETH, LINK, USDT

REVERTS, SHORT, BURNS, OTHER_LENGTH = 1, 2, 3, 4


def multiplied(case, maintenance: int, initial: int):
    """Let the source say these multipliers of every underlying."""
    words = {feed: Multipliers(maintenance, initial) for feed in (ETH, LINK, USDT)}
    return replace(case, state=replace(case.state, multipliers=words))


def test_set_volatility_source_replaces_it(parameters, probe, deployer, other):
    """Only the source changes; the parameters stay."""
    before = parameters.underlyingParams(ETH)
    receipt = parameters.setVolatilitySource(other, sender=deployer)
    assert receipt.event("VolatilitySourceSet").source == other.address
    assert parameters.volatilitySource() == other.address
    assert parameters.underlyingParams(ETH) == before


def test_set_volatility_source_is_restricted(parameters, other):
    """Nobody but whom the authority lets."""
    with unchanged(parameters.volatilitySource), reverts("AccessManagedUnauthorized", caller=other):
        parameters.setVolatilitySource(other, sender=other)


def test_fixed_volatility_changes_nothing(node, parameters, ask, case, deployer):
    """The default source leaves every shock as configured."""
    before = ask(case, "margin", 1)
    fixed = node.deploy("FixedVolatility", sender=deployer)
    assert fixed.multipliers([1, 2, 3]) == [WAD | WAD << 128] * 3
    assert fixed.multipliers([]) == []
    parameters.setVolatilitySource(fixed, sender=deployer)
    assert ask(multiplied(case, 2 * WAD, 2 * WAD), "margin", 1) == before


@pytest.mark.parametrize("behaviour", [REVERTS, SHORT, BURNS, OTHER_LENGTH])
def test_broken_source_never_loosens(probe, ask, case, deployer, behaviour):
    """A source that fails counts as the highest multiplier, and every account can still be judged."""
    most = ask(multiplied(case, 2 * WAD, 2 * WAD), "margin", 1)
    probe.setVolatility(behaviour, sender=deployer)
    assert ask(case, "margin", 1) == most


def test_account_as_source_never_loosens(parameters, ask, case, deployer, other):
    """Nor does an address without code."""
    most = ask(multiplied(case, 2 * WAD, 2 * WAD), "margin", 1)
    parameters.setVolatilitySource(other, sender=deployer)
    assert ask(case, "margin", 1) == most


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ((0, 0), (2 * WAD, 2 * WAD)),
        ((1, 1), (WAD, WAD)),
        ((2**128 - 1, 2**128 - 1), (2 * WAD, 2 * WAD)),
        ((15 * WAD // 10, 1), (15 * WAD // 10, 15 * WAD // 10)),
        ((15 * WAD // 10, 0), (15 * WAD // 10, 2 * WAD)),
    ],
)
def test_multipliers_are_clamped(ask, case, said, counted):
    """They lie between 1 and the maximum, which 0 counts as; initial is never below maintenance."""
    initial, maintenance = ask(multiplied(case, *said), "margin", 1)
    wanted = multiplied(case, *counted)
    for answer, which in ((initial, RiskSet.INITIAL), (maintenance, RiskSet.MAINTENANCE)):
        assert answer == tuple(expected_margin(wanted.account, wanted.state, which).values())


@pytest.mark.parametrize("behaviour", [0, BURNS])
def test_little_gas_never_changes_an_answer(probe, engine, case, deployer, behaviour):
    """Whoever calls with too little gas gets no answer, never one without the multipliers."""
    probe.setVolatility(behaviour, sender=deployer)
    data = engine.health.encode(1)
    call = probe.contract.functions.ask(state_words(multiplied(case, 2 * WAD, 2 * WAD)), engine.address, data)
    answer = call.call({"gas": 10**7})
    refused = 0
    for gas in range(60_000, 600_000, 3_000):
        try:
            given = call.call({"gas": gas})
        except (Web3Exception, ValueError):
            refused += 1
        else:
            assert given == answer
    assert 0 < refused < 180
