"""Check that contracts/ documents all that others see of it, in NatSpec.

Every external or public function, every error and every event has a notice, one `@param` for each named parameter and
one `@return` for each value; a function may say `@inheritdoc` instead. A public variable has a notice or
`@inheritdoc`. What an interface is, its title and notice say. Events with more than four arguments are emitted by
name. Errors of one name have the same arguments everywhere, so that a name tells how to read one. No code is generated,
so this takes seconds.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TAG = re.compile(r"^[ \t]*@(\w+)", re.MULTILINE)
CALLABLE = frozenset({"FunctionDefinition", "ErrorDefinition", "EventDefinition"})
VISIBLE = frozenset({"external", "public"})
MOST_UNNAMED = 4
"""Arguments that an event may be emitted with by their places."""

Node = dict[str, Any]


@dataclass(frozen=True)
class Doc:
    """What a NatSpec comment says, by its tags."""

    inherits: bool
    title: bool
    notice: bool
    params: frozenset[str]
    returns: tuple[str, ...]

    @classmethod
    def of(cls, node: Node) -> Doc:
        """Read the comment above a declaration; text before the first tag is a notice."""
        text = (node.get("documentation") or {"text": ""})["text"]
        first, *rest = TAG.split(text)
        tags = [("notice", first.strip()), *zip(rest[::2], (each.strip() for each in rest[1::2]), strict=True)]
        said = {tag for tag, words in tags if words}
        params = (words.split(maxsplit=1) for tag, words in tags if tag == "param")
        return cls(
            inherits="inheritdoc" in said,
            title="title" in said,
            notice="notice" in said,
            params=frozenset(words[0] for words in params if len(words) > 1),
            returns=tuple(words for tag, words in tags if tag == "return"),
        )


def parse(sources: dict[str, str]) -> dict[str, Node]:
    """Ask the pinned compiler for the syntax trees of sources, given by their paths from the root."""
    settings = tomllib.loads((ROOT / "foundry.toml").read_text())["profile"]["default"]
    request = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sources.items()},
        "settings": {
            "remappings": settings["remappings"],
            "evmVersion": settings["evm_version"],
            "outputSelection": {path: {"": ["ast"]} for path in sources},
        },
    }
    command = [ROOT / settings["solc"], "--standard-json", "--base-path", ROOT, "--allow-paths", ROOT]
    answer = json.loads(subprocess.check_output(command, input=json.dumps(request).encode(), cwd=ROOT))
    errors = [error["formattedMessage"] for error in answer.get("errors", []) if error["severity"] == "error"]
    if errors:
        sys.exit("\n".join(errors))
    return {path: answer["sources"][path]["ast"] for path in sources}


def findings(sources: dict[str, str]) -> list[str]:
    """List what sources leave without documentation, one line each."""
    found = []
    shapes: dict[str, list[str]] = {}
    for path, tree in parse(sources).items():
        text = sources[path].encode()
        for node in declarations(tree):
            where = f"{path}:{line_of(node, text)}: {node['name']}"
            found += [f"{where}: no {what}" for what in missing(node)]
            if node["nodeType"] == "ErrorDefinition" and shapes.setdefault(node["name"], shape(node)) != shape(node):
                found.append(f"{where}: has other arguments elsewhere")
        for node in emits(tree):
            found.append(f"{path}:{line_of(node, text)}: emitted with {len(node['arguments'])} arguments without names")
    return found


def shape(error: Node) -> list[str]:
    """List the arguments of an error: type and name of each."""
    arguments = error["parameters"]["parameters"]
    return [f"{each['typeDescriptions']['typeString']} {each['name']}" for each in arguments]


def line_of(node: Node, text: bytes) -> int:
    """Give the line of a node in its source."""
    return text.count(b"\n", 0, int(node["src"].split(":")[0])) + 1


def emits(node: Node) -> Iterator[Node]:
    """Find the events that are emitted with too many arguments by their places."""
    if node.get("nodeType") == "EmitStatement":
        call = node["eventCall"]
        if len(call["arguments"]) > MOST_UNNAMED and not call["names"]:
            yield call
        return
    for value in node.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from emits(each)


def declarations(tree: Node) -> list[Node]:
    """List what others see of a source: its interfaces, and what any contract or the file itself declares."""
    found = []
    for node in tree["nodes"]:
        if node["nodeType"] != "ContractDefinition":
            found.append(node)
            continue
        if node["contractKind"] == "interface":
            found.append(node)
        found += node["nodes"]
    return [node for node in found if is_seen(node)]


def is_seen(node: Node) -> bool:
    """Tell whether others see a declaration."""
    kind = node["nodeType"]
    if kind == "FunctionDefinition":
        return node["kind"] != "constructor" and node["visibility"] in VISIBLE
    if kind == "VariableDeclaration":
        return bool(node["visibility"] == "public")
    return kind == "ContractDefinition" or kind in CALLABLE


def missing(node: Node) -> list[str]:
    """List the tags that a declaration lacks."""
    doc = Doc.of(node)
    if doc.inherits:
        return []
    lacks = [] if doc.notice else ["@notice"]
    if node["nodeType"] == "ContractDefinition":
        return lacks if doc.title else ["@title", *lacks]
    if node["nodeType"] not in CALLABLE:
        return lacks
    named = (each["name"] for each in node["parameters"]["parameters"])
    lacks += [f"@param {name}" for name in named if name and name not in doc.params]
    return lacks + missing_returns(node, doc)


def missing_returns(node: Node, doc: Doc) -> list[str]:
    """List the values of a function without a `@return`; the compiler checks that the names and their order agree."""
    lacks = []
    values = node.get("returnParameters", {"parameters": []})["parameters"]
    for place, value in enumerate(values):
        words = doc.returns[place].split() if place < len(doc.returns) else []
        if len(words) < (2 if value["name"] else 1):
            lacks.append(f"@return {value['name'] or 'value'}")
    return lacks


def main() -> int:
    """Print what lacks documentation; return the exit status."""
    paths = sorted((ROOT / "contracts").rglob("*.sol"))
    found = findings({str(path.relative_to(ROOT)): path.read_text() for path in paths})
    for each in found:
        print(each)
    if found:
        print(f"{len(found)} gaps in the NatSpec of contracts/")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
