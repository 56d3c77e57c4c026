"""What watches a keeper: written from one table, complete, and readable by those it is for."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from keepers.metrics import Metrics
from tools.operations import ALERTS, DASHBOARD, files, rows

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "operations"


def _measured() -> set[str]:
    found = Metrics().registry.collect()
    return {metric.name + ("_total" if metric.type == "counter" else "") for metric in found}


def test_files_are_what_the_table_says():
    """Alert rules, dashboard and the guide's runbook are as the tool writes them."""
    for path, text in files().items():
        assert path.read_text() == text, f"{path.name}: run python tools/operations.py"


def test_every_metric_has_a_row_and_every_row_a_metric():
    """With an alert, how long it holds, and what to do about it."""
    assert {row["name"] for row in rows()} == _measured()
    for row in rows():
        assert all(row[key] for key in ("meaning", "alert", "expression", "holds", "severity", "unit", "runbook"))


def test_rules_ask_for_what_is_measured():
    """Every name in an expression is a metric, and each rule is of its own."""
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules) == len(rows()) + 1
    for row in rows():
        names = set(re.findall(r"keeper_[a-z_]+", row["expression"]))
        assert row["name"] in {name.removesuffix("_bucket") for name in names}
        assert {name.removesuffix("_bucket") for name in names} <= _measured()


def test_dashboard_has_a_panel_for_each():
    """None lies on another."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(panels) == len(places) == len(rows())


def test_compose_mounts_what_is_there():
    """Every file that a service is given is in the folder, but for the keeper's own."""
    services = yaml.safe_load((FOLDER / "compose.yml").read_text())["services"]
    sources = [volume.split(":")[0] for service in services.values() for volume in service["volumes"]]
    for source in sources:
        if source.startswith("./") and source != "./keeper":
            assert (FOLDER / source).is_file()
    assert (FOLDER / services["keeper"]["build"]["dockerfile"].removeprefix("operations/")).is_file()
    assert services["keeper"]["environment"]["KEEPER_DRY_RUN"].endswith("true}")


def test_image_copies_what_is_there():
    """What goes into the image is in the repository and not ignored; uv is the one of the setup."""
    text = (FOLDER / "Dockerfile").read_text()
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text().split()
    for line in re.findall(r"^COPY (?!--)(.*)", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()
            assert f"!{source}" in ignored
    (uv,) = re.findall(r"uv==([\d.]+)", text)
    assert f"uv=={uv}" in (ROOT / "tools" / "setup.sh").read_text()


@pytest.fixture
def analyse(tmp_path):
    """Give a way to ask systemd's tool about the unit, as if its command and user were here."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("without systemd there is nothing to ask")
    unit = tmp_path / "keeper.service"
    text = (FOLDER / "keeper.service").read_text()
    assert text.count("/opt/crossmargin/.venv/bin/keeper") == text.count("User=keeper") == 1
    unit.write_text(text.replace("/opt/crossmargin/.venv/bin/keeper", "/bin/true").replace("User=keeper", "User=games"))

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([tool, *arguments, str(unit)], capture_output=True, text=True, check=False)  # noqa: S603

    return ask


def test_unit_is_understood(analyse):
    """Systemd finds nothing wrong with it."""
    done = analyse("verify")
    assert "keeper.service" not in done.stderr, done.stderr


def test_unit_keeps_the_keeper_from_the_machine(analyse):
    """Systemd counts how much of the machine it leaves open, of ten: at most two and a half."""
    done = analyse("security", "--offline=true", "--no-pager", "--threshold=25")
    assert done.returncode == 0, done.stdout[-2000:]
