"""Every command, argument group and option says what it is for."""

import click
import pytest

from tests.helpers.commands import COMMANDS, below, command_of


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
