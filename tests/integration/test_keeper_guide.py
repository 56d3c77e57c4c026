"""The keeper's guide on a deployed venue: from nothing to a keeper that may run live, by its own commands."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from keepers.cli import main
from tests.helpers.handles import address_of
from tests.helpers.option_desk import CALL, post_surfaces

GUIDE = Path(__file__).parents[2] / "docs" / "keeper-guide.md"


@pytest.fixture
def keeper(tmp_path, venue):
    """Give a way to call the command with the newcomer's configuration; it ends well unless told otherwise."""
    venue.record.save(tmp_path / "deployment.json")
    runner = CliRunner()

    def call(*arguments: str, code: int = 0) -> str:
        config = () if arguments[0] == "init" else ("--config", str(tmp_path / "keeper.toml"))
        done = runner.invoke(main, [*arguments, *config])
        assert done.exit_code == code, done.output
        return done.output

    return call


@pytest.fixture
def signer(keeper, tmp_path, venue):
    """Make the newcomer's key and configuration; give its address."""
    url = venue.node.web3.provider.endpoint_uri
    said = keeper(
        "init", "--folder", str(tmp_path), "--rpc-url", url, "--deployment", str(tmp_path / "deployment.json")
    )
    return said.split()[0]


def _follow_guide(venue, signer: str, trader) -> None:
    """Send money to the signer by the guide's commands for a local chain."""
    (block,) = re.findall(r"^export SIGNER=.*?\n(cast .*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    env = {"SIGNER": signer, "USDC": venue.tokens["USDC"].address, "TRADER": address_of(trader)}
    env |= {"ETH_RPC_URL": venue.node.web3.provider.endpoint_uri, "PATH": os.environ["PATH"]}
    done = subprocess.run(["/bin/bash", "-euc", block], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


def _findings(keeper, code: int) -> dict[str, dict[str, str]]:
    return {one["what"]: one for one in json.loads(keeper("doctor", "--json", code=code))}


def test_from_nothing_to_live(keeper, signer, tmp_path, venue, maker):
    """The doctor asks for money until there is some; deposit, backfill and positions do what they say."""
    poor = _findings(keeper, 1)
    assert {name for name, one in poor.items() if one["state"] == "wrong"} == {"gas money", "margin"}
    assert signer in poor["gas money"]["advice"]
    assert poor["permission"]["state"] == "ok"

    _follow_guide(venue, signer, maker)
    assert len(keeper("deposit", "3000.5").split()) == 2
    assert "are wanted" in keeper("deposit", "18000", code=1)
    found = _findings(keeper, 0)
    assert found["margin"]["found"].startswith("3,000.50 USD")
    assert "16,999.50" in found["quote money"]["found"]

    assert "events" in keeper("backfill")
    held = json.loads(keeper("positions", "--json"))
    assert (held["positions"], held["cash"]) == ([], "3000.500000000000000000")
    assert keeper("close", "--json") == ""
    assert "Keeper at block" in keeper("status")
    assert json.loads(keeper("replay", "--json"))["auctions"] == 0
    assert Path(tmp_path / "keeper.db").exists()


def test_positions_are_priced(keeper, tmp_path, venue, trader, maker, signer):
    """A perpetual by the index, an option by its mark, and what would close them."""
    del signer
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "50000")
    post_surfaces(venue)
    venue.trade(trader, maker, "ETH-PERP", "2")
    venue.trade(maker, trader, CALL, "1")
    config = tmp_path / "keeper.toml"
    config.write_text(config.read_text().replace('# owner = ""', f'owner = "{trader.address}"'))
    rows = json.loads(keeper("positions", "--json"))["positions"]
    assert [float(row["size"]) for row in rows] == [2, -1]
    assert float(rows[0]["price"]) == 2000
    assert 0 < float(rows[1]["price"]) < 1000
    rows = [json.loads(line) for line in keeper("close", "--json").splitlines()]
    assert [(row["side"], row["left"] == row["size"], row["fills"]) for row in rows] == [
        ("sell", True, []),
        ("buy", True, []),
    ]
    assert "nobody offers" in keeper("close")
