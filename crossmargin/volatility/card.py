"""The card of a forest: what it is, what it was trained on, how good it was, and what it is not for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from crossmargin.errors import ForestError
from crossmargin.volatility.forest import Forest
from crossmargin.volatility.hourly import HOUR

__all__ = ["LIMITS", "Card", "history", "of", "paths", "read_forest", "write"]

LIMITS: Final = (
    "Forecasts the move of the log price within the horizon, up or down, as hourly closes see it.",
    "Trained on a centralised venue's spot prices; another venue's observations must be watched for drift.",
    "Hourly variances in training are from ranges (Garman and Klass); on chain they are from 5-minute returns.",
    "Assets without a week of observations have no forecast. Funding and open interest are not used.",
)


@dataclass(frozen=True)
class Card:
    """What is written beside a forest's bytes."""

    hash: str
    number: int
    horizon: int
    quantile: int
    trees: int
    window: tuple[str, str]
    recipe: Mapping[str, Any]
    data: Mapping[str, str]
    """SHA-256 of each history that was learnt from."""
    figures: Mapping[str, Any]
    limits: tuple[str, ...] = LIMITS


def history(folder: Path, asset: str) -> tuple[str, str]:
    """Give the name of an asset's history, and its SHA-256."""
    paths = [path for ending in ("parquet", "csv") if (path := folder / f"{asset}.{ending}").is_file()]
    return paths[0].name, sha256(paths[0].read_bytes()).hexdigest()


def of(forest: Forest, recipe: Mapping[str, Any], data: Iterable[tuple[str, str]], figures: Mapping[str, Any]) -> Card:
    """Write down what a forest is."""
    first, end = (datetime.fromtimestamp(hour * HOUR, UTC).isoformat() for hour in (forest.first, forest.end))
    return Card(
        hash="0x" + forest.hash.hex(),
        number=forest.number,
        horizon=forest.horizon,
        quantile=forest.quantile,
        trees=len(forest.trees),
        window=(first, end),
        recipe=recipe,
        data=dict(data),
        figures=figures,
    )


def paths(forest: Path) -> tuple[Path, Path]:
    """Give where the bytes and the card of a forest are; either path, or the one without an ending, is taken."""
    return forest.with_suffix(".bin"), forest.with_suffix(".json")


def write(where: Path, forest: Forest, card: Card) -> None:
    """Write the bytes and the card."""
    blob, told = paths(where)
    blob.write_bytes(forest.pack())
    told.write_text(json.dumps(asdict(card), indent=2) + "\n")


def read_forest(where: Path) -> tuple[Forest, dict[str, Any]]:
    """Read a forest and its card; raise ForestError where the one is not the other's."""
    blob, told = paths(where)
    try:
        forest, card = Forest.unpack(blob.read_bytes()), json.loads(told.read_text())
    except (OSError, ValueError) as error:
        raise ForestError(f"{where}: {error}") from error
    if not isinstance(card, dict) or card.get("hash") != "0x" + forest.hash.hex():
        raise ForestError(f"{told} is not the card of 0x{forest.hash.hex()}")
    return forest, card
