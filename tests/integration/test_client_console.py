"""The command `crossmargin`, against a venue, and as it is installed."""

import fnmatch
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.client.command import main
from crossmargin.deployment.artifacts import REPOSITORY

PRICE = wad(2_000)


@pytest.fixture
def place(venue, node, tmp_path):
    """Give the options of every command, as environment."""
    path = tmp_path / "deployment.json"
    venue.record.save(path)
    return {"CROSSMARGIN_RPC": node.web3.provider.endpoint_uri, "CROSSMARGIN_DEPLOYMENT": str(path)}


@pytest.fixture
def run(place):
    """Run a command as into a pipe; give its exit code and output."""

    def invoke(*words, **environment):
        place["COLUMNS"] = None  # workers of the tests name a width
        found = CliRunner().invoke(main, [str(each) for each in words], env={**place, **environment})
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found.exit_code, found.output

    return invoke


@pytest.fixture
def holder(pair):
    """Give the trader two ether of perpetual and some bitcoin."""
    buyer, seller = pair
    ask = seller.order("ETH-PERP", -wad(20), PRICE)
    buyer.fill(ask, seller.sign(ask), buyer.order("ETH-PERP", wad(20), PRICE), wad(20))
    buyer.mint("WBTC", parse_units("0.05", 8))
    buyer.approve("WBTC", parse_units("0.05", 8))
    buyer.deposit("WBTC", parse_units("0.05", 8))
    return buyer


def row(output, first):
    """Find the row of a table, as words."""
    return next(
        [cell.strip() for cell in line.strip("│ ").split("│")]
        for line in output.splitlines()
        if line.strip("│ ").startswith(first)
    )


def test_health_shows_accounts_and_their_ends(run, holder):
    """Two accounts at once; one without positions has no end."""
    code, output = run("health", holder.address, f"{holder.address}/5")
    assert code == 0
    shown = row(output, holder.address)
    assert (shown[0], shown[-1]) == (holder.address, "stands")
    assert row(output, f"{holder.address}/5")[1:3] == ["nothing required", "nothing required"]
    assert shown[1] == shown[2] == f"{holder.portfolio().health:,.4f}"
    prices = holder.liquidation_prices()
    assert row(output, "ETH") == ["ETH", "2,000.00", f"{prices['ETH'].below:,.2f}", "-"]
    assert str(holder.account()) not in output


def test_markets_and_positions(run, holder, venue):
    """Names and whole numbers: no id, no wei."""
    code, output = run("markets", "--underlying", "ETH")
    assert code == 0
    assert row(output, "ETH-PERP")[:3] == ["ETH-PERP", "perpetual", "2,000.00"]
    assert row(output, "ETH-PERP")[4:6] == ["20", "50,000"]
    assert "BTC-PERP" not in output
    assert run("markets")[1].count("-PERP") == 3

    code, output = run("positions", holder.address)
    assert row(output, "ETH-PERP")[1] == "20"
    assert row(output, "WBTC")[1:3] == ["0.05", "3,000.00"]
    assert row(output, "cash")[1] == "9,984.00"


def test_what_if_compares(run, holder):
    """Trades at the mark or a price, deposits, withdrawals, and shocks that collateral of the underlying shares."""
    code, output = run(
        "what-if", holder.address, "--trade", "ETH-PERP:-20@2010", "--deposit", "WBTC:0.05", "--deposit", "USDC:-100"
    )
    assert code == 0
    assert row(output, "equity")[-1] == "3,100.00"  # 200 won, 3,000 of bitcoin, less 100
    assert row(output, "health")[-1] == "nothing required"
    assert row(output, "health, announced")[-1] == "nothing required"

    _, output = run("what-if", holder.address, "--shock", "ETH:-10%", "--shock", "BTC:0.1")
    assert row(output, "equity")[-1] == "-3,700.00"
    _, output = run("what-if", holder.address, "--trade", "BTC-PERP:0.01")
    assert row(output, "equity")[-1] == "0.00"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("positions", "0x12"), "'0x12': not an account: an address, or an address and /n"),
        (("what-if", "OWNER", "--trade", "ETH-PERP"), "'ETH-PERP': write NAME:SIZE or NAME:SIZE@PRICE"),
        (("what-if", "OWNER", "--trade", "DOGE-PERP:1"), "no instrument DOGE-PERP on local"),
        (("what-if", "OWNER", "--deposit", "DOGE:1"), "the vault takes no DOGE: USDC, WETH, WBTC, stETH, LINK, USDT"),
        (("what-if", "OWNER", "--shock", "ETH:-120%"), "no price falls by more than all of it"),
        (("what-if", "OWNER", "--shock", "ETH:20"), "'ETH:20': 1 is all of the price; write ETH:20% or ETH:0.2"),
        (("markets", "--underlying", "DOGE"), "no underlying DOGE: ETH, BTC, stETH, LINK, USDT"),
        (("what-if", "OWNER", "--deposit", "WETH:many"), "'many': not a decimal number"),
    ],
)
def test_mistakes_have_one_line(run, trader, words, said):
    """With what is wrong in it."""
    code, output = run(*(trader.address if each == "OWNER" else each for each in words))
    assert code in (1, 2)
    assert said in " ".join(output.split())
    assert "Traceback" not in output


def test_a_node_that_is_not_there(run, trader, tmp_path):
    """Its address is in the line; so is the path of a file that is not there."""
    code, output = run("markets", CROSSMARGIN_RPC="http://127.0.0.1:9")
    assert (code, output.count("\n")) == (1, 1)
    assert "no node answers at http://127.0.0.1:9" in output
    code, output = run("markets", CROSSMARGIN_DEPLOYMENT=str(tmp_path / "absent.json"))
    assert (code, output.count("\n")) == (1, 1)
    assert "absent.json: not a deployment file" in output


@pytest.mark.parametrize("command", ["health", "markets", "positions", "what-if"])
def test_help_has_examples(command):
    """Each command explains itself."""
    found = CliRunner().invoke(main, [command, "--help"])
    assert found.exit_code == 0
    assert f"crossmargin {command}" in found.output.partition("Example")[2]


def test_it_works_as_it_is_installed(place, tmp_path):
    """From a copy of what a wheel holds alone: modules, and the data that pyproject.toml names."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    data = settings["tool"]["setuptools"]["package-data"]["crossmargin"]
    package = REPOSITORY / "crossmargin"
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    kept = [
        path
        for path in files
        if path.suffix == ".py" or any(fnmatch.fnmatch(str(path.relative_to(package)), each) for each in data)
    ]
    assert [
        path for path in files if path not in kept and path.parent.name in ("client", "chain", "abis", "model")
    ] == []
    for path in kept:
        target = tmp_path / "site" / path.relative_to(REPOSITORY)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)

    assert (tmp_path / "site" / "crossmargin" / "py.typed").exists()
    module, function = settings["project"]["scripts"]["crossmargin"].split(":")
    code = f"import {module} as found; print(found.__file__); found.{function}(['markets'])"
    environment = {**os.environ, **place, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.splitlines()[0]).is_relative_to(tmp_path)
    assert "ETH-PERP" in done.stdout
