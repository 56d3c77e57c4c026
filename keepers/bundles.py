"""What bundles would pay: each that might pay is tried at the block that is decided on, by whom it would be sent.

A bundle that would free too much is tried once more with less. Reads only; keeps nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from crossmargin.model.units import ZERO, AccountId, Seconds, Wad
from keepers.chain import Header, parse_data
from keepers.contracts import Contracts
from keepers.errors import RevertError, RpcError
from keepers.node import Node
from keepers.strategies import ActionKind, Parcel, Snapshot
from keepers.strategies.bundle import arguments, fitting, parcels
from keepers.strategy_settings import StrategySettings
from keepers.units import Address

__all__ = ["Bundles"]


class Bundles:
    """Asks the auction, as the sender."""

    def __init__(self, node: Node, contracts: Contracts, sender: Address, cfg: StrategySettings) -> None:
        """Ask through the node."""
        self._node = node
        self._contracts = contracts
        self._sender = sender
        self._cfg = cfg

    async def priced(self, snap: Snapshot, block: Header) -> Snapshot:
        """Add what bundles would pay; ask nothing where none might pay, or none could be sent."""
        asked = [] if snap.bids_in_flight else parcels(snap, self._cfg)
        if not asked:
            return snap
        found, smaller = await self._tried(snap, asked, block)
        if smaller:
            found += (await self._tried(snap, smaller, block))[0]
        by_account: dict[AccountId, tuple[Parcel, ...]] = {}
        for one in found:
            by_account[one.account] = (*by_account.get(one.account, ()), one)
        return replace(snap, parcels=by_account)

    async def _tried(self, snap: Snapshot, asked: Sequence[Parcel], block: Header) -> tuple[list[Parcel], list[Parcel]]:
        """Give those that the venue would take, with what they pay, and smaller ones of those that are too large."""
        states = {one.account: one for one in snap.accounts}
        kind, deadline = ActionKind.BUNDLE, Seconds(block.timestamp + self._cfg.deadline_seconds)
        calls = [
            self._contracts.encode(
                kind.contract, kind.function, *arguments(snap, states[one.account], one, ZERO, deadline)
            )
            for one in asked
        ]
        taken: list[Parcel] = []
        smaller: list[Parcel] = []
        for one, outcome in zip(asked, await self._node.outcomes(calls, block.hash, self._sender), strict=True):
            if isinstance(outcome, RevertError):
                found = self._contracts.fields_of(outcome, "BundleTooLarge")
                excess = states[one.account].maintenance.excess
                less = None if found is None else fitting(one, excess, found["excess"], found["limit"])
                smaller += [] if less is None else [less]
            elif isinstance(outcome, RpcError):
                raise outcome
            else:
                (give_up,) = self._contracts.decode_output(kind.contract, kind.function, parse_data(outcome))
                taken.append(replace(one, give_up=Wad(give_up)))
        return taken, smaller
