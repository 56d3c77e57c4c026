"""The venue's state rebuilt from its events, block by block, and undone when blocks are."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar

from crossmargin.model.instruments import decode, expiry_key
from crossmargin.model.positions import SETTLEMENT_WINDOW
from crossmargin.model.units import InstrumentId, Wad
from keepers.abi import Event
from keepers.errors import MirrorError
from keepers.mirror.state import (
    Asset,
    Cash,
    Globals,
    Indices,
    Market,
    Position,
    Underlying,
    Window,
    underlying_params,
)
from keepers.views import AccountState, ExpiryState, expiry_of, is_option

__all__ = ["Ledger"]

K = TypeVar("K")
V = TypeVar("V")
_RAY: Final = 10**27
_GENESIS: Final = Indices(_RAY, _RAY, 0, 0.0, 0.0)
_Undo = Callable[[], None]


class Ledger:
    """Accounts, markets and parameters. `touched` and `stale` collect accounts for the screen and for the healer."""

    def __init__(self, quote_token: str, depth: int) -> None:
        """Start empty; keep `depth` blocks that can be undone."""
        self.cash: dict[int, Cash] = {}
        self.collateral: dict[tuple[int, int], int] = {}
        self.positions: dict[tuple[int, int], Position] = {}
        self.assets: dict[int, Asset] = {}
        self.markets: dict[int, Market] = {}
        self.underlyings: dict[int, Underlying] = {}
        self.offsets: dict[int, int] = {}
        self.parameters: dict[str, Globals] = {}
        self.volatility: dict[str, str] = {}
        self.oracles: dict[str, tuple[str, str]] = {}
        self.windows: dict[int, Window] = {}
        self.interest: dict[str, Indices] = {}
        self.auctions: dict[int, int] = {}
        self.touched: set[int] = set()
        self.stale: set[int] = set()
        self._quote = quote_token.lower()
        self._assets_of: dict[int, set[int]] = {}
        self._legs_of: dict[int, set[int]] = {}
        self._undo: deque[tuple[int, list[_Undo]]] = deque(maxlen=depth + 1)
        self._time = 0
        self._handlers: dict[str, Callable[[dict[str, Any]], None]] = {
            "CashChanged": self._cash_changed,
            "Deposited": self._deposited,
            "Withdrawn": self._withdrawn,
            "CollateralMoved": self._collateral_moved,
            "InterestAccrued": self._interest_accrued,
            "LossSocialised": self._loss_socialised,
            "AssetListed": self._asset_listed,
            "PositionChanged": self._position_changed,
            "InstrumentListed": self._instrument_listed,
            "OraclesSet": self._oracles_set,
            "FundingUpdated": self._funding_updated,
            "MarketLossShared": self._loss_shared,
            "SettlementStarted": self._settlement_started,
            "SettlementFinished": self._settlement_finished,
            "UnderlyingSet": self._underlying_set,
            "GroupSet": self._group_set,
            "GlobalSet": self._global_set,
            "VolatilitySourceSet": self._volatility_set,
            "AuctionStarted": self._auction_started,
            "AuctionEnded": self._auction_ended,
        }

    @property
    def indices(self) -> Indices:
        """Interest indices when last accrued."""
        return self.interest.get("", _GENESIS)

    @property
    def accounts(self) -> set[int]:
        """Accounts that ever held anything."""
        return self.cash.keys() | self._assets_of.keys() | self._legs_of.keys()

    def assets_of(self, account: int) -> set[int]:
        """Assets the account has held."""
        return self._assets_of.get(account, set())

    def legs_of(self, account: int) -> set[int]:
        """Instruments the account has held."""
        return self._legs_of.get(account, set())

    def open_options(self) -> list[int]:
        """List calls and puts whose final price is not known."""
        return [key for key, market in self.markets.items() if is_option(key) and market.final_price is None]

    def ending(self, instruments: Iterable[int], time: int) -> list[ExpiryState]:
        """List the expiries that are averaged at a time [s] or should have been, by one of the given instruments each.

        Those of a known average are left out.
        """
        due = {expiry_key(key): key for key in instruments if self._is_due(key, time)}
        return [self._expiry(instrument) for instrument in due.values()]

    def _is_due(self, instrument: int, time: int) -> bool:
        market = self.markets.get(instrument)  # a reorganisation may have taken the listing back
        if market is None or market.final_price is not None:
            return False
        return 0 < expiry_of(instrument) <= time + SETTLEMENT_WINDOW

    def _expiry(self, instrument: int) -> ExpiryState:
        """Tell when averaging began; by another oracle is not at all."""
        window = self.windows.get(expiry_key(instrument), Window(0, ""))
        return ExpiryState(instrument, window.start if window.oracle == self._oracle() else 0, window.start)

    def apply(self, block: int, timestamp: int, events: Iterable[Event]) -> None:
        """Apply a block's events in order; the timestamp is 0 where blocks came as a range."""
        self._time = timestamp
        self._undo.append((block, []))
        for event in events:
            handler = self._handlers.get(event.name)
            if handler is not None:
                handler(event.args)

    def undo_after(self, block: int) -> None:
        """Take back every block above `block`; what healing had corrected there is to be healed again."""
        while self._undo and self._undo[-1][0] > block:
            for undo in reversed(self._undo.pop()[1]):
                undo()

    def heal(self, state: AccountState) -> None:
        """Take an account as the chain has it."""
        account = state.account
        self._set_cash(account, state.cash)
        held = {spot.asset: spot.amount for spot in state.spot}
        for asset in self.assets_of(account) | held.keys():
            self._set_collateral(account, asset, held.get(asset, 0))
        legs = {leg.instrument: Position(leg.size, leg.basis, leg.pending_loss) for leg in state.legs}
        for instrument in self.legs_of(account) | legs.keys():
            self._set_position(account, instrument, legs.get(instrument, Position(0, 0)))
        self.stale.discard(account)

    def set_decimals(self, asset: int, decimals: int) -> None:
        """Complete a listed asset; its event does not name the decimals."""
        self.assets[asset] = replace(self.assets[asset], decimals=decimals)

    def set_market(self, instrument: int, market: Market) -> None:
        """Take a market's funding as the chain has it."""
        self._put(self.markets, instrument, market)

    def set_indices(self, supply: int, borrow: int, time: int) -> None:
        """Take the interest indices at a time [s], and their growth since the time before."""
        old = self.indices
        passed = time - old.time if old.time and time else 0
        supply_growth, borrow_growth = old.supply_growth, old.borrow_growth
        if passed > 0:
            supply_growth = max(0.0, (supply / old.supply - 1) / passed)
            borrow_growth = max(0.0, (borrow / old.borrow - 1) / passed)
        self._put(self.interest, "", Indices(supply, borrow, time, supply_growth, borrow_growth))

    def _put(self, table: dict[K, V], key: K, value: V) -> None:
        """Write a cell so that it can be undone."""
        if self._undo:
            old = table.get(key)
            undo = (lambda: table.pop(key, None)) if old is None else (lambda: table.__setitem__(key, old))
            self._undo[-1][1].append(undo)  # type: ignore[arg-type]
        table[key] = value

    def _touch(self, account: int) -> None:
        self.touched.add(account)
        if self._undo:
            self._undo[-1][1].append(lambda: self._restored(account))

    def _restored(self, account: int) -> None:
        self.touched.add(account)
        self.stale.add(account)

    def _set_cash(self, account: int, amount: int) -> None:
        self._put(self.cash, account, Cash(amount, self.index_now(amount)))
        self._touch(account)

    def index_now(self, amount: int) -> int:
        """Give the index of a balance of this sign, grown since the last accrual as it grew before."""
        indices = self.indices
        passed = max(0, self._time - indices.time) if indices.time and self._time else 0
        growth = indices.supply_growth if amount >= 0 else indices.borrow_growth
        return int(indices.of(amount) * (1 + growth * passed))

    def _set_collateral(self, account: int, asset: int, amount: int) -> None:
        self._put(self.collateral, (account, asset), amount)
        self._assets_of.setdefault(account, set()).add(asset)
        self._touch(account)

    def _set_position(self, account: int, instrument: int, position: Position) -> None:
        self._put(self.positions, (account, instrument), position)
        self._legs_of.setdefault(account, set()).add(instrument)
        self._touch(account)

    def _cash_changed(self, args: dict[str, Any]) -> None:
        self._set_cash(args["account"], args["cash"])

    def _deposited(self, args: dict[str, Any]) -> None:
        self._add_collateral(args["account"], args["token"], args["amount"])

    def _withdrawn(self, args: dict[str, Any]) -> None:
        self._add_collateral(args["account"], args["token"], -args["amount"])

    def _collateral_moved(self, args: dict[str, Any]) -> None:
        self._add_collateral(args["from"], args["token"], -args["amount"])
        self._add_collateral(args["to"], args["token"], args["amount"])

    def _add_collateral(self, account: int, token: str, amount: int) -> None:
        if token == self._quote:
            return
        asset = next((index for index, one in self.assets.items() if one.token == token), None)
        if asset is None:
            msg = f"collateral {token} was never listed"
            raise MirrorError(msg)
        self._set_collateral(account, asset, self.collateral.get((account, asset), 0) + amount)

    def _interest_accrued(self, args: dict[str, Any]) -> None:
        self.set_indices(args["supplyIndex"], args["borrowIndex"], self._time)

    def _loss_socialised(self, args: dict[str, Any]) -> None:
        self._put(self.interest, "", replace(self.indices, supply=args["supplyIndex"]))

    def _asset_listed(self, args: dict[str, Any]) -> None:
        self._put(self.assets, args["index"], Asset(args["token"], args["feedId"], args["underlying"], 18))

    def _position_changed(self, args: dict[str, Any]) -> None:
        # writing a position collects its share of losses, so none is pending after
        self._set_position(args["account"], args["id"], Position(args["size"], args["basis"]))

    def _instrument_listed(self, args: dict[str, Any]) -> None:
        self._put(self.markets, args["id"], Market(0, 0, self._time))

    def _oracles_set(self, args: dict[str, Any]) -> None:
        self._put(self.oracles, "", (args["oracle"], args["options"]))

    def _market(self, instrument: int) -> Market:
        market = self.markets.get(instrument)
        if market is None:
            msg = f"instrument {instrument} was never listed"
            raise MirrorError(msg)
        return market

    def _funding_updated(self, args: dict[str, Any]) -> None:
        market = self._market(args["id"])
        changed = replace(market, funding=args["fundingIndex"], rate=args["fundingRate"], time=self._time)
        self._put(self.markets, args["id"], changed)

    def _loss_shared(self, args: dict[str, Any]) -> None:
        for (account, instrument), position in self.positions.items():
            pays = position.basis < 0 if position.size == 0 else (position.size > 0) == args["longsPay"]
            if instrument == args["id"] and pays:
                self.stale.add(account)

    def _settlement_started(self, args: dict[str, Any]) -> None:
        self._put(self.windows, expiry_key(args["id"]), Window(args["time"], self._oracle()))

    def _oracle(self) -> str:
        return self.oracles.get("", ("", ""))[0]

    def _settlement_finished(self, args: dict[str, Any]) -> None:
        """All instruments of the expiry pay by its average, finished or not."""
        for key, market in list(self.markets.items()):
            if market.final_price is None and expiry_key(key) == expiry_key(args["id"]):
                paid = decode(InstrumentId(key)).payoff(Wad(args["average"]))
                self._put(self.markets, key, replace(market, final_price=paid))

    def _underlying_set(self, args: dict[str, Any]) -> None:
        self._put(self.underlyings, args["underlying"], underlying_params(args["params"]))

    def _group_set(self, args: dict[str, Any]) -> None:
        self._put(self.offsets, args["group"], args["params"]["rhoMaintenance"])

    def _global_set(self, args: dict[str, Any]) -> None:
        names = ("staleMultiplier", "maxMultiplier", "arrayMaxAge", "arrayMaxMove")
        self._put(self.parameters, "", Globals(*(args["params"][name] for name in names)))

    def _volatility_set(self, args: dict[str, Any]) -> None:
        self._put(self.volatility, "", args["source"])

    def _auction_started(self, args: dict[str, Any]) -> None:
        self._put(self.auctions, args["account"], args["id"])

    def _auction_ended(self, args: dict[str, Any]) -> None:
        self._put(self.auctions, args["account"], 0)
