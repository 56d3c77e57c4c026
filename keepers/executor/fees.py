"""What a transaction offers per gas, and how an offer is raised. Pure."""

from typing import Final

from crossmargin.model.units import PPM, ceil_div
from keepers.executor.signer import Fees
from keepers.settings import ExecutorSettings
from keepers.units import Wei

__all__ = ["bumped", "call_cap", "first_offer"]

_HEADROOM: Final = 2  # the base fee may double before the offer is too low


def call_cap(settings: ExecutorSettings) -> Wei:
    """Give the most a call offers: a cancellation at the same nonce can still be one raise above it."""
    return Wei(max(0, settings.max_fee - 2) * PPM // (PPM + settings.bump_ppm))


def first_offer(
    base_fee: Wei, settings: ExecutorSettings, extra: Wei | None = None, *, most: Wei | None = None
) -> Fees:
    """Offer a call the tip, and what is added to it, over a base fee that may double, within the cap and `most`."""
    return _offer(base_fee, Wei(settings.tip + (extra or 0)), _least(call_cap(settings), most))


def bumped(
    fees: Fees, base_fee: Wei, settings: ExecutorSettings, *, cancel: bool, most: Wei | None = None
) -> Fees | None:
    """Raise both fees by the bump, more if the market asks for it; None beyond the cap of calls or cancellations.

    A call is not raised beyond `most` either, which is what its gain is worth.
    """
    cap = settings.max_fee if cancel else _least(call_cap(settings), most)
    least = Fees(_raise(fees.max_fee, settings), _raise(fees.tip, settings))
    if least.max_fee > cap:
        return None
    fresh = _offer(base_fee, settings.tip, cap)
    raised = Fees(Wei(max(least.max_fee, fresh.max_fee)), Wei(max(least.tip, fresh.tip)))
    return raised if raised.tip <= raised.max_fee else None


def _least(cap: Wei, most: Wei | None) -> Wei:
    return cap if most is None else min(cap, most)


def _offer(base_fee: Wei, tip: Wei, cap: Wei) -> Fees:
    max_fee = Wei(min(cap, _HEADROOM * base_fee + tip))
    return Fees(max_fee, min(tip, max_fee))


def _raise(fee: Wei, settings: ExecutorSettings) -> Wei:
    return Wei(ceil_div(fee * (PPM + settings.bump_ppm), PPM) + 1)
