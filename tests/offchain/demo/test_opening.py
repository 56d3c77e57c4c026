"""What the venue refuses while portfolios are opened is written for a person."""

from types import SimpleNamespace

import pytest

from crossmargin.errors import ContractRevert
from crossmargin.simulation.demo.opening import _plainly, settle_all

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


class Market:
    """A venue in which some accounts are worth nothing until others have paid them."""

    def __init__(self, debtors, error="EquityTooLow"):
        """Know who has to be settled before whom."""
        self.debtors, self.error, self.settled, self.sent = debtors, error, [], 0

    def contract(self, name):
        """Name it."""
        return name

    def actor(self, _):
        """Make somebody who counts transactions."""
        return SimpleNamespace(nonce=0)

    def read(self, *_):
        """Everybody holds something."""
        return [INSTRUMENT]

    def transact(self, actor, _contract, _function, account, _legs):
        """Refuse who is owed by somebody that has not paid; a nonce is used once."""
        assert actor.nonce == self.sent
        actor.nonce = self.sent = self.sent + 1
        if not self.debtors.get(account, set()) <= set(self.settled):
            raise ContractRevert(self.error, {"account": account, "equity": -1}, b"")
        self.settled.append(account)


@pytest.mark.parametrize("error", ["EquityTooLow", "PricesNotValid"])
def test_who_is_owed_is_settled_after_who_owes(error):
    """In whatever order they come; who never can be stays as it is, and does not hold up the rest."""
    venue = Market({1: {2}, 2: {3}, 5: {6}, 6: {5}}, error)
    settle_all(venue, [1, 2, 3, 4, 5, 6])
    assert set(venue.settled) == {1, 2, 3, 4}
    assert venue.settled[:4] == [3, 4, 2, 3]


def test_another_refusal_of_a_settlement_is_raised():
    """It would be a fault of the venue."""
    with pytest.raises(ContractRevert, match="Outdated"):
        settle_all(Market({1: {2}}, "Outdated"), [1, 2])
