import pytest


@pytest.fixture
def shares(lender, join):
    """Shares of the lender."""
    return join(lender, 1_000)


def test_request_replaces_the_earlier_one(venue, fund, lender, shares):
    """And its cooldown begins anew."""
    fund.requestRedeem(shares, sender=lender)
    venue.warp(1_000)

    receipt = fund.requestRedeem(shares // 2, sender=lender)

    request = fund.requestOf(lender)
    assert (request.shares, request.readyAt) == (shares // 2, receipt.time + fund.cooldown())
    assert receipt.event("CooldownRequested").readyAt == request.readyAt


def test_request_reverts_beyond_the_balance(venue, fund, lender, shares):
    """Nobody announces what he does not have."""
    with venue.refuses("ExceedsBalance", fund, shares=shares + 1, balance=shares):
        fund.requestRedeem(shares + 1, sender=lender)


def test_a_transfer_takes_no_right_to_exit_along(venue, fund, lender, other, shares):
    """The request shrinks to what its holder keeps, and stays there when shares come back."""
    fund.requestRedeem(shares, sender=lender)
    venue.warp(fund.cooldown())

    fund.transfer(other, shares // 4, sender=lender)

    assert fund.maxRedeem(lender) == fund.requestOf(lender).shares == shares - shares // 4
    assert fund.maxRedeem(other) == 0
    with venue.refuses("CooldownNotRequested", fund, holder=other):
        fund.redeem(1, other, other, sender=other)
    fund.transfer(lender, shares // 4, sender=other)
    assert fund.maxRedeem(lender) == shares - shares // 4


def test_shares_that_stay_above_the_request_leave_it_alone(venue, fund, lender, other, shares):
    """Only what is missing counts."""
    fund.requestRedeem(shares // 2, sender=lender)

    fund.transfer(other, shares // 4, sender=lender)

    assert fund.requestOf(lender).shares == shares // 2
