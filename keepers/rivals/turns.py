"""Whose turn it is: rivals that see one block want the same at once, and all but the first pay gas for nothing.

Each action is the turn of one of them, by rendezvous hashing: all who know each other agree without a word. Whoever's
turn it is not waits one block, and goes ahead if the action is still there: a turn that nobody takes costs a block.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from crossmargin.model.units import AccountId
from keepers.strategies import Action
from keepers.units import BlockNumber

__all__ = ["Turns"]


class Turns:
    """Holds actions back until it is their turn; knows since when each was wanted."""

    def __init__(self, me: AccountId) -> None:
        """Take turns for this account."""
        self._me = me
        self._since: dict[str, BlockNumber] = {}

    def ready(self, actions: Sequence[Action], rivals: Iterable[AccountId], block: BlockNumber) -> list[Action]:
        """Give the actions to carry out at a block; the others are given at the next, if they are wanted then."""
        names = {action.key: _subject(action, self._me) for action in actions}
        self._since = {name: self._since.get(name, block) for name in names.values()}
        others = tuple(rivals)
        return [
            action
            for action in actions
            if self._since[names[action.key]] < block or self._first(names[action.key], others)
        ]

    def _first(self, name: str, others: tuple[AccountId, ...]) -> bool:
        mine = _weight(name, self._me)
        return all(mine > _weight(name, other) for other in others)


def _subject(action: Action, me: AccountId) -> str:
    """Name what is contested the same way for all: an expiry is nobody's account."""
    account = AccountId(0) if action.account == me else action.account
    return f"{action.kind}:{account:064x}:{action.auction}:{action.nonce}"


def _weight(name: str, who: AccountId) -> bytes:
    return sha256(f"{name}:{who:064x}".encode()).digest()
