import asyncio
import io
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from eth_account import Account
from rich.console import Console

from crossmargin.model.units import WAD
from keepers.chain import Header
from keepers.cli import main
from keepers.contracts import load_contracts
from keepers.errors import SettingsError, WrongChainError
from keepers.executor import load_signer
from keepers.identity import account_of, identify
from keepers.metrics import Health, Metrics, MetricsServer
from keepers.mirror import Ledger, Mirror
from keepers.report import build_report, render_report
from keepers.settings import Settings, SignerSettings
from keepers.store import ActionStatus, BlockStore, Intent, Journal, Result, open_stores
from keepers.views import Screened
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.mirror_samples import NOW, PRICES, event_of, fund, mirror_of
from tests.offchain.keepers.sample_venue import ADDRESSES, PaperKeeper, paper_keeper, paper_venue

GUIDE = Path(__file__).parents[3] / "docs" / "keeper-guide.md"
OWNER = "0x" + "aa" * 20


def _settings(**parts: object) -> Settings:
    return Settings(**{"bidder": {"owner": OWNER}, **parts})


GOOD = Screened(5, True, 0, int((100 - 100 * 0.05 - 1e-5 * 100**1.5) * WAD), 0)
BAD = Screened(5, True, 0, 40 * WAD, 0)


@pytest.fixture
def mirror():
    """Give a mirror of the paper venue."""
    return mirror_of()


@pytest.fixture
def verify(mirror, monkeypatch):
    """Give a verifier that is told the chain's answers for account 5, one a question."""
    paper = paper_keeper(mirror, audit_every=1)
    fund(mirror, 2, 5, 100, 10)
    fund(mirror, 2, 6, 100, 10)
    left: list[Screened] = []
    asked: list[list[int]] = []

    async def prices(_ledger, _block):
        return PRICES

    async def screen(_block, accounts):
        asked.append(sorted(accounts))
        return [left.pop(0)]

    monkeypatch.setattr(paper.prices, "read", prices)
    monkeypatch.setattr(paper.lens, "screen", screen)

    async def look_and_audit() -> None:
        seen = await paper.look.at(Header(2, "h", "g", NOW, 1), sample=paper.audit.due(0))
        doubtful = paper.audit.judge(seen)
        if doubtful:
            paper.healer.doubt(doubtful)

    def ask(*answers: Screened) -> PaperKeeper:
        left.extend(answers)
        asked.clear()
        asyncio.run(look_and_audit())
        assert asked == [[5, 6], [5]][: len(answers)]
        return paper

    return ask


def test_mismatch_stops_trading_until_audits_are_clean(verify, mirror):
    """One account that differs stops everything; several clean audits in a row let it go on."""
    paper = verify(GOOD)
    assert paper.audit.trusted
    verify(BAD, BAD)
    assert not paper.audit.trusted
    assert "mirror" in paper.health.ready()
    assert mirror.ledger.accounts.stale == {5}
    mirror.ledger.accounts.stale.clear()
    for _ in range(2):
        verify(GOOD)
        assert not paper.audit.trusted
    verify(GOOD)
    assert paper.audit.trusted
    assert paper.health.ready() == {}


def test_difference_counts_only_if_it_stands(verify, mirror, capsys):
    """A node that answered once from another block stops nothing; the log says so."""
    paper = verify(BAD, GOOD)
    assert paper.audit.trusted
    assert paper.health.ready() == {}
    assert mirror.ledger.accounts.stale == set()
    assert paper.metrics.registry.get_sample_value("keeper_mirror_mismatches_total") == 0
    assert "answers_of_another_block" in capsys.readouterr().out
    verify(BAD, replace(BAD, account=6))
    assert paper.audit.trusted
    verify(BAD, BAD)
    assert not paper.audit.trusted
    assert paper.metrics.registry.get_sample_value("keeper_mirror_mismatches_total") == 1


def test_accounts_in_auction_take_up_no_place_in_the_screen(mirror, monkeypatch):
    """The worst are in auction, and more of them than are verified: who is sick and not in auction is asked about."""
    paper = paper_keeper(mirror, verify_most=2)
    asked: list[list[int]] = []
    for account, cash in ((5, -900), (6, -800), (7, -700), (8, -600)):
        fund(mirror, 2, account, cash, 1)
    mirror.ledger.apply(3, NOW, [event_of("AuctionStarted", account=account, id=account) for account in (5, 6, 7)])

    async def prices(_ledger, _block):
        return PRICES

    async def screen(_block, accounts):
        asked.append(list(accounts))
        return []

    monkeypatch.setattr(paper.prices, "read", prices)
    monkeypatch.setattr(paper.lens, "screen", screen)
    seen = asyncio.run(paper.look.at(Header(3, "h", "g", NOW, 1), sample=False))
    assert asked == [[8]]
    assert seen.in_auction == [5, 6, 7]
    assert seen.marks.near == [5, 6, 7, 8]


NAMED = ["keeper.db", "keeper.chain.db", "keeper.db-wal", "keeper.chain.db-shm", "keeper.db.lock", "keeper.toml"]
NAMED += ["keeper.json", "passphrase", "keeper.db.rescued-7", "keeper.db.part-7"]


@pytest.mark.parametrize("name", NAMED)
def test_secrets_and_files_of_a_keeper_are_never_committed(name):
    """What the guide has its reader write stays out of the repository."""
    git = shutil.which("git")
    done = subprocess.run([git, "check-ignore", "-q", name], cwd=GUIDE.parents[1], check=False)  # noqa: S603 - git
    assert done.returncode == 0


def test_pages_tell_live_and_ready():
    """Ready is refused with its reasons; a loop that hangs is not live; metrics are text."""
    now = [0.0]
    metrics = Metrics()
    health = Health(metrics, stale_after=10, clock=lambda: now[0])
    server = MetricsServer("127.0.0.1", 0, metrics, health)
    server.start()

    def page(name: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/{name}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    try:
        assert page("live")[0] == 200
        assert page("ready") == (503, '{"start":"not caught up yet"}')
        health.set("start", None)
        assert page("ready")[0] == 200
        now[0] = 11.0
        assert page("live")[0] == 503
        health.step()
        assert page("live")[0] == 200
        assert "head" in json.loads(page("ready")[1])
        assert "keeper_head_age_seconds 11.0" in page("metrics")[1]
        assert page("other")[0] == 404
    finally:
        server.stop()


def test_report_adds_the_take_up(tmp_path):
    """Value less payment and gas of what is final, exactly, in text and on the terminal."""
    with open_stores(tmp_path / "keeper.db") as stores:
        journal = Journal(stores.journal)
        for number, status in enumerate(
            (ActionStatus.SETTLED, ActionStatus.FAILED, ActionStatus.REFUSED, ActionStatus.MINED)
        ):
            (action,) = journal.begin([Intent(str(number), "bid", 7 << 96, 1, "", 1, 1, 0.0, 0)])
            assert action is not None
            if status is not ActionStatus.REFUSED:
                paid = (WAD, 40 * WAD, 50 * WAD) if status is ActionStatus.SETTLED else (None, None, None)
                journal.record(action, Result(2, "h", 100, 5, WAD // 2, 0, *paid))
            journal.set_status(action, status)
        report = build_report(BlockStore(stores.chain, 4), journal)
    whole = {"value": "50", "paid": "40", "gas": "1", "net": "9"}
    assert report["take"] == {key: f"{value}.{'0' * 18}" for key, value in whole.items()}
    assert [row["take"] for row in report["journal"]] == ["9.500000000000000000", None, None, None]
    assert report["actions"] == {"bid": {"settled": 1, "failed": 1, "refused": 1, "mined": 1}}
    shown = Console(width=80, file=io.StringIO(), force_terminal=False)
    shown.print(*render_report(report), sep="\n")
    text = shown.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert "bid of 100.0%" in text
    assert "9.5000" in text


def test_keystore_opens_with_its_passphrase_only(tmp_path, monkeypatch):
    """The key comes from the encrypted file; a wrong word or file is a plain error."""
    account = Account.from_key("0x" + "07" * 32)
    path = tmp_path / "key.json"
    path.write_text(json.dumps(Account.encrypt(account.key, "hush", iterations=2)))
    monkeypatch.setenv("WORD", "hush")
    settings = SignerSettings(keystore=path, passphrase_env="WORD")
    assert load_signer(settings, 1).address == account.address.lower()
    monkeypatch.setenv("WORD", "wrong")
    with pytest.raises(SettingsError, match="does not open"):
        load_signer(settings, 1)
    with pytest.raises(SettingsError, match="keystore"):
        load_signer(SignerSettings(keystore=tmp_path / "none", passphrase_env="WORD"), 1)


def test_bidder_defaults_to_the_signer():
    """The account is the owner's, the sender the signer; in a dry run without key the owner."""
    assert account_of(_settings(bidder={"owner": OWNER, "sub_id": 3}), None) == (int(OWNER, 16) << 96 | 3, OWNER)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "{}",
        '{"contracts": {}}',
        json.dumps({"chain_id": 5, "contracts": {k: {"address": v, "block": 1} for k, v in ADDRESSES.items()}}),
    ],
)
def test_deployment_file_is_checked(tmp_path, content):
    """Not JSON, no contracts, another chain: named, not guessed."""
    path = tmp_path / "31337.json"
    path.write_text(content)
    with pytest.raises(SettingsError):
        load_contracts(path, 31337)


def test_wrong_chain_is_refused():
    """A node on another chain is not used."""
    settings = _settings(chain={"chain_id": 5})
    with pytest.raises(WrongChainError, match="31337"):
        asyncio.run(identify(settings, FakeChain().node(), paper_venue()))


def test_an_error_is_a_message_and_a_code(tmp_path):
    """The example loads; a status without a database is refused in a line."""
    runner = CliRunner()
    path = tmp_path / "keeper.toml"
    path.write_text(runner.invoke(main, ["example-config"]).output)
    failed = runner.invoke(main, ["status", "--config", str(path)])
    assert failed.exit_code == 1
    assert "no database" in failed.output


def test_importing_has_no_side_effects():
    """Every module imports without a configuration, a chain or a file."""
    import importlib
    import pkgutil

    import keepers

    for module in pkgutil.walk_packages(keepers.__path__, "keepers."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_guide_names_every_metric_and_setting():
    """A metric without alert and runbook line, or a setting without description, does not get in."""
    guide = GUIDE.read_text()
    rows = {line.split("|")[1].strip(" `"): line for line in guide.splitlines() if line.startswith("| `keeper_")}
    for metric in Metrics().registry.collect():
        name = metric.name + ("_total" if metric.type == "counter" else "")
        assert name in rows, name
        assert len([cell for cell in rows[name].split("|") if cell.strip()]) == 4, name
    for part in Settings.model_fields.values():
        for key in getattr(part.annotation, "model_fields", {}):
            assert re.search(rf"`{key}`", guide), key


def test_empty_ledger_screens_nobody():
    """A venue without accounts is no special case."""
    mirror = Mirror(Ledger(OWNER, 4), _settings().mirror)
    assert mirror.screen(PRICES, NOW).near == []
    assert mirror.sample() == []
    assert mirror.turn() == []
