"""Reads of many views as plans: generators that yield what to ask and get the answers. They ask no node themselves.

A client that waits for each answer and one that does not drive the same plan, so that neither decodes anything itself.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from eth_typing import BlockNumber

from crossmargin.model.units import Seconds

__all__ = ["Head", "Plan", "Question", "together"]

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


def together(*plans: Plan[Any]) -> Plan[list[Any]]:
    """Ask what several plans ask, each step's questions at once; give what each comes to, in their order."""
    results: dict[int, Any] = {}
    waiting = {place: _step(plan, None, results, place) for place, plan in enumerate(plans)}
    while waiting := {place: asked for place, asked in waiting.items() if place not in results}:
        answers = iter((yield [question for asked in waiting.values() for question in asked]))
        shares = {place: list(islice(answers, len(asked))) for place, asked in waiting.items()}
        waiting = {place: _step(plans[place], share, results, place) for place, share in shares.items()}
    return [results[place] for place in range(len(plans))]


def _step(plan: Plan[Any], answers: Sequence[Any] | None, results: dict[int, Any], place: int) -> Sequence[Question]:
    """Go on with a plan: give what it asks next; what it came to goes to `results`."""
    try:
        return next(plan) if answers is None else plan.send(answers)
    except StopIteration as end:
        results[place] = end.value
        return ()
