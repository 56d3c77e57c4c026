"""The tests' venue: the local configuration with feeds that follow every price at once."""

from pathlib import Path

from crossmargin.deployment import NetworkConfig

ROOT = Path(__file__).resolve().parent.parent.parent


def local_config() -> NetworkConfig:
    """Read config/local.toml as it is."""
    return NetworkConfig.load(ROOT / "config" / "local.toml")


def test_config(*, governor: str, guardian: str, poster: str) -> NetworkConfig:
    """Give every feed a second source, so that any move is confirmed, and no smoothing: edges equal the price."""
    config = local_config().with_roles(governor, guardian, poster)
    feeds = {
        name: feed.model_copy(
            update={
                "secondary": feed.primary,
                "smoothing": 0,
                "minimum": feed.minimum / 1000,
                "maximum": feed.maximum * 1000,
            }
        )
        for name, feed in config.feeds.items()
    }
    return config.model_copy(update={"feeds": feeds})


test_config.__test__ = False  # type: ignore[attr-defined]
