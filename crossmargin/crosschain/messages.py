"""The five messages between hub and spokes, as Solidity's `abi.encode(kind, report)` writes them. Touches nothing.

A message tells how things are, never what has changed: order, loss and repetition do not matter. Of each kind `ABOUT`
names what it is about: a later one of the same makes it needless; and `TELLS` what it says beside how things are now.
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, ClassVar, Final

from eth_abi.abi import decode as decode_abi
from eth_abi.abi import encode as encode_abi
from eth_abi.exceptions import DecodingError
from eth_abi.exceptions import EncodingError as AbiEncodingError
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from crossmargin.crosschain.units import Sequence
from crossmargin.errors import MessageError
from crossmargin.model.units import AccountId, Seconds, TokenUnits, Wad

__all__ = [
    "AccountReport",
    "HubBeat",
    "LockReport",
    "Message",
    "MessageKind",
    "RedemptionReport",
    "SpokeBeat",
    "decode",
    "encode",
]

_WORD: Final = 32


class MessageKind(IntEnum):
    """What a message is: its first word."""

    LOCK = 1
    SPOKE_BEAT = 2
    REDEMPTION = 3
    ACCOUNT = 4
    HUB_BEAT = 5


@dataclass(frozen=True, slots=True)
class LockReport:
    """What a spoke says of one account's lock of a token."""

    KIND: ClassVar[MessageKind] = MessageKind.LOCK
    TYPES: ClassVar[tuple[str, ...]] = ("address", "uint256", "uint64", "uint128", "uint64", "uint64")
    ABOUT: ClassVar[tuple[str, ...]] = ("token", "account")
    TELLS: ClassVar[tuple[str, ...]] = ("sequence",)

    token: ChecksumAddress
    """On the spoke's chain."""
    account: AccountId
    """Whom it is locked for, at the hub."""
    sequence: Sequence
    locked: TokenUnits
    """Ever locked."""
    heard: Seconds
    """Newest time of the hub's chain that the spoke has heard of."""
    time: Seconds
    """Of the spoke's block."""


@dataclass(frozen=True, slots=True)
class SpokeBeat:
    """That a spoke lives, and what has left it of a token."""

    KIND: ClassVar[MessageKind] = MessageKind.SPOKE_BEAT
    TYPES: ClassVar[tuple[str, ...]] = ("address", "uint8", "uint128", "uint128", "uint64", "uint64")
    ABOUT: ClassVar[tuple[str, ...]] = ("token",)
    TELLS: ClassVar[tuple[str, ...]] = ()

    token: ChecksumAddress
    """On the spoke's chain."""
    decimals: int
    """Of the token there."""
    exited: TokenUnits
    """Given back without the hub."""
    paid: TokenUnits
    """Paid out as the hub asked."""
    heard: Seconds
    """Newest time of the hub's chain that the spoke has heard of."""
    time: Seconds
    """Of the spoke's block."""


@dataclass(frozen=True, slots=True)
class RedemptionReport:
    """What the hub wants a spoke to have paid out to somebody, in all."""

    KIND: ClassVar[MessageKind] = MessageKind.REDEMPTION
    TYPES: ClassVar[tuple[str, ...]] = ("address", "address", "uint128", "uint64")
    ABOUT: ClassVar[tuple[str, ...]] = ("token", "recipient")
    TELLS: ClassVar[tuple[str, ...]] = ("redeemed",)

    token: ChecksumAddress
    """On the spoke's chain."""
    recipient: ChecksumAddress
    """On the spoke's chain."""
    redeemed: TokenUnits
    """Ever redeemed to the recipient."""
    time: Seconds
    """Of the hub's block."""


@dataclass(frozen=True, slots=True)
class AccountReport:
    """How an account with remote collateral stood at the hub."""

    KIND: ClassVar[MessageKind] = MessageKind.ACCOUNT
    TYPES: ClassVar[tuple[str, ...]] = (
        "address",
        "uint256",
        "uint128",
        "uint128",
        "uint256",
        "int256",
        "bool",
        "uint64",
    )
    ABOUT: ClassVar[tuple[str, ...]] = ("token", "account")
    TELLS: ClassVar[tuple[str, ...]] = ()

    token: ChecksumAddress
    """On the spoke's chain."""
    account: AccountId
    held: TokenUnits
    """Receipts of the token that it held."""
    waiting: TokenUnits
    """Locked for it and not credited yet."""
    health: Wad
    """Health factor; 2**256 - 1 without anything required."""
    free_margin: Wad
    """Excess over initial margin [USD], negative where it lacks some."""
    owes: bool
    """It had debt or open contracts."""
    time: Seconds
    """Of the hub's block."""


@dataclass(frozen=True, slots=True)
class HubBeat:
    """That the hub lives."""

    KIND: ClassVar[MessageKind] = MessageKind.HUB_BEAT
    TYPES: ClassVar[tuple[str, ...]] = ("uint64",)
    ABOUT: ClassVar[tuple[str, ...]] = ()
    TELLS: ClassVar[tuple[str, ...]] = ()

    time: Seconds
    """Of the hub's block."""


Message = LockReport | SpokeBeat | RedemptionReport | AccountReport | HubBeat

_CLASSES: Final[dict[int, type[Message]]] = {
    each.KIND: each for each in (LockReport, SpokeBeat, RedemptionReport, AccountReport, HubBeat)
}


def encode(message: Message) -> bytes:
    """Write a message as the contracts do. MessageError where a field is outside its type."""
    values = [getattr(message, field.name) for field in fields(message)]
    try:
        return encode_abi(["uint256", *message.TYPES], [message.KIND, *values])
    except AbiEncodingError as error:
        raise MessageError(f"{type(message).__name__} cannot be written: {error}") from error


def decode(body: bytes) -> Message:
    """Read a message. MessageError where it is of no kind that there is, or has another length or other bits."""
    if len(body) < _WORD:
        raise MessageError(f"{len(body)} bytes are no message: its kind alone has {_WORD}")
    kind = int.from_bytes(body[:_WORD], "big")
    found = _CLASSES.get(kind)
    if found is None:
        raise MessageError(f"no message is of kind {kind}: there are 1 to {max(_CLASSES)}")
    length = _WORD * (1 + len(found.TYPES))
    if len(body) != length:
        raise MessageError(f"{found.__name__} has {length} bytes, and not {len(body)}")
    try:
        values = decode_abi(found.TYPES, body[_WORD:])
    except DecodingError as error:
        raise MessageError(f"not a {found.__name__}: {error}") from error
    return found(*map(_plain, found.TYPES, values))


def _plain(kind: str, value: Any) -> Any:  # noqa: ANN401 (of any field)
    return to_checksum_address(value) if kind == "address" else value
