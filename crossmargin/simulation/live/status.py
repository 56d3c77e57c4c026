"""The health of a living venue, asked of its node, its keepers and its files: by the venue itself and from outside."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from requests.exceptions import RequestException
from rich.table import Table
from rich.text import Text

from crossmargin.chain.signers import Onlooker
from crossmargin.client.venue import Venue as Client
from crossmargin.deployment import NetworkConfig
from crossmargin.errors import ProcessError
from crossmargin.model.units import Seconds
from crossmargin.simulation.live.health import Check, Quotes, judge
from crossmargin.simulation.live.readings import read_venue
from crossmargin.simulation.live.runfile import RunFile, is_held
from crossmargin.simulation.stage.keepers import unready

__all__ = ["ask", "ask_keepers", "read_quotes", "status_table"]

_LOOKS: Final = 10
_MOMENT: Final = 0.3
"""Between two looks at a keeper that is not ready [s]."""


def ask(folder: Path, clock: Callable[[], float]) -> list[Check]:
    """Judge the venue that lives in `folder`, or say that none does."""
    if not is_held(folder):
        raise ProcessError(f"no venue lives in {folder}: start one with make venue")
    run = RunFile.load(folder)
    config = NetworkConfig.load(run.config)
    try:
        client = Client.connect(run.url, run.record, Onlooker())
        reading = read_venue(client, config)
    except RequestException as error:
        raise ProcessError(f"the node at {run.url} does not answer: {type(error).__name__}") from error
    return judge(reading, read_quotes(run.orders), ask_keepers(run.keepers), config, clock())


def ask_keepers(ports: Mapping[str, int], *, patient: bool = True) -> dict[str, str]:
    """Ask each keeper why it is not ready; one that is some blocks behind for a moment may be given that moment."""
    return {name: _reason(port, _LOOKS if patient else 0) for name, port in ports.items()}


def _reason(port: int, looks: int) -> str:
    reason = unready(port)
    for _ in range(looks):
        if not reason:
            break
        time.sleep(_MOMENT)
        reason = unready(port)
    return reason


def read_quotes(path: Path) -> Quotes:
    """Read when the maker's orders were written and when the first ends."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Quotes(Seconds(0), Seconds(0), frozenset())
    written, orders = Seconds(content["time"]), content["orders"]
    expiry = min((Seconds(each["expiry"]) for each in orders), default=written)
    return Quotes(written, expiry, frozenset(each["instrument"] for each in orders))


def status_table(checks: Sequence[Check]) -> Table:
    """Draw a line for each part."""
    table = Table(title="The venue's parts", title_justify="left")
    for heading in ("part", "age", "stale from", "state"):
        table.add_column(heading, justify="right" if heading in ("age", "stale from") else "left", no_wrap=True)
    for each in checks:
        state = Text("ok", style="green") if each.passed else Text(each.fault, style="bold red")
        table.add_row(each.part, _seconds(each.age), _seconds(each.limit), state)
    return table


def _seconds(value: int | None) -> str:
    return "" if value is None else f"{value} s"
