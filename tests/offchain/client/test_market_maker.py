"""The market maker of the client's guide keeps up with its fills."""

import asyncio
from pathlib import Path

import pytest

from examples import market_maker


def test_fills_that_come_at_once_are_answered_by_one_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote that takes longer than the next fill would otherwise fall behind for good."""
    quoted = []

    async def quote(_venue: object, book: Path) -> None:
        quoted.append(book)
        await asyncio.sleep(0)

    async def play() -> None:
        filled = asyncio.Event()
        task = asyncio.create_task(market_maker.keep_quoting(None, Path("book"), filled))  # type: ignore[arg-type]
        for _ in range(2):
            await asyncio.sleep(0.05)
            for _ in range(10):
                filled.set()
        await asyncio.sleep(0.05)
        task.cancel()

    monkeypatch.setattr(market_maker, "quote", quote)
    monkeypatch.setattr(market_maker, "PACE", 60.0)
    asyncio.run(play())
    assert len(quoted) == 3


def test_without_fills_it_quotes_on_a_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its pace."""
    quoted = []

    async def quote(_venue: object, _book: Path) -> None:
        quoted.append(1)
        if len(quoted) == 4:
            raise ValueError("enough")

    monkeypatch.setattr(market_maker, "quote", quote)
    monkeypatch.setattr(market_maker, "PACE", 0.01)
    with pytest.raises(ValueError, match="enough"):
        asyncio.run(market_maker.keep_quoting(None, Path("book"), asyncio.Event()))  # type: ignore[arg-type]
    assert len(quoted) == 4
