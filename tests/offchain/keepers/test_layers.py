"""The keeper's modules call one way: none reaches itself through its imports."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WAY = ("heal", "look", "audit", "snapshot")


def _modules() -> dict[str, Path]:
    found = {}
    for path in (ROOT / "keepers").rglob("*.py"):
        found[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


def _imports(path: Path, modules: dict[str, Path]) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found & modules.keys()


GRAPH = {name: _imports(path, _modules()) for name, path in _modules().items()}


def test_imports_form_no_circle():
    """An order exists in which every module comes after what it uses."""
    assert set(TopologicalSorter(GRAPH).static_order()) == GRAPH.keys()


@pytest.mark.parametrize("name", WAY)
def test_only_bot_and_runner_know_all_of_the_way(name):
    """What a block passes is called by the bot, built by the runner, and imports none that comes after it."""
    later = {f"keepers.{one}" for one in WAY[WAY.index(name) + 1 :]}
    assert not GRAPH[f"keepers.{name}"] & {*later, "keepers.bot", "keepers.runner", "keepers.executor"}
