"""What people write on a command line about trades, deposits and prices, as the simulator takes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossmargin.chain.decimals import parse_units, scale, wad
from crossmargin.client.venue import Venue
from crossmargin.errors import UnitError
from crossmargin.model.units import WAD, ZERO, AssetIndex, FeedId, TokenUnits, Wad

__all__ = ["Change", "change_of", "shocks_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """Trades: instrument, size [wad base], price [wad USD]; collateral by asset [token units]; cash [wad USD]."""

    trades: tuple[tuple[str, Wad, Wad], ...]
    collateral: tuple[tuple[AssetIndex, TokenUnits], ...]
    cash: Wad


def change_of(venue: Venue, trades: Sequence[str], deposits: Sequence[str]) -> Change:
    """Read trades and deposits."""
    cash, collateral = ZERO, []
    for each in deposits:
        symbol, amount = _pair(each, "TOKEN:AMOUNT")
        asset = venue.names.asset(symbol)
        if asset.index is None:
            cash = Wad(cash + wad(amount))
        else:
            collateral.append((asset.index, parse_units(amount, asset.decimals)))
    return Change(tuple(_trade(venue, each) for each in trades), tuple(collateral), cash)


def shocks_of(venue: Venue, shocks: Sequence[str]) -> dict[FeedId, Wad]:
    """Read moves of underlyings: each moves all collateral that is of the underlying, too."""
    found: dict[FeedId, Wad] = {}
    for each in shocks:
        name, move = _pair(each, "UNDERLYING:MOVE")
        underlying = venue.names.feed(name)
        moved = Wad(scale(move.removesuffix("%"), 16) if move.endswith("%") else wad(move))
        if moved < -WAD:
            raise UnitError(f"{each!r}: no price falls by more than all of it; write {name}:-20% or {name}:-0.2")
        if moved >= WAD and not move.endswith("%"):
            raise UnitError(f"{each!r}: 1 is all of the price; write {name}:20% or {name}:0.2")
        of_it = {asset.feed for asset in venue.names.assets if asset.underlying == underlying}
        found |= dict.fromkeys({underlying, *of_it}, moved)
    return found


def _trade(venue: Venue, text: str) -> tuple[str, Wad, Wad]:
    name, terms = _pair(text, "NAME:SIZE or NAME:SIZE@PRICE")
    size, _, price = terms.partition("@")
    packed = venue.instrument(name)
    if price:
        return name, wad(size), wad(price)
    mark = next(each.mark for each in venue.markets() if each.instrument == packed)
    return name, wad(size), mark


def _pair(text: str, form: str) -> tuple[str, str]:
    name, colon, value = text.rpartition(":")
    if not (colon and name and value):
        raise UnitError(f"{text!r}: write {form}")
    return name, value
