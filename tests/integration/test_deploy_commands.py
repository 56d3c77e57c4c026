"""What the commands of a venue's team say: what differs, what is to be signed, what waits, what does not go together.

Their options are parsed; connection and files are the tests'.
"""

import re
from decimal import Decimal

import pytest
from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, VenueContext
from crossmargin.deployment.configure import operations
from crossmargin.deployment.deployer import name_instruments
from crossmargin.deployment.export import export_calls
from crossmargin.deployment.plan import plan
from crossmargin.errors import DeploymentError
from tests.helpers.changes import MARKET, listing_dai, listing_market

OPTION = "ETH-WEEKLY-2200-C"


@pytest.fixture
def governed(venue, node, governor):
    """Change the configuration that the governor's own key deploys from."""

    def make(change, sender=governor):
        chain = Chain(node.web3, KeySigner(Account.from_key(sender.private_key)), node.artifacts)
        config, record = change(venue.config), venue.record.model_copy(deep=True)
        name_instruments(record, chain, config)
        return VenueContext(chain, config, record)

    return make


def higher_reserve(config):
    """Change a rate."""
    return config.model_copy(update={"rates": config.rates.model_copy(update={"reserve_factor": Decimal("0.15")})})


def test_an_export_says_what_is_to_be_signed(venue, governed_by, safe, run, tmp_path):
    """Also where what a new asset needs is not deployed: the rest can be signed, and what is missing is named."""
    context, folder = governed_by(listing_dai), tmp_path / "calls"
    code, said = run("configure", context, "--export", folder)
    assert code == 0
    assert "not deployed: token:DAI, feed:DAI:primary, feed:DAI:secondary\n" in said
    assert "- feed.DAI: needs feed:DAI:primary: deploy it first: --deploy-missing\n" in said
    assert said.endswith(
        f"1 call of schedule for the Safe {safe.address}, nonce 0, announced in the record. Propose "
        f"{folder}/batch.json in its Transaction Builder, or sign {folder}/signing.json one by one. Before that each "
        f"signer looks: ape run review {folder}/signing.json\n"
    )

    assert run("watch", context, "--once") == (0, "0 operations wait that nobody announced\n")

    (each,) = operations(context, plan(context.config))
    venue.node.rpc("anvil_impersonateAccount", safe.address)
    venue.node.rpc("anvil_setBalance", safe.address, hex(10**18))
    venue.manager.schedule(each.target, each.data, 0, sender=safe)
    code, said = run("configure", context, "--export", folder, "--safe-nonce", 7)
    assert code == 0
    files = f"{folder}/batch.json and {folder}/signing.json are empty"
    assert re.search(rf"nothing to sign before 2035-01-01 \d\d:\d\d:\d\d UTC, by the chain's clock: {files}\n$", said)


def test_an_export_is_for_a_safe(governed, tmp_path, board):
    """A key governs by itself; another contract has no nonce of a Safe; nothing is written."""
    context = governed(higher_reserve)
    with pytest.raises(DeploymentError, match="is no Safe on this chain: it sends by itself, with --yes"):
        export_calls(context, [], tmp_path / "calls")
    context.record.roles["governor"] = board.address
    with pytest.raises(DeploymentError, match="is a contract, and no Safe: export is for a Safe"):
        export_calls(context, [], tmp_path / "calls")
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--export", "calls", "--yes"), "--export is for a Safe to send, --yes sends at once: give one of them"),
        (("--safe-nonce", "7"), "--safe-nonce is of exported transactions: give --export, too"),
    ],
)
def test_options_that_do_not_go_together_are_refused(governed, run, words, said):
    """Before anything is asked of the chain."""
    code, output = run("configure", governed(higher_reserve), *words)
    assert (code, said in " ".join(output.split())) == (2, True)


def test_new_contracts_are_deployed_by_anybody(governed, run, other):
    """It says that this was all that was done; a second time nothing is missing."""
    context = governed(listing_dai, sender=other)
    code, said = run("configure", context, "--deploy-missing")
    assert code == 0
    assert "deployed token:DAI, feed:DAI:primary, feed:DAI:secondary\n" in said
    assert said.endswith(
        "contracts only: nothing was scheduled or executed; that is --yes, or --export, by the governor\n"
    )
    code, said = run("configure", context, "--deploy-missing", "--yes")
    assert said.startswith("no contract is missing\n")
    assert (code, said.rpartition("Error: ")[2]) == (
        1,
        f"{other.address} is not the governor {context.config.governor}\n",
    )


def market_and_option(config):
    """List a market, and an option, which wants volatility that is not old."""
    call = config.instruments["ETH-WEEKLY-2000-C"].model_copy(update={"strike": Decimal(2_200)})
    listed = listing_market(config)
    return listed.model_copy(update={"instruments": {**listed.instruments, OPTION: call}})


def test_a_change_is_shown_scheduled_and_executed(venue, governed, run):
    """With what remains after each; what is refused is named with reason and remedy, and the rest goes on."""
    context, delay = governed(market_and_option), venue.config.governance.delay
    code, said = run("configure", context, "--yes")
    assert code == 0
    for step in ("rules.USDT", f"instrument.{MARKET}.listed", f"instrument.{OPTION}.listed"):
        assert f"scheduled {step}: run again in {delay:,} s\n" in said
        assert f"{step} (waiting until 2035-01-" in said.partition("\nremaining: ")[2]

    venue.warp(venue.config.options["ETH"].max_age + 1)
    code, said = run("configure", context, "--yes")
    assert code == 1, said
    assert f"executed  rules.USDT\nexecuted  instrument.{MARKET}.listed\n" in said
    place = re.escape(f"instrument.{OPTION}.listed")
    assert re.search(rf"\nrefused:\n- {place}: \w+\(.*\): .+\nremaining: {place} \(ready\)\n$", said), said
