"""Governance can take a slice away, so that a poster cannot fill an underlying for good."""

import pytest

from tests.helpers.options import DAY, PARAMS
from tests.helpers.reverts import reverts, unchanged
from tests.unit.option_oracle.conftest import ETH

UNCERTAIN = 3


@pytest.fixture
def expiries(start):
    """Give expiries by days."""
    return lambda *days: [start + each * DAY for each in days]


@pytest.mark.parametrize("gone", [10, 20, 30])
def test_remove_slice_makes_room(surface, post, governor, expiries, gone):
    """The others stay, in their order, and can be posted to."""
    for days in (10, 20, 30):
        post(days)

    receipt = surface.removeSlice(ETH, *expiries(gone), sender=governor)

    event = receipt.event("SliceRemoved")
    assert (event.underlying, event.expiry) == (ETH, *expiries(gone))
    assert surface.expiriesOf(ETH) == expiries(*(days for days in (10, 20, 30) if days != gone))
    assert surface.sliceOf(ETH, *expiries(gone)).postedAt == 0
    post(gone)
    assert surface.expiriesOf(ETH) == expiries(10, 20, 30)


def test_remove_slice_leaves_its_series_at_the_default(oracle, surface, post, option, governor):
    """Uncertain, as if there had never been one."""
    post(30)
    surface.removeSlice(ETH, (option() >> 24 & 0xFFFFFF) * 3_600, sender=governor)

    found = oracle.volatilityOf(option())
    assert (found.volatility, found.status) == (PARAMS.default_volatility * 10**12, UNCERTAIN)


def test_remove_slice_frees_one_of_24(surface, post, governor, expiries):
    """However many there are."""
    for days in range(1, 25):
        post(days)
    with reverts("TooManySlices", count=25, limit=24):
        post(25)

    surface.removeSlice(ETH, *expiries(7), sender=governor)
    post(25)

    assert surface.expiriesOf(ETH) == expiries(*(days for days in range(1, 26) if days != 7))


def test_remove_slice_of_an_expiry_that_is_over(surface, post, governor, expiries, start, warp):
    """It may be out of the list already."""
    post(10)
    warp(start + 11 * DAY)
    post(20)
    surface.removeSlice(ETH, *expiries(10), sender=governor)

    assert surface.expiriesOf(ETH) == expiries(20)
    assert surface.sliceOf(ETH, *expiries(10)).postedAt == 0


def test_remove_slice_reverts_where_there_is_none(surface, post, governor, expiries):
    """Nothing is taken for another."""
    post(10)
    with (
        unchanged(lambda: surface.expiriesOf(ETH)),
        reverts("NoSlice", underlying=ETH, expiry=expiries(11)[0]),
    ):
        surface.removeSlice(ETH, *expiries(11), sender=governor)


def test_remove_slice_is_restricted(surface, probe, post, other, expiries):
    """The authority decides who may."""
    post(10)
    probe.refuse(other, sender=other)
    with unchanged(lambda: surface.expiriesOf(ETH)), reverts("AccessManagedUnauthorized", caller=other):
        surface.removeSlice(ETH, *expiries(10), sender=other)
