"""A deployment's file is one process's at a time."""

import fcntl
import subprocess
import sys

import pytest

from crossmargin.chain.record import locked
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import RecordError

HOLDER = """
import sys, time
from pathlib import Path
from crossmargin.chain.record import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_deployment_is_refused_while_the_first_is_at_work(tmp_path):
    """By the process that has the file; it is free again when that one is killed, and leaves nothing behind then."""
    path = tmp_path / "31337.json"
    command = [sys.executable, "-c", HOLDER, path]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as first:  # noqa: S603 (our own program)
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(RecordError, match=rf"process {first.pid} is at work with it: wait for its end"):
            locked(path).__enter__()
        first.kill()
        first.wait()
    with locked(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_it_is_free_after_an_error(tmp_path):
    """And holds while there is none, also against the same process."""
    path = tmp_path / "deployments" / "31337.json"
    with pytest.raises(ZeroDivisionError), locked(path):
        raise ZeroDivisionError
    with locked(path), pytest.raises(RecordError, match="is at work with it"), locked(path):
        pass


def test_a_lock_that_was_removed_meanwhile_is_none(tmp_path, monkeypatch):
    """Whoever opened it before its owner removed it, and holds it after, holds what nobody else asks."""
    path, lock, flock = tmp_path / "31337.json", tmp_path / "31337.lock", fcntl.flock
    removed = []

    def late(held, how):
        if not removed:
            removed.append(lock.unlink())
        flock(held, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with locked(path):
        assert removed
        with pytest.raises(RecordError, match="is at work with it"), locked(path):
            pass
