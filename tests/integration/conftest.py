"""Client and keeper, connected to the venue of the fixtures; and a venue with a spoke, on two chains of their own."""

import time
from copy import deepcopy
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from eth_account import Account

from crossmargin.chain.decimals import parse_units
from crossmargin.chain.processes import Processes, free_port
from crossmargin.chain.signers import KeySigner
from crossmargin.client.venue import Venue
from crossmargin.deployment import Chain, Context, Deployer, NetworkConfig, SpokeConfig, VenueContext, plan
from crossmargin.deployment.configure import missing_contracts
from crossmargin.deployment.deployer import name_instruments
from crossmargin.deployment.spoke_config import L1_BLOCK, ProofSettings
from crossmargin.model.permissions import Permission
from crossmargin.simulation.two_chains import pair as two_chains_pair
from crossmargin.simulation.two_chains.pair import deploy_pair
from tests.helpers.crosschain import ETHER, OTHER, Channel, open_channel
from tests.helpers.crosschain_world import World
from tests.helpers.handles import Node
from tests.helpers.keeper_process import KeeperProcess
from tests.helpers.local_node import connected
from tests.helpers.safe import Safe

TWO_CHAINS = Path(__file__).resolve().parents[2] / "config" / "two-chains"


@pytest.fixture(scope="session")
def two_chains(artifacts, tmp_path_factory):
    """Deploy a venue on one chain and its spoke on another, once; give both, and the folder of their records."""
    folder = tmp_path_factory.mktemp("deployments")
    hub, spoke = NetworkConfig.load(TWO_CHAINS / "hub.toml"), SpokeConfig.load(TWO_CHAINS / "spoke.toml")
    with Processes(tmp_path_factory.mktemp("logs")) as processes:
        yield deploy_pair(processes, folder, hub, spoke), folder


@pytest.fixture
def chain_pair(two_chains):
    """Give both ends; what a test does to their chains is undone."""
    deployed, _ = two_chains
    snapshots = [(side.chain, side.chain.rpc("evm_snapshot")) for side in (deployed.hub, deployed.spoke)]
    yield deployed
    for chain, snapshot in snapshots:
        chain.rpc("evm_revert", snapshot)


@pytest.fixture
def proving_pair(chain_pair, tmp_path):
    """Let the spoke take proofs, as its file may say: its chain knows blocks of the other as the OP stack does."""
    holder, chain = chain_pair.holder, chain_pair.spoke.chain
    below = holder.chain.artifacts["BlockBelow"]
    chain.rpc("anvil_setCode", L1_BLOCK, "0x" + below.runtime_code.hex())
    config = holder.config.model_copy(update={"proofs": ProofSettings(blocks="op-stack", after=259_200)})
    context = Context(holder.chain, config, deepcopy(holder.record))
    side = replace(chain_pair.spoke, context=context, file=tmp_path / "31338.json")
    Deployer(context, missing_contracts(context, plan(config)), side.file).add()
    two_chains_pair.govern(side, chain_pair.pass_time)
    return replace(chain_pair, spoke=side)


@pytest.fixture
def learn_block(proving_pair):
    """Give what brings a block of the hub's chain to the notice of the spoke's, as the chain itself would."""
    web3 = proving_pair.spoke.chain.web3
    below = web3.eth.contract(L1_BLOCK, abi=proving_pair.holder.chain.artifacts["BlockBelow"].abi)

    def learn(number, known):
        sent = below.functions.set(number, known).transact({"from": web3.eth.accounts[0]})
        assert web3.eth.wait_for_transaction_receipt(sent)["status"] == 1

    return learn


@pytest.fixture
def client(venue, node, tmp_path):
    """Connect somebody to the venue by its file."""
    path = tmp_path / "31337.json"
    venue.record.save(path)

    def connect(who) -> Venue:
        return Venue.connect(node.web3.provider.endpoint_uri, path, Account.from_key(who.private_key))

    return connect


@pytest.fixture
def pair(venue, client, trader, maker):
    """Give a trader and a maker 10,000 of cash each, deposited by permit."""
    venue.mint(trader, "USDC", 20_000)
    venue.mint(maker, "USDC", 20_000)
    both = client(trader), client(maker)
    for each in both:
        each.deposit_with_permit("USDC", parse_units(10_000, 6))
    return both


@pytest.fixture
def start_keeper(tmp_path, venue, liquidator):
    """Give a starter of keepers whose owner has cash to bid with; they are killed in the end."""
    venue.deposit(liquidator, "USDC", "200000")
    made = []

    def start(*, live: bool = True, **options):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(KeeperProcess(folder, venue, liquidator, **options))
        made[-1].start(live=live)
        return made[-1]

    yield start
    for one in made:
        one.kill()


@pytest.fixture
def position(venue, trader, maker):
    """Give the trader 20 ether long on 5,000 dollars of margin at 2,000."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "5000")
    venue.trade(trader, maker, "ETH-PERP", "20")


@pytest.fixture(scope="module")
def second_node(venue, tmp_path_factory):
    """Start a second chain whose clock agrees with the first's, and stands still likewise."""
    port = free_port()
    command = ["anvil", "--chain-id", str(OTHER), "--port", str(port), "--silent", "--timestamp", str(venue.node.now)]
    with Processes(tmp_path_factory.mktemp("other")) as processes:
        processes.start("anvil", command)
        web3 = connected(f"http://127.0.0.1:{port}")
        for _ in range(200):
            if web3.is_connected():
                break
            processes.check("anvil")
            time.sleep(0.1)
        node = Node(web3, venue.node.artifacts)
        node.rpc("anvil_setBlockTimestampInterval", 0)
        yield node


@pytest.fixture(scope="module")
def opened(venue, second_node, roles) -> Channel:
    """Deploy both ends."""
    channel = open_channel(venue, second_node, sender=roles.deployer)
    _agree(channel)
    return channel


@pytest.fixture
def channel(opened, venue, trader):
    """Give the trader ether on the other chain, and let the hub deposit for him; undo all on that chain."""
    node = opened.spoke.node
    state = node.rpc("evm_snapshot")
    opened.token.mint(trader, 100 * ETHER, sender=trader)
    opened.token.approve(opened.spoke.contract, 100 * ETHER, sender=trader)
    venue.vault.setOperator(opened.hub.contract, int(Permission.DEPOSIT), venue.node.now + 10**7, sender=trader)
    opened.hub.contract.accept(opened.route, venue.account(trader), True, sender=trader)
    yield opened
    node.rpc("evm_revert", state)


@pytest.fixture
def world(channel, tmp_path, keeper) -> World:
    """Signers, validators, a relayer."""
    return World(channel, tmp_path, keeper.private_key)


def _agree(channel: Channel) -> None:
    """Bring the other chain's clock to the venue's."""
    ahead = channel.hub.node.now - channel.spoke.node.now
    if ahead > 0:
        channel.spoke.node.pass_time(ahead)
        channel.spoke.node.rpc("evm_mine")


@pytest.fixture
def owners(accounts):
    """Three signers, of whom two are enough."""
    return list(accounts[12:15])


@pytest.fixture
def safe(venue, node, owners, governor, keeper):
    """Hand the governor's roles to a real Safe."""
    safe = Safe(node, owners, 2, sender=keeper)
    safe.take_over(venue, governor)
    return safe


@pytest.fixture
def governed_by(venue, node, safe, other):
    """Give a venue that the Safe governs, seen by somebody without its keys, with a changed configuration."""

    def make(change) -> VenueContext:
        config = change(venue.config.with_roles(governor=safe.address))
        record = venue.record.model_copy(deep=True)
        record.roles["governor"] = safe.address
        chain = Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
        name_instruments(record, chain, config)
        return VenueContext(chain, config, record)

    return make


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a script on a context; give status and output."""

    def invoke(name, context, *words):
        script = import_module(f"scripts.{name}")
        monkeypatch.setattr(script, "connect", lambda *_: context.chain)
        monkeypatch.setattr(script, "opened", lambda *_, **__: context)
        params = [each for each in script.cli.params if each.name != "account"]
        signs = len(params) < len(script.cli.params)
        callback = partial(script.cli.callback, account=None) if signs else script.cli.callback
        words = ["--deployments", str(tmp_path / "deployments"), *(str(each) for each in words)]
        result = CliRunner().invoke(click.Command(name, params=params, callback=callback), words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return invoke
