"""The folder of a run: which venue is alive there, and where its parts are. Reads and writes that folder alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from crossmargin.errors import ProcessError

__all__ = ["RunFile", "held", "is_held"]

_NAME = "venue.json"
_LOCK = "lock"


class RunFile(BaseModel):
    """What a status needs to know of a living venue: `venue.json` in the folder of its run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    record: Path
    """Addresses, as the deployment writes them."""
    config: Path
    """What it was deployed with."""
    orders: Path
    """The maker's orders."""
    keepers: dict[str, int]
    """Port of each keeper's pages."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read it; none is there while no venue has been started in that folder."""
        try:
            return cls.model_validate_json((folder / _NAME).read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            raise ProcessError(f"the venue in {folder} is not up yet: ask again in a moment") from error

    def save(self, folder: Path) -> None:
        """Write it whole."""
        partial = folder / f"{_NAME}.partial"
        partial.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        partial.replace(folder / _NAME)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for one venue; another that wants it is refused. The system lets go of it however a run ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ProcessError(
                f"a venue lives in {folder}: end it, or give another folder (OUT=build/other)"
            ) from error
        yield


def is_held(folder: Path) -> bool:
    """Tell whether a venue lives in a folder."""
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
