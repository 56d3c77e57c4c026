"""Collateral on another chain by the clients: locked there, credited here, redeemed, refused; two real nodes."""

import pytest

from crossmargin.chain.decimals import parse_units
from crossmargin.client.receipts import Withdrawal
from crossmargin.client.remote_receipts import Credit, Lock, Payment, Reclaim, Redemption
from crossmargin.client.remote_views import Waiting
from crossmargin.errors import ContractRevert, CrossChainError, RecordError
from crossmargin.model.units import MAX_UINT256
from crossmargin.simulation.two_chains.crew import Crew
from crossmargin.simulation.two_chains.people import Person, post_price

ONE, TWO = "WETH@other", "WETH2@other"


@pytest.fixture
def crew(chain_pair, tmp_path):
    """Give signers, validators and a relayer who know nothing yet."""
    return Crew(chain_pair, tmp_path / "crew")


@pytest.fixture
def alice(chain_pair):
    """Give somebody without anything on either chain."""
    post_price(chain_pair, chain_pair.poster, 2_000)
    return Person.of(chain_pair, "alice")


def reasons(person, route):
    """Say what waits for what on a route."""
    claims = {each.route: each for each in person.venue.remote_claims(person.spoke)}
    return [(each.reason, each.amount) for each in claims[route].waits]


def test_a_lock_becomes_collateral_and_comes_back(alice, crew):
    """By both transports; each step is told by its receipt, and what is under way by the claim."""
    alice.spoke.mint("WETH2", parse_units(60, 18))
    locked = alice.venue.lock_remote(alice.spoke, "WETH2", parse_units(60, 18))
    (lock,) = alice.spoke.events(locked)
    assert isinstance(lock, Lock)
    assert (lock.token, lock.amount, lock.locked, lock.by) == ("WETH2", 60, 60, alice.actor.address)
    assert alice.venue.hub_may_deposit()
    assert (alice.venue.accepts_route(TWO), alice.venue.accepts_route(ONE)) == (True, False)
    assert reasons(alice, TWO) == [(Waiting.TRANSPORT, 60)]

    crew.carry()
    assert reasons(alice, TWO) == []
    assert alice.receipts(TWO) == 60

    withdrawn, _ = alice.venue.redeem_remote(TWO, parse_units(20, 18))
    left, redeemed = alice.venue.events(withdrawn)
    assert isinstance(left, Withdrawal)
    assert (left.asset, left.amount) == (TWO, 20)
    assert isinstance(redeemed, Redemption)
    assert (redeemed.route, redeemed.burnt, redeemed.amount, redeemed.to) == (TWO, 20, 20, alice.actor.address)
    assert reasons(alice, TWO) == [(Waiting.REDEMPTION, 20)]

    crew.carry()
    assert (alice.wallet("WETH2"), reasons(alice, TWO)) == (20, [])
    alice.venue.redeem_remote(TWO, MAX_UINT256)
    crew.carry()
    assert (alice.wallet("WETH2"), alice.receipts(TWO)) == (60, 0)


def test_what_lacks_a_permission_waits_and_is_pushed(alice, crew):
    """Locked without it, it waits; with it, anybody pushes; a bucket lets only so much through."""
    alice.lock("WETH", 150, permit=False)
    crew.carry()
    assert reasons(alice, ONE) == [(Waiting.PERMISSION, 150), (Waiting.CONSENT, 150), (Waiting.BUCKET, 50)]
    with pytest.raises(ContractRevert, match="RouteNotAccepted"):
        alice.venue.credit_remote(ONE)

    alice.venue.accept_route(ONE)
    assert (alice.venue.accepts_route(ONE), alice.venue.accepts_route(TWO)) == (True, False)
    with pytest.raises(ContractRevert, match="NotAuthorised"):
        alice.venue.credit_remote(ONE)
    alice.venue.permit_hub()
    assert reasons(alice, ONE)[0] == (Waiting.PUSH, 100)
    pushed = alice.venue.credit_remote(ONE)
    assert [(each.route, each.amount) for each in alice.venue.events(pushed) if isinstance(each, Credit)] == [
        (ONE, 100)
    ]
    assert [reason for reason, _ in reasons(alice, ONE)] == [Waiting.QUEUE, Waiting.BUCKET]
    with pytest.raises(ContractRevert, match="TooSoon"):
        alice.venue.credit_remote(ONE)


def test_what_the_spoke_owes_waits_for_its_bucket(alice, crew, chain_pair):
    """A redemption beyond the bucket is paid in parts."""
    alice.lock("WETH2", 900)
    crew.carry()
    spoke = chain_pair.spoke.contract("CollateralSpoke")
    alice.venue.redeem_remote(TWO, MAX_UINT256)
    chain_pair.spoke.chain.rpc("anvil_impersonateAccount", chain_pair.spoke.guardian.address)
    paused = spoke.functions.pause(3_600).transact({"from": chain_pair.spoke.guardian.address})
    chain_pair.spoke.chain.web3.eth.wait_for_transaction_receipt(paused)
    crew.carry()
    assert reasons(alice, TWO) == [(Waiting.SPOKE_PAUSE, 900)]
    with pytest.raises(ContractRevert, match="SpokePaused"):
        alice.spoke.pay("WETH2")

    chain_pair.pass_time(3_600)
    assert reasons(alice, TWO) == [(Waiting.PAY, 900)]
    (payment,) = alice.spoke.events(alice.spoke.pay("WETH2"))
    assert isinstance(payment, Payment)
    assert (payment.token, payment.amount, payment.to) == ("WETH2", 900, alice.actor.address)


def test_what_waits_is_taken_back_without_being_credited(alice, crew):
    """He has neither taken the route nor let the hub deposit; nothing of it is receipts in between."""
    alice.spoke.mint("WETH2", parse_units(5, 18))
    alice.spoke.lock_with_permit("WETH2", parse_units(5, 18), alice.account)
    crew.carry()
    assert reasons(alice, TWO) == [(Waiting.PERMISSION, 5), (Waiting.CONSENT, 5)]
    claims = {each.route: each.reclaimable for each in alice.venue.remote_claims()}
    assert claims == {ONE: 0, TWO: 5}

    taken, _ = alice.venue.reclaim_remote(TWO, MAX_UINT256)
    gone, redeemed = alice.venue.events(taken)
    assert isinstance(gone, Reclaim)
    assert (gone.route, gone.amount) == (TWO, 5)
    assert isinstance(redeemed, Redemption)
    assert (redeemed.burnt, redeemed.amount, redeemed.to) == (0, 5, alice.actor.address)
    assert reasons(alice, TWO) == [(Waiting.REDEMPTION, 5)]

    crew.carry()
    assert (alice.wallet("WETH2"), alice.receipts(TWO), reasons(alice, TWO)) == (5, 0, [])
    with pytest.raises(ContractRevert, match="NothingToReclaim"):
        alice.venue.reclaim_remote(TWO, 1)


def test_a_pause_is_told_and_refused(alice, crew, chain_pair):
    """The guardian's at the hub: nothing leaves as receipts either."""
    alice.lock("WETH", 60)
    crew.carry()
    hub, guardian = chain_pair.hub.contract("CollateralHub"), chain_pair.hub.guardian.address
    chain_pair.hub.chain.rpc("anvil_impersonateAccount", guardian)
    sent = hub.functions.pauseRoute(1, 3_600).transact({"from": guardian})
    chain_pair.hub.chain.web3.eth.wait_for_transaction_receipt(sent)

    with pytest.raises(ContractRevert, match="RoutePaused"):
        alice.venue.redeem_remote(ONE, parse_units(1, 18))
    alice.lock("WETH", 10)
    crew.carry()
    assert reasons(alice, ONE)[0] == (Waiting.PAUSE, 10)


def test_what_is_no_route_is_refused_before_anything_is_sent(alice):
    """Names that are none, in words."""
    with pytest.raises(RecordError, match="no route DOGE@other on hub: WETH@other, WETH2@other"):
        alice.venue.credit_remote("DOGE@other")
    with pytest.raises(RecordError, match="no token DOGE on other: WETH, WETH2"):
        alice.venue.lock_remote(alice.spoke, "DOGE", 1)


def test_locks_of_nothing_are_refused(alice):
    """Less than the least."""
    with pytest.raises(ContractRevert, match="AmountTooSmall"):
        alice.spoke.approve("WETH", 1) and alice.spoke.lock("WETH", 0, alice.account)


def test_a_venue_without_hub_says_so(pair):
    """One line instead of a missing contract."""
    trader, _ = pair
    for act in (trader.routes, trader.permit_hub, trader.remote_claims):
        with pytest.raises(RecordError, match="takes no collateral on other chains"):
            act()


def test_what_no_message_tells_is_proved(proving_pair, learn_block, alice, crew):
    """Redeemed when the relayer is gone, proved three days later; the message that comes then pays nothing."""
    alice.lock("WETH2", 60)
    crew.carry()
    alice.venue.redeem_remote(TWO, parse_units(20, 18))
    with pytest.raises(CrossChainError, match="proofs count from"):
        alice.venue.prove_redemption(alice.spoke)
    proving_pair.pass_time(259_300)
    block = proving_pair.hub.chain.web3.eth.get_block("latest")
    learn_block(block["number"], bytes(block["hash"]))
    (said,) = alice.venue.prove_redemption(alice.spoke)
    assert said.endswith("; 20 paid")
    assert alice.wallet("WETH2") == 20
    (said,) = alice.venue.prove_redemption(alice.spoke)
    assert "the spoke knows of all that was redeemed" in said
    crew.carry()
    assert (alice.wallet("WETH2"), alice.receipts(TWO)) == (20, 40)
