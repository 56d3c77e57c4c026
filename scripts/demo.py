"""Play a crash on a local chain: `ape run demo`, or `make demo`.

Deploys the venue, opens portfolios, starts competing keepers, plays a scenario's prices and shows what came of it.
"""

import shutil
import sys
from pathlib import Path

import click
from rich.console import Console

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import CrossMarginError
from crossmargin.simulation.demo.chart import draw_chart
from crossmargin.simulation.demo.live import LiveObserver
from crossmargin.simulation.demo.outcome import save_run
from crossmargin.simulation.demo.page import write_page
from crossmargin.simulation.demo.prices import generate, load_history
from crossmargin.simulation.demo.processes import interruptible
from crossmargin.simulation.demo.report import report
from crossmargin.simulation.demo.run import run_demo
from crossmargin.simulation.demo.scenario import Scenario, find_scenario, scenario_names

SCENARIOS = REPOSITORY / "config" / "scenarios"
DEFAULT = "october-2025"
INTERRUPTED = 130
LOG_WIDTH = 160  # where nobody looks at a window, tables get the room they need


@click.command(help=f"Play a crash on a local chain. Scenarios: {', '.join(scenario_names(SCENARIOS))}.")
@click.option("--scenario", "name", default=DEFAULT, show_default=True, help="Name of a scenario, or a .toml file.")
@click.option(
    "--prices",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file to play instead of the scenario's prices: time, then a column per asset.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the results; build/demo/SCENARIO."
)
@click.option("--keepers", type=click.IntRange(1, 5), default=3, show_default=True, help="Competing keepers.")
def cli(name: str, prices: Path | None, out: Path | None, keepers: int) -> None:
    """Run the demo; exit with 1 if it could not, or if a check failed."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, LOG_WIDTH)
    try:
        with interruptible():
            passed = play(console, name, prices, out, keepers)
    except CrossMarginError as error:
        console.print(f"[bold red]demo:[/] {error}", markup=True, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("demo: interrupted; every process it had started has ended")
        sys.exit(INTERRUPTED)
    sys.exit(0 if passed else 1)


def play(console: Console, name: str, prices: Path | None, out: Path | None, keepers: int) -> bool:
    """Play a scenario and leave tables, pictures and the record; tell whether every check held."""
    scenario = Scenario.load(find_scenario(name, SCENARIOS))
    series = load_history(prices, scenario) if prices else generate(scenario)
    folder = out or REPOSITORY / "build" / "demo" / scenario.name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "logs", ignore_errors=True)
    console.rule(scenario.title)
    with LiveObserver(console, series) as observer:
        run = run_demo(scenario, series, keepers=keepers, logs=folder / "logs", observer=observer)
    console.print(report(run))
    pictures = {"picture": folder / "demo.png", "page": folder / "demo.html", "record": folder / "demo.json"}
    draw_chart(run, pictures["picture"])
    write_page(run, pictures["page"])
    save_run(run, pictures["record"])
    seconds = ", ".join(f"{part} {spent:.0f} s" for part, spent in run.seconds.items())
    console.print(f"{len(run.blocks)} blocks; {seconds}")
    for what, path in pictures.items():
        console.print(f"{what}: {path}", soft_wrap=True)
    if not run.passed:
        console.print("[bold red]a check failed[/]")
    return run.passed
