"""Compare the forecaster's and the steward's libraries with their reference on random vectors, in process, to the bit.

Needs artifacts (`forge build`) and the repository's root in PYTHONPATH. Exit status 1 at the first difference.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.helpers.volatility_probe import Probe, differences

_BATCH = 1_000
"""Vectors of one forest; weeks, histories and paths are fewer."""


def main(arguments: list[str] | None = None) -> int:
    """Compare until as many vectors as asked agree; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=100_000, help="compare at least so many")
    parser.add_argument("--seed", type=int, default=1, help="of the first forest; the next one has the next seed")
    options = parser.parse_args(arguments)
    probe, start, batches = Probe(), time.monotonic(), -(-options.vectors // _BATCH)
    for seed in range(options.seed, options.seed + batches):
        for difference in differences(probe, seed, _BATCH):
            print(difference)
            print(f"differs: tools/forecasts.py --seed {seed} --vectors 1")
            return 1
    print(f"{batches * _BATCH:,} vectors of {batches:,} forests agree: {time.monotonic() - start:,.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
