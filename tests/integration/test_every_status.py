"""Every action of users at every kind of price that is not Valid: what takes risk or value waits, what leaves goes on.

INV-23. The list of actions is checked against the ABIs: a function that anybody may call is tried, or says why not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from crossmargin.model.permissions import Permission
from tests.helpers.abis import BESIDE, functions_of, require_all
from tests.helpers.auctions import bid, borrow, start
from tests.helpers.handles import Handle
from tests.helpers.lone_hub import hub_beside, report
from tests.helpers.undone import undone
from tests.helpers.venue import Venue

PERP = "ETH-PERP"
DAY = 86_400
HALF_AN_HOUR = 1_800


@dataclass(frozen=True)
class Desk:
    """Who has what: see `desk`."""

    venue: Venue
    trader: Any
    maker: Any
    borrower: Any
    lender: Any
    keeper: Any
    guardian: Any
    governor: Any
    sick: Any
    hub: Handle


@pytest.fixture
def desk(venue, trader, maker, other, lender, keeper, guardian, governor, liquidator) -> Desk:
    """Let the trader be long 10 ether against the maker, another owe 60,000 against 100 ether, and one be sick.

    Ether and cash of the trader are in two accounts: the second one has neither contracts nor debt. An ether of his
    that is locked on another chain waits for the first.
    """
    for owner in (trader, maker, lender, keeper):
        venue.deposit(owner, "USDC", 200_000)
    venue.deposit(trader, "WETH", 5, sub_id=1)
    venue.deposit(trader, "USDC", 5_000, sub_id=1)
    venue.trade(trader, maker, PERP, 10)
    borrow(venue, other, lender, 100, 60_000)
    for sub_id in (0, 1):
        venue.deposit(liquidator, "USDC", 20_000, sub_id=sub_id)
        venue.trade(liquidator, maker, PERP, 90, sub_ids=(sub_id, 0))
    hub = hub_beside(venue)
    found = Desk(venue, trader, maker, other, lender, keeper, guardian, governor, liquidator, hub)
    for owner in (lender, maker):
        venue.mint(owner, "USDC", 4_000)
        venue.tokens["USDC"].approve(venue.fund, 4_000 * 10**6, sender=owner)
        venue.fund.deposit(2_000 * 10**6, owner, sender=owner)
    venue.fund.requestRedeem(10**12, sender=maker)
    venue.warp(venue.fund.cooldown())
    report(venue, hub, venue.account(trader), 10**18)
    hub.accept(1, venue.account(trader), True, sender=trader)
    venue.vault.setOperator(hub, int(Permission.DEPOSIT), venue.node.now + 10**7, sender=trader)
    venue.set_price("ETH", 1_800)
    start(venue, liquidator, keeper)
    return found


Act = Callable[[Desk], Any]


def become_uncertain(desk: Desk) -> None:
    """Let the guardian distrust ether."""
    desk.venue.oracle.forceUncertain(desk.venue.feed("ETH"), DAY, sender=desk.guardian)


def become_halted(desk: Desk) -> None:
    """Let the guardian halt ether."""
    desk.venue.oracle.forceHalt(desk.venue.feed("ETH"), HALF_AN_HOUR, sender=desk.guardian)


def become_stale(desk: Desk) -> None:
    """Let every source fall silent for a day and a half."""
    desk.venue.warp(3 * DAY // 2, refresh=False)


def lose_the_sequencer(desk: Desk) -> None:
    """Let the chain's own feed say that the sequencer is down."""
    venue = desk.venue
    feed = venue.node.deploy("MockAggregator", 0, "L2 Sequencer Uptime Status Feed", 0, sender=desk.keeper)
    venue.govern(venue.oracle, "setSequencerFeed", feed, HALF_AN_HOUR)
    feed.setAnswer(1, sender=desk.keeper)


TROUBLES = {
    "Stale": become_stale,
    "Uncertain": become_uncertain,
    "Halted": become_halted,
    "Sequencer down": lose_the_sequencer,
}


def fill(desk: Desk, size: int, *, reduce_only: bool) -> None:
    """Have the trader buy, or sell, of the maker at the index."""
    venue = desk.venue
    price = venue.prices["ETH"]
    ask = venue.order(desk.maker, PERP, -size, price, reduce_only=reduce_only)
    venue.fill(ask, venue.order(desk.trader, PERP, size, price, reduce_only=reduce_only))


def move(desk: Desk, owner: Any, giver: int, taker: int) -> None:
    """Move a tenth of an ether from one account of an owner to another."""
    venue = desk.venue
    accounts = venue.account(owner, giver), venue.account(owner, taker)
    venue.vault.transfer(*accounts, venue.tokens["WETH"], wad("0.1"), sender=owner)


def observer(venue: Venue) -> Handle:
    """Find the forecaster."""
    return venue.node.at("VolatilityForecaster", venue.record.address("VolatilityForecaster"))


ACTS: dict[str, Act] = {
    "deposit": lambda desk: desk.venue.deposit(desk.borrower, "USDC", 1_000),
    "open": lambda desk: fill(desk, 1, reduce_only=False),
    "reduce": lambda desk: fill(desk, -1, reduce_only=True),
    "borrow": lambda desk: desk.venue.withdraw(desk.borrower, "USDC", 1_000),
    "withdraw beside a debt": lambda desk: desk.venue.withdraw(desk.borrower, "WETH", "0.1"),
    "withdraw beside contracts": lambda desk: desk.venue.withdraw(desk.trader, "USDC", 1_000),
    "withdraw what is free": lambda desk: desk.venue.withdraw(desk.trader, "WETH", "all", sub_id=1),
    "withdraw what was lent": lambda desk: desk.venue.withdraw(desk.lender, "USDC", 1_000),
    "transfer beside a debt": lambda desk: move(desk, desk.borrower, 0, 1),
    "transfer what is free": lambda desk: move(desk, desk.trader, 1, 2),
    "settle": lambda desk: desk.venue.settle(desk.trader, PERP),
    "settle many": lambda desk: desk.venue.settler.settle(
        desk.venue.instrument(PERP), [desk.venue.account(desk.trader)], sender=desk.keeper
    ),
    "settle between": lambda desk: desk.venue.clearinghouse.settleBetween(
        desk.venue.instrument(PERP), desk.venue.account(desk.maker), desk.venue.account(desk.trader), sender=desk.keeper
    ),
    "collect shares": lambda desk: desk.venue.clearinghouse.collectShares(
        desk.venue.account(desk.trader), desk.venue.instrument(PERP), 9, sender=desk.keeper
    ),
    "start": lambda desk: desk.venue.auction.start(
        desk.venue.account(desk.sick, 1), desk.venue.account(desk.keeper), sender=desk.keeper
    ),
    "bid": lambda desk: bid(desk.venue, desk.sick, desk.keeper, "0.1"),
    "bid on credit": lambda desk: bid(desk.venue, desk.sick, desk.borrower, "0.1"),
    "poke": lambda desk: desk.venue.auction.poke(desk.venue.account(desk.sick), sender=desk.keeper),
    "cancel": lambda desk: desk.venue.exchange.cancelAll(desk.venue.account(desk.trader), 9, sender=desk.trader),
    "insure": lambda desk: desk.venue.fund.deposit(10**9, desk.lender, sender=desk.lender),
    "announce an exit of the fund": lambda desk: desk.venue.fund.requestRedeem(10**12, sender=desk.lender),
    "leave the fund": lambda desk: desk.venue.fund.redeem(10**12, desk.maker, desk.maker, sender=desk.maker),
    "credit": lambda desk: desk.hub.credit(1, desk.venue.account(desk.trader), sender=desk.keeper),
    "reclaim": lambda desk: desk.hub.reclaim(
        1, desk.venue.account(desk.trader), desk.trader, 10**17, sender=desk.trader
    ),
    "tell of an account": lambda desk: desk.hub.sendAccount(
        1, desk.venue.account(desk.trader), value=10**16, sender=desk.keeper
    ),
    "observe": lambda desk: observer(desk.venue).observe([desk.venue.feed("ETH")], sender=desk.keeper),
    "forecast": lambda desk: observer(desk.venue).update(desk.venue.feed("ETH"), sender=desk.keeper),
}


WAITS: dict[str, str] = {
    "open": "PriceNotValid",
    "borrow": "PricesNotValid",
    "withdraw beside a debt": "PricesNotValid",
    "withdraw beside contracts": "PricesNotValid",
    "transfer beside a debt": "PricesNotValid",
    "bid on credit": "BidOnCredit",
}
"""What takes risk, a loan, or value beside either, and by which error it is refused."""
OTHERWISE: dict[tuple[str, str], str | None] = {
    ("Stale", "bid on credit"): None,
    ("Sequencer down", "open"): "PricesNotValid",
    ("Sequencer down", "bid"): "ClockHalted",
    ("Sequencer down", "bid on credit"): "ClockHalted",
    ("Halted", "bid"): "ClockHalted",
    ("Halted", "bid on credit"): "ClockHalted",
    ("Halted", "reduce"): "PriceNotValid",
}
"""At a halted price nothing is traded or sold, and nothing is sold while the sequencer is down. Once prices are Stale,
after a day and a half of the auction, the slice costs nothing, which needs no credit."""


def test_every_act_is_possible_at_valid_prices(desk):
    """So that what is refused below is refused for the prices."""
    for act in ACTS.values():
        with undone():
            act(desk)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_takes_risk_waits_and_what_leaves_goes_on(desk, trouble):
    """INV-23: what is refused changes nothing."""
    TROUBLES[trouble](desk)
    state = desk.venue.state(desk.trader, desk.maker, desk.borrower, desk.sick, desk.keeper)
    found, before = {}, state()
    for name, act in ACTS.items():
        with undone():
            try:
                act(desk)
                found[name] = None
            except ContractRevert as error:
                found[name] = error.name
                assert state() == before, name
    assert found == {name: OTHERWISE.get((trouble, name), WAITS.get(name)) for name in ACTS}


TRIED = {
    ("MarginVault", "deposit"): "deposit",
    ("MarginVault", "withdraw"): "borrow",
    ("MarginVault", "transfer"): "transfer beside a debt",
    ("Clearinghouse", "settle"): "settle",
    ("Clearinghouse", "settleBetween"): "settle between",
    ("Clearinghouse", "collectShares"): "collect shares",
    ("BatchSettler", "settle"): "settle many",
    ("Exchange", "fill"): "open",
    ("Exchange", "cancelAll"): "cancel",
    ("LiquidationAuction", "start"): "start",
    ("LiquidationAuction", "bid"): "bid",
    ("LiquidationAuction", "poke"): "poke",
    ("InsuranceFund", "deposit"): "insure",
    ("InsuranceFund", "requestRedeem"): "announce an exit of the fund",
    ("InsuranceFund", "redeem"): "leave the fund",
    ("CollateralHub", "credit"): "credit",
    ("CollateralHub", "reclaim"): "reclaim",
    ("CollateralHub", "sendAccount"): "tell of an account",
    ("VolatilityForecaster", "observe"): "observe",
    ("VolatilityForecaster", "update"): "forecast",
}
"""Functions, and an act that calls each."""
SAME = {
    ("MarginVault", "depositWithPermit"): "as deposit",
    ("MarginVault", "unlock"): "what is called in it is refused as it is alone",
    ("MarginVault", "setOperator"): "of no price",
    ("MarginVault", "collectSurplus"): "of no price",
    ("Exchange", "cancel"): "of no price",
    ("LiquidationAuction", "bidBundle"): "unit/liquidation_auction/test_bid_bundle.py",
    ("LiquidationAuction", "end"): "ends what is healthy; of no value",
    ("InsuranceFund", "approve"): "of no price",
    ("InsuranceFund", "transfer"): "of no price",
    ("InsuranceFund", "transferFrom"): "of no price",
    ("InsuranceFund", "mint"): "as deposit",
    ("InsuranceFund", "withdraw"): "as redeem",
    ("Clearinghouse", "observeSettlement"): "unit/expiries",
    ("Clearinghouse", "finishSettlement"): "unit/expiries",
    ("OracleAdapter", "refresh"): "makes prices Valid",
    ("OracleAdapter", "refreshOld"): "the same",
    ("OracleAdapter", "updateAndRefresh"): "the same",
    ("OptionOracle", "refresh"): "the same, of arrays",
    ("OptionOracle", "refreshOutdated"): "the same",
    ("OptionOracle", "refreshStale"): "the same",
    ("CollateralHub", "accept"): "of no price",
    ("CollateralHub", "handle"): "as credit",
    ("CollateralHub", "receiveMessage"): "as credit",
    ("CollateralHub", "redeem"): "within a withdrawal",
    ("CollateralHub", "sendBeat"): "of no price",
    ("CollateralHub", "sendRedemption"): "of no price",
    ("RiskSteward", "poke"): "as forecast, which an old price makes too old: foundry/RiskSteward.t.sol",
}
"""Functions that are not tried, and why."""
_MODULES = {
    "MarginVault": {"bearLoss", "chargeFee", "closeGate", "mayBorrow", "moveCash", "moveCollateral", "moveSlice"}
    | {"openGate", "setInAuction", "settleCash", "touch"},
    "Clearinghouse": {"moveAtMark", "moveSlice", "shareLoss", "trade"},
    "Expiries": {"finish", "observe"},
    "MarketLosses": {"bear", "credit", "keepUnits", "move", "pay", "share"},
    "RiskEngine": {"bothMargins", "initialMargin", "refreshPrices"},
}
FOR_MODULES = {(contract, name): "for contracts of the venue" for contract, all_ in _MODULES.items() for name in all_}


def test_every_function_that_anybody_may_call_is_tried():
    """Or it is listed with the reason, or answers to modules only."""
    require_all(functions_of(None), TRIED, SAME, FOR_MODULES, BESIDE)
    assert set(TRIED.values()) <= ACTS.keys()
    assert WAITS.keys() <= ACTS.keys()
