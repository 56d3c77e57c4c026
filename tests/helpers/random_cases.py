"""Random configurations and cases for the probe: books with options and what-ifs on them."""

from dataclasses import replace

from crossmargin.model.account import Account, State
from crossmargin.model.arrays import RiskArray, rounded_ref
from crossmargin.model.parameters import RiskParams
from crossmargin.model.positions import Market
from crossmargin.model.prices import Price, PriceStatus, Shock
from crossmargin.model.units import PPM, WAD, FeedId
from tests.helpers.engine_probe import Case, Trade
from tests.offchain.model.books import (
    NOW,
    Book,
    Pick,
    default_params,
    lean,
    random_book,
    random_params,
    random_price,
    scale,
)
from tests.offchain.model.option_books import with_options

OWN_FEED = 100
"""Assets with a feed of their own have one at their underlying's number plus this."""
MOST_UNDERLYINGS = 8
TRIES = 20
"""Wide configurations often leave no room for another underlying: so many are tried before the default."""


def random_configuration(pick: Pick) -> RiskParams:
    """Pick a configuration as wide as the check allows, or one of the default classes."""
    found = None
    if pick(0, 2):
        found = next(filter(None, (random_params(pick, pick(1, 4)) for _ in range(TRIES))), None)
    return replace(
        found or default_params(pick, pick(1, MOST_UNDERLYINGS)),
        short_floor=lean(pick, 0, PPM),
        min_delta=lean(pick, 0, PPM),
        age_charge=lean(pick, 0, PPM),
        array_max_age=lean(pick, 0, 4_000),
        array_max_move=lean(pick, 0, 50_000),
    )


def random_case(pick: Pick, params: RiskParams) -> Case:
    """Pick a book and a what-if with trades, deposits, withdrawals and price moves."""
    book = _book(pick, params)
    prices = dict(book.state.prices)
    if pick(0, 2):
        prices = {feed: replace(price, status=PriceStatus.VALID) for feed, price in prices.items()}
    if pick(0, 9) == 0:
        prices[FeedId(pick(1, len(params.underlyings)))] = Price(0, 0, 0, PriceStatus.UNSET)
    assets = []
    for spot in book.account.spots:
        feed = spot.feed
        if pick(0, 3) == 0:
            feed = FeedId(OWN_FEED + spot.feed)
            prices[feed] = random_price(pick, edges=True)
        assets.append(replace(spot, feed=feed))
    spots = tuple(asset for asset in assets if pick(0, 3))
    legs = tuple(leg for leg in book.account.legs if pick(0, 5))
    cash = book.account.cash if pick(0, 5) else 0
    state = replace(book.state, prices=prices)
    markets = [market for market in state.markets.values() if market.final_price is None and pick(0, 2) == 0]
    held = {assets.index(spot): spot.amount for spot in spots}
    return Case(
        Account(cash, spots, legs),
        state,
        tuple(assets),
        tuple(_trade(pick, market, state) for market in markets),
        tuple((i, pick(-held.get(i, 0), 10**20)) for i in range(len(assets)) if pick(0, 2) == 0),
        pick(-1, 1) * scale(pick, 10, 24),
        tuple(Shock(feed, pick(-WAD, WAD)) for feed in prices if pick(0, 2) == 0),
    )


def _book(pick: Pick, params: RiskParams) -> Book:
    """Pick a book with options whose arrays are all new, fit their series, or hold what edges and sets rely on.

    In some books single arrays hold any words at all, of a time that is not in the future.
    """
    kind, most = pick(0, 3), 3 if pick(0, 3) else 12
    book = with_options(pick, random_book(pick, params), arbitrary=kind == 0, fresh=kind == 1, most=most)
    arrays = book.state.arrays
    if pick(0, 3) == 0:
        arrays = {key: _any_array(pick) if pick(0, 1) else array for key, array in arrays.items()}
    return replace(book, state=replace(book.state, params=params, arrays=arrays))


def _any_array(pick: Pick) -> RiskArray:
    words = RiskArray.unpack(pick(0, 2**256 - 1), pick(0, 2**256 - 1))
    return replace(words, time=NOW - lean(pick, 0, NOW), ref=rounded_ref((words.ref & 2**96 - 1) >> pick(0, 96)))


def _trade(pick: Pick, market: Market, state: State) -> Trade:
    option = market.terms.kind.is_option
    price = state.arrays[market.instrument].mark_floor if option else state.prices[market.terms.underlying].mid
    return Trade(market.instrument, pick(-1, 1) * scale(pick, 12, 24), price + pick(0, WAD))
