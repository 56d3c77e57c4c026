"""The picture as one HTML file: SVG and tables inline, no request to anywhere."""

import json
from html import escape
from pathlib import Path

from crossmargin.chain.times import minute_text
from crossmargin.simulation.demo.layout import (
    Axis,
    Series,
    health_series,
    keeper_colours,
    loss_series,
    option_health_series,
    price_series,
    requirement_series,
    scenario_colours,
    time_axis,
    volatility_series,
)
from crossmargin.simulation.demo.losses import loss_lines
from crossmargin.simulation.demo.outcome import DemoRun
from crossmargin.simulation.demo.report import (
    Rows,
    about_rows,
    account_rows,
    book_rows,
    is_numeric,
    keeper_rows,
    option_rows,
    series_rows,
)
from crossmargin.simulation.demo.svg import LEFT, RIGHT, auction_panel, binding_panel, line_panel
from crossmargin.simulation.demo.verdict import verdict

__all__ = ["write_page"]

_STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1d2530; --soft: #66717f; --line: #e3e6ea; --page: #fff; --bar: #b9c7d6; --bad: #e0a9a9; --good: #2f8f5b;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #2c343d; --page: #14181d; --bar: #46596d; --bad: #7d4444; }
}
body {
  margin: 0 auto; max-width: 1040px; padding: 24px 20px 60px;
  background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 24px; margin: 0 0 6px; }
h2 { font-size: 15px; margin: 26px 0 4px; }
figure { margin: 0; }
svg { width: 100%; display: block; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
polyline { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
circle { stroke: var(--page); }
.grid { stroke: var(--line); }
.mark { stroke: #c04b4b; stroke-dasharray: 5 4; }
.cursor { stroke: var(--soft); visibility: hidden; }
.solvent { fill: var(--bar); }
.insolvent { fill: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; }
.legend span { white-space: nowrap; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 5px; }
.legend b { font-weight: 500; font-variant-numeric: tabular-nums; color: var(--soft); margin-left: 5px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 9px; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
th.number, td.number { text-align: right; }
.verdict { border-left: 3px solid var(--good); list-style: none; margin: 14px 0; padding: 2px 14px; }
.verdict li { margin: 4px 0; }
.soft { color: var(--soft); }
.ok { color: var(--good); }
.failed { color: #c04b4b; font-weight: 600; }
"""

_SCRIPT = """
const times = JSON.parse(document.getElementById("times").textContent);
const left = __LEFT__, right = __RIGHT__, span = times[times.length - 1] - times[0] || 1;
const figures = document.querySelectorAll("figure");
function show(event) {
  const box = event.currentTarget.querySelector("svg").getBoundingClientRect();
  const time = times[0] + ((event.clientX - box.left) / box.width * 1000 - left) / (right - left) * span;
  let at = 0;
  times.forEach((each, index) => { if (Math.abs(each - time) < Math.abs(times[at] - time)) at = index; });
  const x = left + (times[at] - times[0]) / span * (right - left);
  document.getElementById("moment").textContent = times[at].toFixed(1) + " __UNIT__";
  figures.forEach(figure => {
    const cursor = figure.querySelector(".cursor");
    cursor.setAttribute("x1", x); cursor.setAttribute("x2", x); cursor.style.visibility = "visible";
    figure.querySelectorAll("[data-values]").forEach(label => {
      const value = JSON.parse(label.dataset.values)[at];
      label.textContent = value === null ? "" : value;
    });
  });
}
figures.forEach(figure => figure.addEventListener("mousemove", show));
"""


def write_page(run: DemoRun, path: Path) -> None:
    """Write the run as a page that opens anywhere."""
    axis = time_axis(run)
    prices, health, losses = price_series(run), health_series(run), loss_series(run)
    start = minute_text(run.blocks[0].time)
    sections = [
        f"<h1>{escape(run.title)}</h1><p>{escape(run.summary)}</p>",
        _verdict(run),
        _notes(run),
        f'<p class="soft">Starts {start} UTC. Point at a panel: <span id="moment">-</span></p>',
        _figure("Prices, % of the first", prices, line_panel(axis, prices, 200)),
        _figure(
            "Health factor of accounts without options (logarithmic): below 1 an account is auctioned",
            health,
            line_panel(axis, health, 240, mark=1.0),
        ),
        *(_options(run, axis) if run.series else ()),
        _auctions(run, axis),
        _figure("What was lost beyond equity, USD: added up, by who bore it", losses, line_panel(axis, losses, 100)),
        _table("Accounts", account_rows(run)),
        _table("Who they are", about_rows(run)),
        _table("The same book, cross against isolated", book_rows(run)),
        _table("Accounts with options: maintenance, and the scenario that asks it", option_rows(run)),
        _table("Options", series_rows(run)),
        _table("Keepers", keeper_rows(run)),
        "".join(f"<p>{escape(line)}</p>" for line in loss_lines(run)),
        _checks(run),
        _sources(run),
    ]
    script = _SCRIPT.replace("__LEFT__", f"{LEFT:g}").replace("__RIGHT__", f"{RIGHT:g}").replace("__UNIT__", axis.unit)
    data = json.dumps([round(time, 3) for time in axis.times])
    path.write_text(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(run.title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>{"".join(sections)}'
        f'<script type="application/json" id="times">{data}</script><script>{script}</script></body></html>\n',
        encoding="utf-8",
    )


def _figure(title: str, series: list[Series], svg: str) -> str:
    legend = "".join(
        f'{_swatch(line.colour, line.label)}<b data-values="{escape(_rounded(line))}"></b></span>' for line in series
    )
    return f'<h2>{escape(title)}</h2><figure><div class="legend">{legend}</div>{svg}</figure>'


def _swatch(colour: str, label: str) -> str:
    return f'<span><i style="background:{colour}"></i>{escape(label)}'


def _rounded(line: Series) -> str:
    return json.dumps([None if value is None else round(value, 2) for value in line.values])


def _options(run: DemoRun, axis: Axis) -> list[str]:
    """Draw volatility, and the accounts that hold options: health, what they need, which scenario asks it."""
    volatility, health, required = volatility_series(run), option_health_series(run), requirement_series(run)
    legend = "".join(_swatch(colour, name) + "</span>" for name, colour in scenario_colours(run).items())
    title = "Which scenario asks most of accounts with options: a move of the price and one of the volatility"
    return [
        _figure(
            "Health factor of accounts with options (logarithmic)", health, line_panel(axis, health, 200, mark=1.0)
        ),
        _figure("Maintenance of accounts with options, thousand USD", required, line_panel(axis, required, 140)),
        f'<h2>{title}</h2><figure><div class="legend">{legend}</div>{binding_panel(run, axis)}</figure>',
        _figure("Volatility at the money, % a year", volatility, line_panel(axis, volatility, 100)),
    ]


def _auctions(run: DemoRun, axis: Axis) -> str:
    kinds = keeper_colours(run) | {"solvent": "var(--bar)", "insolvent": "var(--bad)"}
    legend = "".join(_swatch(colour, name) + "</span>" for name, colour in kinds.items())
    title = "Auctions: each dot is a bid, its size the value taken"
    return f'<h2>{title}</h2><figure><div class="legend">{legend}</div>{auction_panel(run, axis)}</figure>'


def _table(title: str, rows: Rows) -> str:
    if not rows[1]:
        return ""
    sides = [' class="number"' if is_numeric(index, rows[1]) else "" for index in range(len(rows[0]))]
    head = "".join(f"<th{side}>{escape(name)}</th>" for side, name in zip(sides, rows[0], strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{escape(cell)}</td>" for side, cell in zip(sides, row, strict=True)) + "</tr>"
        for row in rows[1]
    )
    return f'<h2>{escape(title)}</h2><div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _verdict(run: DemoRun) -> str:
    lines = "".join(f"<li><b>{escape(about)}:</b> {escape(text)}</li>" for about, text in verdict(run))
    return f'<ul class="verdict">{lines}</ul>'


def _notes(run: DemoRun) -> str:
    return f'<ul class="soft">{"".join(f"<li>{escape(note)}</li>" for note in run.notes)}</ul>' if run.notes else ""


def _checks(run: DemoRun) -> str:
    lines = "".join(
        f'<li><span class="{"ok" if check.passed else "failed"}">{"ok" if check.passed else "FAILED"}</span> '
        f"{escape(check.name)}: {escape(check.detail)}</li>"
        for check in run.checks
    )
    return f"<h2>Checks</h2><ul>{lines}</ul>"


def _sources(run: DemoRun) -> str:
    lines = "".join(
        f"<li>{escape(source.name)} ({escape(source.url)}): {escape(source.figure)}</li>" for source in run.sources
    )
    return f'<h2>Calibrated on</h2><ul class="soft">{lines}</ul>'
