import pytest

from tests.helpers.reverts import reverts

DAY = 86_400


def test_set_cooldown_holds_for_later_requests(venue, fund, lender, join):
    """Requests that run keep theirs."""
    shares = join(lender, 10)
    fund.requestRedeem(shares, sender=lender)
    ready = fund.requestOf(lender).readyAt

    venue.govern(fund, "setCooldown", 30 * DAY)

    assert fund.cooldown() == 30 * DAY
    assert fund.requestOf(lender).readyAt == ready


@pytest.mark.parametrize(("value", "limit"), [(DAY - 1, DAY), (30 * DAY + 1, 30 * DAY)])
def test_set_cooldown_reverts_out_of_range(venue, fund, value, limit):
    """INV-07: one to thirty days."""
    with reverts("ParameterOutOfRange", value=value, limit=limit):
        venue.govern(fund, "setCooldown", value)


def test_set_cooldown_is_the_governors(venue, fund, other):
    """INV-25: nobody else sets it."""
    with venue.refuses("AccessManagedUnauthorized", caller=other):
        fund.setCooldown(2 * DAY, sender=other)
