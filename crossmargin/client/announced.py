"""Health at the margins that are announced: of who has it, nothing but prices makes a liquidation for six hours."""

from crossmargin.client.plans import Head, Plan
from crossmargin.client.snapshot import snapshot
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import AccountId, Wad

__all__ = ["announced_health"]


def announced_health(account: AccountId, head: Head) -> Plan[Wad]:
    """Compute the health factor of an account at the margins that are announced, prices standing still [wad]."""
    taken = yield from snapshot(account, head)
    return Wad(margin(taken.account, taken.state.announced(), RiskSet.MAINTENANCE).health_factor)
