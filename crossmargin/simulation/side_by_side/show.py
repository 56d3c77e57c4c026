"""A scenario with a history, played twice as a person sees it: progress, tables, picture and records."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from crossmargin.simulation.demo.live import LiveObserver
from crossmargin.simulation.demo.outcome import DemoRun, save_run
from crossmargin.simulation.demo.prepare import Plan
from crossmargin.simulation.demo.run import run_demo
from crossmargin.simulation.side_by_side.chart import draw_chart
from crossmargin.simulation.side_by_side.pair import Pair, Side
from crossmargin.simulation.side_by_side.report import report, verdict
from crossmargin.simulation.stage.results import emptied_logs, spent_text, tell_files

__all__ = ["show_side_by_side", "without"]

WITH, WITHOUT = "with margins that move ahead", "without"


def without(plan: Plan) -> Plan:
    """Give the same plan for a venue whose multipliers are 1."""
    return replace(plan, config=plan.config.model_copy(update={"volatility": None}))


def show_side_by_side(console: Console, plan: Plan, folder: Path, keepers: int) -> Pair:
    """Play it both ways and leave tables, picture and records in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    start = int(plan.scenario.clock.start.timestamp())
    runs = {}
    for name, each in ((WITH, plan), (WITHOUT, without(plan))):
        console.rule(Text(f"{plan.scenario.title}: {name}"))
        runs[name] = _play(console, each, folder / name.split()[0], keepers)
    pair = Pair(Side(WITH, runs[WITH]), Side(WITHOUT, runs[WITHOUT]), start)
    console.print(report(pair))
    files = {"picture": folder / "demo.png", "record": folder / "demo.json"}
    draw_chart(pair, files["picture"])
    _save(pair, files["record"])
    tell_files(console, files, passed=pair.passed)
    return pair


def _play(console: Console, plan: Plan, folder: Path, keepers: int) -> DemoRun:
    """Play one side; its record and its keepers' logs are in a folder of its own."""
    logs = emptied_logs(folder)
    with LiveObserver(console, plan.series) as observer:
        run = run_demo(plan, keepers=keepers, logs=logs, observer=observer)
    save_run(run, folder / "demo.json")
    console.print(f"{len(run.blocks)} blocks; {spent_text(run.seconds)}")
    return run


def _save(pair: Pair, path: Path) -> None:
    """Write what both come to as JSON: the verdict, and every account twice."""
    accounts = {name: {"without": asdict(still), "with": asdict(ahead)} for name, still, ahead in pair.rows()}
    record = {"verdict": dict(verdict(pair)), "accounts": accounts}
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
