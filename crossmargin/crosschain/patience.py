"""When to try again what failed, and how much may be spent. `Budget` reads and writes its file."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from web3.types import Wei

from crossmargin.crosschain.store import replace_file
from crossmargin.errors import CrossChainError

__all__ = ["Budget", "Patience"]

_FIRST: Final = 2.0  # s
_LONGEST: Final = 300.0  # s
_DOUBLINGS: Final = 30
_DAY: Final = 86_400  # s


@dataclass(slots=True)
class Patience:
    """Waits after each failure twice as long as after the one before; forgets at the first success."""

    first: float = _FIRST
    """Wait after the first failure [s]."""
    longest: float = _LONGEST
    """No wait is longer [s]."""
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

    def worked(self, key: object) -> None:
        """Note a success."""
        self._failures.pop(key, None)

    def keep(self, keys: Collection[object]) -> None:
        """Forget all others."""
        self._failures = {key: each for key, each in self._failures.items() if key in keys}


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
