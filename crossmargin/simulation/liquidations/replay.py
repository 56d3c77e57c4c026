"""One account, one rule, one kind of keeper: from the first second below maintenance to the end of all its auctions.

Keepers look every `latency` seconds. An auction starts at the first look below maintenance, and its owner ends it at
the first one above. Its clocks count for each phase the time from looks that found it, as the model's do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from crossmargin.model.account import Account
from crossmargin.model.auction import Rest
from crossmargin.model.units import WAD, ZERO, Wad, ceil_div, floor_div
from crossmargin.simulation.liquidations.books import Book, Profile, exact, mark_value
from crossmargin.simulation.liquidations.rules import Rule
from crossmargin.simulation.liquidations.sight import Keeper, Sight, scaled
from crossmargin.simulation.liquidations.venue import MAJORS, Venue, dollars, wad_of

__all__ = ["Case", "Outcome", "Subject", "case_of", "replay"]

_CHUNK: Final = 48
_GROWTH: Final = 4
_LARGEST: Final = 16_384


@dataclass(frozen=True)
class Subject:
    """Who is liquidated: kind, assets and move, what it had when it fell below maintenance [USD], if all are majors."""

    kind: str
    assets: str
    move: str
    wick: bool
    major: bool
    equity: float
    notional: float


@dataclass(frozen=True)
class Case:
    """An account that falls below maintenance, with its margin at every second since its opening.

    `failed` is the first second below, counted from the opening.
    """

    book: Book
    venue: Venue
    profile: Profile
    failed: int

    @property
    def subject(self) -> Subject:
        """Say who it is."""
        return Subject(
            kind=self.book.kind,
            assets="/".join(each.asset for each in self.book.holdings),
            move=self.book.move.name,
            wick=self.book.move.wick,
            major=all(each.asset in MAJORS for each in self.book.holdings),
            equity=float(self.profile.value[self.failed]),
            notional=float(self.profile.gross[self.failed]),
        )


@dataclass(frozen=True)
class Outcome:
    """What came of a case [USD; s]: `paid` are rewards out of the account's equity, `unpaid` is what others lost.

    `waited` is the time from the fall below maintenance to the first bid, None if there was none.
    """

    subject: Subject
    paid: float
    unpaid: float
    insolvent: bool
    waited: float | None

    @property
    def liquidated(self) -> bool:
        """Whether somebody bid, or the account went bankrupt before."""
        return self.insolvent or self.waited is not None


def case_of(book: Book, venue: Venue) -> Case | None:
    """Give the case of a book, None if it stays above maintenance or was never."""
    profile = book.profile(venue)
    below = profile.excess < 0
    if below[0] or not below.any():
        return None
    return Case(book, venue, profile, int(np.argmax(below)))


def replay(case: Case, rule: Rule, keeper: Keeper) -> Outcome:
    """Play the case to its end."""
    run = _Run(case, rule, keeper)
    run.play()
    return Outcome(run.subject, run.paid, run.unpaid, run.insolvent, run.waited)


class _Run:
    """A replay in progress: what is left of the account, in floats for its keepers and exact for the venue."""

    def __init__(self, case: Case, rule: Rule, keeper: Keeper) -> None:
        """Begin with the whole account."""
        self._case, self._rule, self._keeper = case, rule, keeper
        self.subject = case.subject
        absolute = case.book.begin + case.book.entry
        self._phase = -absolute % keeper.latency
        self._looks = case.profile.every(keeper.latency, self._phase)
        self._account: Account = case.book.account(case.venue)
        self._reserved = ZERO
        self._share, self._cash = 1.0, 0.0
        self._clocks = (0.0, 0.0)
        self._over = False
        self.paid, self.unpaid = 0.0, 0.0
        self.insolvent = False
        self.waited: float | None = None

    def play(self) -> None:
        """Go from auction to auction."""
        look = max(0, -(-(self._case.failed - self._phase) // self._keeper.latency))
        while not self._over and (found := self._next_below(look)) is not None:
            self._clocks = (0.0, 0.0)
            look = self._auction(found)

    def _next_below(self, look: int) -> int | None:
        for first, rest in self._chunks(look):
            below = rest.excess < 0
            if below.any():
                return first + int(np.argmax(below))
        return None

    def _auction(self, look: int) -> int:
        """Run an auction from a look on; give the look after its end."""
        while not self._over:
            stop, sight = self._until_decided(look)
            if stop is None or sight is None:
                self._over = True
                break
            self._clocks = (float(sight.solvent_time[0]), float(sight.insolvent_time[0]))
            if bool(sight.healthy[0]) or not self._bid(stop, sight):
                self._reserved, self._cash = ZERO, self._cash + dollars(self._reserved)
                return stop + 1
            self._clocks = self._advanced(sight)
            look = stop + 1
        return look

    def _until_decided(self, look: int) -> tuple[int | None, Sight | None]:
        """Find the first look at which the account is healthy again or somebody bids."""
        for first, rest in self._chunks(look):
            sight = self._sight(rest)
            decided = sight.healthy | self._keeper.bids(sight, self._rule.offer)
            stop = int(np.argmax(decided)) if decided.any() else len(decided)
            self.insolvent |= bool((~sight.solvent & ~sight.healthy)[: stop + 1].any())
            if stop < len(decided):
                return first + stop, sight.at(stop)
            self._clocks = self._advanced(sight.at(len(decided) - 1))
        return None, None

    def _bid(self, look: int, sight: Sight) -> bool:
        """Sell what one bid takes; tell whether the auction goes on."""
        second = self._phase + look * self._keeper.latency
        rest = self._exact(second) if self._rule.exact else self._rounded(sight)
        if rest.excess + rest.reserved >= 0:
            return False
        fraction, reward = self._rule.bid(rest, sight)
        if fraction == 0:
            return False
        self._settle(rest, fraction, reward)
        if self.waited is None:
            self.waited = float(second - self._case.failed)
        self._over = fraction == WAD
        after = self._sight(scaled(self._looks.part(look, look + 1), self._share, self._cash))
        self.insolvent |= float(after.rest.value[0]) + after.reserved < 0
        return not bool(after.healthy[0])

    def _exact(self, second: int) -> Rest:
        """Give what is for sale of the account, by the model."""
        state = self._case.book.state(self._case.venue, self._case.book.entry + second)
        result = exact(self._account, state)
        value = mark_value(self._account, result, state) - self._reserved
        return Rest(Wad(value), Wad(result.excess - self._reserved), result.requirement, self._reserved)

    def _rounded(self, sight: Sight) -> Rest:
        """Give the same from floats."""
        rest = sight.rest
        value, excess, requirement = (wad_of(float(each[0])) for each in (rest.value, rest.excess, rest.requirement))
        return Rest(value, excess, requirement, self._reserved)

    def _settle(self, rest: Rest, fraction: Wad, reward: Wad) -> None:
        """Move the fraction to the bidder, and what it pays to the account; what that lacks others pay."""
        payment = ceil_div(fraction * (rest.value - reward), WAD)
        earned = dollars(floor_div(fraction * reward, WAD))
        self.paid += min(earned, max(0.0, dollars(rest.value)))
        lacking = max(0, -payment - self._reserved) if self._rule.reserves or fraction == WAD else 0
        self.unpaid += dollars(lacking)
        if self._rule.exact:
            self._account = _sliced(self._account, fraction, self._reserved, Wad(payment + lacking))
        self._share *= 1 - dollars(fraction)
        self._cash *= 1 - dollars(fraction)
        if self._rule.reserves:
            self._reserved = Wad(self._reserved + payment + lacking)
        else:
            self._cash += dollars(payment)

    def _sight(self, rest: Profile) -> Sight:
        """Give what keepers see at looks whose first one the clocks stand at."""
        solvent = rest.value > 0
        times = (np.cumsum(each) - each for each in (solvent.astype(float), (~solvent).astype(float)))
        clocks = [base + time * self._keeper.latency for base, time in zip(self._clocks, times, strict=True)]
        cost = self._keeper.cost(rest, np.ones(1))
        return Sight(rest, dollars(self._reserved), clocks[0], clocks[1], cost, self.subject.major)

    def _advanced(self, sight: Sight) -> tuple[float, float]:
        """Give the clocks one look after a last one."""
        then = sight.later(self._keeper.latency)
        return float(then.solvent_time[-1]), float(then.insolvent_time[-1])

    def _chunks(self, look: int) -> Iterator[tuple[int, Profile]]:
        """Give the looks from one on in growing chunks, each with its first."""
        size = _CHUNK
        while look < len(self._looks.value):
            yield look, scaled(self._looks.part(look, look + size), self._share, self._cash)
            look, size = look + size, min(size * _GROWTH, _LARGEST)


def _sliced(account: Account, fraction: Wad, reserved: Wad, payment: Wad) -> Account:
    """Give what is left of an account whose fraction was sold for a payment."""
    kept = WAD - fraction
    return Account(
        cash=Wad(floor_div((account.cash - reserved) * kept, WAD) + reserved + payment),
        spots=tuple(replace(each, amount=floor_div(each.amount * kept, WAD)) for each in account.spots),
        legs=tuple(
            replace(leg, size=Wad(_part(leg.size, kept)), basis=Wad(_part(leg.basis, kept))) for leg in account.legs
        ),
    )


def _part(amount: int, kept: int) -> int:
    """Give what is left of an amount, rounded away from zero."""
    return ceil_div(amount * kept, WAD) if amount > 0 else floor_div(amount * kept, WAD)
