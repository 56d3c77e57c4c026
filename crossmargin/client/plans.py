"""Reads of many views as plans: generators that yield what to ask and get the answers. They ask no node themselves.

A client that waits for each answer and one that does not drive the same plan, so that neither decodes anything itself.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from eth_typing import BlockNumber

from crossmargin.model.units import Seconds

__all__ = ["Head", "Plan", "Question"]

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Question:
    """A view to call."""

    contract: str
    """Whose ABI it has, and whose address where `at` names no other."""
    function: str
    arguments: tuple[Any, ...] = ()
    at: str | None = None
    may_fail: bool = False
    """The answer is None where it fails: its contract is not the venue's."""


@dataclass(frozen=True, slots=True)
class Head:
    """The block that a plan is asked at."""

    number: BlockNumber
    time: Seconds


Plan = Generator[Sequence[Question], Sequence[Any], _Answer]
"""What yields questions, is sent their answers in the same order, and returns what they come to."""
