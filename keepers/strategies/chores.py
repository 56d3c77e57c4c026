"""What anybody may do for the venue and nobody is paid for: feeds, arrays, forecasts, settlements. Pure.

Beside it what the bidder has bought of other chains' collateral is sent home.

Each is switched on by itself, and sent while its gas costs no more than it may.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.freshness import GRID, Said, TapeReading, feed_due, observable
from crossmargin.model.instruments import split_account_id
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import (
    ZERO,
    AccountId,
    AuctionId,
    FeedId,
    InstrumentId,
    Seconds,
    StateNonce,
    TokenUnits,
    Wad,
)
from keepers.calls import Argument
from keepers.settings import ChoreSettings
from keepers.strategies.model import Action, ActionKind, Moment, state_of
from keepers.units import Address, Wei

__all__ = [
    "BATCH",
    "NOTHING_HELD",
    "Chores",
    "FeedState",
    "HeldReceipt",
    "Holder",
    "OverState",
    "Redeemable",
    "TapeState",
    "do_chores",
    "feeds_due",
    "tapes_due",
]

_BASE_GAS: Final = Gas(60_000)
_FEED_GAS: Final = Gas(100_000)  # of up to three sources
_ARRAY_GAS: Final = Gas(120_000)
_TAPE_GAS: Final = Gas(120_000)
_FOREST_GAS: Final = Gas(800_000)  # of a poke in whose hour the forest speaks
_LEG_GAS: Final = Gas(120_000)
_REDEEM_GAS: Final = Gas(500_000)  # of an account with many legs
_ARRAYS: Final = 40  # of one transaction
_LIST_WORDS: Final = 2
BATCH: Final = 64
"""Most accounts that the batch settler takes."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed: what is stored, what a refresh would store now, its longest age [s]; `near` if somebody near depends."""

    stored: Said
    now: Said
    max_age: Seconds
    near: bool


@dataclass(frozen=True, slots=True)
class TapeState:
    """What was observed of an underlying, and whether its multiplier follows forecasts."""

    tape: TapeReading
    steered: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose position is to be settled; with its state if it was refused before, else 0."""

    account: AccountId
    state: StateNonce


@dataclass(frozen=True, slots=True)
class OverState:
    """A market that is over: whom the venue would settle now, losers first, and how many positions are left of it."""

    instrument: InstrumentId
    holders: tuple[Holder, ...]
    left: int


@dataclass(frozen=True, slots=True)
class HeldReceipt:
    """Receipts for a token on another chain that the bidder holds, and their value at mid [USD]."""

    token: Address
    amount: TokenUnits
    value: Wad


@dataclass(frozen=True, slots=True)
class Redeemable:
    """What the bidder holds of receipts, and how much of its margin it can spare for taking them out [USD]."""

    spare: Wad
    held: tuple[HeldReceipt, ...]


NOTHING_HELD: Final = Redeemable(ZERO, ())


@dataclass(frozen=True, slots=True)
class Chores(Moment):
    """What of the venue ages or is over; empty where it is not looked at.

    `aged` are options held whose arrays are to be refreshed, with the time of these, for at most `refresh_cost` each.
    """

    bidder: AccountId
    deadline: Seconds
    refresh_cost: Wad
    feeds: Mapping[FeedId, FeedState]
    tapes: Mapping[FeedId, TapeState]
    aged: Mapping[InstrumentId, Seconds]
    over: tuple[OverState, ...]
    receipts: Redeemable


def do_chores(now: Chores, cfg: ChoreSettings) -> list[Action]:
    """Give what is due and not too dear: at most one transaction of feeds, one of arrays and one of a settlement."""
    found = (
        *_feeds(now, cfg),
        *_arrays(now, cfg),
        *_volatility(now, cfg),
        *_settlements(now, cfg),
        *_redemptions(now, cfg),
    )
    return [action for action in found if action.key not in now.done]


def feeds_due(now: Chores, cfg: ChoreSettings) -> list[FeedId]:
    """List the feeds whose refresh matters; by less where somebody near liquidation depends on one."""
    return [
        feed
        for feed, each in now.feeds.items()
        if feed_due(
            each.stored,
            each.now,
            now.timestamp,
            each.max_age,
            min(cfg.deviation_ppm, cfg.near_deviation_ppm) if each.near else cfg.deviation_ppm,
        )
    ]


def tapes_due(now: Chores) -> list[FeedId]:
    """List the underlyings of which the forecaster would take the price that is stored."""
    return [
        feed
        for feed, each in now.tapes.items()
        if feed in now.feeds
        and (stored := now.feeds[feed].stored).status is PriceStatus.VALID
        and observable(each.tape, now.timestamp, new=stored.time > each.tape.time)
    ]


def _feeds(now: Chores, cfg: ChoreSettings) -> Iterator[Action]:
    due = feeds_due(now, cfg) if cfg.push_feeds else []
    if due:
        state = [(feed, now.feeds[feed].stored.time, now.feeds[feed].stored.status) for feed in due]
        gas = Gas(_BASE_GAS + _FEED_GAS * len(due))
        yield from _within(now, ActionKind.PUSH_FEEDS, (tuple(due),), gas, Wad(cfg.push_cost * len(due)), *state)


def _arrays(now: Chores, cfg: ChoreSettings) -> Iterator[Action]:
    due = list(now.aged.items())[:_ARRAYS] if cfg.renew_arrays else []
    if due:
        gas, series = Gas(_BASE_GAS + _ARRAY_GAS * len(due)), tuple(one for one, _ in due)
        yield from _within(now, ActionKind.RENEW_ARRAYS, (series,), gas, Wad(now.refresh_cost * len(due)), *due)


def _volatility(now: Chores, cfg: ChoreSettings) -> Iterator[Action]:
    """Poke where there is a forecast to follow, each alone as one may be refused; observe all others together."""
    due, step = tapes_due(now) if cfg.observe_volatility else [], now.timestamp // GRID
    poked = [feed for feed in due if now.tapes[feed].steered and now.tapes[feed].tape.ready]
    for feed in poked:
        gas = Gas(_BASE_GAS + _TAPE_GAS + _FOREST_GAS)
        yield from _within(now, ActionKind.POKE_MULTIPLIER, ((feed,),), gas, cfg.volatility_cost, feed, step)
    others = tuple(feed for feed in due if feed not in poked)
    if others:
        gas, most = Gas(_BASE_GAS + _TAPE_GAS * len(others)), Wad(cfg.volatility_cost * len(others))
        yield from _within(now, ActionKind.OBSERVE_PRICES, (others,), gas, most, *others, step)


def _settlements(now: Chores, cfg: ChoreSettings) -> Iterator[Action]:
    """Settle a batch of one market: losers fill the pool that winners are paid from.

    Whoever was refused once is tried again as it is now.
    """
    for one in now.over if cfg.settle else ():
        batch = one.holders[:BATCH]
        if not batch:
            continue
        accounts = tuple(holder.account for holder in batch)
        gas, most = Gas(_BASE_GAS + _LEG_GAS * len(accounts)), Wad(cfg.settle_cost * len(accounts))
        state = (one.instrument, *accounts, *(holder.state for holder in batch if holder.state))
        found = list(_within(now, ActionKind.SETTLE, (one.instrument, accounts), gas, most, *state))
        if any(action.key not in now.done for action in found):
            yield from found
            return


def _redemptions(now: Chores, cfg: ChoreSettings) -> Iterator[Action]:
    """Take receipts out whole, to the account's owner, where margin can spare all that they are worth."""
    spare, owner = now.receipts.spare, Address(f"0x{split_account_id(now.bidder)[0]:040x}")
    for one in now.receipts.held if cfg.redeem_receipts else ():
        if cfg.redeem_least <= one.value <= spare:
            spare = Wad(spare - one.value)
            args = (now.bidder, one.token, one.amount, owner)
            yield from _within(now, ActionKind.REDEEM, args, _REDEEM_GAS, cfg.redeem_cost, one.token, one.amount)


def _within(
    now: Chores, kind: ActionKind, args: tuple[Argument, ...], gas: Gas, most: Wad, *state: object
) -> Iterator[Action]:
    """Make an action of a state, if it costs at most so much [USD]."""
    words = _LIST_WORDS + sum(len(one) if isinstance(one, tuple) else 1 for one in args)
    cost = now.cost(gas, words)
    if cost <= most:
        yield Action(
            kind=kind,
            account=now.bidder,
            auction=AuctionId(0),
            nonce=state_of(*state),
            args=args,
            deadline=now.deadline,
            expected=Wad(-cost),
            gas_budget=now.wei(most),
            tip=Wei(0),
        )
