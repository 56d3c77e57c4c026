"""A guardian pauses new risk: nothing is lent from then on, not to pay a winner either."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.lenders import DOLLAR
from tests.helpers.markets import PERPETUAL
from tests.helpers.venue import Venue


def test_no_loan_is_taken_in_a_pause(lent: Venue, trader: Any, guardian: Any) -> None:
    """A guardian distrusts ether, and pauses new risk; one owner has a long and a short of 400 ether of his own.

    He deposits 1,000 ether in the pause; a withdrawal of a loan is refused. So both accounts close at the end of the
    band by reduce-only fills, which go on. What the one lost, and had no cash for, became a loan by `settleBetween`,
    and the other, free of everything, took it out: 38,920 of lent cash left the venue against ether in the pause.
    """
    for sub_id, token, amount in ((0, "WETH", 200), (1, "WBTC", 4)):
        lent.deposit(trader, token, amount, sub_id=sub_id)
        lent.deposit(trader, "USDC", 1_000, sub_id=sub_id)
    lent.trade(trader, trader, PERPETUAL, 400, sub_ids=(0, 1))
    lent.vault.pauseRiskIncrease(86_400, sender=guardian)
    lent.deposit(trader, "WETH", 1_000)
    with lent.refuses("RiskIncreasePaused", trader, until=lent.vault.pausedUntil()):
        lent.withdraw(trader, "USDC", 10_000)
    ask = lent.order(trader, PERPETUAL, -400, 1901, reduce_only=True)
    lent.fill(ask, lent.order(trader, PERPETUAL, 400, 1901, sub_id=1, reduce_only=True))
    before = lent.cash(trader)
    loser, winner = lent.account(trader), lent.account(trader, 1)
    lent.clearinghouse.settleBetween(lent.instrument(PERPETUAL), winner, loser, sender=trader)
    lent.withdraw(trader, "USDC", "all", sub_id=1)
    assert lent.cash(trader) >= before - wad(1)
    assert lent.tokens["USDC"].balanceOf(trader) <= 2_000 * DOLLAR
