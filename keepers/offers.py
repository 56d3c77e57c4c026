"""Signed orders that others offer, as relays publish them. Pure: reads text, asks nothing.

A line is `{"order": {...}, "signature": "0x..."}`, the order an EIP-712 message of the exchange with numbers as decimal
text. A file that is one JSON object with a list `orders` of the same is read too. What cannot be read is left out.
"""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from crossmargin.chain.orders import Order
from crossmargin.model.units import AccountId, InstrumentId, OperatorEpoch, Ppm, Seconds, Wad
from keepers.addresses import address_of

__all__ = ["Offer", "SignedOrder", "parse_orders"]

_MOST_BYTES_SIGNED: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOrder(Order):
    """An order of the exchange with its signature."""

    signature: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """An order, and what the exchange says is left of it [wad base, no sign]."""

    order: SignedOrder
    left: Wad


def parse_orders(content: bytes) -> tuple[list[SignedOrder], int]:
    """Read all orders that can be read; tell how many could not."""
    rows: list[object] = []
    bad = 0
    try:
        whole = orjson.loads(content)
    except orjson.JSONDecodeError:
        for line in content.splitlines():
            try:
                rows += [orjson.loads(line)] if line.strip() else []
            except orjson.JSONDecodeError:
                bad += 1
    else:
        found = whole.get("orders", [whole]) if isinstance(whole, dict) else whole
        rows = found if isinstance(found, list) else []
        bad = 0 if isinstance(found, list) else 1
    orders = []
    for row in rows:
        try:
            orders.append(_order(row))
        except (KeyError, TypeError, ValueError, AttributeError):
            bad += 1
    return orders, bad


def _order(row: Any) -> SignedOrder:  # noqa: ANN401 - JSON
    """Read one; raise where a field is missing, or beyond its type."""
    order, signature = row["order"], bytes.fromhex(row["signature"].removeprefix("0x"))
    if not isinstance(order["reduceOnly"], bool) or len(signature) > _MOST_BYTES_SIGNED:
        raise ValueError
    return SignedOrder(
        account=AccountId(_number(order["account"], 256)),
        signer=address_of(order["signer"]),
        instrument=InstrumentId(_number(order["instrument"], 64)),
        size=Wad(_signed(order["size"])),
        limit_price=Wad(_number(order["limitPrice"], 256)),
        max_fee=Ppm(_number(order["maxFee"], 256)),
        expiry=Seconds(_number(order["expiry"], 256)),
        nonce=_number(order["nonce"], 256),
        epoch=OperatorEpoch(_number(order["epoch"], 64)),
        reduce_only=order["reduceOnly"],
        signature=signature,
    )


def _number(value: object, bits: int) -> int:
    found = _signed(value)
    if not 0 <= found < 1 << bits:
        raise ValueError
    return found


def _signed(value: object) -> int:
    """Read a whole number, exact; no other way of writing one."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    found = int(value)
    if abs(found) >= 1 << 255 and found < 0:
        raise ValueError
    return found
