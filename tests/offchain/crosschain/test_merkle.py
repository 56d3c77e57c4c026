"""The incremental tree: its root is that of the whole tree, hashed level by level."""

from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.crosschain.merkle import DEPTH, Tree

EMPTY = bytes.fromhex("27ae5ba08d7291c96c8cbddcc148bf48a6d68c7974b94356f53754ef6171d757")
"""Root of an empty tree of depth 32, as every deposit contract modelled on eth2's has it."""


def naive_root(leaves):
    """Hash all levels, with empty trees on the right."""
    level, zero = list(leaves), bytes(32)
    for _ in range(DEPTH):
        if len(level) % 2:
            level.append(zero)
        level = [keccak(level[at] + level[at + 1]) for at in range(0, len(level), 2)]
        zero = keccak(zero + zero)
    return level[0] if level else zero


def test_an_empty_tree_has_the_known_root():
    """Of 2^32 zeroes."""
    assert Tree().root() == EMPTY == naive_root([])


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_the_root_is_that_of_all_leaves(leaves):
    """After each insertion, which tells the leaf's place."""
    tree = Tree()
    for index, leaf in enumerate(leaves):
        assert tree.insert(leaf) == index
        assert tree.root() == naive_root(leaves[: index + 1])
