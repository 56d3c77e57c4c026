"""Hyperlane's formats: messages, checkpoints, metadata."""

import pytest
from eth_abi.abi import encode as encode_abi
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from crossmargin.crosschain.hyperlane import Checkpoint, HyperlaneMessage, SignedCheckpoint, metadata
from crossmargin.errors import MessageError

A, B, C, D = (to_checksum_address("0x" + digit * 40) for digit in "abcd")


def packed(body):
    """Write a message as the mailbox does."""
    sender, recipient = bytes(12) + b"\xaa" * 20, bytes(12) + b"\xbb" * 20
    origin, destination = (31338).to_bytes(4, "big"), (31337).to_bytes(4, "big")
    return b"\x03" + (9).to_bytes(4, "big") + origin + sender + destination + recipient + body


def test_a_message_is_read_field_by_field():
    """Its id is its hash; inside is what the transport put."""
    raw = packed(encode_abi(["address", "address", "bytes"], [C, D, b"body"]))
    found = HyperlaneMessage.read(raw)
    assert found == HyperlaneMessage(raw, 31338, 31337, A, B, C, D, b"body")
    assert found.id == keccak(raw)


@pytest.mark.parametrize(("raw", "said"), [(b"short", "5 bytes are no message"), (packed(b"x"), "no transport here")])
def test_messages_of_others_are_told(raw, said):
    """The mailbox is everybody's."""
    with pytest.raises(MessageError, match=said):
        HyperlaneMessage.read(raw)


def test_metadata_is_hook_root_index_signatures():
    """In this order, packed."""
    checkpoint = Checkpoint(31338, A, b"\x01" * 32, 3, b"\x02" * 32)
    written = metadata(checkpoint, [b"x" * 65, b"y" * 65])
    assert written == bytes(12) + b"\xaa" * 20 + b"\x01" * 32 + b"\0\0\0\3" + b"x" * 65 + b"y" * 65


def test_a_checkpoint_is_signed_under_its_tree_and_chain():
    """As Hyperlane's CheckpointLib packs it."""
    checkpoint = Checkpoint(31338, A, b"\x01" * 32, 3, b"\x02" * 32)
    domain = keccak((31338).to_bytes(4, "big") + bytes(12) + b"\xaa" * 20 + b"HYPERLANE")
    assert checkpoint.content() == keccak(domain + b"\x01" * 32 + b"\0\0\0\3" + b"\x02" * 32)


@pytest.mark.parametrize("content", [{}, {"value": 1}, {"value": {"checkpoint": {}, "message_id": "0x"}}])
def test_what_is_no_checkpoint_is_refused(content):
    """Whatever a validator serves."""
    with pytest.raises(MessageError, match="not a checkpoint"):
        SignedCheckpoint.from_json(content)
