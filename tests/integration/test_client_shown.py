"""What the client shows people: names and decimals, and the exact integers beside them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import parse_units, wad
from crossmargin.errors import ContractRevert, InstrumentError, RecordError
from crossmargin.model.instruments import decode, encode
from crossmargin.model.prices import PriceStatus
from tests.helpers.option_desk import CALL, post_surfaces


@pytest.fixture
def desk(venue, pair):
    """Give the trader a position and collateral."""
    buyer, seller = pair
    buyer.mint("WETH", parse_units("1.5", 18))
    buyer.approve("WETH", parse_units("1.5", 18))
    buyer.deposit("WETH", parse_units("1.5", 18))
    ask = seller.order("ETH-PERP", -wad(2), wad(2_000))
    buyer.fill(ask, seller.sign(ask), buyer.order("ETH-PERP", wad(2), wad(2_000)), wad(2))
    return pair


def test_a_portfolio_has_names_and_decimals(desk):
    """Whatever a person reads is a name or a decimal number; the integers are beside it."""
    buyer, _ = desk
    shown = buyer.portfolio()
    (exact,) = buyer.accounts([buyer.account()])

    assert shown.account == buyer.address
    assert [(each.asset, each.amount, each.value) for each in shown.balances] == [
        ("WETH", Decimal("1.5"), Decimal(3_000))
    ]
    assert [(each.instrument, each.size) for each in shown.positions] == [("ETH-PERP", Decimal(2))]
    assert shown.cash == Decimal(exact.cash) / 10**18
    assert shown.health == Decimal(buyer.health()) / 10**18
    assert shown.initial.exact == exact.initial
    assert shown.exact == exact


def test_accounts_that_owe_nothing_have_no_health(pair):
    """Not 2^256 - 1."""
    assert pair[0].portfolio().health is None
    assert pair[0].portfolio(pair[0].account(7)).account == f"{pair[0].address}/7"


def test_markets_and_assets_are_listed_by_name(venue, desk):
    """With kind, underlying, strike and expiry in words."""
    buyer, _ = desk
    post_surfaces(venue)
    markets, assets = buyer.market_list(), buyer.asset_list()

    assert markets.keys() == venue.record.instruments.keys()
    call = markets[CALL]
    assert (call.kind, call.underlying, call.strike, call.status) == ("call", "ETH", 2_000, PriceStatus.VALID)
    assert call.expiry.timestamp() == decode(buyer.instrument(CALL)).expiry
    assert (markets["ETH-PERP"].open_interest, markets["ETH-PERP"].expiry) == (2, None)
    assert (assets["stETH"].underlying, assets["WETH"].total, assets["WETH"].price) == ("ETH", Decimal("1.5"), 2_000)


def test_what_has_no_name_is_described(desk):
    """An instrument that the file lacks, by its terms; an asset or underlying that is not there, by what is."""
    names = desk[0].names
    perpetual, call = (decode(desk[0].instrument(name)) for name in ("ETH-PERP", CALL))
    unnamed = replace(names, instruments={})

    assert unnamed.instrument(encode(perpetual)) == "ETH-PERP"
    assert unnamed.instrument(encode(call)).startswith("ETH-2035-01-")
    assert unnamed.instrument(encode(call)).endswith("-2000-C")
    with pytest.raises(RecordError, match="takes no DOGE: USDC, WETH, WBTC"):
        names.asset("DOGE")
    with pytest.raises(InstrumentError, match=r"no underlying DOGE: .*BTC"):
        names.feed("DOGE")


def test_refusals_are_read_without_ids_and_wei(desk):
    """Accounts, amounts and instruments of an error as people write them; the integers stay in its arguments."""
    buyer, _ = desk
    with pytest.raises(ContractRevert) as refused:
        buyer.withdraw("USDC", parse_units(30_000, 6))
    error = refused.value
    assert error.name == "BelowInitialMargin"
    assert error.arguments["account"] == buyer.account()
    assert f"account={account_name(buyer.account())}" in str(error)
    assert f"excess={Decimal(error.arguments['excess']) / 10**18:f}" in str(error)
    assert str(buyer.account()) not in str(error)

    with pytest.raises(ContractRevert, match=r"InsufficientBalance\(.*amount=2 WETH, available=1.5 WETH\)"):
        buyer.withdraw("WETH", parse_units(2, 18))
    ask = desk[1].order("ETH-PERP", -wad(1), wad(2_000))
    bid = buyer.order("ETH-PERP", wad(1), wad(2_000), reduce_only=True)
    with pytest.raises(ContractRevert, match=r"NotReducing\(.*sizeBefore=2, sizeAfter=3\)"):
        buyer.fill(ask, desk[1].sign(ask), bid, wad(1))
