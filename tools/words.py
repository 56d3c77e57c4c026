"""Check that contracts/ opens no word by hand, and that assembly says what it equals.

Outside contracts/types/ there is no shift, no bit operator, and no built-in function of assembly that does the same.
The comments of a function, its documentation among them, may excuse some:

- "fixed point" excuses shifts; so does "Shifts scale fixed-point numbers" in the documentation of the whole contract;
- "flags" excuses `and`, `or`, `xor` and `not` of booleans in assembly;
- "hot loop: " and a reason excuse everything.

A shift by 5 or 6 in assembly counts words, or pairs of words, in memory, and is no finding.

Everywhere in contracts/ a comment with "Equivalent to" stands before a block of assembly, in the same function or its
documentation. One comment may serve several blocks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TYPES: Final = "contracts/types"

COMMENT_OR_STRING: Final = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)
COMMENT_MARK: Final = re.compile(r"//+|/\*+|\*+/|^\s*\*", re.MULTILINE)
BOUNDARY: Final = re.compile(r"[{};]")
CONTRACT: Final = re.compile(r"\s*(?:abstract\s+)?(?:contract|library|interface)\s")
ASSEMBLY: Final = re.compile(r"\bassembly\b[^{;]*\{")

SHIFT: Final = re.compile(r"<<|>>")
OPERATOR: Final = re.compile(r"(?<!&)&(?!&)|(?<!\|)\|(?!\|)|[\^~]")
ASSEMBLY_SHIFT: Final = re.compile(r"\b(?:sar\(|shl\((?![56],)|shr\((?!5,))")
ASSEMBLY_LOGIC: Final = re.compile(r"\b(?:and|or|xor|not)\(")
ASSEMBLY_BYTES: Final = re.compile(r"\b(?:byte|signextend)\(")

SCALED: Final = "fixed point"
ALL_SCALED: Final = "Shifts scale fixed-point numbers"
BOOLEANS: Final = "flags"
NEEDED: Final = re.compile(r"\bhot loop: \w")
MEANING: Final = "Equivalent to"
ELSE: Final = "\0"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as two texts of its length: its code with spaces for the rest, its comments with marks for all else."""

    code: str
    comments: str

    @classmethod
    def of(cls, text: str) -> Source:
        """Part comments from code; strings are neither."""
        code, comments = list(text), list(re.sub(r"\S", ELSE, text))
        for found in COMMENT_OR_STRING.finditer(text):
            part = slice(*found.span())
            code[part] = _blank(found[0])
            if found["comment"]:
                comments[part] = found[0]
        return cls("".join(code), "".join(comments))

    def said(self, start: int, end: int) -> str:
        """Join the comments of a part to one line."""
        return " ".join(COMMENT_MARK.sub(" ", self.comments[start:end]).split())

    def line(self, place: int) -> int:
        """Count the lines down to a place."""
        return self.code.count("\n", 0, place) + 1


@dataclass(frozen=True, slots=True)
class Member:
    """What stands in a contract, or outside of all, with its documentation."""

    start: int
    end: int
    contract: str
    """Documentation of its contract."""


def findings(root: Path) -> list[str]:
    """List what breaks a rule in contracts/ under `root`, one line each."""
    found = []
    for path in sorted((root / "contracts").rglob("*.sol")):
        text, name = path.read_text(), path.relative_to(root)
        lines = text.splitlines()
        typed = name.is_relative_to(TYPES)
        found += [f"{name}:{line}: {fault}: {lines[line - 1].strip()}" for line, fault in faults(text, typed=typed)]
    return found


def faults(text: str, *, typed: bool = False) -> list[tuple[int, str]]:
    """Give line and kind of what breaks a rule in a source; one of a type may open words."""
    source = Source.of(text)
    found = set()
    for member in members(source):
        blocks = list(_blocks(source, member))
        for block in blocks:
            if MEANING not in source.said(member.start, block.start):
                found.add((source.line(block.start), "does not say what it equals"))
        if not typed:
            found |= {(source.line(place), "opens a word") for place in _opened(source, member, blocks)}
    return sorted(found)


def members(source: Source) -> Iterator[Member]:
    """Part a source into its members, each with the comments before it and on its last line."""
    start, depth, contract = 0, 0, None
    for mark in BOUNDARY.finditer(source.code):
        if mark[0] == "{" and depth == 0 and contract is None and CONTRACT.match(source.code, start):
            contract = source.said(start, mark.start())
            start = mark.end()
        elif mark[0] == "}" and depth == 0:
            contract, start = None, mark.end()
        else:
            depth += {"{": 1, "}": -1, ";": 0}[mark[0]]
            if depth == 0:
                end = _line_end(source.code, mark.end())
                yield Member(start, end, contract or "")
                start = end


def _opened(source: Source, member: Member, blocks: list[range]) -> Iterator[int]:
    """Give the places where a member opens words unexcused."""
    said = source.said(member.start, member.end)
    if NEEDED.search(said):
        return
    scaled = SCALED in said or ALL_SCALED in member.contract
    plain = [] if scaled else [SHIFT]
    inside = [] if scaled else [ASSEMBLY_SHIFT]
    inside += [ASSEMBLY_BYTES] if BOOLEANS in said else [ASSEMBLY_BYTES, ASSEMBLY_LOGIC]
    for block in blocks:
        yield from _places(inside, source.code, block)
    for place in _places([*plain, OPERATOR], source.code, range(member.start, member.end)):
        if not any(place in block for block in blocks):
            yield place


def _places(patterns: list[re.Pattern[str]], code: str, part: range) -> Iterator[int]:
    for pattern in patterns:
        yield from (each.start() for each in pattern.finditer(code, part.start, part.stop))


def _blocks(source: Source, member: Member) -> Iterator[range]:
    """Give the blocks of assembly in a member."""
    for block in ASSEMBLY.finditer(source.code, member.start, member.end):
        steps = ({"{": 1, "}": -1}.get(each, 0) for each in source.code[block.end() : member.end])
        length = next(at for at, depth in enumerate(accumulate(steps, initial=1)) if depth == 0)
        yield range(block.start(), block.end() + length)


def _line_end(code: str, place: int) -> int:
    """Give the end of a line that has no more code; else the place."""
    end = code.find("\n", place)
    return end if end != -1 and not code[place:end].strip() else place


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def main() -> int:
    """Print what breaks a rule; return the exit status."""
    found = findings(ROOT)
    for each in found:
        print(each)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
