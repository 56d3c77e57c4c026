"""What there is to do and to know about options."""

from web3.types import TxReceipt

from crossmargin.chain.accounts import account_name
from crossmargin.client.connection import Connection
from crossmargin.client.option_views import OptionView, Slice
from crossmargin.errors import InstrumentError
from crossmargin.model.instruments import decode
from crossmargin.model.surface import OptionParams
from crossmargin.model.units import AccountId, FeedId, InstrumentId, Seconds

__all__ = ["Options"]


class Options(Connection):
    """Surfaces, marks and risk arrays, by instruments' names; volatility by underlying and expiry."""

    def check_slice(self, underlying: FeedId, expiry: Seconds, slice_: Slice) -> None:
        """Ask whether the signer could post a slice now; refused with the same error as the post would be."""
        self._read("VolatilitySurface", "post", underlying, expiry, slice_.encode())

    def post_slice(self, underlying: FeedId, expiry: Seconds, slice_: Slice) -> TxReceipt:
        """Post the volatility of an expiry [s], as the poster may; refused beyond the limits of docs/options.md."""
        return self._send(self._contracts["VolatilitySurface"], "post", underlying, expiry, slice_.encode())

    def refresh_arrays(self, *options: str) -> TxReceipt:
        """Write the risk arrays of series anew, as anybody may."""
        if not options:
            raise InstrumentError("no option to refresh")
        return self._send(self._contracts["OptionOracle"], "refresh", [self._option(name) for name in options])

    def refresh_stale(self, account: AccountId | None = None) -> TxReceipt:
        """Write the risk arrays of an account's options anew, those that are not recent; as anybody may.

        What a withdrawal, a loan or a fill of another instrument wants before it, where `Margin.prices_valid` is false
        or `PricesNotValid` was the answer.
        """
        owned = self._or_own(account)
        legs = [InstrumentId(leg) for leg in self._read("Clearinghouse", "legIds", owned)]
        series = [leg for leg in legs if decode(leg).kind.is_option]
        if not series:
            raise InstrumentError(f"{account_name(owned)} holds no option")
        return self._send(self._contracts["OptionOracle"], "refreshStale", series)

    def option(self, name: str) -> OptionView:
        """Show a series: its mark, volatility and risk array now."""
        packed = self._option(name)
        mark, volatility, array = (
            self._read("OptionOracle", view, packed) for view in ("mark", "volatilityOf", "arrayOf")
        )
        return OptionView.decode(packed, self.details(name), mark, volatility, array)

    def slices(self, underlying: FeedId) -> dict[Seconds, tuple[Slice, Seconds]]:
        """Show the volatility surface of an underlying: slice and time of the post by expiry [s]."""
        found = {}
        for expiry in self._read("VolatilitySurface", "expiriesOf", underlying):
            raw, posted_at = self._read("VolatilitySurface", "sliceOf", underlying, expiry)
            found[Seconds(expiry)] = (Slice.decode(raw), Seconds(posted_at))
        return found

    def option_params(self, underlying: FeedId) -> OptionParams:
        """Show an underlying's shocks of volatility and limits of posts."""
        return OptionParams(*self._read("VolatilitySurface", "optionParams", underlying))

    def uncertain_until(self, underlying: FeedId) -> Seconds:
        """Tell until when the guardian distrusts an underlying's surface, and nothing can be posted [s]."""
        return Seconds(self._read("VolatilitySurface", "uncertainUntil", underlying))
