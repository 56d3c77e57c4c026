"""A venue with collateral on a second chain: hub, spoke, and both transports with Hyperlane's real contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from eth_account import Account
from web3 import Web3

from crossmargin.crosschain.hyperlane import MAILBOX_ABI, TREE_ABI
from crossmargin.simulation.two_chains.mailbox import code_of
from tests.helpers.handles import Handle, Node
from tests.helpers.venue import Venue

__all__ = [
    "ETHER",
    "OTHER",
    "SIGNERS",
    "THRESHOLD",
    "VALIDATORS",
    "Channel",
    "End",
    "held",
    "hyperlane",
    "lock",
    "open_channel",
]

ETHER: Final = 10**18
OTHER: Final = 31338
"""Domain of the second chain."""
_FULL: Final = 2
_HOUR: Final = 3_600
_DAY: Final = 86_400
_ZERO: Final = "0x" + "00" * 20
_NO_SOURCE: Final = (_ZERO, 0, 0, False, bytes(32))
THRESHOLD: Final = 2
SIGNERS: Final = tuple("0x" + f"a{number}".rjust(64, "0") for number in range(1, 4))
"""Private keys of attestation's signers."""
VALIDATORS: Final = tuple("0x" + f"b{number}".rjust(64, "0") for number in range(1, 4))
"""Private keys of Hyperlane's validators."""
RECEIPT_FEED: Final = 200


@dataclass(frozen=True)
class End:
    """One chain with its end of the channel."""

    node: Node
    domain: int
    manager: Handle
    contract: Handle
    attestation: Handle
    hyperlane: Handle
    mailbox: Handle
    tree: Handle
    module: Handle


@dataclass(frozen=True)
class Channel:
    """Both ends, one token there, and its receipts here."""

    hub: End
    spoke: End
    token: Handle
    """On the spoke's chain."""
    receipt: Handle
    """On the hub's chain."""
    route: int


def open_channel(venue: Venue, other: Node, *, sender: Any, **limits: int) -> Channel:
    """Deploy everything beside a venue and on another chain; `limits` are fields of the route, by name."""
    home, domains = venue.node, (venue.node.web3.eth.chain_id, other.web3.eth.chain_id)
    managers = [node.deploy("AccessManager", sender, sender=sender) for node in (home, other)]
    hub = home.deploy("CollateralHub", managers[0], venue.vault, sender=sender)
    spoke = other.deploy("CollateralSpoke", managers[1], domains[0], hub, 45 * _DAY, sender=sender)
    here = _end(home, managers[0], hub, domains, sender)
    there = _end(other, managers[1], spoke, domains[::-1], sender)
    for one, opposite in ((here, there), (there, here)):
        one.attestation.setCounterpart(opposite.domain, opposite.attestation, sender=sender)
        one.hyperlane.setCounterpart(opposite.domain, opposite.hyperlane, sender=sender)
    token = other.deploy("TestToken", "Ether there", "WETH", 18, 10**30, sender=sender)
    spoke.setToken(token, (True, 2, _HOUR, 10**24, 1), sender=sender)
    hub.setSpoke(there.domain, spoke, sender=sender)
    config = {
        "domain": there.domain,
        "token": token.address,
        "decimals": 18,
        "required": 2,
        "window": _HOUR,
        "silentAfter": _HOUR,
        "deadAfter": 30 * _DAY,
        "capacity": 10**21,
        "cap": 10**24,
        "fastCap": 0,
        **limits,
    }
    hub.setRoute(tuple(config.values()), "WETH on the other chain", "WETH@31338", sender=sender)
    receipt = home.at("RemoteReceipt", hub.routeOf(1).receipt)
    _list(venue, hub, receipt, sender)
    return Channel(here, there, token, receipt, 1)


def _list(venue: Venue, hub: Handle, receipt: Handle, sender: Any) -> None:
    """List the receipts like any asset; what governance takes in time would have silenced the route."""
    source = venue.node.deploy("RemoteSource", venue.oracle, hub, sender=sender)
    primary = (source.address, _DAY, 500_000, False, source.encode(1, venue.feed("ETH")))
    limits = (10**16, 10**26, 0, 600, 20_000, 20_000, 500_000, 20_000, True)
    venue.govern(venue.oracle, "setFeed", RECEIPT_FEED, (primary, _NO_SOURCE, _NO_SOURCE, *limits))
    venue.govern(venue.vault, "listAsset", receipt, 18, RECEIPT_FEED, venue.feed("ETH"), 10**24)
    venue.govern(venue.vault, "setOutflowLimit", receipt, 10**24, _HOUR)
    hub.revive(1, sender=sender)


def _end(node: Node, manager: Handle, contract: Handle, domains: Sequence[int], sender: Any) -> End:
    """Deploy both transports of an end; `domains` are its own and the other's."""
    own, other = domains
    attestation = node.deploy("AttestationTransport", manager, own, sender=sender)
    attestation.setSigners(_ordered(SIGNERS), THRESHOLD, sender=sender)
    mailbox = hyperlane(node, "Mailbox", own, sender=sender)
    tree = hyperlane(node, "hooks/MerkleTreeHook", mailbox, sender=sender)
    pausable = hyperlane(node, "hooks/PausableHook", sender=sender)
    module = node.deploy("ValidatorModule", manager, sender=sender)
    module.setValidators(other, _ordered(VALIDATORS), THRESHOLD, sender=sender)
    mailbox.initialize(sender, module, tree, pausable, sender=sender)
    transport = node.deploy("HyperlaneTransport", manager, mailbox, tree, module, sender=sender)
    for each in (attestation, transport):
        contract.setTransport(each, _FULL, sender=sender)
    return End(node, own, manager, contract, attestation, transport, mailbox, tree, module)


def hyperlane(node: Node, name: str, *arguments: Any, sender: Any) -> Handle:
    """Deploy one of Hyperlane's contracts from the code that its package ships."""
    abi = {"Mailbox": _MAILBOX, "hooks/MerkleTreeHook": _TREE}.get(name, [])
    factory = node.web3.eth.contract(abi=abi, bytecode=code_of(name))
    plain = [getattr(each, "address", each) for each in arguments]
    receipt = node.send({"data": factory.constructor(*plain).data_in_transaction}, sender)
    address = Web3.to_checksum_address(receipt.raw["contractAddress"])
    return Handle(node, node.web3.eth.contract(address=address, abi=abi))


def _ordered(keys: Sequence[str]) -> list[str]:
    return sorted((Account.from_key(key).address for key in keys), key=lambda each: int(each, 16))


_MAILBOX: Final = [
    *MAILBOX_ABI,
    {"type": "constructor", "inputs": [{"name": "localDomain", "type": "uint32"}], "stateMutability": "nonpayable"},
    {
        "type": "function",
        "name": "initialize",
        "inputs": [{"name": name, "type": "address"} for name in ("owner", "ism", "hook", "required")],
        "outputs": [],
        "stateMutability": "nonpayable",
    },
    {
        "type": "function",
        "name": "delivered",
        "inputs": [{"name": "id", "type": "bytes32"}],
        "outputs": [{"name": "", "type": "bool"}],
        "stateMutability": "view",
    },
]
_TREE: Final = [
    *TREE_ABI,
    {"type": "constructor", "inputs": [{"name": "mailbox", "type": "address"}], "stateMutability": "nonpayable"},
]


def lock(channel: Channel, venue: Venue, who: Any, amount: int) -> Any:
    """Lock ether [wei] of somebody for his own account."""
    return channel.spoke.contract.lock(channel.token, amount, venue.account(who), sender=who)


def held(channel: Channel, venue: Venue, who: Any) -> int:
    """Read the receipts of somebody's account in the vault [wei]."""
    found: int = venue.vault.balanceOf(venue.account(who), venue.vault.assetIndexOf(channel.receipt))
    return found
