"""What a relayer has read comes back after a restart, of the same chain and contracts only."""

import json

import pytest
from eth_abi.abi import encode as encode_abi
from eth_utils.address import to_checksum_address
from web3.exceptions import BlockNotFound

from crossmargin.crosschain.envelopes import Envelope
from crossmargin.crosschain.facts import Fact, HubLedger, SpokeLedger
from crossmargin.crosschain.hyperlane import HyperlaneMessage
from crossmargin.crosschain.mail import Parcel
from crossmargin.crosschain.memory import Memory, Seen
from crossmargin.crosschain.messages import HubBeat, encode
from crossmargin.crosschain.sums import Sums
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


def empty(kind=HubLedger):
    """Know nothing."""
    return Seen(Window(10, 4), Sums(10, 4, kind()), Window(10, 4))


FACTS = {
    HubLedger: [
        (12, Fact("LockReported", {"route": 1, "account": 2**159, "sequence": 3, "locked": 4, "isFinal": True})),
        (12, Fact("LockReported", {"route": 1, "account": 2**159, "sequence": 4, "locked": 9, "isFinal": False})),
        (13, Fact("Credited", {"route": 1, "account": 2**159, "amount": 2**100})),
        (14, Fact("Redeemed", {"route": 2, "recipient": ONE, "total": 7})),
    ],
    SpokeLedger: [
        (12, Fact("Locked", {"token": ONE, "account": 2**159, "sequence": 3})),
        (13, Fact("RedemptionHeard", {"token": ONE, "recipient": TWO, "redeemed": 2**100})),
        (14, Fact("Paid", {"token": ONE, "recipient": TWO, "amount": 5})),
    ],
}
"""Of settled blocks."""


@pytest.fixture(params=FACTS)
def memory(tmp_path, request):
    """Keep something of each kind."""
    seen = empty(request.param)
    envelope = Envelope(1, 3, 10, ONE, TWO, encode(BEAT))
    letters = [Parcel("own", envelope, BEAT), Parcel("mailbox", HyperlaneMessage.read(raw_message()), BEAT)]
    seen.parcels.put(10, 30, [(12, letters[0]), (13, letters[1])])
    arrived = [
        (block, Fact("MessageConfirmed", {"id": bytes([block]) * 32, "transport": ONE, "count": 2}))
        for block in (12, 29)
    ]
    seen.sums.put(10, 30, [*FACTS[request.param], *arrived])
    seen.leaves.put(10, 30, [(13, ("mailbox", b"\x02" * 32, 5))])
    path = tmp_path / "seen" / "venue.json"
    Memory(path, SOURCE).keep(seen, 26, ANCHOR)
    assert [block for block, _ in seen.sums.recent.items()] == [29]
    return path, seen


def recalled(path, source, answer=ANCHOR, kind=HubLedger):
    """Recall where nothing is known; give what is known then."""
    found = empty(kind)
    Memory(path, source).recall(found, lambda block: answer if block == 26 else b"")
    return found


def content(seen):
    """List blocks and facts of all windows, and what was summed up."""
    windows = [list(each.items()) for each in (seen.parcels, seen.sums.recent, seen.leaves)]
    return windows, seen.sums.settled, seen.sums.ledger


NOTHING = content(empty())


def test_all_comes_back(memory):
    """Messages of both transports, events and places; the next block to read is the same."""
    path, seen = memory
    found = recalled(path, SOURCE, kind=type(seen.sums.settled))
    assert content(found) == content(seen)
    assert found.sums.next(40) == seen.sums.next(40) == 27


@pytest.mark.parametrize(
    ("source", "answer"), [(SOURCE | {"domain": 2}, ANCHOR), (SOURCE | {"first": 9}, ANCHOR), (SOURCE, b"\x06" * 32)]
)
def test_of_another_chain_nothing_is_taken_over(memory, source, answer):
    """Other contracts, or a node whose block has another hash."""
    found = recalled(memory[0], source, answer)
    assert content(found) == NOTHING
    assert found.sums.next(40) == 10


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"source": {}}'])
def test_a_broken_file_is_no_error(memory, text):
    """Everything is read anew."""
    memory[0].write_text(text)
    assert content(recalled(memory[0], SOURCE)) == NOTHING


def test_a_chain_that_has_become_shorter_is_read_anew(memory):
    """Its node has no such block."""

    def nothing(block):
        raise BlockNotFound(f"no block {block}")

    found = empty()
    Memory(memory[0], SOURCE).recall(found, nothing)
    assert content(found) == NOTHING


@pytest.mark.parametrize("missing", ["settled", "until", "facts", "last"])
def test_a_file_of_an_earlier_release_is_read_anew(memory, missing):
    """Such as one without sums."""
    written = json.loads(memory[0].read_text())
    del written[missing]
    memory[0].write_text(json.dumps(written))
    assert content(recalled(memory[0], SOURCE)) == NOTHING
