"""Several things asked side by side, where one that fails leaves none of the others behind."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

__all__ = ["ask_all"]

_Answer = TypeVar("_Answer")


async def ask_all(asked: Iterable[Awaitable[_Answer]]) -> list[_Answer]:
    """Ask all at once; give the answers in order.

    Every one is waited for, also where one fails: what goes on alone would keep its connection open, and could
    still be obeyed after the caller has gone another way.

    Raises:
        Exception: what the first of them that failed, in order, raised.

    """
    answers: list[_Answer] = []
    for answer in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer
        answers.append(answer)
    return answers
