"""What a test did on the chain goes back, and what it raised goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

import ape

__all__ = ["undone"]


@contextmanager
def undone() -> Iterator[None]:
    """Undo on ape's chain what is done meanwhile; ape's own `isolate` would swallow what is raised."""
    state = ape.chain.snapshot()
    try:
        yield
    finally:
        ape.chain.restore(state)
