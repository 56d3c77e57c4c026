"""The command that rehearses a crash on a copy of the chain."""

import asyncio
from pathlib import Path

import click

from crossmargin.model.units import Seconds
from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.log import configure_logging
from keepers.rehearse import describe_rehearsal, parse_shocks, rehearse, render_rehearsal
from keepers.settings import load_settings

__all__ = ["rehearse_command"]


@click.command(
    "rehearse",
    epilog=example(
        "keeper rehearse --shock ETH=-0.3",
        "keeper rehearse --shock ETH=-0.5 --shock BTC=-0.4 --json | jq '.each[] | select(.why_not != \"\")'",
        "keeper rehearse --shock 1=-0.3 --state venue-state.json",
    ),
)
@CONFIG
@click.option(
    "--shock", "shocks", multiple=True, required=True, help="Feed and relative move, as ETH=-0.3; repeatable."
)
@click.option(
    "--hours", type=click.FloatRange(0, 48), default=4.0, show_default=True, help="How long it may last there."
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A state that Anvil has dumped, instead of a copy of the first node's chain.",
)
@JSON
def rehearse_command(path: Path, shocks: tuple[str, ...], hours: float, state: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Move prices on a local copy of the chain, and let the keeper liquidate there.

    Reports by account what was bid, what it brought, what was lost, and why not the rest. Needs Anvil, and a node that
    knows past states. Nothing is sent to the chain, and nobody outside is told anything.
    """
    with explained():
        settings = load_settings(path)
        configure_logging("error")
        moves = parse_shocks(shocks, settings.deployment_path)
        seconds = Seconds(int(hours * 3600))
        found = asyncio.run(
            rehearse(settings, moves, state=state, longest=seconds, tell=lambda line: click.echo(line, err=True))
        )
    show(describe_rehearsal(found), lambda: [render_rehearsal(found)], as_json=as_json)
