"""Collateral on a second chain, with real nodes, Hyperlane's real contracts and both transports required."""

import time

import pytest
from click.testing import CliRunner
from eth_account import Account
from web3 import HTTPProvider, Web3

from crossmargin.chain.processes import Processes, free_port
from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.command import main
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.merkle import Tree
from crossmargin.crosschain.messages import LockReport, MessageKind, decode, encode
from crossmargin.errors import ConflictError
from crossmargin.model.permissions import Permission
from crossmargin.model.prices import PriceStatus
from tests.helpers.crosschain import SIGNERS, THRESHOLD, VALIDATORS, Channel, open_channel
from tests.helpers.crosschain_world import FINALITY, World
from tests.helpers.handles import Node
from tests.helpers.reverts import ANY, reverts

ETHER = 10**18
OTHER = 31338


@pytest.fixture(scope="module")
def other(venue, tmp_path_factory):
    """Start a second chain whose clock agrees with the first's, and stands still likewise."""
    port = free_port()
    command = ["anvil", "--chain-id", str(OTHER), "--port", str(port), "--silent", "--timestamp", str(venue.node.now)]
    with Processes(tmp_path_factory.mktemp("other")) as processes:
        processes.start("anvil", command)
        web3 = Web3(HTTPProvider(f"http://127.0.0.1:{port}", request_kwargs={"timeout": 20}))
        web3.middleware_onion.remove("validation")
        for _ in range(200):
            if web3.is_connected():
                break
            processes.check("anvil")
            time.sleep(0.1)
        node = Node(web3, venue.node.artifacts)
        node.rpc("anvil_setBlockTimestampInterval", 0)
        yield node


@pytest.fixture(scope="module")
def opened(venue, other, roles) -> Channel:
    """Deploy both ends."""
    channel = open_channel(venue, other, sender=roles.deployer)
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


def _lock(channel, venue, who, amount):
    return channel.spoke.contract.lock(channel.token, amount, venue.account(who), sender=who)


def _held(channel, venue, who):
    """Receipts of an account in the vault."""
    return venue.vault.balanceOf(venue.account(who), venue.vault.assetIndexOf(channel.receipt))


def test_collateral_goes_there_and_back(channel, world, venue, trader):
    """Locked there, it is in the vault here, and counts; taken out here, it is paid there."""
    _lock(channel, venue, trader, 10 * ETHER)
    world.settle()
    assert _held(channel, venue, trader) == 10 * ETHER
    assert venue.margin(trader)[0].excess > 0
    known = channel.spoke.contract.accountOf(channel.token, venue.account(trader))
    assert (known.held, known.waiting, known.owes) == (10 * ETHER, 0, False)
    assert known.freeMargin == venue.margin(trader)[0].excess

    venue.vault.withdraw(venue.account(trader), channel.receipt, 4 * ETHER, trader, sender=trader)
    assert channel.receipt.totalSupply() == 6 * ETHER
    assert channel.hub.contract.routeOf(1).inFlight == 4 * ETHER
    before = channel.token.balanceOf(trader)
    world.pass_time(60)
    world.settle()
    assert channel.token.balanceOf(trader) == before + 4 * ETHER
    assert channel.token.balanceOf(channel.spoke.contract) == 6 * ETHER
    known = channel.spoke.contract.accountOf(channel.token, venue.account(trader))
    assert known.held == 6 * ETHER
    assert channel.hub.contract.routeOf(1).inFlight == 4 * ETHER
    world.pass_time(600)
    world.settle()
    assert channel.hub.contract.routeOf(1).inFlight == 0


def test_what_is_signed_is_what_the_contracts_compute(channel, world, venue, trader):
    """Messages, digests and roots, of every kind of message, to the byte."""
    for amount in (1, 2, 3):
        _lock(channel, venue, trader, amount * ETHER)
    world.settle()
    venue.vault.withdraw(venue.account(trader), channel.receipt, ETHER, trader, sender=trader)
    world.pass_time(60)
    world.settle()
    kinds = set()
    for here, there in ((channel.hub, channel.spoke), (channel.spoke, channel.hub)):
        link = next(each for each in world.links.values() if each.domain == here.domain)
        lane = Lane(here.attestation.address, there.attestation.address)
        for _, envelope in link.envelopes(here.attestation.address, 0, link.latest()):
            assert there.attestation.digestOf(envelope.arguments) == envelope.digest(lane)
            message = decode(envelope.body)
            assert encode(message) == envelope.body
            kinds.add(message.KIND)
        tree = Tree()
        for _, index, leaf in link.leaves(here.hyperlane.address, 0, link.latest()):
            assert tree.insert(leaf) == index
        assert tree.root() == here.tree.root()
        assert tree.count == here.tree.count() > 1
    assert kinds == set(MessageKind)


def test_a_restarted_relayer_does_nothing_twice(channel, world, venue, trader):
    """It knows from the chains what has arrived; signers know from their folders."""
    _lock(channel, venue, trader, ETHER)
    world.settle()
    again = World(channel, world.path.parent, world.key)
    assert again.settle() == []
    assert _held(channel, venue, trader) == ETHER


def test_one_set_alone_moves_nothing(channel, world, venue, trader):
    """While the validators are silent the signers' word does not count; when they speak, it does, once."""
    _lock(channel, venue, trader, 5 * ETHER)
    sent = world.settle(validators=0)
    assert any("LockReport from chain 31338 by signers on venue" in each for each in sent)
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0
    assert _held(channel, venue, trader) == 0
    world.settle()
    assert _held(channel, venue, trader) == 5 * ETHER


def test_below_threshold_nothing_is_delivered(channel, world, venue, trader):
    """Neither by the relayer nor by hand."""
    _lock(channel, venue, trader, ETHER)
    world.settle(attesters=THRESHOLD - 1, validators=THRESHOLD - 1)
    assert not [each for each in world.said if "LockReport" in each]
    envelope = _envelopes(channel, world)[0]
    signatures = _signatures(channel, envelope, SIGNERS[: THRESHOLD - 1])
    with reverts("TooFewSignatures", count=THRESHOLD - 1, threshold=THRESHOLD):
        channel.hub.attestation.deliver(envelope.arguments, signatures, sender=trader)
    forged = Account.from_key("0x" + "cc" * 32)
    signatures = _signatures(channel, envelope, (SIGNERS[0], "0x" + "cc" * 32))
    with reverts("NotSigner", signer=ANY):
        channel.hub.attestation.deliver(envelope.arguments, signatures, sender=trader)
    assert forged.address not in channel.hub.attestation.signersOf()
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0


def test_order_and_repetition_do_not_matter(channel, world, venue, trader):
    """The later report came first and counts; the earlier and the repeated ones change nothing."""
    _lock(channel, venue, trader, ETHER)
    _lock(channel, venue, trader, 2 * ETHER)
    world.settle()
    assert _held(channel, venue, trader) == 3 * ETHER
    claim = channel.hub.contract.claimOf(1, venue.account(trader))
    for envelope in _envelopes(channel, world):
        for _ in range(2):
            signatures = _signatures(channel, envelope, SIGNERS[1:])
            channel.hub.attestation.deliver(envelope.arguments, signatures, sender=trader)
    assert channel.hub.contract.claimOf(1, venue.account(trader)) == claim
    assert _held(channel, venue, trader) == 3 * ETHER


def test_a_lost_message_is_sent_again(channel, world, venue, trader, deployer):
    """One transport never had it: after a while the relayer has the lock reported anew."""
    spoke = channel.spoke.contract
    spoke.setTransport(channel.spoke.hyperlane, 0, sender=deployer)
    _lock(channel, venue, trader, 7 * ETHER)
    spoke.setTransport(channel.spoke.hyperlane, 2, sender=deployer)
    world.settle()
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0
    world.pass_time(1_199)
    world.settle()
    assert _held(channel, venue, trader) == 0
    world.pass_time(1)
    sent = world.settle()
    assert any(each.startswith("report of what account") for each in sent)
    assert _held(channel, venue, trader) == 7 * ETHER


def test_a_delayed_set_catches_up(channel, world, venue, trader):
    """Locks go on meanwhile; in the end all of them count."""
    for _ in range(3):
        _lock(channel, venue, trader, ETHER)
        world.settle(attesters=0)
    assert _held(channel, venue, trader) == 0
    world.settle()
    assert _held(channel, venue, trader) == 3 * ETHER


def test_a_reorganisation_before_finality_is_waited_out(channel, world, venue, trader):
    """What was taken back is never signed; what came in its place is."""
    world.settle()
    _lock(channel, venue, trader, 9 * ETHER)
    channel.spoke.node.rpc("anvil_mine", hex(FINALITY - 1))
    assert world.sign() == 0
    channel.spoke.node.rpc("anvil_reorg", FINALITY, [])
    assert channel.spoke.contract.lockOf(channel.token, venue.account(trader)).locked == 0
    world.settle()
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0

    _lock(channel, venue, trader, 4 * ETHER)
    world.settle()
    assert _held(channel, venue, trader) == 4 * ETHER


def test_signers_stop_where_a_chain_breaks_its_word(channel, world, venue, trader):
    """Another message under a number that was signed as final is never signed, nor another root."""
    world.settle()
    _lock(channel, venue, trader, 9 * ETHER)
    channel.spoke.node.rpc("anvil_mine", hex(FINALITY))
    assert world.sign() == 6
    channel.spoke.node.rpc("anvil_reorg", FINALITY + 1, [])
    _lock(channel, venue, trader, 4 * ETHER)
    channel.spoke.node.rpc("anvil_mine", hex(2 * FINALITY))
    again = World(channel, world.path.parent, world.key)
    attester, validator = again.attesters[0][1], again.validators[0][1]
    for worker in (attester, validator):
        for _ in range(2):
            with pytest.raises(ConflictError, match="gone back behind its finality"):
                worker.turn(again.said.append)
    assert again.said == []


def test_heartbeats_keep_a_route_alive(channel, world, venue, trader):
    """Unheard of for an hour, receipts are Uncertain and lose price; two beats later they are Valid again."""
    _lock(channel, venue, trader, ETHER)
    world.settle()
    world.pass_time(7_200)
    status, factor = channel.hub.contract.standingOf(1).values()
    assert status == PriceStatus.UNCERTAIN
    assert factor < ETHER
    sent = world.settle()
    assert sent[:2] == ["beat of route 1 on other", "beat of the hub to chain 31338 on venue"]
    # the spoke has heard of the hub only after its own beat was sent: the next one says so
    world.pass_time(600)
    world.settle()
    assert tuple(channel.hub.contract.standingOf(1).values()) == (PriceStatus.VALID, ETHER)


def test_an_account_without_operator_waits(channel, world, venue, maker):
    """Its owner lets the hub deposit, and the relayer pushes what waits."""
    channel.token.mint(maker, ETHER, sender=maker)
    channel.token.approve(channel.spoke.contract, ETHER, sender=maker)
    _lock(channel, venue, maker, ETHER)
    world.settle()
    assert channel.hub.contract.claimOf(1, venue.account(maker)).waiting == ETHER
    assert [each for each in world.said if "credit of route 1" in each and "; again in" in each]
    venue.vault.setOperator(channel.hub.contract, int(Permission.DEPOSIT), venue.node.now + 10**6, sender=maker)
    world.settle()
    assert _held(channel, venue, maker) == ETHER


def test_more_than_the_bucket_waits_for_it(channel, world, venue, trader):
    """A thousand an hour: the rest is credited as it refills."""
    channel.token.mint(trader, 1_500 * ETHER, sender=trader)
    channel.token.approve(channel.spoke.contract, 1_500 * ETHER, sender=trader)
    _lock(channel, venue, trader, 1_500 * ETHER)
    world.settle()
    assert _held(channel, venue, trader) == 1_000 * ETHER
    world.pass_time(1_800)
    world.settle()
    assert _held(channel, venue, trader) == 1_500 * ETHER


def test_a_node_that_is_down_stops_nothing_else(channel, world, venue, trader, keeper, tmp_path):
    """The relayer says so, goes on with the other chain, and with all when the node is back."""
    _lock(channel, venue, trader, ETHER)
    world.mine()
    world.sign()
    away = World(channel, tmp_path, keeper.private_key, other_rpc="http://127.0.0.1:9")
    turn = away.relay()
    assert [each for each in turn.failed if each.startswith("look at other: ")]
    assert turn.sent == ["beat of the hub to chain 31338 on venue"]
    world.settle()
    assert _held(channel, venue, trader) == ETHER


def test_a_dry_run_sends_nothing(channel, world, venue, trader, keeper):
    """It says what it would send."""
    _lock(channel, venue, trader, ETHER)
    world.mine()
    world.sign()
    world.restart(dry_run=True)
    nonce = venue.node.web3.eth.get_transaction_count(keeper.address)
    assert world.relay().sent == []
    assert "would send: LockReport from chain 31338 by mailbox on venue" in world.said
    assert venue.node.web3.eth.get_transaction_count(keeper.address) == nonce


def test_nothing_is_sent_beyond_the_limit(channel, world, venue, trader, keeper, tmp_path):
    """What was spent is known after a restart too."""
    poor = World(channel, tmp_path, keeper.private_key, spend_limit="0.000000000000000001")
    assert len(poor.relay().sent) == 2
    poor.pass_time(600)
    assert poor.relay().sent == []
    poor.restart()
    assert poor.relay().sent == []
    assert "venue: the day's limit of 0.000000000000000001 is spent; nothing is sent" in poor.said


def _envelopes(channel, world) -> list[Envelope]:
    """Find the reports of locks that the signers' transport has sent."""
    found = world.links["other"].envelopes(channel.spoke.attestation.address, 0, world.links["other"].latest())
    return [envelope for _, envelope in found if isinstance(decode(envelope.body), LockReport)]


def _signatures(channel, envelope, keys) -> list[bytes]:
    """Sign as these would, in the order of their addresses."""
    lane = Lane(channel.spoke.attestation.address, channel.hub.attestation.address)
    signers = sorted((KeySigner(Account.from_key(key)) for key in keys), key=lambda each: int(each.address, 16))
    return [each.sign_message(envelope.content(lane)) for each in signers]


def test_fast_signers_let_the_fast_part_through(channel, venue, trader, keeper, deployer, tmp_path):
    """On one block's word, at most the fast cap; the rest at finality."""
    pair = []
    for end in (channel.hub, channel.spoke):
        fast = end.node.deploy("AttestationTransport", end.manager, end.domain, sender=deployer)
        fast.setSigners([Account.from_key(SIGNERS[0]).address], 1, sender=deployer)
        end.contract.setTransport(fast, 1, sender=deployer)
        pair.append(fast)
    for here, there, domain in ((pair[0], pair[1], OTHER), (pair[1], pair[0], channel.hub.domain)):
        here.setCounterpart(domain, there, sender=deployer)
    config = {**channel.hub.contract.routeOf(1).config, "fastCap": 3 * ETHER}
    channel.hub.contract.setRoute(tuple(config.values()), "", "", sender=deployer)
    world = World(channel, tmp_path, keeper.private_key, fast=pair)

    _lock(channel, venue, trader, 10 * ETHER)
    channel.spoke.node.rpc("anvil_mine", "0x1")
    assert world.sign() == 1
    assert "LockReport from chain 31338 by fast on venue" in world.relay().sent
    assert _held(channel, venue, trader) == 3 * ETHER
    world.settle()
    assert _held(channel, venue, trader) == 10 * ETHER


def test_commands_do_it_all(channel, world, venue, trader, keeper, monkeypatch):
    """As operators run them, one turn each."""
    monkeypatch.setenv("RELAY_KEY", keeper.private_key)
    for name, keys in (("SIGNERS", SIGNERS), ("MAILBOX", VALIDATORS)):
        for number, key in enumerate(keys):
            monkeypatch.setenv(f"{name}_{number}", key)
    monkeypatch.setenv("COLUMNS", "250")

    def run(command, *arguments):
        result = CliRunner().invoke(main, [command, "--config", str(world.path), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    _lock(channel, venue, trader, 2 * ETHER)
    world.mine()
    assert run("attest", "--once").count("signed message 1 of other") == 3
    assert run("validate", "mailbox-0", "mailbox-1", "--once").count("signed checkpoint 0 of other") == 2
    assert "would send: LockReport from chain 31338 by signers on venue" in run("relay", "--once", "--dry-run")
    assert _held(channel, venue, trader) == 0
    assert "LockReport from chain 31338 by mailbox on venue" in run("relay", "--once")
    assert _held(channel, venue, trader) == 2 * ETHER
    shown = run("status", "--account", trader.address)
    assert "WETH@31338" in shown
    assert "Valid" in shown
    assert f"Account {trader.address}" in shown
    row = next(line for line in shown.splitlines() if "nothing owed" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")][2:8] == ["2", "2", "2", "0", "0", "2"]
