"""Contracts as tests use them: `vault.deposit(account, token, amount, sender=trader)`, `vault.cashOf(account)`.

Straight on web3 rather than ape's instances: five times faster, and every refusal is a decoded `ContractRevert`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi.codec import ABICodec
from eth_abi.exceptions import EncodingError
from eth_utils.abi import event_abi_to_log_topic, function_abi_to_4byte_selector, get_abi_input_types
from hexbytes import HexBytes
from web3 import Web3
from web3._utils.method_formatters import receipt_formatter
from web3.contract import Contract
from web3.datastructures import AttributeDict
from web3.middleware import Web3Middleware
from web3.types import RPCEndpoint

from crossmargin.chain.reverts import ErrorBook
from crossmargin.deployment import Artifacts

GAS = 30_000_000
_MAX_FEE = 20 * 10**9  # wei; blocks that are not full let the base fee fall from 1 gwei on


class _CallTime(Web3Middleware):
    """Lets calls see another time than that of the last block."""

    time: int | None = None

    def request_processor(self, method: RPCEndpoint, params: Any) -> Any:
        """Add Anvil's overrides of state and block to a call."""
        if method == "eth_call" and self.time is not None:
            params = [*params[:2], {}, {"time": hex(self.time)}]
        return method, params


class Node:
    """The test chain and everything that is known about contracts on it."""

    def __init__(self, web3: Web3, artifacts: Artifacts) -> None:
        """Know every error and event of every contract that was compiled."""
        self.web3 = web3
        self.artifacts = artifacts
        self._call_time = _CallTime(web3)
        web3.middleware_onion.add(lambda _: self._call_time, "call time")

    @cached_property
    def errors(self) -> ErrorBook:
        """Custom errors of all contracts and test helpers."""
        return ErrorBook(artifact.abi for artifact in self.artifacts)

    @cached_property
    def events(self) -> dict[bytes, dict[str, Any]]:
        """Events of all contracts and test helpers, by topic and number of indexed arguments."""
        return {
            event_abi_to_log_topic(entry) + bytes([sum(each["indexed"] for each in entry["inputs"])]): entry
            for artifact in self.artifacts
            for entry in artifact.abi
            if entry["type"] == "event"
        }

    def at(self, artifact: str, address: str) -> "Handle":
        """Bind a deployed contract."""
        return Handle(
            self, self.web3.eth.contract(address=Web3.to_checksum_address(address), abi=self.artifacts[artifact].abi)
        )

    def deploy(self, artifact: str, *arguments: Any, sender: Any) -> "Handle":
        """Deploy a contract or a test helper."""
        compiled = self.artifacts[artifact]
        factory = self.web3.eth.contract(abi=compiled.abi, bytecode=compiled.creation_code)
        data = factory.constructor(*_plain(arguments)).data_in_transaction
        receipt = self.send({"data": data}, sender)
        return self.at(artifact, receipt.raw["contractAddress"])

    def send(self, transaction: dict[str, Any], sender: Any) -> "Receipt":
        """Send from an unlocked account; a failed transaction raises its decoded error."""
        request = {"gas": GAS, "maxFeePerGas": _MAX_FEE, "maxPriorityFeePerGas": 0, **transaction}
        request = {name: hex(value) if isinstance(value, int) else value for name, value in request.items()}
        mined = self.rpc("eth_sendTransactionSync", request | {"from": address_of(sender)})
        raw = AttributeDict.recursive(receipt_formatter(mined))
        receipt = Receipt(self, raw)
        if raw["status"] != 1:
            raise self.errors.decode(receipt.output)
        return receipt

    @property
    def now(self) -> int:
        """Time of the last block [s]."""
        return self.web3.eth.get_block("latest")["timestamp"]

    def pass_time(self, seconds: int) -> None:
        """Date the next block some seconds after the last; blocks after it have its time until told otherwise."""
        self.rpc("evm_setNextBlockTimestamp", self.now + seconds)

    @contextmanager
    def calls_at(self, time: int) -> Iterator[None]:
        """Let calls see a given time, so that what differs between two of them was stored, and is not interest."""
        self._call_time.time = time
        try:
            yield
        finally:
            self._call_time.time = None

    def answers(self, questions: "Iterable[tuple[Method, tuple[Any, ...]]]") -> list[str]:
        """Call many views in one request; each answer is as the contract coded it [hex]."""
        block = ["latest"] if self._call_time.time is None else ["latest", {}, {"time": hex(self._call_time.time)}]
        calls = [
            (RPCEndpoint("eth_call"), [{"to": method.handle.address, "data": method.encode(*arguments)}, *block])
            for method, arguments in questions
        ]
        found = self.web3.provider.make_batch_request(calls)
        assert all("result" in each for each in found), found
        return [each["result"] for each in found]

    def rpc(self, method: str, *parameters: Any) -> Any:
        """Call a method of Anvil's own."""
        answer = self.web3.provider.make_request(method, list(parameters))
        assert "error" not in answer, answer
        return answer["result"]


@dataclass(frozen=True)
class Receipt:
    """A mined transaction."""

    node: Node
    raw: Any

    @property
    def gas_used(self) -> int:
        """Gas used, the 21,000 of the transaction included."""
        return self.raw["gasUsed"]

    @property
    def time(self) -> int:
        """Time of its block [s]."""
        return self.raw["blockTimestamp"]

    @cached_property
    def output(self) -> bytes:
        """What the call returned, or the revert data."""
        trace = self.node.rpc(
            "debug_traceTransaction",
            self.raw["transactionHash"].to_0x_hex(),
            {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}},
        )
        return bytes(HexBytes(trace.get("output") or "0x"))

    def events(self, name: str | None = None) -> list[Any]:
        """Events in order, as attribute dictionaries with `event`, `address` and `args`; of one name where given."""
        found = []
        for log in self.raw["logs"]:
            key = bytes(log["topics"][0]) + bytes([len(log["topics"]) - 1]) if log["topics"] else b""
            entry = self.node.events.get(key)
            if entry and name in (None, entry["name"]):
                contract = self.node.web3.eth.contract(address=log["address"], abi=[entry])
                found.append(contract.events[entry["name"]]().process_log(log))
        return found

    def event(self, name: str) -> Any:
        """Arguments of the only event of this name."""
        found = self.events(name)
        assert len(found) == 1, f"{len(found)} events named {name}"
        return found[0]["args"]


class Handle:
    """A contract; its functions are attributes."""

    def __init__(self, node: Node, contract: Contract) -> None:
        """Bind to `contract`."""
        self.node = node
        self.contract = contract
        self.address = contract.address

    def __getattr__(self, name: str) -> "Method":
        """Find a function of the contract."""
        if name.startswith("_") or name not in self.codings:
            raise AttributeError(name)
        return Method(self, name)

    @cached_property
    def codings(self) -> "dict[str, Coding | None]":
        """How arguments are coded, by function; None where several have one name."""
        found: dict[str, Coding | None] = {}
        for entry in self.contract.abi:
            if entry["type"] == "function":
                found[entry["name"]] = None if entry["name"] in found else Coding.of(entry)
        return found

    def __repr__(self) -> str:
        """Show the address."""
        return f"Handle({self.address})"


@dataclass(frozen=True)
class Coding:
    """How a function's arguments are coded. web3 hashes every function of the ABI anew to find one."""

    selector: str
    types: Sequence[str]
    is_view: bool

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "Coding":
        """Read it from the function's entry in the ABI."""
        return cls(
            "0x" + function_abi_to_4byte_selector(entry).hex(),
            get_abi_input_types(entry),
            entry["stateMutability"] in ("view", "pure"),
        )

    def encode(self, codec: ABICodec, arguments: Sequence[Any]) -> str:
        """Encode a call [hex]."""
        return self.selector + codec.encode(self.types, arguments).hex()


@dataclass(frozen=True)
class Method:
    """A function of a contract: without `sender` it is called, with one a transaction is sent."""

    handle: Handle
    name: str

    def __call__(self, *arguments: Any, sender: Any = None, value: int = 0, gas: int = GAS) -> Any:
        """Call the view, or send the transaction and return its receipt."""
        if sender is None:
            coding = self.handle.codings[self.name]
            assert coding is None or coding.is_view, f"{self.name} changes state: give a sender, or use .call"
            return self.call(*arguments)
        return self.handle.node.send(
            {"to": self.handle.address, "data": self.encode(*arguments), "value": value, "gas": gas}, sender
        )

    def call(self, *arguments: Any, sender: Any = None, value: int = 0) -> Any:
        """Try the function on the last block and return what it would return; structs as attribute dictionaries."""
        bound = self.handle.contract.functions[self.name](*_plain(arguments))
        node = self.handle.node
        try:
            result = bound.call({"from": address_of(sender), "value": value} if sender else {})
        except Exception as error:
            raise node.errors.translate(error) from error
        outputs = bound.abi["outputs"]
        if len(outputs) == 1:
            return _named(outputs[0], result)
        values = [_named(output, value) for output, value in zip(outputs, result, strict=True)]
        if outputs and all(output["name"] for output in outputs):
            return AttributeDict({output["name"]: value for output, value in zip(outputs, values, strict=True)})
        return tuple(values)

    def encode(self, *arguments: Any) -> str:
        """Encode the call."""
        plain, coding = _plain(arguments), self.handle.codings[self.name]
        if coding is not None:
            with suppress(EncodingError, TypeError):
                return coding.encode(self.handle.node.web3.codec, plain)
        return self.handle.contract.encode_abi(self.name, args=plain)


def address_of(actor: Any) -> str:
    """Address of an account, a contract, or an address itself."""
    return Web3.to_checksum_address(getattr(actor, "address", actor))


def _plain(value: Any) -> Any:
    """Replace accounts and contracts by their addresses, attribute dictionaries by tuples."""
    if isinstance(value, AttributeDict):
        return tuple(_plain(each) for each in value.values())
    if isinstance(value, list | tuple):
        return (
            type(value)(_plain(each) for each in value) if not hasattr(value, "_fields") else tuple(map(_plain, value))
        )
    return getattr(value, "address", value)


def _named(entry: dict[str, Any], value: Any) -> Any:
    """Name a struct's fields; lists are named one by one."""
    kind: str = entry["type"]
    if not kind.startswith("tuple"):
        return value
    if kind.endswith("]"):
        inner = {**entry, "type": kind[: kind.rindex("[")]}
        return [_named(inner, each) for each in _sequence(value)]
    return AttributeDict({c["name"]: _named(c, each) for c, each in zip(entry["components"], value, strict=True)})


def _sequence(value: Any) -> Sequence[Any]:
    return value
