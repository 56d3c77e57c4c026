"""What documents say lies in a file does."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "docs" / name for name in ("architecture.md", "where-is-what.md")]
PLACE = re.compile(r"`(?P<file>[\w/]+\.(?:sol|py)):(?P<name>\w+)`")
FOLDER = re.compile(r"^\| `(?P<folder>[\w/]+/)` \|", re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_functions_are_where_they_are_said_to_be(document):
    """A function, a class or a struct of that name is declared in that file."""
    places = [(match["file"], match["name"]) for match in PLACE.finditer(document.read_text())]
    missing = [f"{file}:{name}" for file, name in places if not _declares(ROOT / file, name)]
    assert places
    assert missing == []


def test_every_folder_of_contracts_has_its_row():
    """Where is what leaves no room out, and names none that is not there."""
    rows = {match["folder"] for match in FOLDER.finditer((ROOT / "docs" / "where-is-what.md").read_text())}
    there = {f"contracts/{path.name}/" for path in (ROOT / "contracts").iterdir() if path.is_dir()}
    assert {row for row in rows if row.startswith("contracts/")} == there | {"contracts/"}


def _declares(path: Path, name: str) -> bool:
    return path.is_file() and bool(re.search(rf"\b(?:function|def|class|struct)\s+{name}\b", path.read_text()))
