"""A venue on paper: addresses for every contract, the ABIs that ship, and logs as the contracts write them."""

from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from keepers.abi import load_abi
from keepers.audit import Audit
from keepers.chain import RawLog
from keepers.contracts import CONTRACTS, AddressBook, Contracts
from keepers.fees.models import Plain
from keepers.heal import Healer
from keepers.lens import Lens
from keepers.look import Look
from keepers.metrics import Health, Metrics
from keepers.mirror import Mirror
from keepers.prices import PriceReader
from keepers.settings import Settings
from keepers.snapshot import Snapshots
from tests.offchain.keepers.fake_chain import FakeChain

ADDRESSES = {name: f"0x{index + 1:040x}" for index, name in enumerate(CONTRACTS)}


def paper_venue() -> Contracts:
    """Build the venue from the shipped ABIs."""
    return Contracts(AddressBook(ADDRESSES, 0), {name: load_abi(name) for name in CONTRACTS})


@dataclass(frozen=True)
class PaperKeeper:
    """What looks at the paper venue for account 1, and where it reports to."""

    lens: Lens
    prices: PriceReader
    healer: Healer
    look: Look
    audit: Audit
    snapshots: Snapshots
    metrics: Metrics
    health: Health
    chain: FakeChain


def paper_keeper(mirror: Mirror, **mirror_settings: int) -> PaperKeeper:
    """Build the parts as the process does."""
    metrics = Metrics()
    health = Health(metrics, 30)
    health.set("start", None)
    settings = Settings(bidder={"owner": "0x" + "aa" * 20}, mirror=mirror_settings)
    chain, contracts = FakeChain(), paper_venue()
    node = chain.node()
    lens = Lens(node, contracts, settings.mirror.chunk)
    prices = PriceReader(node, contracts, None)
    healer = Healer(lens, mirror)
    return PaperKeeper(
        lens=lens,
        prices=prices,
        healer=healer,
        look=Look(lens, prices, mirror, settings, metrics),
        audit=Audit(contracts, settings.mirror, metrics=metrics, health=health),
        snapshots=Snapshots(lens, Plain(), 1, settings.executor.tip, metrics, contract=None),
        metrics=metrics,
        health=health,
        chain=chain,
    )


def log_of(contract: str, event: str, *, block: int = 1, index: int = 0, **args: Any) -> RawLog:
    """Write a log by the general codec, so that the keeper's own reader is checked against it."""
    entry = next(one for one in load_abi(contract).events if one["name"] == event)
    values = {one["name"]: (one, args[one["name"]]) for one in entry["inputs"]}
    topics = ["0x" + keccak(text=f"{event}({','.join(_type(one) for one in entry['inputs'])})").hex()]
    topics += ["0x" + encode([_type(one)], [_plain(one, v)]).hex() for one, v in values.values() if one["indexed"]]
    plain = [(one, value) for one, value in values.values() if not one["indexed"]]
    data = encode([_type(one) for one, _ in plain], [_plain(one, value) for one, value in plain])
    return RawLog(block, f"h{block}", index, "0xtx", ADDRESSES[contract], tuple(topics), "0x" + data.hex())


def _type(entry: dict[str, Any]) -> str:
    kind = entry["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_type(one) for one in entry['components'])}){kind[5:]}"


def _plain(entry: dict[str, Any], value: Any) -> Any:
    if entry["type"] != "tuple":
        return value
    return tuple(_plain(one, value.get(one["name"], 0)) for one in entry["components"])
