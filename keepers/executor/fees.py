"""What a transaction offers per gas, and how an offer is raised. Pure."""

from typing import Final

from crossmargin.model.units import PPM, ceil_div
from keepers.executor.signer import Fees
from keepers.settings import ExecutorSettings
from keepers.units import Wei

__all__ = ["bumped", "first_offer"]

_HEADROOM: Final = 2  # the base fee may double before the offer is too low


def first_offer(base_fee: Wei, settings: ExecutorSettings) -> Fees:
    """Offer the tip over a base fee that may double, within the cap."""
    max_fee = Wei(min(settings.max_fee, _HEADROOM * base_fee + settings.tip))
    return Fees(max_fee, min(settings.tip, max_fee))


def bumped(fees: Fees, base_fee: Wei, settings: ExecutorSettings) -> Fees | None:
    """Raise both fees by the bump, more if the market asks for it; None beyond the cap."""
    fresh = first_offer(base_fee, settings)
    raised = Fees(max(_raise(fees.max_fee, settings), fresh.max_fee), max(_raise(fees.tip, settings), fresh.tip))
    return raised if raised.max_fee <= settings.max_fee and raised.tip <= raised.max_fee else None


def _raise(fee: Wei, settings: ExecutorSettings) -> Wei:
    return Wei(ceil_div(fee * (PPM + settings.bump_ppm), PPM) + 1)
