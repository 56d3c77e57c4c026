"""The commands that people run, by name."""

from importlib import import_module

import click

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
