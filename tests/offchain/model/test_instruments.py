import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.errors import EncodingError
from crossmargin.model.instruments import Instrument, Kind, account_id, decode, encode, split_account_id

perpetuals = st.builds(Instrument, st.just(Kind.PERPETUAL), st.integers(0, 255))
futures = st.builds(Instrument, st.just(Kind.FUTURE), st.integers(0, 255), st.integers(0, 2**24 - 1))


@given(perpetuals | futures)
def test_decode_undoes_encode(instrument):
    """An id holds all of an instrument, in 64 bits."""
    packed = encode(instrument)
    assert 0 < packed < 2**64
    assert decode(packed) == instrument


@given(st.integers(0, 2**160 - 1), st.integers(0, 2**96 - 1))
def test_split_undoes_account_id(owner, sub_id):
    """An account id holds owner and sub-account, in 256 bits."""
    packed = account_id(owner, sub_id)
    assert packed < 2**256
    assert split_account_id(packed) == (owner, sub_id)


def test_ids_by_hand():
    """The bit layout, pinned."""
    assert encode(Instrument(Kind.PERPETUAL, 1)) == 0x1001_000000_000000
    assert encode(Instrument(Kind.FUTURE, 255, 500_000)) == 0x20FF_07A120_000000
    assert account_id(1, 2) == (1 << 96) + 2
    assert Instrument(Kind.FUTURE, 1, 500_000).expiry == 1_800_000_000
    assert Instrument(Kind.PERPETUAL, 1).expiry is None


@pytest.mark.parametrize(
    ("instrument", "field", "limit"),
    [
        (Instrument(Kind.PERPETUAL, 256), "underlying", 255),
        (Instrument(Kind.PERPETUAL, 1, 5), "expiry_hours", 0),
        (Instrument(Kind.FUTURE, 1, 2**24), "expiry_hours", 2**24 - 1),
        (Instrument(Kind.FUTURE, 1, 5, 1), "strike", 0),
    ],
)
def test_encode_rejects_what_does_not_fit(instrument, field, limit):
    """The error names the field and its limit."""
    with pytest.raises(EncodingError) as caught:
        encode(instrument)
    assert (caught.value.field, caught.value.limit) == (field, limit)


@pytest.mark.parametrize("packed", [0, 3 << 60, 1 << 60 | 1 << 24, 1 << 60 | 0x100 << 48, 2 << 60 | 1])
def test_decode_rejects_ids_encode_cannot_make(packed):
    """Reserved kinds, a perpetual with an expiry, a feed above 255, a linear instrument with a strike."""
    with pytest.raises(EncodingError):
        decode(packed)


def test_account_id_rejects_what_does_not_fit():
    """Neither part may spill into the other."""
    with pytest.raises(EncodingError) as caught:
        account_id(1, 2**96)
    assert (caught.value.field, caught.value.actual) == ("sub_id", 2**96)
