"""Add up which states the random users of the invariant suite reached, and fail where one was never reached.

Each run of `forge test` appends a line to build/reached.txt (tests/foundry/stateful/Invariants.t.sol). An invariant
about losses proves nothing in runs that lose nothing.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
REACHED: Final = ROOT / "build" / "reached.txt"
RARE: Final = frozenset({"deficits", "lent to pay"})
"""Reached in deep runs only."""


def read(lines: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Count how often each state was reached, and in how many runs."""
    times: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    for line in lines:
        for part in line.split(","):
            state, _, count = part.partition("=")
            times[state] += int(count)
            runs[state] += int(count) > 0
    return times, runs


def main() -> int:
    """Print the table; 1 if a state was never reached, or nothing ran."""
    lines = REACHED.read_text().splitlines() if REACHED.exists() else []
    if not lines:
        print("reached: no run of the invariant suite; `make test-forge` runs it")
        return 1
    times, runs = read(lines)
    print(f"reached in {len(lines)} runs of the invariant suite (times, runs):")
    for state, count in times.items():
        print(f"  {state:<16} {count:>7} {runs[state]:>6}")
    never = [state for state, count in times.items() if count == 0 and state not in RARE]
    if never:
        print(f"never reached: {', '.join(never)}")
    return 1 if never else 0


if __name__ == "__main__":
    sys.exit(main())
