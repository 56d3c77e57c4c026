"""Accounts worked by hand; every number below follows from the default table on paper."""

from dataclasses import replace

import pytest

from crossmargin.errors import UnknownKeyError
from crossmargin.model.account import Account, Spot, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import equity, impact, margin, passes, simulate, spot_impact
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Multipliers, Price, PriceStatus, Shock
from crossmargin.model.units import MAX_UINT256, PPM, WAD
from tests.helpers.classes import ALTCOINS, MAJORS, STABLECOINS, default_parameters

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
ETH, BTC, USDT, ALT = 1, 2, 3, 4
NOW = 1_800_000_000
DAYS_73 = NOW // 3_600 + 73 * 24
ETH_PERP = encode(Instrument(Kind.PERPETUAL, ETH))
BTC_PERP = encode(Instrument(Kind.PERPETUAL, BTC))
ETH_FUTURE = encode(Instrument(Kind.FUTURE, ETH, DAYS_73))
ETH_PAST = encode(Instrument(Kind.FUTURE, ETH, NOW // 3_600 - 1))


def usd(amount):
    """Give a USD amount with at most four decimals in wad."""
    return round(amount * 10_000) * WAD // 10_000


def sure(amount):
    """Give a price whose edges are its middle."""
    return Price(usd(amount), usd(amount), usd(amount))


STATE = State(
    params=default_parameters({ETH: MAJORS, BTC: MAJORS, USDT: STABLECOINS, ALT: ALTCOINS}),
    prices={ETH: sure(2_000), BTC: sure(50_000), USDT: sure(1), ALT: sure(10)},
    markets={i: Market(i, open_interest=100 * WAD) for i in (ETH_PERP, BTC_PERP, ETH_FUTURE, ETH_PAST)},
    now=NOW,
)


def eth(amount):
    """Hold ETH collateral."""
    return Spot(amount * WAD, 18, ETH, ETH)


def leg(instrument, size, entry):
    """Hold a leg of whole hundredths entered at a price while the funding index was 0."""
    size = round(size * 100) * WAD // 100
    return Leg(instrument, size, size * entry)


def with_market(instrument, **changes):
    """Change one market of the state."""
    return replace(STATE, markets={**STATE.markets, instrument: replace(STATE.markets[instrument], **changes)})


def with_coefficient(key, coefficient):
    """Give one underlying an impact coefficient."""
    params = STATE.params
    changed = replace(params.underlyings[key], impact_coefficient=coefficient)
    return replace(STATE, params=replace(params, underlyings={**params.underlyings, key: changed}))


def test_lender_needs_nothing():
    """Cash alone: infinite health, all of it free."""
    result = margin(Account(usd(5_000)), STATE, IM)
    assert (result.assets, result.liabilities, result.excess) == (usd(5_000), 0, usd(5_000))
    assert result.health_factor == MAX_UINT256


@pytest.mark.parametrize(
    ("spot", "ltv", "threshold"),
    [
        (Spot(10 * WAD, 18, ETH, ETH), 16_000, 17_000),
        (Spot(20_000 * 10**6, 6, USDT, USDT), 19_000, 19_600),
        (Spot(2_000 * WAD, 18, ALT, ALT), 10_000, 12_000),
    ],
)
def test_borrower_meets_the_published_ltv_to_the_wei(spot, ltv, threshold):
    """20,000 USD of a class carries a loan of exactly its LTV, and is liquidated just past its threshold."""
    for which, most in ((IM, ltv), (MM, threshold)):
        at, past = Account(-usd(most), (spot,)), Account(-usd(most) - 1, (spot,))
        assert margin(at, STATE, which).excess == 0
        assert margin(at, STATE, which).health_factor == WAD
        assert margin(past, STATE, which).excess == -1
        assert margin(past, STATE, which).health_factor == WAD - 1
        assert passes(at, margin(at, STATE, which))
        assert not passes(past, margin(past, STATE, which))


def test_borrower_against_three_assets():
    """20,000 ETH + 10,000 USDT + 10,000 ALT against 30,000: 32,800 at MM, 30,500 at IM, no offset between longs."""
    spots = (eth(10), Spot(10_000 * 10**6, 6, USDT, USDT), Spot(1_000 * WAD, 18, ALT, ALT))
    account = Account(usd(-30_000), spots)
    mm, im = margin(account, STATE, MM), margin(account, STATE, IM)
    assert (mm.assets, im.assets) == (usd(32_800), usd(30_500))
    assert (mm.excess, im.excess) == (usd(2_800), usd(500))
    assert mm.health_factor == 1_093_333_333_333_333_333
    assert im.health_factor == 1_016_666_666_666_666_666
    assert (im.requirement, im.unhedged_haircut) == (usd(6_050), usd(6_050))
    assert sum(group.offset for group in im.groups) == 0
    assert equity(account, STATE) == usd(10_000)


def test_basis_trade_needs_twelve_percent():
    """10 ETH and a short of 10: initial 8 % liquidity and 4 % basis of 20,000, no shock."""
    account = Account(0, (eth(10),), (leg(ETH_PERP, -10, 2_000),))
    mm, im = margin(account, STATE, MM), margin(account, STATE, IM)
    (term,) = im.underlyings
    assert (term.spot, term.short, term.hedged, term.matched) == (usd(20_000),) * 4
    assert (term.exposure, term.scenario, term.unhedged, term.unhedged_haircut) == (0, 0, 0, 0)
    assert (term.haircut, term.basis, im.requirement) == (usd(1_600), usd(800), usd(800))
    assert im.excess == usd(17_600)
    assert equity(account, STATE) - im.excess == usd(20_000) * 12 // 100
    assert im.health_factor == 23 * WAD
    assert (mm.excess, mm.requirement, mm.health_factor) == (usd(18_000), usd(600), 31 * WAD)


def test_basis_trade_with_market_impact():
    """At k = 4e-7 a million USD a side adds 0.04 % of impact each, above the twelve percent."""
    state = with_coefficient(ETH, 4 * 10**11)
    account = Account(0, (eth(500),), (leg(ETH_PERP, -500, 2_000),))
    im = margin(account, state, IM)
    (term,) = im.underlyings
    assert (term.impact, term.spot_impact) == (usd(400), usd(400))
    assert equity(account, state) - im.excess == usd(120_800)


def test_impact_moves_with_multiplier_and_stale_price():
    """400 of spot and 400 of the short are 600 each at 1.5, 800 at 2, and a stale index takes 1.1 times that."""
    state = with_coefficient(ETH, 4 * 10**11)
    state = replace(state, multipliers={ETH: Multipliers(15 * WAD // 10, 2 * WAD)})
    stale = replace(state, prices={**STATE.prices, ETH: replace(sure(2_000), status=PriceStatus.STALE)})
    account = Account(0, (eth(500),), (leg(ETH_PERP, -500, 2_000),))
    for at, which, charge in ((state, MM, 600), (state, IM, 800), (stale, MM, 660), (stale, IM, 880)):
        (term,) = margin(account, at, which).underlyings
        assert (term.impact, term.spot_impact) == (usd(charge), usd(charge))


def test_impact_coefficient_rounds_up():
    """One wei of k at a multiplier of 1 + 1e-18 is two; at 1 it is one."""
    state = with_coefficient(ETH, 1)
    assert state.impact_coefficient(ETH, MM) == 1
    above = replace(state, multipliers={ETH: Multipliers(WAD + 1, WAD + 1)})
    assert (above.impact_coefficient(ETH, MM), above.impact_coefficient(BTC, MM)) == (2, 0)


def test_calendar_spread_pays_for_basis_over_time():
    """10 against 10 with 73 days to run: 3 % + 5 %/5 = 4 % at MM, 5 % at IM, of 20,000."""
    account = Account(usd(1_000), (), (leg(ETH_FUTURE, 10, 2_000), leg(ETH_PERP, -10, 2_000)))
    mm, im = margin(account, STATE, MM), margin(account, STATE, IM)
    assert mm.underlyings[0].tenor == 73 * 86_400
    assert (mm.requirement, im.requirement) == (usd(800), usd(1_000))
    assert (mm.health_factor, im.health_factor) == (125 * WAD // 100, WAD)
    assert (mm.excess, im.excess) == (usd(200), 0)


@pytest.mark.parametrize(("which", "shock"), [(MM, 1_000), (IM, 1_800)])
def test_leg_past_expiry_but_not_settled_stands_alone(which, shock):
    """It pays an average: 10 at 2,000 ask for the shock, and so does what they would hedge before."""
    account = Account(usd(1_000), (), (leg(ETH_PAST, 10, 2_000), leg(ETH_PERP, -10, 2_000)))
    result = margin(account, STATE, which)
    term = result.underlyings[0]
    assert (term.long, term.short, term.matched, term.tenor) == (0, usd(20_000), 0, 0)
    assert (term.scenario, term.over) == (usd(shock), usd(shock))
    assert result.requirement == usd(2 * shock)


def test_spot_is_not_hedged_by_a_future_past_its_expiry():
    """Ten coins and ten sold of it need what the coins need, and the shock of the future."""
    short = leg(ETH_PAST, -10, 2_000)
    alone, beside = (margin(Account(0, (eth(10),), legs), STATE, MM) for legs in ((), (short,)))
    assert beside.requirement == alone.requirement + usd(1_000)
    assert beside.unhedged_haircut == alone.unhedged_haircut


def test_settled_leg_keeps_its_value_only():
    """Settled at 2,100 from 2,000: 1,000 to claim, no requirement; the initial set counts nothing until it is paid."""
    state = with_market(ETH_PAST, final_price=usd(2_100))
    account = Account(0, (), (leg(ETH_PAST, 10, 2_000),))
    mm, im = margin(account, state, MM), margin(account, state, IM)
    assert (mm.requirement, mm.underlyings, mm.excess, im.excess) == (0, (), usd(1_000), 0)
    assert equity(account, state) == usd(1_000)


def test_leveraged_perpetual():
    """Long 10 from 2,000 at 1,990 with 2,000 of cash: 1,900 over 5 % and 9 % of 19,900."""
    state = replace(STATE, prices={**STATE.prices, ETH: sure(1_990)})
    account = Account(usd(2_000), (), (leg(ETH_PERP, 10, 2_000),))
    mm, im = margin(account, state, MM), margin(account, state, IM)
    assert (mm.assets, mm.liabilities, mm.excess) == (usd(1_900), usd(995), usd(905))
    assert (im.assets, im.liabilities, im.excess) == (usd(1_900), usd(1_791), usd(109))
    assert mm.health_factor == 1_909_547_738_693_467_336
    assert im.health_factor == 1_060_859_854_829_704_075


def test_loss_beyond_cash_is_a_liability():
    """Long 10 from 2,000 at 1,700 with 2,000 of cash: 1,000 short plus 850 required."""
    account = Account(usd(2_000), (), (leg(ETH_PERP, 10, 2_000),))
    mm = simulate(account, STATE, MM, [Shock(ETH, -15 * WAD // 100)])
    assert (mm.balance, mm.assets, mm.liabilities, mm.health_factor) == (usd(-1_000), 0, usd(1_850), 0)
    assert mm.excess == usd(-1_850)


def test_half_hedged_spot():
    """10 ETH with 4 short and 8,000 borrowed: 12,000 open at 8 %, 8,000 matched at 3 %."""
    mm = margin(Account(usd(-8_000), (eth(10),), (leg(ETH_PERP, -4, 2_000),)), STATE, MM)
    (term,) = mm.underlyings
    assert (term.exposure, term.hedged, term.matched) == (usd(12_000), usd(8_000), usd(8_000))
    assert (term.scenario, term.unhedged, term.basis, term.unhedged_haircut) == (
        usd(600),
        usd(360),
        usd(240),
        usd(960),
    )
    assert (mm.assets, mm.liabilities, mm.excess) == (usd(17_640), usd(8_240), usd(9_400))


def test_offset_between_two_majors():
    """Long 20,000 ETH, short 20,000 BTC: half of 2,000 at MM, 60 % of 3,600 at IM."""
    account = Account(usd(3_000), (), (leg(ETH_PERP, 10, 2_000), leg(BTC_PERP, -0.4, 50_000)))
    mm, im = margin(account, STATE, MM), margin(account, STATE, IM)
    assert (mm.requirement, im.requirement) == (usd(1_000), usd(2_160))
    assert (mm.groups[0].offset, im.groups[0].offset) == (usd(1_000), usd(1_440))
    assert sum(u.stand_alone for u in im.underlyings) == usd(3_600)


def test_no_offset_across_groups_or_within_group_zero():
    """A stablecoin's shock is its own."""
    usdt_perp = encode(Instrument(Kind.PERPETUAL, USDT))
    state = replace(STATE, markets={**STATE.markets, usdt_perp: Market(usdt_perp)})
    account = Account(usd(3_000), (), (leg(ETH_PERP, 10, 2_000), leg(usdt_perp, -20_000, 1)))
    assert margin(account, state, MM).requirement == usd(1_000) + usd(300)


def test_initial_prices_at_the_edge_against_the_account():
    """10 ETH at 1,980, 5 short at 2,030: collateral low, profit and loss at the worse edge, notionals at mid."""
    state = replace(STATE, prices={**STATE.prices, ETH: Price(usd(2_000), usd(1_980), usd(2_030))})
    account = Account(0, (eth(10),), (leg(ETH_PERP, -5, 2_000),))
    im, mm = margin(account, state, IM), margin(account, state, MM)
    (term,) = im.underlyings
    assert (term.spot, term.short, im.pnl) == (usd(19_800), usd(10_000), usd(-150))
    assert (mm.underlyings[0].spot, mm.underlyings[0].short, mm.pnl) == (usd(20_000), usd(10_000), 0)
    assert im.excess == usd(18_216) - usd(150) - usd(882) - usd(294) - usd(400)


def test_initial_counts_each_profit_by_its_weight():
    """A profit of 1,000 counts a tenth less, a loss of 400 in full; MM counts all; what is paid is only the loss."""
    profit, loss = leg(ETH_PERP, 10, 1_900), leg(ETH_FUTURE, 10, 2_040)
    account = Account(usd(10_000), (), (profit, loss))
    im, mm = margin(account, STATE, IM), margin(account, STATE, MM)
    assert (im.profit_discount, im.pnl, mm.pnl) == (usd(100), usd(500), usd(600))
    assert (im.paid_excess, mm.paid_excess) == (im.excess - usd(900), mm.excess)


@pytest.mark.parametrize(("size", "entry"), [(10, 1_500), (-10, 2_500)])
def test_initial_counts_profit_up_to_a_part_of_the_contracts_worth(size, entry):
    """A profit of 5,000 on 20,000 of notional: nine tenths of 2,000 count, long or short."""
    im = margin(Account(usd(1_000), (), (leg(ETH_PERP, size, entry),)), STATE, IM)
    assert (im.legs[0].paid, im.legs[0].unpaid) == (0, usd(1_800))
    assert (im.pnl, im.profit_discount) == (usd(1_800), usd(3_200))
    assert (im.excess, im.paid_excess) == (usd(1_000), usd(-800))


def test_claims_back_no_new_risk():
    """Closed contracts are owed 700 and owe 300: maintenance counts both, the initial set the debt only."""
    account = Account(usd(1_000), (), (Leg(ETH_PERP, 0, 0, usd(700), usd(300)),))
    mm, im = margin(account, STATE, MM), margin(account, STATE, IM)
    assert (mm.pnl, mm.excess, equity(account, STATE)) == (usd(400), usd(1_400), usd(1_400))
    assert (im.pnl, im.profit_discount, im.excess, im.paid_excess) == (usd(-300), usd(700), usd(700), usd(700))


def test_a_claim_does_not_pay_the_loss_beside_it():
    """Open contracts lose 500 where closed ones are owed 800: the initial set counts the loss in full."""
    account = Account(usd(3_000), (), (replace(leg(ETH_PERP, 10, 2_050), claims=usd(800)),))
    mm, im = margin(account, STATE, MM), margin(account, STATE, IM)
    assert (mm.pnl, im.pnl, im.legs[0].value) == (usd(300), usd(-500), usd(300))


def test_crowding_grows_from_half_of_the_cap():
    """At 75 % of the cap half the slope of a half: a quarter more shock, only in the initial set."""
    account = Account(usd(5_000), (), (leg(ETH_PERP, 10, 2_000),))
    for steps, crowd in ((100, 0), (150, 450), (200, 900)):
        state = with_market(ETH_PERP, utilisation=steps)
        assert margin(account, state, IM).requirement == usd(1_800 + crowd)
        assert margin(account, state, MM).requirement == usd(1_000)


def test_shocks_widen_with_multiplier_and_stale_price():
    """Maintenance 1.5, initial 2, and a stale index 1.1 times that."""
    account = Account(usd(9_000), (), (leg(ETH_PERP, 10, 2_000),))
    calm = replace(STATE, multipliers={ETH: Multipliers(15 * WAD // 10, 2 * WAD)})
    assert (margin(account, calm, MM).requirement, margin(account, calm, IM).requirement) == (usd(1_500), usd(3_600))
    stale = replace(calm, prices={**STATE.prices, ETH: replace(sure(2_000), status=PriceStatus.STALE)})
    assert (margin(account, stale, MM).requirement, margin(account, stale, IM).requirement) == (usd(1_650), usd(3_960))


def test_funding_runs_to_now():
    """3,000 ppm a day on 2,000, all decayed, cost a long of 10 twenty USD, and pay a short the same."""
    state = with_market(ETH_PERP, rate=3_000, updated_at=NOW - 100 * 86_400)
    for size, paid in ((10, -20), (-10, 20)):
        assert margin(Account(0, (), (leg(ETH_PERP, size, 2_000),)), state, MM).pnl == usd(paid)


def test_impact_by_hand():
    """With k = 4e-7: 10,000 USD cost 0.4, 1,000,000 cost 400; an inexact root rounds up."""
    assert impact(usd(10_000), 4 * 10**11) == usd(0.4)
    assert impact(usd(1_000_000), 4 * 10**11) == usd(400)
    assert impact(2 * WAD, WAD) == 2_828_427_124_746_190_098
    assert (impact(0, WAD), impact(WAD, 0)) == (0, 0)


def test_spot_impact_is_frozen_past_its_peak():
    """With k = 1e-3, weight 0.6: peak (2*0.6/3/1e-3)^2 = 160,000, charged 64,000; then 0.6 a USD."""
    k, weight = 10**15, 6 * WAD // 10
    assert spot_impact(usd(160_000), k, weight) == usd(64_000)
    assert spot_impact(usd(160_000) + 1, k, weight) == usd(64_000) + 1
    assert spot_impact(usd(260_000), k, weight) == usd(124_000)
    assert spot_impact(usd(40_000), k, weight) == usd(8_000)
    assert (spot_impact(0, k, weight), spot_impact(WAD, 0, weight), spot_impact(WAD, k, 0)) == (0, 0, 0)


def test_spot_hedges_a_net_short_only():
    """10 ETH, 4 long, 6 short: the net short of 2 hedges 4,000; 6 are matched; 16,000 stay open."""
    account = Account(0, (eth(10),), (leg(ETH_FUTURE, 4, 2_000), leg(ETH_PERP, -6, 2_000)))
    (term,) = margin(account, STATE, MM).underlyings
    assert (term.hedged, term.matched, term.exposure) == (usd(4_000), usd(12_000), usd(16_000))
    assert (term.unhedged, term.unhedged_haircut) == (usd(480), usd(1_280))


def test_notional_scenario_and_offset_round_up():
    """1.5 wei of notional is 2, 9 % of it 1; two such shocks that cancel keep ceil(0.6 * 2) = 2."""
    state = replace(STATE, prices={**STATE.prices, ETH: Price(1, 1, 1), BTC: Price(1, 1, 1)})
    account = Account(0, (), (Leg(ETH_PERP, 3 * WAD // 2, 0), Leg(BTC_PERP, -3 * WAD // 2, 0)))
    result = margin(account, state, IM)
    assert [(u.long, u.short, u.scenario) for u in result.underlyings] == [(2, 0, 1), (0, 2, 1)]
    assert (result.groups[0].net_scenario, result.requirement) == (0, 2)
    # of what the long gains a tenth of 2 wei counts, down; the short loses 1.5, down
    assert result.pnl == 0 - 2


def test_shocks_and_basis_rate_round_up():
    """A multiplier of 1 + 1e-18 adds a wei to each shock; a second to expiry adds 1,585,489,599.2 to 3 %."""
    expiry = DAYS_73 * 3_600
    state = replace(STATE, now=expiry - 1, multipliers={ETH: Multipliers(WAD + 1, WAD + 1)})
    state = replace(state, prices={**STATE.prices, ETH: sure(1)})
    account = Account(0, (), (leg(ETH_FUTURE, 1, 1), leg(ETH_PERP, -1, 1)))
    (term,) = margin(account, state, MM).underlyings
    assert (term.collateral_shock, term.derivative_shock) == (8 * 10**16 + 1, 5 * 10**16 + 1)
    assert (term.tenor, term.basis) == (1, 3 * 10**16 + 1_585_489_600)


def test_what_counts_of_a_profit_rounds_down():
    """Of a profit of 3 wei floor(2.7) = 2 count, a debt of 1 in full."""
    account = Account(0, (), (Leg(ETH_PERP, WAD, usd(2_000) - 3), Leg(ETH_PAST, 0, 0, 0, 1)))
    result = margin(account, STATE, IM)
    assert (result.profit_discount, result.pnl) == (1, 1)


def test_worth_of_contracts_rounds_up():
    """9.5 wei of notional count 10, a tenth of which is 1: so much of a profit of 18 counts at a weight of 1."""
    state = replace(
        STATE, prices={**STATE.prices, ETH: Price(1, 1, 1)}, params=replace(STATE.params, profit_weight=PPM)
    )
    im = margin(Account(0, (), (Leg(ETH_PERP, 19 * WAD // 2, -9),)), state, IM)
    assert (im.legs[0].value, im.legs[0].unpaid) == (18, 1)


def test_free_account_passes_whatever_its_excess():
    """One wei of collateral rounds to an excess below 0, yet owes nothing; so does a claim, a debt ends that."""
    dust = Account(0, (Spot(1, 18, USDT, USDT),))
    result = margin(dust, STATE, IM)
    assert result.excess == -1
    assert passes(dust, result)
    assert not passes(replace(dust, cash=-1), margin(replace(dust, cash=-1), STATE, IM))
    assert passes(replace(dust, legs=(Leg(ETH_PERP, 0, 0, 1),)), result)
    assert not passes(replace(dust, legs=(Leg(ETH_PERP, 0, 0, 0, 1),)), result)


def test_missing_inputs_are_named():
    """A feed or a market that the state lacks is an error, never a zero."""
    with pytest.raises(UnknownKeyError) as caught:
        margin(Account(0, (Spot(1, 18, 9, ETH),)), STATE, MM)
    assert (caught.value.kind, caught.value.key) == ("feed", 9)
    with pytest.raises(UnknownKeyError) as caught:
        margin(Account(0, (), (Leg(7, 1, 0),)), STATE, MM)
    assert (caught.value.kind, caught.value.key) == ("market", 7)
