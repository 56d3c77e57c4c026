"""What stands in the way of a deployment or a change: where, what was found, what to do about it."""

from dataclasses import dataclass
from typing import Self

from crossmargin.chain.remedies import CHANGE_REMEDIES
from crossmargin.errors import ContractRevert

__all__ = ["Problem"]


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way."""

    place: str
    found: str
    remedy: str

    @classmethod
    def of(cls, place: str, error: Exception) -> Self:
        """Tell a refusal with what to do about it here."""
        if not isinstance(error, ContractRevert):
            return cls(place, str(error), "change what it names in the configuration")
        known = CHANGE_REMEDIES.get(error.name) or error.remedy
        return cls(place, error.said, known or "change what it names in the configuration")

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.place}: {self.found}: {self.remedy}"
