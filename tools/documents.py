"""What the tools that write a part of a document share: numbers, tables, paragraphs, and the command."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Final

from crossmargin.model.units import MAX_UINT256, WAD

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a document that a tool writes: the document and the tool as paths from the root, the part's name."""

    document: str
    tool: str
    name: str

    @property
    def begin(self) -> str:
        """Give the line before the part."""
        return f"<!-- {self.name}: written by {self.tool} -->"

    @property
    def end(self) -> str:
        """Give the line after the part."""
        return f"<!-- end of {self.name} -->"

    def placed(self, document: str, text: str) -> str:
        """Put the text between the two lines."""
        before, rest = document.split(self.begin)
        _, after = rest.split(self.end)
        return f"{before}{self.begin}\n\n{text}\n\n{self.end}{after}"

    def update(self, text: str, *, write: bool) -> int:
        """Write or compare; return the exit status."""
        path = ROOT / self.document
        document = path.read_text()
        wanted = self.placed(document, text)
        if wanted == document:
            return 0
        if write:
            path.write_text(wanted)
            return 0
        print(f"{self.document} is behind the model: run python {self.tool} --write")
        return 1


def run(
    section: Section, description: str | None, render: Callable[[], str], charts: Callable[[], None] | None = None
) -> int:
    """Print, compare or write as the command line asks, or draw charts where there are any; return the exit status."""
    parser = argparse.ArgumentParser(description=description)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="fail if the document is not what the model says")
    mode.add_argument("--write", action="store_true", help="put the examples into the document")
    if charts:
        mode.add_argument("--charts", action="store_true", help="draw the charts")
    options = parser.parse_args()

    if charts and options.charts:
        charts()
        return 0
    if options.check or options.write:
        return section.update(render(), write=options.write)
    print(render())
    return 0


# ------------------------------------------------------------------------------------------------- numbers


def money(amount: int) -> str:
    """Round to whole dollars."""
    rounded = (abs(amount) + WAD // 2) // WAD
    return f"-{rounded:,}" if amount < 0 and rounded else f"{rounded:,}"


def percent(part: int, whole: int, digits: int = 1) -> str:
    """Give a ratio in percent, rounded."""
    scale = 10**digits
    tenths = (2 * part * 100 * scale + whole) // (2 * whole)
    return f"{tenths // scale}.{tenths % scale:0{digits}d} %" if digits else f"{tenths} %"


def ratio(factor: int) -> str:
    """Cut a health factor to three decimals."""
    return "infinite" if factor == MAX_UINT256 else f"{factor // WAD}.{factor % WAD * 1_000 // WAD:03d}"


# ------------------------------------------------------------------------------------------------- text


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> str:
    """Draw a table, all columns but the first ones flush right."""
    rule = ["---"] * left + ["---:"] * (len(headings) - left)
    return "\n".join("| " + " | ".join(line) + " |" for line in (headings, rule, *rows))


def example(title: str, holdings: str, *parts: str) -> str:
    """Join an example; text is wrapped, tables are left alone."""
    return "\n\n".join([f"### {title}", *(p if p.startswith("|") else wrapped(p) for p in (holdings, *parts))])


def wrapped(text: str) -> str:
    """Fill a paragraph."""
    return fill(" ".join(text.split()), 110, break_on_hyphens=False)


def keep(folder: Path, texts: Mapping[str, str], behind: str, *, check: bool) -> int:
    """Write files whose text is another, or with `check` only name them after `behind`; give the exit status."""
    stale = [
        name for name, text in texts.items() if not (folder / name).exists() or (folder / name).read_text() != text
    ]
    if not check:
        folder.mkdir(exist_ok=True)
        for name in stale:
            (folder / name).write_text(texts[name])
    elif stale:
        print(f"{folder.relative_to(ROOT)} is behind {behind} ({', '.join(stale)})")
    return 1 if check and stale else 0
