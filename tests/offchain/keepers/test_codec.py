import pytest
from eth_abi.abi import decode, encode
from hypothesis import given
from hypothesis import strategies as st

from keepers.codec import Entry, plan_of, type_of
from keepers.errors import AbiError

WORDS = {
    "uint256": st.integers(0, 2**256 - 1),
    "uint8": st.integers(0, 255),
    "int24": st.integers(-(2**23), 2**23 - 1),
    "int256": st.integers(-(2**255), 2**255 - 1),
    "bool": st.booleans(),
    "address": st.integers(0, 2**160 - 1).map("0x{:040x}".format),
    "bytes32": st.binary(min_size=32, max_size=32),
    "bytes4": st.binary(min_size=4, max_size=4),
    "bytes": st.binary(max_size=70),
    "string": st.text(max_size=20),
}


def values_of(entry: Entry) -> st.SearchStrategy:
    """Draw values of a type."""
    kind = entry["type"]
    if kind.endswith("[]"):
        return st.lists(values_of({**entry, "type": kind[:-2]}), max_size=4)
    if kind.endswith("[3]"):
        return st.lists(values_of({**entry, "type": kind[:-3]}), min_size=3, max_size=3)
    if kind == "tuple":
        return st.tuples(*map(values_of, entry["components"]))
    return WORDS[kind]


entries = st.recursive(
    st.sampled_from(sorted(WORDS)).map(lambda kind: {"name": "one", "type": kind}),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["[]", "[3]"])).map(lambda two: {**two[0], "type": two[0]["type"] + two[1]}),
        st.lists(inner, min_size=1, max_size=4).map(
            lambda many: {
                "name": "one",
                "type": "tuple",
                "components": [{**one, "name": f"n{number}"} for number, one in enumerate(many)],
            }
        ),
    ),
    max_leaves=6,
)
cases = st.lists(entries, max_size=4).flatmap(lambda many: st.tuples(st.just(many), st.tuples(*map(values_of, many))))


def plain(value: object) -> object:
    """Take structs and lists as tuples."""
    if isinstance(value, dict):
        return tuple(map(plain, value.values()))
    return tuple(map(plain, value)) if isinstance(value, list | tuple) else value


@given(cases)
def test_codec_writes_and_reads_as_the_general_one(case):
    """Every type that a contract may have, and any value of it, is written to the byte and read back."""
    made, values = case
    types, plan = [type_of(one) for one in made], plan_of(made)
    written = plan.write(values)
    assert written == encode(types, values)
    assert plain(plan.read(written, 0)) == plain(decode(types, written))


@given(cases, st.data())
def test_codec_reads_nothing_that_is_cut_off(case, data):
    """A part of an answer is no answer."""
    made, values = case
    written = plan_of(made).write(values)
    if written:
        cut = written[: data.draw(st.integers(0, max(0, len(written) - 32)))]
        with pytest.raises(AbiError):
            plan_of(made).read(cut, 0)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("uint8", 256), ("uint256", -1), ("int24", 2**23), ("bytes4", b"12345"), ("address", "0x" + "f" * 41)],
)
def test_codec_writes_nothing_out_of_range(kind, value):
    """It is not cut off."""
    with pytest.raises(AbiError):
        plan_of([{"name": "one", "type": kind}]).write([value])


@pytest.mark.parametrize(("kind", "word"), [("bool", 2), ("uint8", 256), ("address", 2**160), ("bytes4", 1)])
def test_codec_reads_no_padding_but_zeros(kind, word):
    """What a contract would not write is no answer."""
    with pytest.raises(AbiError):
        plan_of([{"name": "one", "type": kind}]).read(word.to_bytes(32), 0)


def test_codec_follows_no_offset_out_of_the_data():
    """Nor takes a length that the data has no room for."""
    lists = plan_of([{"name": "one", "type": "uint256[]"}])
    for words in ([64], [32, 2, 1], [2**255, 1, 1]):
        with pytest.raises(AbiError):
            lists.read(b"".join(one.to_bytes(32) for one in words), 0)
    with pytest.raises(AbiError):
        plan_of([{"name": "one", "type": "fixed128x18"}])
