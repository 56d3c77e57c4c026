"""The living venue's command line: reads options, prints what there is to know, sets exit codes."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crossmargin.chain.processes import interruptible
from crossmargin.console import file_fault, standard_output
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import CrossMarginError
from crossmargin.simulation.live.run import Host, LiveSettings, Standing, live
from crossmargin.simulation.live.status import ask, status_table
from crossmargin.simulation.stage.scenario import Scenario, find_scenario, scenario_names

__all__ = ["main"]

_SCENARIOS = REPOSITORY / "config" / "scenarios"
_FOLDER = REPOSITORY / "build" / "venue"

_OUT = click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=_FOLDER,
    help="Folder of the run: addresses, orders, logs.  [default: build/venue]",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Keep a venue alive on a local chain, or ask how one is."""


@main.command()
@_OUT
@click.option("--port", type=click.IntRange(1, 65535), default=8545, show_default=True, help="Of the node.")
@click.option("--crash", help=f"Play a scenario: {', '.join(scenario_names(_SCENARIOS))}, or a .toml file.")
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="Of the scenario.")
@click.option(
    "--calm", type=click.FloatRange(0), default=60.0, show_default=True, help="Seconds before the scenario begins."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the prices' random walk.")
@click.option("--block-time", type=click.IntRange(1, 12), default=1, show_default=True, help="Seconds between blocks.")
@click.option("--keepers", type=click.IntRange(0, 5), default=2, show_default=True, help="How many.")
def run(
    *, folder: Path, port: int, crash: str | None, speed: float, calm: float, seed: int, block_time: int, keepers: int
) -> None:
    """Start a venue, and keep it alive until Ctrl-C."""
    console = standard_output()
    host = _Terminal(console)
    with _stated(console):
        try:
            with interruptible():
                scenario = Scenario.load(find_scenario(crash, _SCENARIOS)) if crash else None
                settings = LiveSettings(
                    folder=folder,
                    port=port,
                    seed=seed,
                    scenario=scenario,
                    speed=speed,
                    calm=calm,
                    block_time=block_time,
                    keepers=keepers,
                )
                live(settings, host)
        except KeyboardInterrupt:
            host.say("ended, with everything it had started")


@main.command()
@_OUT
def status(folder: Path) -> None:
    """Show how the venue that lives in a folder is; exit with 1 if a part is stale, or none lives there."""
    console = standard_output()
    with _stated(console):
        checks = ask(folder, time.time)
        console.print(status_table(checks))
        if faults := [each.part for each in checks if not each.passed]:
            console.print(Text(f"venue: not well: {', '.join(faults)}", style="bold red"), soft_wrap=True)
            sys.exit(1)


class _Terminal(Host):
    """Prints a line at a time."""

    def __init__(self, console: Console) -> None:
        """Print on `console`."""
        self._console = console

    def say(self, line: str) -> None:
        """Print a line as it is."""
        self._console.print(Text(f"venue: {line}"), soft_wrap=True)

    def deploying(self, done: int, steps: int, name: str) -> None:
        """Say that it begins, and when it is over."""
        if done == 0:
            self.say(f"deploying, {steps} steps")
        elif done == steps:
            self.say(f"deployed ({name}); funding, and starting its parts")

    def up(self, standing: Standing) -> None:
        """Print who has which key, and what to do next."""
        keys = Table(title="Keys that everybody knows: for this chain only", title_justify="left")
        for heading in ("who", "address", "private key"):
            keys.add_column(heading, no_wrap=True)
        people = standing.people
        for actor in (people.governor, people.guardian, people.poster, *people.traders):
            keys.add_row(actor.name, actor.address, "0x" + bytes(actor.key.key).hex())
        self._console.print(keys)
        rows = {
            "node": standing.run.url,
            "addresses": standing.run.record,
            "wallets": f"each trader has 10,000 ETH, {standing.purse}; nothing is deposited yet",
            "orders": f"{standing.run.orders}: both sides of every market, signed anew every few seconds",
            "fill one": "docs/venue.md has ten lines that do",
            "health": "make venue STATUS=1",
            "logs": standing.logs,
            "end": "Ctrl-C",
        }
        for name, value in rows.items():
            self._console.print(Text(f"{name:>10}  {value}"), soft_wrap=True)


@contextmanager
def _stated(console: Console) -> Iterator[None]:
    """End with one line and status 1 on an error that the library explains itself."""
    try:
        yield
    except (CrossMarginError, OSError) as error:
        line = file_fault(error) if isinstance(error, OSError) else str(error)
        console.print(Text("venue: ", style="bold red"), Text(line), sep="", soft_wrap=True)
        sys.exit(1)
