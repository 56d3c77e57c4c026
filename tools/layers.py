"""Check that no import runs up or in a circle, in the Python library as in contracts/.

Python: a room imports itself and what stands in a lower layer, nothing beside it; the keeper has its own list. Imports
for type checkers only count like all others. Solidity: a file imports from its own layer or one below; between the
folders of libraries only along the arrows.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from os.path import relpath
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

ROOMS: Final = (
    ("crossmargin.errors", "crossmargin.console"),
    ("crossmargin.model",),
    ("crossmargin.chain", "crossmargin.volatility"),
    ("crossmargin.crosschain",),
    ("crossmargin.client", "crossmargin.deployment"),
    ("crossmargin.feeder",),
    ("crossmargin.simulation",),
    ("scripts",),
)
"""Layers of the Python code, the lowest first."""
BESIDE: Final = {
    "crossmargin": (),
    "keepers": ("crossmargin.errors", "crossmargin.console", "crossmargin.model", "crossmargin.chain"),
}
"""What stands in no layer, and what it may import."""
FOREIGN: Final = ("tests", "tools")
"""Ours too, and imported by nothing that is checked."""

FOLDERS: Final = (
    ("types",),
    ("interfaces",),
    ("pricing", "ledger", "risk", "auction", "vault", "oracles", "volatility", "crosschain"),
    ("", "periphery"),
)
"""Layers of the folders under contracts/, the lowest first; "" holds the contracts themselves."""
LIBRARIES: Final = 2
ARROWS: Final = {"auction": ("risk",)}
"""What a folder of libraries may import beside itself and the layers below."""

SOLIDITY_IMPORT: Final = re.compile(r"""^[ \t]*import\b[^"';]*["'](?P<target>[^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Import:
    """An import of our own code by our own code: modules by dotted name, Solidity files by path."""

    path: Path
    line: int
    source: str
    target: str


def findings(root: Path) -> list[str]:
    """List what breaks a rule in the tree under `root`, one line each."""
    python, solidity = list(python_imports(root)), list(solidity_imports(root))
    return [
        *strangers(root),
        *(f"{each.path}:{each.line}: {fault}" for each in python if (fault := room_fault(each))),
        *(f"{each.path}:{each.line}: {fault}" for each in solidity if (fault := folder_fault(each))),
        *(f"circle of modules: {each}" for each in circles((one.source, one.target) for one in python)),
        *(f"circle of files: {each}" for each in circles((one.source, one.target) for one in solidity)),
        *(f"circle of folders: {each}" for each in circles(_arrows(solidity))),
    ]


def strangers(root: Path) -> list[str]:
    """Name the rooms and folders that the tables above do not know."""
    rooms = {room_of(module) for module in _modules(root)} - {room for layer in ROOMS for room in layer} - BESIDE.keys()
    files = (path.relative_to(root / "contracts") for path in (root / "contracts").rglob("*.sol"))
    folders = {folder_of(file.as_posix()) for file in files} - {folder for layer in FOLDERS for folder in layer}
    return [f"{each}: in no layer" for each in (*sorted(rooms), *(f"contracts/{each}" for each in sorted(folders)))]


def circles(imports: Iterable[tuple[str, str]]) -> list[str]:
    """Write circles until leaving one import of each out leaves none."""
    graph: dict[str, list[str]] = {}
    for source, target in sorted(set(imports)):
        graph.setdefault(source, []).append(target)
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][:0:-1]
            least = circle.index(min(circle))
            turned = [*circle[least:], *circle[:least]]
            found.append(" -> ".join([*turned, turned[0]]))
            graph[turned[-1]].remove(turned[0])
        else:
            return found


# ---------------------------------------------------------------- Python


def python_imports(root: Path) -> Iterator[Import]:
    """Find every import of our modules by each other."""
    modules = _modules(root)
    for module, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text())):
            for target in _targets(node, modules):
                if target.partition(".")[0] in _own():
                    yield Import(path.relative_to(root), getattr(node, "lineno", 0), module, target)


def room_fault(found: Import) -> str | None:
    """Say what is wrong with an import of Python code, if anything is."""
    source, target = room_of(found.source), room_of(found.target)
    if source == target or target in _permitted(source):
        return None
    return f"{source} may not import {found.target}"


def room_of(module: str) -> str:
    """Give the room that a module is in."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "crossmargin" else parts[0]


def _permitted(room: str) -> tuple[str, ...]:
    if room in BESIDE:
        return BESIDE[room]
    return tuple(each for layer in ROOMS[: _rank(ROOMS, room)] for each in layer)


def _own() -> set[str]:
    return {room.partition(".")[0] for layer in ROOMS for room in layer} | BESIDE.keys() | set(FOREIGN)


def _modules(root: Path) -> dict[str, Path]:
    """Name every module that is checked."""
    found = {}
    for folder in sorted(_own() - set(FOREIGN)):
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _targets(node: ast.AST, modules: dict[str, Path]) -> list[str]:
    """Name what a statement imports: the module itself where a name is one, else the module that holds the name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        return []
    names = (f"{node.module}.{alias.name}" for alias in node.names)
    return sorted({name if name in modules else node.module for name in names})


# ---------------------------------------------------------------- Solidity


def solidity_imports(root: Path) -> Iterator[Import]:
    """Find every import of our contracts' files by each other."""
    contracts = root / "contracts"
    for path in sorted(contracts.rglob("*.sol")):
        text = path.read_text()
        for match in SOLIDITY_IMPORT.finditer(text):
            target = match["target"]
            if target.startswith((".", "contracts/")):
                file = (path.parent if target.startswith(".") else root) / target
                line = text.count("\n", 0, match.start()) + 1
                yield Import(path.relative_to(root), line, relpath(path, contracts), relpath(file, contracts))


def folder_fault(found: Import) -> str | None:
    """Say what is wrong with an import of Solidity code, if anything is."""
    source, target = folder_of(found.source), folder_of(found.target)
    own, other = _rank(FOLDERS, source), _rank(FOLDERS, target)
    if source == target or other < own or (own == other and (own != LIBRARIES or target in ARROWS.get(source, ()))):
        return None
    return f"contracts/{source} may not import {found.target}"


def folder_of(file: str) -> str:
    """Give the folder of a file under contracts/; "" for the contracts themselves."""
    return file.rpartition("/")[0].partition("/")[0]


def _arrows(imports: Iterable[Import]) -> Iterator[tuple[str, str]]:
    """Give the imports between folders of one layer."""
    for each in imports:
        pair = folder_of(each.source), folder_of(each.target)
        if pair[0] != pair[1] and any(pair[0] in layer and pair[1] in layer for layer in FOLDERS):
            yield pair[0] or "contracts", pair[1] or "contracts"


# ---------------------------------------------------------------- both


def _rank(layers: tuple[tuple[str, ...], ...], name: str) -> int:
    """Give the place of what holds `name`; above all where nothing does."""
    return next((rank for rank, layer in enumerate(layers) if name in layer), len(layers))


def main() -> int:
    """Print what breaks a rule; return the exit status."""
    found = findings(ROOT)
    for each in found:
        print(each)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
