"""Watch the timelock: alarm on whatever is scheduled and not announced in the deployment's file."""

import subprocess
import sys
import time
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment import VenueContext
from crossmargin.deployment.command import Watcher, connect, existing_venue, moment, options, show, stated_errors
from crossmargin.deployment.track import Stranger, follow, meaning, strangers


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@click.option("--once", is_flag=True, help="Look once; exit with 1 if anything strange waits.")
@click.option("--every", type=click.IntRange(1), default=30, show_default=True, help="Seconds between two looks.")
@click.option("--alarm", help="Command to run for each alarm; the alarm's line is its last argument.")
def cli(
    *, config_path: Path | None, deployments: Path, once: bool, every: int, alarm: str | None, **roles: str | None
) -> None:
    """Look again and again, each time with the file as it then is; say each alarm once."""
    said: set[tuple[str, int]] = set()
    with stated_errors():
        chain = connect(Watcher())
        while True:
            venue = existing_venue(chain, config_path, deployments, **roles)
            follow(venue)
            waiting = [each for each in strangers(venue) if each.waits]
            for each in waiting:
                if (each.id, each.ready_at) not in said:
                    said.add((each.id, each.ready_at))
                    _alarm(venue, each, alarm)
            if once:
                show(f"{len(waiting)} operations wait that nobody announced")
                sys.exit(bool(waiting))
            time.sleep(every)


def _alarm(venue: VenueContext, found: Stranger, command: str | None) -> None:
    line = (
        f"ALARM: {found.caller} scheduled {meaning(venue, found)} for {moment(found.ready_at)}; if nobody of you did: "
        f"AccessManager.cancel({found.caller}, {found.target}, {found.data}) by a guardian"
    )
    show(f"[bold red]{line}[/]")
    if command is not None:
        subprocess.run([*command.split(), line], check=False)  # noqa: S603 (the operator's own command)
