"""Headers as they are hashed, and what is said where a node's do not."""

import pytest
from eth_utils.crypto import keccak

from crossmargin.crosschain.proofs import WordProof, header_of
from crossmargin.errors import CrossChainError

EMPTY_TRIE = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
GENESIS = {
    "parentHash": bytes(32),
    "sha3Uncles": bytes.fromhex("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"),
    "miner": "0x0000000000000000000000000000000000000000",
    "stateRoot": bytes.fromhex("d7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544"),
    "transactionsRoot": EMPTY_TRIE,
    "receiptsRoot": EMPTY_TRIE,
    "logsBloom": bytes(256),
    "difficulty": 17_179_869_184,
    "number": 0,
    "gasLimit": 5_000,
    "gasUsed": 0,
    "timestamp": 0,
    "extraData": bytes.fromhex("11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa"),
    "mixHash": bytes(32),
    "nonce": (0x42).to_bytes(8, "big"),
    "hash": bytes.fromhex("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"),
    "uncles": [],
    "size": 540,
}
"""Ethereum's, as a node gives it."""


def test_a_header_hashes_to_what_everybody_knows():
    """Fields of later forks are left out where the block has none."""
    assert keccak(header_of(GENESIS)) == GENESIS["hash"]


@pytest.mark.parametrize("change", [{"stateRoot": bytes(32)}, {"baseFeePerGas": 7}, {"hash": bytes(32)}])
def test_a_header_that_hashes_to_something_else_is_said(change):
    """A field that the program does not know, or a node that lies."""
    with pytest.raises(CrossChainError, match="the header of block 0 does not hash to what the node says"):
        header_of(GENESIS | change)


def test_a_proof_tells_its_size():
    """All its parts: what a transaction carries."""
    proof = WordProof(block=1, value=2, header=b"abc", account=(b"d", b"ef"), word=(b"g",))
    assert proof.size == 7
    assert proof.arguments == (b"abc", (b"d", b"ef"), (b"g",))
