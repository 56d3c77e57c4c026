import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from crossmargin.chain.processes import free_port, is_free
from crossmargin.errors import ProcessError
from crossmargin.simulation.live import run
from crossmargin.simulation.live.command import main
from crossmargin.simulation.live.runfile import held, is_held

ROOT = Path(__file__).parents[3]


@contextmanager
def listener():
    """Listen on a port."""
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        yield stranger.getsockname()[1]


def test_a_folder_is_for_one_venue(tmp_path):
    """Whoever comes second is told what to do."""
    assert not is_held(tmp_path)
    with held(tmp_path):
        assert is_held(tmp_path)
        with pytest.raises(ProcessError, match=r"a venue lives in .*: end it, or give another folder"), held(tmp_path):
            pass
    assert not is_held(tmp_path)


def test_a_port_is_busy_while_somebody_listens():
    """And free at once when nobody does any more."""
    assert is_free(free_port())
    with listener() as port:
        assert not is_free(port)
    assert is_free(port)


def test_a_venue_refuses_a_busy_port(tmp_path, monkeypatch):
    """One line, status 1, and nothing is started or removed."""
    monkeypatch.setattr(run, "Processes", lambda *_: pytest.fail("something was started"))
    (tmp_path / "orders.json").write_text("kept")
    with listener() as port:
        result = CliRunner().invoke(main, ["run", "--port", str(port), "--out", str(tmp_path)])
    line = f"venue: port {port} is busy: end what listens there, or choose another, PORT={port + 1}\n"
    assert (result.exit_code, result.output) == (1, line)
    assert (tmp_path / "orders.json").read_text() == "kept"


def test_a_folder_that_cannot_be_is_said():
    """In one line."""
    result = CliRunner().invoke(main, ["run", "--out", str(ROOT / "LICENSE" / "venue")])
    assert (result.exit_code, result.output) == (1, f"venue: {ROOT}/LICENSE/venue: Not a directory\n")


def test_a_deployment_refuses_a_busy_port():
    """It would be a stranger's node; how to deploy to one on purpose is said."""
    with listener() as port:
        command = [str(ROOT / "tools" / "local_venue.sh")]
        environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PORT": str(port)}
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"deploy-local: port {port} is busy: end what listens there, or choose another, PORT={port + 1}; to deploy to "
        f"a node that runs there: ape run deploy --network http://127.0.0.1:{port} --account TEST::0\n"
    )


def test_what_an_earlier_run_left_is_removed_and_nothing_else(tmp_path, network):
    """The folder may be somebody's own."""
    (tmp_path / "logs").mkdir()
    for name in ("orders.json", "31337.json", "mine.txt"):
        (tmp_path / name).touch()
    run._clear(tmp_path, network)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("status",), "venue: no venue lives in OUT: start one with make venue\n"),
        (("run", "--crash", "moon"), "venue: no scenario 'moon'; there are "),
    ],
)
def test_a_mistake_is_one_line(tmp_path, arguments, line):
    """With status 1."""
    result = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert result.output.startswith(line.replace("OUT", str(tmp_path)))
    assert result.output.count("\n") == 1
