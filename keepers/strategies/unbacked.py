"""What of an account's profit is owed by those who cannot pay it: a bidder takes it over at its mark. Pure."""

from crossmargin.model.units import ZERO, InstrumentId, Wad, ceil_div
from keepers.strategies.model import Snapshot
from keepers.views import AccountState

__all__ = ["unbacked"]


def unbacked(account: AccountState, snap: Snapshot) -> Wad:
    """Give what those lack who owe an account and are worth less than nothing [USD], rounded up; at most its profit.

    Once they are sold the profit is what others can pay. Others may bear a part of it, so this is the most it can be.
    """
    total = 0
    for leg in account.legs:
        if leg.value > 0:
            lacking = (_lacking(one, leg.instrument) for one in snap.accounts if one.account != account.account)
            total += min(leg.value, sum(lacking))
    return Wad(total)


def _lacking(debtor: AccountState, instrument: InstrumentId) -> Wad:
    """Give what an account will not pay of what it owes to a market [USD], by what it owes to all, rounded up."""
    equity = debtor.maintenance.equity
    here = sum(max(0, -leg.value) for leg in debtor.legs if leg.instrument == instrument)
    if equity >= 0 or here == 0:
        return ZERO
    owed = sum(max(0, -leg.value) for leg in debtor.legs)
    return Wad(min(here, ceil_div(-equity * here, owed)))
