"""Blocks, logs and actions, as short as they may be."""

from keepers.chain import Header, RawLog
from keepers.store import Intent, Journal


def header_of(number: int, fork: str = "a") -> Header:
    """Build a block's header, of a fork by its letter."""
    parent = f"{number - 1}{fork}" if number > 1 else "0"
    return Header(number, f"{number}{fork}", parent, 100 + number, 7)


def raw_log(number: int, index: int, fork: str = "a") -> RawLog:
    """Build a log of a block."""
    return RawLog(number, f"{number}{fork}", index, "tx", "0xaa", ("0x11",), f"0x{number:02x}{index:02x}")


def begin_action(journal: Journal, key: str = "bid:1") -> int | None:
    """Write an action down; None where its key is taken."""
    (identity,) = journal.begin([Intent(key, "bid", 2**255, 3, "0x", 9, 1, 1.0, -(10**30))])
    return identity
