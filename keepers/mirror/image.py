"""All that a ledger holds, as bytes and back: a start from an image replays only the events after it. Pure."""

from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from crossmargin.model.arrays import RiskArray
from crossmargin.model.parameters import GroupOffsets, UnderlyingParams
from crossmargin.model.units import AccountId, AssetIndex, AuctionId, FeedId, InstrumentId
from keepers.errors import MirrorError
from keepers.mirror.accounts import AccountsImage
from keepers.mirror.ledger import Ledger
from keepers.mirror.state import Asset, MarketState, VenueState, Window

__all__ = ["FORMAT", "restore", "take"]

FORMAT: Final = 2
"""To be raised whenever a field comes, goes, or means something else."""


@dataclass(frozen=True, slots=True)
class _Image:
    venue: VenueState
    assets: dict[AssetIndex, Asset]
    markets: dict[InstrumentId, MarketState]
    underlyings: dict[FeedId, UnderlyingParams]
    offsets: dict[int, GroupOffsets]
    arrays: dict[InstrumentId, RiskArray]
    windows: dict[int, Window]
    auctions: dict[AccountId, AuctionId]
    accounts: AccountsImage
    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


_CODEC: Final = TypeAdapter(_Image)


def take(ledger: Ledger) -> bytes:
    """Write a ledger down."""
    image = _Image(
        venue=ledger.venue,
        assets=ledger.assets,
        markets=ledger.markets,
        underlyings=ledger.underlyings,
        offsets=ledger.offsets,
        arrays=ledger.arrays,
        windows=ledger.windows,
        auctions=ledger.auctions,
        accounts=ledger.accounts.dump(),
    )
    return _CODEC.dump_json(image)


def restore(ledger: Ledger, content: bytes) -> None:
    """Bring an empty ledger to what was written down; nothing of it can be undone."""
    try:
        image = _CODEC.validate_json(content)
    except ValidationError as error:
        msg = f"the image of the mirror does not read: {error.errors()[0]['msg']}"
        raise MirrorError(msg) from error
    ledger.venue = image.venue
    ledger.assets.update(image.assets)
    ledger.markets.update(image.markets)
    ledger.underlyings.update(image.underlyings)
    ledger.offsets.update(image.offsets)
    ledger.arrays.update(image.arrays)
    ledger.windows.update(image.windows)
    ledger.auctions.update(image.auctions)
    ledger.accounts.load(image.accounts)
