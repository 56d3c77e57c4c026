"""Commands that look after a keeper: doctor, backfill, pause."""

import asyncio
import time
from dataclasses import asdict
from pathlib import Path

import click

from keepers import switch
from keepers.backfill import backfill
from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.doctor import State, examine, render
from keepers.settings import load_settings

__all__ = ["backfill_command", "doctor_command", "pause_command"]


@click.command("doctor", epilog=example("keeper doctor", "keeper doctor --json | jq '.[] | select(.state != \"ok\")'"))
@CONFIG
@JSON
@click.pass_context
def doctor_command(context: click.Context, path: Path, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Look at nodes, venue, signer, bidder and machine; say what to do.

    Sends nothing. The exit code is 1 when something is wrong.
    """
    with explained():
        findings = asyncio.run(examine(load_settings(path)))
    show([asdict(one) for one in findings], lambda: [render(findings)], as_json=as_json)
    if any(one.state is State.WRONG for one in findings):
        context.exit(1)


@click.command("backfill", epilog=example("keeper backfill && keeper run"))
@CONFIG
def backfill_command(path: Path) -> None:
    """Read the venue's events up to the head, and end.

    A run does it too; this is for a first start that others wait for.
    """
    began = time.monotonic()
    with explained():
        head, events = asyncio.run(backfill(load_settings(path)))
    took = time.monotonic() - began
    click.echo(f"block {head}: {events} events, {took:.1f} s")


@click.command("pause", epilog=example('keeper pause "withdrawing"', "keeper pause --off"))
@CONFIG
@click.option("--off", is_flag=True, help="Go on.")
@click.argument("why", default="paused by its operator")
def pause_command(path: Path, why: str, off: bool) -> None:  # noqa: FBT001 - click's way
    """Stop a keeper from sending anything new, at once and across restarts.

    It goes on to follow the chain and to look after what it has sent, and is not ready.
    """
    with explained():
        database = load_settings(path).service.database
        if off:
            switch.resume(database)
        else:
            switch.pause(database, why)
    click.echo(f"{database}: {'goes on' if off else why}")
