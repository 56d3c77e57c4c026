import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.option_desk import CALL, mark, post_surfaces


def test_account_view_gathers_everything(venue, account, trader):
    """Each part is what its own contract says."""
    venue.set_price("ETH", 2100)
    view = venue.lens.accountView(account)

    initial, maintenance = venue.margin(trader)
    assert (view.account, view.initial, view.maintenance) == (account, initial, maintenance)
    assert view.healthFactor == venue.engine.health(account)
    assert view.cash == venue.vault.cashOf(account)
    assert [(s.assetIndex, s.amount, s.value) for s in view.spot] == [(venue.asset("WETH"), wad(3), wad(6300))]
    leg = view.legs[0]
    size, basis = venue.position(trader, "ETH-PERP")
    assert (leg.instrument, leg.size, leg.basis) == (venue.instrument("ETH-PERP"), size, basis)
    assert (leg.claims, leg.debts) == (0, 0)
    assert view.maintenance.equity == view.cash + view.spot[0].value + leg.value
    assert view.inAuction is False
    assert view.stateNonce == venue.auction.stateNonce(account)


def test_account_view_shows_claims_and_debts_of_closed_contracts(venue, account, trader, maker, other):
    """Part of a leg's value, beside its open contracts, after shares of losses."""
    venue.deposit(other, "USDC", 100_000)
    venue.set_price("ETH", 2100)
    venue.trade(other, trader, "ETH-PERP", 1)
    leg = venue.lens.accountView(account).legs[0]
    assert (leg.size, leg.basis) == (wad(1), wad(2000))
    assert (leg.claims, leg.debts, leg.value) == (wad(100), 0, wad(200))
    assert venue.margin(trader)[1].equity == venue.lens.accountView(account).cash + wad(6300) + leg.value


def test_account_view_values_options_at_their_mark(venue, account, trader, maker):
    """A long is worth its mark less its basis, a short the opposite but for rounding."""
    post_surfaces(venue)
    venue.trade(trader, maker, CALL, 2)
    found = venue.instrument(CALL)
    long, short = (venue.lens.accountView(venue.account(owner)) for owner in (trader, maker))
    leg, other = (next(each for each in view.legs if each.instrument == found) for view in (long, short))

    price = mark(venue, CALL)
    assert (leg.size, leg.value) == (wad(2), 2 * price - leg.basis)
    assert (other.size, other.value) == (-wad(2), -2 * price - other.basis)
    expected = long.cash + long.spot[0].value + sum(each.value for each in long.legs)
    assert long.maintenance.equity == pytest.approx(expected, rel=1e-9)  # the margin's mark has 26 bits


def test_account_view_of_nobody_is_empty(venue, other):
    """An account needs no registration."""
    view = venue.lens.accountView(venue.account(other))
    assert (view.spot, view.legs, view.cash) == ([], [], 0)
    assert view.healthFactor == 2**256 - 1
    assert view.maintenance.free is True


def test_account_views_are_account_view_of_each(venue, account, maker):
    """In the order asked for."""
    accounts = [account, venue.account(maker)]
    assert venue.lens.accountViews(accounts) == [venue.lens.accountView(each) for each in accounts]
