"""The Python of the guides runs as it stands, in its order, and the errors that the client's names exist."""

import getpass
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from eth_account import Account

from crossmargin.chain.decimals import wad
from crossmargin.chain.remedies import REMEDIES
from crossmargin.client.option_views import Slice
from crossmargin.client.venue import Venue as Client
from crossmargin.deployment.roles import Role
from tests.helpers.option_desk import CALL, post_surfaces, series

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "client.md").read_text()
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS, TRADE = PYTHON.findall(GUIDE), PYTHON.findall((ROOT / "docs" / "deployment-guide.md").read_text())
REFUSALS = GUIDE.split("\n## Refusals\n")[1]
ERRORS = re.compile(r"`(?P<name>[A-Z]\w+)\((?P<arguments>[^)]*)\)`")


@pytest.fixture
def names(venue, node, tmp_path, trader, maker, other):
    """Give what the guide takes for granted: a node, a deployment, keys, a poster, prices of now."""
    deployment = tmp_path / "31337.json"
    venue.record.save(deployment)
    venue.govern(venue.manager, "grantRole", Role.POSTER, other, 0)
    post_surfaces(venue)
    keys = {"trader_key": trader, "maker_key": maker, "poster_key": other}
    keys = {name: Account.from_key(each.private_key) for name, each in keys.items()}
    return {"rpc": node.web3.provider.endpoint_uri, "deployment": deployment, **keys}


def test_guide_runs(venue, names, trader, maker):
    """Between the blocks time passes, as it would for a reader."""
    expiry = series(venue, CALL).expiry
    waits = {
        "post_slice": lambda: venue.warp(venue.config.options["ETH"].min_interval),
        "observe_settlement": lambda: [venue.warp(time - venue.node.now) for time in (expiry - 1_800, expiry + 1)],
    }
    for block in BLOCKS:
        for word, wait in waits.items():
            if word in block:
                wait()
        exec(compile(block, "docs/client.md", "exec"), names)  # noqa: S102 (our own document)

    assert names["initial"].requirement > names["maintenance"].requirement > 0
    assert names["last"].a + 1_000 == names["new"].a
    assert names["poster"].slices(venue.feed("ETH"))[expiry][0] == names["new"]
    assert names["trader"].settlement(CALL).finished
    assert names["trader"].holders(CALL) == []
    assert venue.cash(maker) + venue.cash(trader) == pytest.approx(wad(20_000 - 200), rel=1e-2)


def test_the_first_posts_and_the_first_trade_of_a_deployment(venue, names, trader, maker, tmp_path, monkeypatch):
    """But for node, file and expiry, which are another chain's."""
    post, trade = TRADE
    later = venue.record.slices["ETH:quarterly"] + 90 * 86_400
    poster = Client.connect(names["rpc"], names["deployment"], names["poster_key"])
    exec(compile(post.replace("1_806_048_000", str(later)), "post", "exec"), {"poster": poster})  # noqa: S102 (ours)
    assert poster.slices(1)[later][0].a == Slice.of(a="0.32", b="0", rho="0", m="0", sigma="1", carry="0").a

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(getpass, "getpass", lambda _: "secret")
    for name, each in (("maker", maker), ("taker", trader)):
        (tmp_path / f"{name}.json").write_text(json.dumps(Account.encrypt(each.private_key, "secret", iterations=2)))
    places = {"http://127.0.0.1:8545": names["rpc"], "build/venue/31337.json": str(names["deployment"])}
    for shown, here in places.items():
        trade = trade.replace(shown, here)
    exec(compile(trade, "trade", "exec"), {})  # noqa: S102 (our own document)
    assert venue.position(trader, "ETH-PERP")[0] == -venue.position(maker, "ETH-PERP")[0] == wad(1)


def test_refusals_are_those_of_the_contracts():
    """Each error of the table is declared, with these arguments."""
    declared = {}
    for path in (files("crossmargin") / "abis").iterdir():
        for entry in json.loads(path.read_text()):
            if entry["type"] == "error":
                declared.setdefault(entry["name"], []).append(", ".join(each["name"] for each in entry["inputs"]))
    named = [(match["name"], match["arguments"]) for match in ERRORS.finditer(REFUSALS)]
    assert len(named) > 10
    assert [each for each in named if each[0] not in declared] == []
    assert [each for each in named if each[1] not in ("...", *declared.get(each[0], []))] == []


def test_errors_say_what_the_table_says():
    """Each remedy is in the row of its error, and each row's in the library."""
    rows = re.findall(r"^\| (`[A-Z].*?`) \| (.*) \|$", REFUSALS, re.MULTILINE)
    table = {match["name"]: text for names, text in rows for match in ERRORS.finditer(names)}
    assert table == REMEDIES
