"""`ape run` as people call it, many times over: ape is loaded once, and each call is a process forked from there.

What a call sees is what a new process would: environment, arguments and files are its own, and so is its end.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "ApeScripts"]

ROOT = Path(__file__).resolve().parent.parent.parent
_LOADED = ("ape._cli", "ape_accounts", "ape_run", "web3", "crossmargin.deployment", "crossmargin.feeder")


class ApeScripts:
    """A process with ape in it, which forks."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Load ape in an environment of its own, beside this process's."""
        self._folder = Path(tempfile.mkdtemp(prefix="ape-scripts-"))
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.ape_scripts"],
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT), "SKIP_BUILD": "1", "COLUMNS": "200"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run a script; its two outputs come back apart."""
        out, err = self._folder / "out", self._folder / "err"
        call = {"arguments": ["run", name, *options], "out": str(out), "err": str(err)}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(call) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return subprocess.CompletedProcess(call["arguments"], code, out.read_text(), err.read_text())

    def close(self) -> None:
        """End the process."""
        with self._server as server:
            assert server.stdin is not None
            server.stdin.close()
        shutil.rmtree(self._folder)


def _serve() -> None:
    """Take calls, a line each, until there are no more; say each's exit code, where nobody else writes."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in _LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        call = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(call)
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        answers.flush()


def _run(call: dict[str, Any]) -> None:
    """Be the call; never come back."""
    from ape._cli import cli

    code: int | str | None = 1
    for number, path in ((1, call["out"]), (2, call["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["ape", *call["arguments"]]
    try:
        cli(call["arguments"], prog_name="ape")
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 (what ends a process, whatever it is)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
