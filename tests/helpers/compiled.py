"""Contracts as ape's containers: forge's artifacts, other projects' sources and packages' artifacts."""

import json
from pathlib import Path
from typing import Any

import solcx
from ape.contracts import ContractContainer
from ethpm_types import ContractType

from crossmargin.deployment import Artifacts

__all__ = ["chainlink_container", "container", "packaged_artifact", "packaged_container"]

_ROOT = Path(__file__).resolve().parents[2]


def container(name: str) -> ContractContainer:
    """Take a contract as forge compiled it."""
    artifact = Artifacts()[name]
    return _container(name, artifact.abi, artifact.creation_code.hex())


def packaged_container(path: str) -> ContractContainer:
    """Take a contract from the artifact that a package ships."""
    artifact = packaged_artifact(path)
    return _container(artifact["contractName"], artifact["abi"], artifact["bytecode"].removeprefix("0x"))


def packaged_artifact(path: str) -> dict[str, Any]:
    """Read the artifact that a package ships."""
    found: dict[str, Any] = json.loads((_ROOT / "node_modules" / path).read_text())
    return found


def chainlink_container(*names: str) -> list[ContractContainer]:
    """Compile Chainlink's own contracts with the compiler they were written for."""
    folder = "node_modules/@chainlink/contracts/src/v0.6"
    paths = {name: f"{folder}/{name}.sol" for name in names}
    wanted = {
        "language": "Solidity",
        "sources": {path: {"content": (_ROOT / path).read_text()} for path in paths.values()},
        "settings": {
            "optimizer": {"enabled": True},
            "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}},
        },
    }
    compiled = solcx.compile_standard(wanted, base_path=_ROOT, solc_version="0.6.6")["contracts"]
    found = {name: compiled[path][name] for name, path in paths.items()}
    return [_container(name, each["abi"], each["evm"]["bytecode"]["object"]) for name, each in found.items()]


def _container(name: str, abi: list[dict[str, Any]], code: str) -> ContractContainer:
    bytecode = {"bytecode": "0x" + code}
    return ContractContainer(ContractType(abi=abi, contractName=name, deploymentBytecode=bytecode))
