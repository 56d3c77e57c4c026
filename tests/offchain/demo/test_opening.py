"""What the venue refuses while portfolios are opened is written for a person."""

from types import SimpleNamespace

from crossmargin.errors import ContractRevert
from crossmargin.simulation.demo.opening import _plainly

ACCOUNT = 103820908833419116901456436933659496935995052278151176417511948875993035309056
INSTRUMENT = 3 << 200


def test_a_refusal_has_neither_wei_nor_ids():
    """Amounts in dollars, instruments by name, and what to do."""
    venue = SimpleNamespace(context=SimpleNamespace(record=SimpleNamespace(instruments={"ETH-PERP": INSTRUMENT})))
    poor = ContractRevert("BelowInitialMargin", {"account": ACCOUNT, "excess": -1_700 * 10**18}, b"")
    full = {"id": INSTRUMENT, "openInterest": 9 * 10**18, "cap": 8 * 10**18}
    assert _plainly(venue, poor) == "BelowInitialMargin (excess -1700 USD): deposit more, or hold less"
    assert _plainly(venue, ContractRevert("OpenInterestCapExceeded", full, b"")) == (
        "OpenInterestCapExceeded (id ETH-PERP, openInterest 9, cap 8): change what it holds"
    )
