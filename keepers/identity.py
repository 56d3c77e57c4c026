"""Which chain and venue it is, and who acts in it: asked before anything is built on it. Reads the chain only."""

from crossmargin.model.instruments import account_id as pack_account
from crossmargin.model.permissions import Permission
from crossmargin.model.units import AccountId
from keepers.contracts import Contracts
from keepers.errors import ResponseError, SettingsError, WrongChainError
from keepers.executor import Signer, load_signer
from keepers.lens import Lens
from keepers.node import Node
from keepers.settings import Settings
from keepers.units import Address

__all__ = ["account_of", "identify", "may_bid", "signer_of"]


def signer_of(settings: Settings) -> Signer | None:
    """Open the keystore or name the remote signer, where there is one."""
    return load_signer(settings.signer, settings.chain.chain_id) if settings.signer.named else None


def account_of(settings: Settings, signer: Signer | None) -> tuple[AccountId, Address]:
    """Give the bidder's account and the address that sends for it."""
    sender = settings.bidder.owner if signer is None else signer.address
    owner = settings.bidder.owner or sender
    if owner is None or sender is None:
        msg = "neither a signer nor bidder.owner is configured"
        raise SettingsError(msg)
    return pack_account(int(owner, 16), settings.bidder.sub_id), sender


async def identify(settings: Settings, node: Node, contracts: Contracts) -> dict[str, str]:
    """Check that the node is on the chain of the deployment; give what ties a database to it."""
    head = await node.head()
    chain = await node.chain_id()
    if chain != settings.chain.chain_id:
        msg = f"the node is on chain {chain}, the configuration on {settings.chain.chain_id}"
        raise WrongChainError(msg)
    if head.number < contracts.first_block:
        raise ResponseError(f"the node is at block {head.number}, the deployment at {contracts.first_block}")
    for name, address in contracts.addresses.items():
        if not await node.code(address):
            msg = f"no contract at {address} ({name})"
            raise WrongChainError(msg)
    (first,) = await node.headers([contracts.first_block])
    return {"chain_id": str(chain), "vault": contracts.addresses["MarginVault"], "first_block_hash": first.hash}


async def may_bid(node: Node, lens: Lens, account: AccountId, sender: Address) -> bool:
    """Tell whether the owner lets the sender bid for the account."""
    head = await node.head()
    call = ("MarginVault", "isAuthorised", (account, sender, int(Permission.BID)))
    ((permitted,),) = await lens.read(head.hash, call)
    return bool(permitted)
