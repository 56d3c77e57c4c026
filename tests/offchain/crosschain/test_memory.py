"""What a relayer has read comes back after a restart, of the same chain and contracts only."""

import pytest
from eth_abi.abi import encode as encode_abi
from eth_utils.address import to_checksum_address
from web3.exceptions import BlockNotFound

from crossmargin.crosschain.envelopes import Envelope
from crossmargin.crosschain.facts import Fact
from crossmargin.crosschain.hyperlane import HyperlaneMessage
from crossmargin.crosschain.mail import Parcel
from crossmargin.crosschain.memory import Memory, Seen
from crossmargin.crosschain.messages import HubBeat, encode
from crossmargin.crosschain.window import Window

ONE, TWO = (to_checksum_address("0x" + digit * 40) for digit in "12")
BEAT = HubBeat(7)
SOURCE = {"domain": 1, "first": 10, "transports": {"own": ONE}}
ANCHOR = b"\x05" * 32


def raw_message():
    """Write a message as Hyperlane's mailbox dispatches it."""
    head = bytes(5) + (1).to_bytes(4, "big") + bytes.fromhex(ONE[2:]).rjust(32, b"\0")
    tail = (10).to_bytes(4, "big") + bytes.fromhex(TWO[2:]).rjust(32, b"\0")
    return head + tail + encode_abi(["address", "address", "bytes"], [ONE, TWO, encode(BEAT)])


def empty():
    """Make windows that know nothing."""
    return Seen(Window(10, 4), Window(10, 4), Window(10, 4))


@pytest.fixture
def memory(tmp_path):
    """Keep something of each kind."""
    seen = empty()
    envelope = Envelope(1, 3, 10, ONE, TWO, encode(BEAT))
    letters = [Parcel("own", envelope, BEAT), Parcel("mailbox", HyperlaneMessage.read(raw_message()), BEAT)]
    seen.parcels.put(10, 30, [(12, letters[0]), (13, letters[1])])
    seen.facts.put(10, 30, [(12, Fact("MessageConfirmed", {"id": b"\x01" * 32, "transport": ONE, "count": 2}))])
    seen.leaves.put(10, 30, [(13, ("mailbox", b"\x02" * 32, 5))])
    path = tmp_path / "seen" / "venue.json"
    Memory(path, SOURCE).keep(seen, 26, ANCHOR)
    return path, seen


def recalled(path, source, answer=ANCHOR):
    """Recall into empty windows; give what they know."""
    found = empty()
    Memory(path, source).recall(found, lambda block: answer if block == 26 else b"")
    return found


def content(seen):
    """List blocks and facts of all windows."""
    return [list(each.items()) for each in (seen.parcels, seen.facts, seen.leaves)]


def test_all_comes_back(memory):
    """Messages of both transports, events and places; the next block to read is the same."""
    path, seen = memory
    found = recalled(path, SOURCE)
    assert content(found) == content(seen)
    assert found.facts.next(40) == seen.facts.next(40) == 27


@pytest.mark.parametrize(
    ("source", "answer"), [(SOURCE | {"domain": 2}, ANCHOR), (SOURCE | {"first": 9}, ANCHOR), (SOURCE, b"\x06" * 32)]
)
def test_of_another_chain_nothing_is_taken_over(memory, source, answer):
    """Other contracts, or a node whose block has another hash."""
    found = recalled(memory[0], source, answer)
    assert content(found) == [[], [], []]
    assert found.facts.next(40) == 10


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"source": {}}'])
def test_a_broken_file_is_no_error(memory, text):
    """Everything is read anew."""
    memory[0].write_text(text)
    assert content(recalled(memory[0], SOURCE)) == [[], [], []]


def test_a_chain_that_has_become_shorter_is_read_anew(memory):
    """Its node has no such block."""

    def nothing(block):
        raise BlockNotFound(f"no block {block}")

    found = empty()
    Memory(memory[0], SOURCE).recall(found, nothing)
    assert content(found) == [[], [], []]
