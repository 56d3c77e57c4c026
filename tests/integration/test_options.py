"""Options from the listing to the last settlement, by the traders' client."""

from dataclasses import replace
from decimal import Decimal

import pytest
from eth_account import Account

from crossmargin.chain.decimals import parse_units, ppm, wad
from crossmargin.chain.signers import KeySigner
from crossmargin.client.expiries import SettlementState
from crossmargin.client.option_views import SCENARIOS, Slice
from crossmargin.deployment import Chain, VenueContext, plan
from crossmargin.deployment.configure import execute, operations, schedule
from crossmargin.deployment.roles import Role
from crossmargin.deployment.verify import verify
from crossmargin.errors import ContractRevert, InstrumentError
from crossmargin.model.instruments import Kind
from crossmargin.model.prices import PriceStatus
from tests.helpers.option_desk import (
    CALL,
    FAR_CALL,
    PUT,
    expire,
    mark,
    post_slice,
    post_surfaces,
    refresh_arrays,
)
from tests.helpers.reverts import ANY, reverts


@pytest.fixture
def desk(venue, pair):
    """Give trader and maker 10,000 of cash, fresh volatility and fresh prices."""
    post_surfaces(venue)
    return pair


def trade(buyer, seller, name, size, price, **accounts):
    """Let the buyer take the seller's signed order."""
    ask = seller.order(name, -size, price, account=accounts.get("seller_account"))
    bid = buyer.order(name, size, price, account=accounts.get("buyer_account"))
    return buyer.fill(ask, seller.sign(ask), bid, size)


def test_deployment_lists_options_with_volatility(venue, client, trader):
    """What the configuration names is on the chain: surfaces, parameters, series; and the poster may go on."""
    who = client(trader)
    ether = venue.feed("ETH")
    weekly, quarterly = (venue.record.slices[f"ETH:{each}"] for each in ("weekly", "quarterly"))
    expected = venue.config.surfaces["ETH"]["weekly"].encode()

    surface = who.slices(ether)
    assert list(surface) == [weekly, quarterly]
    assert surface[weekly][0].encode() == expected
    view = who.option(CALL)
    assert (view.kind, view.underlying, view.expiry, view.strike) == (Kind.CALL, ether, weekly, wad(2_000))
    assert 0 < view.mark < view.index == wad(2_000)
    assert wad("0.55") < view.volatility < wad("0.65")
    assert verify(venue.deployment, plan(venue.config)) == []


def test_governor_lists_another_series(venue, node, governor, client, trader):
    """A new entry of the configuration is listed through the timelock and traded under its name."""
    post_surfaces(venue)
    another = venue.config.instruments[CALL].model_copy(update={"strike": Decimal(2_200)})
    config = venue.config.model_copy(update={"instruments": {**venue.config.instruments, "ETH-2200": another}})
    record = venue.record.model_copy(deep=True)
    record.instruments["ETH-2200"] = config.instrument_id("ETH-2200", venue.node.now)
    chain = Chain(node.web3, KeySigner(Account.from_key(governor.private_key)), node.artifacts)
    context = VenueContext(chain, config, record)

    for act in (schedule, execute, schedule, execute):
        for each in operations(context, plan(config)):
            act(context, each)
        if act is schedule:
            venue.warp(config.governance.delay)

    assert verify(context, plan(config)) == []
    found = {market.instrument: market for market in client(trader).markets()}[record.instruments["ETH-2200"]]
    assert 0 < found.mark < found.index.mid
    assert found.mark_status is PriceStatus.VALID


def test_option_is_traded_like_any_instrument(venue, desk, trader, maker):
    """No premium moves at the fill: it is the basis; both sides are marked at the mark."""
    buyer, seller = desk
    price = mark(venue, CALL)
    trade(buyer, seller, CALL, wad(3), price)

    long, short = buyer.accounts([buyer.account(), seller.account()])
    assert [(leg.instrument, leg.size) for leg in long.legs] == [(buyer.instrument(CALL), wad(3))]
    assert short.legs[0].size == -wad(3)
    assert long.legs[0].basis == 3 * price
    assert abs(long.legs[0].value) < wad("0.1")
    # at most the premium, and what its depth costs
    assert long.maintenance.requirement < 3 * price + wad("0.5") < short.maintenance.requirement
    assert (long.initial, long.maintenance) == buyer.margin()
    view = {each.instrument: each for each in buyer.markets()}[buyer.instrument(CALL)]
    assert (view.open_interest, view.mark_status) == (wad(3), PriceStatus.VALID)
    assert abs(view.mark - price) < price // 100


def test_fill_far_from_the_mark_is_refused(venue, desk):
    """The band is a part of the index wide on each side of the mark, which may be far below it."""
    buyer, seller = desk
    width = wad(2_000) * 5 // 100
    before = mark(venue, CALL)
    for price in (before + width + wad(1), wad(2_000)):
        with pytest.raises(ContractRevert) as refused:
            trade(buyer, seller, CALL, wad(1), price)
        found = refused.value.arguments
        assert refused.value.name == "PriceOutsideBand"
        assert found["price"] == price
        assert found["high"] - width <= before
        assert found["high"] - width > before - wad("0.1")
    trade(buyer, seller, CALL, wad(1), before + width - wad(1))
    trade(buyer, seller, CALL, wad(1), 1)


def test_stale_volatility_admits_no_new_risk(venue, desk):
    """After its age the slice is Stale: the fill is refused, and a new post admits it again."""
    buyer, seller = desk
    venue.warp(venue.config.options["ETH"].max_age + 1)
    with pytest.raises(ContractRevert, match="PriceNotValid"):
        trade(buyer, seller, CALL, wad(1), mark(venue, CALL))
    assert buyer.option(CALL).slice_status is PriceStatus.STALE
    post_surfaces(venue)
    trade(buyer, seller, CALL, wad(1), mark(venue, CALL))


def test_stale_arrays_admit_no_withdrawal_until_refreshed(venue, desk):
    """The index has left them. Anybody writes them anew, an account's with one call; margin itself went on, wider."""
    buyer, seller = desk
    venue.warp(2)  # an array of the second of a post would be renewed
    seller.refresh_arrays(CALL, PUT)
    trade(buyer, seller, CALL, wad(2), mark(venue, CALL))
    fresh = seller.margin()[1]
    venue.set_price("ETH", 2_060)
    stale = seller.margin()[1]
    assert fresh.prices_valid
    assert not stale.prices_valid
    assert stale.excess < fresh.excess
    with pytest.raises(ContractRevert) as refused:
        seller.withdraw("USDC", parse_units(1, 6))
    assert (refused.value.name, refused.value.arguments) == ("PricesNotValid", {"account": seller.account()})

    buyer.refresh_stale(seller.account())
    assert seller.option(CALL).array.time == venue.node.now > seller.option(PUT).array.time
    assert seller.margin()[1].prices_valid
    seller.withdraw("USDC", parse_units(1, 6))


def test_refresh_needs_options(venue, desk, other):
    """The client names what is wrong; the contract refuses too."""
    buyer, _ = desk
    with pytest.raises(InstrumentError, match="ETH-PERP is not an option"):
        buyer.refresh_arrays("ETH-PERP")
    with pytest.raises(InstrumentError, match="no option"):
        buyer.refresh_arrays()
    with pytest.raises(InstrumentError, match=f"{buyer.address} holds no option"):
        buyer.refresh_stale()
    with pytest.raises(InstrumentError, match="no account"):
        buyer.settle_batch(CALL, [])
    with reverts("NotAnOption", id=venue.instrument("ETH-PERP")):
        refresh_arrays(venue, "ETH-PERP", sender=other)


def test_only_the_poster_posts_volatility(venue, desk, governor, guardian, deployer):
    """Neither the deployer, who did so before the hand-over, nor anybody else."""
    expiry = venue.record.slices["ETH:weekly"]
    slice_ = Slice.of(a="0.3", b="0.2", rho="-0.2", m="0", sigma="0.3")
    for who in (governor, guardian, deployer):
        with reverts("AccessManagedUnauthorized", caller=who):
            post_slice(venue, "ETH", expiry, slice_, sender=who)
    with pytest.raises(ContractRevert, match="AccessManagedUnauthorized"):
        desk[0].post_slice(venue.feed("ETH"), expiry, slice_)
    with reverts("AccessManagedUnauthorized", caller=guardian):
        venue.surface.setOptionParams(1, venue.config.options["ETH"].encode(), sender=guardian)


def test_poster_asks_before_posting(venue, desk, client, other):
    """A check answers as the post would, and posts nothing; parameters and the guardian's distrust are shown."""
    venue.govern(venue.manager, "grantRole", Role.POSTER, other, 0)
    post_surfaces(venue)
    poster, expiry, ether = client(other), venue.record.slices["ETH:weekly"], venue.feed("ETH")
    params, before = poster.option_params(ether), poster.slices(ether)[expiry]
    assert params.max_step == ppm(str(venue.config.options["ETH"].max_step))
    assert poster.uncertain_until(ether) == 0
    venue.warp(params.min_interval)
    higher = Slice(*before[0].encode()[:-1], carry=before[0].carry + 1)
    poster.check_slice(ether, expiry, higher)
    assert poster.slices(ether)[expiry] == before
    steep = replace(higher, a=4 * higher.a)
    for ask in (poster.check_slice, poster.post_slice):
        with pytest.raises(ContractRevert, match="StepTooLarge"):
            ask(ether, expiry, steep)
    with pytest.raises(ContractRevert, match="AccessManagedUnauthorized"):
        desk[0].check_slice(ether, expiry, higher)
    poster.post_slice(ether, expiry, higher)
    assert poster.slices(ether)[expiry] == (higher, venue.node.now)


def test_posts_have_limits(venue, desk):
    """Too soon, too far, out of range: with the actual value and the limit."""
    expiry, ether = venue.record.slices["ETH:weekly"], "ETH"
    usual = Slice(*venue.config.surfaces["ETH"]["weekly"].encode())
    with reverts("TooSoon", time=ANY, earliest=ANY):
        for _ in range(2):
            post_slice(venue, ether, expiry, usual)
    venue.warp(60)
    with reverts("StepTooLarge", k=ANY, **{"from": ANY, "to": ANY}):
        post_slice(venue, ether, expiry, Slice.of(a="1.5", b="0.2", rho="-0.2", m="0", sigma="0.3"))
    with reverts("SliceOutOfRange", value=ANY, limit=ANY):
        post_slice(venue, ether, expiry, Slice.of(a="0.3", b="0.2", rho="-0.2", m="0", sigma="0.3", carry="0.6"))
    with reverts("ExpiryOutOfRange", expiry=ANY, limit=ANY):
        post_slice(venue, ether, venue.node.now // 3600 * 3600, usual)


def test_simulate_and_scenarios_tell_what_a_trade_would_do(venue, desk):
    """The margin promised is the margin found, and the binding scenario is the one a seller of calls fears."""
    buyer, seller = desk
    price = mark(venue, CALL)
    trades = [(CALL, -wad(2), price)]
    promised = seller.simulate(trades=trades)
    (view,) = seller.scenarios(trades=trades)
    (maintenance,) = seller.scenarios(trades=trades, initial=False)

    assert view.binding in ("+x_I, vol up", "+tail")
    assert maintenance.binding in ("+x_M, vol up", "+tail")
    assert tuple(view.profits) == SCENARIOS
    assert set(maintenance.profits) < set(SCENARIOS)
    assert view.requirement == -view.profits[view.binding] > view.floor > 0
    assert view.requirement + view.add_ons == promised[0].requirement
    assert maintenance.requirement + maintenance.add_ons == promised[1].requirement

    seller.refresh_arrays(CALL)
    trade(buyer, seller, CALL, wad(2), price)
    found = seller.margin()
    assert abs(found[0].requirement - promised[0].requirement) < promised[0].requirement // 200
    fallen = seller.simulate(shocks={venue.feed("ETH"): -wad("0.2")})
    assert fallen[1].excess > found[1].excess


def test_hedged_seller_needs_less(venue, desk):
    """A short call against ether long: scenarios set one off against the other."""
    _, seller = desk
    price = mark(venue, CALL)
    bare = seller.simulate(trades=[(CALL, -wad(2), price)])
    covered = seller.simulate(trades=[(CALL, -wad(2), price), ("ETH-PERP", wad(1), wad(2_000))])
    assert covered[1].requirement < bare[1].requirement


def test_batch_settles_everybody(venue, desk, trader, maker, lender, other):
    """After expiry one call settles winners and losers, a holder who never comes among them; others do nothing."""
    buyer, seller = desk
    absent = buyer.account(7)
    buyer.transfer(absent, "USDC", parse_units(2_000, 6))
    price = mark(venue, CALL)
    trade(buyer, seller, CALL, wad(2), price)
    trade(buyer, seller, CALL, wad(1), price, buyer_account=absent)
    before = [venue.cash(each) for each in (trader, maker)] + [venue.cash(trader, 7)]

    final = expire(venue, CALL, 2_300, sender=other)
    assert abs(final - wad(300)) < wad("0.01")
    accounts = [buyer.account(), absent, seller.account(), venue.account(lender)]
    (receipt,) = seller.settle_batch(CALL, [*accounts, absent])
    assert receipt["status"] == 1

    after = [venue.cash(each) for each in (trader, maker)] + [venue.cash(trader, 7)]
    gained = [new - old for new, old in zip(after, before, strict=True)]
    assert gained[0] == pytest.approx(2 * (final - price), abs=wad("0.001"))
    assert gained[1] == pytest.approx(-3 * (final - price), abs=wad("0.001"))
    assert gained[2] == pytest.approx(final - price, abs=wad("0.001"))
    assert all(view.legs == () for view in buyer.accounts(accounts))


def test_anybody_ends_an_expiry(venue, desk, client, other):
    """Observe, finish, find who holds it, settle them all: one average serves every series of the expiry."""
    buyer, seller = desk
    stranger, expiry = client(other), seller.details(CALL).expiry
    trade(buyer, seller, CALL, wad(2), mark(venue, CALL))
    with pytest.raises(ContractRevert, match="SettlementTooEarly"):
        stranger.observe_settlement(CALL)
    assert stranger.settlement(CALL) == SettlementState(0, expiry + 1, 0, 0, finished=False)

    venue.warp(expiry - 1_800 - venue.node.now)
    venue.set_price("ETH", 2_300)
    with pytest.raises(ContractRevert, match="SettlementTooEarly"):
        stranger.observe_settlement(CALL)
    venue.warp(expiry + 1 - venue.node.now)
    stranger.observe_settlement(PUT)
    assert stranger.settlement(CALL) == SettlementState(30, 0, 0, 0, finished=False)
    with pytest.raises(ContractRevert, match="ObservedEnough"):
        stranger.observe_settlement(CALL)
    stranger.finish_settlement(PUT)
    call, put = stranger.settlement(CALL), stranger.settlement(PUT)
    assert (call.average, call.finished, put.finished) == (put.average, False, True)
    assert (call.final_price, put.final_price) == (call.average - wad(2_000), 0)

    # what nobody finished is worth the same, wherever the index goes, and whoever holds it may leave
    before = buyer.margin()[1].equity
    venue.set_price("ETH", 1_500)
    (market,) = (each for each in stranger.markets() if each.instrument == buyer.instrument(CALL))
    assert (market.mark, market.mark_status) == (call.final_price, PriceStatus.VALID)
    assert buyer.margin()[1].equity == before
    buyer.withdraw("USDC", parse_units(1, 6))

    assert stranger.holders(CALL) == sorted([buyer.account(), seller.account()])
    assert stranger.holders(PUT) == []
    stranger.settle_batch(CALL, stranger.holders(CALL))
    assert stranger.holders(CALL) == []
    assert stranger.settlement(CALL).finished
    assert all(view.legs == () for view in stranger.accounts([buyer.account(), seller.account()]))


def test_unsettled_leg_keeps_its_value(venue, desk, trader, other):
    """A holder who never comes loses nothing by it: the leg is worth its final value for ever."""
    buyer, seller = desk
    price = mark(venue, PUT)
    trade(buyer, seller, PUT, wad(1), price)
    final = expire(venue, PUT, 1_800, sender=other)
    seller.settle_batch(PUT, [seller.account()])
    worth = buyer.margin()[1].equity

    venue.set_price("ETH", 3_000)
    venue.warp(30 * 86_400)
    assert buyer.accounts([buyer.account()])[0].legs[0].value == pytest.approx(final - price, abs=10)
    assert buyer.margin()[1].equity == pytest.approx(worth, rel=1e-3)
    buyer.settle_batch(PUT, [buyer.account()])
    assert venue.cash(trader) == pytest.approx(wad(10_000) + final - price, rel=1e-3)


def test_batch_has_a_limit(venue, other):
    """Nothing, and more than 64, are refused by the contract; the client makes several calls."""
    packed = venue.instrument(CALL)
    for accounts in ([], list(range(65))):
        with reverts("BatchOutOfRange", length=len(accounts), limit=64):
            venue.settler.settle(packed, accounts, sender=other)


def test_client_splits_batches(desk, other):
    """65 accounts take two transactions."""
    buyer, _ = desk
    assert len(buyer.settle_batch(FAR_CALL, range(1, 66))) == 2
