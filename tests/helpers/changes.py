"""Changes of a configuration that several tests bring to a venue."""

from crossmargin.deployment import NetworkConfig

__all__ = ["MARKET", "listing_dai", "listing_market"]

MARKET = "USDT-PERP"


def listing_dai(config: NetworkConfig) -> NetworkConfig:
    """List a stablecoin with posted feeds of its own, of which nothing is deployed."""
    dai = config.assets["USDT"].model_copy(update={"feed": "DAI", "underlying": "DAI"})
    return config.model_copy(
        update={
            "tokens": {**config.tokens, "DAI": config.tokens["USDT"].model_copy(update={"name": "Test Dai"})},
            "feeds": {**config.feeds, "DAI": config.feeds["USDT"].model_copy(update={"id": 9})},
            "underlyings": {**config.underlyings, "DAI": config.underlyings["USDT"]},
            "assets": {**config.assets, "DAI": dai},
        }
    )


def listing_market(config: NetworkConfig) -> NetworkConfig:
    """List a perpetual, with the rules of its fills, on an underlying that has had none."""
    market = config.instruments["LINK-PERP"].model_copy(update={"underlying": "USDT"})
    return config.model_copy(
        update={
            "instruments": {**config.instruments, MARKET: market},
            "rules": {**config.rules, "USDT": config.rules["LINK"]},
        }
    )
