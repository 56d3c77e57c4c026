"""From which purse something is paid: who has a relayer spend on one thing uses up nothing of another. Touches nothing.

Anybody may lock the least for many accounts, have their states told, have beats sent. Redemptions and beats go on.
"""

from enum import StrEnum
from typing import Final

from crossmargin.crosschain.messages import Message, MessageKind

__all__ = ["Purse", "purse_of"]


class Purse(StrEnum):
    """What is paid for; each has a limit of its own on each chain."""

    BEATS = "beats"
    LOCKS = "locks"
    """Their reports, and credits."""
    REDEMPTIONS = "redemptions"
    """Their messages, and payments."""
    ACCOUNTS = "accounts"
    """How they stand."""


_PURSES: Final = {
    MessageKind.LOCK: Purse.LOCKS,
    MessageKind.SPOKE_BEAT: Purse.BEATS,
    MessageKind.REDEMPTION: Purse.REDEMPTIONS,
    MessageKind.ACCOUNT: Purse.ACCOUNTS,
    MessageKind.HUB_BEAT: Purse.BEATS,
}


def purse_of(message: Message) -> Purse:
    """Say from which purse the delivery of a message is paid."""
    return _PURSES[message.KIND]
