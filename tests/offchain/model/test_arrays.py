from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.arrays import RiskArray, rounded_ref

WORD = st.integers(0, 2**256 - 1)


@given(WORD, WORD, st.integers(1, 2**96 - 1))
def test_unpack_undoes_pack(meta, nodes, index):
    """Two words hold all of an array, and no bit is unused."""
    array = replace(RiskArray.unpack(meta, nodes), ref=rounded_ref(index))
    assert RiskArray.unpack(*array.pack()) == array
    assert array.pack()[0] ^ meta < 2**96
    assert (array.pack()[0] ^ meta) & 2**32 - 1 == 0
    assert array.pack()[1] == nodes
    assert len(array.lanes) == 18
    assert array.mark_floor < array.mark_ceil


@pytest.mark.parametrize(
    ("index", "ref"),
    [
        (1, 1),
        (2**58 - 1, 2**58 - 1),
        (2**58 + 1, 2**58),
        (65_535 * 10**18, 65_535 * 10**18),
        (2**96 - 1, 2**96 - 2**38),
    ],
)
def test_index_of_an_array_keeps_its_leading_bits(index, ref):
    """58 of them, so that whole dollars up to 65,536 are kept."""
    assert rounded_ref(index) == ref == rounded_ref(ref)


def test_fields_by_hand():
    """One in each field, and each lane in its place: signed, the lowest first, tails in the other word."""
    lanes = (*range(-8, 8), -32_768, 32_767)
    array = RiskArray(1, 2**59, 3, 4, -5, lanes, 6, 7, 8, 9, 10, 11, 12, valid=True)
    meta, nodes = array.pack()
    assert meta == (
        1
        | 2 << 32
        | 2**57 << 38
        | 4 << 96
        | 3 << 102
        | (2**16 - 5) << 128
        | 0x8000 << 144
        | 0x7FFF << 160
        | 6 << 176
        | 7 << 190
        | 8 << 204
        | 9 << 218
        | 10 << 232
        | 11 << 244
        | 12 << 248
        | 1 << 255
    )
    assert nodes & 0xFFFF == 2**16 - 8
    assert nodes >> 240 == 7
    assert RiskArray.unpack(meta, nodes) == array
    assert (array.mark_floor, array.mark_ceil) == (48, 64)
