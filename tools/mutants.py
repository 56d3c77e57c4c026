"""Break the contracts on purpose, one fault at a time, and require that the tests named beside each fault fail.

tests/mutants.toml lists the faults: a text of a file that is there once, what it becomes, and tests with what their
failure says. All happens in a copy of the tree. Contracts are built with the fault and put back before tests run: those
deploy artifacts, and so need not be compiled anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = ROOT / "tests" / "mutants.toml"
BUILT: Final = ("forge", "forge-cache")
COMPILED_TESTS: Final = ("forge-tests", "forge-tests-cache")
SEED: Final = "1"
PASSED: Final = ""
"""What is said of a test that passed."""


class MutantError(Exception):
    """The table does not fit the tree, or the tree does not pass without a mutant."""


@dataclass(frozen=True)
class Mutant:
    """One fault, and the tests that must fail with it."""

    name: str
    file: str
    find: str
    replace: str
    tests: dict[str, str]
    """What the failure of each says somewhere."""

    def applied(self, text: str) -> str:
        """Return a file's text with the fault."""
        if (count := text.count(self.find)) != 1:
            raise MutantError(f"{self.name}: the text is {count} times in {self.file}, not once")
        if self.find == self.replace:
            raise MutantError(f"{self.name}: changes nothing")
        return text.replace(self.find, self.replace)

    @property
    def is_solidity(self) -> bool:
        """Tell whether contracts have to be built."""
        return self.file.endswith(".sol")


def load(path: Path = TABLE) -> list[Mutant]:
    """Read the table."""
    mutants = [Mutant(**entry) for entry in tomllib.loads(path.read_text())["mutant"]]
    names = [mutant.name for mutant in mutants]
    if len(names) != len(set(names)):
        raise MutantError("two mutants have one name")
    return mutants


def markdown(mutants: Sequence[Mutant]) -> str:
    """Draw the table of docs/testing.md."""
    rows = (f"| {each.name} | {' '.join(f'`{test}`' for test in each.tests)} |" for each in mutants)
    return "\n".join(["| fault | tests that catch it |", "|---|---|", *rows, ""])


class Workplace:
    """A copy of the tree that faults are made in."""

    def __init__(self, root: Path) -> None:
        """Copy what git knows and what was built; link what was installed."""
        self.root = root
        listed = _output(["git", "ls-files", "-z", "-co", "--exclude-standard"], ROOT)
        for name in filter(None, listed.split("\0")):
            if (source := ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, root / name, follow_symlinks=False)
        for name in ("node_modules", ".venv"):
            (root / name).symlink_to((ROOT / name).resolve())
        for name in (*BUILT, *COMPILED_TESTS):
            if (ROOT / "build" / name).is_dir():
                shutil.copytree(ROOT / "build" / name, root / "build" / name)
        self.environment = os.environ | {
            "PYTHONPATH": str(root), "SKIP_BUILD": "1", "HYPOTHESIS_PROFILE": "dev", "CROSSMARGIN_ROOT": str(root),
            "SOLCX_BINARY_PATH": str(root / "tools" / "solc"), "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
        }  # fmt: skip

    def build(self) -> str:
        """Build the contracts; return what the compiler did not like."""
        done = self._run(["forge", "build"])
        return PASSED if done.returncode == 0 else done.stderr or done.stdout

    def keep(self) -> None:
        """Keep what was built, and compile the tests."""
        self._copy_built("build", "build/kept")
        if (done := self._run(["forge", "build"], FOUNDRY_CONFIG="foundry.tests.toml")).returncode != 0:
            raise MutantError(f"the tests do not compile:\n{done.stderr or done.stdout}")

    def restore(self) -> None:
        """Take back what was kept."""
        self._copy_built("build/kept", "build")

    def _copy_built(self, source: str, target: str) -> None:
        for name in BUILT:
            shutil.rmtree(self.root / target / name, ignore_errors=True)
            shutil.copytree(self.root / source / name, self.root / target / name)

    @contextmanager
    def changed(self, mutant: Mutant) -> Iterator[None]:
        """Make the fault for a while."""
        path = self.root / mutant.file
        text = path.read_text()
        path.write_text(mutant.applied(text))
        try:
            yield
        finally:
            path.write_text(text)

    def run(self, tests: Sequence[str]) -> dict[str, str]:
        """Run tests, of each file together; say of each how it failed, or nothing where it passed."""
        files: dict[str, list[str]] = {}
        for test in tests:
            path, _, name = test.partition("::")
            files.setdefault(path, []).append(name)
        said: dict[str, str] = {}
        for path, names in files.items():
            found = self._forge(path, names) if path.endswith(".sol") else self._pytest(path, names)
            said |= {f"{path}::{name}": text for name, text in found.items()}
        return said

    def _forge(self, path: str, names: Sequence[str]) -> dict[str, str]:
        # what failed before is not to be played again, nor what was found
        for name in ("fuzz", "invariant"):
            shutil.rmtree(self.root / "build" / "forge-tests-cache" / name, ignore_errors=True)
        self._run(["tools/corpus.sh", "dev"])
        chosen = rf"\b({'|'.join(names)})\b"
        done = self._run(
            ["forge", "test", "--json", "--fuzz-seed", SEED, "--match-path", f"tests/{path}", "--match-test", chosen],
            FOUNDRY_CONFIG="foundry.tests.toml",
        )
        results: dict[str, Any] = {}
        for line in done.stdout.splitlines():
            if line.startswith("{") and '"test_results"' in line:
                for suite in json.loads(line).values():
                    results |= {name.partition("(")[0]: result for name, result in suite["test_results"].items()}
        if missing := set(names) - set(results):
            raise MutantError(f"{path}: {', '.join(sorted(missing))} did not run:\n{done.stdout}\n{done.stderr}")
        return {name: _reason(results[name]) for name in names}

    def _pytest(self, path: str, names: Sequence[str]) -> dict[str, str]:
        nodes = [f"tests/{path}::{name}" for name in names]
        alone = ["-p", "no:ape_test", "-o", "addopts=--import-mode=importlib", "--confcutdir=tests/offchain"]
        command = ["python", "-m", "pytest", *alone] if path.startswith("offchain/") else ["ape", "test"]
        done = self._run([*command, *nodes, "-q", "-rfEp"], CI="1", COLUMNS="4000")
        said = {}
        for name in names:
            marks = set(
                re.findall(rf"^(PASSED|FAILED|ERROR) \S*{re.escape(path)}::{name}\b", done.stdout, re.MULTILINE)
            )
            if not marks or "ERROR" in marks:
                raise MutantError(f"{path}::{name} did not run:\n{done.stdout}\n{done.stderr}")
            said[name] = done.stdout if "FAILED" in marks else PASSED
        return said

    def _run(self, command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environment | environment, capture_output=True, text=True, check=False
        )


def _output(command: Sequence[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def _reason(result: dict[str, Any]) -> str:
    if result["status"] == "Success":
        return PASSED
    return f"{result.get('reason') or 'failed'} {' '.join(result.get('decoded_logs', []))}"


def judge(place: Workplace, mutant: Mutant) -> tuple[str, str]:
    """Make a fault and run its tests: caught, survived or not built, and why."""
    place.restore()
    with place.changed(mutant):
        if mutant.is_solidity and (fault := place.build()) != PASSED:
            return "not built", fault
        said = {} if mutant.is_solidity else place.run(list(mutant.tests))
    if mutant.is_solidity:
        said = place.run(list(mutant.tests))
    missed = [test for test, expected in mutant.tests.items() if said[test] == PASSED or expected not in said[test]]
    if not missed:
        return "caught", "\n".join(f"{test}: {_brief(mutant, test, text)}" for test, text in said.items())
    return "survived", "\n".join(f"{test}: {said[test][-2000:] or 'passed'}" for test in missed)


def _brief(mutant: Mutant, test: str, text: str) -> str:
    """Give the line of a failure that says what it had to."""
    return next(line for line in text.splitlines() if mutant.tests[test] in line)[:200]


def run_all(mutants: Sequence[Mutant], place: Workplace, console: Console) -> bool:
    """Require that all tests pass, then that each fault is caught; print a table."""
    if (fault := place.build()) != PASSED:
        raise MutantError(f"the contracts do not build:\n{fault}")
    place.keep()
    tests = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
    if failed := {test: text for test, text in place.run(tests).items() if text != PASSED}:
        raise MutantError("fail without a mutant:\n" + "\n".join(f"{test}: {text}" for test, text in failed.items()))
    table = Table("fault", "file", "", "seconds", title="Faults made on purpose")
    verdicts = []
    for mutant in mutants:
        started = time.monotonic()
        verdict, why = judge(place, mutant)
        verdicts.append(verdict)
        seconds = f"{time.monotonic() - started:.0f}"
        table.add_row(mutant.name, mutant.file, verdict, seconds)
        console.print(f"{verdict}: {mutant.name} ({seconds} s)\n{why}", markup=False, highlight=False)
    console.print(table)
    return all(verdict == "caught" for verdict in verdicts)


def choose(beginnings: Sequence[str]) -> list[Mutant]:
    """Give the mutants whose names begin so, or all; each text is found once."""
    mutants = [mutant for mutant in load() if not beginnings or mutant.name.startswith(tuple(beginnings))]
    if not mutants:
        raise MutantError(f"no mutant begins with {' or '.join(beginnings)}")
    for mutant in mutants:
        mutant.applied((ROOT / mutant.file).read_text())
    return mutants


@click.command(context_settings={"help_option_names": ["-h", "--help"]}, help=__doc__)
@click.option("--only", multiple=True, help="Beginning of a name; may be given more than once.")
@click.option("--table", is_flag=True, help="Print the table of docs/testing.md and make no fault.")
def main(only: tuple[str, ...], *, table: bool) -> None:
    """Make the faults of the table."""
    try:
        mutants = choose(only)
        if table:
            click.echo(markdown(mutants), nl=False)
            return
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            caught = run_all(mutants, Workplace(Path(folder)), Console(width=120))
    except MutantError as error:
        raise click.ClickException(str(error)) from error
    sys.exit(0 if caught else 1)


if __name__ == "__main__":
    main()
