"""Check that Markdown stays easy to read: short lines everywhere, short sentences on the pages that promise them.

A line has at most 110 characters; tables, code, and lines that are one link, one piece of code or one word may have
more. On the pages of PLAIN a sentence has at most 25 words, and half of the sentences at most 15. Headings, tables and
code have no sentences; an item of a list is a paragraph of its own; a code span or a link's target counts as one word.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
WRAPPED: Final = ("README.md", "SECURITY.md", "CHANGELOG.md", "config/*.md", "docs/*.md")
PLAIN: Final = ("docs/architecture.md", "docs/margin-model.md", "docs/options.md", "docs/where-is-what.md")
"""Pages whose sentences are checked."""

LINE_CHARACTERS: Final = 110
SENTENCE_WORDS: Final = 25
MEDIAN_WORDS: Final = 15

FENCE: Final = re.compile(r"\s*(?:```|~~~)")
COMMENT: Final = re.compile(r"\s*<!--.*-->\s*")
ITEM: Final = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
INDENT: Final = re.compile(r" *")
CODE_INDENT: Final = 4
# One link, one code span or one word, behind the mark of an item and before punctuation.
ONE_PIECE: Final = re.compile(r"\s*(?:(?:[-*+>]|\d+[.)])\s+)?(?:!?\[[^]]*\]\([^)]*\)|`[^`]*`|\S+)[.,;:]?\s*")

CODE_SPAN: Final = re.compile(r"(`+)(.+?)\1", re.DOTALL)
LINK: Final = re.compile(r"!?\[([^]]*)\]\([^)]*\)")
EMPHASIS: Final = re.compile(r"\*+")
SPAN_WORD: Final = "`0`"
# What ends with a full stop and does not end a sentence; initials of names too.
ABBREVIATION: Final = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|al|no|p|pp|approx|incl|resp|[A-Z])|\.\.)\.$")
END: Final = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9`]|\s*$)")
WORD: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is too long, and where."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an item of a list, from its first line on."""

    line: int
    text: str


@dataclass(slots=True)
class Reader:
    """Where a walk through a document stands: in a fence, in a list, in a paragraph."""

    fenced: bool = False
    in_code: bool = False
    blank: bool = True
    margin: int = 0
    start: int = 0
    lines: list[str] = field(default_factory=list)

    def is_code(self, line: str) -> bool:
        """Take a line in; tell whether it is code or the fence of code."""
        if FENCE.match(line):
            self.fenced = not self.fenced
            return True
        if self.fenced:
            return True
        deep = _indent(line) >= self.margin + CODE_INDENT
        self.in_code = bool(line.strip()) and deep and (self.in_code or self.blank)
        return self.in_code

    def see(self, line: str) -> None:
        """Remember what the indent of the next line depends on."""
        self.blank = not line.strip()
        mark = ITEM.match(line)
        if mark:
            self.margin = len(mark[0])
        elif not self.blank and _indent(line) == 0:
            self.margin = 0

    def taken(self) -> list[Paragraph]:
        """End the paragraph that is open, if one is."""
        done = [Paragraph(self.start, "\n".join(self.lines))] if self.lines else []
        self.lines = []
        return done


def _indent(line: str) -> int:
    mark = INDENT.match(line)
    return len(mark[0]) if mark else 0


def _is_apart(line: str) -> bool:
    """Tell lines that belong to no paragraph: empty ones, tables, headings, comments."""
    return not line.strip() or line.lstrip().startswith(("|", "#")) or COMMENT.fullmatch(line) is not None


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Give what has sentences."""
    reader = Reader()
    for number, line in enumerate(text.splitlines(), 1):
        if reader.is_code(line) or _is_apart(line):
            yield from reader.taken()
        else:
            if ITEM.match(line):
                yield from reader.taken()
            if not reader.lines:
                reader.start = number
            reader.lines.append(ITEM.sub("", line, count=1) if ITEM.match(line) else line.strip())
        reader.see(line)
    yield from reader.taken()


def _plain(text: str) -> str:
    """Put one word in the place of each code span, and its text in that of each link; the lines stay."""
    text = CODE_SPAN.sub(lambda span: SPAN_WORD + "\n" * span[2].count("\n"), text)
    text = LINK.sub(lambda link: link[1], text)
    return EMPHASIS.sub("", text)


def sentences(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Split a paragraph where its sentences end; each knows its first line."""
    text = _plain(paragraph.text)
    begin = 0
    for end in END.finditer(text):
        if ABBREVIATION.search(text[begin : end.start() + 1]) and end.end() < len(text.rstrip()):
            continue
        body = text[begin : end.end()]
        first = begin + len(body) - len(body.lstrip())
        yield Paragraph(paragraph.line + text[:first].count("\n"), " ".join(body.split()))
        begin = end.end()
    if text[begin:].strip():
        yield Paragraph(paragraph.line + text[:begin].count("\n"), " ".join(text[begin:].split()))


def words(sentence: str) -> int:
    """Count what has a letter or a digit."""
    return sum(WORD.search(token) is not None for token in sentence.split())


def long_lines(text: str) -> Iterator[Finding]:
    """Find lines that are too long and could be broken."""
    reader = Reader()
    for number, line in enumerate(text.splitlines(), 1):
        free = reader.is_code(line) or line.lstrip().startswith("|") or ONE_PIECE.fullmatch(line)
        reader.see(line)
        if len(line) > LINE_CHARACTERS and not free:
            yield Finding(number, f"{len(line)} characters, at most {LINE_CHARACTERS}")


def long_sentences(text: str) -> Iterator[Finding]:
    """Find sentences that are too long, and whether too many are nearly so."""
    counts = []
    for paragraph in paragraphs(text):
        for sentence in sentences(paragraph):
            counts.append(words(sentence.text))
            if counts[-1] > SENTENCE_WORDS:
                yield Finding(sentence.line, f"{counts[-1]} words, at most {SENTENCE_WORDS}: {sentence.text[:60]}")
    if counts and median(counts) > MEDIAN_WORDS:
        yield Finding(1, f"half of the sentences have {median(counts):g} words or more, at most {MEDIAN_WORDS}")


def findings(path: str, text: str) -> list[Finding]:
    """List what is too long in a page, by line."""
    found = list(long_lines(text))
    if path in PLAIN:
        found += long_sentences(text)
    return sorted(found, key=lambda each: each.line)


def main() -> int:
    """Print what is too long; return the exit status."""
    status = 0
    for page in sorted(path for pattern in WRAPPED for path in ROOT.glob(pattern)):
        name = page.relative_to(ROOT).as_posix()
        for each in findings(name, page.read_text()):
            print(f"{name}:{each.line}: {each.message}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
