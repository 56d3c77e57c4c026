"""Which signer the settings name: a key of this process, or one that another machine keeps."""

from crossmargin.chain.units import ChainId
from keepers.executor.remote import RemoteSigner
from keepers.executor.signer import Signer, load_key
from keepers.settings import SignerSettings

__all__ = ["load_signer"]


def load_signer(settings: SignerSettings, chain_id: ChainId) -> Signer:
    """Open the keystore, or name the remote signer."""
    if settings.remote_url is not None and settings.remote_address is not None:
        return RemoteSigner(settings.remote_url, settings.remote_address, chain_id)
    return load_key(settings, chain_id)
