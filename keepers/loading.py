"""How modules are imported that a start should not wait for longer than it must. Touches the collector of garbage only.

Imports make much that stays, and no garbage: searching for it while they do takes a sixth of a start.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["unsearched"]


@contextmanager
def unsearched() -> Iterator[None]:
    """Search for no garbage meanwhile."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
