"""Ending expiries: until the average is known, who holds what expires can neither withdraw nor borrow.

Anybody may start and finish the averaging; nobody is paid for it.
"""

from typing import Final

from crossmargin.model.positions import SETTLEMENT_WINDOW
from keepers.settings import StrategySettings
from keepers.strategies.model import Action, Kind, Snapshot
from keepers.units import WAD
from keepers.views import ExpiryState, end_of, expiry_of

__all__ = ["expiries"]

_GAS: Final = 150_000  # of either call, on the high side
_TIME_BITS: Final = 64


def expiries(snap: Snapshot, cfg: StrategySettings) -> list[Action]:
    """Give the calls that are due, for at most `upkeep_cost` each."""
    cost = -(-_GAS * snap.gas_price * snap.native_price // WAD)
    if not cfg.end_expiries or cost > cfg.upkeep_cost:
        return []
    found = ((one, _due(one, snap.timestamp)) for one in snap.ending)
    return [_action(snap, one, kind, cost, cfg) for one, kind in found if kind is not None]


def _due(one: ExpiryState, now: int) -> Kind | None:
    """Tell which call the clearinghouse takes: a window ends half an hour after its start, and not before expiry.

    For as long again it can be finished; after that, and where there is none, it is started.
    """
    expiry = expiry_of(one.instrument)
    ends = max(expiry, one.started + SETTLEMENT_WINDOW)
    if not one.started or now > ends + SETTLEMENT_WINDOW:
        return Kind.START_SETTLEMENT if now >= expiry - SETTLEMENT_WINDOW else None
    return Kind.FINISH_SETTLEMENT if now >= ends else None


def _action(snap: Snapshot, one: ExpiryState, kind: Kind, cost: int, cfg: StrategySettings) -> Action:
    return Action(
        kind=kind,
        account=snap.bidder.account,
        auction=0,
        nonce=end_of(one.instrument) << _TIME_BITS | one.started,
        args=(one.instrument,),
        deadline=snap.timestamp + cfg.deadline_seconds,
        expected=-cost,
        gas_budget=snap.wei(cfg.upkeep_cost),
    )
