"""What may be signed at all: calls of the venue that the settings switch on, and empty transfers to oneself.

The last door before a key: whatever goes wrong in front of it, in decisions, in the journal or in a shared database,
nothing else gets a signature. Pure.
"""

from collections.abc import Iterator
from typing import Final

from keepers.contracts import Contracts
from keepers.errors import SignerError
from keepers.executor.signer import Signer, Unsigned
from keepers.settings import Settings
from keepers.strategies import ActionKind
from keepers.units import Address, HexData, TxHash

__all__ = ["Guard", "allowed"]

_SELECTOR: Final = 10
"""Characters of a call's data that name its function, with 0x."""
_NOTHING: Final = "0x"


class Guard:
    """A signer that signs what is allowed, and raises for all else."""

    def __init__(self, signer: Signer, contracts: Contracts, settings: Settings) -> None:
        """Stand before a signer of a venue's contracts."""
        self.address = signer.address
        self._signer = signer
        self._calls = allowed(contracts, settings)
        self._redeem = _call_of(contracts, ActionKind.REDEEM)

    async def sign(self, call: Unsigned) -> tuple[TxHash, HexData]:
        """Sign a call that is allowed."""
        empty = (call.to, call.data) == (self.address, _NOTHING)
        called = (call.to, call.data[:_SELECTOR])
        if not empty and (called not in self._calls or (called == self._redeem and not _is_paid_home(call.data))):
            raise SignerError(f"not to be signed: {call.data[:_SELECTOR]} of {call.to}")
        return await self._signer.sign(call)

    def call_of(self, raw: HexData) -> tuple[Address, HexData]:
        """Give what a transaction calls that the signer has signed."""
        return self._signer.call_of(raw)


def allowed(contracts: Contracts, settings: Settings) -> frozenset[tuple[Address, HexData]]:
    """Give address and selector of every call that the settings may have the keeper make."""
    return frozenset(_call_of(contracts, kind) for kind in _kinds(settings) if kind.contract in contracts.addresses)


def _call_of(contracts: Contracts, kind: ActionKind) -> tuple[Address, HexData]:
    return contracts.addresses[kind.contract], contracts.selector(kind.contract, kind.function)


def _is_paid_home(data: HexData) -> bool:
    """Tell whether `withdraw(account, token, amount, to)` pays the account's owner, whom its id begins with."""
    account, to = data[_SELECTOR : _SELECTOR + 64], data[_SELECTOR + 192 :]
    return to == account[:40].rjust(64, "0")


def _kinds(settings: Settings) -> Iterator[ActionKind]:
    strategy, chores = settings.strategy, settings.chores
    switched = {
        ActionKind.START: True,
        ActionKind.BID: True,
        ActionKind.BUNDLE: strategy.bundles,
        ActionKind.END: strategy.end_restored,
        ActionKind.POKE: strategy.poke,
        ActionKind.REFRESH: strategy.refresh_arrays,
        ActionKind.OBSERVE_SETTLEMENT: strategy.end_expiries,
        ActionKind.FINISH_SETTLEMENT: strategy.end_expiries,
        ActionKind.EXECUTE: settings.executor.contract is not None,
        ActionKind.PUSH_FEEDS: chores.push_feeds,
        ActionKind.RENEW_ARRAYS: chores.renew_arrays,
        ActionKind.OBSERVE_PRICES: chores.observe_volatility,
        ActionKind.POKE_MULTIPLIER: chores.observe_volatility,
        ActionKind.SETTLE: chores.settle,
        ActionKind.CLOSE: bool(settings.closing.orders),
        ActionKind.REDEEM: chores.redeem_receipts,
    }
    yield from (kind for kind in ActionKind if switched[kind])
