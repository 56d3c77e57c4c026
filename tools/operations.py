"""Write what watches a keeper from one table, operations/metrics.toml: alert rules, a dashboard, the guide's runbook.

`python tools/operations.py` writes them; with --check it writes nothing and fails where one is not what it would write.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from documents import ROOT, Section

TABLE: Final = ROOT / "operations" / "metrics.toml"
ALERTS: Final = ROOT / "operations" / "alerts.yml"
DASHBOARD: Final = ROOT / "operations" / "dashboard.json"
GUIDE: Final = ROOT / "docs" / "keeper-guide.md"

SECTION: Final = Section("docs/keeper-guide.md", "tools/operations.py", "metrics")
_HEAD: Final = ("| metric | meaning | alert | runbook |", "|---|---|---|---|")
_COUNTERS: Final = "_total"
_WIDTH, _HEIGHT, _COLUMNS = 8, 7, 3

Row = dict[str, str]


def rows() -> list[Row]:
    """Read the table."""
    found: list[Row] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["metric"]
    return found


def alerts(table: list[Row]) -> str:
    """Write Prometheus' rules, one a metric."""
    lines = ["# Written by tools/operations.py from metrics.toml.", "groups:", "  - name: keeper", "    rules:"]
    for row in table:
        lines += [
            f"      - alert: {_title(row)}",
            f"        expr: {json.dumps(row['expression'])}",
            f"        for: {row['holds']}",
            "        labels:",
            f"          severity: {row['severity']}",
            "        annotations:",
            f"          summary: {json.dumps(row['meaning'] + ': ' + row['alert'])}",
            f"          runbook: {json.dumps(row['runbook'])}",
        ]
    lines += [
        "      - alert: KeeperGone",
        '        expr: "up{job=\\"keeper\\"} == 0"',
        "        for: 1m",
        "        labels:",
        "          severity: critical",
        "        annotations:",
        '          summary: "the keeper does not answer"',
        '          runbook: "read its log; start it again, its journal goes on where it was"',
    ]
    return "\n".join(lines) + "\n"


def dashboard(table: list[Row]) -> str:
    """Write Grafana's dashboard, a panel a metric."""
    page = {
        "title": "Keeper",
        "uid": "cross-margin-keeper",
        "schemaVersion": 39,
        "refresh": "10s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "panels": [_panel(number, row) for number, row in enumerate(table)],
    }
    return json.dumps(page, indent=2) + "\n"


def runbook(table: list[Row], guide: str) -> str:
    """Put the table's rows in place of those that the guide has."""
    lines = [f"| `{row['name']}` | {row['meaning']} | {row['alert']} | {row['runbook']} |" for row in table]
    return SECTION.placed(guide, "\n".join([*_HEAD, *lines]))


def _panel(number: int, row: Row) -> dict[str, Any]:
    query = row["name"]
    if query == "keeper_decision_seconds":
        query = "histogram_quantile(0.99, sum by (instance, le) (rate(keeper_decision_seconds_bucket[5m])))"
    elif query.endswith(_COUNTERS) or query == "keeper_rpc_calls":
        query = f"rate({query}[5m])"
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": row["meaning"],
        "description": f"{row['alert']}. {row['runbook']}",
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {
            "h": _HEIGHT,
            "w": _WIDTH,
            "x": number % _COLUMNS * _WIDTH,
            "y": number // _COLUMNS * _HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": row["unit"]}, "overrides": []},
        "targets": [{"refId": "A", "expr": query}],
    }


def _title(row: Row) -> str:
    """Name an alert after its metric."""
    return "".join(word.capitalize() for word in row["name"].removesuffix(_COUNTERS).split("_"))


def files() -> dict[Path, str]:
    """Give what each file should be."""
    table = rows()
    guide = runbook(table, GUIDE.read_text(encoding="utf-8"))
    return {ALERTS: alerts(table), DASHBOARD: dashboard(table), GUIDE: guide}


def main() -> int:
    """Write them, or check them."""
    stale = [path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what tools/operations.py writes")
        return int(bool(stale))
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
