"""Commands that look after a keeper: doctor, backfill, replay, pause."""

import asyncio
import time
from dataclasses import asdict
from pathlib import Path

import click

from crossmargin.model.instruments import account_id
from keepers import switch
from keepers.backfill import backfill
from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.contracts import load_contracts
from keepers.doctor import State, examine, render
from keepers.hindsight import describe_past, look_back, render_past
from keepers.identity import account_of, signer_of
from keepers.settings import load_settings
from keepers.store import BlockStore, Journal, open_stores

__all__ = ["backfill_command", "doctor_command", "pause_command", "replay_command"]


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


@click.command("replay", epilog=example("keeper replay", "keeper replay --json | jq .missed"))
@CONFIG
@JSON
def replay_command(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Go through past auctions: what they gave, what was captured, and why not the rest.

    Reads the databases; asks no node.
    """
    with explained():
        settings = load_settings(path)
        contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
        account, _ = account_of(settings, signer_of(settings))
        contract = settings.executor.contract
        own = () if contract is None else (account_id(int(contract, 16), 0),)
        with open_stores(settings.service.database, settings.fleet.journal, read_only=True) as stores:
            events = contracts.decode(list(BlockStore(stores.chain, settings.chain.reorg_depth).events()))
            past = look_back(events, Journal(stores.journal).actions(), account, *own)
    show(describe_past(past), lambda: list(render_past(past)), as_json=as_json)


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
