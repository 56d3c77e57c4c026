"""Who may ask for margins, when, and what an account without debt, prices or parameters gets."""

from dataclasses import replace

import pytest

from crossmargin.client.limits import largest
from crossmargin.model.account import Account, Spot
from crossmargin.model.breakdown import Doubt
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price, PriceStatus
from crossmargin.model.units import WAD, FeedId
from tests.helpers.engine_probe import expected_margin, exposures
from tests.helpers.reverts import reverts
from tests.unit.risk_engine.conftest import ETH, ETH_PERP, LINK, LINK_PERP, NOW, USDT

MAX = 2**256 - 1


NOTHING_REQUIRED = (0, 0, 0, 0, 0, 0, 0, True, False, True)
"""What the gate is told of an account with neither debt nor open contracts."""


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
    assert ask(case, "initialMargin", 1) == (*both[0][:6], 0, *both[0][7:])


def test_free_account_passes_without_prices(ask, case):
    """Whoever owes nothing can leave though no price is known."""
    dark = {feed: Price(0, 0, 0, PriceStatus.UNSET) for feed in case.state.prices}
    account = Account(5 * WAD, case.account.spots)
    free = replace(case, account=account, state=replace(case.state, prices=dark))
    assert ask(free, "initialMargin", 1) == NOTHING_REQUIRED
    assert ask(free, "health", 1) == MAX
    initial, _ = ask(free, "margin", 1)
    assert (initial[6], initial[7], initial[9]) == (5 * WAD, True, True)


def test_debts_make_an_account_not_free(ask, case):
    """A wei of debt is a debt, to lenders or to a market, whatever the market owes beside it; a claim asks nothing."""
    for account in (
        Account(WAD, (), (Leg(ETH_PERP, 0, 0, debts=1),)),
        Account(WAD, (), (Leg(ETH_PERP, 0, 0, claims=WAD, debts=1),)),
        Account(WAD, (), (Leg(ETH_PERP, 1, 0),)),
        Account(-1),
    ):
        assert ask(replace(case, account=account), "initialMargin", 1)[9] is False
    for leg in (Leg(ETH_PERP, 0, 0), Leg(ETH_PERP, 0, 0, claims=WAD)):
        assert ask(replace(case, account=Account(WAD, (), (leg,))), "initialMargin", 1) == NOTHING_REQUIRED


def test_unpaid_profit_is_told_apart(ask, case):
    """A long that won 100 and is owed 50: nine tenths of 100 back new risk, none a loan; of maintenance all counts."""
    leg = Leg(LINK_PERP, 100 * WAD, 1880 * WAD, claims=50 * WAD)
    nothing = replace(leg, basis=1980 * WAD, claims=0)
    margins = [ask(replace(case, account=Account(10_000 * WAD, (), (each,))), "margin", 1) for each in (leg, nothing)]
    (initial, maintenance), (without, _) = margins
    # at the low edge of 19.8
    assert initial[0] - initial[1] == 90 * WAD
    assert initial[1] == without[0] == without[1]
    assert maintenance[0] == maintenance[1]
    assert maintenance[0] - margins[1][1][0] == 150 * WAD


@pytest.mark.parametrize("status", [PriceStatus.UNSET, PriceStatus.STALE, PriceStatus.UNCERTAIN, PriceStatus.HALTED])
@pytest.mark.parametrize("feed", [1, 2, 3])
def test_statuses_of_used_prices_are_told(ask, case, status, feed):
    """Each price of spot or of an open leg counts; the margin is computed all the same."""
    prices = {**case.state.prices, feed: replace(case.state.prices[feed], status=status)}
    dim = replace(case, state=replace(case.state, prices=prices))
    for answer, which in zip(ask(dim, "margin", 1), (RiskSet.INITIAL, RiskSet.MAINTENANCE), strict=True):
        assert (answer[7], answer[8]) == (False, Doubt.HALTED if status is PriceStatus.HALTED else Doubt.LARGE)
        assert answer == tuple(expected_margin(dim.account, dim.state, which).values())


@pytest.mark.parametrize("which", RiskSet)
def test_dust_at_a_doubtful_price_does_not_count(ask, case, which):
    """Tether in doubt counts from a thousandth of what a set says the account has: near 10 of 10,000 dollars."""
    usdt = replace(case.state.prices[USDT], status=PriceStatus.STALE)
    state = replace(case.state, prices={**case.state.prices, USDT: usdt})

    def held(amount: int) -> Account:
        return Account(10_000 * WAD, (replace(case.account.spots[1], amount=amount),), (Leg(ETH_PERP, -1, -2000),))

    most = largest(lambda amount: margin(held(amount), state, which).prices_valid, 1, 20 * 10**6)
    assert 10_000_000 <= most <= 10_010_000
    for amount, valid in ((most, True), (most + 1, False)):
        answers = ask(replace(case, account=held(amount), state=state), "margin", 1)
        assert answers[which is RiskSet.MAINTENANCE][7] is valid


def test_bidders_mind_doubt_beyond_a_tenth_of_the_requirement_and_ten_dollars(ask, case):
    """Tether in doubt, which requires something itself, beside a short of ether and without."""
    usdt = replace(case.state.prices[USDT], status=PriceStatus.STALE)
    state = replace(case.state, prices={**case.state.prices, USDT: usdt})
    for size, (least, highest) in ((0, (10, 12)), (-20, (160, 240))):
        legs = (Leg(ETH_PERP, size * WAD, -2000 * size * WAD),) if size else ()

        def held(amount: int, legs: tuple[Leg, ...] = legs) -> Account:
            return Account(-1_000 * WAD, (replace(case.account.spots[1], amount=amount),), legs)

        def doubt(amount: int) -> Doubt:
            return margin(held(amount), state, RiskSet.MAINTENANCE).doubt

        most = largest(lambda amount: doubt(amount) is Doubt.SMALL, 1, 10**9)
        assert least * 10**6 <= most <= highest * 10**6
        for amount, found in ((most, Doubt.SMALL), (most + 1, Doubt.LARGE)):
            assert ask(replace(case, account=held(amount), state=state), "margin", 1)[1][8] == found


HOUR = NOW // 3_600
FUTURE, EXPIRING = (encode(Instrument(Kind.FUTURE, ETH, HOUR + hours)) for hours in (24, 0))


@pytest.mark.parametrize(
    ("legs", "status", "found"),
    [
        ({ETH_PERP: 4}, PriceStatus.STALE, Doubt.LARGE),
        ({ETH_PERP: 4, FUTURE: -4}, PriceStatus.STALE, Doubt.LARGE),
        ({ETH_PERP: 4, FUTURE: -4}, PriceStatus.HALTED, Doubt.HALTED),
        ({ETH_PERP: 4, EXPIRING: -4}, PriceStatus.STALE, Doubt.LARGE),
        ({ETH_PERP: 4, EXPIRING: -4}, PriceStatus.VALID, Doubt.LARGE),
        ({ETH_PERP: 4, FUTURE: -4}, PriceStatus.VALID, Doubt.SMALL),
    ],
)
def test_what_hedges_itself_is_in_doubt_leg_by_leg(node, ask, case, legs, status, found):
    """Who owes the one side may have nothing. Beside 10,000 LINK.

    What an average will pay leaves maintenance margin at Valid prices, and initial margin not.
    """
    held = [Leg(id_, size * WAD, 2_000 * size * WAD) for id_, size in sorted(legs.items())]
    account = Account(-300_000 * WAD, (), (*held, Leg(LINK_PERP, 10_000 * WAD, 200_000 * WAD)))
    prices = {**case.state.prices, ETH: replace(case.state.prices[ETH], status=status)}
    markets = {**case.state.markets, **{id_: replace(case.state.market(ETH_PERP), instrument=id_) for id_ in legs}}
    state = replace(case.state, prices=prices, markets=markets, now=HOUR * 3_600 - 60)
    assert margin(account, state, RiskSet.MAINTENANCE).doubt is found
    with node.calls_at(state.now):
        answers = ask(replace(case, account=account, state=state, assets=()), "margin", 1)
    for answer, which in zip(answers, (RiskSet.INITIAL, RiskSet.MAINTENANCE), strict=True):
        assert answer == tuple(expected_margin(account, state, which).values())
        counted = which is RiskSet.MAINTENANCE or EXPIRING not in legs
        assert answer[7] is (status is PriceStatus.VALID and counted)


@pytest.mark.parametrize("gone", [False, True])
def test_a_price_that_is_gone_makes_nothing_small_to_bidders(ask, case, gone):
    """A short of one ether at a wei has won 2,000, and a long has nothing left to lose."""
    eth = Price(1, 1, 1, PriceStatus.STALE) if gone else replace(case.state.prices[ETH], status=PriceStatus.STALE)
    state = replace(case.state, prices={**case.state.prices, ETH: eth})
    for size, found in ((-1, Doubt.LARGE), (1, Doubt.SMALL if gone else Doubt.LARGE)):
        account = Account(-10_000 * WAD, (), (Leg(ETH_PERP, size * WAD, 2_000 * size * WAD),))
        assert ask(replace(case, account=account, state=state, assets=()), "margin", 1)[1][8] == found
        assert margin(account, state, RiskSet.MAINTENANCE).doubt is found


@pytest.mark.parametrize("won", [0, 9_000])
def test_what_a_doubtful_leg_has_won_is_in_doubt_too(ask, case, won):
    """Its contracts are dust at a price that has nearly gone, but what they say they have won is not."""
    gone = Price(1, 1, 1, PriceStatus.STALE)
    owner = Account(10_000 * WAD, (), (Leg(LINK_PERP, -WAD, -won * WAD - 1),))
    dim = replace(case, account=owner, state=replace(case.state, prices={**case.state.prices, LINK: gone}))
    for answer in ask(dim, "margin", 1):
        assert answer[7] is (won == 0)


def test_what_is_being_averaged_is_asked_for_in_full(node, ask, case):
    """From half an hour before expiry initial margin takes what can be lost off what a future counts.

    Of a long of 3 ether that is what it is worth at 2,000. Maintenance margin does not change.
    """
    expiry = (NOW // 3_600 + 1) * 3_600
    future = encode(Instrument(Kind.FUTURE, ETH, expiry // 3_600))
    before, within = (replace(case.state, now=time) for time in (expiry - 1_801, expiry - 1_800))
    owner = Account(100_000 * WAD, (), (Leg(future, 3 * WAD, 5_700 * WAD),))
    market = Market(future, open_interest=1000 * WAD)
    one, other = (
        replace(case, account=owner, state=replace(state, markets={**state.markets, future: market}))
        for state in (before, within)
    )
    results = [[margin(owner, each.state, which) for which in RiskSet] for each in (one, other)]
    lost = 6_000 * WAD
    asked = {which: early.paid_excess - late.paid_excess for which, early, late in zip(RiskSet, *results, strict=True)}
    assert abs(asked[RiskSet.INITIAL] - lost) < WAD // 100
    assert asked[RiskSet.MAINTENANCE] <= 0
    for each, said in ((one, results[0]), (other, results[1])):
        with node.calls_at(each.state.now):
            assert [answer[1] for answer in ask(each, "margin", 1)] == [
                result.paid_excess for result in sorted(said, key=lambda result: result.which is not RiskSet.INITIAL)
            ]


def test_unconfigured_underlying_counts_at_its_worst(ask, case):
    """Spot without parameters counts nothing, a leg without parameters requires its whole notional: no revert."""
    prices = {**case.state.prices, FeedId(9): Price(WAD, WAD, WAD)}
    perp = (1 << 60) | (9 << 48)
    market = replace(case.state.markets[ETH_PERP], instrument=perp)
    state = replace(case.state, prices=prices, markets={**case.state.markets, perp: market})
    spot = Spot(7 * WAD, 18, FeedId(9), FeedId(9))
    account = Account(100 * WAD, (spot,), ())
    initial, _ = ask(replace(case, account=account, state=state, assets=(spot,)), "margin", 1)
    assert (initial[0], initial[6]) == (100 * WAD, 107 * WAD)

    account = Account(100 * WAD, (), (Leg(perp, -3 * WAD, -3 * WAD),))
    initial, maintenance = ask(replace(case, account=account, state=state, assets=()), "margin", 1)
    assert (initial[4], maintenance[4]) == (3 * WAD, 3 * WAD)
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
    legs = (Leg(ETH_PERP, WAD + 1, 0), Leg(future, -WAD, 0), Leg(LINK_PERP, 0, 0, claims=5))
    account = Account(0, (), legs)
    found = ask(replace(case, account=account, state=state), "maintenanceWithExposures", 1)
    assert found[1:] == ((ETH,), (20,), (500,))
