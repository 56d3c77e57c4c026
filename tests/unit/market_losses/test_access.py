"""The book is the clearinghouse's alone; anybody may look."""

import pytest

from tests.helpers.abis import changing
from tests.helpers.reverts import reverts, unchanged
from tests.unit.market_losses.conftest import ALICE, BOB, MARKET, stored_leg

GATE, EXCHANGE, AUCTION = 1, 4, 8
CALLS = [
    ("bear", (MARKET, ALICE, stored_leg(1, 1), 1)),
    ("share", (MARKET, ALICE, True, 10**20, 10**21, 10**21, 10**18, False)),
    ("keepUnits", (MARKET, (10**18, 10**18))),
    ("credit", (MARKET, ALICE, True, 10**18, 10**18, 10**18)),
    ("pay", (MARKET, ALICE, 10**18, 10**18)),
    ("move", (MARKET, ALICE, BOB, 10**18)),
]


@pytest.fixture
def owed(ledger):
    """Give Alice a claim, and the market a record."""
    ledger.credit(ALICE, 100, 2)
    ledger.share(BOB, 10, 2000, open_=3)
    return ledger


@pytest.mark.parametrize(("function", "arguments"), CALLS)
def test_book_refuses_strangers(venue, owed, other, function, arguments):
    """INV-25: neither a stranger nor governance writes."""
    for caller in (other, venue.config.governor):
        with unchanged(owed.state), reverts("NotModule", caller=caller):
            getattr(venue.losses, function)(*arguments, sender=caller)


@pytest.mark.parametrize(("function", "arguments"), CALLS)
def test_book_refuses_other_modules(venue, owed, node, deployer, function, arguments):
    """INV-25: not even who trades, moves legs or opens the gate."""
    module = node.deploy("ModuleProbe", venue.vault, sender=deployer)
    venue.govern(venue.vault, "setModule", module, GATE | EXCHANGE | AUCTION)
    data = getattr(venue.losses, function).encode(*arguments)
    with unchanged(owed.state), reverts("NotModule", caller=module):
        module.run([], 2, venue.losses, data, sender=deployer)


def test_who_was_the_clearinghouse_writes_no_more(venue, owed, deployer):
    """The vault's word decides, at every call."""
    venue.govern(venue.vault, "setModule", owed.probe, GATE)
    with unchanged(owed.state), reverts("NotModule", caller=owed.probe):
        owed.credit(ALICE, 1, 1)


def test_every_function_that_writes_is_tried():
    """A function that is new is tried here too."""
    assert {name for name, _ in CALLS} == {entry["name"] for entry in changing("MarketLosses")}


def test_book_names_the_vault(venue):
    """It asks the vault who the clearinghouse is."""
    assert venue.losses.vault() == venue.vault.address


def test_views_of_nothing_are_zero(venue):
    """No market, no account, no record."""
    losses = venue.losses
    assert tuple(losses.claimOf(5, ALICE, True).values()) == (0, 0)
    assert (losses.owedTo(5, ALICE), losses.epochOf(5), losses.shortfallOf(5)) == (0, 0, 0)
    assert tuple(losses.recordOf(5, 0).values()) == (False, 0, 0, 0)
    assert tuple(losses.pending(5, ALICE, stored_leg()).values()) == (stored_leg(), 0, 0)
    assert [tuple(view(5).values()) for view in (losses.unitsOf, losses.keptUnitsOf)] == [(0, 0), (0, 0)]
