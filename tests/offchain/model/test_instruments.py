import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.errors import EncodingError
from crossmargin.model.instruments import (
    Instrument,
    Kind,
    account_id,
    decode,
    encode,
    split_account_id,
    strike_code,
    strike_of,
)
from crossmargin.model.units import WAD

perpetuals = st.builds(Instrument, st.just(Kind.PERPETUAL), st.integers(0, 255))
futures = st.builds(Instrument, st.just(Kind.FUTURE), st.integers(0, 255), st.integers(0, 2**24 - 1))

mantissas = st.integers(1, 2**20 - 1).filter(lambda mantissa: mantissa % 10)
strikes = st.builds(lambda mantissa, exponent: mantissa * 10 ** (8 + exponent), mantissas, st.integers(0, 14))
kinds = st.sampled_from([Kind.CALL, Kind.PUT])
options = st.builds(Instrument, kinds, st.integers(0, 255), st.integers(0, 2**24 - 1), strikes.map(strike_code))


@given(perpetuals | futures | options)
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


@given(strikes)
def test_strike_undoes_its_code(strike):
    """Every strike has one code, of 24 bits."""
    code = strike_code(strike)
    assert 0 < code < 2**24
    assert strike_of(code) == strike


def test_strikes_by_hand():
    """2,000 USD is 2 * 10**(8 + 13); beyond exponent 15 zeros stay in the mantissa."""
    assert strike_code(2_000 * WAD) == 13 << 20 | 2
    assert strike_code(10**8) == 1
    assert strike_code(10**24) == 15 << 20 | 10
    assert strike_of(15 << 20 | 792_280) == 792_280 * 10**23
    assert encode(Instrument(Kind.CALL, 1, 500_000, 13 << 20 | 2)) == 0x3001_07A120_D00002
    assert encode(Instrument(Kind.PUT, 1, 500_000, 13 << 20 | 2)) == 0x4001_07A120_D00002
    assert Instrument(Kind.PUT, 1, 500_000, 1).expiry == 1_800_000_000


@pytest.mark.parametrize(
    ("code", "field"),
    [
        (0, "strike_mantissa"),
        (5 << 20, "strike_mantissa"),
        (10, "strike_exponent"),
        (14 << 20 | 20, "strike_exponent"),
        (15 << 20 | 792_282, "strike"),
        (2**24, "strike_code"),
        (-1, "strike_code"),
    ],
)
def test_code_that_is_not_canonical_is_rejected(code, field):
    """No mantissa, zeros that belong into the exponent, a strike past 2**96 - 1, too many bits."""
    with pytest.raises(EncodingError) as caught:
        encode(Instrument(Kind.CALL, 1, 5, code))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("strike", "field"),
    [
        (0, "strike_mantissa"),
        (10**8 + 1, "strike_remainder"),
        ((2**20 + 1) * 10**8, "strike_mantissa"),
        (2**96, "strike"),
    ],
)
def test_strike_that_no_code_holds_is_rejected(strike, field):
    """Nothing is rounded to the next strike."""
    with pytest.raises(EncodingError) as caught:
        strike_code(strike)
    assert caught.value.field == field


def test_payoff_at_a_price():
    """A call pays above its strike, a put below, a linear instrument its price."""
    call, put = (Instrument(kind, 1, 5, strike_code(2_000 * WAD)) for kind in (Kind.CALL, Kind.PUT))
    assert [call.payoff(price * WAD) for price in (1_900, 2_000, 2_100)] == [0, 0, 100 * WAD]
    assert [put.payoff(price * WAD) for price in (1_900, 2_000, 2_100)] == [100 * WAD, 0, 0]
    assert Instrument(Kind.FUTURE, 1, 5).payoff(7) == 7
    assert [kind.is_option for kind in Kind] == [False, False, True, True]


def test_account_id_rejects_what_does_not_fit():
    """Neither part may spill into the other."""
    with pytest.raises(EncodingError) as caught:
        account_id(1, 2**96)
    assert (caught.value.field, caught.value.actual) == ("sub_id", 2**96)
