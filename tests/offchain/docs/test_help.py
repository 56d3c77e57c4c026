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
    "ahead": ("crossmargin.simulation.ahead.command", "ahead"),
    "volatility": ("crossmargin.volatility.command", "main"),
    **{path.stem: (f"scripts.{path.stem}", "cli") for path in (REPOSITORY / "scripts").glob("[a-z]*.py")},
}


def command_of(name):
    """Load a command."""
    module, function = COMMANDS[name]
    return getattr(import_module(module), function)


def below(command):
    """List the commands of a group, also of one that loads them when they are asked for."""
    if not isinstance(command, click.Group):
        return []
    context = click.Context(command)
    return [(name, command.get_command(context, name)) for name in command.list_commands(context)]


def commands(command, name):
    """List a command and all below it."""
    yield name, command
    for own, each in below(command):
        yield from commands(each, f"{name} {own}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_help(name):
    """And every command a sentence."""
    for full, command in commands(command_of(name), name):
        assert command.help, full
        silent = [each.name for each in command.params if isinstance(each, click.Option) and not each.help]
        assert not silent, full
        assert "--help" in command.get_help(click.Context(command, info_name=full)), full
