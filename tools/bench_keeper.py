"""Measure how fast the keeper is: marking a million accounts, deciding, catching up, starting; and what others take.

Prints a table beside the goals, in time of the processor. Needs no chain.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench_decision import decisions, others
from bench_marks import marks
from bench_reading import catch_up
from bench_start import starts
from rich.console import Console
from rich.table import Table

from keepers.log import configure_logging


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--blocks", type=int, default=4_000)
    options = parser.parse_args()
    configure_logging("critical")
    table = Table("measured", "goal", "CPU time, or memory")
    lines = [*decisions(), *others(), *marks(options.accounts)]
    with tempfile.TemporaryDirectory() as folder:
        lines += [*catch_up(Path(folder), options.blocks), *starts(Path(folder))]
    for line in lines:
        table.add_row(line.what, line.goal, line.got)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
