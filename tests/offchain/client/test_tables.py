"""Amounts in the tables of `crossmargin`."""

from decimal import Decimal

import pytest

from crossmargin.client import tables
from crossmargin.client.shown import Balance, Margin, Portfolio


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.843842999999999998", "0.843843"),
        ("-111.013422666666666666", "-111.013423"),
        ("20", "20"),
        ("1000000.00", "1,000,000"),
        ("100", "100"),
        ("0", "0"),
        ("0.000000000000000001", "0.000000000000000001"),
    ],
)
def test_amounts_are_read_at_a_glance(amount: str, text: str) -> None:
    """Six digits; dust is not nothing."""
    nothing = Margin(
        exact=None,
        excess=Decimal(0),
        paid_excess=Decimal(0),
        requirement=Decimal(0),
        equity=Decimal(0),
        prices_valid=True,
    )  # type: ignore[arg-type]
    balance = Balance(exact=None, asset="WETH", amount=Decimal(amount), value=Decimal(1))  # type: ignore[arg-type]
    portfolio = Portfolio(
        exact=None,  # type: ignore[arg-type]
        account="0x12",
        health=None,
        initial=nothing,
        maintenance=nothing,
        cash=Decimal(0),
        balances=(balance,),
        positions=(),
        in_auction=False,
    )
    table = tables.positions(portfolio)
    assert list(table.columns[1].cells) == ["0.00", text]
