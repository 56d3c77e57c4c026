"""The demo's command line: what is wrong is said in a line before anything starts."""

import importlib.util

import pytest
from click.testing import CliRunner

from crossmargin.deployment.artifacts import REPOSITORY

OCTOBER = (REPOSITORY / "config" / "scenarios" / "october-2025.toml").read_text()


@pytest.fixture(scope="module")
def script():
    """Load the script."""
    spec = importlib.util.spec_from_file_location("demo_script", REPOSITORY / "scripts" / "demo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def demo(script, monkeypatch):
    """Run it, short of a chain; give status and output."""

    def make(*arguments):
        monkeypatch.setattr(script, "run_demo", lambda *_, **__: pytest.fail("something was started"))
        result = CliRunner().invoke(script.cli, [str(each) for each in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return make


def test_help_says_what_is_accepted(demo):
    """Every option, every layout of prices."""
    code, text = demo("--help")
    assert code == 0
    for word in ("--prices", "--window", "--scenario", "--out", "--keepers", "Kraken", "TradingView", "october-2025"):
        assert word in text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--prices", "ETH=none.csv"), "demo: none.csv: cannot be read: No such file or directory\n"),
        (("--prices", "DOGE=none.csv"), "demo: PRICES: no asset 'DOGE'; the scenario has ETH, BTC, LINK, USDT\n"),
        (("--scenario", "moon"), "demo: no scenario 'moon'; there are "),
        (("--out", REPOSITORY / "LICENSE" / "demo"), f"demo: {REPOSITORY}/LICENSE/demo: Not a directory\n"),
    ],
)
def test_a_mistake_is_one_line(demo, arguments, line):
    """Exit status 1, and nothing has begun."""
    code, text = demo(*arguments)
    assert code == 1
    assert text.startswith(line)
    assert text.count("\n") == 1


def test_runs_draw_the_noise_anew(script, monkeypatch, tmp_path, run):
    """Other seeds, folders of their own, and the spread at the end."""
    played = []

    def play(_console, plan, folder, _keepers):
        played.append((plan.scenario.seed, folder.name))
        return run

    monkeypatch.setattr(script, "play", play)
    result = CliRunner().invoke(script.cli, ["--runs", "3", "--out", str(tmp_path)])
    first = played[0][0]
    assert played == [(first + index, f"run-{index + 1}") for index in range(3)]
    assert "Spread of 3 runs" in result.output
    assert "bad debt in 3 of 3 runs" in result.output


def test_own_prices_have_no_noise(demo):
    """Each run of them would be the same."""
    code, text = demo("--runs", 2, "--prices", "ETH=none.csv")
    assert code == 2
    assert "no noise to draw anew" in text


def test_a_window_needs_prices(demo):
    """It is a part of them."""
    code, text = demo("--window", "2024-08-05/24h")
    assert code != 0
    assert "give --prices, too" in text


def test_markup_in_a_file_is_no_markup(demo, tmp_path):
    """Brackets are shown as they are, also in an error."""
    path = tmp_path / "own.toml"
    path.write_text(OCTOBER.replace('kind = "call"', 'kind = "[/bold]"', 1))
    code, text = demo("--scenario", path)
    assert code == 1
    assert 'kind = "[/bold]": must be' in text


def test_markup_in_a_title_is_no_markup(script, tmp_path, monkeypatch):
    """The rule above a run shows it."""
    path = tmp_path / "own.toml"
    path.write_text(OCTOBER.replace('title = "10 Oct', 'title = "[/] $1 10 Oct', 1))

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(script, "run_demo", stop)
    result = CliRunner().invoke(script.cli, ["--scenario", str(path), "--out", str(tmp_path)])
    assert result.exit_code == script.INTERRUPTED
    assert "[/] $1 10 October 2025" in result.output
