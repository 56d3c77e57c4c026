from crossmargin.chain.decimals import wad
from crossmargin.model.auction import insolvent_payout, largest_fraction, whole_price
from crossmargin.model.units import WAD
from tests.helpers.auctions import bid, open_long, rest, set_params, start, terms
from tests.helpers.reverts import reverts


def test_quote_is_the_models(venue, trader, maker, keeper):
    """Price of the whole, largest fraction, value and state, as the next bid finds them."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.warp(100)

    quote = venue.auction.quote(account)

    model, left = terms(venue), rest(venue, trader)
    price = whole_price(model, left, venue.node.now - venue.auction.auctionOf(account).seenAt)
    assert quote.price == price
    assert quote.maxFraction == largest_fraction(model, left, price)
    assert (quote.insolvent, quote.value) == (False, left.value)
    assert quote.nonce == venue.auction.stateNonce(account)


def test_quote_counts_the_reserved_cash_out(venue, trader, maker, keeper, liquidator):
    """What earlier bids paid is not for sale."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    set_params(venue, startReward=wad("0.2"), kneeReward=wad("0.2"))
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    bid(venue, trader, liquidator, "0.1")

    quote, left = venue.auction.quote(account), rest(venue, trader)

    assert left.reserved > 0
    assert quote.value == left.value
    assert quote.price == left.value - left.requirement // 5
    assert quote.maxFraction == largest_fraction(terms(venue), left, quote.price)


def test_quote_of_an_insolvent_account_is_a_payout(venue, trader, maker, keeper):
    """A negative price; any fraction goes."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    venue.warp(1000)

    quote = venue.auction.quote(account)

    elapsed = venue.node.now - venue.auction.auctionOf(account).seenAt
    assert quote.price == -insolvent_payout(terms(venue), rest(venue, trader), elapsed)
    assert (quote.insolvent, quote.maxFraction) == (True, WAD)


def test_quote_reverts_in_the_middle_of_an_operation(venue, node, trader, maker, keeper, other):
    """INV-28: nobody reads a price that an operation has not finished making."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    probe = node.deploy("GateProbe", sender=other)

    with reverts("OperationOpen"):
        probe.inside(venue.vault, venue.auction, venue.auction.quote.encode(account), sender=other)


def test_quote_reverts_without_auction(venue, trader):
    """There is nothing for sale."""
    account = venue.account(trader)

    with reverts("NotInAuction", account=account):
        venue.auction.quote(account)
