"""Tables on consoles that are too narrow for them."""

from io import StringIO

import pytest
from rich.console import Group, RenderableType
from rich.table import Table

from crossmargin.console import FittingConsole, standard_output

KEY = "0x" + "7" * 64
ADDRESS, OWNER = "0x" + "a" * 40, "0x" + "b" * 40


def drawn(width: int, renderable: RenderableType) -> list[str]:
    """Draw something on a console of a width."""
    console = FittingConsole(width=width, file=StringIO(), highlight=False)
    console.print(renderable)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue().splitlines()


def table(headings: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    """Make a table."""
    made = Table(title="Who", title_justify="left")
    for heading in headings:
        made.add_column(heading, no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return made


@pytest.mark.parametrize("width", [80, 100])
def test_a_table_that_is_too_wide_is_drawn_in_several(width: int) -> None:
    """Every cell is there, whole, on a line with the row's name; also inside of a group."""
    wide = table(("who", "address", "owner", "key"), ("one", ADDRESS, OWNER, KEY), ("two", ADDRESS, OWNER, KEY))
    lines = drawn(width, Group(wide, "end"))
    assert max(map(len, lines)) <= width
    for cell in (ADDRESS, OWNER, KEY):
        assert [line.strip("│ ").split()[0] for line in lines if cell in line] == ["one", "two"]
    assert (lines[0].strip(), lines[-1]) == ("Who", "end")
    assert not any("…" in line for line in lines)


def test_a_table_that_fits_is_drawn_at_once() -> None:
    """In one piece, with its title once."""
    lines = drawn(80, table(("who", "address"), ("one", ADDRESS)))
    assert len([line for line in lines if "who" in line]) == 1


def test_prose_wraps_between_words_and_names_do_not() -> None:
    """A long text needs no table of its own."""
    text = "a long text that says who this is and that has to wrap somewhere, but not inside of any of its words"
    made = Table()
    for heading in ("account", "what it is"):
        made.add_column(heading, overflow="fold")
    made.add_row("options maker, straddle leg", text)
    lines = drawn(80, made)
    assert len([line for line in lines if "what it is" in line]) == 1
    assert any("options maker, straddle leg" in line for line in lines)
    said = " ".join(line.strip("│ ").split("│")[-1].strip() for line in lines if line.startswith("│"))
    assert said == text


def test_a_pipe_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless COLUMNS names a width."""
    monkeypatch.delenv("COLUMNS", raising=False)
    assert standard_output().width == 200
    monkeypatch.setenv("COLUMNS", "80")
    assert standard_output().width == 80
