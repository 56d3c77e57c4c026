"""Who may ask for margins, when, and what an account without debt, prices or parameters gets."""

from dataclasses import replace

import pytest

from crossmargin.model.account import Account, Spot
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.prices import Price, PriceStatus
from crossmargin.model.units import WAD, FeedId
from tests.helpers.engine_probe import expected_margin, exposures
from tests.helpers.reverts import reverts
from tests.unit.risk_engine.conftest import ETH, ETH_PERP, LINK_PERP

MAX = 2**256 - 1


@pytest.mark.parametrize(
    ("view", "rest"),
    [
        ("initialMargin", [0, []]),
        ("bothMargins", [0, []]),
        ("maintenanceMargin", []),
        ("maintenanceWithExposures", []),
        ("legValues", []),
    ],
)
def test_venue_views_refuse_strangers(engine, view, rest, other):
    """What is served in the middle of an operation is served to the vault and its modules only."""
    with reverts("NotModule", caller=other):
        getattr(engine, view).call(1, *rest, sender=other)


@pytest.mark.parametrize(
    ("view", "arguments"),
    [
        ("health", [1]),
        ("healthMany", [[1, 2]]),
        ("margin", [1]),
    ],
)
def test_public_views_revert_while_an_operation_is_open(probe, engine, view, arguments, deployer):
    """Nobody is told a margin that is half way."""
    getattr(engine, view)(*arguments)
    probe.setGateOpen(True, sender=deployer)
    with reverts("OperationOpen"):
        getattr(engine, view)(*arguments)


def test_exposures_come_with_maintenance_margin(ask, case):
    """Whole units by underlying, with their caps."""
    _, underlyings, units, caps = ask(case, "maintenanceWithExposures", 1)
    wanted = exposures(case.account, case.state)
    assert dict(zip(underlyings, zip(units, caps, strict=True), strict=True)) == wanted
    assert wanted == {1: (40, 500), 2: (1000, 500)}


def test_venue_views_work_while_an_operation_is_open(probe, ask, case, deployer):
    """The gate itself asks them."""
    both = ask(case, "margin", 1)
    probe.setGateOpen(True, sender=deployer)
    assert ask(case, "bothMargins", 1) == both
    assert ask(case, "maintenanceMargin", 1) == both[1]
    assert ask(case, "maintenanceWithExposures", 1)[0] == both[1]
    assert ask(case, "initialMargin", 1) == (both[0][0], True, False)


def test_health_many_is_health_of_each(ask, case):
    """One memory serves all accounts in turn."""
    health = ask(case, "health", 1)
    assert 0 < health < MAX
    assert ask(case, "healthMany", [1, 1, 2]) == (health,) * 3
    assert ask(case, "healthMany", []) == ()


def test_free_account_passes_without_prices(ask, case):
    """Whoever owes nothing can leave though no price is known."""
    dark = {feed: Price(0, 0, 0, PriceStatus.UNSET) for feed in case.state.prices}
    account = Account(5 * WAD, case.account.spots)
    free = replace(case, account=account, state=replace(case.state, prices=dark))
    assert ask(free, "initialMargin", 1) == (0, True, True)
    assert ask(free, "health", 1) == MAX
    initial, _ = ask(free, "margin", 1)
    assert (initial[5], initial[6], initial[8]) == (5 * WAD, False, True)


def test_claim_or_debt_makes_an_account_not_free(ask, case):
    """A flat leg with a claim is a leg; a wei of debt is a debt."""
    for account in (
        Account(WAD, (), (Leg(ETH_PERP, 0, -1),)),
        Account(WAD, (), (Leg(ETH_PERP, 0, 1),)),
        Account(-1),
    ):
        assert ask(replace(case, account=account), "initialMargin", 1)[2] is False
    flat = Account(WAD, (), (Leg(ETH_PERP, 0, 0),))
    assert ask(replace(case, account=flat), "initialMargin", 1)[2] is True


@pytest.mark.parametrize("status", [PriceStatus.UNSET, PriceStatus.STALE, PriceStatus.UNCERTAIN, PriceStatus.HALTED])
@pytest.mark.parametrize("feed", [1, 2, 3])
def test_statuses_of_used_prices_are_told(ask, case, status, feed):
    """Each price of spot or of an open leg counts; the margin is computed all the same."""
    prices = {**case.state.prices, feed: replace(case.state.prices[feed], status=status)}
    dim = replace(case, state=replace(case.state, prices=prices))
    for answer, which in zip(ask(dim, "margin", 1), (RiskSet.INITIAL, RiskSet.MAINTENANCE), strict=True):
        assert (answer[6], answer[7]) == (False, status is PriceStatus.HALTED)
        assert answer == tuple(expected_margin(dim.account, dim.state, which).values())


def test_unconfigured_underlying_counts_at_its_worst(ask, case):
    """Spot without parameters counts nothing, a leg without parameters requires its whole notional: no revert."""
    prices = {**case.state.prices, FeedId(9): Price(WAD, WAD, WAD)}
    perp = (1 << 60) | (9 << 48)
    market = replace(case.state.markets[ETH_PERP], instrument=perp)
    state = replace(case.state, prices=prices, markets={**case.state.markets, perp: market})
    spot = Spot(7 * WAD, 18, FeedId(9), FeedId(9))
    account = Account(100 * WAD, (spot,), ())
    initial, _ = ask(replace(case, account=account, state=state, assets=(spot,)), "margin", 1)
    assert (initial[0], initial[5]) == (100 * WAD, 107 * WAD)

    account = Account(100 * WAD, (), (Leg(perp, -3 * WAD, -3 * WAD),))
    initial, maintenance = ask(replace(case, account=account, state=state, assets=()), "margin", 1)
    assert (initial[3], maintenance[3]) == (3 * WAD, 3 * WAD)
    assert ask(replace(case, account=account, state=state, assets=()), "maintenanceWithExposures", 1)[1:] == (
        (),
        (),
        (),
    )


def test_two_legs_of_one_underlying_share_a_bucket(ask, case):
    """Exposure adds up in whole units, each leg rounded down."""
    future = (2 << 60) | (ETH << 48) | (500_010 << 24)
    market = replace(case.state.markets[ETH_PERP], instrument=future)
    state = replace(case.state, markets={**case.state.markets, future: market})
    legs = (Leg(ETH_PERP, WAD + 1, 0), Leg(future, -WAD, 0), Leg(LINK_PERP, 0, 5))
    account = Account(0, (), legs)
    found = ask(replace(case, account=account, state=state), "maintenanceWithExposures", 1)
    assert found[1:] == ((ETH,), (20,), (500,))
