"""When to try again what failed, and how much may be spent. `Budget` reads and writes its file."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from web3.types import Wei

from crossmargin.crosschain.store import replace_file
from crossmargin.errors import CrossChainError

__all__ = ["Budget", "Patience", "Rota"]

_FIRST: Final = 2.0  # s
_LONGEST: Final = 300.0  # s
_DOUBLINGS: Final = 30
_DAY: Final = 86_400  # s
T = TypeVar("T")


@dataclass(slots=True)
class Patience:
    """Waits after each failure twice as long as after the one before; forgets at the first success, if at all."""

    first: float = _FIRST
    """Wait after the first failure [s]."""
    longest: float = _LONGEST
    """No wait is longer [s]."""
    in_parts: bool = False
    """What works waits as if it had failed: a part was done of what is due again at once, until `keep` forgets it."""
    _failures: dict[object, tuple[int, float]] = field(default_factory=dict)

    def allows(self, key: object, now: float) -> bool:
        """Tell whether something may be tried at `now` [s]."""
        return key not in self._failures or now >= self._failures[key][1]

    def failed(self, key: object, now: float) -> float:
        """Note a failure; give the wait [s]."""
        count = self._failures.get(key, (0, 0.0))[0]
        wait = min(self.first * 2.0 ** min(count, _DOUBLINGS), self.longest)
        self._failures[key] = count + 1, now + wait
        return wait

    def worked(self, key: object, now: float) -> None:
        """Note a success at `now` [s]."""
        if self.in_parts:
            self.failed(key, now)
        else:
            self._failures.pop(key, None)

    def keep(self, keys: Collection[object]) -> None:
        """Forget all others."""
        self._failures = {key: each for key, each in self._failures.items() if key in keys}


@dataclass(slots=True)
class Rota:
    """Gives each of many its turn: so many at a time, so that no turn takes longer the more there are."""

    size: int
    """At a time."""
    _at: int = 0

    def next(self, all_: Sequence[T]) -> list[T]:
        """Give those whose turn it is, in a circle."""
        first = self._at if self._at < len(all_) else 0
        last = first + min(self.size, len(all_))
        self._at = last % len(all_) if all_ else 0
        return [*all_[first:last], *all_[: max(last - len(all_), 0)]]


class Budget:
    """What may be spent from each purse within any day; what was is in a file, so that a restart changes nothing."""

    def __init__(self, path: Path, limit: Wei) -> None:
        """Allow `limit` from each. CrossChainError where the file is broken: nobody knows what was spent then."""
        self._path, self._limit = path, limit
        self._spent: dict[str, list[tuple[float, int]]] = {}
        try:
            content = json.loads(path.read_text())
            self._spent = {chain: [(float(at), int(cost)) for at, cost in each] for chain, each in content.items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise CrossChainError(f"{path}: cannot be read ({error}): repair it, or move it away") from error

    def left(self, purse: str, now: float) -> Wei:
        """Give what may still be spent from a purse at `now` [s]."""
        spent = sum(cost for at, cost in self._spent.get(purse, []) if at > now - _DAY)
        return Wei(max(self._limit - spent, 0))

    def spend(self, purse: str, cost: Wei, now: float) -> None:
        """Note what was spent, and forget what is older than a day."""
        recent = [(at, each) for at, each in self._spent.get(purse, []) if at > now - _DAY]
        self._spent[purse] = [*recent, (now, int(cost))]
        replace_file(self._path, self._spent)
