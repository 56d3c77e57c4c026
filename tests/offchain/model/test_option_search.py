"""The worst books that a search finds lose no more than they require, by the venue's own marks and by QuantLib's."""

import os
from dataclasses import replace

import pytest

from crossmargin.model.parameters import RiskSet
from crossmargin.model.prices import PriceStatus
from crossmargin.model.surface import PostedSlice, Slice, check_post
from tests.helpers.options import HOUR, MAX_TENOR, PARAMS
from tests.offchain.model.option_search import (
    NOW,
    Venue,
    alone,
    by_strike,
    every_way,
    flat,
    lost_by_quantlib,
    opposed,
    together,
    worst,
)

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
PROGRAMMES = int(os.environ.get("SEARCH_PROGRAMMES", "200" if DEEP else "4"))
SEED = int(os.environ.get("SEARCH_SEED", "1"))
GOAL = 1.001
GOAL_BY_STRIKE = 1.3
"""Where a poster keeps volatility at each strike: marks move by the slope of the smile too."""
ACCURACY = 1e-5
"""What the loss of a book of 1 USD at risk may differ by between two pricers, one of them on rounded slices [USD]."""
DAY, WEEK, MONTH, QUARTER = 24, 24 * 7, 24 * 30, 24 * 90
SURFACES = {
    "month": {MONTH: flat(60)},
    "wild month": {MONTH: flat(220)},
    "wild year": {24 * 360: flat(150)},
    "skewed month": {MONTH: Slice(a=60_000, b=300_000, rho=-300_000, m=0, sigma=300_000)},
    "steep week": {WEEK: Slice(a=100_000, b=600_000, rho=-500_000, m=0, sigma=200_000)},
    "month and quarter": {MONTH: flat(60), QUARTER: flat(60)},
    "quarter and year": {QUARTER: flat(60), 24 * 360: flat(60)},
    "wild week and quarter": {WEEK: flat(220), QUARTER: flat(220)},
    "skewed week and month": {
        WEEK: Slice(a=100_000, b=600_000, rho=-300_000, m=0, sigma=250_000),
        MONTH: Slice(a=60_000, b=400_000, rho=-300_000, m=0, sigma=350_000),
    },
}
FURTHER = {
    "day": {DAY: flat(60)},
    "calm month": {MONTH: flat(25)},
    "wildest month": {MONTH: flat(500)},
    "year of carry": {24 * 360: replace(flat(60), carry=200_000)},
    "month of carry": {MONTH: Slice(a=360_000, b=0, rho=0, m=0, sigma=1, carry=200_000)},
    "day, week and month": {DAY: flat(60), WEEK: flat(60), MONTH: flat(60)},
    "week, month and quarter": {WEEK: flat(80), MONTH: flat(70), QUARTER: flat(60)},
}
COLUMNS = {
    "MM, volatilities together": (MM, together),
    "MM, one alone": (MM, alone),
    "IM, together": (IM, together),
    "IM, one alone": (IM, alone),
    "IM, two opposed": (IM, opposed),
}


@pytest.fixture(scope="module")
def venues():
    """Remember the venues."""
    return {}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", [*SURFACES, *(FURTHER if DEEP else ())])
def test_no_book_found_loses_more_than_it_requires(venues, name, column, record_property):
    """Any sizes of some fifty series an expiry and of a perpetual, at prices and volatilities within the shocks."""
    slices = {**SURFACES, **FURTHER}[name]
    which, points = COLUMNS[column]
    if points is opposed and len(slices) == 1:
        pytest.skip("one expiry alone")
    venue = venues.setdefault(name, Venue(slices))
    found = worst(venue, which, points(venue, which), programmes=PROGRAMMES, seed=SEED)
    record_property("ratio", f"{found.ratio:.4f}")
    assert found.ratio <= GOAL, f"seed {SEED}: {found}"
    assert lost_by_quantlib(venue, found) == pytest.approx(found.loss, abs=ACCURACY), f"seed {SEED}: {found}"
    # a search that finds nothing has not searched
    assert found.ratio > 0.25, f"seed {SEED}: {found}"


@pytest.mark.parametrize("name", ["skewed month", "steep week", "skewed week and month"])
def test_a_poster_who_marks_by_strike_costs_little_more(venues, name, record_property):
    """Maintenance margin is made for a smile that moves with the price; here it stays, and the price moves."""
    venue = venues.setdefault(name, Venue(SURFACES[name]))
    found = worst(venue, MM, by_strike(venue, MM), programmes=PROGRAMMES, seed=SEED)
    record_property("ratio", f"{found.ratio:.4f}")
    assert found.ratio <= GOAL_BY_STRIKE, f"seed {SEED}: {found}"
    assert lost_by_quantlib(venue, found) == pytest.approx(found.loss, abs=ACCURACY), f"seed {SEED}: {found}"
    assert found.ratio > 0.25, f"seed {SEED}: {found}"


@pytest.mark.parametrize(("which", "shocks", "limit"), [(MM, MM, 2.4), (IM, MM, 1.3), (IM, IM, 1.9)])
@pytest.mark.parametrize("name", ["day, week and month", "week, month and quarter"])
def test_what_volatilities_of_three_expiries_do_apart_has_a_figure(venues, name, which, shocks, limit):
    """No margin covers all three at once each by its shock; what that can cost is said in known issue 36."""
    venue = venues.setdefault(name, Venue(FURTHER[name]))
    found = worst(venue, which, every_way(venue, shocks), programmes=PROGRAMMES, seed=SEED)
    assert found.ratio <= limit, f"seed {SEED}: {found}"


@pytest.mark.parametrize("name", [*SURFACES, *FURTHER])
def test_surfaces_of_the_search_could_be_posted(name):
    """Nothing that the venue would refuse."""
    kept = []
    for hours, each in {**SURFACES, **FURTHER}[name].items():
        new = PostedSlice(each, NOW + hours * HOUR, NOW)
        check_post(new, tuple(kept), PARAMS, MAX_TENOR, 50_000)
        assert new.status(PARAMS, NOW) is PriceStatus.VALID
        kept.append(new)
