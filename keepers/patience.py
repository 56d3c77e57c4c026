"""Asking anew, for a moment, for what a node does not have yet: nodes behind one address differ."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from keepers.errors import MissingError, RpcError
from keepers.rpc import Call

__all__ = ["PAUSES", "patient", "result"]

PAUSES: Final = (0.02, 0.05, 0.1, 0.2)
"""How long to wait before each further try [s]."""
Ask = Callable[[Sequence[Call]], Awaitable[list[object]]]


async def patient(ask: Ask, calls: Sequence[Call]) -> list[object]:
    """Ask, and ask anew for what is missing; an answer that is an error takes the place of its result."""
    outcomes = await ask(calls)
    for pause in PAUSES:
        missing = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, MissingError)]
        if not missing:
            break
        await asyncio.sleep(pause)
        for at, outcome in zip(missing, await ask([calls[at] for at in missing]), strict=True):
            outcomes[at] = outcome
    return outcomes


def result(outcome: object) -> object:
    """Take what was asked for; an error in its place is raised."""
    if isinstance(outcome, RpcError):
        raise outcome
    return outcome
