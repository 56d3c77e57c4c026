"""The parts of a run: measured, and a line each on the terminal."""

from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from crossmargin.simulation.stage.parts import Observer, Parts, ShownParts


class Told(Observer):
    """Remembers."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.parts: list[str] = []

    def part(self, name: str) -> None:
        """Remember a part."""
        self.parts.append(name)


def test_parts_are_told_and_measured_once_they_have_ended() -> None:
    """One that fails has no length."""
    told = Told()
    parts = Parts(told)
    with parts.part("deploy"):
        assert parts.seconds == {}
    with pytest.raises(ValueError, match="no"), parts.part("play"):
        raise ValueError("no")
    assert told.parts == ["deploy", "play"]
    assert list(parts.seconds) == ["deploy"]


def test_every_part_has_one_line_however_many_its_steps() -> None:
    """And what is said stands above them, brackets and all."""
    file = StringIO()
    with ShownParts(Console(file=file, width=100)) as shown:
        shown.step(1, 2, "nothing has begun")
        for name in ("deploy", "play"):
            shown.part(name)
            for step in range(5):
                shown.step(step, 5, f"step {step}")
        shown.say(Text("[red] is no colour"))
    lines = file.getvalue().splitlines()
    assert [line for line in lines if "deploy" in line or "play" in line] == lines[-2:]
    assert all("✓" in line for line in lines[-2:])
    assert "[red] is no colour" in lines
