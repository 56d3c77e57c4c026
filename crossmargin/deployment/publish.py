"""Sources of a venue's contracts as explorers take them: a folder a contract, each checked against the chain first."""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.exceptions import TransactionNotFound

from crossmargin.chain.record import ContractRecord, DeploymentRecord
from crossmargin.chain.units import ChainId
from crossmargin.deployment.artifacts import Artifact
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.target import Chain
from crossmargin.errors import ArtifactError, DeploymentError

__all__ = ["Publication", "publish", "recompile", "standard_input"]

_COMPILER: Final = "tools/solc/solc-v0.8.37"
_ETHERSCAN: Final = "https://api.etherscan.io/v2/api"
_SOURCIFY: Final = "https://sourcify.dev/server/v2/verify"
_BUILD: Final = "check out what was deployed, and run `make build`"


@dataclass(frozen=True)
class Publication:
    """One contract, ready to be published."""

    name: str
    """Its name in the deployment's file."""
    address: str
    transaction: str
    """The one that created it."""
    contract: str
    """Source file and contract, as compilers and explorers name it."""
    compiler: str
    exact: bool
    """Whether the code's tail is the same as well: then explorers find a full match, else one without comments."""


class _RefusedError(DeploymentError):
    """What speaks against publishing a contract."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.remedy = remedy


def publish(
    chain: Chain, record: DeploymentRecord, folder: Path, note: Callable[[int, int, str], None] = lambda *_: None
) -> tuple[list[Publication], list[Problem]]:
    """Write a folder for every contract whose code, arguments and sources are those of the chain; list the others."""
    done, problems = [], []
    for index, (name, entry) in enumerate(record.contracts.items()):
        note(index, len(record.contracts), name)
        try:
            done.append(_publish(chain, name, entry, folder / name.replace(":", "-")))
        except _RefusedError as error:
            problems.append(Problem(name, str(error), error.remedy))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.json").write_text(json.dumps([asdict(each) for each in done], indent=2) + "\n")
    note(len(record.contracts), len(record.contracts), "complete")
    return done, problems


def standard_input(root: Path, artifact: Artifact) -> dict[str, Any]:
    """Make the compiler's input of one contract from its metadata: the sources it names, if they are still the same."""
    metadata = json.loads(artifact.metadata)
    sources = {}
    for path, entry in metadata["sources"].items():
        content = (root / path).read_bytes() if (root / path).is_file() else b""
        if "0x" + keccak(content).hex() != entry["keccak256"]:
            raise ArtifactError(f"{path} is not what {artifact.name} was compiled from")
        sources[path] = {"content": content.decode()}
    settings = {key: value for key, value in metadata["settings"].items() if key != "compilationTarget"}
    settings["outputSelection"] = {"*": {"*": ["abi", "metadata", "evm.bytecode", "evm.deployedBytecode"]}}
    return {"language": metadata["language"], "sources": sources, "settings": settings}


def recompile(root: Path, folder: Path, found: Publication, artifact: Artifact) -> Problem | None:
    """Compile a published folder as an explorer does, on its own; compare the code."""
    path, _, contract = found.contract.partition(":")
    text = (folder / found.name.replace(":", "-") / "standard-input.json").read_text()
    ran = subprocess.run(  # noqa: S603 (the pinned compiler)
        [str(root / _COMPILER), "--standard-json"], input=text, capture_output=True, text=True, check=False
    )
    try:
        output = json.loads(ran.stdout)
    except ValueError:
        said = (ran.stderr.strip().splitlines() or [f"status {ran.returncode}"])[-1]
        return Problem(found.name, f"the compiler failed: {said}", "run `make setup`, then the same command")
    errors = [each["message"] for each in output.get("errors", []) if each["severity"] == "error"]
    if errors:
        return Problem(found.name, f"does not compile: {errors[0]}", _BUILD)
    code = output["contracts"][path][contract]["evm"]
    pairs = (("bytecode", artifact.creation_code), ("deployedBytecode", artifact.runtime_code))
    for what, expected in pairs:
        if code[what]["object"] != expected.hex():
            return Problem(found.name, f"{what}: compiles to other code", _BUILD)
    return None


def _publish(chain: Chain, name: str, entry: ContractRecord, folder: Path) -> Publication:
    artifact = chain.artifacts[entry.contract]
    code = chain.code(entry.address)
    if not code:
        raise _RefusedError(f"no code at {entry.address}", "look whether the node is on this chain")
    if not artifact.code_hash() == artifact.code_hash(code) == entry.code_hash:
        raise _RefusedError(f"the code at {entry.address} is not what {entry.contract} compiles to", _BUILD)
    try:
        source = standard_input(chain.artifacts.root, artifact)
    except ArtifactError as error:
        raise _RefusedError(str(error), _BUILD) from error
    arguments = _arguments(chain, entry, artifact)
    metadata = json.loads(artifact.metadata)
    ((path, contract),) = metadata["settings"]["compilationTarget"].items()
    compiler, exact = metadata["compiler"]["version"], artifact.is_exactly(code)
    made = Publication(name, entry.address, entry.transaction, f"{path}:{contract}", compiler, exact)
    _write(folder, chain.chain_id, made, source, arguments)
    (folder / "metadata.json").write_text(artifact.metadata)
    return made


def _arguments(chain: Chain, entry: ContractRecord, artifact: Artifact) -> bytes:
    """Encode the recorded constructor arguments, and compare them with the creating transaction's."""
    data = bytes(HexBytes(chain.creation(entry.contract, tuple(entry.arguments))["data"]))
    arguments = data[len(artifact.creation_code) :]
    try:
        sent = bytes(chain.web3.eth.get_transaction(HexBytes(entry.transaction))["input"])
    except TransactionNotFound as error:
        where = "use a node that keeps old transactions"
        raise _RefusedError(f"the node does not know the creating transaction {entry.transaction}", where) from error
    if len(sent) != len(data) or not sent.endswith(arguments):
        raise _RefusedError("it was created with other arguments than the record names", "find out which file is right")
    return arguments


def _write(folder: Path, chain_id: ChainId, made: Publication, source: dict[str, Any], arguments: bytes) -> None:
    body = {
        "stdJsonInput": source,
        "compilerVersion": made.compiler,
        "contractIdentifier": made.contract,
        "creationTransactionHash": made.transaction,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "standard-input.json").write_text(json.dumps(source))
    (folder / "constructor-arguments.txt").write_text(arguments.hex())
    (folder / "sourcify.json").write_text(json.dumps(body))
    (folder / "sourcify.curl").write_text(_sourcify(chain_id, made))
    (folder / "etherscan.curl").write_text(_etherscan(chain_id, made))


def _sourcify(chain_id: ChainId, made: Publication) -> str:
    options = [("header", "Content-Type: application/json"), ("data", "@sourcify.json")]
    return _curl(f"{_SOURCIFY}/{chain_id}/{made.address}", options)


def _etherscan(chain_id: ChainId, made: Publication) -> str:
    fields = {
        "codeformat": "solidity-standard-json-input",
        "contractaddress": made.address,
        "contractname": made.contract,
        "compilerversion": f"v{made.compiler}",
    }
    form = [f"{key}={value}" for key, value in fields.items()]
    form.append("sourceCode@standard-input.json")
    # the first spelling was the only one for years, and other explorers still ask for it
    form += [f"{name}@constructor-arguments.txt" for name in ("constructorArguements", "constructorArguments")]
    url = f"{_ETHERSCAN}?chainid={chain_id}&module=contract&action=verifysourcecode"
    return _curl(url, [("data-urlencode", each) for each in form])


def _curl(url: str, options: Sequence[tuple[str, str]]) -> str:
    """Write a file for `curl -K`."""
    return "".join(f'{key} = "{value}"\n' for key, value in (("url", url), *options))
