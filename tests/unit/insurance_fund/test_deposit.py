import pytest

from crossmargin.chain.decimals import wad


def test_deposit_goes_to_the_vault(venue, fund, lender, join):
    """The fund's money is cash of its own account."""
    before = fund.available()

    shares = join(lender, 1_000)

    assert shares == pytest.approx(1_000 * 10**12, rel=1e-6)
    assert fund.available() - before == pytest.approx(wad(1_000), abs=1)
    assert fund.available() == venue.vault.cashOf(fund.fundAccount())
    assert fund.fundAccount() == venue.account(fund)
    assert venue.tokens["USDC"].balanceOf(fund) == 0


def test_assets_are_rounded_down(fund, lender, join):
    """A depositor never gets out more than went in."""
    shares = join(lender, "0.000007")

    assert fund.previewRedeem(shares) <= 7


def test_income_raises_the_share_price(fund, lender, other, join, donate):
    """Whoever was there before earns."""
    shares = join(lender, 1_000)
    before = fund.previewRedeem(shares)

    donate(other, 10_000)

    assert fund.previewRedeem(shares) > before


def test_losses_lower_the_share_price(fund, lender, join, lose):
    """First-loss capital: every share bears its part."""
    shares = join(lender, 100_000)
    before, total = fund.previewRedeem(shares), fund.totalAssets()

    loss = lose()

    expected = before * (total - loss // 10**12) // total
    assert fund.previewRedeem(shares) == pytest.approx(expected, abs=2)


def test_inflating_the_share_price_does_not_pay(venue, fund, governor, lender, other, join, donate):
    """Attack 16: with nearly no shares a donation before somebody's deposit loses most of what was donated."""
    shares = fund.balanceOf(governor)
    fund.requestRedeem(shares, sender=governor)
    venue.warp(fund.cooldown())
    fund.redeem(shares, governor, governor, sender=governor)
    attackers = join(other, "0.000001")
    donate(other, 10_000)

    victims = join(lender, 10_000)

    assert fund.previewRedeem(victims) >= venue.units("USDC", 9_900)
    assert fund.previewRedeem(attackers) < venue.units("USDC", 5_100)
