"""Who lends himself what is lent makes a loss in sight look small for the length of one operation.

Docstrings have the numbers that were seen.
"""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, start
from tests.helpers.batches import EVERYTHING, FOREVER, Batch
from tests.helpers.lenders import DOLLAR, gap_of
from tests.helpers.option_desk import CALL, mark, post_surfaces, refresh_arrays
from tests.helpers.venue import Venue


def lose(venue: Venue, signer: Any, loser: int, winner: int, size: str) -> tuple[list[Any], Decimal]:
    """Give calls that let one account lose to another within the band of a call, and how many dollars."""
    high = (Decimal(mark(venue, CALL)).scaleb(-18) + 99).quantize(Decimal(1))
    calls = []
    for sign, price in ((1, high), (-1, Decimal(1))):
        one = venue.order(loser, CALL, sign * Decimal(size), price, signer=signer)
        two = venue.order(winner, CALL, -sign * Decimal(size), price, signer=signer)
        arguments = (one.encode(), venue.sign(one), two.encode(), venue.sign(two), wad(size))
        calls.append((venue.exchange, "fill", arguments))
    return calls, (high - 1) * Decimal(size)


def test_cash_lent_to_oneself_for_a_moment_thins_no_loss(
    node: Any, venue: Venue, deployer: Any, lender: Any, other: Any, trader: Any, keeper: Any, liquidator: Any
) -> None:
    """Of 1,212,000 nine tenths are of one owner, a contract; 3,400 of a stranger's loan are in sight as lost.

    In one operation its first account owes its second one 1,050,800 for calls bought and
    sold at the ends of the band. A fourth account, which has nothing, transfers 2,960,000 that it borrows to the third
    one: what was lent is 4,172,000 for a moment, so that less than a thousandth is in sight, and the first account's
    cash goes into the pool. Fills at the ends of the band bring the fourth account its cash back through a market, for
    1,490 of fees; a transfer back would be charged all that is in sight. No money of anybody else is needed.
    The other lender lost 1,031 of 120,000 where 337 are his part; the owner lost 2,369 with fees, instead of 3,063.
    Of a loss of any size fills cost half, for they cost 5 of 10,000 and a thousand times the loss is moved.
    """
    batch = Batch(venue, node.deploy("Batcher", sender=deployer))
    batch.run(lender, (venue.vault, "setOperator", (lender.address, EVERYTHING, FOREVER)))
    large, winner, rich, poor = (venue.account(batch.batcher, sub_id) for sub_id in range(4))
    usdc, calls = venue.tokens["USDC"], [venue.instrument(CALL)]
    for account, cash in ((large, 1_080_000), (winner, 4_000), (rich, 4_000), (poor, 4_000)):
        venue.mint(lender, "USDC", cash)
        usdc.approve(venue.vault, cash * DOLLAR, sender=lender)
        venue.vault.deposit(account, usdc, cash * DOLLAR, sender=lender)
    venue.deposit(other, "USDC", 120_000)
    venue.deposit(liquidator, "WETH", 5_000)
    venue.deposit(trader, "WBTC", 25)
    venue.withdraw(trader, "USDC", 1_100_000)
    missing = Decimal(venue.vault.insuranceCash()).scaleb(-18) + 3_400
    venue.set_price("BTC", round((1_100_000 - missing) / 25, 2))
    post_surfaces(venue)
    venue.warp(5)
    refresh_arrays(venue, CALL, sender=keeper)
    start(venue, trader, keeper)
    gap, all_lent = gap_of(venue)
    fills, _ = lose(venue, lender, large, winner, "7100")
    back, cash = lose(venue, lender, rich, poor, "20000")
    with suppress(ContractRevert):
        batch.run(
            lender,
            *fills,
            (venue.vault, "transfer", (poor, rich, usdc, int(cash) * DOLLAR)),
            (venue.clearinghouse, "settle", (large, calls)),
            *back,
            (venue.clearinghouse, "settle", (poor, calls)),
        )
    bid(venue, trader, liquidator)
    batch.run(lender, (venue.clearinghouse, "settle", (winner, calls)))
    part = wad(120_000) * gap // all_lent
    assert venue.cash(other) >= wad(120_000) - part - wad(5)
