"""Options on the venue of the fixtures: volatility posted, arrays refreshed, series traded, settled."""

from decimal import Decimal
from typing import Any

from crossmargin.client.option_views import Slice
from crossmargin.model.instruments import Instrument, decode
from crossmargin.model.positions import OBSERVATION_INTERVAL, SETTLEMENT_WINDOW
from crossmargin.model.units import InstrumentId
from tests.helpers.auctions import start
from tests.helpers.handles import Receipt
from tests.helpers.markets import FUTURE
from tests.helpers.venue import Venue

CALL, PUT = "ETH-WEEKLY-2000-C", "ETH-WEEKLY-2000-P"
FAR_CALL, FAR_PUT = "ETH-QUARTERLY-2500-C", "ETH-QUARTERLY-1500-P"


def series(venue: Venue, name: str | int) -> Instrument:
    """Underlying, expiry and strike of an instrument."""
    return decode(InstrumentId(venue.instrument(name)))


def post_slice(venue: Venue, underlying: str, expiry: int, slice_: Slice, *, sender: Any = None) -> Receipt:
    """Post volatility as the poster, which is the board of the tests, or as somebody else."""
    return venue.surface.post(venue.feed(underlying), expiry, slice_.encode(), sender=sender or poster_of(venue))


def poster_of(venue: Venue) -> Any:
    """Let the board, a contract, send transactions."""
    venue.node.rpc("anvil_impersonateAccount", venue.board.address)
    venue.node.rpc("anvil_setBalance", venue.board.address, hex(10**20))
    return venue.board


def post_surfaces(venue: Venue) -> None:
    """Post every slice of the configuration again, so that marks are Valid."""
    venue.warp(venue.config.options["ETH"].min_interval)
    for underlying, slices in venue.config.surfaces.items():
        for name, settings in slices.items():
            expiry = venue.record.slices[f"{underlying}:{name}"]
            if expiry > venue.node.now:
                post_slice(venue, underlying, expiry, Slice(*settings.encode()))


def refresh_arrays(venue: Venue, *names: str, sender: Any) -> Receipt:
    """Write risk arrays anew, as anybody may."""
    return venue.options.refresh([venue.instrument(name) for name in names], sender=sender)


def mark(venue: Venue, name: str) -> int:
    """Mark of a series [wad USD]."""
    return int(venue.options.mark(venue.instrument(name))["price"])


def observe(venue: Venue, name: str, *, sender: Any) -> Receipt:
    """Go past the expiry, and observe what the sources prove of the ends of the minutes before it."""
    expiry = series(venue, name).expiry or 0
    for time in (expiry - SETTLEMENT_WINDOW, expiry + 1):
        if venue.node.now < time:
            venue.warp(time - venue.node.now)
    return venue.clearinghouse.observeSettlement(venue.instrument(name), sender=sender)


def nearly_average(venue: Venue, name: str, price: int, last: int) -> None:
    """Let all but nine minutes of the window pass, so that the index averages `price` if it ends them at `last`."""
    expiry = series(venue, name).expiry or 0
    minutes = SETTLEMENT_WINDOW // OBSERVATION_INTERVAL
    venue.warp(expiry - SETTLEMENT_WINDOW - venue.node.now)
    venue.set_price("ETH", round(Decimal(minutes * price - 9 * last) / (minutes - 9), 8))
    venue.warp(expiry - 9 * OBSERVATION_INTERVAL - venue.node.now)


def expire(venue: Venue, name: str, price: int, *, sender: Any) -> int:
    """Let a series' averaging window pass at one price; return what a contract pays [wad USD]."""
    expiry = series(venue, name).expiry or 0
    venue.warp(expiry - SETTLEMENT_WINDOW - venue.node.now)
    venue.set_price("ETH", price)
    observe(venue, name, sender=sender)
    venue.clearinghouse.finishSettlement(venue.instrument(name), sender=sender)
    return int(venue.clearinghouse.settlementOf(venue.instrument(name))["finalPrice"])


def deposit_before_the_quarter(venue: Venue, trader: Any, cash: int) -> None:
    """Go to two hours before the quarter expires, the index at 2,500, and give a trader so many dollars."""
    venue.warp((series(venue, FAR_CALL).expiry or 0) - 7200 - venue.node.now)
    venue.set_price("ETH", 2500)
    post_surfaces(venue)
    venue.deposit(trader, "USDC", cash)


def pay_out(venue: Venue, keeper: Any, *accounts: int) -> None:
    """Fix the average of the quarter, and settle what accounts have of it, losers first."""
    observe(venue, FAR_CALL, sender=keeper)
    for name in (FAR_CALL, FUTURE):
        venue.clearinghouse.finishSettlement(venue.instrument(name), sender=keeper)
        venue.settler.settle(venue.instrument(name), list(accounts), sender=keeper)


def start_with_old_calls(venue: Venue, debtor: Any, buyer: Any, seller: Any, keeper: Any) -> None:
    """Let a debtor of 1,250,000 with 30 bitcoin, who has bought or sold six calls of 2,500 for 151, go bankrupt.

    Ether is Valid at 1,600, and nobody has posted its volatility for a quarter of an hour.
    """
    venue.deposit(buyer if seller == debtor else seller, "USDC", 1_000_000)
    venue.deposit(debtor, "WBTC", 30)
    venue.set_price("ETH", 1600)
    post_surfaces(venue)
    refresh_arrays(venue, FAR_CALL, sender=keeper)
    venue.trade(buyer, seller, FAR_CALL, 6)
    venue.withdraw(debtor, "USDC", 1_250_000)
    venue.warp(1000)
    venue.set_price("BTC", 41_000)
    start(venue, debtor, keeper)
