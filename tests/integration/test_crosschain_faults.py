"""INV-27 on two nodes: whatever is locked, redeemed, undone, paused, lost, repeated and reordered between them."""

from dataclasses import dataclass, field

import pytest
from eth_account import Account
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.errors import ContractRevert
from tests.helpers.crosschain import ETHER, SIGNERS, THRESHOLD, Channel, End, held
from tests.helpers.crosschain_world import World
from tests.helpers.venue import Venue

FINALITY = 2
"""Blocks on top of one before it is vouched for."""
MOST = 20
"""Most that is locked at once [ether]."""
STEPS = st.one_of(
    st.tuples(st.just("lock"), st.integers(1, MOST)),
    st.tuples(st.just("redeem"), st.integers(1, MOST)),
    st.tuples(st.just("accept"), st.booleans()),
    st.tuples(st.just("reclaim"), st.integers(1, MOST)),
    st.tuples(st.just("relay"), st.integers(0, 30)),
    st.tuples(st.just("relay_newest"), st.integers(0, 3)),
    st.tuples(st.just("reorganise"), st.integers(1, FINALITY)),
    st.tuples(st.just("pause"), st.booleans()),
    st.tuples(st.just("go_on"), st.just(0)),
    st.tuples(st.just("ask"), st.just(0)),
    st.tuples(st.just("beat"), st.booleans()),
    st.tuples(st.just("push"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 600)),
)
THERE_AND_BACK = [
    ("lock", 10),
    ("wait", 1),
    ("relay_newest", 0),
    ("redeem", 4),
    ("ask", 0),
    ("wait", 1),
    ("relay_newest", 0),
    ("lock", 9),
    ("reorganise", 1),
    ("relay_newest", 0),
    ("relay", 0),
    ("accept", False),
    ("lock", 3),
    ("wait", 1),
    ("relay_newest", 0),
    ("reclaim", 2),
]


@dataclass
class Play:
    """One run of steps over both chains, by one transport of two signatures."""

    channel: Channel
    world: World
    venue: Venue
    owner: object
    boss: object
    done: set[str] = field(default_factory=set)
    """Steps that came through."""

    def run(self, steps):
        """Do each step, after the first beat; what a contract refuses changes nothing."""
        self.beat(home=False)
        self.wait(1)
        self.relay_newest(0)
        for name, value in steps:
            try:
                getattr(self, name)(value)
            except ContractRevert:
                continue
            finally:
                self.check()
            self.done.add(name)

    # ------------------------------------------------------------ steps

    def lock(self, ether):
        """Lock for the owner."""
        account = self.venue.account(self.owner)
        self.channel.spoke.contract.lock(self.channel.token, ether * ETHER, account, sender=self.owner)

    def redeem(self, ether):
        """Take receipts out."""
        account = self.venue.account(self.owner)
        amount = min(ether * ETHER, held(self.channel, self.venue, self.owner))
        self.venue.vault.withdraw(account, self.channel.receipt, amount, self.owner, sender=self.owner)

    def accept(self, accepted):
        """Take the route, or no longer: what is locked waits."""
        self.channel.hub.contract.accept(1, self.venue.account(self.owner), accepted, sender=self.owner)

    def reclaim(self, ether):
        """Take back what waits."""
        account = self.venue.account(self.owner)
        self.channel.hub.contract.reclaim(1, account, self.owner, ether * ETHER, sender=self.owner)

    def ask(self, _):
        """Tell the spoke what is to be paid."""
        self.channel.hub.contract.sendRedemption(1, self.owner, sender=self.owner)

    def beat(self, home):
        """Tell the other end that one lives."""
        if home:
            self.channel.hub.contract.sendBeat(self.channel.spoke.domain, sender=self.owner)
        else:
            self.channel.spoke.contract.beat(self.channel.token, sender=self.owner)

    def push(self, home):
        """Credit or pay what waits."""
        if home:
            self.channel.hub.contract.credit(1, self.venue.account(self.owner), sender=self.owner)
        else:
            self.channel.spoke.contract.pay(self.channel.token, self.owner, sender=self.owner)

    def pause(self, home):
        """Stop the route, or the spoke."""
        if home:
            self.channel.hub.contract.pauseRoute(1, 300, sender=self.boss)
        else:
            self.channel.spoke.contract.pause(300, sender=self.boss)

    def go_on(self, _):
        """End both pauses."""
        self.channel.hub.contract.unpauseRoute(1, sender=self.boss)
        self.channel.spoke.contract.unpause(sender=self.boss)

    def wait(self, seconds):
        """Let time pass and blocks become final."""
        for end in (self.channel.hub, self.channel.spoke):
            end.node.pass_time(seconds)
            end.node.rpc("anvil_mine", hex(FINALITY))

    def reorganise(self, depth):
        """Undo the newest blocks of the other chain."""
        self.channel.spoke.node.rpc("anvil_reorg", depth, [])

    def relay(self, place):
        """Deliver any message that is final, again or for the first time."""
        final = [(end, each) for end in (self.channel.hub, self.channel.spoke) for each in self._final(end)]
        if final:
            self._deliver(*final[place % len(final)])

    def relay_newest(self, back):
        """Deliver the newest of each chain, or one before it."""
        for end in (self.channel.spoke, self.channel.hub):
            final = self._final(end)
            if len(final) > back:
                self._deliver(end, final[-1 - back])

    def _final(self, end: End) -> list[Envelope]:
        link = next(each for each in self.world.links.values() if each.domain == end.domain)
        last = link.latest() - FINALITY
        return [envelope for _, envelope in link.envelopes(end.attestation.address, 0, last)]

    def _deliver(self, end: End, envelope: Envelope) -> None:
        to = self.channel.spoke if end is self.channel.hub else self.channel.hub
        lane = Lane(end.attestation.address, to.attestation.address)
        keys = [KeySigner(Account.from_key(key)) for key in SIGNERS[:THRESHOLD]]
        signers = sorted(keys, key=lambda each: int(each.address, 16))
        signed = [each.sign_message(envelope.content(lane)) for each in signers]
        to.attestation.deliver(envelope.arguments, signed, sender=self.owner)

    # ------------------------------------------------------------ what must hold

    def check(self):
        """Credited is at most what is locked there, less what was released and what is in flight."""
        spoke = self.channel.spoke.contract.totalsOf(self.channel.token)
        route = self.channel.hub.contract.routeOf(1)
        supply, in_flight = self.channel.receipt.totalSupply(), route.redeemed - spoke.paid
        assert in_flight >= 0
        assert supply <= spoke.locked - spoke.paid - in_flight
        assert supply + route.redeemed == route.credited
        assert self.channel.token.balanceOf(self.channel.spoke.contract) == spoke.locked - spoke.paid
        assert held(self.channel, self.venue, self.owner) == supply


@pytest.fixture
def alone(channel, deployer):
    """Let one transport be enough, and be the only one."""
    for end in (channel.hub, channel.spoke):
        end.contract.setTransport(end.hyperlane, 0, sender=deployer)
    config = {**channel.hub.contract.routeOf(1).config, "required": 1}
    channel.hub.contract.setRoute(tuple(config.values()), "", "", sender=deployer)
    limits = {**channel.spoke.contract.tokenConfig(channel.token), "required": 1}
    channel.spoke.contract.setToken(channel.token, tuple(limits.values()), sender=deployer)
    return channel


@settings(max_examples=max(settings().max_examples // 4, 1))
@given(st.lists(STEPS, min_size=5, max_size=25))
@example(THERE_AND_BACK)
def test_never_more_than_is_locked(alone, world, venue, trader, deployer, steps):
    """Whatever happens between the two chains; afterwards nothing that was locked is lost."""
    states = [(end.node, end.node.rpc("evm_snapshot")) for end in (alone.hub, alone.spoke)]
    try:
        play = Play(alone, world, venue, trader, deployer)
        play.run(steps)
        if steps == THERE_AND_BACK:
            assert {"lock", "redeem", "relay", "relay_newest", "reorganise", "reclaim"} <= play.done
        play.go_on(0)
        alone.spoke.contract.report(alone.token, venue.account(trader), sender=trader)
        play.ask(0)
        play.wait(60)
        play.relay_newest(0)
        play.check()
        claim = alone.hub.contract.claimOf(1, venue.account(trader))
        locked = alone.spoke.contract.lockOf(alone.token, venue.account(trader)).locked
        assert (claim.locked, claim.credited + claim.waiting) == (locked, locked)
        asked = alone.spoke.contract.redemptionOf(alone.token, trader).redeemed
        assert asked == alone.hub.contract.redeemedOf(1, trader)
    finally:
        for node, state in states:
            node.rpc("evm_revert", state)
