"""Watch the timelock: alarm on whatever is scheduled and not announced in the deployment's file."""

import shlex
import subprocess
import sys
import time
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment.command import Watcher, connect, opened, options, show, stated_errors
from crossmargin.deployment.watch import Watch


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@click.option("--once", is_flag=True, help="Look once; exit with 1 if anything strange waits.")
@click.option("--every", type=click.IntRange(1), default=30, show_default=True, help="Seconds between two looks.")
@click.option("--alarm", help="Command to run for each alarm; the alarm's line is its last argument.")
def cli(
    *, config_path: Path | None, deployments: Path, once: bool, every: int, alarm: str | None, **roles: str | None
) -> None:
    """Look again and again, each time with the file as it then is; say each alarm once."""

    def say(line: str) -> None:
        show(f"[bold red]{line}[/]")
        if alarm is not None:
            subprocess.run([*shlex.split(alarm), line], check=False)  # noqa: S603 (the operator's own command)

    with stated_errors():
        chain = connect(Watcher())
        watch = Watch(lambda: opened(chain, config_path, deployments, **roles), say)
        if once:
            found = watch.look()
            show(f"{found} operations wait that nobody announced")
            sys.exit(bool(found))
        while True:
            watch.look_or_say()
            time.sleep(every)
