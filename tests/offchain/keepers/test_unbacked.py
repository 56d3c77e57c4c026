"""What a keeper bids for profit that is owed by those who cannot pay it."""

from dataclasses import replace

import pytest

from crossmargin.model.units import WAD
from keepers.strategies import ActionKind, decide
from keepers.strategies.reasons import why_not
from keepers.strategies.unbacked import unbacked
from keepers.views import AccountState
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH,
    ETH_PERPETUAL,
    SICK,
    account,
    auction,
    settings,
    snapshot,
)

FUTURE = (2 << 60) | (ETH << 48) | (500_000 << 24)
LOSER = 0x105E << 96
RICH = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, cash=10_000)


def valued(state: AccountState, *values: float) -> AccountState:
    """Give legs what they are worth [USD]."""
    legs = (replace(leg, value=int(value * WAD)) for leg, value in zip(state.legs, values, strict=True))
    return replace(state, legs=tuple(legs))


def winner(profit: float = 500) -> AccountState:
    """Make an account in auction that has won in the future."""
    return valued(account(in_auction=True, equity=900, legs=((FUTURE, -0.1),)), profit)


def loser(equity: float, *, future: float = -400, perpetual: float = -400) -> AccountState:
    """Make an account that has lost in two markets."""
    lost = account(LOSER, equity=equity, legs=((FUTURE, 0.1), (ETH_PERPETUAL, 0.1)), in_auction=True)
    return valued(lost, future, perpetual)


@pytest.mark.parametrize(
    ("equity", "future", "perpetual", "lacking"),
    [
        (-300, -400, -400, 150),  # half of what it lacks
        (-300, -400, 100, 300),  # what it has won is no debt
        (-900, -400, -400, 400),  # a loan is missing too: no more than it owes
        (-900, -700, -100, 500),  # no more than the profit
        (0, -400, -400, 0),
        (-300, 400, -400, 0),
    ],
)
def test_what_is_lacking_is_shared_by_what_is_owed(equity, future, perpetual, lacking):
    """Between the two markets, at most the debt there and the profit."""
    snap = snapshot(winner(), loser(equity, future=future, perpetual=perpetual))
    assert unbacked(snap.accounts[0], snap) == lacking * WAD


def test_nobody_lacks_his_own_debts_twice():
    """An account's own loss in another market is in its price already."""
    both = valued(account(equity=-100, legs=((FUTURE, 0.1), (ETH_PERPETUAL, 0.1))), 500, -600)
    assert unbacked(both, snapshot(both)) == 0


def test_losers_are_bid_for_before_who_won_of_them():
    """A profit of 500 is owed by one who lacks 300: nobody gives 800 of 900 for it until that one is sold."""
    sales = {SICK: auction(800), LOSER: auction(-400, value=-300, id=2)}
    snap = snapshot(winner(), loser(-300, perpetual=0), auctions=sales, bidder=RICH)
    assert [one.account for one in decide(snap, DEFAULTS) if one.kind is ActionKind.BID] == [LOSER]
    assert "300 of its profit owed by who cannot pay" in why_not(snap, snap.accounts[0], settings())

    alone = snapshot(winner(), auctions={SICK: auction(800)}, bidder=RICH)
    assert [one.account for one in decide(alone, DEFAULTS) if one.kind is ActionKind.BID] == [SICK]
