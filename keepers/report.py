"""What the keeper did and what it earned, from the journal alone. Reads the database; asks no node."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from keepers.names import usd_text
from keepers.store import ActionRow, ActionStatus, BlockStore, Journal

__all__ = ["build_report", "render_report"]

_DONE = (ActionStatus.MINED, ActionStatus.SETTLED)
_OPEN = (ActionStatus.INTENT, ActionStatus.SENT, ActionStatus.MINED)
_SHOWN = 30


def build_report(blocks: BlockStore, journal: Journal) -> dict[str, Any]:
    """Sum the journal up, final receipts only; amounts as decimal text in USD."""
    cursor = blocks.cursor()
    actions = journal.actions()
    counted: dict[str, dict[str, int]] = {}
    for action in actions:
        by_status = counted.setdefault(action.kind, {})
        by_status[action.status.value] = by_status.get(action.status.value, 0) + 1
    done = [action for action in actions if action.status is ActionStatus.SETTLED]
    spent = [action for action in actions if action.status not in _OPEN]
    value = sum(action.value or 0 for action in done)
    paid = sum(action.paid or 0 for action in done)
    gas = sum(action.gas_cost or 0 for action in spent)
    return {
        "block": None if cursor is None else cursor.number,
        "events": blocks.event_count(),
        "actions": counted,
        "take": {
            "value": usd_text(value),
            "paid": usd_text(paid),
            "gas": usd_text(gas),
            "net": usd_text(value - paid - gas),
        },
        "journal": [_journal_row(action) for action in actions],
    }


def render_report(report: dict[str, Any]) -> Sequence[Table]:
    """Lay a report out for the terminal."""
    take = report["take"]
    summary = Table(title=f"Keeper at block {report['block']}, {report['events']} events")
    for title in ("value received", "paid", "gas", "take"):
        summary.add_column(f"{title} [USD]", justify="right")
    summary.add_row(*(_short(take[key]) for key in ("value", "paid", "gas", "net")))
    journal = Table(title="Newest actions")
    for title in ("id", "what", "status", "take [USD]", "why"):
        journal.add_column(title, justify="right" if title in {"id", "take [USD]"} else "left", overflow="fold")
    for row in report["journal"][-_SHOWN:]:
        account = f"{row['account'][:10]}…/{int(row['account'], 16) % 2**96}"
        part = "" if row["fraction"] is None else f" of {float(row['fraction']):.1%}"
        what = f"{row['kind']}{part}\n{account}"
        journal.add_row(str(row["id"]), what, row["status"], _short(row["take"]), row["reason"])
    return summary, journal


def _journal_row(action: ActionRow) -> dict[str, Any]:
    done = action.status in _DONE and action.value is not None
    take = (action.value or 0) - (action.paid or 0) - (action.gas_cost or 0)
    return {
        "id": action.id,
        "kind": action.kind,
        "account": f"0x{action.account:064x}",
        "auction": action.auction,
        "status": action.status.value,
        "reason": action.reason,
        "decided_block": action.decided_block,
        "block": action.block,
        "expected": usd_text(action.expected),
        "fraction": usd_text(action.fraction),
        "value": usd_text(action.value),
        "paid": usd_text(action.paid),
        "gas_used": action.gas_used,
        "gas_cost": usd_text(action.gas_cost),
        "data_cost": usd_text(action.data_cost),
        "take": usd_text(take) if done else None,
    }


def _short(amount: str | None) -> str:
    return "" if amount is None else f"{float(amount):,.4f}"
