"""What a relayer has read of each chain, kept across restarts. Reads and writes its file.

A file that is missing, broken or of other contracts is no error: the chain is read anew, from its first block.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from eth_typing import BlockNumber
from web3.exceptions import BlockNotFound

from crossmargin.crosschain.envelopes import Envelope
from crossmargin.crosschain.facts import Fact, Ledger
from crossmargin.crosschain.hyperlane import HyperlaneMessage
from crossmargin.crosschain.mail import Parcel
from crossmargin.crosschain.messages import decode
from crossmargin.crosschain.store import replace_file
from crossmargin.crosschain.sums import Sums
from crossmargin.crosschain.units import LeafIndex
from crossmargin.crosschain.window import Window
from crossmargin.errors import CrossMarginError

__all__ = ["Leaf", "Memory", "Seen"]

Leaf = tuple[str, bytes, LeafIndex]
"""Transport, message and its place in the tree of its origin."""
_FAULTS: Final = (OSError, ValueError, TypeError, LookupError, AttributeError, CrossMarginError, BlockNotFound)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a chain."""

    parcels: Window[Parcel]
    sums: Sums[Any]
    leaves: Window[Leaf]


class Memory:
    """A file of what was read of one chain."""

    def __init__(self, path: Path, source: Mapping[str, Any]) -> None:
        """Keep it in `path`; `source` says what was read: of another nothing is taken over."""
        self._path, self._source = path, json.loads(json.dumps(source))

    def recall(self, seen: Seen, hash_of: Callable[[BlockNumber], bytes]) -> None:
        """Fill `seen` with what is known, where `hash_of` a block says that the chain is the same; else leave it."""
        try:
            content = json.loads(self._path.read_text())
            block, digest = content["anchor"]
            if content["source"] != self._source or hash_of(BlockNumber(block)).hex() != digest:
                return
            last = BlockNumber(int(content["last"]))
            parcels = _facts(content["parcels"], _parcel)
            facts, until = _facts(content["facts"], _fact), BlockNumber(int(content["until"]))
            settled = _ledger(type(seen.sums.settled), content["settled"])
            leaves = _facts(content["leaves"], _leaf)
        except _FAULTS:
            return
        seen.parcels.put(seen.parcels.first, last, parcels)
        seen.sums.restore(settled, until, last, facts)
        seen.leaves.put(seen.leaves.first, last, leaves)

    def keep(self, seen: Seen, anchor: BlockNumber, digest: bytes) -> None:
        """Write down what is known; `anchor` is a block that will not be replaced, with its hash."""
        content = {
            "source": self._source,
            "anchor": [anchor, digest.hex()],
            "last": seen.sums.last,
            "until": seen.sums.until,
            "settled": _of_ledger(seen.sums.settled),
            "parcels": [[block, _of_parcel(each)] for block, each in seen.parcels.items()],
            "facts": [[block, [each.name, _plain(each.args)]] for block, each in seen.sums.recent.items()],
            "leaves": [[block, [name, leaf.hex(), index]] for block, (name, leaf, index) in seen.leaves.items()],
        }
        replace_file(self._path, content)


def _facts(rows: list[Any], read: Callable[[Any], Any]) -> list[tuple[BlockNumber, Any]]:
    return [(BlockNumber(int(block)), read(value)) for block, value in rows]


def _of_parcel(parcel: Parcel) -> list[Any]:
    letter = parcel.letter
    if isinstance(letter, HyperlaneMessage):
        return [parcel.transport, letter.raw.hex()]
    return [parcel.transport, [*letter.arguments[:-1], letter.body.hex()]]


def _parcel(value: Any) -> Parcel:  # noqa: ANN401 (JSON)
    transport, written = value
    if isinstance(written, str):
        message = HyperlaneMessage.read(bytes.fromhex(written))
        return Parcel(transport, message, decode(message.body))
    origin, nonce, destination, sender, receiver, body = written
    envelope = Envelope(origin, nonce, destination, sender, receiver, bytes.fromhex(body))
    return Parcel(transport, envelope, decode(envelope.body))


def _plain(args: Mapping[str, Any]) -> dict[str, Any]:
    """Write arguments of an event: bytes as a list of their hexadecimal digits."""
    return {name: [bytes(each).hex()] if isinstance(each, bytes) else each for name, each in args.items()}


def _fact(value: Any) -> Fact:  # noqa: ANN401 (JSON)
    name, args = value
    return Fact(name, {key: bytes.fromhex(each[0]) if isinstance(each, list) else each for key, each in args.items()})


def _of_ledger(ledger: Ledger) -> dict[str, list[Any]]:
    """Write each table of a ledger by rows; a delivery is the message's id and its transport."""
    rows = {name: [[*key, value] for key, value in getattr(ledger, name).items()] for name in _tables(type(ledger))}
    return {"confirmed": [[message.hex(), transport] for message, transport in ledger.confirmed], **rows}


def _ledger(kind: type[Ledger], written: Mapping[str, Any]) -> Ledger:
    tables: dict[str, Any] = {name: {(one, two): value for one, two, value in written[name]} for name in _tables(kind)}
    deliveries = {(bytes.fromhex(message), transport) for message, transport in written["confirmed"]}
    return kind(confirmed=deliveries, **tables)


def _tables(kind: type[Ledger]) -> list[str]:
    return [each.name for each in fields(kind) if each.name != "confirmed"]


def _leaf(value: Any) -> Leaf:  # noqa: ANN401 (JSON)
    name, leaf, index = value
    return name, bytes.fromhex(leaf), LeafIndex(index)
