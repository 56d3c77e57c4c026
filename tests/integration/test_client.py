"""The traders' client against a venue."""

import pytest
from eth_account import Account

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.client.venue import Venue
from crossmargin.errors import ContractRevert, RecordError
from crossmargin.model.permissions import Permission
from crossmargin.model.prices import PriceStatus

MAX_UINT256 = 2**256 - 1


def trade(buyer, seller, size, price):
    """Let the buyer take the seller's signed order."""
    ask = seller.order("ETH-PERP", -size, price)
    buyer.fill(ask, seller.sign(ask), buyer.order("ETH-PERP", size, price), size)
    return ask


def test_deposit_and_withdraw(pair, venue, trader):
    """Approval and permit lead to the same cash; what is withdrawn arrives."""
    buyer, _ = pair
    buyer.approve("USDC", parse_units(5_000, 6))
    buyer.deposit("USDC", parse_units(5_000, 6))
    buyer.withdraw("USDC", parse_units(1_000, 6))

    assert venue.cash(trader) == wad(14_000)
    assert venue.tokens["USDC"].balanceOf(trader) == parse_units(6_000, 6)
    assert buyer.health() == MAX_UINT256


def test_faucet_and_refresh(client, venue, trader):
    """A newcomer takes test tokens and stores the newest price."""
    who = client(trader)
    who.mint("WETH", parse_units(1, 18))
    refreshed = who.refresh("ETH-PERP", "BTC-PERP")

    assert refreshed["status"] == 1
    assert venue.tokens["WETH"].balanceOf(trader) == parse_units(1, 18)


def test_transfer_and_operator(pair, venue, trader, maker):
    """Cash moves between accounts; an operator has what was given."""
    buyer, seller = pair
    buyer.transfer(seller.account(3), "USDC", parse_units(100, 6))
    buyer.set_operator(maker.address, Permission.TRADE, venue.node.now + 100)

    assert venue.cash(maker, 3) == wad(100)
    assert venue.vault.isAuthorised(venue.account(trader), maker, 8)


def test_orders_name_their_signers_epoch(pair, venue):
    """An operator signs as often named as it is now, an owner as never named."""
    buyer, seller = pair
    for epoch in (1, 2):
        buyer.set_operator(seller.address, Permission.TRADE, venue.node.now + 100)
        order = seller.order("ETH-PERP", wad(1), wad(2_000), account=buyer.account())
        assert (order.epoch, order.signer) == (epoch, seller.address)

    assert seller.order("ETH-PERP", wad(1), wad(2_000)).epoch == 0


def test_orders_are_hashed_as_the_exchange_does(pair, venue):
    """The signed document is the contract's."""
    order = pair[0].order("BTC-PERP", wad("0.1"), wad(60_000))

    assert pair[0].hash(order) == venue.exchange.hashOrder(order.encode())


def test_fill_opens_positions_that_the_views_show(pair):
    """One fill, seen through accounts, markets and margin."""
    buyer, seller = pair
    ask = trade(buyer, seller, wad(2), wad(2_000))

    assert seller.filled(ask) == wad(2)
    view, short = buyer.accounts([buyer.account(), seller.account()])
    assert [(leg.instrument, leg.size) for leg in view.legs] == [(buyer.instrument("ETH-PERP"), wad(2))]
    assert short.legs[0].size == -wad(2)
    assert view.health_factor == buyer.health() > wad(1)
    assert (view.initial, view.maintenance) == buyer.margin()
    market = next(each for each in buyer.markets() if each.instrument == buyer.instrument("ETH-PERP"))
    assert market.open_interest == wad(2)
    assert market.index.status is PriceStatus.VALID
    assert market.max_funding_rate == 20_000


def test_simulate_is_what_the_trade_then_does(pair):
    """Margins promised and margins found agree but for fees, which are in the cash."""
    buyer, seller = pair
    fee = wad("1.6")  # 0.04 % of 4,000
    promised = buyer.simulate(trades=[("ETH-PERP", wad(2), wad(2_000))], cash=-fee)
    trade(buyer, seller, wad(2), wad(2_000))

    assert buyer.margin() == promised
    assert buyer.simulate(shocks={1: -wad("0.2")})[1].equity < promised[1].equity - wad(790)


def test_cancelled_orders_cannot_be_filled(pair):
    """One by one, and all below a nonce; the refusal says why."""
    buyer, seller = pair
    ask = seller.order("ETH-PERP", -wad(1), wad(2_000))
    seller.cancel(ask)
    bid = buyer.order("ETH-PERP", wad(1), wad(2_000))
    with pytest.raises(ContractRevert) as refused:
        buyer.fill(ask, seller.sign(ask), bid, wad(1))
    assert (refused.value.name, refused.value.arguments) == ("OrderVoid", {"orderHash": seller.hash(ask)})

    later = seller.order("ETH-PERP", -wad(1), wad(2_000))
    seller.cancel_all(later.nonce + 1)
    with pytest.raises(ContractRevert, match="NonceTooLow"):
        buyer.fill(later, seller.sign(later), bid, wad(1))


def test_assets_and_auctions(pair):
    """Every asset with its price; no auctions where all are healthy."""
    buyer, seller = pair

    assets = {each.token: each for each in buyer.assets()}
    assert assets[buyer.token("WBTC")].price.mid == wad(60_000)
    assert buyer.auctions([buyer.account(), seller.account()]) == []


def test_connect_refuses_a_file_of_another_chain(venue, node, trader, tmp_path):
    """Same id, other genesis."""
    path = tmp_path / "31337.json"
    venue.record.model_copy(update={"genesis": "0x" + "22" * 32}).save(path)

    with pytest.raises(RecordError, match="not of"):
        Venue.connect(node.web3.provider.endpoint_uri, path, Account.from_key(trader.private_key))
