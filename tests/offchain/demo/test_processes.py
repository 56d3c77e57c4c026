import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossmargin.chain.processes import Processes, free_port, interruptible
from crossmargin.errors import ProcessError
from crossmargin.simulation.demo import fleet

ROOT = Path(__file__).parents[3]

PARENT = """
import sys, time
from pathlib import Path
from crossmargin.chain.processes import Processes, interruptible

with interruptible(), Processes(Path(sys.argv[1])) as processes:
    processes.start("first", ["sleep", "600"])
    processes.start("second", ["sh", "-c", "sleep 600 & wait"])
    print(*(child.pid for child in processes._children.values()), flush=True)
    if sys.argv[2] == "error":
        raise RuntimeError("an error of the demo")
    time.sleep(600)
"""


def alive(pid):
    """Tell whether anyone of a process group still runs."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pids, seconds=10):
    """Wait until all process groups have ended."""
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(alive, pids))


def start_parent(tmp_path, mode):
    """Start a process with two children of its own; return it and the children's groups."""
    parent = subprocess.Popen(  # noqa: S603 (a fixed command)
        [sys.executable, "-c", PARENT, str(tmp_path), mode],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    )
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.stdout.close()
    return parent, pids


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_children_end_when_the_demo_is_interrupted(tmp_path, number):
    """Ctrl-C, a request to terminate and a closed terminal leave nobody behind, grandchildren included."""
    parent, pids = start_parent(tmp_path, "wait")
    assert all(map(alive, pids))
    parent.send_signal(number)
    assert parent.wait(20) != 0
    assert gone(pids)


def test_children_end_when_the_demo_fails(tmp_path):
    """An error unwinds as an interruption does."""
    parent, pids = start_parent(tmp_path, "error")
    assert parent.wait(20) != 0
    assert gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death is signalled on Linux only")
def test_children_end_when_the_demo_is_killed(tmp_path):
    """A child is told when its parent is gone without a chance to clean up."""
    parent, pids = start_parent(tmp_path, "wait")
    parent.kill()
    parent.wait(20)
    deadline = time.monotonic() + 10
    first = Path(f"/proc/{pids[0]}/stat")
    while first.exists() and ") Z" not in first.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not first.exists() or ") Z" in first.read_text()
    for pid in pids:
        if alive(pid):
            os.killpg(pid, signal.SIGKILL)


def test_check_shows_why_a_child_ended(tmp_path):
    """The last lines of its log come with the error."""
    with Processes(tmp_path) as processes:
        processes.start("a child", ["sh", "-c", "echo out of luck; exit 3"])
        processes._children["a child"].wait(10)
        with pytest.raises(ProcessError, match=r"(?s)a child ended with status 3.*out of luck"):
            processes.check()


def test_start_reports_a_missing_program(tmp_path):
    """A program that is not installed is no traceback."""
    with Processes(tmp_path) as processes, pytest.raises(ProcessError, match="no-such-program cannot be started"):
        processes.start("none", ["no-such-program"])


def test_stop_kills_who_will_not_go(tmp_path, monkeypatch):
    """Politeness has an end."""
    monkeypatch.setattr("crossmargin.chain.processes._GRACE", 0.3)
    with Processes(tmp_path) as processes:
        processes.start("deaf", ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"])
        time.sleep(0.3)
        pids = [child.pid for child in processes._children.values()]
    assert gone(pids)


def test_a_second_interrupt_does_not_break_off_the_first():
    """What is being ended is ended."""

    def end():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            ended.append(True)

    ended = []
    with pytest.raises(KeyboardInterrupt), interruptible():
        end()
    assert ended


def test_interruptible_restores_handlers():
    """What was there before is there again."""
    before = signal.getsignal(signal.SIGTERM)
    with interruptible():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_free_ports_differ_or_are_free():
    """A port is one that can be bound."""
    assert 1024 < free_port() < 65536


def test_a_keeper_that_tells_nothing_is_an_error_in_one_line(monkeypatch):
    """Not a traceback after all blocks were played; and its process has ended."""
    monkeypatch.setattr(fleet, "_STATUS_TIMEOUT", 0.2)
    silent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdout=subprocess.PIPE)
    with silent, pytest.raises(ProcessError, match=r"^keeper 1: status not told after 0\.2 s$"):
        fleet._said("keeper 1", silent)
    assert silent.returncode
