"""Who owes at an average that is nearly known closes with an own account at the index, by a bid for it."""

from contextlib import suppress
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, equity
from tests.helpers.markets import BITCOIN, FUTURE, PERPETUAL, try_to_settle, wealth
from tests.helpers.option_desk import FAR_CALL, deposit_before_the_quarter, nearly_average, pay_out
from tests.helpers.venue import Venue


def test_no_bid_closes_what_will_pay_an_average(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Nothing that expires is traded while its average is made, but slices met the bidder's own contracts at the index.

    The trader has 300,000, and a long of 300 of the future against an honest one, for which he will owe 150,000: the
    average is nearly 2,000, the index 2,500. The maker's accounts, of the same owner, are short of 300 and long of 300
    against each other; the short one goes bankrupt by bitcoin, which another own account wins. The trader takes it:
    his long is closed at 2,500, and who is left to owe the honest one is the maker's long account, hedged by
    perpetuals, which has 89,625. The honest one got those, and the trader owed nothing.
    """
    deposit_before_the_quarter(desk, trader, 300_000)
    sold, poor, rich = (desk.account(maker, sub_id) for sub_id in (1, 2, 3))
    for sub_id, cash in ((1, 120_000), (2, 90_000), (3, 900_000)):
        desk.deposit(maker, "USDC", cash, sub_id=sub_id)
    for _ in range(6):
        desk.trade(maker, maker, FUTURE, 50, sub_ids=(2, 1))
        desk.trade(maker, maker, PERPETUAL, 50, sub_ids=(3, 2))
    desk.trade(maker, maker, BITCOIN, 5, sub_ids=(1, 3))
    desk.trade(trader, other, FUTURE, 300)
    before = wealth(desk, other)
    nearly_average(desk, FAR_CALL, 2000, 2500)
    desk.set_prices({"ETH": 2500, "BTC": 35_000})
    desk.auction.start(sold, rich, sender=maker)
    with suppress(ContractRevert):
        bid(desk, sold, trader)
    accounts = [rich, poor, sold, *map(desk.account, (trader, other))]
    pay_out(desk, keeper, *accounts)
    for each in accounts:
        for instrument in desk.clearinghouse.legIds(each):
            try_to_settle(desk, each, instrument, keeper)
    for each in (sold, poor):
        if equity(desk, each) < 0:
            if not desk.vault.isInAuction(each):
                desk.auction.start(each, desk.account(keeper), sender=keeper)
            bid(desk, each, liquidator)
            desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(149_000)
