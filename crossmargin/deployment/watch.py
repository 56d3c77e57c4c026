"""The guardians' watch: looks at the timelock again and again, and alarms on what the deployment's file does not name.

A look that fails is no end: a watch that ended in silence would be worse than none.
"""

from collections.abc import Callable
from typing import Any, Final

from eth_typing import BlockNumber
from requests import RequestException
from web3.exceptions import Web3Exception

from crossmargin.chain.times import time_text
from crossmargin.deployment.steps import Context
from crossmargin.deployment.track import MANAGER, Stranger, meaning, strangers
from crossmargin.errors import CrossMarginError

__all__ = ["Watch"]

_AGAIN: Final = 128
"""Blocks read again at each look: a reorganisation may have put something into them [blocks]."""
_BLIND: Final = 5
"""Failed looks in a row after which the watch says that it sees nothing; again after as many more."""


class Watch:
    """Remembers how far it has read and what it has said; says each alarm once."""

    def __init__(self, venue: Callable[[], Context[Any]], alarm: Callable[[str], None]) -> None:
        """Look at the venue that `venue` opens, each time anew, with the file as it then is; `alarm` takes a line."""
        self._venue, self._alarm = venue, alarm
        self._first: BlockNumber | None = None
        self._said: set[tuple[str, int]] = set()
        self._failed = 0

    def look(self) -> int:
        """Alarm on what waits and is not announced; tell how much of it was not there at an earlier look."""
        venue = self._venue()
        last = venue.chain.web3.eth.block_number
        waiting = [each for each in strangers(venue, self._first) if each.waits]
        new = [each for each in waiting if (each.id, each.nonce) not in self._said]
        for each in new:
            self._said.add((each.id, each.nonce))
            self._alarm(_line(venue, each))
        self._first = BlockNumber(max(venue.record.contracts[MANAGER].block, last - _AGAIN))
        self._failed = 0
        return len(new)

    def look_or_say(self) -> None:
        """Look; where that fails, again and again, alarm on it."""
        try:
            self.look()
        except (CrossMarginError, Web3Exception, RequestException) as error:
            self._failed += 1
            if self._failed % _BLIND == 0:
                said = (str(error).splitlines() or [type(error).__name__])[0]
                self._alarm(f"ALARM: the watch is blind, {self._failed} looks in a row failed: {said}")


def _line(venue: Context[Any], found: Stranger) -> str:
    cancel = venue.contract(MANAGER).encode_abi("cancel", args=[found.caller, found.target, found.data])
    return (
        f"ALARM: {found.caller} scheduled {meaning(venue, found.target, found.data)} for {time_text(found.ready_at)}; "
        f"if nobody of you did, a guardian cancels it: to {venue.address(MANAGER)}, data {cancel}"
    )
