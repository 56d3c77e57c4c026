import logging

import pytest

from crossmargin.errors import ProcessError
from crossmargin.simulation.live.crew import Crew
from crossmargin.simulation.live.rota import Part, Rota, part_log
from crossmargin.simulation.stage.keepers import Keeper
from crossmargin.simulation.stage.venue import Actor


class Clock:
    """A clock that is set."""

    now = 0.0

    def __call__(self):
        """Tell the time."""
        return self.now


@pytest.fixture
def clock():
    """Begin at 0."""
    return Clock()


def test_parts_take_turns_at_their_pace(clock):
    """At once, and then every so often."""
    turns = []
    parts = [
        Part(name, every, lambda name=name: turns.append(name), logging.getLogger())
        for name, every in (("a", 2), ("b", 5))
    ]
    rota = Rota(parts, clock)
    for clock.now in range(6):
        rota.turn()
    assert turns == ["a", "b", "a", "a", "b"]


def test_a_failure_is_logged_and_forgotten_after_a_success(clock, tmp_path):
    """Nodes are slow at times."""
    outcomes = [OSError("no answer"), OSError("no answer"), None]

    def turn():
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome

    rota = Rota([Part("feeder", 1, turn, part_log("feeder", tmp_path))], clock)
    counts = []
    for clock.now in range(3):
        rota.turn()
        counts.append(rota.failing())
    assert counts == [{"feeder": 1}, {"feeder": 2}, {}]
    assert "OSError: no answer" in (tmp_path / "feeder.log").read_text()


def test_many_failures_in_a_row_end_the_venue_in_one_line(clock, tmp_path):
    """Never silently."""

    def turn():
        raise ValueError("out\nof luck")

    rota = Rota([Part("feeder", 1, turn, part_log("feeder", tmp_path))], clock)
    for clock.now in range(9):
        rota.turn()
    clock.now += 1
    with pytest.raises(ProcessError, match=r"^the feeder failed 10 times in a row: out of luck$"):
        rota.turn()


class FakeProcesses:
    """Processes that end when they are told to."""

    def __init__(self):
        """Begin with none."""
        self.started = []
        self.statuses = {}

    def start(self, name, _command, _environment):
        """Take note."""
        self.started.append(name)
        self.statuses[name] = None

    def ended(self, name):
        """Give the status."""
        return self.statuses[name]


@pytest.fixture
def keepers(tmp_path):
    """Describe two keepers."""
    return [Keeper(name, Actor.named(name), 1, 1, tmp_path / "keeper.toml") for name in ("keeper 1", "keeper 2")]


def test_a_keeper_that_ends_is_started_again_and_it_is_said(clock, keepers):
    """The other goes on."""
    processes, said = FakeProcesses(), []
    crew = Crew(processes, keepers, said.append, clock)
    crew.start()
    crew.turn()
    processes.statuses["keeper 2"] = -9
    crew.turn()
    assert processes.started == ["keeper 1", "keeper 2", "keeper 2"]
    assert said == ["keeper 2 ended with status -9: started again"]


def test_a_keeper_that_ends_again_and_again_ends_the_venue(clock, keepers):
    """Three times in ten minutes are forgiven, and counted anew after that."""
    processes = FakeProcesses()
    crew = Crew(processes, keepers, lambda _: None, clock)
    crew.start()
    for clock.now in (0, 700, 710, 720):
        processes.statuses["keeper 1"] = 1
        crew.turn()
    processes.statuses["keeper 1"] = 1
    with pytest.raises(ProcessError, match=r"^keeper 1 ended 4 times in 10 minutes$"):
        crew.turn()
