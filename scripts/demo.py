"""Play a crash on a local chain: `ape run demo`, or `make demo`.

Deploys the venue, opens portfolios, starts competing keepers, plays a scenario's prices and shows what came of it.
"""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from crossmargin.chain.processes import interruptible
from crossmargin.console import file_fault, standard_output
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import CrossMarginError
from crossmargin.simulation.demo.chart import draw_chart
from crossmargin.simulation.demo.layouts import ACCEPTED
from crossmargin.simulation.demo.live import LiveObserver
from crossmargin.simulation.demo.outcome import DemoRun, save_run
from crossmargin.simulation.demo.own_prices import parse_files
from crossmargin.simulation.demo.page import write_page
from crossmargin.simulation.demo.prepare import Plan, prepare
from crossmargin.simulation.demo.report import report
from crossmargin.simulation.demo.run import run_demo
from crossmargin.simulation.demo.spread import spread, spread_lines
from crossmargin.simulation.side_by_side.show import show_side_by_side
from crossmargin.simulation.stage.results import emptied_logs, spent_text, tell_files
from crossmargin.simulation.stage.scenario import MAX_STEPS, Scenario, find_scenario, scenario_names
from crossmargin.simulation.two_chains.show import NAME, show_two_chains

SCENARIOS = REPOSITORY / "config" / "scenarios"
DEFAULT = "october-2025"
INTERRUPTED = 130
HELP = f"""\
Play a crash on a local chain: the same each time, in about a minute.

Scenarios: {", ".join([*scenario_names(SCENARIOS), NAME])}. Own prices replace the scenario's: one file an asset,
such as --prices "ETH=eth.csv BTC='my btc.csv'", or one file with all; what has no file comes from the scenario.

may-2021 has nine days of history before the crash. It is played twice, with margins that move ahead and without, in
some minutes; it takes --out and --keepers only.

{NAME} is no crash of prices alone: collateral is locked on a second chain, sold in an auction, redeemed there; then
every key of one transport is stolen. In some two minutes; it takes --out only.

Accepted are {ACCEPTED}; also in a zip. Any length: more than {MAX_STEPS + 1} prices are thinned, --window plays a part.
"""


@click.command(help=HELP)
@click.option("--scenario", "name", default=DEFAULT, show_default=True, help="Name of a scenario, or a .toml file.")
@click.option("--prices", help='Own prices: "ETH=a.csv BTC=b.csv", or a file whose name says the asset.')
@click.option("--window", help="Part of the own prices: 2024-08-05T00:00/24h (m, h or d), or start/end; in UTC.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the results; build/demo/SCENARIO."
)
@click.option("--keepers", type=click.IntRange(1, 5), default=3, show_default=True, help="Competing keepers.")
@click.option(
    "--runs", type=click.IntRange(1, 100), default=1, show_default=True, help="Draw the scenario's noise so often anew."
)
def cli(*, name: str, prices: str | None, window: str | None, out: Path | None, keepers: int, runs: int) -> None:
    """Run the demo; exit with 1 if it could not, or if a check failed."""
    console = standard_output()
    try:
        with interruptible():
            if name == NAME:
                if prices or window or runs > 1:
                    raise click.UsageError(f"{NAME} has prices of its own and is the same each time: omit the options")
                sys.exit(0 if show_two_chains(console, out or REPOSITORY / "build" / "demo" / NAME).passed else 1)
            scenario = Scenario.load(find_scenario(name, SCENARIOS))
            if window and not prices:
                raise click.UsageError("--window plays a part of own prices: give --prices, too")
            if scenario.before and (prices or runs > 1):
                raise click.UsageError(f"{scenario.name} is played twice, with a history of its own: omit the options")
            if runs > 1 and prices:
                raise click.UsageError(
                    "own prices have no noise to draw anew, every run of them is the same: omit --runs"
                )
            files = parse_files(prices, list(scenario.prices)) if prices else []
            folder = out or REPOSITORY / "build" / "demo" / scenario.name
            if scenario.before:
                passed = show_side_by_side(console, prepare(scenario), folder, keepers).passed
            elif runs > 1:
                passed = play_often(console, scenario, folder, keepers, runs)
            else:
                passed = play(console, prepare(scenario, files, window), folder, keepers).passed
    except (CrossMarginError, OSError) as error:
        line = file_fault(error) if isinstance(error, OSError) else str(error)
        console.print(Text("demo: ", style="bold red"), Text(line), sep="", soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("demo: interrupted; every process it had started has ended")
        sys.exit(INTERRUPTED)
    sys.exit(0 if passed else 1)


def play_often(console: Console, scenario: Scenario, folder: Path, keepers: int, runs: int) -> bool:
    """Play a scenario with other seeds, each run in a folder of its own, and say how far the outcomes lie apart."""
    found = []
    for index in range(runs):
        drawn = scenario.model_copy(update={"seed": scenario.seed + index})
        found.append(play(console, prepare(drawn), folder / f"run-{index + 1}", keepers))
    console.print(spread(found))
    for line in spread_lines(found):
        console.print(line, soft_wrap=True, markup=False)
    return all(run.passed for run in found)


def play(console: Console, plan: Plan, folder: Path, keepers: int) -> DemoRun:
    """Play a plan and leave verdict, tables, pictures and the record."""
    logs = emptied_logs(folder)
    console.rule(Text(plan.scenario.title))
    for note in plan.notes:
        console.print(Text(f"  {note}", style="dim"), soft_wrap=True)
    with LiveObserver(console, plan.series) as observer:
        run = run_demo(plan, keepers=keepers, logs=logs, observer=observer)
    console.print(report(run))
    pictures = {"picture": folder / "demo.png", "page": folder / "demo.html", "record": folder / "demo.json"}
    draw_chart(run, pictures["picture"])
    write_page(run, pictures["page"])
    save_run(run, pictures["record"])
    console.print(f"{len(run.blocks)} blocks; {spent_text(run.seconds)}")
    tell_files(console, pictures, passed=run.passed)
    return run
