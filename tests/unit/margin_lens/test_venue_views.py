from crossmargin.chain.decimals import wad
from tests.helpers.auctions import open_long, start
from tests.helpers.option_desk import CALL, PUT, post_surfaces


def test_markets_lists_every_instrument(venue, account):
    """Funding now, price, pool, losses, limits."""
    views = {view.instrument: view for view in venue.lens.markets()}
    assert len(views) == venue.clearinghouse.instrumentCount()
    view = views[venue.instrument("ETH-PERP")]
    assert view.index == venue.oracle.price(venue.feed("ETH"))
    assert view.openInterest == wad(2)
    assert (view.pool, view.shortfall) == (0, 0)
    assert view.config == venue.clearinghouse.configOf(view.instrument)
    assert view.flags & 1
    assert view.premium == venue.clearinghouse.premium(view.instrument)
    assert (view.mark, view.markStatus) == (view.index.mid, view.index.status)


def test_markets_show_what_losers_have_paid(venue, account, trader):
    """The pool between losers and winners, to the wei."""
    venue.set_price("ETH", 1950)
    venue.settle(trader)
    views = {view.instrument: view for view in venue.lens.markets()}
    found = venue.instrument("ETH-PERP")
    assert views[found].pool == venue.clearinghouse.poolOf(found) == wad(100)
    assert views[found].shortfall == venue.losses.shortfallOf(found) == 0


def test_markets_of_options_have_a_mark_of_their_own(venue):
    """What the option oracle says, beside the index."""
    post_surfaces(venue)
    views = {view.instrument: view for view in venue.lens.markets()}
    for name in (CALL, PUT):
        view, found = views[venue.instrument(name)], venue.options.mark(venue.instrument(name))
        assert (view.mark, view.markStatus, view.index.mid) == (found["price"], found["status"], found["index"])
        assert 0 < view.mark < view.index.mid
        assert (view.fundingIndex, view.fundingRate) == (0, 0)


def test_assets_lists_every_asset_with_its_price(venue):
    """In the order of their indices."""
    configs, prices = venue.lens.assets().values()
    assert configs == [venue.vault.assetAt(i) for i in range(venue.vault.assetCount())]
    assert prices == [venue.oracle.price(config.feedId) for config in configs]


def test_auctions_tells_live_ones_apart(venue, trader, maker, keeper):
    """An account that is not in auction gives zeros, not an error."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    views = venue.lens.auctions([venue.account(maker), account])

    quote = venue.auction.quote(account)
    assert [live.id for live in views.live] == [0, venue.auction.auctionOf(account).id]
    assert views.insolvent == [False, quote.insolvent]
    assert views.prices == [0, quote.price]
    assert views.maxFractions == [0, quote.maxFraction]
    assert views["values"] == [0, quote.value]
