"""The table of faults fits the tree: each is a text that is there once, and names tests that exist."""

import re
from pathlib import Path

import pytest

from tools.mutants import Mutant, MutantError, load, markdown

ROOT = Path(__file__).resolve().parents[3]
MUTANTS = load()
ROWS = "ABEOQRHDK"
"""Of what an owner of several accounts could do."""


def mutant(find, replace="b"):
    """Make a mutant of a file that is given."""
    return Mutant("name", "contracts/A.sol", find, replace, {"foundry/A.t.sol::test_a": "says"})


@pytest.mark.parametrize("each", MUTANTS, ids=lambda each: each.name)
def test_each_text_is_there_once(each):
    """A file that has changed must not leave a fault that is made nowhere."""
    text = (ROOT / each.file).read_text()
    assert each.applied(text) != text


@pytest.mark.parametrize("each", MUTANTS, ids=lambda each: each.name)
def test_each_names_tests_that_exist_and_what_they_say(each):
    """By file and function, below tests/."""
    assert each.tests
    for test, says in each.tests.items():
        path, _, name = test.partition("::")
        keyword = "function" if path.endswith(".t.sol") else "def"
        assert re.search(rf"^\s*{keyword} {name}\(", (ROOT / "tests" / path).read_text(), re.MULTILINE), test
        assert says, test


def test_every_row_has_a_fault():
    """What an owner of several accounts could do is made again, in each of its forms."""
    assert {each.name[0] for each in MUTANTS if each.name[1:3] == ": "} >= set(ROWS)


@pytest.mark.parametrize(("find", "times"), [("a", 2), ("c", 0)])
def test_a_text_that_is_not_there_once_is_refused(find, times):
    """Loudly: nobody would notice a fault that is not made."""
    with pytest.raises(MutantError, match=f"{times} times in contracts/A.sol"):
        mutant(find).applied("a a")


def test_what_changes_nothing_is_refused():
    """It would survive everything."""
    with pytest.raises(MutantError, match="changes nothing"):
        mutant("a", "a").applied("a")


def test_two_of_one_name_are_refused(tmp_path):
    """`--only` chooses by name."""
    entry = '[[mutant]]\nname = "a"\nfile = "f"\nfind = "x"\nreplace = "y"\ntests = {}\n'
    (tmp_path / "mutants.toml").write_text(entry * 2)
    with pytest.raises(MutantError, match="one name"):
        load(tmp_path / "mutants.toml")


def test_the_page_has_the_table():
    """`python tools/mutants.py --table` prints it."""
    assert markdown(MUTANTS) in (ROOT / "docs" / "testing.md").read_text()
