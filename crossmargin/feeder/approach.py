"""The part of the way to a wanted slice that the venue accepts. Touches nothing.

Whoever fits a smile anew each minute posts the noise of its quotes too, and far from the money a fit of noise moves by
more than a post may. A part of the way is accepted, and the next posts go on from there: what is posted is smoothed
where it has to be, and follows at once where it has not.
"""

from collections.abc import Callable
from typing import Final

from crossmargin.client.option_views import Slice
from crossmargin.model.units import Ppm

__all__ = ["approached"]

_PARTS: Final = 64
_TRIED: Final = (48, 32, 24, 16, 12, 8, 4, 2, 1)
"""Of the way, in 64ths, the furthest first."""


def approached(last: Slice, wanted: Slice, accepts: Callable[[Slice], bool]) -> Slice | None:
    """Give the furthest slice from the last to the wanted one that is accepted; None where none is.

    Parameters are mixed one by one, down [1e-6]. The wanted one itself is not tried.
    """
    for part in _TRIED:
        between = _between(last, wanted, part)
        if between != last and accepts(between):
            return between
    return None


def _between(last: Slice, wanted: Slice, part: int) -> Slice:
    pairs = zip(last.encode(), wanted.encode(), strict=True)
    return Slice(*(Ppm(one + (other - one) * part // _PARTS) for one, other in pairs))
