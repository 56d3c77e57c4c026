"""An action on its way to a signature, and whether the answers of a node make it worth one. Pure."""

from dataclasses import dataclass

from crossmargin.chain.units import Gas
from keepers.chain import Header
from keepers.executor.fees import call_cap
from keepers.settings import ExecutorSettings
from keepers.strategies import Action
from keepers.units import ActionId, ActionKey, Address, HexData, Wei

__all__ = ["Attempt", "extra_tip", "most_fee", "reason_against"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An action in the journal, and the call it is."""

    identity: ActionId
    key: ActionKey
    action: Action
    call: tuple[Address, HexData]


def extra_tip(action: Action, head: Header, cfg: ExecutorSettings) -> Wei:
    """Give what is added to the usual tip: what the action offers, as far as the fee cap has room for it."""
    return Wei(max(0, min(action.tip, call_cap(cfg) - head.base_fee - cfg.tip)))


def reason_against(action: Action, gas: Gas, data_fee: Wei, head: Header, cfg: ExecutorSettings) -> str | None:
    """Say why an action that would succeed is not worth its gas and what its data costs; None when it is."""
    price = Wei(head.base_fee + cfg.tip + extra_tip(action, head, cfg))
    if price > call_cap(cfg):
        return f"base fee {head.base_fee} wei leaves no room under the cap"
    cost = gas * price + data_fee
    if cost > action.gas_budget:
        return f"gas and data {cost} wei above the budget {action.gas_budget}"
    return None


def most_fee(action: Action, gas: Gas, data_fee: Wei) -> Wei:
    """Give the most per gas that leaves an action what it is sent for; 0 where its data cost more than it may."""
    return Wei(max(0, action.gas_budget - data_fee) // gas)
