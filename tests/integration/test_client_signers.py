"""Orders' time, failed receipts, operators and the kinds of signers, against a venue."""

import json
import time
from threading import Timer

import pytest
from eth_account import Account
from web3 import Web3

from crossmargin.chain.ape_signer import ApeSigner
from crossmargin.chain.decimals import parse_units, wad
from crossmargin.chain.signers import ContractWallet, KeySigner
from crossmargin.chain.transactor import Transactor
from crossmargin.client.venue import Venue
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ContractRevert, SignerError
from crossmargin.model.permissions import Permission

PRICE = wad(2_000)


def cross(buyer, seller, size=PRICE // 2_000):
    """Let the buyer take the seller's signed order."""
    ask = seller.order("ETH-PERP", -size, PRICE)
    return buyer.fill(ask, seller.sign(ask), buyer.order("ETH-PERP", size, PRICE), size)


def test_orders_live_from_the_later_of_clock_and_chain(pair, venue, monkeypatch):
    """After an idle minute the next block has the clock's time: the first fill works all the same."""
    buyer, seller = pair
    later = venue.node.now + 600
    monkeypatch.setattr(time, "time", lambda: float(later))
    ask, bid = seller.order("ETH-PERP", -wad(1), PRICE), buyer.order("ETH-PERP", wad(1), PRICE)
    assert ask.expiry == later + 60
    venue.node.pass_time(600)
    venue.refresh()
    assert buyer.fill(ask, seller.sign(ask), bid, wad(1))["status"] == 1

    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert seller.order("ETH-PERP", -wad(1), PRICE).expiry == venue.node.now + 60


def test_a_failed_receipt_is_decoded(pair, venue, monkeypatch):
    """What passed the estimate and failed in its block has the contract's error, arguments, block and remedy."""
    buyer, seller = pair
    ask, bid = seller.order("ETH-PERP", -wad(1), PRICE), buyer.order("ETH-PERP", wad(1), PRICE)
    seller.cancel(ask)
    monkeypatch.setattr(buyer.web3.eth, "estimate_gas", lambda _: 2_000_000)
    with pytest.raises(
        ContractRevert, match=r"failed in block \d+: OrderVoid\(orderHash=0x\w+\): make another order"
    ) as e:
        buyer.fill(ask, seller.sign(ask), bid, wad(1))
    assert e.value.arguments == {"orderHash": seller.hash(ask)}


def test_permissions_are_those_of_the_contracts():
    """By name and bit."""
    source = (REPOSITORY / "contracts" / "types" / "Permissions.sol").read_text()
    for each in (Permission.DEPOSIT, Permission.WITHDRAW, Permission.TRANSFER, Permission.TRADE, Permission.BID):
        assert f"uint8 constant PERMISSION_{each.name} = {each.value};" in source


def test_an_operator_withdraws_to_the_owner(pair, venue, trader, maker):
    """Not to itself, unless it says so."""
    owner, operator = pair
    owner.set_operator(operator.address, Permission.WITHDRAW, venue.node.now + 100)
    before = venue.tokens["USDC"].balanceOf(trader)
    operator.withdraw("USDC", parse_units(10, 6), account=owner.account())
    assert venue.tokens["USDC"].balanceOf(trader) == before + parse_units(10, 6)


def test_keystores_and_accounts_of_ape_sign(pair, venue, client, maker, tmp_path):
    """The same order has the same signature by every way to a key."""
    buyer, seller = pair
    path = tmp_path / "key.json"
    path.write_text(json.dumps(Account.encrypt(maker.private_key, "secret", iterations=2)))
    connect = client(maker).__class__
    web3, record = seller.web3, seller.record
    ways = (KeySigner.from_keystore(path, "secret"), ApeSigner(maker), KeySigner.from_key(maker.private_key))
    order = seller.order("ETH-PERP", -wad(1), PRICE)
    assert {connect(web3, record, way).sign(order) for way in ways} == {seller.sign(order)}
    cross(connect(web3, record, ApeSigner(maker)), buyer)

    with pytest.raises(SignerError, match="wrong passphrase"):
        KeySigner.from_keystore(path, "guess")
    with pytest.raises(SignerError, match="No such file"):
        KeySigner.from_keystore(tmp_path / "absent.json", "")


def test_a_contract_wallet_owns_signs_and_fills(pair, venue, node, other):
    """ERC-1271: its key signs, and its calls go through it."""
    buyer, _ = pair
    wallet = node.deploy("KeyWallet", other.address, sender=other)
    abi = Web3().eth.contract(abi=node.artifacts["KeyWallet"].abi)
    signer = ContractWallet(
        wallet.address,
        KeySigner.from_key(other.private_key),
        lambda target, data: abi.encode_abi("send", args=[target, data]),
    )
    safe = Venue(buyer.web3, buyer.record, signer)
    safe.mint("USDC", parse_units(10_000, 6))
    safe.approve("USDC", parse_units(10_000, 6))
    safe.deposit("USDC", parse_units(10_000, 6))

    cross(buyer, safe)
    cross(safe, buyer, wad(2))
    (view,) = safe.accounts([safe.account()])
    assert view.legs[0].size == wad(1)


def test_a_stuck_transaction_is_replaced(node, other):
    """With the same nonce and higher fees; whichever is mined counts."""
    sent, keys = [], KeySigner.from_key(other.private_key)
    transactor = Transactor(node.web3, keys, lambda: node.errors, timeout=20, patience=0.3)

    def note(each):
        sent.append(each)
        if len(sent) == 2:
            Timer(0.1, node.rpc, ("evm_mine",)).start()

    node.rpc("evm_setAutomine", False)
    try:
        receipt = transactor.send({"to": other.address}, before=note)
    finally:
        node.rpc("evm_setAutomine", True)
    assert receipt["transactionHash"].to_0x_hex() == sent[1].hash
    assert sent[0].nonce == sent[1].nonce
