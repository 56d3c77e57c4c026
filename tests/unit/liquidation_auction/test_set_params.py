import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, borrow, open_long, set_params, start
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
        ("insolventDuration", 7_199, 7_200),
        ("insolventDuration", WEEK + 1, WEEK),
        ("targetBuffer", wad("0.01") - 1, wad("0.01")),
        ("targetBuffer", wad(1) + 1, wad(1)),
        ("bundleShare", wad(1), wad(1) - 1),
        ("starterShare", wad("0.1") + 1, wad("0.1")),
        ("starterFlat", wad(500) + 1, wad(500)),
        ("smallAccount", wad(1) - 1, wad(1)),
        ("smallAccount", wad(100_000) + 1, wad(100_000)),
        ("insolventFlat", wad(5) - 1, wad(5)),
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


EDGES = [
    ("startReward", 0),
    ("startReward", wad("0.25")),
    ("kneeReward", wad("0.05")),
    ("kneeReward", wad(1)),
    ("targetBuffer", wad("0.01")),
    ("targetBuffer", wad(1)),
    ("smallAccount", wad(1)),
    ("smallAccount", wad(100_000)),
    ("insolventFlat", wad(5)),
    ("insolventFlat", wad(1_000)),
    ("bundleShare", 0),
    ("bundleShare", wad(1) - 1),
    ("starterShare", 0),
    ("starterShare", wad("0.1")),
    ("starterFlat", 0),
    ("starterFlat", wad(500)),
    ("globalExposureCap", wad(1_000)),
    ("globalExposureCap", 2**128 - 1),
    *((name, edge) for name in ("fastDuration", "slowDuration") for edge in (1, WEEK)),
    ("insolventDuration", 7_200),
    ("insolventDuration", WEEK),
]
"""What is accepted of each parameter, least and most."""


@pytest.mark.parametrize(("name", "edge"), EDGES)
def test_no_accepted_parameter_disables_auctions(
    venue, trader, maker, other, lender, keeper, liquidator, guardian, name, edge
):
    """At the edge of each a sick account is sold, a bankrupt one too, and a debt without requirement pays a bidder."""
    set_params(venue, **{name: edge})
    venue.deposit(liquidator, "USDC", 2_000_000)
    borrow(venue, guardian, lender)
    for each in (trader, other):
        open_long(venue, each, maker)
    venue.set_price("ETH", 1_560)
    start(venue, trader, keeper)
    bid(venue, trader, liquidator)
    assert venue.margin(trader)[1].excess >= 0
    if venue.vault.isInAuction(venue.account(trader)):
        venue.auction.end(venue.account(trader), sender=keeper)
    venue.set_price("ETH", 1_480)
    start(venue, other, keeper)
    bid(venue, other, liquidator)
    assert not venue.vault.isInAuction(venue.account(other))
    venue.set_price("ETH", "0.01")
    start(venue, guardian, keeper)
    venue.warp(2 * WEEK, refresh=False)
    venue.set_price("ETH", "0.01")
    insolvent, price, _, _, value = venue.auction.quote(venue.account(guardian)).values()
    assert insolvent
    assert -price >= -value + wad(5)
    bid(venue, guardian, liquidator)
    assert not venue.vault.isInAuction(venue.account(guardian))


def test_an_account_as_large_as_its_market_is_sold_in_slices(venue, trader, maker, liquidator, keeper):
    """Attack 37: it has all of the open interest, above both caps by far, and nothing else runs."""
    set_params(venue, globalExposureCap=wad(1_000))
    eth = venue.feed("ETH")
    params = {**venue.parameters.underlyingParams(eth), "exposureCap": 1}
    venue.govern(
        venue.parameters, "setParameters", [eth], [tuple(params.values())], [], [], venue.parameters.globalParams()
    )
    venue.deposit(liquidator, "USDC", 2_000_000)
    account = open_long(venue, trader, maker, cash=250_000, size=500)
    venue.set_price("ETH", 1_560)
    start(venue, trader, keeper)
    assert venue.auction.exposureOf(eth) > 1
    for _ in range(3):
        bid(venue, trader, liquidator, "0.05")
    bid(venue, trader, liquidator)
    assert not venue.vault.isInAuction(account)
    assert (venue.auction.exposureOf(eth), venue.auction.globalExposure()) == (0, 0)
