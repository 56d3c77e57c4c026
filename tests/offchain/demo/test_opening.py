"""What the venue refuses while portfolios are opened is written for a person."""

from types import SimpleNamespace

from crossmargin.errors import ContractRevert
from crossmargin.simulation.demo.opening import _plainly

ACCOUNT = 103820908833419116901456436933659496935995052278151176417511948875993035309056
INSTRUMENT = 3 << 200


def test_a_refusal_has_neither_wei_nor_ids():
    """Amounts in dollars, instruments by name, and what to do."""
    venue = SimpleNamespace(context=SimpleNamespace(record=SimpleNamespace(instruments={"ETH-PERP": INSTRUMENT})))
    error = ContractRevert(
        "BelowInitialMargin",
        {"account": ACCOUNT, "equity": 7_400 * 10**18, "required": 9_100 * 10**18, "market": INSTRUMENT, "count": 3},
        b"",
    )
    assert _plainly(venue, error) == (
        "BelowInitialMargin (equity 7,400, required 9,100, market ETH-PERP, count 3): deposit more, or hold less"
    )
