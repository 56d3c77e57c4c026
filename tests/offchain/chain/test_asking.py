"""Several things asked at once."""

import asyncio

import pytest

from crossmargin.chain.asking import ask_all


async def _after(turns: int, answer: str, done: list[str]) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)
    done.append(answer)
    if answer.startswith("bad"):
        raise ValueError(answer)
    return answer


def test_answers_are_in_order():
    """Who is done first does not matter."""
    done: list[str] = []
    assert asyncio.run(ask_all(_after(turns, str(turns), done) for turns in (2, 0, 1))) == ["2", "0", "1"]
    assert done == ["0", "1", "2"]


def test_what_fails_leaves_nothing_behind():
    """The first in order is raised, once all have ended."""
    done: list[str] = []

    async def ask() -> None:
        with pytest.raises(ValueError, match="bad second"):
            await ask_all([_after(3, "first", done), _after(2, "bad second", done), _after(0, "bad third", done)])
        assert done == ["bad third", "bad second", "first"]

    asyncio.run(ask())
