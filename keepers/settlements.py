"""Whose positions of expiries that are over are to be settled next, and whom the venue would refuse for now.

An account in several markets that is worth less than nothing pays none of them, and a batch leaves it out. So whoever
may be refused is tried first, which costs nothing. Who was refused is tried again once cash, collateral, legs or
auction have changed, each time later, or after an hour, in which prices may have. Reads the ledger only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

import structlog

from crossmargin.model.units import WAD, AccountId, InstrumentId, Seconds, StateNonce, Wad
from keepers.lens import View
from keepers.mirror import Ledger
from keepers.mirror.state import Position
from keepers.strategies.chores import BATCH, Holder, OverState
from keepers.strategies.model import state_of

__all__ = ["Settlements", "Trial"]

log = structlog.get_logger(__name__)
Trial = tuple[InstrumentId, AccountId]
"""Whom to try, in which market."""
_FIRST: Final = Seconds(60)
_LONGEST: Final = Seconds(3_600)
_TRIES: Final = 256  # of one block


@dataclass(frozen=True, slots=True)
class _Refusal:
    """When and in which state an account was refused last, and how often in a row."""

    state: StateNonce
    time: Seconds
    times: int

    def is_over(self, state: StateNonce, now: Seconds) -> bool:
        """Tell whether it is time to try again."""
        wait = _LONGEST if state == self.state else min(_LONGEST, _FIRST << (self.times - 1))
        return now >= self.time + wait


class Settlements:
    """Finds batches; remembers refusals, which a restart forgets."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin with nobody refused."""
        self._ledger = ledger
        self._refused: dict[Trial, _Refusal] = {}

    def over(self, now: Seconds) -> tuple[OverState, ...]:
        """List the markets whose final price is known, with those who are to be settled next, losers first."""
        ledger, found = self._ledger, []
        standing: set[Trial] = set()
        for instrument in ledger.accounts.legs.held():
            market = ledger.markets.get(instrument)
            if market is None or market.final_price is None:
                continue
            legs = ledger.accounts.legs.open(instrument)
            worth = {ledger.accounts.ids[row]: _worth(leg, market.final_price) for row, leg in legs}
            standing |= {(instrument, account) for account in worth}
            batch = tuple(islice(self._able(instrument, worth, now), BATCH))
            found.append(OverState(instrument, batch, len(worth)))
        self._refused = {one: refusal for one, refusal in self._refused.items() if one in standing}
        return tuple(found)

    def _able(self, instrument: InstrumentId, worth: Mapping[AccountId, Wad], now: Seconds) -> Iterator[Holder]:
        """Go through those who were not refused, the largest losers first; a state is told of those who were once."""
        for account in sorted(worth, key=lambda one: worth[one]):
            refusal = self._refused.get((instrument, account))
            if refusal is None:
                yield Holder(account, StateNonce(0))
                continue
            state = self._state(account)
            if refusal.is_over(state, now):
                yield Holder(account, state)

    def trials(self, over: tuple[OverState, ...]) -> dict[Trial, View]:
        """Write the calls that tell whether somebody would be refused: of those with legs in several markets."""
        if not over:
            return {}
        accounts = self._ledger.accounts
        counts = accounts.legs.counts(len(accounts))
        several = (
            (one.instrument, holder.account)
            for one in over
            for holder in one.holders
            if (row := accounts.row_of(holder.account)) is not None and counts[row] > 1
        )
        return {(one, who): ("Clearinghouse", "settle", (who, (one,))) for one, who in islice(several, _TRIES)}

    def judged(self, over: tuple[OverState, ...], taken: Mapping[Trial, bool], now: Seconds) -> tuple[OverState, ...]:
        """Leave out whom the venue has refused, and remember it."""
        for trial, fine in taken.items():
            if not fine:
                before = self._refused.get(trial)
                times = 1 if before is None else before.times + 1
                self._refused[trial] = _Refusal(self._state(trial[1]), now, times)
                log.info("not_settled", account=hex(trial[1]), instrument=trial[0], times=times)
        return tuple(
            OverState(
                one.instrument,
                tuple(holder for holder in one.holders if taken.get((one.instrument, holder.account), True)),
                one.left,
            )
            for one in over
        )

    def _state(self, account: AccountId) -> StateNonce:
        """Tell one state of an account from the next: cash, collateral, legs, auction."""
        ledger, accounts = self._ledger, self._ledger.accounts
        row = accounts.row_of(account)
        legs = [] if row is None else [(one, accounts.legs.get(row, one)) for one in accounts.legs.of(row)]
        held = [accounts.collateral(account, asset) for asset in ledger.assets]
        return state_of(accounts.cash(account), held, legs, ledger.auctions.get(account))


def _worth(leg: Position, price: Wad) -> Wad:
    return Wad(leg.size * price // WAD - leg.basis + leg.claims - leg.debts)
