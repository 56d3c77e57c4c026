"""The engine's margin is the reference model's, to the wei."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.engine_probe import expected, fits, parameter_words, run
from tests.helpers.random_cases import random_case, random_configuration
from tests.helpers.undone import undone
from tests.offchain.model.books import NOW, Pick, default_params
from tests.unit.risk_engine.conftest import HANDED_OVER

CASES = 12


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy what stands for the rest of the venue."""
    return node.deploy("EngineProbe", sender=deployer)


@pytest.fixture(scope="module")
def parameters(node, probe, deployer):
    """Deploy parameters; the probe is authority and volatility source."""
    return node.deploy("RiskParameters", probe.address, probe.address, sender=deployer)


@pytest.fixture(scope="module")
def engine(node, probe, parameters, deployer):
    """Deploy an engine that knows the probe and the parameters."""
    deployed = node.deploy("RiskEngine", *[probe.address] * 4, parameters.address, sender=deployer)
    probe.setRiskEngine(deployed.address, sender=deployer)
    return deployed


@pytest.fixture(scope="module")
def simulator(node, probe, engine, deployer):
    """Deploy a simulator beside the engine."""
    return node.deploy("RiskSimulator", *[probe.address] * 3, sender=deployer)


@given(seed=st.integers(0, 2**64 - 1))
def test_engine_equals_model(node, probe, engine, simulator, seed):
    """INV-12: margins, health, equity, the gate's answer, exposures, what-ifs and scenarios are those of the model."""
    pick = Random(seed).randint
    params = random_configuration(pick)
    cases = [case for case in (random_case(pick, params) for _ in range(CASES)) if fits(case)]
    with undone():
        node.rpc("evm_setNextBlockTimestamp", max(NOW, node.now + 1))
        node.rpc("evm_mine")
        time, answers = run(probe, engine, simulator, params, cases)

    for case, answer in zip(cases, answers, strict=True):
        wanted = expected(case, time)
        assert {name for name in wanted if wanted[name] != answer[name]} == set(), (case, wanted, answer)


def any_words(pick: Pick, count: int) -> tuple[Any, ...]:
    """Pick words that no contract of ours would write: every field may be at its end."""

    def word() -> int:
        return (pick(0, 2**256 - 1), 2**256 - 1, 2**255, 0, 2**256 - 2 ** pick(0, 255), 2 ** pick(0, 255))[pick(0, 5)]

    ids = [pick(1, 4) << 60 | pick(1, 255) << 48 | pick(0, 2**24 - 1) << 24 for _ in range(count)]
    feeds = [(feed, word() % 2**128 | pick(0, 4) << 128, word(), word()) for feed in range(1, 256)]
    spot = [
        word() % 2**128 | pick(6, 18) << 128 | pick(1, 255) << 136 | pick(1, 255) << 144 | i << 152
        for i in range(pick(0, 12))
    ]
    legs = [part for id_ in ids for part in (id_, word(), word(), word())]
    markets = [(id_, 0) for id_ in set(ids)]
    arrays = [(id_, word(), word()) for id_ in set(ids)]
    return pick(-(2**127), 2**127), spot, legs, feeds, markets, [], arrays


@given(seed=st.integers(0, 2**64 - 1))
def test_margin_never_reverts(probe, engine, params_by_default, seed, deployer):
    """INV-12: whatever the words, every account gets its margin; an account that cannot be judged cannot be sold."""
    pick = Random(seed).randint
    state = any_words(pick, pick(0, 48))
    for view in ("bothMargins", "initialMargin", "maintenanceWithExposures", "health", "legValues"):
        handed_over = state[:2] if view in HANDED_OVER else ()
        data = getattr(engine, view).encode(1, *handed_over)
        assert probe.ask.call(state, engine.address, data, sender=deployer)


@pytest.fixture(scope="module")
def params_by_default(parameters, deployer):
    """Configure 40 underlyings; the others are unknown."""
    params = default_params(Random(1).randint, 40)
    parameters.setParameters(*parameter_words(params), sender=deployer)
