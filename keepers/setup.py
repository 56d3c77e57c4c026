"""A keeper's first files: an encrypted key, its passphrase, a configuration. Overwrites nothing."""

import json
import secrets
from pathlib import Path
from typing import Final

import orjson
from eth_account import Account

from keepers.errors import SettingsError
from keepers.example import example_config
from keepers.units import Address

__all__ = ["init"]

_CONFIG: Final = "keeper.toml"
_KEY: Final = "keeper.json"
_PASSPHRASE: Final = "passphrase"  # noqa: S105 - a file's name
_ROUNDS: Final = 2**12
"""Of scrypt. More of them make up for passphrases that can be guessed; at each start they take a second."""


def init(folder: Path, rpc_url: str, deployment: Path) -> Address:
    """Write the three files; give the address of the new key."""
    taken = [name for name in (_CONFIG, _KEY, _PASSPHRASE) if (folder / name).exists()]
    if taken:
        raise SettingsError(f"{', '.join(taken)} in {folder}: nothing is overwritten")
    try:
        chain_id = int(orjson.loads(deployment.read_bytes())["chain_id"])
    except OSError as error:
        raise SettingsError(f"{deployment}: {error.strerror}: --deployment names the venue's file") from error
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{deployment}: not a deployment: {error!r}") from error
    passphrase, account = secrets.token_urlsafe(32), Account.create()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / _PASSPHRASE, passphrase + "\n")
        _write(folder / _KEY, json.dumps(Account.encrypt(account.key, passphrase, iterations=_ROUNDS)))
        _write(folder / _CONFIG, _configuration(folder, rpc_url, deployment, chain_id))
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror}") from error
    return Address(str(account.address).lower())


def _configuration(folder: Path, rpc_url: str, deployment: Path, chain_id: int) -> str:
    """Set what is known in the example; all else is its default."""
    return example_config(
        {
            "chain.rpc_urls": json.dumps([rpc_url]),
            "chain.chain_id": str(chain_id),
            "chain.deployment": json.dumps(str(deployment.resolve())),
            "signer.keystore": json.dumps(str((folder / _KEY).resolve())),
            "signer.passphrase_file": json.dumps(str((folder / _PASSPHRASE).resolve())),
            "service.database": json.dumps(str((folder / "keeper.db").resolve())),
        }
    )


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, encoding="utf-8")
