"""Measure gas with forge, compare it with the goals and with the committed snapshot.

The benchmark contracts in tests/foundry/bench print lines `GAS <operation> <legs> <gas>`; nothing else is read.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "snapshots" / "gas.json"
LINE = re.compile(r"^\s*GAS (?P<operation>[a-z][\w-]*) (?P<legs>\d+) (?P<gas>\d+)\s*$", re.MULTILINE)
LEGS = (1, 8, 16, 32)
SERIES = (1, 8, 20, 40)

# Thousands of gas for 1, 8, 16 and 32 legs: what we aim for.
GOALS: dict[str, tuple[int, int, int, int]] = {
    "deposit": (75, 75, 75, 75),
    "withdraw": (110, 180, 260, 420),
    "trade": (250, 330, 410, 570),
    "start": (180, 250, 330, 490),
    "bid": (300, 650, 1050, 1850),
}
# The same for Derive v2, measured on its public code.
DERIVE: dict[str, tuple[int, int, int, int]] = {
    "deposit": (154, 297, 475, 882),
    "withdraw": (331, 1596, 3618, 9789),
    "trade": (710, 1975, 3997, 10168),
    "start": (566, 2167, 4557, 11419),
    "bid": (672, 3748, 7825, 18059),
}
# Thousands of gas that options may add to what the same account costs with as many linear legs, and for each refresh.
OPTION_GOALS: dict[str, dict[int, int]] = {
    "option-withdraw": {20: 150, 40: 260},
    "option-refresh": {1: 70, 8: 70, 20: 70, 40: 70},
}

Measured = dict[str, dict[str, int]]  # operation -> legs -> gas


def parse(output: str) -> Measured:
    """Collect the gas lines, in order of operation and legs; a number printed twice must agree."""
    found: dict[tuple[str, int], int] = {}
    for match in LINE.finditer(output):
        key = (match["operation"], int(match["legs"]))
        gas = int(match["gas"])
        if found.setdefault(key, gas) != gas:
            message = f"{key[0]} with {key[1]} legs measured twice: {found[key]} and {gas}"
            raise ValueError(message)
    order = list(GOALS)
    result: Measured = {}
    for operation, legs in sorted(found, key=lambda k: (order.index(k[0]) if k[0] in order else len(order), *k)):
        result.setdefault(operation, {})[str(legs)] = found[operation, legs]
    return result


def run_forge() -> str:
    """Run the benchmarks, each call as a transaction of its own, and return what they print."""
    command = ["forge", "test", "--isolate", "-vv", "--match-path", "tests/foundry/bench/*"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "FOUNDRY_CONFIG": "foundry.tests.toml", "FOUNDRY_PROFILE": "bench", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-4000:] + done.stderr[-4000:])
    return done.stdout


def render(measured: Measured, committed: Measured) -> Table:
    """Draw each operation: measured thousands of gas, the goal, Derive v2, drift from the snapshot [gas]."""
    table = Table(title="Thousands of gas; goal, then Derive v2 beneath")
    table.add_column("operation")
    for legs in LEGS:
        table.add_column(f"{legs} legs" if legs > 1 else "1 leg", justify="right")
    table.add_column("drift, gas", justify="right")
    for operation, by_legs in measured.items():
        if operation in OPTION_GOALS:
            continue
        drift = [
            f"{legs}: {gas - committed[operation][legs]:+,}" if legs in committed.get(operation, {}) else f"{legs}: new"
            for legs, gas in by_legs.items()
            if committed.get(operation, {}).get(legs) != gas
        ]
        cells = [_cell(by_legs.get(str(legs)), _at(GOALS, operation, legs)) for legs in LEGS]
        table.add_row(operation, *cells, "\n".join(drift), style="bold")
        if operation in GOALS:
            table.add_row("  goal", *(f"{_at(GOALS, operation, legs):,}" for legs in LEGS), "", style="dim")
            table.add_row("  Derive v2", *(f"{_at(DERIVE, operation, legs):,}" for legs in LEGS), "", style="dim")
    return table


def render_options(measured: Measured, committed: Measured) -> Table:
    """Draw what options cost: a check, what it costs beyond one of as many linear legs, a refresh for each series."""
    table = Table(title="Options, thousands of gas; goal beneath")
    table.add_column("operation")
    for count in SERIES:
        table.add_column(f"{count} series", justify="right")
    table.add_column("drift, gas", justify="right")
    checks = {count: measured.get("option-withdraw", {}).get(str(count)) for count in SERIES}
    added = {count: None if gas is None else gas - _linear(measured, count) for count, gas in checks.items()}
    refreshes = {
        count: None if (gas := measured.get("option-refresh", {}).get(str(count))) is None else gas // count
        for count in SERIES
    }
    none: dict[int, int] = {}
    rows = (
        ("withdraw with margin check", checks, none, "option-withdraw"),
        ("beyond as many linear legs", added, OPTION_GOALS["option-withdraw"], None),
        ("refresh, each series", refreshes, OPTION_GOALS["option-refresh"], "option-refresh"),
    )
    for name, values, goals, operation in rows:
        was = committed.get(operation or "", {})
        now = measured.get(operation or "", {})
        drift = [f"{legs}: {gas - was[legs]:+,}" if legs in was else f"{legs}: new" for legs, gas in now.items()]
        shown = [line for line, gas in zip(drift, now.items(), strict=True) if was.get(gas[0]) != gas[1]]
        cells = [_cell(values[count], goals.get(count)) for count in SERIES]
        table.add_row(name, *cells, "\n".join(shown), style="bold")
        if goals:
            table.add_row(
                "  goal", *(f"{goals[count]:,}" if count in goals else "" for count in SERIES), "", style="dim"
            )
    return table


def _linear(measured: Measured, count: int) -> int:
    """Give the withdrawal of an account with one perpetual and `count` more, on the line through 8 and 32 legs."""
    few, many = measured["withdraw"]["8"], measured["withdraw"]["32"]
    return few + (many - few) * (count + 1 - 8) // 24


def _at(table: dict[str, tuple[int, int, int, int]], operation: str, legs: int) -> int | None:
    """Look a goal up, in thousands of gas."""
    return table[operation][LEGS.index(legs)] if operation in table else None


def _cell(gas: int | None, goal: int | None) -> str:
    """Show a measurement, red where it misses its goal."""
    if gas is None:
        return "-"
    text = f"{gas / 1000:,.1f}"
    return text if goal is None else f"[{'green' if gas <= goal * 1000 else 'red'}]{text}[/]"


def main(arguments: list[str] | None = None) -> int:
    """Measure and compare exactly, or write the snapshot with --update; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the snapshot instead of comparing with it")
    parser.add_argument("--quiet", action="store_true", help="print the table only where something differs")
    options = parser.parse_args(arguments)

    console = Console()
    measured = parse(run_forge())
    if not measured:
        console.print("[red]the benchmarks printed no `GAS <operation> <legs> <gas>` line[/]")
        return 1
    if options.update:
        SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
        SNAPSHOT.write_text(json.dumps(measured, indent=2) + "\n")
    committed: Measured = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.is_file() else {}

    same = measured == committed
    if not (options.quiet and same):
        console.print(render(measured, committed))
        console.print(render_options(measured, committed))
    if not same:
        console.print("[red]gas differs from tests/snapshots/gas.json:[/] `make bench-update`, and say why")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
