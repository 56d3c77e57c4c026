"""Collateral that is thought to be worth a dollar."""

import pytest

from tests.helpers.auctions import equity, start


def test_attack_12_a_stablecoin_counts_at_its_price(venue, trader, lender, keeper):
    """Ten thousand that back a loan of 7,000 are worth 6,500 once the peg is lost, and are sold."""
    venue.deposit(lender, "USDC", 100_000)
    venue.deposit(trader, "USDT", 10_000)
    venue.withdraw(trader, "USDC", 7_000)
    venue.set_price("USDT", "0.65")
    assert equity(venue, trader) == pytest.approx(-500 * 10**18, rel=0.01)
    start(venue, trader, keeper)
    assert venue.vault.isInAuction(venue.account(trader))


def test_attack_12_no_collateral_is_without_a_feed(venue):
    """Each names the feed of its own price, stablecoins included."""
    assets = [venue.vault.assetAt(index) for index in range(venue.vault.assetCount())]
    assert assets
    assert all(asset.feedId for asset in assets)
