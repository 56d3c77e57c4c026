"""A local copy of the venue: every account's holdings from the events, and their health in floating point.

Asks no chain, no file and no clock.
"""

from keepers.mirror.board import Prices
from keepers.mirror.ledger import Ledger
from keepers.mirror.mirror import Marks, Mirror, Mismatch

__all__ = ["Ledger", "Marks", "Mirror", "Mismatch", "Prices"]
