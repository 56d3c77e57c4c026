"""What a decision is made from, and what it results in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from keepers.units import WAD
from keepers.views import AccountState, ArrayState, AuctionParams, AuctionState, ExpiryState

__all__ = ["Action", "Expiring", "Kind", "Moment", "Snapshot", "gas_units"]

_BASE_GAS = 300_000
_LEG_GAS = 40_000
_OPTION_GAS = 60_000
_SPOT_GAS = 30_000


class Kind(StrEnum):
    """Calls of the auction, and some of other contracts; the values are the functions' names."""

    START = "start"
    BID = "bid"
    END = "end"
    POKE = "poke"
    REFRESH = "refresh"
    START_SETTLEMENT = "startSettlement"
    FINISH_SETTLEMENT = "finishSettlement"

    @property
    def contract(self) -> str:
        """The contract that is called."""
        if self is Kind.REFRESH:
            return "OptionOracle"
        return "Clearinghouse" if self in {Kind.START_SETTLEMENT, Kind.FINISH_SETTLEMENT} else "LiquidationAuction"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided: time [s], gas price [wei], price of its token [wad USD], keys not to be done again."""

    timestamp: int
    gas_price: int
    native_price: int
    done: frozenset[str]

    def cost(self, gas: int) -> int:
        """Price gas [wad USD], rounded up."""
        return -(-gas * self.gas_price * self.native_price // WAD)

    def wei(self, amount: int) -> int:
        """Convert wad USD to wei, rounded down."""
        return amount * WAD // self.native_price


@dataclass(frozen=True, slots=True)
class Expiring(Moment):
    """Expiries that somebody holds, from half an hour before them until their average is known."""

    bidder: int
    expiries: tuple[ExpiryState, ...]


@dataclass(frozen=True, slots=True)
class Snapshot(Moment):
    """The venue at one block, as far as it matters. Prices and amounts wad USD.

    `arrays` are those of the option series that the accounts hold; the engine counts one as stale when it is older than
    `array_max_age` [s], or the index has moved further than `array_max_move` [ppm].
    """

    block: int
    accounts: tuple[AccountState, ...]
    auctions: Mapping[int, AuctionState]
    bidder: AccountState
    mids: Mapping[int, int]
    params: AuctionParams
    arrays: Mapping[int, ArrayState]
    array_max_age: int
    array_max_move: int
    bids_in_flight: bool

    def gas_cost(self, account: AccountState) -> int:
        """Estimate what a transaction on an account costs [wad USD], rounded up."""
        return self.cost(gas_units(account))


@dataclass(frozen=True, slots=True)
class Action:
    """One call of the venue, for an account: the auction's, or the bidder's where it is nobody's.

    `expected` is the profit after gas [wad USD]; `gas_budget` is the most gas may cost [wei].
    """

    kind: Kind
    account: int
    auction: int
    nonce: int
    args: tuple[int | tuple[int, ...], ...]
    deadline: int
    expected: int
    gas_budget: int

    @property
    def key(self) -> str:
        """What makes the action one and the same: never done twice for one state of an account."""
        return f"{self.kind}:{self.account:064x}:{self.auction}:{self.nonce}"


def gas_units(account: AccountState) -> int:
    """Estimate the gas of an auction call from what the account holds, on the high side."""
    legs = _LEG_GAS * len(account.legs) + _OPTION_GAS * len(account.option_series)
    return _BASE_GAS + legs + _SPOT_GAS * len(account.spot)
