"""Random walks around a level: the same for the same seed and the same steps. Touches nothing."""

import math
import random
from typing import Final

__all__ = ["Walk"]

_DAY: Final = 86_400.0


class Walk:
    """A logarithm that wanders and is drawn back to 0 (Ornstein-Uhlenbeck)."""

    def __init__(self, seed: str, sigma_day: float, half_life: float) -> None:
        """Wander by `sigma_day` in a day, were it not drawn back by half in `half_life` [s]."""
        self._dice = random.Random(seed)  # noqa: S311 (the same in each run)
        self._variance = sigma_day**2 / _DAY
        self._pull = math.log(2) / half_life
        self.value = 0.0

    def step(self, seconds: float) -> float:
        """Go on by some time; give the logarithm of the level over its first."""
        if seconds > 0:
            kept = math.exp(-self._pull * seconds)
            spread = math.sqrt(self._variance * (1 - kept**2) / (2 * self._pull))
            self.value = self.value * kept + self._dice.gauss(0.0, spread)
        return self.value
