"""A chain as signers and relayers see it: how far it is final, and what was sent on it. Reads from the node."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, Self

from eth_typing import BlockNumber, ChecksumAddress
from web3 import Web3
from web3.contract import Contract

from crossmargin.chain.abis import read_abi
from crossmargin.chain.logs import logs_of
from crossmargin.chain.node import reach
from crossmargin.crosschain.envelopes import Envelope
from crossmargin.crosschain.hyperlane import MAILBOX_ABI, TREE_ABI, HyperlaneMessage
from crossmargin.crosschain.settings import ChainSettings, CrossChainSettings, Standing
from crossmargin.crosschain.units import Domain, LeafIndex, MessageNonce
from crossmargin.errors import CrossChainError, MessageError

__all__ = ["Link", "Links", "connect"]

_TIMEOUT: Final = 20  # s

Links = dict[str, "Link"]
"""By chain's name."""


class Link:
    """A chain, its node, and the contracts of the channel on it."""

    def __init__(self, name: str, settings: ChainSettings, web3: Web3, *, is_hub: bool) -> None:
        """Look at `settings.contract` through `web3`."""
        self.name, self.settings, self.web3, self.is_hub = name, settings, web3, is_hub
        self._contracts: dict[ChecksumAddress, Contract] = {}
        self._named: dict[tuple[str, str], ChecksumAddress] = {}

    @classmethod
    def to(cls, name: str, domain: int, contract: ChecksumAddress, web3: Web3, *, is_hub: bool) -> Self:
        """Look at a contract of a deployment, without a configuration."""
        settings = ChainSettings(rpc="", domain=Domain(domain), contract=contract, finality="finalized")
        return cls(name, settings, web3, is_hub=is_hub)

    @property
    def domain(self) -> Domain:
        """Of the chain."""
        return self.settings.domain

    @property
    def first_block(self) -> BlockNumber:
        """Where the contracts begin."""
        return BlockNumber(self.settings.first_block)

    @cached_property
    def endpoint(self) -> Contract:
        """The hub or spoke."""
        return self.contract("CollateralHub" if self.is_hub else "CollateralSpoke", self.settings.contract)

    def contract(self, name: str, address: str) -> Contract:
        """Bind a contract of ours."""
        return self.bind(read_abi(name), address)

    def bind(self, abi: list[dict[str, Any]], address: str) -> Contract:
        """Bind any contract."""
        checked = Web3.to_checksum_address(address)
        if checked not in self._contracts:
            self._contracts[checked] = self.web3.eth.contract(address=checked, abi=abi)
        return self._contracts[checked]

    def check(self) -> None:
        """Raise CrossChainError where the node is of another chain, or nothing is at the contract's address."""
        found = self.web3.eth.chain_id
        if found != self.domain:
            raise CrossChainError(f"{self.name}: the node is of chain {found}, and the domain is {self.domain}")
        if not self.web3.eth.get_code(self.endpoint.address):
            raise CrossChainError(f"{self.name}: nothing is deployed at {self.endpoint.address}")

    # ------------------------------------------------------------ time

    def latest(self) -> BlockNumber:
        """Newest block."""
        return self.web3.eth.block_number

    def settled(self, standing: Standing) -> BlockNumber | None:
        """Newest block that may be vouched for by a transport of this standing; None where there is none yet."""
        rule = self.settings.fast if standing == "fast" else self.settings.finality
        if rule == "finalized":
            return self.web3.eth.get_block("finalized")["number"]
        head = self.latest() - rule
        return BlockNumber(head) if head >= self.first_block else None

    # ------------------------------------------------------------ messages

    def envelopes(
        self, transport: str, first: BlockNumber, last: BlockNumber
    ) -> Iterator[tuple[BlockNumber, Envelope]]:
        """Give what an AttestationTransport sent in these blocks, in order."""
        event = self.contract("AttestationTransport", transport).events.MessageSent()
        for log in logs_of(event, first, last):
            args = log["args"]
            yield (
                BlockNumber(log["blockNumber"]),
                Envelope(
                    origin=self.domain,
                    nonce=MessageNonce(args["nonce"]),
                    destination=Domain(args["destination"]),
                    sender=args["sender"],
                    receiver=args["receiver"],
                    body=args["body"],
                ),
            )

    def dispatched(
        self, transport: str, first: BlockNumber, last: BlockNumber
    ) -> Iterator[tuple[BlockNumber, HyperlaneMessage]]:
        """Give what a HyperlaneTransport dispatched in these blocks, in order."""
        event = self.mailbox(transport).events.Dispatch()
        for log in logs_of(event, first, last, sender=transport):
            try:
                yield BlockNumber(log["blockNumber"]), HyperlaneMessage.read(log["args"]["message"])
            except MessageError:
                continue  # in the mailbox anybody may write anything, but not as our transport

    def leaves(
        self, transport: str, first: BlockNumber, last: BlockNumber
    ) -> Iterator[tuple[BlockNumber, LeafIndex, bytes]]:
        """Give the messages that came into the tree in these blocks, all senders' [block, place, id]."""
        event = self.tree(transport).events.InsertedIntoTree()
        for log in logs_of(event, first, last):
            args = log["args"]
            yield BlockNumber(log["blockNumber"]), LeafIndex(args["index"]), bytes(args["messageId"])

    def mailbox(self, transport: str) -> Contract:
        """Hyperlane's mailbox, which a HyperlaneTransport names for good."""
        return self._named_by(transport, "mailbox", MAILBOX_ABI)

    def tree(self, transport: str) -> Contract:
        """Hyperlane's Merkle tree hook, which a HyperlaneTransport names for good."""
        return self._named_by(transport, "hook", TREE_ABI)

    def _named_by(self, transport: str, function: str, abi: list[dict[str, Any]]) -> Contract:
        if (transport, function) not in self._named:
            named = self.contract("HyperlaneTransport", transport).functions[function]().call()
            self._named[transport, function] = named
        return self.bind(abi, self._named[transport, function])


def connect(settings: CrossChainSettings, *names: str) -> Links:
    """Reach the nodes of these chains, by default all; nothing is asked of them yet."""
    return {name: _link(name, settings) for name in names or settings.chains}


def _link(name: str, settings: CrossChainSettings) -> Link:
    chain = settings.chains[name]
    return Link(name, chain, reach(chain.url, _TIMEOUT), is_hub=name == settings.hub)
