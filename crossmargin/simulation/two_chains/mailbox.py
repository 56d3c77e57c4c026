"""Hyperlane's real contracts on a local chain, from the code that its package ships, at addresses known beforehand."""

import re
from functools import cache
from typing import Any, Final

from hexbytes import HexBytes
from web3.types import TxParams

from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.signers import KeySigner
from crossmargin.chain.transactor import Transactor
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import DeploymentError
from crossmargin.simulation.stage.chain import LocalChain
from crossmargin.simulation.stage.venue import Actor

__all__ = ["code_of", "deploy_mailbox"]

_FACTORIES: Final = REPOSITORY / "node_modules/@hyperlane-xyz/core/dist/typechain/factories/contracts"
_BYTECODE: Final = re.compile(r'const _bytecode = "(0x[0-9a-f]+)"')
_DEPLOYER: Final = "hyperlane deployer"
"""Whose first contracts these are on every chain, so that configurations can name them."""
_INITIALIZE: Final = {
    "type": "function",
    "name": "initialize",
    "inputs": [{"name": name, "type": "address"} for name in ("owner", "defaultIsm", "defaultHook", "requiredHook")],
    "outputs": [],
    "stateMutability": "nonpayable",
}


@cache
def code_of(name: str) -> str:
    """Read the creation code of one of Hyperlane's contracts, such as `hooks/MerkleTreeHook`."""
    path = _FACTORIES / f"{name}__factory.js"
    found = _BYTECODE.search(path.read_text()) if path.is_file() else None
    if found is None:
        raise DeploymentError(f"{path}: no code of Hyperlane's {name}: run `make setup`")
    return found[1]


def deploy_mailbox(chain: LocalChain) -> tuple[str, str]:
    """Deploy mailbox and Merkle tree hook; give their addresses, the same on each chain where nothing came before.

    The mailbox's default module is no module at all: what does not name one of its own is never delivered.
    """
    deployer = Actor.named(_DEPLOYER)
    chain.give_ether(deployer.address)
    sender = Transactor(chain.web3, KeySigner(deployer.key), lambda: ErrorBook([]))

    def create(name: str, *arguments: Any) -> str:  # noqa: ANN401 (constructor arguments)
        inputs = [{"name": str(index), "type": kind} for index, (kind, _) in enumerate(arguments)]
        abi = [{"type": "constructor", "inputs": inputs, "stateMutability": "nonpayable"}]
        factory = chain.web3.eth.contract(abi=abi, bytecode=code_of(name))
        data = factory.constructor(*(value for _, value in arguments)).data_in_transaction
        receipt = sender.send(TxParams({"data": HexBytes(data)}))
        return str(receipt["contractAddress"])

    mailbox = create("Mailbox", ("uint32", chain.web3.eth.chain_id))
    tree = create("hooks/MerkleTreeHook", ("address", mailbox))
    pausable = create("hooks/PausableHook")
    contract = chain.web3.eth.contract(abi=[_INITIALIZE], address=chain.web3.to_checksum_address(mailbox))
    data = contract.encode_abi("initialize", args=[deployer.address, pausable, tree, pausable])
    sender.send({"to": contract.address, "data": data})
    return mailbox, tree
