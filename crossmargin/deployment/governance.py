"""Who governs a venue, and how long others see a change coming."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from crossmargin.deployment.fields import Address, Settings
from crossmargin.model.units import Seconds

__all__ = [
    "GovernanceSettings",
]


class GovernanceSettings(Settings):
    """Who governs after the hand-over, and how long others see a change coming."""

    delay: Annotated[Seconds, Field(ge=1)]
    """Between scheduling a change and its execution, for governor and administrator [s]."""
    minimum_delay: Annotated[Seconds, Field(ge=1)] | None = None
    """Shortest delay that can ever be granted, fixed at deployment; by default `delay` [s]."""
    governor: Address | None = None
    """Holds the administrator's and the governor's role: a multisig or a governance contract."""
    guardian: Address | None = None
    """May only tighten, at once and for a time: pause, close deposits, make a market reduce-only; cancels whatever is
    scheduled, but its own removal."""
    second_guardian: Address | None = None
    """The same; with two of them a stolen guardian's key can be replaced, and a captured governor removes neither."""
    poster: Address | None = None
    """Posts the prices of posted feeds; nobody can where none is named."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minimum_delay is not None and self.minimum_delay > self.delay:
            raise ValueError(f"delay {self.delay} is below minimum_delay {self.minimum_delay}")
        if self.guardian is not None and self.guardian == self.second_guardian:
            raise ValueError(f"second_guardian is the guardian {self.guardian}")
        return self
