"""When something has to be renewed: what moved, and long before what stands still is stale. Touches nothing."""

from decimal import Decimal
from typing import Final

from crossmargin.deployment.instruments import OptionSettings
from crossmargin.deployment.risk import EngineSettings
from crossmargin.model.freshness import RESERVE

__all__ = ["array_due", "slice_due"]

_VOLATILITY_DEVIATION: Final = Decimal("0.01")
_MOVE_RESERVE: Final = 2


def slice_due(last: int, volatility: int, age: int, limits: OptionSettings) -> bool:
    """Say whether to post a slice whose volatility at the money was `last`."""
    if age <= limits.min_interval:
        return False
    return age >= limits.max_age // RESERVE or abs(volatility - last) > last * _VOLATILITY_DEVIATION


def array_due(ref: int, index: int, age: int, engine: EngineSettings) -> bool:
    """Say whether to refresh a risk array that was made at the index `ref`, for what it may be off."""
    return age >= engine.array_max_age // RESERVE or abs(index - ref) * _MOVE_RESERVE > ref * engine.array_max_move
