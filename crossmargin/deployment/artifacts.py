"""Contract artifacts as forge writes them (build/forge), and the comparison of code on a chain with them.

Forge, not ape, is the source: one `forge build` compiles contracts and test helpers alike, and its artifacts say where
immutables lie in the code, without which deployed code cannot be compared with compiled code.
"""

import fcntl
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from crossmargin.errors import ArtifactError

__all__ = ["REPOSITORY", "Artifact", "Artifacts", "strip_metadata"]

REPOSITORY = Path(__file__).resolve().parent.parent.parent
_LENGTH_BYTES = 2
_SOURCES = ("contracts", "tests/helpers/contracts")
"""What is deployed, by plan or by tests; Foundry's own tests take as long again to compile."""


def strip_metadata(code: bytes) -> bytes:
    """Cut off the CBOR tail, which changes with every comment in the sources; its last 2 bytes are its length."""
    if len(code) < _LENGTH_BYTES:
        return code
    length = int.from_bytes(code[-_LENGTH_BYTES:], "big") + _LENGTH_BYTES
    tail = code[-length:] if length <= len(code) else b""
    return code[:-length] if b"solc" in tail else code


@dataclass(frozen=True)
class Artifact:
    """A compiled contract."""

    name: str
    abi: list[dict[str, Any]]
    creation_code: bytes
    runtime_code: bytes
    immutables: tuple[tuple[int, int], ...]
    """Where the constructor writes immutables into the code: offset, length [bytes]."""
    metadata: str
    """The compiler's own account of sources and settings, to the byte: its hash is in the code's tail."""

    def code_hash(self, code: bytes | None = None) -> str:
        """Hash runtime code (by default the compiled one) without its metadata tail and with immutables set to zero."""
        return "0x" + keccak(strip_metadata(self._masked(self.runtime_code if code is None else code))).hex()

    def is_exactly(self, code: bytes) -> bool:
        """Tell whether runtime code is the compiled one to the metadata tail: of the same sources, comments and all."""
        return self._masked(code) == self._masked(self.runtime_code)

    def _masked(self, code: bytes) -> bytes:
        masked = bytearray(code)
        for start, length in self.immutables:
            masked[start : start + length] = bytes(length)
        return bytes(masked)

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        """The ABI's functions by name; none that a plan calls is overloaded."""
        return {entry["name"]: entry for entry in self.abi if entry["type"] == "function"}


class Artifacts:
    """The artifacts of a working tree, read when asked for."""

    def __init__(self, root: Path = REPOSITORY) -> None:
        """Read from `root`/build/forge."""
        self.root = root
        self._folder = root / "build" / "forge"
        self._loaded: dict[str, Artifact] = {}

    def build(self) -> None:
        """Compile what has changed; a lock keeps parallel test workers from compiling over each other."""
        lock = self.root / "build" / "forge.lock"
        lock.parent.mkdir(exist_ok=True)
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self._forge_build()
            # `forge lint` leaves artifacts without code behind, which forge's cache then takes for complete.
            own = {path.name for folder in _SOURCES for path in (self.root / folder).rglob("*.sol")}
            paths = [path for path in self._paths() if path.parent.name in own]
            if hollow := [path for path in paths if "deployedBytecode" not in json.loads(path.read_text())]:
                for path in hollow:
                    path.unlink()
                self._forge_build()
        self._loaded.clear()

    def _forge_build(self) -> None:
        command = ["forge", "build", *(folder for folder in _SOURCES if (self.root / folder).is_dir())]
        forge = subprocess.Popen(  # noqa: S603 (a fixed command)
            command,
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = forge.communicate()
        except BaseException:
            # The compiler is a child of forge's and would go on for minutes.
            os.killpg(forge.pid, signal.SIGKILL)
            forge.communicate()
            raise
        if forge.returncode:
            raise ArtifactError(f"forge build failed:\n{output}")

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.sol/*.json"))

    def __getitem__(self, name: str) -> Artifact:
        """Load the contract `name` from the file of the same name, or from whatever single file holds it."""
        if name not in self._loaded:
            self._loaded[name] = self._read(self._path(name))
        return self._loaded[name]

    def __contains__(self, name: str) -> bool:
        """Tell whether a contract of this name was compiled."""
        return (self._folder / f"{name}.sol" / f"{name}.json").is_file() or any(self._folder.glob(f"*/{name}.json"))

    def __iter__(self) -> Iterator[Artifact]:
        """Go through every contract of contracts/ and tests/ (not of dependencies) that has an ABI."""
        for path in self._paths():
            metadata = json.loads(path.read_text()).get("metadata") or {}
            targets = metadata.get("settings", {}).get("compilationTarget", {})
            if any((self.root / source).is_file() and not source.startswith("node_modules") for source in targets):
                yield self[path.stem]

    def _path(self, name: str) -> Path:
        exact = self._folder / f"{name}.sol" / f"{name}.json"
        found = [exact] if exact.is_file() else sorted(self._folder.glob(f"*/{name}.json"))
        if len(found) != 1:
            raise ArtifactError(f"{name}: {len(found)} artifacts in {self._folder}; run `forge build`")
        return found[0]

    @staticmethod
    def _read(path: Path) -> Artifact:
        raw = json.loads(path.read_text())
        runtime = raw["deployedBytecode"]
        if raw["bytecode"].get("linkReferences"):
            raise ArtifactError(f"{path.stem}: needs an external library, which no contract here may")
        places = runtime.get("immutableReferences", {}).values()
        return Artifact(
            name=path.stem,
            abi=raw["abi"],
            creation_code=bytes.fromhex(raw["bytecode"]["object"].removeprefix("0x")),
            runtime_code=bytes.fromhex(runtime["object"].removeprefix("0x")),
            immutables=tuple(sorted((place["start"], place["length"]) for each in places for place in each)),
            metadata=raw.get("rawMetadata", ""),
        )
