"""The command that closes what the bidder has taken over."""

import asyncio
from pathlib import Path

import click
import orjson

from crossmargin.model.units import PPM
from keepers.closing import carry_out, describe_closing, plan_closing, render_closing
from keepers.commands.options import CONFIG, example, explained, show
from keepers.names import name_of, usd_text
from keepers.settings import Settings, load_settings
from keepers.strategies.close import Fill
from keepers.units import TxHash

__all__ = ["close_command"]


@click.command(
    "close",
    epilog=example(
        "keeper close", "keeper close --orders https://relay.example/orders --yes", "keeper close --json | my-trader"
    ),
)
@CONFIG
@click.option(
    "--orders", multiple=True, help="File or address of signed orders, instead of closing.orders; repeatable."
)
@click.option("--slippage-ppm", type=click.IntRange(0, PPM), help="How far from index or mark the worst price is.")
@click.option("--yes/--dry-run", "really", default=False, show_default=True, help="Send, or only show what would be.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a position a line.")
def close_command(path: Path, orders: tuple[str, ...], slippage_ppm: int | None, really: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Close the bidder's positions against orders that others have signed.

    Without --yes nothing is sent. What nobody offers to close is shown too, for whoever has another counterparty.
    Not beside a running keeper, which does the same by itself.
    """
    with explained():
        settings = _told(load_settings(path), orders, slippage_ppm)
        closing = asyncio.run(carry_out(settings, _tell) if really else plan_closing(settings))
    if as_json:
        for row in describe_closing(closing, settings):
            click.echo(orjson.dumps(row).decode())
    else:
        show(None, lambda: [render_closing(closing)], as_json=False)


def _told(settings: Settings, orders: tuple[str, ...], slippage_ppm: int | None) -> Settings:
    """Let what was said on the command line win."""
    changes = {"orders": list(orders)} if orders else {}
    slippage = {} if slippage_ppm is None else {"max_slippage_ppm": slippage_ppm}
    return settings.model_copy(update={"closing": settings.closing.model_copy(update={**changes, **slippage})})


def _tell(fill: Fill, hashed: TxHash) -> None:
    price = usd_text(fill.offer.order.limit_price)
    click.echo(f"{hashed}: {usd_text(fill.size)} of {name_of(fill.leg.instrument)} at {price}", err=True)
