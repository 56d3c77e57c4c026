"""Where commands print."""

import os
from typing import Final

from rich.console import Console

__all__ = ["standard_output"]

_WIDTH: Final = 160


def standard_output() -> Console:
    """Give the standard output. Where nobody looks at a window, and COLUMNS names no width, tables get some room.

    A pipe would have 80 columns: words and addresses were cut in two there.
    """
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = max(console.width, _WIDTH)
    return console
