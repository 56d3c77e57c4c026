"""Commands that play a crash on a copy of the chain: alone, or against other keepers."""

import asyncio
from pathlib import Path

import click

from crossmargin.model.units import Seconds
from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.log import configure_logging
from keepers.rehearse import (
    contest,
    describe_contest,
    describe_rehearsal,
    parse_shocks,
    rehearse,
    render_contest,
    render_rehearsal,
)
from keepers.settings import load_settings

__all__ = ["contest_command", "rehearse_command"]

_SHOCKS = click.option(
    "--shock", "shocks", multiple=True, required=True, help="Feed and relative move, as ETH=-0.3; repeatable."
)
_HOURS = click.option(
    "--hours", type=click.FloatRange(0, 48), default=4.0, show_default=True, help="How long it may last there."
)


@click.command(
    "rehearse",
    epilog=example(
        "keeper rehearse --shock ETH=-0.3",
        "keeper rehearse --shock ETH=-0.5 --shock BTC=-0.4 --json | jq '.each[] | select(.why_not != \"\")'",
        "keeper rehearse --shock 1=-0.3 --state venue-state.json",
    ),
)
@CONFIG
@_SHOCKS
@_HOURS
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
    configure_logging("error")
    with explained():
        settings = load_settings(path)
        moves = parse_shocks(shocks, settings.deployment_path)
        found = asyncio.run(rehearse(settings, moves, state=state, longest=_seconds(hours), tell=_tell))
    show(describe_rehearsal(found), lambda: [render_rehearsal(found)], as_json=as_json)


@click.command(
    "contest", epilog=example("keeper contest --shock ETH=-0.2", "keeper contest --shock ETH=-0.2 --json | jq .each")
)
@CONFIG
@_SHOCKS
@_HOURS
@JSON
def contest_command(path: Path, shocks: tuple[str, ...], hours: float, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Play a crash with four keepers on a local copy of the chain: who captures how much of what auctions give.

    Yours as configured, a patient, a hasty and a naive one share the bidder's cash and compete, block by block.
    """
    configure_logging("error")
    with explained():
        settings = load_settings(path)
        moves = parse_shocks(shocks, settings.deployment_path)
        results, past = asyncio.run(contest(settings, moves, longest=_seconds(hours), tell=_tell))
    show(describe_contest(results, past), lambda: [render_contest(results, past)], as_json=as_json)


def _seconds(hours: float) -> Seconds:
    return Seconds(int(hours * 3600))


def _tell(line: str) -> None:
    click.echo(line, err=True)
