"""EIP-2612 permits: approval by signature."""

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from web3.types import Nonce

from crossmargin.chain.units import ChainId
from crossmargin.model.units import Seconds, TokenUnits

__all__ = ["permit_signature"]


def permit_signature(
    signer: LocalAccount,
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
            "owner": signer.address,
            "spender": spender,
            "value": value,
            "nonce": nonce,
            "deadline": deadline,
        },
    }
    signed = signer.sign_message(encode_typed_data(full_message=document))
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
