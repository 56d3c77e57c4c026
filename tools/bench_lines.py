"""Lines of a benchmark, and time of the processor."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["ROUNDS", "Line", "best", "cpu", "memory"]

ROUNDS: Final = 5


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    what: str
    goal: str
    got: str


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Give the least of several times of this process and its children [CPU s]; what others do does not count."""
    times = []
    for _ in range(rounds):
        began = cpu()
        work()
        times.append(cpu() - began)
    return min(times)


def cpu() -> float:
    """Give the time spent so far [CPU s]."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def memory() -> float:
    """Give the most memory that was in use [GB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
