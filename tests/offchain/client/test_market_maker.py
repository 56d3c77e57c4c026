"""The market maker of the client's guide keeps up with its fills."""

import ast
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


def test_it_has_some_forty_lines() -> None:
    """Of code: without imports, docstrings, and how it is started and ended."""
    source = Path(market_maker.__file__).read_text()
    tree = ast.parse(source)
    aside = [
        each
        for each in ast.walk(tree)
        if (isinstance(each, ast.Import | ast.ImportFrom | ast.If) and each in tree.body)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
    ]
    lines = {number for number, line in enumerate(source.splitlines(), 1) if line.strip()}
    for each in aside:
        lines -= set(range(each.lineno, (each.end_lineno or each.lineno) + 1))
    assert len(lines) <= 41
