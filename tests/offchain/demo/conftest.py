from decimal import Decimal

import pytest

from crossmargin.simulation.demo.outcome import (
    WAD,
    AccountOutcome,
    AuctionOutcome,
    BidOutcome,
    BlockSample,
    Check,
    DemoRun,
    KeeperOutcome,
    LossOutcome,
    OptionSample,
    SeriesOutcome,
)
from crossmargin.simulation.demo.price_files import read_prices
from crossmargin.simulation.stage.prices import generate
from crossmargin.simulation.stage.scenario import Scenario, Source
from tests.offchain.demo.vendor_files import ASSETS, SLICES

START = 1_760_129_400


@pytest.fixture
def settings():
    """Describe a small scenario as the TOML parser gives it."""
    return {
        "name": "small",
        "title": "A small crash",
        "summary": "Ether falls by a fifth.",
        "sources": [{"name": "Nobody", "url": "https://example.org", "figure": "-20 %"}],
        "seed": 7,
        "clock": {"start": "2025-10-10T20:50:00Z", "minutes": 30},
        "prices": {
            "ETH": {
                "start": Decimal(4000),
                "changes": [(10, Decimal("-0.2")), (20, Decimal("-0.1"))],
                "noise": Decimal("0.002"),
            },
            "USDT": {"start": Decimal(1)},
        },
        "options": {"ETH-PUT": {"kind": "put", "underlying": "ETH", "expiry": "weekly", "strike": Decimal("0.95")}},
        "volatility": {"ETH": {"weekly": {"start": Decimal("0.6"), "changes": [(10, Decimal("0.5"))]}}},
        "makers": [{"name": "maker", "cash": 1_000_000}],
        "accounts": [
            {
                "name": "long",
                "about": "A leveraged perpetual.",
                "owner": "trader",
                "deposits": {"USDC": 10_000},
                "positions": {"ETH-PERP": 80_000},
            }
        ],
    }


@pytest.fixture
def scenario(settings):
    """Validate the small scenario."""
    return Scenario.model_validate(settings)


@pytest.fixture
def series(scenario):
    """Play its prices."""
    return generate(scenario)


@pytest.fixture
def run():
    """Make up a run: one auction cleared by two keepers, one that left a loss."""
    bids = (
        BidOutcome(12, START + 600, "keeper 1", WAD // 2, 4_000 * WAD, 8_400 * WAD),
        BidOutcome(13, START + 660, "keeper 2", WAD // 4, 900 * WAD, 4_000 * WAD),
    )
    rescue = BidOutcome(15, START + 900, "keeper 3", WAD, -150 * WAD, -100 * WAD)
    return DemoRun(
        scenario="small",
        title="A small crash <in a test>",
        summary="Ether falls by a fifth.",
        sources=(Source(name="Nobody", url="https://example.org", figure="-20 %"),),
        notes=(),
        blocks=tuple(_block(index) for index in range(31)),
        accounts=(
            AccountOutcome(
                "long",
                "A perpetual.",
                "book",
                "isolated",
                10_000 * WAD,
                4_600 * WAD,
                2_000 * WAD,
                WAD * 9 // 10,
                "stands",
            ),
            AccountOutcome(
                "whole", "A book.", "book", "cross", 20_000 * WAD, 19_000 * WAD, 19_000 * WAD, WAD * 14 // 10, "stands"
            ),
            AccountOutcome("gone", "An altcoin.", None, "cross", 3_000 * WAD, 0, -200 * WAD, 0, "closed"),
            AccountOutcome("idle", "No debt.", None, "cross", 500 * WAD, 500 * WAD, 500 * WAD, None, "stands"),
        ),
        auctions=(
            AuctionOutcome(
                "long",
                1,
                START + 540,
                "keeper 1",
                30 * WAD,
                insolvent=False,
                ended=START + 720,
                closed=False,
                bids=bids,
            ),
            AuctionOutcome(
                "gone",
                2,
                START + 780,
                "keeper 3",
                10 * WAD,
                insolvent=True,
                ended=START + 900,
                closed=True,
                bids=(rescue,),
            ),
        ),
        losses=(LossOutcome("gone", START + 900, 100 * WAD, 30 * WAD, 15 * WAD, 5 * WAD),),
        keepers=tuple(
            KeeperOutcome(f"keeper {n}", n, 1, n, 4_200 * WAD, 4_000 * WAD, 10 * WAD, 3 * WAD) for n in (1, 2, 3)
        ),
        series=(SeriesOutcome("ETH-PUT", "put", START + 600_000, 3_800 * WAD, "ETH:weekly"),),
        checks=(Check("tokens", passed=True, detail="12 = 12"), Check("deficit", passed=False, detail="5 is left")),
        seconds={"deploy": 20.0, "play": 40.0},
    )


def _block(index):
    drop = min(index, 20)
    return BlockSample(
        number=100 + index,
        time=START + 60 * index,
        prices={"ETH": 4_000 * 10**8 * (100 - drop) // 100, "USDT": 10**8},
        health={
            "long": WAD * (30 - drop) // 11,
            "whole": WAD * 2 - index * 10**16,
            "gone": max(0, WAD - drop * 10**17),
            "idle": None,
        },
        fund=(100_000 - 100 * (index > 14)) * WAD,
        deficit=5 * WAD if index > 14 else 0,
        volatility={"ETH:weekly": 6 * 10**7 + 10**6 * drop},
        marks={"ETH-PUT": (50 + 20 * drop) * WAD},
        options={
            "whole": OptionSample(
                (1_000 + 50 * drop) * WAD, 19_000 * WAD, "-5 %, vol up" if drop < 5 else "least charge"
            ),
            "gone": OptionSample(0, 0, None) if index > 20 else OptionSample(100 * WAD, 5 * WAD, "+15 %, tail"),
        },
    )


@pytest.fixture
def read(tmp_path):
    """Write lines to a file and read it."""

    def make(lines, asset="ETH", name="prices.csv", end="\n"):
        path = tmp_path / name
        path.write_text("".join(f"{line}{end}" for line in lines), newline="")
        return read_prices(path, asset, ASSETS, SLICES)

    return make
