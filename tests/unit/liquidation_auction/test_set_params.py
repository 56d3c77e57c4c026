import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import set_params
from tests.helpers.reverts import reverts

WEEK = 604_800


@pytest.mark.parametrize(
    ("name", "value", "limit"),
    [
        ("startReward", wad("0.25") + 1, wad("0.25")),
        ("kneeReward", wad(1) + 1, wad(1)),
        ("fastDuration", 0, 1),
        ("fastDuration", WEEK + 1, WEEK),
        ("slowDuration", 0, 1),
        ("slowDuration", WEEK + 1, WEEK),
        ("insolventDuration", 0, 1),
        ("insolventDuration", WEEK + 1, WEEK),
        ("targetBuffer", wad("0.01") - 1, wad("0.01")),
        ("targetBuffer", wad(1) + 1, wad(1)),
        ("bundleShare", wad(1), wad(1) - 1),
        ("starterShare", wad("0.1") + 1, wad("0.1")),
        ("starterFlat", wad(500) + 1, wad(500)),
        ("smallAccount", wad(1) - 1, wad(1)),
        ("smallAccount", wad(100_000) + 1, wad(100_000)),
        ("insolventFlat", wad(1_000) + 1, wad(1_000)),
        ("globalExposureCap", 10**9 - 1, wad(1_000)),
        ("globalExposureCap", wad(1_000) - 1, wad(1_000)),
    ],
)
def test_set_params_reverts_out_of_range(venue, name, value, limit):
    """INV-07: every parameter has its range."""
    before = venue.auction.params()

    with reverts("ParameterOutOfRange", value=value, limit=limit):
        set_params(venue, **{name: value})

    assert venue.auction.params() == before


def test_set_params_is_the_governors(venue, other):
    """INV-25: nobody else sets them."""
    params = tuple(venue.auction.params().values())

    with venue.refuses("AccessManagedUnauthorized", caller=other):
        venue.auction.setParams(params, sender=other)


def test_set_params_replaces_them(venue):
    """They hold from now on."""
    set_params(venue, smallAccount=wad(7))

    assert venue.auction.params().smallAccount == wad(7)
