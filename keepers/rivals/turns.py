"""Whose turn it is: rivals that see one block want the same at once, and all but the first pay gas for nothing.

Each action is the turn of one of them, by rendezvous hashing: all who know each other agree without a word. Whoever's
turn it is not waits one block, and goes ahead if the action is still there: a turn that nobody takes costs a block. A
rival that takes what is not its turn without waiting is not waited for either.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from crossmargin.model.units import AccountId
from keepers.rivals.seen import Taken
from keepers.strategies import Action, ActionKind
from keepers.units import BlockNumber, Blocks

__all__ = ["Turns"]

_REMEMBERED: Final = 16
_RUDE_PART: Final = 4  # a quarter of what is remembered may be out of turn: views differ by a block now and then
_CHANCE: Final = 2  # times out of turn that say nothing yet
_FORGIVEN: Final = Blocks(2_000)


class Turns:
    """Holds actions back until it is their turn; knows since when each was wanted, and how rivals behave."""

    def __init__(self, me: AccountId, *mine: AccountId) -> None:
        """Take turns for this account, and for others that are this keeper's too."""
        self._me = me
        self._mine = frozenset({me, *mine})
        self._since: dict[str, BlockNumber] = {}
        self._wanted: dict[tuple[ActionKind, AccountId], str] = {}
        self._known: BlockNumber | None = None  # since when rivals can know of this account
        self._manners: dict[AccountId, deque[tuple[BlockNumber, bool]]] = {}

    def see(self, found: Iterable[Taken]) -> None:
        """Note of what was wanted here whether somebody else took it out of turn."""
        for one in found:
            name = self._wanted.get((one.kind, one.account))
            if one.who in self._mine:
                self._known = min(self._known or one.block, one.block)
            if name is None or one.who in self._mine or self._known is None or one.block <= self._known + 1:
                continue
            at_once = one.block - self._since[name] <= 1
            rude = at_once and _weight(name, self._me) > _weight(name, one.who)
            self._manners.setdefault(one.who, deque(maxlen=_REMEMBERED)).append((one.block, rude))

    def ready(self, actions: Sequence[Action], rivals: Iterable[AccountId], block: BlockNumber) -> list[Action]:
        """Give the actions to carry out at a block; the others are given at the next, if they are wanted then.

        What closes the own positions is nobody else's turn.
        """
        names = [(action, _subject(action, self._me)) for action in actions if action.kind is not ActionKind.CLOSE]
        self._since = {name: self._since.get(name, block) for _, name in names}
        self._wanted = {(_kind(action), action.account): name for action, name in names}
        others = [rival for rival in rivals if self._waits_too(rival, block)]
        ours = [action for action, name in names if self._since[name] < block or self._first(name, others)]
        return [*ours, *(action for action in actions if action.kind is ActionKind.CLOSE)]

    def _waits_too(self, rival: AccountId, block: BlockNumber) -> bool:
        """Tell whether a rival leaves others their turns, as far as is known."""
        newest = [rude for when, rude in self._manners.get(rival, ()) if block - when < _FORGIVEN]
        return sum(newest) <= max(len(newest) // _RUDE_PART, _CHANCE)

    def _first(self, name: str, others: Iterable[AccountId]) -> bool:
        mine = _weight(name, self._me)
        return all(mine > _weight(name, other) for other in others)


def _subject(action: Action, me: AccountId) -> str:
    """Name what is contested the same way for all: an expiry is nobody's account."""
    account = AccountId(0) if action.account == me else action.account
    return f"{_kind(action)}:{account:064x}:{action.auction}:{action.nonce}"


def _kind(action: Action) -> ActionKind:
    """Name what others see of it: a job begins with a start, or bids in what others have started."""
    if action.kind is ActionKind.BUNDLE:
        return ActionKind.BID
    if action.kind is not ActionKind.EXECUTE:
        return action.kind
    return ActionKind.BID if action.auction else ActionKind.START


def _weight(name: str, who: AccountId) -> bytes:
    return sha256(f"{name}:{who:064x}".encode()).digest()
