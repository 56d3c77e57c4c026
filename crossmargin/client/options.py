"""What there is to do and to know about options."""

from collections.abc import Sequence
from typing import Final

from web3.types import TxReceipt

from crossmargin.client.connection import Connection
from crossmargin.client.option_views import OptionView, Slice
from crossmargin.client.views import MarketView
from crossmargin.errors import InstrumentError
from crossmargin.model.units import WAD

__all__ = ["Options"]

_MAX_BATCH: Final = 64
_FLAG_SETTLED: Final = 8


class Options(Connection):
    """Surfaces, marks, risk arrays and settlement, by instruments' names; volatility by underlying and expiry."""

    def post_slice(self, underlying: int, expiry: int, slice_: Slice) -> TxReceipt:
        """Post the volatility of an expiry [s], as the poster may; refused beyond the limits of docs/options.md."""
        return self._send(self._contracts["OptionOracle"], "post", underlying, expiry, slice_.encode())

    def refresh_arrays(self, *options: str) -> TxReceipt:
        """Write the risk arrays of series anew, as anybody may."""
        if not options:
            raise InstrumentError("no option to refresh")
        return self._send(self._contracts["OptionOracle"], "refresh", [self._option(name) for name in options])

    def settle_batch(self, instrument: str, accounts: Sequence[int]) -> list[TxReceipt]:
        """Settle one market for many accounts, losers first, so that winners find their losses in the pool.

        One transaction for each 64 accounts; those without a position in it do nothing.
        """
        if not accounts:
            raise InstrumentError(f"{instrument}: no account to settle")
        packed = self.instrument(instrument)
        carry = self._carry(packed)

        def value(account: int) -> int:
            size, basis = self._read("Clearinghouse", "position", account, packed)
            return int(size * carry // WAD - basis)

        ordered = sorted(set(accounts), key=value)
        settler = self._contracts["BatchSettler"]
        return [
            self._send(settler, "settle", packed, ordered[first : first + _MAX_BATCH])
            for first in range(0, len(ordered), _MAX_BATCH)
        ]

    def _carry(self, packed: int) -> int:
        """Give the price at which a market's positions are valued, less its funding index [wad USD]."""
        views = (MarketView.decode(raw) for raw in self._read("MarginLens", "markets"))
        market = next(each for each in views if each.instrument == packed)
        if market.flags & _FLAG_SETTLED:
            return int(self._read("Clearinghouse", "settlementOf", packed)[2]) - market.funding_index
        return market.mark - market.funding_index

    def option(self, name: str) -> OptionView:
        """Show a series: its mark, volatility and risk array now."""
        packed = self._option(name)
        mark, volatility, array = (
            self._read("OptionOracle", view, packed) for view in ("mark", "volatilityOf", "arrayOf")
        )
        return OptionView.decode(packed, self.details(name), mark, volatility, array)

    def slices(self, underlying: int) -> dict[int, tuple[Slice, int]]:
        """Show the volatility surface of an underlying: slice and time of the post by expiry [s]."""
        found = {}
        for expiry in self._read("OptionOracle", "expiriesOf", underlying):
            raw, posted_at = self._read("OptionOracle", "sliceOf", underlying, expiry)
            found[expiry] = (Slice(*raw), posted_at)
        return found
