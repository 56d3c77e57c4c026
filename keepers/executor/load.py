"""Which signer the settings name: a key of this process, or one that another machine keeps.

What signs takes half a second to import, so it is imported by whoever signs.
"""

from crossmargin.chain.units import ChainId
from keepers.executor.signer import Signer
from keepers.loading import unsearched
from keepers.settings import SignerSettings

__all__ = ["load_signer"]


def load_signer(settings: SignerSettings, chain_id: ChainId) -> Signer:
    """Open the keystore, or name the remote signer."""
    if settings.remote_url is not None and settings.remote_address is not None:
        with unsearched():
            from keepers.executor.remote import RemoteSigner  # noqa: PLC0415 - slow to import

        return RemoteSigner(settings.remote_url, settings.remote_address, chain_id)
    with unsearched():
        from keepers.executor.local import load_key  # noqa: PLC0415 - slow to import

    return load_key(settings, chain_id)
