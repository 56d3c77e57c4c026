"""Which signatures a message is delivered with, whatever lies in signers' folders."""

import pytest
from eth_account import Account
from eth_utils.address import to_checksum_address

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.hyperlane import Checkpoint, HyperlaneMessage, SignedCheckpoint, metadata
from crossmargin.crosschain.signatures import Quorum, attestations, checkpoint_metadata
from crossmargin.crosschain.store import AttestationStore, CheckpointStore, SignedEnvelope

A, B, C, D = (to_checksum_address("0x" + digit * 40) for digit in "abcd")
ENVELOPE, LANE = Envelope(31338, 7, 31337, C, D, b"body"), Lane(A, B)
KEYS = sorted(
    (KeySigner(Account.from_key("0x" + digit * 64)) for digit in "1234"), key=lambda each: int(each.address, 16)
)
QUORUM = Quorum(tuple(each.address for each in KEYS[:3]), 2)
STRANGER = KEYS[3]
MESSAGE = HyperlaneMessage(b"raw", 31338, 31337, A, B, C, D, b"body")


@pytest.fixture
def said():
    """Collect complaints."""
    return []


def folders(tmp_path):
    """Name a folder for each signer."""
    return [tmp_path / str(number) for number in range(len(KEYS))]


def attest(folder, signer, envelope=ENVELOPE):
    """Sign a message into a folder."""
    AttestationStore(folder).put(SignedEnvelope(envelope, LANE, signer.sign_message(envelope.content(LANE))))


def check(folder, signer, root=b"\x01" * 32, **changes):
    """Sign a checkpoint into a folder; give it."""
    fields = {"origin": 31338, "hook": A, "root": root, "index": 3, "message_id": MESSAGE.id} | changes
    checkpoint = Checkpoint(**fields)
    CheckpointStore(folder / "31338").put(SignedCheckpoint(checkpoint, signer.sign_message(checkpoint.content())))
    return checkpoint


def test_signatures_come_in_the_order_of_members(tmp_path, said):
    """As many as are needed, whatever order the folders have; a stranger's does not count."""
    places = folders(tmp_path)
    attest(places[0], STRANGER)
    attest(places[1], KEYS[2])
    assert attestations(ENVELOPE, LANE, QUORUM, places, said.append) is None
    attest(places[2], KEYS[0])
    found = attestations(ENVELOPE, LANE, QUORUM, places, said.append)
    assert found == [each.sign_message(ENVELOPE.content(LANE)) for each in (KEYS[0], KEYS[2])]
    attest(places[3], KEYS[1])
    found = attestations(ENVELOPE, LANE, QUORUM, places, said.append)
    assert found == [each.sign_message(ENVELOPE.content(LANE)) for each in KEYS[:2]]
    assert said == []


def test_one_signer_twice_is_one(tmp_path, said):
    """In two folders."""
    places = folders(tmp_path)
    attest(places[0], KEYS[0])
    attest(places[1], KEYS[0])
    assert attestations(ENVELOPE, LANE, QUORUM, places, said.append) is None


def test_a_broken_folder_is_told_and_passed(tmp_path, said):
    """The others are enough."""
    places = folders(tmp_path)
    for place, signer in zip(places, KEYS[:3], strict=False):
        attest(place, signer)
    next(places[0].glob("*.json")).write_text("{")
    found = attestations(ENVELOPE, LANE, QUORUM, places, said.append)
    assert found == [each.sign_message(ENVELOPE.content(LANE)) for each in KEYS[1:3]]
    assert len(said) == 1
    assert "not JSON" in said[0]


def test_a_module_without_validators_takes_nothing(tmp_path, said):
    """A threshold of zero is none."""
    places = folders(tmp_path)
    attest(places[0], KEYS[0])
    assert attestations(ENVELOPE, LANE, Quorum((), 0), places, said.append) is None


def test_checkpoints_count_where_validators_agree(tmp_path, said):
    """On one root; of this message, tree and chain."""
    places = folders(tmp_path)

    def found():
        return checkpoint_metadata(MESSAGE, A, 3, QUORUM, places, complain=said.append)

    check(places[0], KEYS[0], root=b"\x09" * 32)
    agreed = check(places[1], KEYS[1])
    assert found() is None
    check(places[2], KEYS[2])
    signatures = [each.sign_message(agreed.content()) for each in KEYS[1:3]]
    assert found() == metadata(agreed, signatures)
    assert said == []


@pytest.mark.parametrize("changes", [{"hook": B}, {"message_id": b"\x07" * 32}, {"origin": 1}])
def test_checkpoints_of_something_else_do_not_count(tmp_path, said, changes):
    """Whoever signed them."""
    places = folders(tmp_path)
    for place, signer in zip(places, KEYS[:3], strict=False):
        check(place, signer, **changes)
    assert checkpoint_metadata(MESSAGE, A, 3, QUORUM, places, complain=said.append) is None
