"""Others who want the same auctions: who they are, how often they were first, and whose turn it is. Asks no node."""

from keepers.rivals.odds import odds
from keepers.rivals.seen import Rivals, taken
from keepers.rivals.turns import Turns

__all__ = ["Rivals", "Turns", "odds", "taken"]
