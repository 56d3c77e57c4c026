"""Collateral on a second chain, with real nodes, Hyperlane's real contracts and both transports required."""

from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.merkle import Tree
from crossmargin.crosschain.messages import LockReport, MessageKind, decode, encode
from crossmargin.model.permissions import Permission
from tests.helpers.crosschain import ETHER, OTHER, SIGNERS, THRESHOLD, held, lock
from tests.helpers.crosschain_world import World
from tests.helpers.reverts import ANY, reverts


def test_collateral_goes_there_and_back(channel, world, venue, trader):
    """Locked there, it is in the vault here, and counts; taken out here, it is paid there."""
    lock(channel, venue, trader, 10 * ETHER)
    world.settle()
    assert held(channel, venue, trader) == 10 * ETHER
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
        lock(channel, venue, trader, amount * ETHER)
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


def test_one_set_alone_moves_nothing(channel, world, venue, trader):
    """While the validators are silent the signers' word does not count; when they speak, it does, once."""
    lock(channel, venue, trader, 5 * ETHER)
    sent = world.settle(validators=0)
    assert any("LockReport from chain 31338 by signers on venue" in each for each in sent)
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0
    assert held(channel, venue, trader) == 0
    world.settle()
    assert held(channel, venue, trader) == 5 * ETHER


def test_below_threshold_nothing_is_delivered(channel, world, venue, trader):
    """Neither by the relayer nor by hand."""
    lock(channel, venue, trader, ETHER)
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
    lock(channel, venue, trader, ETHER)
    lock(channel, venue, trader, 2 * ETHER)
    world.settle()
    assert held(channel, venue, trader) == 3 * ETHER
    claim = channel.hub.contract.claimOf(1, venue.account(trader))
    for envelope in _envelopes(channel, world):
        for _ in range(2):
            signatures = _signatures(channel, envelope, SIGNERS[1:])
            channel.hub.attestation.deliver(envelope.arguments, signatures, sender=trader)
    assert channel.hub.contract.claimOf(1, venue.account(trader)) == claim
    assert held(channel, venue, trader) == 3 * ETHER


def test_a_delayed_set_catches_up(channel, world, venue, trader):
    """Locks go on meanwhile; in the end all of them count."""
    for _ in range(3):
        lock(channel, venue, trader, ETHER)
        world.settle(attesters=0)
    assert held(channel, venue, trader) == 0
    world.settle()
    assert held(channel, venue, trader) == 3 * ETHER


def test_an_account_without_operator_waits(channel, world, venue, maker):
    """Its owner lets the hub deposit and takes the route, and the relayer pushes what waits."""
    channel.token.mint(maker, ETHER, sender=maker)
    channel.token.approve(channel.spoke.contract, ETHER, sender=maker)
    lock(channel, venue, maker, ETHER)
    world.settle()
    assert channel.hub.contract.claimOf(1, venue.account(maker)).waiting == ETHER
    assert [each for each in world.said if "credit of route 1" in each and "; again in" in each]
    venue.vault.setOperator(channel.hub.contract, int(Permission.DEPOSIT), venue.node.now + 10**6, sender=maker)
    with reverts("RouteNotAccepted", route=1, account=venue.account(maker)):
        channel.hub.contract.credit(1, venue.account(maker), sender=maker)
    channel.hub.contract.accept(1, venue.account(maker), True, sender=maker)
    world.settle()
    assert held(channel, venue, maker) == ETHER


def test_more_than_the_bucket_waits_for_it(channel, world, venue, trader):
    """A thousand an hour: the rest is credited as it refills."""
    channel.token.mint(trader, 1_500 * ETHER, sender=trader)
    channel.token.approve(channel.spoke.contract, 1_500 * ETHER, sender=trader)
    lock(channel, venue, trader, 1_500 * ETHER)
    world.settle()
    assert held(channel, venue, trader) == 1_000 * ETHER
    world.pass_time(1_800)
    world.settle()
    assert held(channel, venue, trader) == 1_500 * ETHER


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
    world.settle()  # nothing is credited before the first beat

    lock(channel, venue, trader, 10 * ETHER)
    channel.spoke.node.rpc("anvil_mine", "0x1")
    assert world.sign() == 1
    assert "LockReport from chain 31338 by fast on venue" in world.relay().sent
    assert held(channel, venue, trader) == 3 * ETHER
    world.settle()
    assert held(channel, venue, trader) == 10 * ETHER
