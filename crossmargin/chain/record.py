"""A deployment's file: what was deployed where, written after every transaction so that a broken-off run goes on.

Reads and writes that file; asks no node.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, Self

from eth_typing import BlockNumber
from pydantic import BaseModel, ConfigDict, Field
from web3.types import Nonce

from crossmargin.chain.units import ChainId, Gas
from crossmargin.errors import NotDeployedError, RecordError
from crossmargin.model.units import EPOCH, FeedId, InstrumentId, Seconds

__all__ = ["ContractRecord", "DeploymentRecord", "OperationRecord", "PendingRecord", "TransactionRecord", "locked"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContractRecord(_Record):
    """One deployed contract."""

    contract: str
    """Name of its artifact."""
    address: str
    block: BlockNumber
    transaction: str
    code_hash: str
    """Hash of its runtime code without metadata tail and immutables."""
    arguments: list[Any]


class TransactionRecord(_Record):
    """One mined transaction of the deployment."""

    step: str
    transaction: str
    block: BlockNumber
    gas_used: Gas


class PendingRecord(_Record):
    """A transaction written down before it was sent."""

    step: str
    transaction: str
    nonce: Nonce
    creates: str | None = None
    """Address of the contract it creates."""
    arguments: list[Any] = Field(default_factory=list)


class OperationRecord(_Record):
    """One change that governance announced, or is about to: whatever else waits in the timelock is a stranger's."""

    id: str
    """Hash of caller, target and data, as the access manager has it."""
    step: str
    caller: str
    target: str
    data: str
    nonce: int = 0
    """The how-many-th time of scheduling it was announced: a later one is a stranger's."""
    ready_at: Seconds = EPOCH
    """When it may be executed [s]."""
    state: Literal["exported", "scheduled", "executed", "cancelled"] = "exported"


class DeploymentRecord(_Record):
    """Everything a deployment left behind; `deployments/<chain id>.json`."""

    version: int = 1
    network: str
    chain_id: ChainId
    genesis: str
    deployer: str
    roles: dict[str, str] = Field(default_factory=dict)
    """Who was named governor, guardian, second guardian and poster."""
    complete: bool = False
    tokens: dict[str, str] = Field(default_factory=dict)
    """Address of every token, existing or made."""
    instruments: dict[str, InstrumentId] = Field(default_factory=dict)
    """Id of every instrument; a relative expiry is fixed here once."""
    feeds: dict[str, FeedId] = Field(default_factory=dict)
    """Id of every feed; an underlying is one."""
    slices: dict[str, Seconds] = Field(default_factory=dict)
    """Expiry of every first slice of a volatility surface, fixed likewise [s]."""
    contracts: dict[str, ContractRecord] = Field(default_factory=dict)
    transactions: list[TransactionRecord] = Field(default_factory=list)
    pending: PendingRecord | None = None
    operations: list[OperationRecord] = Field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `save` wrote."""
        try:
            return cls.model_validate_json(path.read_text())
        except OSError as error:
            raise RecordError(f"{path}: not a deployment file: {error.strerror}") from error
        except ValueError as error:
            raise RecordError(f"{path}: not a deployment file: {error}") from error

    def save(self, path: Path) -> None:
        """Write the file whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("w") as file:
            file.write(self.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def address(self, name: str) -> str:
        """Address of a deployed contract."""
        if name not in self.contracts:
            raise NotDeployedError(name, self.network)
        return self.contracts[name].address


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep a deployment's file to this process; a process that ends, however it does, lets it go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_suffix(".lock")
    while True:
        with lock.open("a+") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                held.seek(0)
                owner = held.read().strip() or "another process"
                raise RecordError(f"{path}: {owner} is at work with it: wait for its end, or end it") from error
            if not _is_at(held, lock):
                continue  # whoever had it has removed it since it was opened
            held.truncate(0)
            held.write(f"process {os.getpid()}")
            held.flush()
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
            return


def _is_at(file: IO[str], path: Path) -> bool:
    """Tell whether an open file is the one of that name now."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
