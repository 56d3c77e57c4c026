"""Turning profit, losses and claims of a market into cash. Anybody may do all of it."""

from web3.types import TxReceipt

from crossmargin.client.connection import Connection
from crossmargin.model.units import AccountId

__all__ = ["Settling"]


class Settling(Connection):
    """Settlements of single accounts, by instruments' names; those of whole markets are in `Expiries`."""

    def settle(self, *instruments: str, account: AccountId | None = None) -> TxReceipt:
        """Pay an account's losses out of its cash, and its profits and claims as far as the pools reach."""
        packed = [self.instrument(name) for name in instruments]
        return self._send(self._contracts["Clearinghouse"], "settle", self._or_own(account), packed)

    def settle_between(self, instrument: str, winner: AccountId, loser: AccountId) -> TxReceipt:
        """Settle two accounts of a market; what the winner is owed beyond the loser's cash becomes the loser's loan.

        As far as the loser may borrow: it needs collateral for it.
        """
        return self._send(self._contracts["Clearinghouse"], "settleBetween", self.instrument(instrument), winner, loser)

    def collect_shares(self, instrument: str, account: AccountId | None = None, most: int = 100) -> TxReceipt:
        """Take up to `most` shares of losses off a leg that has so many that nothing else fits into a block."""
        return self._send(
            self._contracts["Clearinghouse"], "collectShares", self._or_own(account), self.instrument(instrument), most
        )
