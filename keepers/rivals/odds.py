"""How likely an action is to be the first of its kind, learned from the ends of the newest ones. Pure."""

from typing import Final

from crossmargin.model.units import PPM, Ppm

__all__ = ["odds"]

_PRIOR: Final = 2  # successes that are taken for granted: who never lost expects to win


def odds(won: int, lost: int) -> Ppm:
    """Give the part of actions that succeed [ppm], from what became of those that were sent; never 0."""
    return Ppm((won + _PRIOR) * PPM // (won + lost + _PRIOR))
