"""The folder of a run, and what a person is told at its end."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

__all__ = ["emptied_logs", "spent_text", "tell_files"]


def emptied_logs(folder: Path) -> Path:
    """Make the folder of a run, and give the one for its logs, without those of a run before."""
    folder.mkdir(parents=True, exist_ok=True)
    logs = folder / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    return logs


def spent_text(seconds: Mapping[str, float]) -> str:
    """Write how long each part took [s]."""
    return ", ".join(f"{part} {spent:.0f} s" for part, spent in seconds.items())


def tell_files(console: Console, files: Mapping[str, Path], *, passed: bool) -> None:
    """Say what was left where, and that a check failed if one did."""
    for what, path in files.items():
        console.print(f"{what}: {path}", soft_wrap=True, markup=False)
    if not passed:
        console.print("[bold red]a check failed[/]")
