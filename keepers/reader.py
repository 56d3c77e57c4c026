"""What the keeper reads from the chain beside events: prices of a block, and what events do not carry."""

from typing import Any, Final

from keepers.abi import Abi
from keepers.errors import MirrorError
from keepers.mirror import Ledger, Prices
from keepers.mirror.state import Market
from keepers.node import Header, Node
from keepers.venue import Venue
from keepers.views import underlying_of

__all__ = ["Reader"]

_NO_SOURCE: Final = "0x" + "00" * 20
_STATUS_SHIFT: Final = 128
_MASK: Final = 2**128 - 1
_MULTIPLIERS: Final = Abi(
    "IVolatilityMultiplier",
    [
        {
            "type": "function",
            "name": "multipliers",
            "inputs": [{"name": "underlyings", "type": "uint256[]"}],
            "outputs": [{"name": "words", "type": "uint256[]"}],
        }
    ],
).function("multipliers")


class Reader:
    """Reads prices, and completes the ledger."""

    def __init__(self, node: Node, venue: Venue, native_feed: int | None) -> None:
        """Read through the node; `native_feed` is the feed of the gas token."""
        self._node = node
        self._venue = venue
        self._native = native_feed

    async def prices(self, ledger: Ledger, block: Header) -> Prices:
        """Read the price of every feed in use and the volatility multipliers, in one request."""
        feeds = {asset.feed for asset in ledger.assets.values()} | set(ledger.underlyings)
        feeds |= {underlying_of(instrument) for instrument in ledger.markets}
        ordered = sorted(feeds if self._native is None else feeds | {self._native})
        underlyings = sorted(ledger.underlyings)
        calls = [self._venue.encode("OracleAdapter", "packedPrices", ordered)]
        source = ledger.volatility.get("", _NO_SOURCE)
        if source != _NO_SOURCE:
            calls.append((source, _MULTIPLIERS.encode(underlyings)))
        answers = await self._node.calls(calls, block.hash)
        (words,) = self._venue.decode_output("OracleAdapter", "packedPrices", answers[0])
        mids = {feed: words[2 * i] & _MASK for i, feed in enumerate(ordered)}
        statuses = {feed: words[2 * i] >> _STATUS_SHIFT for i, feed in enumerate(ordered)}
        multipliers = {}
        if len(answers) > 1:
            highest = ledger.parameters[""].max_multiplier * 10**12
            multipliers = {
                key: max(10**18, min(highest, word & _MASK))
                for key, word in zip(underlyings, _MULTIPLIERS.decode(answers[1])[0], strict=True)
            }
        return Prices(mids, statuses, multipliers)

    async def complete(self, ledger: Ledger, block: Header) -> None:
        """Take decimals, funding and interest indices from the chain; events of old blocks lack the time."""
        configs, markets, indices = await self._venue.read(
            self._node,
            block.hash,
            ("MarginLens", "assets", ()),
            ("MarginLens", "markets", ()),
            ("MarginVault", "indices", ()),
        )
        _set_assets(ledger, configs[0])
        for view in markets[0]:
            known = ledger.markets.get(view["instrument"])
            final = None if known is None else known.final_price
            market = Market(view["fundingIndex"], view["fundingRate"], block.timestamp, final)
            if final is None:
                ledger.set_market(view["instrument"], market)
        ledger.set_indices(indices[0], indices[1], block.timestamp)


def _set_assets(ledger: Ledger, configs: list[dict[str, Any]]) -> None:
    for index, config in enumerate(configs):
        if index in ledger.assets:
            ledger.set_decimals(index, config["decimals"])
        elif int(config["token"], 16) != 0 and config["feedId"] != 0:
            msg = f"asset {index} ({config['token']}) is listed, but its event was not seen"
            raise MirrorError(msg)
