"""What the commands have in common: the configuration's option, errors as messages, tables or JSON."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import orjson

from keepers.errors import KeeperError

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["CONFIG", "JSON", "example", "explained", "show"]

CONFIG: Final = click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("keeper.toml"),
    show_default=True,
    help="Configuration file.",
)
JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON; amounts are decimal text.")


def example(*lines: str) -> str:
    """Write the examples that a command's help ends with."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn the keeper's errors into a message and an exit code."""
    try:
        yield
    except KeeperError as error:
        raise click.ClickException(str(error)) from error


def show(content: Any, tables: Callable[[], list["RenderableType"]], *, as_json: bool) -> None:  # noqa: ANN401 - JSON
    """Print for machines or for people."""
    if as_json:
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
    else:
        from crossmargin.console import standard_output  # noqa: PLC0415 - a keeper that runs prints no table

        standard_output().print(*tables(), sep="\n")
