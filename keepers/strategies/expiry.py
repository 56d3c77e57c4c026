"""Ending expiries: until the average is known, who holds what expires can neither withdraw nor borrow.

Anybody may start and finish the averaging; nobody is paid for it. Pure.
"""

from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.instruments import expiry_key
from crossmargin.model.positions import SETTLEMENT_WINDOW
from crossmargin.model.units import AuctionId, Seconds, StateNonce, Wad
from keepers.settings import StrategySettings
from keepers.strategies.model import Action, ActionKind, Expiring
from keepers.units import Wei
from keepers.views import ExpiryState, expiry_of

__all__ = ["end_expiry"]

_GAS: Final = Gas(120_000)  # of either call, on the high side
_TIME_BITS: Final = 64
_WORDS: Final = 1


def end_expiry(now: Expiring, cfg: StrategySettings) -> Action | None:
    """Give the next call that is due, for at most `expiry_cost`: one a block, so that bids keep their room."""
    if not cfg.end_expiries or now.cost(_GAS, _WORDS) > cfg.expiry_cost:
        return None
    actions = (_due(one, now, cfg) for one in now.expiries)
    return next((one for one in actions if one is not None and one.key not in now.done), None)


def _due(one: ExpiryState, now: Expiring, cfg: StrategySettings) -> Action | None:
    """Tell which call the clearinghouse takes: a window ends half an hour after its start, and not before expiry.

    For as long again it can be finished; after that, and where there is none, it is started.
    """
    expiry, deadline = expiry_of(one.instrument), Seconds(now.timestamp + cfg.deadline_seconds)
    ends = max(expiry, one.started + SETTLEMENT_WINDOW)
    latest = Seconds(ends + SETTLEMENT_WINDOW)
    if not one.started or now.timestamp > latest:
        early = now.timestamp < expiry - SETTLEMENT_WINDOW
        return None if early else _settlement(ActionKind.START_SETTLEMENT, one, now, cfg, deadline=deadline)
    if now.timestamp < ends:
        return None
    return _settlement(ActionKind.FINISH_SETTLEMENT, one, now, cfg, deadline=min(deadline, latest))


def _settlement(
    kind: ActionKind, one: ExpiryState, now: Expiring, cfg: StrategySettings, *, deadline: Seconds
) -> Action:
    return Action(
        kind=kind,
        account=now.bidder,
        auction=AuctionId(0),
        # whatever succeeds ends this state: a start is the next last one, a finish leaves none
        nonce=StateNonce(expiry_key(one.instrument) << _TIME_BITS | one.last_start),
        args=(one.instrument,),
        deadline=deadline,
        expected=Wad(-now.cost(_GAS, _WORDS)),
        gas_budget=now.wei(cfg.expiry_cost),
        tip=Wei(0),
    )
