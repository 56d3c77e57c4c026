"""Simulations that need no chain: `python -m crossmargin.simulation --help`."""

import click

from crossmargin.simulation.ahead.command import ahead
from crossmargin.simulation.calibration.command import moves
from crossmargin.simulation.liquidations.command import liquidations

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Replay what the venue does on price paths, without a chain."""


main.add_command(ahead)
main.add_command(liquidations)
main.add_command(moves)

if __name__ == "__main__":
    main(prog_name="python -m crossmargin.simulation")
