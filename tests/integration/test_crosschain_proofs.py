"""Redemptions that come as proofs, on two nodes: what a real node proves of the hub's storage is paid, once."""

from dataclasses import replace

import pytest
from click.testing import CliRunner
from eth_utils.address import to_checksum_address

from crossmargin.crosschain.command import main
from crossmargin.crosschain.proofs import header_of, prove_word
from crossmargin.deployment.spoke_config import L1_BLOCK
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, start
from tests.helpers.crosschain import ETHER, OTHER, held, lock
from tests.helpers.reverts import ANY, reverts

PROVE = 3 * 86_400  # s
NOBODY = "0x" + "00" * 20
OTHER_PATH = "TrieProofTraversalError|RLPInvalidEncoding"
"""The way through the tries leads elsewhere, or to where nothing is."""


@pytest.fixture
def below(channel):
    """Put there what chains of the OP stack have: the other chain knows blocks of the venue's."""
    node = channel.spoke.node
    code = "0x" + node.artifacts["BlockBelow"].runtime_code.hex()
    node.rpc("anvil_setCode", L1_BLOCK, code)
    return node.at("BlockBelow", L1_BLOCK)


@pytest.fixture
def prover(channel, below, roles):
    """Let the spoke take proofs."""
    end = channel.spoke
    blocks = end.node.deploy("L1Blocks", sender=roles.deployer)
    prover = end.node.deploy(
        "RedemptionProver", blocks, channel.hub.contract, OTHER, end.contract, sender=roles.deployer
    )
    end.contract.setProver(prover, PROVE, sender=roles.deployer)
    return prover


@pytest.fixture
def learn(channel, below, keeper):
    """Give what brings the newest block of the venue's chain to the other one's notice."""

    def learn(number=None):
        block = channel.hub.node.web3.eth.get_block("latest" if number is None else number)
        below.set(block["number"], bytes(block["hash"]), sender=keeper)
        return block["number"]

    return learn


@pytest.fixture
def locked(channel, world, venue, trader, prover):
    """Lock ten ether, and let no message come for two days; give the number of the venue's last block then."""
    lock(channel, venue, trader, 10 * ETHER)
    world.settle()
    world.pass_time(2 * 86_400)
    return channel.hub.node.web3.eth.block_number


@pytest.fixture
def redeemed(channel, world, venue, trader, locked):
    """Take four of them out, of which no message tells, for two days more."""
    venue.vault.withdraw(venue.account(trader), channel.receipt, 4 * ETHER, trader, sender=trader)
    world.pass_time(2 * 86_400)
    return trader


@pytest.fixture
def prove(world, monkeypatch):
    """Give the command, run with the relayer's key; its output and status."""
    monkeypatch.setenv("RELAY_KEY", world.key)

    def prove(recipient, *options):
        arguments = ["prove", "--config", str(world.path), "--recipient", str(recipient), *options]
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output

    return prove


def balance(channel, who):
    """Read what somebody has of the token there, beside the hundred that he began with [wei]."""
    return channel.token.balanceOf(who)


def test_an_owner_is_paid_by_what_the_hubs_node_proves(channel, world, redeemed, prove, learn):
    """By the command alone; the message that comes later, and a second proof, pay nothing."""
    before = balance(channel, redeemed)
    learn()
    status, said = prove(redeemed, "--dry-run")
    assert (status, "route 1: 4 redeemed, of which the spoke knows 0: would be proved by block" in said) == (0, True)
    assert balance(channel, redeemed) == before

    status, said = prove(redeemed)
    assert status == 0, said
    assert "; 4 paid" in said
    assert balance(channel, redeemed) == before + 4 * ETHER

    status, said = prove(redeemed)
    assert status == 0
    assert "the spoke knows of all that was redeemed" in said
    world.settle()
    known = channel.spoke.contract.redemptionOf(channel.token, redeemed)
    assert (known.redeemed, known.paid) == (4 * ETHER, 4 * ETHER)
    assert balance(channel, redeemed) == before + 4 * ETHER
    assert channel.hub.contract.routeOf(1).pausedUntil == 0


def test_a_proof_after_the_message_pays_nothing(channel, world, venue, trader, prover, learn, keeper):
    """Made before, sent after, and twice."""
    lock(channel, venue, trader, 10 * ETHER)
    world.settle()
    venue.vault.withdraw(venue.account(trader), channel.receipt, 4 * ETHER, trader, sender=trader)
    proof = _proof(channel, prover, trader, learn, keeper)
    before = balance(channel, trader)
    world.settle()
    assert balance(channel, trader) == before + 4 * ETHER
    world.pass_time(PROVE + 60)
    for _ in range(2):
        channel.spoke.contract.proveRedemption(channel.token, trader, proof.arguments, sender=keeper)
    assert balance(channel, trader) == before + 4 * ETHER
    assert channel.spoke.contract.totalsOf(channel.token).owed == 0


def test_nothing_but_the_word_is_proved(channel, redeemed, prover, learn, keeper, maker):
    """Neither for somebody else, nor of a block that never was, nor more than there is."""
    spoke, token = channel.spoke.contract, channel.token
    proof = _proof(channel, prover, redeemed, learn, keeper)
    assert proof.value == 4 * ETHER
    assert prover.redeemedOf(token, redeemed, proof.arguments) == 4 * ETHER
    with pytest.raises(ContractRevert, match=OTHER_PATH):
        spoke.proveRedemption(token, maker, proof.arguments, sender=maker)
    nothing = prove_word(
        channel.hub.node.web3, channel.hub.contract.address, bytes(prover.slotOf(token, maker)), proof.block
    )
    assert nothing.value == 0
    with pytest.raises(ContractRevert, match=OTHER_PATH):
        spoke.proveRedemption(token, maker, nothing.arguments, sender=maker)
    more = replace(proof, word=(*proof.word[:-1], proof.word[-1].replace(_rlp(4), _rlp(5))))
    assert more.word != proof.word
    with pytest.raises(ContractRevert, match=OTHER_PATH):
        spoke.proveRedemption(token, redeemed, more.arguments, sender=maker)
    block = dict(channel.hub.node.web3.eth.get_block(proof.block - 1))
    with reverts("BlockUnknown", number=proof.block - 1):
        spoke.proveRedemption(token, redeemed, replace(proof, header=header_of(block)).arguments, sender=maker)
    forged = proof.header.replace(bytes(block["parentHash"]), bytes(32))
    forged = forged[:40] + bytes([forged[40] ^ 1]) + forged[41:]
    with reverts("HeaderDiffers", hash=ANY, known=ANY):
        spoke.proveRedemption(token, redeemed, replace(proof, header=forged).arguments, sender=maker)
    assert spoke.redemptionOf(token, redeemed).redeemed == 0


def test_what_was_sold_is_proved_by_the_bidder_alone(
    channel, world, venue, trader, maker, liquidator, keeper, prover, prove, learn
):
    """The trader's receipts back a loss and are sold; nothing that he could prove remains."""
    lock(channel, venue, trader, 10 * ETHER)
    world.settle()
    venue.deposit(maker, "USDC", 1_000_000)
    venue.deposit(liquidator, "USDC", 1_000_000)
    venue.trade(trader, maker, "ETH-PERP", 50)
    venue.set_price("ETH", "1700")
    start(venue, trader, keeper)
    bid(venue, trader, liquidator)
    bought = held(channel, venue, liquidator)
    assert bought > 0
    venue.vault.withdraw(venue.account(liquidator), channel.receipt, bought, liquidator, sender=liquidator)
    world.pass_time(PROVE + 60)
    learn()
    before = balance(channel, trader)
    assert "the spoke knows of all" in prove(trader)[1]
    status, said = prove(liquidator)
    assert status == 0, said
    assert balance(channel, liquidator) == bought
    assert balance(channel, trader) == before


def test_the_command_says_why_it_does_not(channel, locked, redeemed, prove, learn, prover, roles, keeper):
    """Too early, too new, on another chain, by nobody: a line, status 1, and nothing is sent."""
    spoke = channel.spoke.contract
    learn(locked)
    cases = [("of which the spoke knows 0: in block", [])]
    cases += [("block 5 is not known on other", ["--block", "5"]), ("no spoke is on 'moon'", ["--chain", "moon"])]
    for line, options in cases:
        status, said = prove(redeemed, *options)
        assert (status, line in said) == (1, True), said
    channel.spoke.node.at("BlockBelow", L1_BLOCK).set(7, bytes(31) + b"7", sender=keeper)
    assert "one of the two is on another chain, or behind" in prove(redeemed)[1]
    channel.spoke.node.at("BlockBelow", L1_BLOCK).set(10**9, bytes(31) + b"7", sender=keeper)
    assert "does not have block 1000000000 yet" in prove(redeemed)[1]

    strange = channel.spoke.node.deploy(
        "RedemptionProver", prover.blocks(), channel.hub.contract, OTHER + 1, spoke, sender=roles.deployer
    )
    spoke.setProver(strange, PROVE, sender=roles.deployer)
    assert f"proves by {strange.address}, which is for" in prove(redeemed)[1]
    spoke.setProver(NOBODY, PROVE, sender=roles.deployer)
    assert "has nothing to prove by" in prove(redeemed)[1]
    spoke.setProver(prover, 30 * 86_400, sender=roles.deployer)
    status, said = prove(redeemed)
    assert (status, "proofs count from" in said) == (1, True)
    assert spoke.redemptionOf(channel.token, redeemed).redeemed == 0


def test_what_is_paused_is_owed_and_said(channel, redeemed, prove, learn, guardian, roles):
    """A guardian's pause holds up the payment, not the proof."""
    learn()
    channel.spoke.contract.pause(3_600, sender=roles.deployer)
    status, said = prove(to_checksum_address(redeemed.address), "--chain", "other")
    assert status == 0
    assert "not paid yet" in said
    assert "SpokePaused" in said
    assert channel.spoke.contract.totalsOf(channel.token).owed == 4 * ETHER


def _proof(channel, prover, recipient, learn, sender):
    """Have the newest block recorded, and ask the hub's node for the word."""
    number = learn()
    channel.spoke.node.at("L1Blocks", prover.blocks()).record(sender=sender)
    slot = bytes(prover.slotOf(channel.token, recipient))
    return prove_word(channel.hub.node.web3, channel.hub.contract.address, slot, number)


def _rlp(ether: int) -> bytes:
    """Code an amount of ether as the trie has it."""
    return (ether * ETHER).to_bytes(8, "big")
