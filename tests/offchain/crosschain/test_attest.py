"""A signer and a validator on a chain that is made up: what they sign, when they refuse, what a restart changes."""

from types import SimpleNamespace

import pytest
from eth_account import Account
from eth_utils.address import to_checksum_address

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.attest import Attester
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.hyperlane import Checkpoint
from crossmargin.crosschain.merkle import Tree
from crossmargin.crosschain.store import AttestationStore, CheckpointStore
from crossmargin.crosschain.validate import Validator
from crossmargin.errors import ConflictError, CrossChainError

A, B, C, D, HOOK = (to_checksum_address("0x" + digit * 40) for digit in "abcde")
LANE = Lane(A, B)
SIGNER = KeySigner(Account.from_key("0x" + "11" * 32))
IDS = [bytes([number]) * 32 for number in range(1, 8)]


class MadeUp:
    """A link to a chain with one message a block; the newest `depth` blocks are not settled."""

    name, domain, first_block = "other", 31338, 0
    settings = SimpleNamespace(overlap=4)

    def __init__(self, *bodies, depth=0):
        """Have messages of these bodies, from number 1 in block 1; None leaves a number out."""
        self.bodies, self.depth = list(bodies), depth
        self.wrong_root = None

    def settled(self, _standing):
        """Give the newest settled block."""
        return len(self.bodies) - self.depth if len(self.bodies) >= self.depth else None

    def envelope(self, nonce):
        """Give a message."""
        return Envelope(self.domain, nonce, 31337, C, D, self.bodies[nonce - 1])

    def envelopes(self, _transport, first, last):
        """Give those of some blocks."""
        for nonce in range(max(first, 1), last + 1):
            if self.bodies[nonce - 1] is not None:
                yield nonce, self.envelope(nonce)

    def leaves(self, _transport, first, last):
        """Give those of some blocks: bodies are ids."""
        for block in range(max(first, 1), last + 1):
            if self.bodies[block - 1] is not None:
                yield block, block - 1, self.bodies[block - 1]

    def tree(self, _transport):
        """Stand in for the hook."""
        return SimpleNamespace(address=HOOK, functions=SimpleNamespace(root=lambda: self))

    def call(self, block_identifier):
        """Answer for the hook's root at a block."""
        return self.wrong_root or root(self.bodies[:block_identifier])


def root(leaves):
    """Hash a tree of these."""
    tree = Tree()
    for leaf in leaves:
        tree.insert(leaf)
    return tree.root()


def attester(chain, folder, standing="full"):
    """Start a signer."""
    return Attester(chain, A, {31337: B}, SIGNER, folder, standing=standing)


def signed(chain, folder, *nonces):
    """Tell which messages are signed."""
    store = AttestationStore(folder)
    return [nonce for nonce in nonces if store.get(chain.envelope(nonce), LANE)]


def test_only_what_is_settled_is_signed(tmp_path):
    """And once."""
    chain, said = MadeUp(b"1", b"2", b"3", depth=2), []
    own = attester(chain, tmp_path)
    assert own.turn(said.append) == 1
    assert signed(chain, tmp_path, 1, 2, 3) == [1]
    assert own.turn(said.append) == 0
    chain.depth = 0
    assert own.turn(said.append) == 2
    assert said == [f"signed message {number} of other" for number in (1, 2, 3)]
    assert attester(chain, tmp_path).turn(said.append) == 0


def test_a_gap_stops_a_signer(tmp_path):
    """The node leaves something out: nothing behind the gap is signed until it is closed."""
    chain = MadeUp(b"1", None, b"3")
    own = attester(chain, tmp_path)
    for _ in range(2):
        with pytest.raises(CrossChainError, match=r"after message 1 of .* the node tells of 3: it leaves logs out"):
            own.turn(lambda _: None)
    assert signed(chain, tmp_path, 1, 3) == [1]
    chain.bodies[1] = b"2"
    own.turn(lambda _: None)
    assert signed(chain, tmp_path, 1, 2, 3) == [1, 2, 3]


def test_no_second_message_is_signed_as_final(tmp_path):
    """Nor anything after it."""
    chain = MadeUp(b"1", b"2")
    attester(chain, tmp_path).turn(lambda _: None)
    (tmp_path / "progress-31338.state").unlink()
    chain.bodies = [b"1", b"other", b"3"]
    with pytest.raises(ConflictError, match="message 2 of chain 31338: another was signed"):
        attester(chain, tmp_path).turn(lambda _: None)
    assert signed(chain, tmp_path, 1, 2, 3) == [1]


def test_a_fast_signer_follows_reorganisations(tmp_path):
    """What comes in the place of a message is signed too; its word is only for the fast part."""
    chain = MadeUp(b"1", b"2")
    own = attester(chain, tmp_path, "fast")
    assert own.turn(lambda _: None) == 2
    chain.bodies = [b"1", b"other", b"3"]
    assert own.turn(lambda _: None) == 2
    assert signed(chain, tmp_path, 1, 2, 3) == [1, 2, 3]


def test_messages_to_other_chains_are_passed(tmp_path):
    """They count in the numbers, and are not signed."""
    chain = MadeUp(b"1", b"2")
    own = Attester(chain, A, {5: B}, SIGNER, tmp_path)
    assert own.turn(lambda _: None) == 0
    assert list(tmp_path.glob("*.json")) == []


def test_a_validator_signs_every_root(tmp_path):
    """From the tree's beginning, after a restart too."""
    chain, said = MadeUp(*IDS[:3]), []
    assert Validator(chain, A, SIGNER, tmp_path).turn(said.append) == 3
    chain.bodies.append(IDS[3])
    own = Validator(chain, A, SIGNER, tmp_path)
    assert own.turn(said.append) == 1
    assert own.turn(said.append) == 0
    store = CheckpointStore(tmp_path / "31338")
    for index in range(4):
        checkpoint = Checkpoint(31338, HOOK, root(IDS[: index + 1]), index, IDS[index])
        assert store.get(index).checkpoint == checkpoint
        assert store.get(index).signature == SIGNER.sign_message(checkpoint.content())


@pytest.mark.parametrize("fault", ["root", "gap"])
def test_a_validator_does_not_believe_a_node_that_contradicts_itself(tmp_path, fault):
    """Nothing is signed until logs and state agree."""
    chain = MadeUp(*IDS[:3])
    if fault == "root":
        chain.wrong_root = bytes(32)
    else:
        chain.bodies[0] = None
    own = Validator(chain, A, SIGNER, tmp_path)
    for _ in range(2):
        with pytest.raises(CrossChainError, match="other: "):
            own.turn(lambda _: None)
    assert not list(tmp_path.rglob("*.json"))
    chain.wrong_root, chain.bodies[0] = None, IDS[0]
    assert own.turn(lambda _: None) == 3


def test_a_validator_signs_no_second_root(tmp_path):
    """Nor what comes after it, turn after turn."""
    chain = MadeUp(*IDS[:2])
    Validator(chain, A, SIGNER, tmp_path).turn(lambda _: None)
    chain.bodies = [IDS[0], IDS[5], IDS[6]]
    own = Validator(chain, A, SIGNER, tmp_path)
    for _ in range(2):
        with pytest.raises(ConflictError, match="checkpoint 1 of chain 31338"):
            own.turn(lambda _: None)
    assert CheckpointStore(tmp_path / "31338").get(2) is None
