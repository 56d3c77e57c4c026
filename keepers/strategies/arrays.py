"""Which risk arrays to refresh: those of series that matter now, in a transaction ahead of what relies on them.

A stale array widens margins. An auction refreshes the arrays of the account before anything else, at the expense of
whoever bids; a refresh ahead keeps decisions on numbers of now, and bids cheap. Nobody else refreshes the bidder's own.
Pure.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, AuctionId, InstrumentId, Seconds, StateNonce, Wad
from keepers.settings import StrategySettings
from keepers.strategies.model import Action, ActionKind, Snapshot
from keepers.units import Wei
from keepers.views import AccountState, ArrayState, underlying_of

__all__ = ["refreshes"]

_BASE_GAS: Final = Gas(60_000)
_ARRAY_GAS: Final = Gas(120_000)
_NONCE_BYTES: Final = 8
_BASE_WORDS: Final = 2  # of the list


def refreshes(snap: Snapshot, accounts: Iterable[AccountState], cfg: StrategySettings) -> list[Action]:
    """Give an action for each account that holds stale series, each series once."""
    found: list[Action] = []
    taken: set[InstrumentId] = set()
    for account in accounts if cfg.refresh_arrays else ():
        series = sorted({one for one in account.option_series if _is_stale(snap, one, cfg)} - taken)
        taken.update(series)
        cost = snap.cost(Gas(_BASE_GAS + _ARRAY_GAS * len(series)), _BASE_WORDS + len(series))
        if series and cost <= cfg.refresh_cost * len(series):
            found.append(_refresh(snap, account, series, cost, cfg))
    return found


def _is_stale(snap: Snapshot, series: InstrumentId, cfg: StrategySettings) -> bool:
    """Tell whether an array has used up its part of the engine's limits, or was made at prices that were not Valid."""
    array, mid = snap.arrays.get(series), snap.mids.get(underlying_of(series))
    if array is None or not mid:
        return False
    aged = (snap.timestamp - array.time) * PPM > snap.array_max_age * cfg.refresh_at_ppm
    moved = abs(mid - array.ref) * PPM * PPM > array.ref * snap.array_max_move * cfg.refresh_at_ppm
    return aged or moved or (not array.valid and array.status == PriceStatus.VALID)


def _refresh(
    snap: Snapshot, account: AccountState, series: list[InstrumentId], cost: Wad, cfg: StrategySettings
) -> Action:
    return Action(
        kind=ActionKind.REFRESH,
        account=account.account,
        auction=AuctionId(0),
        nonce=_nonce((one, snap.arrays[one]) for one in series),
        args=(tuple(series),),
        deadline=Seconds(snap.timestamp + cfg.deadline_seconds),
        expected=Wad(-cost),
        gas_budget=snap.wei(Wad(cfg.refresh_cost * len(series))),
        tip=Wei(0),
    )


def _nonce(arrays: Iterable[tuple[InstrumentId, ArrayState]]) -> StateNonce:
    """Tell one state of these arrays from the next."""
    text = ",".join(f"{series}:{array.time}" for series, array in arrays)
    return StateNonce(int.from_bytes(sha256(text.encode()).digest()[:_NONCE_BYTES]))
