"""A venue that stays alive on a local chain: prices, volatility, quotes, keepers, until it is interrupted."""
