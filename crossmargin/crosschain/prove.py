"""Redemptions that come as proofs where no message comes: from the hub's storage to the spoke. Reads and sends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

from eth_typing import BlockNumber, ChecksumAddress, HexStr
from web3.contract import Contract
from web3.exceptions import BlockNotFound, Web3Exception
from web3.logs import DISCARD
from web3.types import EventData, TxReceipt

from crossmargin.chain.abis import ERC20, read_abi
from crossmargin.chain.decimals import format_units
from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.times import time_text
from crossmargin.chain.transactor import Transactor
from crossmargin.crosschain.links import Link, connect
from crossmargin.crosschain.proofs import WordProof, prove_word
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.crosschain.views import Route, routes_of
from crossmargin.errors import CrossChainError, CrossMarginError, RelayConfigError
from crossmargin.model.units import TokenUnits

__all__ = ["ABIS", "Exit", "Owed", "prove_all", "prove_on"]

_PROVER: Final = "RedemptionProver"
_BLOCKS: Final = "L1Blocks"
_NOBODY: Final = "0x" + "00" * 20
_PATIENCE: Final = 60.0  # s
_TIMEOUT: Final = 180.0  # s
_GAS: Final = 3_000_000
"""With the least that passes, the proof would be taken and the payment put off for want of gas."""


ABIS: Final = ("CollateralSpoke", _PROVER, _BLOCKS, ERC20)
"""Contracts that may refuse."""


def _errors() -> ErrorBook:
    return ErrorBook(read_abi(name) for name in ABIS)


@dataclass(frozen=True, slots=True)
class Owed:
    """What the hub has redeemed for somebody on a route, and the spoke has not heard."""

    route: Route
    recipient: ChecksumAddress
    redeemed: TokenUnits
    """In all, at the hub."""
    heard: TokenUnits
    """Of it, at the spoke."""

    def __str__(self) -> str:
        """Say it in words."""
        amounts = (format_units(each, self.route.decimals) for each in (self.redeemed, self.heard))
        return "route {}: {} redeemed, of which the spoke knows {}".format(self.route.number, *amounts)


@dataclass(frozen=True, slots=True)
class Exit:
    """A spoke that has not heard of its hub for so long that proofs count."""

    hub: Link
    spoke: Link
    prover: Contract
    say: Callable[[str], None]

    @classmethod
    def of(cls, hub: Link, spoke: Link, say: Callable[[str], None]) -> Self:
        """Look at a spoke. CrossChainError where it takes no proof, or none yet."""
        functions = spoke.endpoint.functions
        address = functions.prover().call()
        if address == _NOBODY:
            raise CrossChainError(
                f"the spoke on {spoke.name} has nothing to prove by: what is locked there comes back by messages, or "
                "by its chain's governance"
            )
        heard, time = functions.heard().call(), spoke.web3.eth.get_block("latest")["timestamp"]
        counts_from = heard + functions.proveAfter().call()
        if time <= counts_from:
            raise CrossChainError(
                f"the spoke on {spoke.name} has heard of the hub as of {time_text(heard)}: have the redemption sent "
                f"(sendRedemption); proofs count from {time_text(counts_from)} on, if nothing more is heard"
            )
        prover = spoke.contract(_PROVER, address)
        named = (prover.functions.hub().call(), prover.functions.spoke().call(), prover.functions.domain().call())
        wanted = (hub.endpoint.address, spoke.endpoint.address, spoke.domain)
        if named != wanted:
            raise CrossChainError(f"the spoke on {spoke.name} proves by {address}, which is for {named}, not {wanted}")
        return cls(hub, spoke, prover, say)

    def owed(self, recipient: ChecksumAddress) -> Iterator[Owed]:
        """Find what somebody is owed on the routes of this spoke."""
        for route in routes_of(self.hub):
            if route.domain != self.spoke.domain:
                continue
            redeemed = self.hub.endpoint.functions.redeemedOf(route.number, recipient).call()
            heard, _ = self.spoke.endpoint.functions.redemptionOf(route.token, recipient).call()
            if redeemed > heard:
                yield Owed(route, recipient, redeemed, heard)

    # ------------------------------------------------------------ blocks

    def newest(self) -> BlockNumber:
        """Ask for the newest block of the hub's chain that the spoke's knows of; nothing is recorded."""
        try:
            number, known = self._blocks.functions.newest().call()
        except Web3Exception as error:
            raise CrossChainError(
                f"{self._blocks.address} on {self.spoke.name} does not tell which blocks it knows: name one (--block)"
            ) from error
        return self._same(number, known)

    def recorded(self, number: int) -> BlockNumber:
        """Take a block that is known there for good. CrossChainError where it is not."""
        known = self._blocks.functions.blockHash(number).call()
        if not any(known):
            raise CrossChainError(f"block {number} is not known on {self.spoke.name}")
        return self._same(number, known)

    def record(self, sender: Transactor) -> BlockNumber:
        """Have that block recorded."""
        receipt = self._send(sender, self._blocks, "record")
        [log] = _logs(self._blocks, "BlockRecorded", receipt)
        return self._same(log["args"]["number"], log["args"]["hash"])

    def _same(self, number: int, known: bytes) -> BlockNumber:
        """Make sure that the hub's node has the block, with the same hash."""
        try:
            found = bytes(self.hub.web3.eth.get_block(BlockNumber(number))["hash"])
        except BlockNotFound as error:
            raise CrossChainError(f"the node of {self.hub.name} does not have block {number} yet: try again") from error
        if found != known:
            raise CrossChainError(
                f"block {number} of {self.hub.name} is 0x{known.hex()} on {self.spoke.name}, and 0x{found.hex()} to "
                "its own node: one of the two is on another chain, or behind"
            )
        return BlockNumber(number)

    @property
    def _blocks(self) -> Contract:
        return self.spoke.contract(_BLOCKS, self.prover.functions.blocks().call())

    # ------------------------------------------------------------ proofs

    def prove(self, owed: Owed, block: BlockNumber) -> WordProof:
        """Prove what the hub had in a block. CrossChainError where that is no more than the spoke knows."""
        slot = self.prover.functions.slotOf(owed.route.token, owed.recipient).call()
        proof = prove_word(self.hub.web3, self.hub.endpoint.address, slot, block)
        if proof.value <= owed.heard:
            raise CrossChainError(
                f"{owed}: in block {block} the hub had redeemed no more than that; a later one is needed, which the "
                f"chain of {self.spoke.name} will know of in some minutes"
            )
        return proof

    def send(self, sender: Transactor, owed: Owed, proof: WordProof) -> None:
        """Prove it to the spoke, and say what was paid."""
        arguments = (owed.route.token, owed.recipient, proof.arguments)
        receipt = self._send(sender, self.spoke.endpoint, "proveRedemption", *arguments)
        paid = sum(log["args"]["amount"] for log in _logs(self.spoke.endpoint, "Paid", receipt))
        self.say(f"{owed}: proved by block {proof.block}; {format_units(paid, owed.route.decimals)} paid")
        for log in _logs(self.spoke.endpoint, "PaymentDeferred", receipt):
            self.say(
                f"it is owed, and not paid yet; anybody may push it (pay): {_errors().decode(log['args']['reason'])}"
            )

    def _send(self, sender: Transactor, contract: Contract, function: str, *arguments: Any) -> TxReceipt:  # noqa: ANN401
        data = HexStr(contract.encode_abi(function, args=list(arguments)))
        return sender.send({"to": contract.address, "data": data, "gas": _GAS})


def _logs(contract: Contract, event: str, receipt: TxReceipt) -> list[EventData]:
    return list(contract.events[event]().process_receipt(receipt, errors=DISCARD))


def prove_all(
    settings: CrossChainSettings,
    recipient: ChecksumAddress,
    say: Callable[[str], None],
    *,
    chain: str | None = None,
    block: int | None = None,
    dry_run: bool = False,
) -> bool:
    """Prove what a recipient is owed on every route of the spokes, or of the one on `chain`; tell whether all was.

    `block` is one that the spoke's chain knows; else the newest is recorded first. A dry run sends nothing.
    """
    if chain is not None and chain not in settings.spokes:
        raise RelayConfigError(f"no spoke is on {chain!r}: there are {', '.join(settings.spokes) or 'none'}")
    if settings.relay is None and not dry_run:
        raise RelayConfigError("the configuration has no [relay]: its key pays for the transactions")
    key = None if dry_run or settings.relay is None else settings.relay.key.signer("relay.key")
    links, well = connect(settings), True
    hub = links[settings.hub]
    hub.check()
    for name in settings.spokes if chain is None else (chain,):
        try:
            links[name].check()
            web3 = links[name].web3
            sender = None if key is None else Transactor(web3, key, _errors, _TIMEOUT, _PATIENCE)
            prove_on(Exit.of(hub, links[name], say), recipient, sender, block)
        except CrossMarginError as error:
            say(f"{name}: {error}")
            well = False
    return well


def prove_on(own: Exit, recipient: ChecksumAddress, sender: Transactor | None, block: int | None = None) -> None:
    """Prove what a recipient is owed on every route of one spoke; without a sender only say what would be proved."""
    found = list(own.owed(recipient))
    if not found:
        own.say(f"{own.spoke.name}: the spoke knows of all that was redeemed for {recipient}; pay pushes what waits")
        return
    known = own.newest() if block is None else own.recorded(block)
    proofs = [own.prove(each, known) for each in found]
    if sender is None:
        for each, proof in zip(found, proofs, strict=True):
            own.say(f"{each}: would be proved by block {known}, in {proof.size} bytes")
        return
    if block is None and (recorded := own.record(sender)) != known:
        proofs = [own.prove(each, recorded) for each in found]
    for each, proof in zip(found, proofs, strict=True):
        own.send(sender, each, proof)
