"""The venue's views for people: names and decimals, with the exact integers beside them."""

from collections.abc import Sequence
from functools import cached_property

from web3.types import TxReceipt

from crossmargin.client import reads, shown
from crossmargin.client.margins import Margins
from crossmargin.client.receipts import VENUE_EVENTS, Event, Receipts
from crossmargin.client.remote_receipts import HUB_EVENTS
from crossmargin.client.remote_views import HUB
from crossmargin.model.units import AccountId

__all__ = ["Displays"]


class Displays(Margins):
    """Views by name; the integers of each are its `exact`."""

    @cached_property
    def receipts(self) -> Receipts:
        """What reads the events of this venue."""
        remote = HUB_EVENTS if HUB in self.record.contracts else ()
        return Receipts(self.record, lambda: self.names, (*VENUE_EVENTS, *remote))

    def events(self, receipt: TxReceipt) -> list[Event]:
        """List what a transaction did: fills, changes of positions, claims, cash, settlements, transfers, receipts."""
        return self.receipts.of(receipt)

    def portfolio(self, account: AccountId | None = None) -> shown.Portfolio:
        """Show an account whole; by default the signer's first."""
        return self.portfolios([self._or_own(account)])[0]

    def portfolios(self, ids: Sequence[AccountId]) -> list[shown.Portfolio]:
        """Show accounts whole."""
        return self._run(reads.portfolios(ids, self.names))

    def market_list(self) -> dict[str, shown.Market]:
        """Show every instrument by its name."""
        return self._run(reads.market_list(self.names))

    def asset_list(self) -> dict[str, shown.Asset]:
        """Show every collateral asset by its token's name."""
        return self._run(reads.asset_list(self.names))

    def auction_list(self, ids: Sequence[AccountId]) -> list[shown.Auction]:
        """Show the auctions of the given accounts, as far as they are in one."""
        return [shown.Auction.of(each) for each in self.auctions(ids)]
