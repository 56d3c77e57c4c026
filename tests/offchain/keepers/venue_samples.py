"""Accounts, auctions, orders and snapshots to decide on, with amounts in whole USD."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crossmargin.model.auction import AuctionTerms
from crossmargin.model.breakdown import Doubt
from crossmargin.model.units import PPM, WAD
from keepers.abi import VenueEvent
from keepers.fees import DataPrice, NoData
from keepers.offers import SignedOrder
from keepers.strategies import AtomicContract, Odds, Snapshot
from keepers.strategy_settings import StrategySettings
from keepers.units import GWEI
from keepers.views import AccountState, ArrayState, AuctionParams, AuctionState, LegState, MarginState, SpotState

ETH = 1
ETH_PERPETUAL = (1 << 60) | (ETH << 48)
ETH_CALL = (3 << 60) | (ETH << 48) | (500_000 << 24) | (13 << 20 | 2)  # at 2,000 USD
ETH_PUT = ETH_CALL + (1 << 60)
BIDDER = 0xB1D << 96
SICK = 0x51C << 96
MAKER = 0xA5C << 96
OWNER = "0x" + "aa" * 20
"""Who signs the maker's orders."""
TERMS = AuctionTerms(
    start_reward=5 * WAD // 100,
    knee_reward=25 * WAD // 100,
    fast=120,
    slow=7_200,
    target_buffer=WAD // 2,
    small_account=100 * WAD,
    length=7_200,
)
DEFAULTS = StrategySettings(margin_reserve=0)


def settings(**changes: object) -> StrategySettings:
    """Build strategy settings as a file would, in USD; nothing is kept in reserve unless said."""
    return StrategySettings.model_validate({"margin_reserve": 0, **changes})


def margin(excess: float, requirement: float = 1000, equity: float = 900, *, halted: bool = False) -> MarginState:
    """Build one set's margin [USD]."""
    doubt = Doubt.HALTED if halted else Doubt.SMALL
    return MarginState(
        int(excess * WAD), int(excess * WAD), int(requirement * WAD), int(equity * WAD), not halted, doubt
    )


def account(
    number: int = SICK,
    *,
    excess: float = -100,
    equity: float = 900,
    requirement: float = 1000,
    initial: float = -500,
    legs: tuple[tuple[int, float], ...] = (),
    spot: tuple[tuple[int, float], ...] = (),
    in_auction: bool = False,
    nonce: int = 7,
    halted: bool = False,
    cash: float = 0,
) -> AccountState:
    """Build an account; legs as (instrument, size), spot as (asset, value)."""
    return AccountState(
        account=number,
        health=WAD - 1 if excess < 0 else 2 * WAD,
        initial=margin(initial, 1.5 * requirement, equity, halted=halted),
        maintenance=margin(excess, requirement, equity, halted=halted),
        cash=int(cash * WAD),
        spot=tuple(SpotState(asset, 1, int(value * WAD)) for asset, value in spot),
        legs=tuple(LegState(instrument, int(size * WAD), 0, 0, 0, 0) for instrument, size in legs),
        in_auction=in_auction,
        nonce=nonce,
    )


def auction(price: float, value: float = 900, **changes: Any) -> AuctionState:
    """Build an auction at a price of the whole [USD]; below 0 it is an insolvent one's payout."""
    insolvent = price < 0
    base = {
        "id": 1,
        "recorded_insolvent": insolvent,
        "stopped": False,
        "seen_at": 990,
        "reserved": 0,
        "insolvent": insolvent,
        "price": int(price * WAD),
        "max_fraction": WAD,
        "value": int(value * WAD),
    }
    return AuctionState(**{**base, **changes})


def array(age: int = 0, ref: int = 2000, *, valid: bool = True, status: int = 1) -> ArrayState:
    """Build a risk array of an age [s] and an index then [USD], as of the snapshot's time."""
    return ArrayState(1000 - age, ref * WAD, valid, status)


def snapshot(
    *accounts: AccountState,
    auctions: Mapping[int, AuctionState] | None = None,
    bidder: AccountState | None = None,
    done: frozenset[str] = frozenset(),
    gas_price: int = GWEI // 100,
    bids_in_flight: bool = False,
    arrays: Mapping[int, ArrayState] | None = None,
    paused: bool = False,
    start_odds: int = PPM,
    bid_odds: int = PPM,
    data: DataPrice = NoData(),  # noqa: B008 - a value
    contract: AtomicContract | None = None,
    busy: frozenset[int] = frozenset(),
) -> Snapshot:
    """Build a snapshot with ether at 2,000 USD and a rich bidder."""
    return Snapshot(
        block=10,
        timestamp=1000,
        gas_price=gas_price,
        data=data,
        native_price=2000 * WAD,
        accounts=accounts,
        auctions=auctions or {},
        bidder=bidder or account(BIDDER, excess=50_000, equity=60_000, initial=40_000),
        mids={ETH: 2000 * WAD},
        params=AuctionParams(
            starter_share=WAD // 100,
            starter_flat=5 * WAD,
            starter_cap=50 * WAD,
            terms=TERMS,
        ),
        arrays=arrays or {},
        array_max_age=900,
        array_max_move=10_000,
        done=done,
        bids_in_flight=bids_in_flight,
        paused=paused,
        odds=Odds(start_odds, bid_odds),
        contract=contract,
        busy=busy,
    )


def order(price: float, size: float, **changes: object) -> SignedOrder:
    """Build somebody's order; a positive size buys."""
    base = SignedOrder(
        account=MAKER,
        signer=OWNER,
        instrument=ETH_PERPETUAL,
        size=int(size * WAD),
        limit_price=int(price * WAD),
        max_fee=1000,
        expiry=2000,
        nonce=1,
        epoch=0,
        reduce_only=False,
        signature=f"{price}".encode(),
    )
    return replace(base, **changes)


def auction_started(number: int, starter: int, block: int = 1) -> VenueEvent:
    """Tell that an auction was started."""
    args = {"account": number << 96, "id": number, "starter": starter}
    return VenueEvent("LiquidationAuction", "AuctionStarted", block, 0, "tx", args)
