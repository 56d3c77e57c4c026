"""Ending expiries: until the average is known, who holds what expires can neither withdraw nor borrow.

Anybody may observe the index and finish; nobody is paid for it. Pure.
"""

from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.instruments import expiry_key
from crossmargin.model.positions import LEAST_OBSERVATIONS, OBSERVATION_INTERVAL, SETTLEMENT_WINDOW
from crossmargin.model.units import AuctionId, Seconds, StateNonce, Wad
from keepers.strategies.model import Action, ActionKind, Expiring
from keepers.strategy_settings import StrategySettings
from keepers.units import Wei
from keepers.views import ExpiryState, expiry_of

__all__ = ["due_call", "end_expiry"]

_GAS: Final = Gas(1_000_000)  # of either call, on the high side: an observation may be of thirty minutes
_TIME_BITS: Final = 64
_WORDS: Final = 1


def end_expiry(now: Expiring, cfg: StrategySettings) -> Action | None:
    """Give the next call that is due, for at most `expiry_cost`: one a block, so that bids keep their room."""
    if not cfg.end_expiries or now.cost(_GAS, _WORDS) > cfg.expiry_cost:
        return None
    due = ((due_call(one, now.timestamp), one) for one in now.expiries)
    actions = (_settlement(kind, one, now, cfg) for kind, one in due if kind is not None)
    return next((one for one in actions if one.key not in now.done), None)


def due_call(one: ExpiryState, now: Seconds) -> ActionKind | None:
    """Tell which call it is time for: an observation, one a minute at most, and the finish when there are enough.

    Whether the venue takes it is its own to say: where sources prove the past, once after expiry, and before it only
    that the index is in doubt; else a price that is Valid.
    """
    start = expiry_of(one.instrument) - SETTLEMENT_WINDOW
    if now >= start + SETTLEMENT_WINDOW and one.observations >= LEAST_OBSERVATIONS:
        return ActionKind.FINISH_SETTLEMENT
    observed = (one.last - start) // OBSERVATION_INTERVAL + 1 if one.observations else 0
    return None if now < start + observed * OBSERVATION_INTERVAL else ActionKind.OBSERVE_SETTLEMENT


def _settlement(kind: ActionKind, one: ExpiryState, now: Expiring, cfg: StrategySettings) -> Action:
    is_over = now.timestamp > expiry_of(one.instrument)
    return Action(
        kind=kind,
        account=now.bidder,
        auction=AuctionId(0),
        # whatever succeeds ends this state: an observation is the next last one, a finish leaves none; what was refused
        # before expiry may be taken after it
        nonce=StateNonce(expiry_key(one.instrument) << _TIME_BITS | one.last << 1 | is_over),
        args=(one.instrument,),
        deadline=Seconds(now.timestamp + cfg.deadline_seconds),
        expected=Wad(-now.cost(_GAS, _WORDS)),
        gas_budget=now.wei(cfg.expiry_cost),
        tip=Wei(0),
    )
