"""Commands that documents show have the options that they are given."""

import re
import shlex

import click
import pytest
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment.artifacts import REPOSITORY
from tests.helpers.commands import COMMANDS, below, command_of

DOCUMENTS = [REPOSITORY / "README.md", *sorted(REPOSITORY.glob("docs/*.md")), REPOSITORY / "config" / "README.md"]
FENCE = re.compile(r"^```(?:sh|bash|console|ini|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
OPTION = re.compile(r"--[a-z][a-z-]*")
MODULES = {
    "crossmargin.simulation.live": "venue",
    "crossmargin.crosschain": "crosschain",
    "crossmargin.simulation liquidations": "liquidations",
    "crossmargin.simulation calibration": "calibration",
    "crossmargin.simulation ahead": "ahead",
    "crossmargin.volatility": "volatility",
    "keepers": "keeper",
}
CALL = re.compile(
    r"(?:^|[\s`;&(/])"
    r"(?:ape run (?P<script>\w+)|python -m (?P<module>[\w.]+(?: [a-z]+)?)|(?P<own>crossmargin|keeper)(?= [a-z-]))"
    r"(?P<rest>[^\n|#]*)"
)
TARGET = re.compile(r"^make (?P<target>[a-z-]+)(?P<rest>[^#]*)")


def shown():
    """Give what documents show as commands: by document, a line each."""
    for path in DOCUMENTS:
        text = path.read_text()
        blocks = "".join(FENCE.findall(text)).replace("\\\n", " ")
        spans = SPAN.findall(FENCE.sub("", text).replace("\n", " "))
        yield from ((path.name, line.strip()) for line in [*blocks.splitlines(), *spans])


def found(match):
    """Find which command a line calls."""
    if match["script"]:
        return match["script"]
    if match["own"]:
        return match["own"]
    module = match["module"]
    return MODULES.get(module) or MODULES.get(module.partition(" ")[0])


def options_of(command):
    """List all options of a command and of those below it; ape adds the network's when it runs a script."""
    context = click.Context(command)
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    found = {name for each in options for name in (*each.opts, *each.secondary_opts)}
    if isinstance(command, ConnectedProviderCommand):
        found.add("--network")
    return found.union(*(options_of(each) for _, each in below(command)))


CALLS = sorted(
    {
        (document, name, option)
        for document, line in shown()
        for match in CALL.finditer(line)
        if (name := found(match)) is not None
        for option in OPTION.findall(match["rest"])
    }
)


def test_there_are_such_commands():
    """Of every kind."""
    assert {"deploy", "configure", "review", "watch", "publish", "feed", "keeper", "crossmargin", "venue"} <= {
        name for _, name, _ in CALLS
    }


@pytest.mark.parametrize("name", sorted({name for _, name, _ in CALLS}))
def test_options_that_documents_give_exist(name):
    """As a reader types them."""
    assert name in COMMANDS
    known = options_of(command_of(name))
    assert [(document, option) for document, each, option in CALLS if each == name and option not in known] == []


def test_targets_and_variables_that_documents_give_exist():
    """Those of make."""
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    read = set(re.findall(r"\$\(([A-Z_]+)\)", makefile)) | {"SKIP_BUILD"}
    calls = [(document, match) for document, line in shown() if (match := TARGET.match(line))]
    assert len(calls) > 20
    assert [(document, match["target"]) for document, match in calls if match["target"] not in targets] == []
    given = [
        (document, word.partition("=")[0])
        for document, match in calls
        for word in shlex.split(match["rest"])
        if re.match(r"[A-Z_]+=", word)
    ]
    assert [each for each in given if each[1] not in read] == []
