"""An engine whose vault, clearinghouse, oracle, source and authority is one probe."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_abi import decode
from eth_utils.abi import get_abi_output_types

from crossmargin.model.account import Account, Spot, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.parameters import RiskParams
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import WAD, FeedId
from tests.helpers.classes import ALTCOINS, MAJORS, STABLECOINS, default_parameters
from tests.helpers.engine_probe import Case, parameter_words, state_words

ETH, LINK, USDT = FeedId(1), FeedId(2), FeedId(3)
NOW = 1_800_000_000
HANDED_OVER = frozenset({"initialMargin", "bothMargins"})
"""Views that are told cash and balances instead of asking for them."""
ETH_PERP = encode(Instrument(Kind.PERPETUAL, ETH))
LINK_PERP = encode(Instrument(Kind.PERPETUAL, LINK))


@pytest.fixture(scope="module")
def probe(node, deployer, other):
    """Deploy what stands for the rest of the venue; ape wants all actors there before it."""
    return node.deploy("EngineProbe", sender=deployer)


@pytest.fixture(scope="module")
def params() -> RiskParams:
    """Give a major, an altcoin and a stablecoin their default parameters, with impact and exposure caps."""
    params = default_parameters({ETH: MAJORS, LINK: ALTCOINS, USDT: STABLECOINS}, {ETH: 10**12, LINK: 10**13})
    capped = {key: replace(each, exposure_unit=10**17, exposure_cap=500) for key, each in params.underlyings.items()}
    return replace(params, underlyings=capped)


@pytest.fixture(scope="module")
def parameters(node, probe, params, deployer):
    """Deploy and set the parameters; the probe is authority and volatility source."""
    deployed = node.deploy("RiskParameters", probe.address, probe.address, sender=deployer)
    deployed.setParameters(*parameter_words(params), sender=deployer)
    return deployed


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


@pytest.fixture
def case(params) -> Case:
    """Own 10 ETH and 5,000 USDT, owe 2,000 USD, be short 4 ETH and long 100 LINK."""
    prices = {ETH: 2000 * WAD, LINK: 20 * WAD, USDT: WAD}
    prices = {feed: Price(mid, mid * 99 // 100, mid * 101 // 100) for feed, mid in prices.items()}
    markets = {
        id_: Market(id_, updated_at=NOW, open_interest=1000 * WAD, utilisation=20) for id_ in (ETH_PERP, LINK_PERP)
    }
    assets = (Spot(10 * WAD, 18, ETH, ETH), Spot(5000 * 10**6, 6, USDT, USDT))
    legs = (Leg(ETH_PERP, -4 * WAD, -8000 * WAD), Leg(LINK_PERP, 100 * WAD, 2000 * WAD))
    return Case(Account(-2000 * WAD, assets, legs), State(params, prices, markets, now=NOW), assets)


@pytest.fixture
def ask(probe, engine, simulator, deployer) -> Callable[..., Any]:
    """Call a view of engine or simulator in the state of a case; structs come as tuples in the order of fields.

    The views of the vault get the account's cash and balances, as the vault hands them over.
    """

    def call(case: Case, view: str, *arguments: Any, sender: Any = deployer) -> Any:
        target = simulator if view in {"simulate", "scenarios"} else engine
        state = state_words(case)
        handed_over = state[:2] if view in HANDED_OVER else ()
        data = getattr(target, view).encode(*arguments, *handed_over)
        answer = probe.ask.call(state, target.address, data, sender=sender)
        entry = next(each for each in target.contract.abi if each.get("name") == view)
        values = decode(get_abi_output_types(entry), answer)
        return values[0] if len(values) == 1 else values

    return call
