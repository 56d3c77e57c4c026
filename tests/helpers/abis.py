"""Functions of the deployed contracts, as their ABIs have them, and a check that a test leaves none of them out."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from crossmargin.deployment.roles import MATRIX, Role
from tests.helpers.handles import Handle

__all__ = [
    "BESIDE",
    "OVER_THERE",
    "Entry",
    "Function",
    "arguments",
    "changing",
    "entry_of",
    "functions_of",
    "require_all",
]

Entry = dict[str, Any]
"""What an ABI says of a function."""
Function = tuple[str, str]
"""Contract and name of a function."""

_ABIS = files("crossmargin") / "abis"
_MANAGED = {"setAuthority"}
"""Of every contract that the access manager manages, and for that one alone."""
_NOTHING = {"bool": False, "string": "", "bytes": b"", "address": "0x" + "00" * 20}

BESIDE = {
    "AttestationTransport": "carries messages: foundry/RemoteFaultTable.t.sol",
    "Authority": "roles and delays: integration/test_governance.py",
    "CollateralSpoke": "on another chain: foundry/CollateralSpoke.t.sol",
    "HyperlaneTransport": "carries messages: foundry/HyperlaneTransport.t.sol",
    "KeeperExecutor": "bids and fills as anybody does: unit/keeper_executor",
    "L1Blocks": "on another chain: foundry/RemoteProofs.t.sol",
    "RemoteReceipt": "a token: foundry/CollateralHub.t.sol",
    "TestStakedToken": "a token of test networks",
    "TestToken": "a token of test networks",
}
"""Contracts with functions for anybody that hold nothing of an account, or that this venue has not: what each is."""


OVER_THERE = {"AttestationTransport", "CollateralHub", "CollateralSpoke", "HyperlaneTransport", "ValidatorModule"}
"""Contracts with restricted functions of a venue with a spoke, and of no venue on one chain."""


def changing(contract: str) -> list[Entry]:
    """Functions of a contract that are neither views nor the access manager's own."""
    return [
        entry
        for entry in json.loads((_ABIS / f"{contract}.json").read_text())
        if entry["type"] == "function"
        and entry["stateMutability"] in ("nonpayable", "payable")
        and entry["name"] not in _MANAGED
    ]


def functions_of(role: Role | None) -> set[Function]:
    """Give the functions of all contracts that change something and ask for a role; None: those that ask for none."""
    contracts = sorted(path.name.removesuffix(".json") for path in _ABIS.iterdir() if path.name.endswith(".json"))
    return {
        (contract, entry["name"])
        for contract in contracts
        for entry in changing(contract)
        if MATRIX.get(contract, {}).get(entry["name"]) is role
    }


def require_all(
    functions: Iterable[Function], tried: Iterable[Function], *untried: Mapping[Function, str] | Mapping[str, str]
) -> None:
    """Fail unless every function is either tried or named once with a reason, and nothing else is named.

    A contract is named for all of its functions.
    """
    known, done = set(functions), set(tried)
    contracts = {contract for contract, _ in known}
    reasons = [each for table in untried for each in table.items()]
    names = Counter(each for name, _ in reasons for each in known if name in (each, each[0]))
    stale = {name for name, _ in reasons if name not in known | contracts} | (done - known)
    found = {
        "neither tried nor named": known - done - names.keys(),
        "tried and named": done & names.keys(),
        "named twice": {each for each, times in names.items() if times > 1},
        "not there": stale,
        "without a reason": {name for name, reason in reasons if not reason},
    }
    assert not any(found.values()), {fault: sorted(map(str, each)) for fault, each in found.items() if each}


def entry_of(handle: Handle, name: str) -> Entry:
    """Find a function in a contract's ABI."""
    return next(each for each in handle.contract.abi if each["type"] == "function" and each["name"] == name)


def arguments(entry: Entry) -> list[Any]:
    """Give nothing for every argument."""
    return [_nothing(each["type"], each.get("components")) for each in entry["inputs"]]


def _nothing(kind: str, components: list[Entry] | None) -> Any:
    """Give an argument of nothing for a type."""
    if kind.endswith("[]"):
        return []
    if kind == "tuple":
        return tuple(_nothing(each["type"], each.get("components")) for each in components or ())
    if kind in _NOTHING:
        return _NOTHING[kind]
    return bytes(int(kind[5:])) if kind.startswith("bytes") else 0
