"""The demo as a user runs it: real chain, real contracts, real keeper processes."""

import re
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.simulation.demo.chart import draw_chart
from crossmargin.simulation.demo.outcome import save_run
from crossmargin.simulation.demo.own_prices import parse_files
from crossmargin.simulation.demo.page import write_page
from crossmargin.simulation.demo.prepare import prepare
from crossmargin.simulation.demo.run import run_demo
from crossmargin.simulation.demo.verdict import headline
from crossmargin.simulation.stage.scenario import Scenario, find_scenario

AGAIN = 19
"""Minutes that are played a second time: two accounts are auctioned in them."""
KEEPERS = 3
WAD = 10**18


def processes_of(folder: Path) -> list[str]:
    """Find processes that name a folder on their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command and "keepers run" in command:
            found.append(command)
    return found


@pytest.fixture(scope="module")
def scenario():
    """Read October 2025."""
    return Scenario.load(find_scenario("october-2025", REPOSITORY / "config" / "scenarios"))


@pytest.fixture(scope="module")
def plan(scenario):
    """Prepare it as `make demo` does."""
    return prepare(scenario)


def play(plan, folder):
    """Play a plan; temporary files go to the folder, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setenv("SKIP_BUILD", "1")  # the fixture has built
        return run_demo(plan, keepers=KEEPERS, logs=folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory, artifacts, plan):
    """Play it whole."""
    folder = tmp_path_factory.mktemp("demo")
    return play(plan, folder), folder


def test_every_check_holds(run):
    """Tokens, cash, collateral and positions add up to the wei; nobody is left below 1."""
    assert [check.name + ": " + check.detail for check in run[0].checks if not check.passed] == []


def test_unhealthy_accounts_are_auctioned_and_sold(run):
    """The leveraged accounts fall below 1, and keepers bid for them."""
    played = run[0]
    lows = {account.name: account.health_low for account in played.accounts}
    fallen = {name for name, low in lows.items() if low is not None and low < WAD}
    assert {"leveraged long", "altcoin long", "book, ether leg", "naked put", "options maker, straddle leg"} <= fallen
    for name in fallen:
        assert played.bids_on(name)
        assert set(played.bidders(name)) <= {"keeper 1", "keeper 2", "keeper 3"}


def own_file(series, path):
    """Write a series' first minutes as a file of one's own: a column for each asset and each expiry's volatility."""
    columns = {**series.prices, **series.volatility}
    rows = [[str(Decimal(values[at]).scaleb(-8)) for values in columns.values()] for at in range(AGAIN + 1)]
    lines = [",".join(["time", *columns])]
    lines += [f"{time},{','.join(row)}" for time, row in zip(series.times, rows, strict=False)]
    path.write_text("\n".join(lines))
    return path


def test_the_outcome_is_the_same_each_time(run, scenario, plan, tmp_path):
    """To the wei, every block, auction and bid: also where the same prices come from a file of one's own."""
    own = prepare(scenario, parse_files(str(own_file(plan.series, tmp_path / "own.csv")), list(scenario.prices)))
    again, last = play(own, tmp_path), own.series.times[-1]
    first = [block for block in run[0].blocks if block.time <= last]
    assert first == [block for block in again.blocks if block.time <= last]
    assert [one for one in run[0].auctions if (one.ended or last) < last] == [
        one for one in again.auctions if (one.ended or last) < last
    ]
    assert sum(len(auction.bids) for auction in again.auctions) > 1
    assert again.title == "Own prices from 2025-10-10 20:45 UTC, 19 min"
    assert any(note.endswith("2025-10-10 20:45 to 2025-10-10 21:04 UTC, times in s") for note in again.notes)


def test_readme_says_what_came_of_it(run):
    """The sentence of numbers below the picture; the picture is that of a run like this."""
    readme = " ".join((REPOSITORY / "README.md").read_text().split())
    assert headline(run[0]) in readme


def test_hedged_accounts_are_untouched(run):
    """The basis trade, the calendar spread and the cross-margined books go through the crash."""
    states = {account.name: account.state for account in run[0].accounts}
    options = ("options maker, cross", "protected spot", "iron condor", "option calendar")
    hedged = ("basis trade", "calendar spread", "book, cross", *options)
    assert {states[name] for name in hedged} == {"untouched"}


@pytest.mark.parametrize("book", ["relative value", "options maker"])
def test_cross_margin_keeps_more_than_isolated(run, book):
    """The same book is auctioned only where its legs are apart."""
    books = [account for account in run[0].accounts if account.book == book]
    auctioned = {auction.account for auction in run[0].auctions}
    assert {account.held for account in books if account.name in auctioned} == {"isolated"}


def test_options_follow_price_and_volatility(run):
    """What was posted is what the marks of the series come from."""
    blocks = run[0].blocks
    first = blocks[0]
    assert max(block.volatility["ETH:weekly"] for block in blocks) > 3 * first.volatility["ETH:weekly"] // 2
    assert max(block.marks["ETH-WEEKLY-100-P"] for block in blocks) > 3 * first.marks["ETH-WEEKLY-100-P"]
    assert min(block.marks["ETH-WEEKLY-100-C"] for block in blocks) < first.marks["ETH-WEEKLY-100-C"]


def test_scenarios_of_option_accounts_are_recorded(run):
    """Each needs something at first, and the scenario that asks it is named; who is sold out needs nothing."""
    first, last = run[0].blocks[0].options, run[0].blocks[-1].options
    assert first["naked put"].binding == "-6 %, vol up"
    assert first["option calendar"].binding == "-6 %, vol apart"
    assert all(each.required > 0 and each.binding for each in first.values())
    assert last["options maker, cross"].required < last["options maker, cross"].equity
    apart = sum(first[f"options maker, {leg} leg"].required for leg in ("straddle", "wings"))
    assert apart > first["options maker, cross"].required


def test_keepers_count_as_the_chain_does(run):
    """Each keeper's journal agrees with the events; gas it values at the ether price of the day."""
    for keeper in run[0].keepers:
        own = {name: float(amount) for name, amount in keeper.reported["take"].items()}
        assert own["value"] - own["paid"] == pytest.approx((keeper.take + keeper.gas) / WAD, abs=1e-6)
        assert own["gas"] == pytest.approx(keeper.gas / WAD, rel=0.3)


def test_hardly_a_transaction_reverts(run):
    """Keepers that want the same take turns: at most one call in ten is mined for nothing."""
    sent = sum(keeper.starts + keeper.bids + keeper.reverted for keeper in run[0].keepers)
    assert sum(keeper.reverted for keeper in run[0].keepers) * 10 <= sent


def test_nobody_is_left_behind(run):
    """When the run has returned, its keepers have ended."""
    assert processes_of(run[1]) == []
    assert list(run[1].glob("crossmargin-demo-*")) == []


def test_pictures_are_made(run, tmp_path):
    """A real run can be drawn and saved."""
    draw_chart(run[0], tmp_path / "demo.png")
    write_page(run[0], tmp_path / "demo.html")
    save_run(run[0], tmp_path / "demo.json")
    assert not re.search(r'(?:src|href)="', (tmp_path / "demo.html").read_text())
