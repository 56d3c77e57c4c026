"""Access to a deployed venue for traders: deposits, orders, fills, and everything there is to know about an account.

Amounts are integers in the unit of their type; `crossmargin.chain.decimals` makes them from decimals.
A refusal is a `ContractRevert` with the contract's custom error and its arguments.
"""

from web3.types import TxReceipt

from crossmargin.client.batches import Batches
from crossmargin.client.displays import Displays
from crossmargin.client.expiries import Expiries
from crossmargin.client.forecasts import Forecasts
from crossmargin.client.options import Options
from crossmargin.client.remote import Remote
from crossmargin.client.settling import Settling

__all__ = ["Venue"]


class Venue(Remote, Batches, Displays, Forecasts, Options, Settling, Expiries):
    """A deployed venue, seen and used by one signer."""

    def refresh(self, *instruments: str) -> TxReceipt:
        """Store the newest prices of the instruments' underlyings, as anybody may."""
        feeds = sorted({self.details(name).underlying for name in instruments})
        return self._send(self._contracts["OracleAdapter"], "refresh", feeds)
