"""The example configuration, written from the settings themselves so that it cannot fall behind. Reads no file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from keepers.settings import Settings

__all__ = ["example_config"]

_SAMPLES: Final = {"signer.keystore": '"keeper.json"', "signer.passphrase_env": '"KEEPER_PASSPHRASE"'}


def example_config(known: Mapping[str, str] = _SAMPLES) -> str:
    """Write a TOML file with every setting, its default and what it means; what is `known` is set."""
    lines = [
        "# Configuration of the keeper. Environment variables win: KEEPER_DRY_RUN, KEEPER_CHAIN__CHAIN_ID, ...",
        "# Lines that are commented out show the default.",
        "",
    ]
    tables: list[str] = []
    for name, field in Settings.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            tables += _table(name, part, known)
        else:
            lines += _entry(name, field, sample=None)
    return "\n".join(lines + tables) + "\n"


def _table(name: str, part: type[BaseModel], known: Mapping[str, str]) -> list[str]:
    summary = (part.__doc__ or "").splitlines()[0]
    lines = ["", f"# {summary}", f"[{name}]"]
    for key, field in part.model_fields.items():
        lines += _entry(key, field, known.get(f"{name}.{key}"))
    return lines


def _entry(name: str, field: FieldInfo, sample: str | None) -> list[str]:
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    what = f"{field.description}: {', '.join(choices)}" if choices else field.description
    value = sample or _toml(field.default)
    return [f"{name} = {value}  # {what}"] if sample else [f"# {name} = {value}  # {what}"]


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path):
        return f'"{value}"'
    return str(value)
