"""How far several runs lie apart."""

import dataclasses

from crossmargin.simulation.demo.spread import spread, spread_lines


def cells(table):
    """Give the rows of a table, by their first cell."""
    return {row[0]: row[1:] for row in zip(*(list(column.cells) for column in table.columns), strict=True)}


def test_it_gives_least_median_and_most(run):
    """Of liquidations, of what they kept, of bad debt."""
    calm = dataclasses.replace(run, auctions=(), losses=())
    rows = cells(spread([run, calm, calm]))
    assert rows["accounts liquidated"] == ("0", "0", "2")
    assert rows["bad debt, USD"] == ("0", "0", "150")
    assert rows["kept by the liquidated, USD"] == ("0", "0", "4,600")


def test_it_says_who_was_liquidated_how_often(run):
    """Whoever is not in every run is counted."""
    calm = dataclasses.replace(run, auctions=run.auctions[:1], losses=())
    always = run.auctions[0].account
    lines = spread_lines([run, calm, calm])
    assert lines[0] == "bad debt in 1 of 3 runs"
    assert lines[1:] == [f"liquidated in all: {always}", "liquidated in some: gone in 1"]
