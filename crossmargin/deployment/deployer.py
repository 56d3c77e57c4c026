"""Carry a plan out: one transaction at a time, each written down before and after, so that a broken-off run goes on."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from rlp import encode as rlp_encode  # type: ignore[import-untyped]
from web3.types import Nonce, TxParams, TxReceipt

from crossmargin.chain.record import ContractRecord, DeploymentRecord, PendingRecord, TransactionRecord
from crossmargin.chain.transactor import Sent
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Context, Create, Setting, Step
from crossmargin.deployment.target import Chain
from crossmargin.errors import RecordError, StepError
from crossmargin.model.units import Seconds

__all__ = ["Deployer", "creation_address", "name_instruments", "open_record"]

Progress = Callable[[int, int, str], None]
"""Called with the number of steps done, of all steps, and the name of the next."""


def creation_address(sender: str, nonce: Nonce) -> str:
    """Address of the contract that `sender` creates with the transaction of this nonce."""
    raw: bytes = rlp_encode([bytes.fromhex(sender.removeprefix("0x")), nonce])
    return to_checksum_address(keccak(raw)[-20:])


def open_record(chain: Chain, config: NetworkConfig | SpokeConfig, path: Path | None) -> DeploymentRecord:
    """Read the deployment to go on with, or begin one; a file of another chain or deployer is refused."""
    if chain.chain_id != config.chain_id:
        raise RecordError(f"{config.network} is chain {config.chain_id}, but the node is on chain {chain.chain_id}")
    if path is None or not path.exists():
        record = DeploymentRecord(
            network=config.network,
            chain_id=config.chain_id,
            genesis=chain.genesis(),
            deployer=chain.sender.address,
        )
        name_instruments(record, chain, config)
        record.roles = config.named_roles
        return record
    record = DeploymentRecord.load(path)
    if (record.chain_id, record.genesis) != (chain.chain_id, chain.genesis()):
        raise RecordError(f"{path} belongs to another chain (genesis {record.genesis}); move it away to deploy anew")
    if not record.complete and record.deployer != chain.sender.address:
        raise RecordError(f"{path} was begun by {record.deployer}; only that account can go on")
    if not record.complete:
        record.roles = config.named_roles
    return record


def name_instruments(record: DeploymentRecord, chain: Chain, config: NetworkConfig | SpokeConfig) -> None:
    """Name tokens and feeds; fix ids of instruments and expiries of slices not named yet, as of the chain's time."""
    record.tokens.update({name: token.address for name, token in config.tokens.items() if token.address})
    if isinstance(config, SpokeConfig):
        return
    now = Seconds(chain.web3.eth.get_block("latest")["timestamp"])
    for name in config.instruments:
        if name not in record.instruments:
            record.instruments[name] = config.instrument_id(name, now)
    record.feeds = {name: config.feed_id(name) for name in config.feeds}
    record.slices = config.slice_expiries(now) | record.slices


class Deployer:
    """Bring a venue into being, or on from where an earlier run was broken off."""

    def __init__(self, venue: Context[Any], plan: Sequence[Step], path: Path | None = None) -> None:
        """Write the record to `path` after every transaction; None keeps it in memory only."""
        self._venue = venue
        self._plan = plan
        self._path = path

    @property
    def venue(self) -> Context[Any]:
        """The venue being deployed."""
        return self._venue

    def run(self, progress: Progress = lambda _done, _all, _name: None) -> DeploymentRecord:
        """Take every step that is not yet taken; the record is complete only when all are."""
        record = self._venue.record
        if record.complete:
            return record
        self.add(progress)
        record.complete = True
        self._save()
        return record

    def add(self, progress: Progress = lambda _done, _all, _name: None) -> None:
        """Take the steps of the plan, whether or not the venue is complete: what a new entry needs, by anybody."""
        self._resume()
        for index, step in enumerate(self._plan):
            progress(index, len(self._plan), step.name)
            self._take(step)
        progress(len(self._plan), len(self._plan), "complete")

    def _take(self, step: Step) -> None:
        if isinstance(step, Create):
            self._create(step)
        else:
            self._set(step)

    def _create(self, step: Create) -> None:
        chain, record = self._venue.chain, self._venue.record
        if (known := record.contracts.get(step.name)) is not None:
            if not chain.code(known.address):
                raise RecordError(f"{step.name}: the record names {known.address}, where there is no code")
            return
        arguments = step.arguments(self._venue)
        creates = creation_address(chain.sender.address, chain.nonce())
        receipt = self._send(step.name, chain.creation(step.artifact, arguments), creates, arguments)
        self._created(step, receipt, creates, arguments)

    def _set(self, step: Setting) -> None:
        if step.check(self._venue) is None:
            return
        target = step.contract(self._venue).address
        receipt = self._send(step.name, {"to": target, "data": step.calldata(self._venue)})  # type: ignore[typeddict-item]
        self._mined(step.name, receipt)
        if (left := step.check(self._venue)) is not None:
            raise StepError(f"{step.name}: mined, but still {left.current!r} instead of {left.wanted!r}")

    def _send(
        self, name: str, transaction: TxParams, creates: str | None = None, arguments: tuple[Any, ...] = ()
    ) -> TxReceipt:
        def note(sent: Sent) -> None:
            self._venue.record.pending = PendingRecord(
                step=name, transaction=sent.hash, nonce=sent.nonce, creates=creates, arguments=_plain(arguments)
            )
            self._save()

        return self._venue.chain.send(transaction, before=note)

    def _resume(self) -> None:
        """Settle a transaction that was written down, sent perhaps, and not recorded as mined."""
        chain, pending = self._venue.chain, self._venue.record.pending
        if pending is None:
            return
        receipt = chain.receipt(pending.transaction)
        if receipt is None and chain.is_known(pending.transaction):
            receipt = chain.wait(Sent(pending.nonce, pending.transaction))  # type: ignore[arg-type]
        if receipt is None or receipt["status"] != 1:
            # Never reached a node, or failed: the step is simply taken again.
            self._venue.record.pending = None
            self._save()
            return
        step = next((each for each in self._plan if each.name == pending.step), None)
        if isinstance(step, Create) and pending.creates is not None:
            self._created(step, receipt, pending.creates, tuple(pending.arguments))
        else:
            self._mined(pending.step, receipt)

    def _created(self, step: Create, receipt: TxReceipt, address: str, arguments: tuple[Any, ...]) -> None:
        chain = self._venue.chain
        if receipt["contractAddress"] != address:
            raise StepError(f"{step.name}: created at {receipt['contractAddress']}, not at {address}")
        self._venue.record.contracts[step.name] = ContractRecord(
            contract=step.artifact,
            address=address,
            block=receipt["blockNumber"],
            transaction=receipt["transactionHash"].to_0x_hex(),
            code_hash=chain.artifacts[step.artifact].code_hash(chain.code(address)),
            arguments=_plain(arguments),
        )
        if step.name.startswith("token:"):
            self._venue.record.tokens[step.name.removeprefix("token:")] = address
        self._mined(step.name, receipt)

    def _mined(self, name: str, receipt: TxReceipt) -> None:
        record = self._venue.record
        record.transactions.append(
            TransactionRecord(
                step=name,
                transaction=receipt["transactionHash"].to_0x_hex(),
                block=receipt["blockNumber"],
                gas_used=receipt["gasUsed"],
            )
        )
        record.pending = None
        self._save()

    def _save(self) -> None:
        if self._path is not None:
            self._venue.record.save(self._path)


def _plain(values: Sequence[Any]) -> list[Any]:
    """Make constructor arguments fit for JSON."""
    return [
        "0x" + value.hex() if isinstance(value, bytes) else _plain(value) if isinstance(value, tuple | list) else value
        for value in values
    ]
