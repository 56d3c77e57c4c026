"""Quotes both sides of every perpetual around its mark; see docs/client.md."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from requests.exceptions import RequestException

from crossmargin.chain.decimals import format_units, parse_units, wad
from crossmargin.chain.signers import KeySigner
from crossmargin.client.async_venue import AsyncVenue
from crossmargin.client.receipts import Fill
from crossmargin.client.shown import Market
from crossmargin.client.sizes import Side
from crossmargin.client.venue import Venue
from crossmargin.errors import CrossMarginError
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import Seconds, Wad

SIDES: tuple[tuple[Side, int], ...] = (("buy", 1), ("sell", -1))
SPREAD, CLIP, LIFE, PACE = Decimal("0.001"), Decimal(5_000), Seconds(30), 5.0  # of the mark, USD, s, s


async def quote(venue: AsyncVenue, book: Path) -> None:
    """Sign both sides of each market, as far as margin reaches, and write them down."""
    markets, mine = await venue.market_list(), await venue.portfolio()
    held = {each.instrument: each.size for each in mine.positions}
    live = [each for each in markets.values() if each.kind == "perpetual" and each.status is PriceStatus.VALID]
    sides = [
        (m, s, wad(round(m.mark * (1 + lean(held.get(m.name), m) - d * SPREAD), 6))) for m in live for s, d in SIDES
    ]
    rooms = await asyncio.gather(*(venue.max_size(None, m.name, side, price, maker=True) for m, side, price in sides))
    orders = []
    for (market, side, price), room in zip(sides, rooms, strict=True):
        if (size := min(wad(round(CLIP / market.mark, 6)), room.exact)) > 0:
            order = await venue.run(Venue.order, market.name, Wad(size if side == "buy" else -size), price, ttl=LIFE)
            signed = {"order": order.to_json(), "signature": "0x" + venue.venue.sign(order).hex()}
            orders.append({"instrument": market.name, "side": side, "price": format_units(price, 18), **signed})
    fresh = book.with_suffix(".fresh")
    await asyncio.to_thread(fresh.write_text, json.dumps({"orders": orders}, indent=1))
    await asyncio.to_thread(fresh.replace, book)  # whoever reads sees it whole
    health = round(mine.health, 2) if mine.health else "unbounded"
    print(f"{len(orders)} quotes, health {health}, cash {mine.cash:,.2f}", flush=True)


def lean(size: Decimal | None, market: Market) -> Decimal:
    """Quote lower the longer we are, higher the shorter, at most by the spread."""
    return -SPREAD * max(Decimal(-1), min(Decimal(1), (size or 0) * market.mark / (10 * CLIP)))


async def main() -> None:
    """Deposit where nothing is, then quote on a timer and after every fill of ours."""
    key, book, filled = KeySigner.from_key(os.environ["KEY"]), Path(os.environ["QUOTES"]), asyncio.Event()
    async with AsyncVenue.connect(os.environ["RPC"], Path(os.environ["DEPLOYMENT"]), key) as venue:
        if (await venue.portfolio()).cash == 0:
            await venue.send(Venue.deposit_with_permit, "USDC", parse_units(100_000, 6))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_quoting(venue, book, filled))
            async for fill in venue.events(Fill):
                if fill.maker == key.address:
                    print(f"filled: {fill.instrument} {-fill.taker_size:+f} at {fill.price}", flush=True)
                    filled.set()


async def keep_quoting(venue: AsyncVenue, book: Path, filled: asyncio.Event) -> None:
    """Quote again and again; fills that come faster than quotes are answered together."""
    while True:
        filled.clear()
        await quote(venue, book)
        with suppress(TimeoutError):
            await asyncio.wait_for(filled.wait(), PACE)


if __name__ == "__main__":
    if missing := [name for name in ("RPC", "DEPLOYMENT", "QUOTES", "KEY") if name not in os.environ]:
        sys.exit(f"export {', '.join(missing)} first: docs/client.md")
    end = None
    try:
        asyncio.run(main())
    except* RequestException as ended:
        end = f"ended: no node answers at {os.environ['RPC']} ({type(ended.exceptions[0]).__name__})"
    except* (CrossMarginError, OSError) as ended:
        end = f"ended: {ended.exceptions[0]}"
    except* KeyboardInterrupt:
        print("ended")
    sys.exit(end)
