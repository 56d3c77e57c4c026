"""Taking from the chain what the mirror cannot have from events, and accounts it may have wrong. Writes the ledger."""

from collections.abc import Iterable
from typing import Any

from crossmargin.model.units import AccountId, AssetIndex
from keepers.chain import Header
from keepers.errors import MirrorError
from keepers.lens import Lens
from keepers.mirror import Ledger, Mirror
from keepers.mirror.state import MarketState

__all__ = ["Healer"]


class Healer:
    """Completes the ledger, and takes accounts as the chain has them."""

    def __init__(self, lens: Lens, mirror: Mirror) -> None:
        """Heal the mirror's ledger by what the lens says."""
        self._lens = lens
        self._mirror = mirror
        self._complete = False

    def renew(self) -> None:
        """Have what events do not carry read again with the next block."""
        self._complete = False

    def doubt(self, accounts: Iterable[AccountId]) -> None:
        """Have accounts taken from the chain with the next block, and all that events do not carry."""
        self._mirror.ledger.accounts.stale.update(accounts)
        self.renew()

    async def prepare(self, block: Header) -> None:
        """Bring the ledger to what a look at the block needs."""
        if not self._complete:
            await self._read_rest(block)
            self._complete = True
        stale = sorted(self._mirror.ledger.accounts.stale)
        if stale:
            await self._heal(block, stale)

    async def refresh(self, block: Header) -> None:
        """Read what events do not carry, and the next accounts in turn, whether in doubt or not."""
        await self._read_rest(block)
        await self._heal(block, self._mirror.turn())

    async def _read_rest(self, block: Header) -> None:
        """Take decimals, funding and interest indices from the chain; events of old blocks lack the time."""
        ledger = self._mirror.ledger
        configs, markets, indices = await self._lens.read(
            block.hash,
            ("MarginLens", "assets", ()),
            ("MarginLens", "markets", ()),
            ("MarginVault", "indices", ()),
        )
        _set_assets(ledger, configs[0])
        for view in markets[0]:
            known = ledger.markets.get(view["instrument"])
            if known is None or known.final_price is None:
                market = MarketState(view["fundingIndex"], view["fundingRate"], block.timestamp)
                ledger.set_market(view["instrument"], market)
        ledger.set_indices(indices[0], indices[1], block.timestamp)

    async def _heal(self, block: Header, accounts: list[AccountId]) -> None:
        for state in await self._lens.states(block.hash, accounts):
            self._mirror.ledger.heal(state)


def _set_assets(ledger: Ledger, configs: list[dict[str, Any]]) -> None:
    for number, config in enumerate(configs):
        index = AssetIndex(number)
        if index in ledger.assets:
            ledger.set_decimals(index, config["decimals"])
        elif int(config["token"], 16) != 0 and config["feedId"] != 0:
            msg = f"asset {index} ({config['token']}) is listed, but its event was not seen"
            raise MirrorError(msg)
