"""What signers sign, as the contract's `digestOf` computes it."""

import pytest
from eth_account import Account
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.envelopes import Envelope, Lane, signer_of
from crossmargin.errors import MessageError

A, B, C, D = (to_checksum_address("0x" + digit * 40) for digit in "abcd")
ENVELOPE = Envelope(31338, 7, 31337, C, D, b"body")
LANE = Lane(A, B)


def test_the_digest_is_of_every_field():
    """Word by word, as abi.encode has them, under the prefix of signed messages."""
    words = (
        (31338).to_bytes(32, "big")
        + bytes(12)
        + bytes.fromhex("aa" * 20)
        + (7).to_bytes(32, "big")
        + (31337).to_bytes(32, "big")
        + b"".join(bytes(12) + bytes.fromhex(digit * 20) for digit in ("bb", "cc", "dd"))
        + keccak(b"body")
    )
    assert ENVELOPE.content(LANE) == keccak(words)
    assert ENVELOPE.digest(LANE) == keccak(b"\x19Ethereum Signed Message:\n32" + keccak(words))


def test_a_signature_tells_its_signer():
    """Of this message by these transports, and of no other."""
    signer = KeySigner(Account.from_key("0x" + "11" * 32))
    signature = signer.sign_message(ENVELOPE.content(LANE))
    assert signer_of(ENVELOPE.content(LANE), signature) == signer.address
    assert signer_of(ENVELOPE.content(Lane(B, A)), signature) != signer.address


@pytest.mark.parametrize("signature", [b"", bytes(65), b"\xff" * 65, bytes(64)])
def test_what_is_no_signature_has_no_signer(signature):
    """Nor does it end a relayer."""
    with pytest.raises(MessageError, match="not a signature"):
        signer_of(bytes(32), signature)
