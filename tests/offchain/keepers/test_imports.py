"""What a start does not wait for: the modules that neither `keeper --help` nor `keeper run` imports."""

import gc
import subprocess
import sys

import click
import pytest

from keepers.cli import main
from keepers.loading import unsearched

NEVER = ("ape", "web3", "eth_account", "eth_abi", "eth_utils", "hexbytes", "pandas", "crossmargin.client")
RUNS_WITHOUT = (*NEVER, "websockets", "crossmargin.console", "keepers.doctor", "keepers.report", "keepers.setup")
HELPS_WITHOUT = (*NEVER, "numpy", "sqlalchemy", "pydantic", "httpx", "structlog", "rich", "prometheus_client")
CODE = """
import sys
from keepers.cli import main
main({arguments}, standalone_mode=False)
print("imported:", *sys.modules)
"""


def _imported(*arguments: str) -> set[str]:
    code = CODE.format(arguments=list(arguments))
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.partition("imported:")[2].split())


@pytest.mark.parametrize(
    ("arguments", "heavy", "needed"),
    [(("--help",), HELPS_WITHOUT, "click"), (("run", "--help"), RUNS_WITHOUT, "keepers.runner")],
)
def test_start_imports_only_what_it_uses(arguments, heavy, needed):
    """Signers, WebSockets, tables and other commands are imported by whoever uses them."""
    imported = _imported(*arguments)
    assert needed in imported
    assert imported.isdisjoint(heavy)


def test_list_of_commands_says_what_they_say():
    """The list is written without the commands, and has the first sentence of each."""
    context = click.Context(main)
    formatter = click.HelpFormatter(width=200)
    main.format_commands(context, formatter)
    lines = [line.split(maxsplit=1) for line in formatter.getvalue().splitlines()[1:]]
    names = main.list_commands(context)
    told = [[name, main.get_command(context, name).get_short_help_str(200)] for name in names]
    assert names == sorted(names)
    assert [[name, what.strip()] for name, what in lines] == told


@pytest.mark.parametrize("enabled", [True, False])
def test_search_for_garbage_goes_on_after_an_import(enabled):
    """As it was, also where the import fails."""

    def fail() -> None:
        with unsearched():
            assert not gc.isenabled()
            raise ImportError

    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(ImportError):
            fail()
        assert gc.isenabled() is enabled
    finally:
        gc.enable()
