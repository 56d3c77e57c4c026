"""Write what the manual says elsewhere too, from the interfaces; `--check` only compares.

crossmargin/chain/error_units.json has the units of errors' arguments; docs/events.md is the catalogue of events.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from natspec import ROOT, TAG, parse

UNIT: Final = re.compile(r"\[([^\]]+)\]\.?$")
INTERFACES: Final = ROOT / "contracts" / "interfaces"
UNITS: Final = ROOT / "crossmargin" / "chain" / "error_units.json"
EVENTS: Final = ROOT / "docs" / "events.md"
WIDTH: Final = 110
HEAD: Final = """# Events

Every event of the venue's own contracts, by the contract that emits it, with the topic to filter by. Written
by `tools/manual.py` from [the interfaces](../contracts/interfaces); `make check` compares. Indexed arguments
are topics: a filter may name them. What a unit means is in [units](units.md). How to read events is in
[integrating](integrate.md#events).
"""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: type, whether it is a topic, and what its `@param` says."""

    name: str
    kind: str
    indexed: bool
    text: str

    @property
    def unit(self) -> str | None:
        """Give the unit in brackets at the end of the text."""
        found = UNIT.search(self.text)
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Declared:
    """An event or an error."""

    kind: str
    name: str
    notice: str
    arguments: tuple[Argument, ...]
    signature: str


def declared(node: dict[str, Any], kind: str) -> Iterator[Declared]:
    """Find the definitions of a kind in a syntax tree."""
    for each in node["nodes"]:
        if each["nodeType"] == kind:
            yield _declared(each)
        elif each["nodeType"] == "ContractDefinition":
            yield from declared(each, kind)


def _declared(node: dict[str, Any]) -> Declared:
    _, *tags = TAG.split(node["documentation"]["text"])
    said = [(tag, " ".join(text.split())) for tag, text in zip(tags[::2], tags[1::2], strict=True)]
    params = dict(text.split(" ", 1) for tag, text in said if tag == "param")
    arguments = tuple(
        Argument(
            name=each["name"],
            kind=each["typeDescriptions"]["typeString"].rpartition(" ")[2].rpartition(".")[2],
            indexed=each.get("indexed", False),
            text=params.get(each["name"], ""),
        )
        for each in node["parameters"]["parameters"]
    )
    selector = node.get("eventSelector") or node.get("errorSelector") or ""
    notice = " ".join(text for tag, text in said if tag == "notice")
    return Declared(node["nodeType"], node["name"], notice, arguments, selector)


def error_units(trees: Iterable[dict[str, Any]]) -> str:
    """Write the units of errors' arguments, by error and argument."""
    units: dict[str, dict[str, str]] = {}
    for tree in trees:
        for error in declared(tree, "ErrorDefinition"):
            found = {each.name: each.unit for each in error.arguments if each.unit}
            units.setdefault(error.name, {}).update(found)
    named = {name: units[name] for name in sorted(units) if units[name]}
    return json.dumps(named, indent=2) + "\n"


def catalogue(trees: dict[str, dict[str, Any]]) -> str:
    """Write the catalogue of events."""
    parts = [HEAD]
    for path in sorted(trees):
        events = sorted(declared(trees[path], "EventDefinition"), key=lambda each: each.name)
        if events:
            parts.append(f"\n## {Path(path).stem.removeprefix('I')}\n")
            parts += [_event(each) for each in events]
    return "".join(parts)


def _event(event: Declared) -> str:
    lines = [f"\n### {event.name}\n", *wrap(event.notice, WIDTH), "", f"Topic `0x{event.signature}`.", ""]
    if event.arguments:
        lines += ["| argument | type | topic | is |", "|---|---|---|---|"]
        lines += [f"| `{a.name}` | `{a.kind}` | {'yes' if a.indexed else ''} | {a.text} |" for a in event.arguments]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write or check both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a file is not what the interfaces say")
    check = parser.parse_args().check
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "contracts").rglob("*.sol")}
    trees = parse(sources)
    interfaces = {path: tree for path, tree in trees.items() if (ROOT / path).parent == INTERFACES}
    stale = []
    for path, text in ((UNITS, error_units(trees.values())), (EVENTS, catalogue(interfaces))):
        if not path.exists() or path.read_text() != text:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.write_text(text)
    if check and stale:
        print(f"{', '.join(stale)}: behind the interfaces: run python tools/manual.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
