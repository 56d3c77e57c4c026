import pytest
from eth_account import Account

from crossmargin.chain.decimals import wad
from crossmargin.client.permits import permit_signature


def permit(venue, owner, amount, deadline):
    """Sign an EIP-2612 permit for the vault, as the client does."""
    token = venue.tokens["USDC"]
    return permit_signature(
        Account.from_key(owner.private_key),
        token=token.address,
        name=token.name(),
        chain_id=venue.record.chain_id,
        spender=venue.vault.address,
        value=amount,
        nonce=token.nonces(owner),
        deadline=deadline,
    )


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
