"""What ends a future or an option: observations of the index, its final price, and the settlement of who holds it."""

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

    observations: int
    """Of the index, for the average."""
    next_at: Seconds
    """From when on the next observation counts; 0 where none does any more [s]."""
    average: Wad
    """Of the index; 0 until the first instrument of the expiry is finished."""
    final_price: Wad
    """The average, or what an option pays at it; 0 until the average is known."""
    finished: bool


class Expiries(Connection):
    """The end of instruments, by their names. Anybody may do all of it."""

    def observe_settlement(self, instrument: str) -> TxReceipt:
        """Observe the index for the average of an instrument's expiry, from `next_at` of its settlement on.

        Once after expiry for all instruments of that underlying and expiry where sources prove the past, before it only
        that the index is in doubt; else once a minute, after expiry while there are fewer than twenty.
        """
        return self._send(self._contracts["Clearinghouse"], "observeSettlement", self.instrument(instrument))

    def finish_settlement(self, instrument: str) -> TxReceipt:
        """Fix the final price, from expiry on, once there are twenty observations of the index.

        The first instrument of an expiry fixes the average for all: they are worth what they pay at it. The others are
        finished when somebody settles a batch of them.
        """
        return self._send(self._contracts["Clearinghouse"], "finishSettlement", self.instrument(instrument))

    def settlement(self, instrument: str) -> SettlementState:
        """Show how far the end of an instrument is."""
        packed = self.instrument(instrument)
        observations, average, final_price, finished = self._read("Clearinghouse", "settlementOf", packed)
        _, next_at, _ = self._read("Expiries", "windowOf", packed, self._contracts["OracleAdapter"].address)
        return SettlementState(observations, Seconds(next_at), Wad(average), Wad(final_price), finished)

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
