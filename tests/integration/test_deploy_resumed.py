"""A deployment broken off anywhere goes on where it was."""

import itertools

import pytest
from eth_account import Account

from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, Deployer, VenueContext, open_record, plan
from crossmargin.deployment.verify import verify
from crossmargin.errors import RecordError


class BrokenOffError(Exception):
    """The process died."""


class FlakyChain(Chain):
    """Dies at every third transaction: before it is written down, before it is sent, before its receipt is recorded."""

    MOMENTS = ("unwritten", "unsent", "unrecorded")
    attempts = itertools.count()

    def send(self, transaction, before=lambda _: None):
        """Send, or die on the way."""
        attempt = next(self.attempts)
        moment = self.MOMENTS[attempt // 3 % 3] if attempt % 3 == 0 else ""

        def flaky(sent) -> None:
            if moment == "unwritten":
                raise BrokenOffError
            before(sent)
            if moment == "unsent":
                raise BrokenOffError

        receipt = super().send(transaction, flaky)
        if moment == "unrecorded":
            raise BrokenOffError
        return receipt


@pytest.fixture
def config(venue, roles, poster):
    """Take the tests' configuration with a poster of its own."""
    return venue.config.with_roles(poster=poster.address)


def begin(chain, config, path):
    """Open the deployment's file and make the deployer of one run."""
    return Deployer(VenueContext(chain, config, open_record(chain, config, path)), plan(config), path)


def test_deploy_goes_on_from_every_kind_of_break(node, config, other, tmp_path):
    """Some thirty deaths, and still each transaction once: no more nonces used than steps recorded."""
    path = tmp_path / "31337.json"
    chain = FlakyChain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
    used_before = chain.nonce()

    deaths = 0
    while True:
        deployer = begin(chain, config, path)
        try:
            record = deployer.run()
            break
        except BrokenOffError:
            deaths += 1

    assert deaths > 20
    assert record == DeploymentRecord.load(path)
    assert record.complete
    assert record.pending is None
    assert chain.nonce() - used_before == len(record.transactions)
    assert len({each.transaction for each in record.transactions}) == len(record.transactions)
    assert verify(deployer.venue, plan(config)) == []


def test_deploy_again_sends_nothing(venue, node):
    """A complete deployment stays as it is."""
    before = node.web3.eth.block_number

    Deployer(venue.deployment, plan(venue.config)).run()

    assert node.web3.eth.block_number == before


def test_deploy_refuses_a_record_of_another_chain(node, config, other, tmp_path):
    """Local chains share their id, so the genesis decides."""
    path = tmp_path / "31337.json"
    chain = Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
    record = open_record(chain, config, None)
    record.genesis = "0x" + "11" * 32
    record.save(path)

    with pytest.raises(RecordError, match="another chain"):
        open_record(chain, config, path)


def test_deploy_refuses_another_deployer(node, config, other, keeper, tmp_path):
    """Only the account that began holds the roles needed to go on."""
    path = tmp_path / "31337.json"
    chain = Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
    open_record(chain, config, None).save(path)
    stranger = Chain(node.web3, KeySigner(Account.from_key(keeper.private_key)), node.artifacts)

    with pytest.raises(RecordError, match="only that account can go on"):
        open_record(stranger, config, path)
