"""What the README shows first, and how long it is."""

import re

from crossmargin.deployment.artifacts import REPOSITORY

README = (REPOSITORY / "README.md").read_text()
SCREEN = 20
"""Lines that are seen without scrolling."""


def test_picture_and_numbers_are_in_the_first_screen():
    """Before the table of contracts; the picture is there."""
    first = "\n".join(README.splitlines()[:SCREEN])
    (picture,) = re.findall(r"!\[[^]]+\]\((docs/img/[^)]+)\)", first.partition("![Contracts")[0])
    assert (REPOSITORY / picture).read_bytes().startswith(b"\x89PNG")
    assert re.search(r"accounts were liquidated and\skept [\d,]+ of [\d,]+ USD", first)
    assert README.index(picture) < README.index("bad debt") < README.index("| contract |")


def test_it_stays_short():
    """A page."""
    assert len(README.splitlines()) == 120
