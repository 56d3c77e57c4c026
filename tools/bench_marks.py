"""How fast a million accounts are marked anew, block after block, and what numpy alone needs for their sums."""

from __future__ import annotations

import time
from typing import Final

import numpy as np
from bench_lines import Line, best, memory
from numpy.typing import NDArray

from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.parameters import SetParams, UnderlyingParams
from crossmargin.model.units import RAY, WAD, AssetIndex, FeedId, InstrumentId, Ppm, Seconds, Wad
from keepers.mirror import Ledger, Mirror, Prices
from keepers.mirror.accounts import AccountsImage
from keepers.mirror.board import board_of
from keepers.mirror.health import evaluate
from keepers.mirror.reach import CHUNK
from keepers.mirror.state import Asset, EngineLimits, MarketState, VenueState
from keepers.settings import MirrorSettings
from keepers.units import Address, Blocks, Decimals

__all__ = ["ASSETS", "FEEDS", "NOW", "PRICE", "QUOTE", "exact", "marks", "venue"]

ASSETS: Final = 10
FEEDS: Final = tuple(FeedId(number + 1) for number in range(ASSETS))
PRICE: Final = Wad(10 * WAD)
QUOTE: Final = Address("0x" + "0f" * 20)
NOW: Final = Seconds(1_700_000_000)
BLOCKS: Final = 60
_CALM: Final = 0.0005  # what prices move by in a block [standard deviation]
_CRASH: Final = 0.9
_RISK: Final = UnderlyingParams(
    maintenance=SetParams(Ppm(70_000), Ppm(80_000), Ppm(50_000), Ppm(30_000), Ppm(50_000)),
    initial=SetParams(Ppm(80_000), Ppm(120_000), Ppm(90_000), Ppm(40_000), Ppm(50_000)),
    impact_coefficient=Wad(10**13),
)
_LIMITS: Final = EngineLimits(
    profit_weight=Ppm(900_000),
    profit_cover=Ppm(100_000),
    stale_multiplier=Ppm(1_100_000),
    max_multiplier=Ppm(2_000_000),
    short_floor=Ppm(100_000),
    min_delta=Ppm(50_000),
    age_charge=Ppm(100_000),
    array_max_age=Seconds(900),
    array_max_move=Ppm(10_000),
)


def venue(accounts: int, *, positions: int) -> Ledger:
    """Make a ledger of accounts that hold every asset and owe up to four fifths of it; the first have a perpetual."""
    dice = np.random.default_rng(1)
    ledger = Ledger(QUOTE, Blocks(64))
    ledger.venue = VenueState(limits=_LIMITS)
    perpetuals = [encode(Instrument(Kind.PERPETUAL, feed)) for feed in FEEDS]
    for number, feed in enumerate(FEEDS):
        ledger.assets[AssetIndex(number)] = Asset(Address(f"0x{number + 1:040x}"), feed, feed, Decimals(18))
        ledger.markets[InstrumentId(perpetuals[number])] = MarketState(Wad(0), Ppm(0), NOW)
        ledger.underlyings[feed] = _RISK
    held = dice.exponential(1e19, (ASSETS, accounts))
    places = np.stack([np.arange(positions), dice.integers(0, ASSETS, positions)]).astype(np.int64)
    sizes = dice.normal(0, 2e18, positions)
    none = exact(np.zeros(positions))
    ledger.accounts.load(
        AccountsImage(
            ids=b"".join((number << 96).to_bytes(32) for number in range(1, accounts + 1)),
            stale=[],
            cash=exact(-held.sum(axis=0) * PRICE / WAD * dice.uniform(0, 0.8, accounts)),
            index=RAY.to_bytes(16, "little") * accounts,
            collateral={AssetIndex(number): exact(held[number]) for number in range(ASSETS)},
            instruments=[InstrumentId(one) for one in perpetuals],
            places=places.tobytes(),
            legs=[exact(sizes), exact(sizes * 10), none, none],
        )
    )
    return ledger


def exact(values: NDArray[np.float64]) -> bytes:
    """Write numbers as the columns of the mirror do."""
    return b"".join(int(one).to_bytes(16, "little", signed=True) for one in values)


def marks(accounts: int) -> list[Line]:
    """Mark accounts anew as prices walk and then fall, and let numpy alone multiply what they hold by the prices."""
    before = memory()
    mirror = Mirror(venue(accounts, positions=accounts // 5), MirrorSettings())
    prices = _prices(np.ones(ASSETS))
    first = best(lambda: mirror.screen(prices, NOW), 1)
    calm, crash, after = _walk(mirror)
    used = memory() - before
    full = best(lambda: _all(mirror, prices), 3)
    held, vector = np.random.default_rng(2).random((accounts, ASSETS)), np.ones(ASSETS)
    bound = best(lambda: held @ vector)
    spread = f"{np.median(calm) * 1e3:,.1f} ms, at most {max(calm) * 1e3:,.1f}"
    return [
        Line(f"mark {accounts:,} accounts x {ASSETS} assets anew, {BLOCKS} blocks", "20 ms", spread),
        Line(
            "  in the block of a fall by a tenth, and in the median of ten after it",
            "",
            f"{crash:,.0f}, {after:,.0f} ms",
        ),
        Line("  all of them in full, as at a start", "", f"{1e3 * min(full, first):,.0f} ms"),
        Line("  the product of holdings and prices, numpy alone", "", f"{1e3 * bound:,.1f} ms"),
        Line("  memory of these accounts, a fifth with a position", "1.5 GB", f"{used:.2f} GB"),
    ]


def _walk(mirror: Mirror) -> tuple[list[float], float, float]:
    """Give the times of blocks in a calm [s], of a fall and of the median block after it [ms]."""
    dice, at, times = np.random.default_rng(3), np.ones(ASSETS), []
    for block in range(BLOCKS + 11):
        at = at * (_CRASH if block == BLOCKS else np.exp(dice.normal(0, _CALM, ASSETS)))
        prices, began = _prices(at), time.process_time()
        mirror.screen(prices, Seconds(NOW + 12 * block))
        times.append(time.process_time() - began)
    return times[:BLOCKS], 1e3 * times[BLOCKS], 1e3 * float(np.median(times[BLOCKS + 1 :]))


def _prices(at: NDArray[np.float64]) -> Prices:
    mids = {feed: Wad(int(PRICE * part)) for feed, part in zip(FEEDS, at, strict=True)}
    return Prices(mids, dict.fromkeys(FEEDS, 1), {})


def _all(mirror: Mirror, prices: Prices) -> None:
    board = board_of(mirror.ledger, prices, NOW)
    for start in range(0, mirror.size, CHUNK):
        evaluate(mirror.ledger, board, slice(start, min(mirror.size, start + CHUNK)))
