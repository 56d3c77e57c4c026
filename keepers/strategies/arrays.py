"""Which risk arrays to refresh: those of series that matter now, in a transaction ahead of what relies on them.

A stale array widens margins. An auction refreshes the arrays of the account before anything else, at the expense of
whoever bids; a refresh ahead keeps decisions on numbers of now, and bids cheap. Nobody else refreshes the bidder's own.
Pure.
"""

from collections.abc import Iterable
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.freshness import array_aged
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import AuctionId, InstrumentId, Seconds, Wad
from keepers.strategies.model import Action, ActionKind, Snapshot, state_of
from keepers.strategy_settings import StrategySettings
from keepers.units import Wei
from keepers.views import AccountState, underlying_of

__all__ = ["refreshes"]

_BASE_GAS: Final = Gas(60_000)
_ARRAY_GAS: Final = Gas(120_000)
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
    aged = array_aged(
        array.ref,
        snap.timestamp - array.time,
        mid,
        max_age=snap.array_max_age,
        max_move=snap.array_max_move,
        part=cfg.refresh_at_ppm,
    )
    return aged or (not array.valid and array.status == PriceStatus.VALID)


def _refresh(
    snap: Snapshot, account: AccountState, series: list[InstrumentId], cost: Wad, cfg: StrategySettings
) -> Action:
    return Action(
        kind=ActionKind.REFRESH,
        account=account.account,
        auction=AuctionId(0),
        nonce=state_of(*(f"{one}:{snap.arrays[one].time}" for one in series)),
        args=(tuple(series),),
        deadline=Seconds(snap.timestamp + cfg.deadline_seconds),
        expected=Wad(-cost),
        gas_budget=snap.wei(Wad(cfg.refresh_cost * len(series))),
        tip=Wei(0),
    )
