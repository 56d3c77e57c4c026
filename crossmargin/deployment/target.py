"""The chain that a venue is deployed to: contracts from the artifacts, and transactions."""

from typing import Any

from hexbytes import HexBytes
from web3 import Web3
from web3.contract import Contract
from web3.types import TxParams

from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.signers import Sender
from crossmargin.chain.transactor import Transactor
from crossmargin.deployment.artifacts import Artifacts

__all__ = ["Chain"]


class Chain(Transactor):
    """Reads contracts, deploys them, sends transactions, and explains refusals."""

    def __init__(
        self, web3: Web3, sender: Sender, artifacts: Artifacts, timeout: float = 300, url: str | None = None
    ) -> None:
        """Wait at most `timeout` seconds for each receipt; `url` is the node's, where web3's provider does not tell."""
        super().__init__(web3, sender, lambda: ErrorBook(artifact.abi for artifact in artifacts), timeout)
        self.artifacts = artifacts
        self.url = url or getattr(web3.provider, "endpoint_uri", None)
        self._contracts: dict[tuple[str, str], Contract] = {}

    def genesis(self) -> str:
        """Hash of block 0: tells one local chain from the next, which has the same id."""
        return self.web3.eth.get_block(0)["hash"].to_0x_hex()

    def contract(self, artifact: str, address: str) -> Contract:
        """Bind the ABI of `artifact` to an address."""
        key = (artifact, address)
        if key not in self._contracts:
            abi = self.artifacts[artifact].abi
            self._contracts[key] = self.web3.eth.contract(address=Web3.to_checksum_address(address), abi=abi)
        return self._contracts[key]

    def code(self, address: str) -> bytes:
        """Runtime code at an address; empty without a contract."""
        return bytes(self.web3.eth.get_code(Web3.to_checksum_address(address)))

    def creation(self, artifact: str, arguments: tuple[Any, ...]) -> TxParams:
        """Build the transaction that deploys a contract."""
        compiled = self.artifacts[artifact]
        factory = self.web3.eth.contract(abi=compiled.abi, bytecode=compiled.creation_code)
        return {"data": HexBytes(factory.constructor(*arguments).data_in_transaction)}
