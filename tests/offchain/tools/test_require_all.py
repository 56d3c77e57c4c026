"""What lists of functions that are tried, and of those that are not, are refused for."""

import re
from pathlib import Path

import pytest

from crossmargin.deployment.roles import MATRIX, Role
from tests.helpers.abis import BESIDE, functions_of, require_all

OPEN, SHUT, MINT = ("Vault", "open"), ("Vault", "shut"), ("Token", "mint")
KNOWN = {OPEN, SHUT, MINT}
TESTS = Path(__file__).resolve().parents[2]


def test_functions_that_are_tried_or_named_with_a_reason_are_all():
    """A contract is named for all of its functions."""
    require_all(KNOWN, [OPEN], {SHUT: "as open"}, {"Token": "a token"})


@pytest.mark.parametrize(
    ("tried", "untried", "fault"),
    [
        ([OPEN], [{SHUT: "as open"}], "neither tried nor named"),
        ([OPEN, MINT], [{SHUT: "as open"}, {"Token": "a token"}], "tried and named"),
        ([OPEN], [{SHUT: "as open", MINT: "a token"}, {"Token": "a token"}], "named twice"),
        ([OPEN, MINT], [{SHUT: "as open", ("Vault", "gone"): "as open"}], "not there"),
        ([OPEN, MINT, ("Vault", "gone")], [{SHUT: "as open"}], "not there"),
        ([OPEN, MINT], [{SHUT: "as open"}, {"Gone": "a token"}], "not there"),
        ([OPEN, MINT], [{SHUT: ""}], "without a reason"),
    ],
)
def test_what_is_left_out_or_stale_is_found(tried, untried, fault):
    """Each fault by its name, and no other."""
    with pytest.raises(AssertionError) as caught:
        require_all(KNOWN, tried, *untried)
    assert caught.value.args[0].keys() == {fault}


def test_every_function_with_a_role_is_in_an_abi():
    """Roles of functions that are gone would be asked for of nobody."""
    named = {(contract, name) for contract, functions in MATRIX.items() for name in functions}
    assert set().union(*map(functions_of, Role)) == named


def test_contracts_beside_are_tested_where_it_says_so():
    """Each names a test that is there, or is a token of test networks."""
    named = {name: re.findall(r"[a-z]+/[\w/.]+", reason) for name, reason in BESIDE.items()}
    assert {name for name, paths in named.items() if not paths} == {"TestToken", "TestStakedToken"}
    assert [path for paths in named.values() for path in paths if not (TESTS / path).exists()] == []
