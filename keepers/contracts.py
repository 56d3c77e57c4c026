"""The venue's contracts: where they are, and how their calls, answers, logs and errors are written. Asks no node."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from crossmargin.chain.units import ChainId
from keepers.abi import Abi, ErrorCodec, EventCodec, VenueEvent, load_abi
from keepers.calls import Call
from keepers.chain import RawLog
from keepers.errors import AbiError, ResponseError, RevertError, SettingsError
from keepers.units import Address, BlockNumber, HexData

__all__ = ["CONTRACTS", "AddressBook", "Contracts", "load_contracts"]

CONTRACTS: Final = (
    "MarginVault",
    "Clearinghouse",
    "Expiries",
    "MarketLosses",
    "RiskParameters",
    "RiskEngine",
    "OracleAdapter",
    "VolatilitySurface",
    "OptionOracle",
    "LiquidationAuction",
    "MarginLens",
    "InsuranceFund",
    "Exchange",
)
OWN: Final = "KeeperExecutor"
"""A contract of the keeper's own, where it has one."""
SOME: Final = ("BatchSettler", "VolatilityForecaster", "RiskSteward", "CollateralHub")
"""Contracts that not every venue has."""
_FOLLOWED: Final = (
    "MarginVault",
    "Clearinghouse",
    "Expiries",
    "MarketLosses",
    "RiskParameters",
    "OptionOracle",
    "LiquidationAuction",
)


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Addresses by contract, and the block of the earliest."""

    addresses: dict[str, Address]
    first_block: BlockNumber


class Contracts:
    """The contracts of one deployment."""

    def __init__(self, book: AddressBook, abis: dict[str, Abi]) -> None:
        """Build the codecs of the contracts."""
        self.addresses = book.addresses
        self.first_block = book.first_block
        self._abis = abis
        known = [name for name in (*_FOLLOWED, OWN) if name in book.addresses]
        self._codec = EventCodec((book.addresses[name], abis[name]) for name in known)
        self._errors = ErrorCodec(abis.values())

    @property
    def followed(self) -> tuple[Address, ...]:
        """Addresses whose logs rebuild the venue's state."""
        return tuple(self.addresses[name] for name in _FOLLOWED)

    def decode(self, logs: Sequence[RawLog]) -> list[VenueEvent]:
        """Decode the venue's logs and leave out others; a log that does not fit its event is no answer."""
        try:
            return [event for event in map(self._codec.decode, logs) if event is not None]
        except AbiError as error:
            raise ResponseError(str(error)) from error

    def explain(self, error: RevertError) -> str:
        """Say why a call reverts, by the name of its custom error."""
        return self._errors.describe(error.data) if error.data else error.message

    def fields_of(self, error: RevertError, name: str) -> dict[str, Any] | None:
        """Give the fields of a custom error, where it is the one of this name."""
        found = self._errors.read(error.data) if error.data else None
        return found[1] if found is not None and found[0] == name else None

    def encode(self, contract: str, function: str, *args: object) -> tuple[Address, HexData]:
        """Write a call: address and data; calls among the arguments become their data."""
        return self.addresses[contract], self._abis[contract].function(function).encode(*map(self._written, args))

    def selector(self, contract: str, function: str) -> HexData:
        """Give the first four bytes of a function's calls (hex)."""
        return HexData("0x" + self._abis[contract].function(function).selector.hex())

    def _written(self, arg: object) -> object:
        if isinstance(arg, Call):
            return bytes.fromhex(self.encode(arg.contract, arg.function, *arg.args)[1].removeprefix("0x"))
        return tuple(map(self._written, arg)) if isinstance(arg, tuple) else arg

    def decode_output(self, contract: str, function: str, data: bytes) -> tuple[Any, ...]:
        """Read what a function returned; what does not decode is no answer."""
        wanted = self._abis[contract].function(function)
        try:
            return wanted.decode(data)
        except AbiError as error:
            raise ResponseError(f"{contract}.{error}") from error


def load_contracts(path: Path, chain_id: ChainId, own: Address | None = None) -> Contracts:
    """Read a deployment file and the ABIs that ship with the library; `own` is where the keeper's contract is."""
    book = _address_book(path, chain_id)
    if own is not None:
        book.addresses[OWN] = own
    return Contracts(book, {name: load_abi(name) for name in (*CONTRACTS, *SOME, OWN)})


def _address_book(path: Path, chain_id: ChainId) -> AddressBook:
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        msg = f"no deployment file: {error}"
        raise SettingsError(msg) from error
    except orjson.JSONDecodeError as error:
        msg = f"{path}: not JSON: {error}"
        raise SettingsError(msg) from error
    try:
        found = content.get("chain_id", content.get("chainId", chain_id))
        present = [name for name in SOME if name in content["contracts"]]
        entries = {name: content["contracts"][name] for name in (*CONTRACTS, *present)}
        addresses = {name: Address(str(entry["address"]).lower()) for name, entry in entries.items()}
        first = BlockNumber(min(int(entry["block"]) for entry in entries.values()))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{path}: not a deployment: {error!r}"
        raise SettingsError(msg) from error
    if int(found) != chain_id:
        msg = f"{path} is of chain {found}, not {chain_id}"
        raise SettingsError(msg)
    return AddressBook(addresses, first)
