"""Prices and volatility multipliers of a block. Reads the chain; changes nothing."""

from typing import Final

from crossmargin.model.arrays import RiskArray
from crossmargin.model.units import PPM_TO_WAD, WAD, FeedId, InstrumentId, Wad
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
        untold = self._untold(ledger)
        options = ledger.venue.oracles.options or self._contracts.addresses["OptionOracle"]
        if untold:
            calls.append((options, self._contracts.encode("OptionOracle", "words", untold)[1]))
        answers = await self._node.calls(calls, block.hash)
        arrays = self._arrays(untold, answers.pop()) if untold else {}
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
        return Prices(mids, statuses, multipliers, arrays)

    def _untold(self, ledger: Ledger) -> list[InstrumentId]:
        """List the options held whose array no event of the present oracle has told: the chain computes it."""
        followed = ledger.venue.oracles.options in {"", self._contracts.addresses["OptionOracle"]}
        held = ledger.open_options(ledger.accounts.legs.held())
        return [one for one in held if not (followed and one in ledger.arrays)]

    def _arrays(self, series: list[InstrumentId], answer: bytes) -> dict[InstrumentId, RiskArray]:
        (words,) = self._contracts.decode_output("OptionOracle", "words", answer)
        if len(words) != 2 * len(series):
            raise ResponseError(f"asked for {len(series)} risk arrays, got {len(words)} words")
        return {one: RiskArray.unpack(*words[2 * at : 2 * at + 2]) for at, one in enumerate(series)}
