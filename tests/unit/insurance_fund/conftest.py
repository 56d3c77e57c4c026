import pytest

from crossmargin.chain.decimals import wad


@pytest.fixture
def fund(venue):
    """Take the fund, seeded by the deployment."""
    return venue.fund


@pytest.fixture
def join(venue, fund):
    """Deposit dollars of one's own into the fund; returns the shares."""

    def deposit(owner, dollars) -> int:
        units = venue.units("USDC", dollars)
        venue.mint(owner, "USDC", dollars)
        venue.tokens["USDC"].approve(fund, units, sender=owner)
        before = fund.balanceOf(owner)
        fund.deposit(units, owner, sender=owner)
        return fund.balanceOf(owner) - before

    return deposit


@pytest.fixture
def donate(venue, fund):
    """Put cash into the fund's account without asking for shares."""

    def give(owner, dollars) -> None:
        units = venue.units("USDC", dollars)
        venue.mint(owner, "USDC", dollars)
        venue.tokens["USDC"].approve(venue.vault, units, sender=owner)
        venue.vault.deposit(fund.fundAccount(), venue.tokens["USDC"], units, sender=owner)

    return give


@pytest.fixture
def lose(venue, fund, trader, maker, keeper, liquidator):
    """Have the fund pay for a loan that its account cannot pay back; returns the loss [wad]."""
    from tests.helpers.auctions import bid, borrow, start

    def burn() -> int:
        before = fund.available()
        borrow(venue, trader, maker, 10, 15_000)
        venue.deposit(liquidator, "USDC", 100_000)
        venue.set_price("ETH", 1300)
        start(venue, trader, keeper)
        bid(venue, trader, liquidator)
        loss = before - fund.available()
        assert loss > wad(1_000)
        return loss

    return burn
