"""The codec of messages between hub and spokes: there and back, and what it refuses."""

import pytest
from eth_abi.abi import encode as encode_abi
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.crosschain.messages import (
    AccountReport,
    HubBeat,
    LockReport,
    MessageKind,
    RedemptionReport,
    SpokeBeat,
    decode,
    encode,
)
from crossmargin.errors import MessageError

addresses = st.binary(min_size=20, max_size=20).map(to_checksum_address)
u8, u64, u128, u256 = (st.integers(0, 2**bits - 1) for bits in (8, 64, 128, 256))
i256 = st.integers(-(2**255), 2**255 - 1)
messages = st.one_of(
    st.builds(LockReport, addresses, u256, u64, u128, u64, u64),
    st.builds(SpokeBeat, addresses, u8, u128, u128, u64, u64),
    st.builds(RedemptionReport, addresses, addresses, u128, u64),
    st.builds(AccountReport, addresses, u256, u128, u128, u256, i256, st.booleans(), u64),
    st.builds(HubBeat, u64),
)
TOKEN = to_checksum_address("0x" + "11" * 20)


@given(messages)
def test_messages_come_back_as_they_went(message):
    """Every field of every kind."""
    assert decode(encode(message)) == message


def test_a_lock_is_written_word_by_word():
    """Kind first, then the fields in order, each in a word, without offsets."""
    written = encode(LockReport(TOKEN, 7, 3, 10**18, 1_000, 2_000))
    words = [int.from_bytes(written[at : at + 32], "big") for at in range(0, len(written), 32)]
    assert words == [MessageKind.LOCK, int(TOKEN, 16), 7, 3, 10**18, 1_000, 2_000]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "0 bytes are no message: its kind alone has 32"),
        (encode_abi(["uint256"], [0]), "no message is of kind 0"),
        (encode_abi(["uint256"], [6]), "no message is of kind 6: there are 1 to 5"),
        (encode_abi(["uint256"], [5]), "HubBeat has 64 bytes, and not 32"),
        (encode_abi(["uint256", "uint64", "uint64"], [5, 1, 1]), "HubBeat has 64 bytes, and not 96"),
        (encode_abi(["uint256", "uint256"], [5, 2**64]), "not a HubBeat: "),
    ],
)
def test_what_is_no_message_is_refused(body, said):
    """With the reason."""
    with pytest.raises(MessageError, match=said):
        decode(body)


def test_a_field_outside_its_type_is_not_written():
    """Rather than cut off."""
    with pytest.raises(MessageError, match="HubBeat cannot be written"):
        encode(HubBeat(2**64))
