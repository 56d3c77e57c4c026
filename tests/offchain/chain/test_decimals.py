"""Decimals are exact or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.chain.decimals import format_units, parse_units, ppm, wad
from crossmargin.errors import UnitError


@pytest.mark.parametrize(
    ("text", "decimals", "expected"),
    [("1.5", 18, 15 * 10**17), ("1_000.000001", 6, 1_000_000_001), ("-0.1", 6, -100_000), (3, 8, 3 * 10**8)],
)
def test_parse_units_is_exact(text, decimals, expected):
    """Signs, separators, integers."""
    assert parse_units(text, decimals) == expected


@pytest.mark.parametrize("value", ["0.0000001", "abc", "NaN", "Infinity", ""])
def test_parse_units_refuses_what_does_not_fit(value):
    """More decimals than the unit has, and what is no number."""
    with pytest.raises(UnitError):
        parse_units(value, 6)


def test_parse_units_refuses_floats():
    """0.1 is not a tenth."""
    with pytest.raises(UnitError, match="float"):
        parse_units(0.1, 18)


@given(st.integers(-(2**255), 2**256 - 1), st.integers(0, 36))
def test_format_and_parse_are_inverse(value, decimals):
    """Up to the largest word of the chain."""
    assert parse_units(format_units(value, decimals), decimals) == value


def test_scales():
    """The two that configurations use."""
    assert (wad("0.05"), ppm(Decimal("0.05"))) == (5 * 10**16, 50_000)
