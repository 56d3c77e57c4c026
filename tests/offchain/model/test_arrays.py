from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.arrays import RiskArray

WORD = st.integers(0, 2**256 - 1)


@given(st.integers(0, 2**253 - 1), WORD)
def test_pack_undoes_unpack(meta, nodes):
    """Two words hold all of an array; the three highest bits are unused."""
    array = RiskArray.unpack(meta, nodes)
    assert array.pack() == (meta, nodes)
    assert len(array.lanes) == 18
    assert array.mark_floor < array.mark_ceil


def test_fields_by_hand():
    """One in each field, and each lane in its place: signed, the lowest first, tails in the other word."""
    lanes = (*range(-8, 8), -32_768, 32_767)
    array = RiskArray(1, 2, 3, 4, -5, lanes, 6, 7, 8, 9, valid=True)
    meta, nodes = array.pack()
    assert meta == (
        1
        | 2 << 32
        | 4 << 128
        | 3 << 134
        | (2**16 - 5) << 160
        | 0x8000 << 176
        | 0x7FFF << 192
        | 6 << 208
        | 7 << 222
        | 8 << 236
        | 9 << 248
        | 1 << 252
    )
    assert nodes & 0xFFFF == 2**16 - 8
    assert nodes >> 240 == 7
    assert RiskArray.unpack(meta, nodes) == array
    assert (array.mark_floor, array.mark_ceil) == (48, 64)
