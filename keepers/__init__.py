"""The keeper: reads the venue from the chain, decides, and starts, bids in and ends liquidation auctions."""

__version__ = "0.1.0"
