"""The picture and the page of a run."""

import dataclasses
import re

import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from rich.console import Console

from crossmargin.simulation.demo.chart import draw_chart
from crossmargin.simulation.demo.layout import (
    time_axis,
)
from crossmargin.simulation.demo.page import write_page
from crossmargin.simulation.demo.report import (
    report,
)


def test_chart_is_a_png(run, tmp_path):
    """The picture is written."""
    path = tmp_path / "run.png"
    draw_chart(run, path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_bid_at_the_edge_is_drawn_whole(run, tmp_path, monkeypatch):
    """In the last block, as where own prices end in a fall."""
    drawn = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    draw_chart(run, tmp_path / "run.png")
    dots = [dot for axes in drawn[0].axes for dot in axes.collections if isinstance(dot, PathCollection)]
    assert len(dots) == sum(len(auction.bids) for auction in run.auctions) > 0
    assert not any(dot.get_clip_on() for dot in dots)


def test_the_picture_has_its_legends_beside_its_lines(run, tmp_path, monkeypatch):
    """One a panel, with a label for each line, nothing cut off at the edge; bids and auctions have theirs."""
    drawn = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    draw_chart(run, tmp_path / "run.png")
    (figure,) = drawn
    figure.canvas.draw()
    panels = figure.axes[1:]
    for axes in panels:
        place = axes.get_legend().get_window_extent()
        assert not any(each.bbox.overlaps(place) for each in panels)
        assert figure.bbox.x0 <= axes.get_tightbbox().x0 < place.x1 <= figure.bbox.x1
        labels = {text.get_text() for text in axes.get_legend().get_texts()}
        assert {line.get_label() for line in axes.get_lines()} <= labels
    labels = {text.get_text() for text in panels[3].get_legend().get_texts()}
    assert {f"bid of keeper {number}" for number in (1, 2, 3)} | {"auction"} <= labels


def test_page_requests_nothing_from_elsewhere(run, tmp_path):
    """The page is one file, and escapes what it shows."""
    path = tmp_path / "run.html"
    write_page(run, path)
    text = path.read_text()
    assert re.findall(r'(?:src|href)="|url\(|@import|fetch\(', text) == []
    assert "A small crash &lt;in a test&gt;" in text
    assert text.index("<b>Bad debt:</b>") < text.index("<svg") < text.index("A perpetual.")
    assert text.count("<svg") == 8


def test_pictures_take_any_title(run, tmp_path):
    """A dollar, a bracket and a brace mean nothing."""
    titled = dataclasses.replace(run, title=r"[red] $19B$ {gone} \\alpha_$^", notes=("<b>",))
    draw_chart(titled, tmp_path / "run.png")
    write_page(titled, tmp_path / "run.html")
    assert "&lt;b&gt;" in (tmp_path / "run.html").read_text()


@pytest.mark.parametrize(("step", "unit"), [(60, "min"), (3_600, "h"), (86_400, "days")])
def test_the_axis_has_a_unit_that_fits(run, step, unit):
    """A year is not read in minutes."""
    begin = run.blocks[0].time
    blocks = tuple(dataclasses.replace(each, time=begin + step * index) for index, each in enumerate(run.blocks))
    axis = time_axis(dataclasses.replace(run, blocks=blocks))
    assert (axis.unit, axis.times[:2]) == (unit, (0, 1))


def test_pictures_without_auctions(run, tmp_path):
    """A calm run can be drawn, too."""
    calm = dataclasses.replace(run, auctions=(), losses=())
    draw_chart(calm, tmp_path / "run.png")
    write_page(calm, tmp_path / "run.html")
    assert "no account was auctioned" in (tmp_path / "run.html").read_text()


def test_pictures_without_options(run, tmp_path):
    """A venue without options has fewer panels."""
    blocks = tuple(dataclasses.replace(each, options={}, volatility={}, marks={}) for each in run.blocks)
    plain = dataclasses.replace(run, blocks=blocks, series=())
    draw_chart(plain, tmp_path / "run.png")
    write_page(plain, tmp_path / "run.html")
    assert (tmp_path / "run.html").read_text().count("<svg") == 4
    console = Console(record=True, width=200)
    console.print(report(plain))
    assert "Options" not in console.export_text()
