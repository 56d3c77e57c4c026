"""The tests' venue: the local configuration with margins of its own, and feeds that follow every price at once."""

import tomllib
from decimal import Decimal
from pathlib import Path

from crossmargin.deployment import NetworkConfig

MOST = Decimal(2**88 - 1) / 10**18
"""Highest ceiling of a band [USD]."""
ROOT = Path(__file__).resolve().parent.parent.parent


def own_margins() -> dict[str, object]:
    """Read what the tests' venue has in place of the shipped margins: classes, groups, underlyings, insurance."""
    return tomllib.loads((ROOT / "tests" / "helpers" / "margins.toml").read_text(), parse_float=Decimal)


def test_config(*, governor: str, guardian: str, poster: str) -> NetworkConfig:
    """Give feeds a second source, so that any move is confirmed, and no smoothing; let staking earn nothing."""
    local = NetworkConfig.load(ROOT / "config" / "local.toml", **own_margins())
    config = local.with_roles(governor, guardian, poster)
    tokens = {name: token.model_copy(update={"growth": Decimal(0)}) for name, token in config.tokens.items()}
    feeds = {
        name: feed.model_copy(
            update={
                "secondary": feed.primary,
                "smoothing": 0,
                "minimum": feed.minimum / 1000,
                "maximum": min(feed.maximum * 1000, MOST),
            }
        )
        for name, feed in config.feeds.items()
    }
    return config.model_copy(update={"feeds": feeds, "tokens": tokens})


test_config.__test__ = False  # type: ignore[attr-defined]
