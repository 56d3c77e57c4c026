import pytest

from tests.helpers.reverts import ANY

EXIT_WINDOW = 172_800


@pytest.fixture
def shares(lender, join):
    """Shares of the lender."""
    return join(lender, 1_000)


def test_redeem_pays_after_the_cooldown(venue, fund, lender, shares):
    """The vault pays; the request is used up."""
    fund.requestRedeem(shares, sender=lender)
    venue.warp(fund.cooldown())
    assert fund.maxRedeem(lender) == shares
    assets = fund.previewRedeem(shares)

    fund.redeem(shares, lender, lender, sender=lender)

    assert venue.tokens["USDC"].balanceOf(lender) == assets == pytest.approx(1_000 * 10**6, abs=1)
    assert (fund.balanceOf(lender), fund.requestOf(lender).shares) == (0, 0)


def test_withdraw_pays_after_the_cooldown(venue, fund, lender, shares):
    """The same, asked for in assets."""
    fund.requestRedeem(shares, sender=lender)
    venue.warp(fund.cooldown())
    most = fund.maxWithdraw(lender)

    fund.withdraw(most, lender, lender, sender=lender)

    assert venue.tokens["USDC"].balanceOf(lender) == most


def test_redeem_reverts_without_request(venue, fund, lender, shares):
    """Nobody leaves unannounced."""
    assert fund.maxRedeem(lender) == fund.maxWithdraw(lender) == 0

    with venue.refuses("CooldownNotRequested", fund, holder=lender):
        fund.redeem(shares, lender, lender, sender=lender)


def test_redeem_reverts_in_the_cooldown(venue, fund, lender, shares):
    """Shares stay at risk until it is over."""
    fund.requestRedeem(shares, sender=lender)
    ready = fund.requestOf(lender).readyAt
    assert fund.maxRedeem(lender) == 0

    with venue.refuses("CooldownNotOver", fund, time=ANY, readyAt=ready):
        fund.redeem(shares, lender, lender, sender=lender)


def test_redeem_reverts_after_the_window(venue, fund, lender, shares):
    """A request is no standing option to leave."""
    fund.requestRedeem(shares, sender=lender)
    ready = fund.requestOf(lender).readyAt
    venue.warp(fund.cooldown() + EXIT_WINDOW + 10)
    assert fund.maxRedeem(lender) == 0

    with venue.refuses("CooldownExpired", fund, time=ANY, expiredAt=ready + EXIT_WINDOW):
        fund.withdraw(1, lender, lender, sender=lender)


def test_redeem_reverts_beyond_the_request(venue, fund, lender, shares):
    """Only what was announced leaves."""
    fund.requestRedeem(shares - 1, sender=lender)
    venue.warp(fund.cooldown())

    with venue.refuses("ExceedsRequested", fund, shares=shares, requested=shares - 1):
        fund.redeem(shares, lender, lender, sender=lender)


def test_redeem_for_another_needs_his_allowance(venue, fund, lender, other, shares):
    """The receiver is the holder's choice."""
    fund.requestRedeem(shares, sender=lender)
    venue.warp(fund.cooldown())

    with venue.refuses("ERC20InsufficientAllowance", fund, spender=other, allowance=0, needed=shares):
        fund.redeem(shares, other, lender, sender=other)


def test_losses_during_the_cooldown_are_borne(venue, fund, lender, shares, lose):
    """Whoever asked to leave still pays for what happens before."""
    fund.requestRedeem(shares, sender=lender)
    assets = fund.previewRedeem(shares)
    lose()
    venue.warp(fund.cooldown())

    fund.redeem(shares, lender, lender, sender=lender)

    assert venue.tokens["USDC"].balanceOf(lender) < assets
