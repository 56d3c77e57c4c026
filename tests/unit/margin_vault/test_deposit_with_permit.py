import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from crossmargin.client.units import wad


def permit(venue, owner, amount, deadline):
    """Sign an EIP-2612 permit for the vault."""
    token = venue.tokens["USDC"]
    message = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ],
        },
        "primaryType": "Permit",
        "domain": {
            "name": token.name(),
            "version": "1",
            "chainId": venue.record.chain_id,
            "verifyingContract": token.address,
        },
        "message": {
            "owner": owner.address,
            "spender": venue.vault.address,
            "value": amount,
            "nonce": token.nonces(owner),
            "deadline": deadline,
        },
    }
    signed = Account.sign_message(encode_typed_data(full_message=message), owner.private_key)
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


@pytest.fixture
def amount(venue, trader):
    """Mint without approving."""
    venue.mint(trader, "USDC", "7")
    return venue.units("USDC", "7")


def test_deposit_with_permit_needs_no_approval(venue, trader, amount):
    """One transaction from a wallet's signature to credited cash."""
    deadline = venue.node.now + 600
    v, r, s = permit(venue, trader, amount, deadline)
    venue.vault.depositWithPermit(venue.account(trader), venue.tokens["USDC"], amount, deadline, v, r, s, sender=trader)
    assert venue.cash(trader) == wad(7)


def test_deposit_with_permit_survives_a_front_run(venue, trader, other, amount):
    """Attack 47: a permit that somebody has already used does not block the deposit."""
    deadline = venue.node.now + 600
    v, r, s = permit(venue, trader, amount, deadline)
    venue.tokens["USDC"].permit(trader, venue.vault, amount, deadline, v, r, s, sender=other)
    venue.vault.depositWithPermit(venue.account(trader), venue.tokens["USDC"], amount, deadline, v, r, s, sender=trader)
    assert venue.cash(trader) == wad(7)


def test_deposit_with_permit_reverts_without_allowance(venue, trader, other, amount):
    """A permit of somebody else gives nothing."""
    deadline = venue.node.now + 600
    v, r, s = permit(venue, other, amount, deadline)
    with venue.refuses("ERC20InsufficientAllowance", trader, spender=venue.vault, allowance=0, needed=amount):
        venue.vault.depositWithPermit(
            venue.account(trader), venue.tokens["USDC"], amount, deadline, v, r, s, sender=trader
        )
