"""What a decision is made from, and what it results in. Values only: touches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.units import (
    WAD,
    ZERO,
    AccountId,
    AssetIndex,
    AuctionId,
    FeedId,
    InstrumentId,
    Ppm,
    Seconds,
    StateNonce,
    Wad,
    ceil_div,
)
from keepers.calls import Argument
from keepers.fees import DataPrice, sample
from keepers.offers import Offer
from keepers.units import ActionKey, Address, BlockNumber, Wei
from keepers.views import (
    NOTHING_IN_SIGHT,
    AccountState,
    ArrayState,
    AuctionParams,
    AuctionState,
    ExpiryState,
    InSight,
)

__all__ = [
    "AUCTION_WORDS",
    "Action",
    "ActionKind",
    "AtomicContract",
    "Expiring",
    "Holding",
    "Moment",
    "Odds",
    "Parcel",
    "Snapshot",
    "Wish",
    "gas_units",
    "state_of",
]

_BASE_GAS: Final = Gas(300_000)
_LEG_GAS: Final = Gas(40_000)
_OPTION_GAS: Final = Gas(60_000)
_SPOT_GAS: Final = Gas(30_000)
_NONCE_BYTES: Final = 8
_FILL_LIFE: Final = Seconds(60)
AUCTION_WORDS: Final = 7  # arguments of a bid, the longest call


class ActionKind(StrEnum):
    """What may be done, each a call of the venue; the values are the names that journal and log have."""

    START = "start"
    BID = "bid"
    BUNDLE = "bundle"
    END = "end"
    POKE = "poke"
    REFRESH = "refresh"
    OBSERVE_SETTLEMENT = "observeSettlement"
    FINISH_SETTLEMENT = "finishSettlement"
    EXECUTE = "execute"
    PUSH_FEEDS = "pushFeeds"
    RENEW_ARRAYS = "renewArrays"
    OBSERVE_PRICES = "observePrices"
    POKE_MULTIPLIER = "pokeMultiplier"
    SETTLE = "settle"
    CLOSE = "close"
    REDEEM = "redeem"

    @property
    def contract(self) -> str:
        """The contract that is called."""
        return _CALLS[self][0]

    @property
    def function(self) -> str:
        """The function that is called."""
        return _CALLS[self][1]


_CALLS: Final = {
    ActionKind.START: ("LiquidationAuction", "start"),
    ActionKind.BID: ("LiquidationAuction", "bid"),
    ActionKind.BUNDLE: ("LiquidationAuction", "bidBundle"),
    ActionKind.END: ("LiquidationAuction", "end"),
    ActionKind.POKE: ("LiquidationAuction", "poke"),
    ActionKind.REFRESH: ("OptionOracle", "refresh"),
    ActionKind.OBSERVE_SETTLEMENT: ("Clearinghouse", "observeSettlement"),
    ActionKind.FINISH_SETTLEMENT: ("Clearinghouse", "finishSettlement"),
    ActionKind.EXECUTE: ("KeeperExecutor", "execute"),
    ActionKind.PUSH_FEEDS: ("OracleAdapter", "refresh"),
    ActionKind.RENEW_ARRAYS: ("OptionOracle", "refresh"),
    ActionKind.OBSERVE_PRICES: ("VolatilityForecaster", "observe"),
    ActionKind.POKE_MULTIPLIER: ("RiskSteward", "poke"),
    ActionKind.SETTLE: ("BatchSettler", "settle"),
    ActionKind.CLOSE: ("Exchange", "fill"),
    ActionKind.REDEEM: ("MarginVault", "withdraw"),
}
"""Contract and function of each kind."""


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a start and a bid are to be the first [ppm]."""

    start: Ppm
    bid: Ppm


@dataclass(frozen=True, slots=True)
class AtomicContract:
    """The contract that liquidates without capital: its account, and how it sells what it can, by asset.

    A sale is a token and its pools: of each the token that it gives, and its fee [ppm].
    """

    account: AccountId
    sales: Mapping[AssetIndex, tuple[str, tuple[tuple[str, int], ...]]]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided: time, prices of gas, of data and of the gas token [USD], keys not to be done again."""

    timestamp: Seconds
    gas_price: Wei
    data: DataPrice
    native_price: Wad
    done: frozenset[ActionKey]

    def cost(self, gas: Gas, words: int) -> Wad:
        """Price a transaction's gas and its data, of so many words of arguments [USD], rounded up."""
        wei = gas * self.gas_price + self.data.fee(sample(words))
        return Wad(ceil_div(wei * self.native_price, WAD))

    def wei(self, amount: Wad) -> Wei:
        """Convert USD to wei, rounded down."""
        return Wei(amount * WAD // self.native_price)


@dataclass(frozen=True, slots=True)
class Expiring(Moment):
    """Expiries that somebody holds, from half an hour before them until their average is known."""

    bidder: AccountId
    expiries: tuple[ExpiryState, ...]


@dataclass(frozen=True, slots=True)
class Holding(Moment):
    """What the bidder's account holds, its prices [wad USD], and what is offered to close it.

    `sender` signs; `epoch` is how often the owner has named it as operator, 0 where it is the owner.
    """

    bidder: AccountState
    prices: Mapping[InstrumentId, Wad]
    offers: tuple[Offer, ...]
    sender: Address
    epoch: int

    @property
    def deadline(self) -> Seconds:
        """The last second of a fill that is decided now."""
        return Seconds(self.timestamp + _FILL_LIFE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a pricing model wants of an auction: at most this fraction [wad], at this price of the whole [wad USD].

    No `limit`: the keeper's own.
    """

    fraction: Wad
    limit: Wad | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Parts of legs of an account in auction, and what the venue pays for taking them.

    Instruments ascend; sizes have the legs' signs [wad base].
    """

    account: AccountId
    legs: tuple[tuple[InstrumentId, Wad], ...]
    give_up: Wad


@dataclass(frozen=True, slots=True)
class Snapshot(Moment):
    """The venue at one block, as far as it matters. Prices and amounts USD.

    `paused` while the guardian has paused what adds risk: a bid takes no loan then. `arrays` are those of the option
    series that the accounts hold; the engine counts one as stale when it is older than `array_max_age`, or the index
    has moved further than `array_max_move`. `busy` are accounts that `contract` is taking already. `hedged` is what is
    held elsewhere against the bidder's positions [wad base, the position's sign]; `wishes` are a pricing model's, of
    accounts in auction; `offers` would take what the accounts hold; `parcels` are bundles that the venue would take.
    `in_sight` are losses that lent cash is charged for when it meets a loan in a sale, `own_cash` is `contract`'s.
    """

    block: BlockNumber
    accounts: tuple[AccountState, ...]
    auctions: Mapping[AccountId, AuctionState]
    bidder: AccountState
    mids: Mapping[FeedId, Wad]
    params: AuctionParams
    arrays: Mapping[InstrumentId, ArrayState]
    array_max_age: Seconds
    array_max_move: Ppm
    bids_in_flight: bool
    paused: bool
    odds: Odds
    contract: AtomicContract | None
    busy: frozenset[AccountId]
    hedged: Mapping[InstrumentId, Wad] = field(default_factory=dict)
    wishes: Mapping[AccountId, Wish] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    parcels: Mapping[AccountId, tuple[Parcel, ...]] = field(default_factory=dict)
    in_sight: InSight = NOTHING_IN_SIGHT
    own_cash: Wad = ZERO

    def gas_cost(self, account: AccountState) -> Wad:
        """Estimate what a transaction on an account costs [USD], rounded up."""
        return self.cost(gas_units(account), AUCTION_WORDS)


@dataclass(frozen=True, slots=True)
class Action:
    """One call of the venue, for an account: the auction's, or the bidder's where it is nobody's.

    `expected` is the profit after gas, weighed by the odds [USD]; `gas_budget` is the most gas may cost; `tip` is what
    is offered per gas beside the usual.
    """

    kind: ActionKind
    account: AccountId
    auction: AuctionId
    nonce: StateNonce
    args: tuple[Argument, ...]
    deadline: Seconds
    expected: Wad
    gas_budget: Wei
    tip: Wei

    @property
    def key(self) -> ActionKey:
        """What makes the action one and the same: never done twice for one state of an account."""
        return ActionKey(f"{self.kind}:{self.account:064x}:{self.auction}:{self.nonce}")


def state_of(*parts: object) -> StateNonce:
    """Tell one state of several things from the next, for an action's key."""
    return StateNonce(int.from_bytes(sha256(",".join(map(str, parts)).encode()).digest()[:_NONCE_BYTES]))


def gas_units(account: AccountState) -> Gas:
    """Estimate the gas of an auction call from what the account holds, on the high side."""
    legs = _LEG_GAS * len(account.legs) + _OPTION_GAS * len(account.option_series)
    return Gas(_BASE_GAS + legs + _SPOT_GAS * len(account.spot))
