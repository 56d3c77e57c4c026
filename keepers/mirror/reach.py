"""Whom a change of prices cannot have brought near liquidation: they need not be marked anew. Pure.

Rows come in chunks, each valued in full at some board. `room` is by what part of themselves all prices may have moved
since then at the least before a row can be near: its distance from there by what a part moves it at most. Of the part
by which impact coefficients have changed, `share` is gone of the room. The bounds are of real numbers, and errors of
floats are far below their slack; rows with options, and those written to, have no room.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from keepers.mirror.board import Board, Rules
from keepers.mirror.column import Floats, Ints
from keepers.mirror.health import HealthFactors, evaluate
from keepers.mirror.ledger import Ledger

__all__ = ["CHUNK", "Move", "Reach", "moved"]

CHUNK: Final = 1 << 15
"""Rows whose sums fit into the processor's cache."""
_DUST: Final = 1e-3  # USD: roundings and the float's own error are far below
_SLACK: Final = 1e-9
_FAR: Final = 0.5  # beyond it the impact charge is not bounded by what `gross` says


@dataclass(frozen=True, slots=True)
class Move:
    """By what part of themselves prices have moved at most, what shocks add, and what that makes of impact's own part.

    Infinite for any other change.
    """

    prices: float
    impact: float = 0.0


_ANYTHING: Final = Move(np.inf)
_NOTHING: Final = Move(_SLACK)


class Reach:
    """Keeps how far each row is from being near: below a health factor of 1 + `margin`."""

    def __init__(self, margin: float) -> None:
        """Start without rows."""
        self._margin = margin
        self._room: Floats = np.zeros(0)
        self._share: Floats = np.zeros(0)
        self._boards: list[Board | None] = []

    def may_be_near(self, ledger: Ledger, board: Board, written: Iterable[int]) -> Ints:
        """Give in order the rows that may be near; value one chunk anew, that which has most of them."""
        self._lengthen(len(ledger.accounts))
        rows = np.fromiter(written, np.int64)
        self._room[rows] = -np.inf
        found, moves = [], {id(one): moved(one, board) for one in self._boards if one is not None}
        for number, before in enumerate(self._boards):
            move = _ANYTHING if before is None else moves[id(before)]
            if move.prices > _FAR:
                self._value(ledger, board, number)
                move = _NOTHING
            found.append(self._within(number, move))
        if found:
            most = int(np.argmax([self._worth(one) for one in found]))
            if self._worth(found[most]):
                self._value(ledger, board, most)
                found[most] = self._within(most, _NOTHING)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _worth(self, rows: Ints) -> int:
        """Count the rows that may leave when they are valued anew: not those with options, nor those that were near."""
        room = self._room[rows]
        return int(np.count_nonzero((room > 0) | (room == -np.inf)))

    def _within(self, number: int, move: Move) -> Ints:
        first = number * CHUNK
        gone = move.impact * self._share[first : first + CHUNK] if move.impact else 0.0
        return first + np.flatnonzero(~(self._room[first : first + CHUNK] > move.prices + gone))

    def _value(self, ledger: Ledger, board: Board, number: int) -> None:
        part = slice(number * CHUNK, min(len(self._room), (number + 1) * CHUNK))
        factors = evaluate(ledger, board, part)
        self._room[part] = self._room_of(factors)
        # without holdings there is no impact
        self._share[part] = factors.impact / np.where(factors.gross > 0, factors.gross, 1.0)
        self._boards[number] = board

    def _room_of(self, factors: HealthFactors) -> Floats:
        left = factors.numerator - factors.denominator * (1 + self._margin)
        left -= np.where(factors.denominator > 0, _DUST, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            room = left / (factors.gross * (1 + self._margin))
        return np.where((factors.gross == 0) & (left >= 0), np.inf, room)

    def _lengthen(self, rows: int) -> None:
        """Make room for new rows, which have none yet: they were written to."""
        more = rows - len(self._room)
        self._room = np.concatenate([self._room, np.full(more, -np.inf)])
        self._share = np.concatenate([self._share, np.zeros(more)])
        chunks = -(-rows // CHUNK)
        self._boards += [None] * (chunks - len(self._boards))


def moved(before: Board, now: Board) -> Move:
    """Compare two boards.

    Impact of a value grows by less than 1 + 2m of itself when the value grows by a part m, at most `_FAR`.
    """
    old, new = before.contracts, now.contracts
    known = len(old.net)
    same = (
        before.rules.keys() == now.rules.keys()
        and before.offsets == now.offsets
        and {key: feed for key, (feed, _) in before.spot.items()} == {key: feed for key, (feed, _) in now.spot.items()}
        and np.array_equal(old.linear, new.linear[:known])
        and np.array_equal(old.options, new.options[:known])
        and all(_fixed(one) == _fixed(now.rules[key]) for key, one in before.rules.items())
    )
    if not same:
        return _ANYTHING
    deeper = max(
        (_part(now.rules[key].impact - one.impact, one.impact) for key, one in before.rules.items()), default=0
    )
    if deeper == np.inf:
        return _ANYTHING
    pairs = [(one.mid, now.rules[key].mid) for key, one in before.rules.items()]
    pairs += [(price, now.spot[key][1]) for key, (_, price) in before.spot.items()]
    pairs += [(before.supply, now.supply), (before.borrow, now.borrow)]
    moves = [_part(new - old, old) for old, new in pairs]
    moves += [
        _part(change, before.rules[feed].mid if feed in before.rules else 0.0)
        for change, feed in zip((new.net[:known] - old.net).tolist(), old.feeds.tolist(), strict=True)
    ]
    shocks = [abs(one.xc - now.rules[key].xc) for key, one in before.rules.items()]
    shocks += [abs(one.xd - now.rules[key].xd) for key, one in before.rules.items()]
    most = max(moves)
    return Move(most + 4 * max(shocks, default=0.0) * (1 + most) + _SLACK, deeper * (1 + 2 * most))


def _fixed(rules: Rules) -> tuple[float, ...]:
    """Give what of an underlying's rules may not change: all but price, shocks and impact."""
    return rules.liquidity, rules.weight, rules.basis, rules.basis_per_year, rules.group


def _part(change: float, of: float) -> float:
    if change == 0:
        return 0.0
    return abs(change) / of if of > 0 else np.inf
