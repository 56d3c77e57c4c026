"""Check the runtime size of every contract against the budget and the committed snapshot, and the length of files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "build" / "forge"
SNAPSHOT = ROOT / "tests" / "snapshots" / "bytecode.json"
WARN = 20_000  # bytes
FAIL = 20_500  # bytes: 1,500 are kept for the next change below 22,000; the chain's own limit is 24,576
LINES = 500  # of a file under contracts/
LONGER = {
    "contracts/Clearinghouse.sol": "the only writer of positions; what it writes with is in ledger/",
    "contracts/MarginVault.sol": "the only writer of custody, and the gate; what it writes with is in vault/",
    "contracts/interfaces/IMarginVault.sol": "the manual of a contract is one file",
}
"""Files that may be longer, and why."""


def long_files() -> list[str]:
    """List the files that are too long without a reason."""
    found = []
    for path in sorted((ROOT / "contracts").rglob("*.sol")):
        lines, name = len(path.read_text().splitlines()), str(path.relative_to(ROOT))
        if lines > LINES and name not in LONGER:
            found.append(f"{name}: {lines} lines, at most {LINES}")
    return found


def measure() -> dict[str, int]:
    """Return the runtime size of each contract under contracts/ [bytes], from forge's artifacts."""
    sizes: dict[str, int] = {}
    for path in sorted(ARTIFACTS.glob("*.sol/*.json")):
        artifact = json.loads(path.read_text())
        code: str = artifact.get("deployedBytecode", {}).get("object", "0x")
        if code == "0x":
            continue
        for source, name in artifact["metadata"]["settings"]["compilationTarget"].items():
            if source.startswith("contracts/") and (ROOT / source).is_file() and _is_contract(artifact):
                sizes[name] = len(code.removeprefix("0x")) // 2
    return sizes


def _is_contract(artifact: dict[str, Any]) -> bool:
    """Tell a contract from a library of internal functions, which is deployed nowhere."""
    return any(entry["type"] == "function" for entry in artifact["abi"])


def render(sizes: dict[str, int], committed: dict[str, int]) -> Table:
    """Draw the sizes, what is left of the budget, and the drift from the snapshot."""
    table = Table(title="Runtime code, bytes")
    table.add_column("contract")
    for heading in ("size", "left", "drift"):
        table.add_column(heading, justify="right")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        style = "red" if size > FAIL else "yellow" if size > WARN else None
        drift = "new" if name not in committed else f"{size - committed[name]:+,}" if size != committed[name] else ""
        table.add_row(name, f"{size:,}", f"{FAIL - size:,}", drift, style=style)
    return table


def main(arguments: list[str] | None = None) -> int:
    """Compare, or write the snapshot with --update; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the snapshot instead of comparing with it")
    options = parser.parse_args(arguments)

    console = Console()
    sizes = measure()
    committed: dict[str, int] = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.is_file() else {}
    if options.update:
        SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
        SNAPSHOT.write_text(json.dumps(sizes, indent=2, sort_keys=True) + "\n")
        committed = sizes
    console.print(render(sizes, committed))

    too_big = [name for name, size in sizes.items() if size > FAIL]
    if too_big:
        console.print(f"[red]over their budget of bytes:[/] {', '.join(too_big)}")
    too_long = long_files()
    for each in too_long:
        console.print(f"[red]{each}[/]")
    if sizes != committed:
        console.print("[red]sizes differ from tests/snapshots/bytecode.json:[/] `make sizes-update`, and say why")
    return int(bool(too_big or too_long) or sizes != committed)


if __name__ == "__main__":
    sys.exit(main())
