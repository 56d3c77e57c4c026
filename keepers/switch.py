"""The switch that stops a keeper from deciding anything new: a file beside its journal. What is open is looked after.

It is a file so that it works from another process, from another machine's shell, and across restarts.
"""

from pathlib import Path

from keepers.errors import StoreError

__all__ = ["pause", "reason", "resume"]


def reason(database: Path) -> str | None:
    """Say why the keeper of this journal is paused; None when it is not."""
    try:
        return _file(database).read_text(encoding="utf-8").strip() or "paused"
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"paused, as {_file(database)} cannot be read: {error.strerror}"


def pause(database: Path, why: str) -> None:
    """Pause the keeper of this journal, from its next block on."""
    try:
        _file(database).write_text(f"{why}\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{_file(database)}: {error.strerror}") from error


def resume(database: Path) -> None:
    """Let the keeper of this journal go on."""
    try:
        _file(database).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{_file(database)}: {error.strerror}") from error


def _file(database: Path) -> Path:
    return database.with_name(f"{database.name}.paused")
