"""A real Safe (@safe-global/safe-contracts of npm), deployed from its published artifacts, signed for by owners."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from eth_account import Account
from eth_account.messages import encode_typed_data
from web3 import Web3

from crossmargin.deployment.roles import Role
from tests.helpers.handles import Handle, Node, Receipt, address_of

__all__ = ["Safe"]

_ARTIFACTS: Final = (
    Path(__file__).resolve().parents[2] / "node_modules/@safe-global/safe-contracts/build/artifacts/contracts"
)
_ZERO: Final = "0x" + "00" * 20
_CALL: Final = 0
_FIELDS: Final = (
    ("to", "address"),
    ("value", "uint256"),
    ("data", "bytes"),
    ("operation", "uint8"),
    ("safeTxGas", "uint256"),
    ("baseGas", "uint256"),
    ("gasPrice", "uint256"),
    ("gasToken", "address"),
    ("refundReceiver", "address"),
    ("nonce", "uint256"),
)


class Safe:
    """A multisig: `sign` is what an owner does at home, `submit` what anybody does with enough signatures."""

    def __init__(self, node: Node, owners: Sequence[Any], threshold: int, *, sender: Any) -> None:
        """Deploy the singleton, the factory and a proxy of it."""
        self._node = node
        singleton = _deploy(node, "Safe.sol/Safe", sender)
        factory = _deploy(node, "proxies/SafeProxyFactory.sol/SafeProxyFactory", sender)
        setup = singleton.setup.encode(list(owners), threshold, _ZERO, b"", _ZERO, _ZERO, 0, _ZERO)
        address = factory.createProxyWithNonce.call(singleton, setup, 0, sender=sender)
        factory.createProxyWithNonce(singleton, setup, 0, sender=sender)
        self.contract = _bind(node, singleton.contract.abi, address)
        self.address = self.contract.address
        self.url = node.web3.provider.endpoint_uri

    def take_over(self, venue: Any, governor: Any) -> None:
        """Have the governor hand his roles over, and give them up."""
        roles = (Role.GOVERNOR, Role.ADMINISTRATOR)
        for role in roles:
            venue.govern(venue.manager, "grantRole", role, self.address, venue.config.governance.delay)
        for role in roles:
            venue.manager.renounceRole(role, governor, sender=governor)

    def transaction(self, to: Any, data: str, nonce: int) -> dict[str, Any]:
        """Make a transaction of the Safe, to be signed."""
        values = (address_of(to), 0, bytes.fromhex(data[2:]), _CALL, 0, 0, 0, _ZERO, _ZERO, nonce)
        return dict(zip((name for name, _ in _FIELDS), values, strict=True))

    def document(self, transaction: dict[str, Any]) -> dict[str, Any]:
        """Write a transaction as the typed data that owners sign."""
        return {
            "types": {
                "EIP712Domain": [
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "SafeTx": [{"name": name, "type": kind} for name, kind in _FIELDS],
            },
            "primaryType": "SafeTx",
            "domain": {"chainId": self._node.web3.eth.chain_id, "verifyingContract": self.address},
            "message": transaction,
        }

    def sign(self, transaction: dict[str, Any], *owners: Any) -> bytes:
        """Collect signatures, in the order of addresses that the Safe asks for."""
        signable = encode_typed_data(full_message=self.document(transaction))
        ordered = sorted(owners, key=lambda each: int(each.address, 16))
        return b"".join(bytes(Account.from_key(each.private_key).sign_message(signable).signature) for each in ordered)

    def submit(self, transaction: dict[str, Any], signatures: bytes, *, sender: Any) -> Receipt:
        """Bring a signed transaction to the Safe, which calls its target."""
        arguments = [transaction[name] for name, _ in _FIELDS if name != "nonce"]
        return self.contract.execTransaction(*arguments, signatures, sender=sender)

    def act(self, to: Any, data: str, *owners: Any, sender: Any) -> Receipt:
        """Sign and submit at once, with the next nonce."""
        transaction = self.transaction(to, data, self.contract.nonce())
        return self.submit(transaction, self.sign(transaction, *owners), sender=sender)


def _bind(node: Node, abi: Any, address: str) -> Handle:
    return Handle(node, node.web3.eth.contract(address=Web3.to_checksum_address(address), abi=abi))


def _deploy(node: Node, path: str, sender: Any) -> Handle:
    artifact = json.loads((_ARTIFACTS / f"{path}.json").read_text())
    receipt = node.send({"data": artifact["bytecode"]}, sender)
    return _bind(node, artifact["abi"], receipt.raw["contractAddress"])
