"""The scripts against a chain that knows none of the development keys, signed by encrypted accounts of ape's."""

import json
import socket
import subprocess
import time
from contextlib import closing

import pytest
from eth_account import Account

from crossmargin.chain.node import reach
from tests.helpers.ape_scripts import ROOT, ApeScripts

PASSPHRASE = "correct horse"
ALIASES = ("venue_deployer", "venue_governor", "venue_guardian")
OPTION = """
[instruments.ETH-WEEKLY-2200-C]
kind = "call"
underlying = "ETH"
expiry = "weekly"
strike = 2_200
open_interest_cap = 100
max_funding_rate = 0

"""


@pytest.fixture(scope="module")
def foreign_node():
    """Start an Anvil without accounts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["anvil", "--port", str(port), "--accounts", "0", "--silent"]
    process = subprocess.Popen(command)  # noqa: S603 (the pinned anvil)
    web3 = reach(f"http://127.0.0.1:{port}")
    try:
        for _ in range(100):
            if web3.is_connected():
                break
            time.sleep(0.1)
        yield web3, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def keystore(foreign_node, tmp_path_factory):
    """Encrypt new keys as ape keeps them, and fund them by the node alone."""
    web3, _ = foreign_node
    folder = tmp_path_factory.mktemp("ape")
    (folder / "accounts").mkdir()
    addresses = {}
    for alias in ALIASES:
        account = Account.create()
        encrypted = Account.encrypt(account.key, PASSPHRASE, kdf="pbkdf2", iterations=2)
        (folder / "accounts" / f"{alias}.json").write_text(json.dumps({**encrypted, "address": account.address}))
        web3.provider.make_request("anvil_setBalance", [account.address, hex(10**20)])
        addresses[alias] = account.address
    return folder, addresses


@pytest.fixture(scope="module")
def run(foreign_node, keystore, tmp_path_factory):
    """Run a script as a person would; its passphrase comes from the environment."""
    folder, addresses = keystore
    deployments = tmp_path_factory.mktemp("deployments")
    passphrases = {f"APE_ACCOUNTS_{alias}_PASSPHRASE": PASSPHRASE for alias in ALIASES}
    roles = ["--governor", addresses["venue_governor"], "--guardian", addresses["venue_guardian"]]

    def script(name: str, *options: str) -> subprocess.CompletedProcess[str]:
        return ape(name, "--network", foreign_node[1], "--deployments", str(deployments), *options)

    script.record = deployments / "31337.json"
    script.roles = roles
    with closing(ApeScripts({**passphrases, "APE_DATA_FOLDER": str(folder)})) as ape:
        yield script


def test_scripts_deploy_verify_and_configure(venue, run, foreign_node, keystore, tmp_path):
    """Deploy, verify, change a parameter and list an option through the timelock, verify again.

    The old configuration then differs; the new option has kept its expiry. Who holds the roles is said once.
    """
    deployed = run("deploy", "--account", "venue_deployer", *run.roles)
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert "complete" in deployed.stdout
    assert "Using cached key" not in deployed.stdout + deployed.stderr
    verified = run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr

    changed = tmp_path / "changed.toml"
    text = (ROOT / "config" / "local.toml").read_text().replace("reserve_factor = 0.10", "reserve_factor = 0.15")
    text = text.replace('forest = "', f'forest = "{ROOT}/config/')
    changed.write_text(text.replace("[rules.ETH]", OPTION + "[rules.ETH]"))
    options = ("--config", str(changed))
    assert run("verify", *options).returncode == 1
    assert "not scheduled" in run("configure", *options).stdout
    scheduled = run("configure", *options, "--yes", "--account", "venue_governor")
    assert "scheduled vault.rates" in scheduled.stdout, scheduled.stdout + scheduled.stderr
    named = json.loads(run.record.read_text())["instruments"]["ETH-WEEKLY-2200-C"]
    foreign_node[0].provider.make_request("evm_increaseTime", [61])
    foreign_node[0].provider.make_request("evm_mine", [])
    executed = run("configure", *options, "--yes", "--account", "venue_governor")
    assert "executed  vault.rates" in executed.stdout, executed.stdout + executed.stderr

    assert run("verify", *options).returncode == 0
    assert "0 operations wait that nobody announced" in run("watch", "--once").stdout
    assert json.loads(run.record.read_text())["instruments"]["ETH-WEEKLY-2200-C"] == named
    published = run("publish", "--out", str(tmp_path / "published"))
    assert published.returncode == 0, published.stdout + published.stderr
    fed = run("feed", "--account", "venue_governor", "--yes", "--once")
    assert "risk arrays ETH-WEEKLY-2000-C, " in fed.stdout, fed.stdout + fed.stderr
    stale = run("verify")
    assert stale.returncode == 1
    assert "vault.rates.reserveFactor" in stale.stdout
