"""Surfaces that books of options are searched on, and what of a venue they are searched for."""

from dataclasses import replace

from crossmargin.model.surface import Slice
from tests.offchain.model.option_search import IM, MM, alone, flat, opposed, together

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
