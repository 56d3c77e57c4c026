"""What a keeper says that a bid will be charged for lent cash, beside what a deployed auction charges it."""

import asyncio
from collections.abc import Callable

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.units import Wad
from keepers.contracts import load_contracts
from keepers.lens import Lens
from keepers.node import Node
from keepers.rpc import Rpc
from keepers.strategies.leaving import bundle_charge, slice_charge
from keepers.views import AccountState, AuctionState, InSight
from tests.helpers.auctions import bid, borrow, start
from tests.helpers.keeper_process import pass_until
from tests.helpers.lenders import fall, lend, lender_beside_a_debtor
from tests.helpers.markets import PERPETUAL
from tests.helpers.venue import MAX_UINT256, Venue

Asked = tuple[InSight, Wad, AccountState, AuctionState]


@pytest.fixture
def lent(venue, lender, other, liquidator) -> Venue:
    """Give two lenders 600,000 each, and a bidder what he needs."""
    return lend(venue, lender, other, bidder=liquidator)


@pytest.fixture
def ask(venue, tmp_path) -> Callable[[int, int], Asked]:
    """Give a way to ask what the keeper asks of a sale: losses in sight, the bidder's cash, account, auction."""
    path = tmp_path / "31337.json"
    venue.record.save(path)
    contracts = load_contracts(path, venue.record.chain_id)

    async def read(sold: int, bidder: int) -> Asked:
        async with Rpc([venue.node.web3.provider.endpoint_uri], 10.0) as rpc:
            node = Node(rpc)
            lens, head = Lens(node, contracts, 40), await node.head()
            states = {one.account: one for one in await lens.states(head.hash, [sold, bidder])}
            auctions = await lens.auctions(head.hash, [sold])
            _, sight, _ = await lens.sales(head.hash, bidder, None)
            await node.survey.close()
        return sight, states[bidder].cash, states[sold], auctions[sold]

    return lambda sold, bidder: asyncio.run(read(sold, bidder))


@pytest.mark.parametrize("fraction", ["1", "0.3"])
def test_lent_cash_that_meets_a_loan(lent, ask, lender, other, trader, maker, keeper, fraction):
    """The bidder has lent, the account owes: to the wei, of a slice and of all that is for sale."""
    lent.deposit(other, "WETH", 620, sub_id=1)
    lent.withdraw(other, "USDC", 560_000, sub_id=1)
    fall(lent, trader, maker, keeper)
    sold, bidder = lent.account(other, 1), lent.account(lender)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    asked = ask(sold, bidder)
    receipt = bid(lent, sold, bidder, fraction, sender=lender)
    assert asked[0].gap > 0
    assert receipt.event("LeavingCharged").amount == slice_charge(*asked, Wad(receipt.event("Bid").fraction)) > 0


def test_a_loan_that_meets_lent_cash(lent, ask, lender, trader, maker, keeper):
    """The other way round: the account has lent, the bidder owes."""
    sold, bidder = lender_beside_a_debtor(lent, lender, trader, maker, keeper)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    asked = ask(sold, bidder)
    receipt = bid(lent, sold, bidder, "1", sender=lender)
    assert receipt.event("LeavingCharged").amount == slice_charge(*asked, Wad(receipt.event("Bid").fraction)) > 0


def test_the_bankrupt_itself(lent, ask, lender, trader, maker, keeper):
    """Its payout counts as there, its loan leaves: but for a wei of cash's own rounding, an hour into its auction."""
    fall(lent, trader, maker, keeper)
    lent.warp(3_600)
    sold, bidder = lent.account(trader), lent.account(lender)
    asked = ask(sold, bidder)
    assert asked[3].insolvent
    receipt = bid(lent, sold, bidder, "0.2", sender=lender)
    said = slice_charge(*asked, Wad(receipt.event("Bid").fraction))
    assert abs(receipt.event("LeavingCharged").amount - said) <= 1 < said


def test_a_bankrupt_whose_markets_pay(lent, ask, lender, other, trader, maker, keeper):
    """What markets bear of the payout is no cash: never less is charged than the keeper says, nor much more."""
    lent.deposit(other, "WBTC", 13, sub_id=1)
    lent.deposit(other, "USDC", 1_000, sub_id=1)
    lent.deposit(maker, "WBTC", 20)
    lent.trade(other, maker, PERPETUAL, 700, sub_ids=(1, 0))
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.withdraw(other, "USDC", 400_000, sub_id=1)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    sold, bidder = lent.account(other, 1), lent.account(lender)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    lent.warp(3_600)
    asked = ask(sold, bidder)
    assert asked[3].insolvent
    receipt = bid(lent, sold, bidder, "0.5", sender=lender)
    charged = receipt.event("LeavingCharged").amount
    said = slice_charge(*asked, Wad(receipt.event("Bid").fraction))
    assert 0 < charged <= said


def test_a_bundle(lent, ask, lender, trader, maker, keeper):
    """What it pays out of lent cash to a bidder that owes leaves."""
    sold, bidder = lender_beside_a_debtor(lent, lender, trader, maker, keeper)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    lent.warp(600)
    sight, cash, account, _ = ask(sold, bidder)
    wanted = (sold, bidder, [lent.instrument(PERPETUAL)], [wad(100)], [], [], 0, MAX_UINT256, MAX_UINT256)
    receipt = lent.auction.bidBundle(wanted, sender=lender)
    give_up = Wad(receipt.event("BundleBid").giveUp)
    assert receipt.event("LeavingCharged").amount == bundle_charge(sight, cash, account, give_up) > 0


def test_a_keeper_bids_within_what_it_reckoned(lent, start_keeper, other, trader, maker, keeper, liquidator):
    """As a process: the loss is in sight, its lent cash meets a loan, and its journal has price and charge as paid."""
    lent.deposit(other, "WBTC", 21, sub_id=1)
    lent.withdraw(other, "USDC", 560_000, sub_id=1)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_prices({"ETH": 1380, "BTC": 30_000})
    start(lent, trader, keeper)
    limits = {"collateral_limits": {str(lent.asset("WETH")): 0}}
    bot = start_keeper(settings={"strategy": {**limits, "hedge_cost_ppm": 100}})
    bids = lent.auction.contract.events.Bid()
    pass_until(bot, lent, lambda: bids.get_logs(from_block=0), "bid")
    pass_until(bot, lent, lambda: bot.actions("bid")[-1]["status"] == "settled", "settled")

    charges = {
        one["transactionHash"]: one["args"]["amount"]
        for one in lent.auction.contract.events.LeavingCharged().get_logs(from_block=0)
    }
    made = [one for one in bids.get_logs(from_block=0) if one["args"]["bidder"] == lent.account(liquidator)]
    paid = [one["args"]["payment"] + charges[one["transactionHash"]] for one in made]
    settled = [one for one in bot.actions("bid") if one["status"] == "settled"]
    assert sorted(wad(one["paid"]) for one in settled) == sorted(paid)
    assert all(float(one["take"]) > 0 for one in settled)
    assert not [one for one in bot.actions("bid") if one["status"] == "failed"]
    assert bot.metric("keeper_mirror_mismatches_total") == 0
