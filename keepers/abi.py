"""Encode calls and decode answers, logs and errors from the ABI files, with no more than is needed.

Logs of the venue hold static types only, so a log is decoded word by word: general codecs are the bottleneck of a
backfill. Names are those of the ABI; addresses are lower-case hex. Reads the ABI files of the library; asks no node.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import orjson
from eth_hash.auto import keccak

from keepers.chain import RawLog
from keepers.codec import Entry, Plan, plan_of, type_of
from keepers.errors import AbiError
from keepers.units import Address, BlockNumber, HexData, LogIndex, TxHash

__all__ = ["Abi", "ErrorCodec", "EventCodec", "Function", "VenueEvent", "load_abi"]

_WORD = 32


@dataclass(frozen=True, slots=True)
class VenueEvent:
    """A decoded log of the venue."""

    contract: str
    name: str
    block: BlockNumber
    index: LogIndex
    transaction: TxHash
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that can be called."""

    name: str
    selector: bytes
    inputs: Plan
    outputs: Plan

    def encode(self, *args: object) -> HexData:
        """Write the call's data (hex)."""
        return HexData("0x" + (self.selector + self.inputs.write(args)).hex())

    def decode(self, data: bytes) -> tuple[Any, ...]:
        """Read the outputs in order; structs come as dictionaries. Missing words are not read as zeros."""
        try:
            return tuple(self.outputs.read(data, 0))
        except AbiError as error:
            msg = f"{self.name}: {len(data)} bytes do not decode: {error}"
            raise AbiError(msg) from error


class Abi:
    """One contract's ABI."""

    def __init__(self, contract: str, entries: Sequence[Entry]) -> None:
        """Keep the entries by kind."""
        self.contract = contract
        self._known: dict[str, Function] = {}
        self._functions = {one["name"]: one for one in entries if one["type"] == "function"}
        self.events = tuple(one for one in entries if one["type"] == "event")
        self.errors = tuple(one for one in entries if one["type"] == "error")

    def function(self, name: str) -> Function:
        """Find a function that is not overloaded."""
        known = self._known.get(name)
        if known is not None:
            return known
        entry = self._functions.get(name)
        if entry is None:
            msg = f"{self.contract} has no function {name}"
            raise AbiError(msg)
        selector = _selector(name, tuple(entry["inputs"]))[:4]
        made = Function(name, selector, plan_of(entry["inputs"]), plan_of(entry["outputs"]))
        self._known[name] = made
        return made


class EventCodec:
    """Decodes the logs of the venue's contracts."""

    def __init__(self, contracts: Iterable[tuple[Address, Abi]]) -> None:
        """Take pairs of address and ABI."""
        self._readers: dict[tuple[str, str], tuple[str, str, _Reader]] = {}
        for address, abi in contracts:
            for entry in abi.events:
                topic = "0x" + _selector(entry["name"], tuple(entry["inputs"])).hex()
                reader = _log_reader(entry)
                if reader is not None:
                    self._readers[address.lower(), topic] = (abi.contract, entry["name"], reader)

    def decode(self, log: RawLog) -> VenueEvent | None:
        """Decode a log; None for a kind that is not the venue's."""
        known = self._readers.get((log.address, log.topics[0])) if log.topics else None
        if known is None:
            return None
        contract, name, reader = known
        words = [int(topic, 16) for topic in log.topics[1:]]
        data = bytes.fromhex(log.data[2:])
        try:
            args = reader(words, data)
        except IndexError as error:
            msg = f"{contract}.{name}: {len(log.topics)} topics and {len(data)} bytes do not fit"
            raise AbiError(msg) from error
        return VenueEvent(contract, name, log.block, log.index, log.transaction, args)


class ErrorCodec:
    """Reads custom errors out of revert data."""

    def __init__(self, abis: Iterable[Abi]) -> None:
        """Collect the errors of all contracts."""
        self._errors = {
            _selector(entry["name"], tuple(entry["inputs"]))[:4]: entry for abi in abis for entry in abi.errors
        }

    def read(self, data: str) -> tuple[str, dict[str, Any] | None] | None:
        """Give name and fields of an error; no fields where they do not decode, nothing of an unknown one."""
        raw = bytes.fromhex(data.removeprefix("0x"))
        entry = self._errors.get(raw[:4])
        if entry is None:
            return None
        try:
            values = plan_of(entry["inputs"]).read(raw[4:], 0)
        except AbiError:
            return entry["name"], None
        return entry["name"], {one["name"]: value for one, value in zip(entry["inputs"], values, strict=True)}

    def describe(self, data: str) -> str:
        """Write the error as `Name(field=value, ...)`; unknown data as it is."""
        found = self.read(data)
        if found is None:
            return data or "no revert data"
        name, fields = found
        return f"{name}({'?' if fields is None else ', '.join(f'{key}={value}' for key, value in fields.items())})"


def load_abi(contract: str) -> Abi:
    """Load the ABI that ships with the library."""
    path = files("crossmargin") / "abis" / f"{contract}.json"
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        msg = f"no ABI of {contract}: {error}"
        raise AbiError(msg) from error
    return Abi(contract, content["abi"] if isinstance(content, dict) else content)


def _selector(name: str, inputs: Sequence[Entry]) -> bytes:
    return keccak(f"{name}({','.join(type_of(one) for one in inputs)})".encode())


_Reader = Callable[[list[int], bytes], dict[str, Any]]
_Cast = Callable[[int], Any]


def _log_reader(entry: Entry) -> _Reader | None:
    """Build the reader of a log; None when a type is dynamic, which no event the keeper follows has."""
    casts = [(one["name"], _cast(one["type"]), one) for one in entry["inputs"] if one["indexed"]]
    fields = [one for one in entry["inputs"] if not one["indexed"]]
    if any(_dynamic(one) for one in entry["inputs"]):
        return None

    def read(words: list[int], data: bytes) -> dict[str, Any]:
        args = {name: cast(words[position]) for position, (name, cast, _) in enumerate(casts)}
        at = 0
        for one in fields:
            args[one["name"]], at = _static(one, data, at)
        return args

    return read


def _dynamic(entry: Entry) -> bool:
    kind: str = entry["type"]
    return "[" in kind or kind in {"bytes", "string"} or any(_dynamic(one) for one in entry.get("components", ()))


def _static(entry: Entry, data: bytes, at: int) -> tuple[Any, int]:
    if entry["type"] == "tuple":
        struct = {}
        for one in entry["components"]:
            struct[one["name"]], at = _static(one, data, at)
        return struct, at
    if at + _WORD > len(data):
        msg = f"{len(data)} bytes, {at + _WORD} needed"
        raise IndexError(msg)
    return _cast(entry["type"])(int.from_bytes(data[at : at + _WORD])), at + _WORD


def _cast(kind: str) -> _Cast:
    if kind.startswith("int"):
        return _signed
    return _CASTS.get(kind, int)


def _signed(word: int) -> int:
    return word - 2**256 if word >> 255 else word


def _address(word: int) -> Address:
    return Address(f"0x{word:040x}")


def _bytes32(word: int) -> HexData:
    return HexData(f"0x{word:064x}")


_CASTS: dict[str, _Cast] = {"address": _address, "bool": bool, "bytes32": _bytes32}
