"""Every command, argument group and option says what it is for."""

from importlib import import_module

import click
import pytest

from crossmargin.deployment.artifacts import REPOSITORY

COMMANDS = {
    "crossmargin": ("crossmargin.client.command", "main"),
    "crosschain": ("crossmargin.crosschain.command", "main"),
    "keeper": ("keepers.cli", "main"),
    "venue": ("crossmargin.simulation.live.command", "main"),
    "liquidations": ("crossmargin.simulation.liquidations.command", "liquidations"),
    "calibration": ("crossmargin.simulation.calibration.command", "moves"),
    **{path.stem: (f"scripts.{path.stem}", "cli") for path in (REPOSITORY / "scripts").glob("[a-z]*.py")},
}


def commands(command, name):
    """List a command and all below it."""
    yield name, command
    for below, each in getattr(command, "commands", {}).items():
        yield from commands(each, f"{name} {below}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_help(name):
    """And every command a sentence."""
    module, function = COMMANDS[name]
    for full, command in commands(getattr(import_module(module), function), name):
        assert command.help, full
        silent = [each.name for each in command.params if isinstance(each, click.Option) and not each.help]
        assert not silent, full
        assert "--help" in command.get_help(click.Context(command, info_name=full)), full
