"""Contracts as ape's containers: forge's artifacts, other projects' sources and packages' artifacts."""

import json
from pathlib import Path
from typing import Any

import solcx
from ape.contracts import ContractContainer
from ethpm_types import ContractType

from crossmargin.deployment import Artifacts

__all__ = ["chainlink_container", "container", "packaged_container"]

_MODULES = Path(__file__).resolve().parents[2] / "node_modules"


def container(name: str) -> ContractContainer:
    """A contract as forge compiled it."""
    artifact = Artifacts()[name]
    return _container(name, artifact.abi, artifact.creation_code.hex())


def packaged_container(path: str) -> ContractContainer:
    """A contract from the artifact that a package ships."""
    artifact = json.loads((_MODULES / path).read_text())
    return _container(artifact["contractName"], artifact["abi"], artifact["bytecode"].removeprefix("0x"))


def chainlink_container(*names: str) -> list[ContractContainer]:
    """Chainlink's own contracts, compiled with the compiler they were written for."""
    folder = _MODULES / "@chainlink" / "contracts" / "src" / "v0.6"
    files = [folder / f"{name}.sol" for name in names]
    compiled = solcx.compile_files(
        files, output_values=["abi", "bin"], solc_version="0.6.6", optimize=True, base_path=_MODULES.parent
    )
    found = {key.rsplit(":", 1)[1]: value for key, value in compiled.items()}
    return [_container(name, found[name]["abi"], found[name]["bin"]) for name in names]


def _container(name: str, abi: list[dict[str, Any]], code: str) -> ContractContainer:
    bytecode = {"bytecode": "0x" + code}
    return ContractContainer(ContractType(abi=abi, contractName=name, deploymentBytecode=bytecode))
