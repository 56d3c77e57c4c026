"""Prices and volatility multipliers of a block. Reads the chain; changes nothing."""

from typing import Final

from crossmargin.model.units import PPM_TO_WAD, WAD, FeedId, Wad
from keepers.abi import Abi
from keepers.chain import Header
from keepers.contracts import Contracts
from keepers.errors import AbiError, ResponseError
from keepers.mirror import Ledger, Prices
from keepers.mirror.state import NO_ADDRESS
from keepers.node import Node
from keepers.views import underlying_of

__all__ = ["PriceReader"]

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


class PriceReader:
    """Asks the oracle, and the volatility source where the venue has one."""

    def __init__(self, node: Node, contracts: Contracts, native_feed: FeedId | None) -> None:
        """Read through the node; `native_feed` is the feed of the gas token."""
        self._node = node
        self._contracts = contracts
        self._native = native_feed

    async def read(self, ledger: Ledger, block: Header) -> Prices:
        """Read the price of every feed in use and the volatility multipliers, in one request."""
        feeds = {asset.feed for asset in ledger.assets.values()} | set(ledger.underlyings)
        feeds |= {underlying_of(instrument) for instrument in ledger.markets}
        ordered = sorted(feeds if self._native is None else feeds | {self._native})
        underlyings = sorted(ledger.underlyings)
        calls = [self._contracts.encode("OracleAdapter", "packedPrices", ordered)]
        source = ledger.venue.volatility_source
        if source != NO_ADDRESS:
            calls.append((source, _MULTIPLIERS.encode(underlyings)))
        answers = await self._node.calls(calls, block.hash)
        (words,) = self._contracts.decode_output("OracleAdapter", "packedPrices", answers[0])
        if len(words) != 2 * len(ordered):
            raise ResponseError(f"asked for {len(ordered)} prices, got {len(words)} words")
        mids = {feed: Wad(words[2 * i] & _MASK) for i, feed in enumerate(ordered)}
        statuses = {feed: words[2 * i] >> _STATUS_SHIFT for i, feed in enumerate(ordered)}
        highest = Wad(ledger.venue.known_limits().max_multiplier * PPM_TO_WAD)
        multipliers = dict.fromkeys(underlyings, highest)
        if len(answers) > 1:
            try:
                (words,) = _MULTIPLIERS.decode(answers[1])
                asked = list(zip(underlyings, words, strict=True))
            except (AbiError, ValueError) as error:
                raise ResponseError(f"volatility multipliers: {error}") from error
            multipliers = {key: Wad(max(WAD, min(highest, word & _MASK or highest))) for key, word in asked}
        return Prices(mids, statuses, multipliers)
