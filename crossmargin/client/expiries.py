"""What ends a future or an option: its averaging window, its final price, and the settlement of who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from web3.types import TxReceipt

from crossmargin.chain.logs import arguments_of
from crossmargin.client.connection import Connection
from crossmargin.client.views import MarketView
from crossmargin.errors import InstrumentError
from crossmargin.model.units import WAD, AccountId, InstrumentId, Seconds, Wad

__all__ = ["Expiries", "SettlementState"]

_MAX_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class SettlementState:
    """How far the end of an expiring instrument is. Prices wad USD."""

    started_at: Seconds
    """Of the averaging window; 0: not started, or the oracle was replaced since [s]."""
    average: Wad
    """Of the index; 0 until the first instrument of the expiry is finished."""
    final_price: Wad
    """The average, or what an option pays at it; 0 until the average is known."""
    finished: bool


class Expiries(Connection):
    """The end of instruments, by their names. Anybody may do all of it."""

    def start_settlement(self, instrument: str) -> TxReceipt:
        """Start the averaging window of an instrument's expiry, half an hour before it at the earliest.

        Once for all instruments of that underlying and expiry; again where nobody finished it within an hour.
        """
        return self._send(self._contracts["Clearinghouse"], "startSettlement", self.instrument(instrument))

    def finish_settlement(self, instrument: str) -> TxReceipt:
        """Fix the final price, half an hour to an hour after the start, and not before expiry.

        The first instrument of an expiry ends the window for all: they are worth what they pay at its average. The
        others are finished when somebody settles a batch of them.
        """
        return self._send(self._contracts["Clearinghouse"], "finishSettlement", self.instrument(instrument))

    def settlement(self, instrument: str) -> SettlementState:
        """Show how far the end of an instrument is."""
        started_at, average, final_price, finished = self._read(
            "Clearinghouse", "settlementOf", self.instrument(instrument)
        )
        return SettlementState(Seconds(started_at), Wad(average), Wad(final_price), finished)

    def holders(self, instrument: str) -> list[AccountId]:
        """Find the accounts that hold an instrument now or are still owed or owe for it, from all changes of positions.

        Reads logs, 10,000 blocks a call: on a long chain that takes as many calls.
        """
        packed = self.instrument(instrument)
        opened = self._contracts["Clearinghouse"].events.PositionChanged()
        closed = self._contracts["MarketLosses"].events.ClaimsChanged()
        sizes, claims = {}, {}
        for each in arguments_of(opened, self.record.contracts["Clearinghouse"].block, id=packed):
            sizes[AccountId(each["account"])] = each["size"]
        for each in arguments_of(closed, self.record.contracts["MarketLosses"].block, id=packed):
            claims[AccountId(each["account"])] = each["longClaim"] or each["shortClaim"]
        return sorted(account for account in sizes | claims if sizes.get(account) or claims.get(account))

    def settle_batch(self, instrument: str, accounts: Sequence[AccountId]) -> list[TxReceipt]:
        """Settle one market for many accounts, losers first, so that winners find their losses in the pool.

        One transaction for each 64 accounts; those without a position in it do nothing.
        """
        if not accounts:
            raise InstrumentError(f"{instrument}: no account to settle")
        packed = self.instrument(instrument)
        carry = self._carry(packed)

        def value(account: AccountId) -> Wad:
            size, basis = self._read("Clearinghouse", "position", account, packed)
            closed = sum(self._read("MarketLosses", "claimOf", packed, account, longs)[0] for longs in (True, False))
            return Wad(size * carry // WAD - basis + closed)

        ordered = sorted(set(accounts), key=value)
        settler = self._contracts["BatchSettler"]
        return [
            self._send(settler, "settle", packed, ordered[first : first + _MAX_BATCH])
            for first in range(0, len(ordered), _MAX_BATCH)
        ]

    def _carry(self, packed: InstrumentId) -> Wad:
        """Give the price at which a market's positions are valued, less its funding index [wad USD]."""
        views = (MarketView.decode(raw) for raw in self._read("MarginLens", "markets"))
        market = next(each for each in views if each.instrument == packed)
        return Wad(market.mark - market.funding_index)
