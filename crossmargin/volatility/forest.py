"""The forest: trees of depth 4 in one blob of bytes, as contract code holds it, and their exact evaluation.

Big-endian throughout. `docs/volatility.md` has the layout byte by byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eth_utils.crypto import keccak

from crossmargin.errors import ForestError
from crossmargin.model.units import Ppm
from crossmargin.volatility.features import COUNT, WEIGHTS, Feature, Market, Scaling, features
from crossmargin.volatility.hours import WEEK, Hour

__all__ = [
    "DEPTH",
    "LEAVES",
    "MOST_FORECAST",
    "MOST_THRESHOLD",
    "MOST_TREES",
    "NODES",
    "PADDING",
    "SEASON_UNIT",
    "TREE_BYTES",
    "UNIT",
    "VERSION",
    "Forest",
    "Node",
    "Tree",
    "forecast",
]

DEPTH: Final = 4
NODES: Final = 2**DEPTH - 1
LEAVES: Final = 2**DEPTH
VERSION: Final = 1
"""Of the layout: the first byte."""
HEADER_BYTES: Final = 32
TREE_BYTES: Final = 4 * NODES + 4 * LEAVES
MOST_TREES: Final = (24_575 - HEADER_BYTES - WEEK) // TREE_BYTES
"""As many as contract code holds behind its first byte."""
MOST_THRESHOLD: Final = 2**23 - 1
MOST_FORECAST: Final = Ppm(2**24 - 1)
"""A forecast saturates here [ppm]."""
UNIT: Final = 2**20
"""Leaves and base are in 1 / UNIT of the scale."""
SEASON_UNIT: Final = 128
"""Factors of the hours of the week are in 1 / SEASON_UNIT."""
_MOST_LEAF: Final = 2**31 - 1
_BYTE: Final = 255


@dataclass(frozen=True, slots=True)
class Node:
    """A question: left where the feature is at most the threshold, else right."""

    feature: int
    threshold: int


PADDING: Final = Node(0, MOST_THRESHOLD)
"""Where a branch ends early: every vector goes left. The leaves beneath it are equal all the same."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Fifteen nodes, children of i at 2 i + 1 and 2 i + 2, and sixteen leaves from left to right [1 / UNIT]."""

    nodes: tuple[Node, ...]
    leaves: tuple[int, ...]

    def leaf(self, vector: Sequence[int]) -> int:
        """Walk down from the root."""
        at = 0
        for _ in range(DEPTH):
            node = self.nodes[at]
            at = 2 * at + (1 if vector[node.feature] <= node.threshold else 2)
        return self.leaves[at - NODES]


@dataclass(frozen=True, slots=True)
class Forest:
    """A forecast's every number. Hours count from the epoch; `season` has 168 factors [1 / SEASON_UNIT]."""

    number: int
    """Which forest this is, counted up by who trains."""
    horizon: int
    """[h]"""
    quantile: Ppm
    scaling: Scaling
    base: int
    """What is added to the leaves [1 / UNIT]."""
    first: int
    """First hour of the training window."""
    end: int
    """First hour after it."""
    season: tuple[int, ...]
    trees: tuple[Tree, ...]

    @property
    def mask(self) -> int:
        """Give the features that a node asks for, bit by place."""
        return sum(1 << place for place in {node.feature for tree in self.trees for node in tree.nodes})

    @property
    def hash(self) -> bytes:
        """Give the keccak-256 of the blob."""
        return keccak(self.pack())

    def pack(self) -> bytes:
        """Write the blob."""
        self._check()
        header = (
            (VERSION, 1),
            (len(self.trees), 1),
            (self.horizon, 1),
            (self.quantile, 3),
            *((weight, 2) for weight in self.scaling.weights),
            (self.scaling.least, 3),
            (self.base % 2**32, 4),
            (self.mask, 2),
            (self.first, 3),
            (self.end, 3),
            (self.number, 3),
        )
        head = b"".join(value.to_bytes(width, "big") for value, width in header)
        return head + bytes(self.season) + b"".join(_pack_tree(tree) for tree in self.trees)

    def _check(self) -> None:
        """Refuse what the layout cannot hold."""
        leaves = [leaf for tree in self.trees for leaf in tree.leaves] + [self.base]
        nodes = [node for tree in self.trees for node in tree.nodes]
        if not 1 <= len(self.trees) <= MOST_TREES:
            raise ForestError(f"{len(self.trees)} trees, 1 to {MOST_TREES} fit into a contract")
        if any(len(tree.nodes) != NODES or len(tree.leaves) != LEAVES for tree in self.trees):
            raise ForestError(f"a tree has {NODES} nodes and {LEAVES} leaves")
        if max(map(abs, leaves)) > _MOST_LEAF:
            raise ForestError(f"a leaf of {max(map(abs, leaves))}, at most {_MOST_LEAF}")
        if any(not 0 <= node.feature < COUNT or abs(node.threshold) > MOST_THRESHOLD for node in nodes):
            raise ForestError(f"a node asks beyond feature {COUNT - 1} or threshold {MOST_THRESHOLD}")
        if len(self.season) != WEEK or not all(1 <= factor <= _BYTE for factor in self.season):
            raise ForestError(f"a season has {WEEK} factors from 1 to {_BYTE}")

    @classmethod
    def unpack(cls, blob: bytes) -> "Forest":
        """Read the blob; raise ForestError where it is not exactly one."""
        trees = blob[1] if len(blob) > HEADER_BYTES + WEEK else 0
        if not trees or blob[0] != VERSION or len(blob) != HEADER_BYTES + WEEK + trees * TREE_BYTES:
            raise ForestError(f"{len(blob)} bytes are no forest of version {VERSION}")
        number = _Reader(blob[2:])
        horizon, quantile = number.take(1), Ppm(number.take(3))
        hour, six, day, week = (number.take(2) for _ in range(WEIGHTS))
        scaling = Scaling((hour, six, day, week), Ppm(number.take(3)))
        base, mask = number.take(4, signed=True), number.take(2)
        first, end, count = number.take(3), number.take(3), number.take(3)
        season = tuple(number.take(1) for _ in range(WEEK))
        forest = cls(
            number=count,
            horizon=horizon,
            quantile=quantile,
            scaling=scaling,
            base=base,
            first=first,
            end=end,
            season=season,
            trees=tuple(_read_tree(number) for _ in range(trees)),
        )
        if forest.mask != mask or forest.pack() != blob:
            raise ForestError("the blob's mask of features is not that of its nodes")
        return forest

    def evaluate(self, vector: Sequence[int]) -> int:
        """Add the leaves to the base, at least 0 [1 / UNIT of the scale]."""
        return max(self.base + sum(tree.leaf(vector) for tree in self.trees), 0)

    def forecast(self, vector: Sequence[int]) -> Ppm:
        """Turn the sum into the move that is not exceeded, at the quantile, within the horizon [ppm]."""
        scale = vector[Feature.SCALE] * self.season[vector[Feature.HOUR_OF_WEEK]]
        return Ppm(min(scale * self.evaluate(vector) // (SEASON_UNIT * UNIT), MOST_FORECAST))


class _Reader:
    """Takes one number after another from bytes."""

    def __init__(self, blob: bytes) -> None:
        self._blob = blob

    def take(self, width: int, *, signed: bool = False) -> int:
        value, self._blob = self._blob[:width], self._blob[width:]
        return int.from_bytes(value, "big", signed=signed)


def _pack_tree(tree: Tree) -> bytes:
    nodes = b"".join(
        node.feature.to_bytes(1, "big") + node.threshold.to_bytes(3, "big", signed=True) for node in tree.nodes
    )
    return nodes + b"".join(leaf.to_bytes(4, "big", signed=True) for leaf in tree.leaves)


def _read_tree(number: _Reader) -> Tree:
    nodes = tuple(Node(number.take(1), number.take(3, signed=True)) for _ in range(NODES))
    return Tree(nodes, tuple(number.take(4, signed=True) for _ in range(LEAVES)))


def forecast(forest: Forest, hours: Sequence[Hour], market: Market) -> Ppm:
    """Forecast from a week of closed hours, oldest first [ppm]."""
    return forest.forecast(features(hours, market, forest.scaling))
