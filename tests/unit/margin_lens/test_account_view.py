from crossmargin.client.units import wad


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
    assert leg.pendingLoss == 0
    assert view.maintenance.equity == view.cash + view.spot[0].value + leg.value
    assert view.inAuction is False
    assert view.stateNonce == venue.auction.stateNonce(account)


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
