"""EIP-2612 permits: approval by signature."""

from eth_account.signers.local import LocalAccount
from web3.types import Nonce

from crossmargin.chain.signers import Signer, as_signer
from crossmargin.chain.units import ChainId
from crossmargin.model.units import Seconds, TokenUnits

__all__ = ["permit_signature"]


def permit_signature(
    signer: Signer | LocalAccount,
    *,
    token: str,
    name: str,
    chain_id: ChainId,
    spender: str,
    value: TokenUnits,
    nonce: Nonce,
    deadline: Seconds,
    version: str = "1",
) -> tuple[int, bytes, bytes]:
    """Sign a permit of `value` [token units] until `deadline` [s]; return v, r and s."""
    owner = as_signer(signer)
    document = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ],
        },
        "primaryType": "Permit",
        "domain": {"name": name, "version": version, "chainId": chain_id, "verifyingContract": token},
        "message": {
            "owner": owner.address,
            "spender": spender,
            "value": value,
            "nonce": nonce,
            "deadline": deadline,
        },
    }
    signature = owner.sign_typed(document)
    return signature[64], signature[:32], signature[32:64]
