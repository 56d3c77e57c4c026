"""The documents of invariants and attacks name every id once, and tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
INVARIANTS = ROOT / "docs" / "invariants.md"
THREATS = ROOT / "docs" / "threat-model.md"
KNOWN_ISSUES = ROOT / "docs" / "known-issues.md"
FINDINGS = ROOT / "docs" / "audit" / "findings.md"
IDS = [f"INV-{number:02}" for number in (*range(1, 38), 40, 41, 42, 43, 44)]
ATTACKS = [str(number) for number in range(1, 237)]
NONE_YET = "no test yet"

ROW = re.compile(r"^\| (?P<id>INV-\d{2}|\d{1,3}) \|(?P<rest>.*)\|$", re.MULTILINE)
ITEM = re.compile(r"^- (?P<id>INV-\d{2})(?P<rest>.*)$", re.MULTILINE)
NAMED = re.compile(r"`(?P<path>[\w/.-]+)::(?P<name>\w+)`")


def proved_and_not():
    """Give the ids with their lines in the table, and in the section of what is not proved yet."""
    proved, _, missing = INVARIANTS.read_text().partition("## Not yet proved")
    table, section = ([(m["id"], m["rest"]) for m in pattern.finditer(text)] for pattern, text in both(proved, missing))
    return table, section


def both(proved, missing):
    """Pair each part of the document with what a line of it looks like."""
    return ((ROW, proved), (ITEM, missing))


def attacks():
    """Give the attacks' numbers with their lines."""
    return [(m["id"], m["rest"]) for m in ROW.finditer(THREATS.read_text())]


def is_test(path, name):
    """Tell whether the file is there and has a test function of that name."""
    file = ROOT / "tests" / path
    keyword = "function" if file.suffix == ".sol" else "def"
    prefixes = ("test", "invariant", "check") if file.suffix == ".sol" else ("test",)
    return (
        name.startswith(prefixes)
        and file.is_file()
        and re.search(rf"^\s*{keyword} {name}\(", file.read_text(), re.MULTILINE) is not None
    )


def test_every_invariant_is_in_one_section():
    """Proved or not yet proved: each id once, in order."""
    table, section = proved_and_not()
    listed = [id_ for id_, _ in table], [id_ for id_, _ in section]
    assert sorted(listed[0] + listed[1]) == IDS
    assert listed == (sorted(listed[0]), sorted(listed[1]))


def test_every_proved_invariant_names_a_test():
    """What is in the table has a test."""
    table, _ = proved_and_not()
    assert [id_ for id_, rest in table if not NAMED.search(rest)] == []


def test_what_is_missing_is_said():
    """An id that is not proved says in words why not."""
    _, section = proved_and_not()
    assert [id_ for id_, rest in section if len(rest) < len(": ......")] == []


def test_every_attack_is_listed_with_a_test_or_without():
    """All attacks in order; each names a test or says that there is none."""
    assert [number for number, _ in attacks()] == ATTACKS
    assert [number for number, rest in attacks() if bool(NAMED.search(rest)) == (NONE_YET in rest)] == []


@pytest.mark.parametrize("document", [INVARIANTS, THREATS, KNOWN_ISSUES, FINDINGS], ids=lambda path: path.stem)
def test_named_tests_exist(document):
    """Each test named is in the tree."""
    named = [(m["path"], m["name"]) for m in NAMED.finditer(document.read_text())]
    assert [f"{path}::{name}" for path, name in named if not is_test(path, name)] == []


def test_known_issues_are_numbered_and_decided():
    """Numbers run from 1, and each issue has a decision."""
    parts = re.split(r"^## (?=\d)", KNOWN_ISSUES.read_text(), flags=re.MULTILINE)[1:]
    assert [part.split(".")[0] for part in parts] == [str(number) for number in range(1, len(parts) + 1)]
    assert [part.splitlines()[0] for part in parts if "**Decision.**" not in part] == []
