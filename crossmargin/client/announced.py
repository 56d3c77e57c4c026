"""Health at the margins that are announced: of who has it, nothing but prices makes a liquidation for six hours."""

from dataclasses import replace

from crossmargin.client.plans import Head, Plan
from crossmargin.client.snapshot import Snapshot, snapshot
from crossmargin.model.account import State
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.prices import Multipliers
from crossmargin.model.units import AccountId, Wad

__all__ = ["announced", "announced_health"]


def announced(state: State) -> State:
    """Give the state when maintenance margin is told what initial margin is: the most of the next six hours."""
    multipliers = {feed: _of_initial(each) for feed, each in state.multipliers.items()}
    return replace(state, multipliers=multipliers)


def _of_initial(said: Multipliers) -> Multipliers:
    """Take what initial margin counts for both: never less than maintenance, and 0 is the highest."""
    most = Wad(max(said.maintenance, said.initial) if said.maintenance and said.initial else 0)
    return Multipliers(most, most)


def announced_health(account: AccountId, head: Head) -> Plan[Wad]:
    """Compute the health factor of an account at those multipliers, prices standing still [wad]."""
    taken: Snapshot = yield from snapshot(account, head)
    return Wad(margin(taken.account, announced(taken.state), RiskSet.MAINTENANCE).health_factor)
