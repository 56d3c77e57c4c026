"""Folders of signatures: written once, whole, never another under the same number."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from eth_utils.address import to_checksum_address

from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.hyperlane import Checkpoint, SignedCheckpoint
from crossmargin.crosschain.store import AttestationStore, CheckpointStore, SignedEnvelope
from crossmargin.errors import ConflictError, MessageError

A, B, C, D = (to_checksum_address("0x" + digit * 40) for digit in "abcd")
ENVELOPE, OTHER = Envelope(31338, 7, 31337, C, D, b"body"), Envelope(31338, 7, 31337, C, D, b"other")
LANE = Lane(A, B)
CHECKPOINT = Checkpoint(31338, A, b"\x01" * 32, 3, b"\x02" * 32)
SIGNATURE = b"\x03" * 64 + b"\x1b"


def test_a_signature_is_found_by_its_message(tmp_path):
    """And by no other; a second time changes nothing."""
    store = AttestationStore(tmp_path / "new")
    assert store.get(ENVELOPE, LANE) is None
    assert store.put(SignedEnvelope(ENVELOPE, LANE, SIGNATURE))
    assert not store.put(SignedEnvelope(ENVELOPE, LANE, b"\x04" * 65))
    assert store.get(ENVELOPE, LANE) == SIGNATURE
    assert store.get(ENVELOPE, Lane(B, A)) is None
    assert store.get(OTHER, LANE) is None


def test_another_message_of_the_same_number_is_not_signed(tmp_path):
    """Only before finality, where a reorganisation may bring one."""
    store = AttestationStore(tmp_path)
    store.put(SignedEnvelope(ENVELOPE, LANE, SIGNATURE))
    with pytest.raises(ConflictError, match="message 7 of chain 31338: another was signed"):
        store.put(SignedEnvelope(OTHER, LANE, SIGNATURE))
    assert store.get(OTHER, LANE) is None
    assert store.put(SignedEnvelope(OTHER, LANE, SIGNATURE), may_differ=True)
    assert store.get(OTHER, LANE) == store.get(ENVELOPE, LANE) == SIGNATURE


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"envelope": {"origin": "x"}}'])
def test_a_broken_file_is_an_error_of_its_own(tmp_path, content):
    """So that a relayer goes on with the other signers."""
    store = AttestationStore(tmp_path)
    store.put(SignedEnvelope(ENVELOPE, LANE, SIGNATURE))
    next(tmp_path.glob("*.json")).write_text(content)
    with pytest.raises(MessageError):
        store.get(ENVELOPE, LANE)


def test_checkpoints_are_stored_as_hyperlane_does(tmp_path):
    """By index, with the fields that its agents read."""
    store = CheckpointStore(tmp_path)
    assert store.get(3) is None
    assert store.put(SignedCheckpoint(CHECKPOINT, SIGNATURE))
    assert not store.put(SignedCheckpoint(CHECKPOINT, SIGNATURE))
    assert store.get(3) == SignedCheckpoint(CHECKPOINT, SIGNATURE)
    assert json.loads((tmp_path / "checkpoint_latest_index.json").read_text()) == 3
    assert json.loads((tmp_path / "checkpoint_3_with_id.json").read_text()) == {
        "value": {
            "checkpoint": {
                "merkle_tree_hook_address": "0x" + "00" * 12 + "aa" * 20,
                "mailbox_domain": 31338,
                "root": "0x" + "01" * 32,
                "index": 3,
            },
            "message_id": "0x" + "02" * 32,
        },
        "signature": {"r": "0x" + "3" + "03" * 31, "s": "0x" + "3" + "03" * 31, "v": 27},
        "serialized_signature": "0x" + "03" * 64 + "1b",
    }


def test_no_other_root_is_signed_under_an_index(tmp_path):
    """Whatever the chain says later."""
    store = CheckpointStore(tmp_path)
    store.put(SignedCheckpoint(CHECKPOINT, SIGNATURE))
    other = Checkpoint(31338, A, b"\x05" * 32, 3, b"\x02" * 32)
    with pytest.raises(ConflictError, match="checkpoint 3 of chain 31338: another was signed"):
        store.put(SignedCheckpoint(other, SIGNATURE))
    assert store.get(3).checkpoint == CHECKPOINT


_WRITER = """
import itertools, sys
from pathlib import Path
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.store import AttestationStore, SignedEnvelope
store, who = AttestationStore(Path(sys.argv[1])), "0x" + "aA" * 20
for nonce in itertools.count(1):
    envelope = Envelope(31338, nonce, 31337, sys.argv[2], sys.argv[2], b"b" * 5_000)
    store.put(SignedEnvelope(envelope, Lane(sys.argv[2], sys.argv[2]), b"s" * 65))
"""


def test_a_killed_signer_leaves_whole_files(tmp_path):
    """Killed at any moment, each file that is there can be read, and none is missing in between."""
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), A])  # noqa: S603
    deadline = time.monotonic() + 30
    while len(list(tmp_path.glob("*.json"))) < 20:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    names = list(tmp_path.glob("*.json"))
    store = AttestationStore(tmp_path)
    for nonce in range(1, len(names) + 1):
        assert store.get(Envelope(31338, nonce, 31337, A, A, b"b" * 5_000), Lane(A, A)) == b"s" * 65
