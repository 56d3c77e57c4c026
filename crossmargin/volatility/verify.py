"""Prove a forest's bytes: its card, what a contract holds, and the fast evaluation against the reference."""

import numpy as np

from crossmargin.errors import ForestError
from crossmargin.volatility.features import COUNT, MOST, Feature
from crossmargin.volatility.forest import Forest
from crossmargin.volatility.hourly import Integers
from crossmargin.volatility.hours import DAY, WEEK
from crossmargin.volatility.panel import evaluate

__all__ = ["compare", "compare_code", "random_vectors"]


def random_vectors(forest: Forest, count: int, seed: int) -> Integers:
    """Draw vectors: half anywhere, half at the forest's own thresholds and beside them, where routes part."""
    random = np.random.default_rng(seed)
    result = random.integers(-MOST, MOST + 1, (count, COUNT))
    nodes = [node for tree in forest.trees for node in tree.nodes]
    for place in range(COUNT):
        own = np.array(sorted({node.threshold for node in nodes if node.feature == place} | {0}))
        result[::2, place] = own[random.integers(0, len(own), len(result[::2]))] + random.integers(
            -1, 2, len(result[::2])
        )
    result[:, Feature.HOUR_OF_WEEK] %= WEEK
    result[:, Feature.HOUR_OF_DAY] = result[:, Feature.HOUR_OF_WEEK] % DAY
    return np.clip(result, -MOST, MOST)


def compare(forest: Forest, vectors: Integers) -> int:
    """Evaluate vectors one by one and all at once; raise ForestError at the first that differs."""
    fast = evaluate(forest, vectors)
    for row, vector in enumerate(vectors.tolist()):
        if (exact := forest.evaluate(vector)) != fast[row]:
            raise ForestError(f"vector {vector} gives {fast[row]} at once, {exact} by the reference")
    return len(vectors)


def compare_code(forest: Forest, code: bytes) -> None:
    """Refuse a contract whose code is not a stop and the forest's bytes."""
    if code != b"\0" + forest.pack():
        raise ForestError(f"the contract's {len(code)} bytes are not the forest 0x{forest.hash.hex()}")
