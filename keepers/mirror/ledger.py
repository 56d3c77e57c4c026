"""The venue's state rebuilt from its events, block by block, and undone when blocks are. Reads no chain and no file."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from crossmargin.model.arrays import RiskArray
from crossmargin.model.funding import index_at
from crossmargin.model.instruments import decode, expiry_key
from crossmargin.model.ledger import LossRecord
from crossmargin.model.parameters import GroupOffsets, RiskParams, UnderlyingParams
from crossmargin.model.positions import is_averaged
from crossmargin.model.units import (
    EPOCH,
    NO_PPM,
    ZERO,
    AccountId,
    AssetIndex,
    AuctionId,
    FeedId,
    InstrumentId,
    Ray,
    Seconds,
    TokenUnits,
    Wad,
)
from keepers.abi import VenueEvent
from keepers.errors import MirrorError
from keepers.mirror.accounts import Accounts
from keepers.mirror.losses import after_loss, record_of
from keepers.mirror.state import (
    Asset,
    Indices,
    MarketState,
    Oracles,
    VenueState,
    Window,
    engine_limits,
    underlying_params,
)
from keepers.mirror.undo import UndoLog
from keepers.units import Address, BlockNumber, Blocks, Decimals
from keepers.views import AccountState, ExpiryState, is_option

__all__ = ["Ledger"]

_DECIMALS = Decimals(18)  # until the chain was asked
_NO_WINDOW = Window(0, EPOCH, Address(""))


class Ledger:
    """Accounts, markets and parameters."""

    def __init__(self, quote_token: Address, depth: Blocks) -> None:
        """Start empty; keep `depth` blocks that can be undone."""
        self.venue = VenueState()
        self.assets: dict[AssetIndex, Asset] = {}
        self.markets: dict[InstrumentId, MarketState] = {}
        self.underlyings: dict[FeedId, UnderlyingParams] = {}
        self.offsets: dict[int, GroupOffsets] = {}
        self.arrays: dict[InstrumentId, RiskArray] = {}
        self.windows: dict[int, Window] = {}  # by expiry key
        self.auctions: dict[AccountId, AuctionId] = {}
        self._quote = Address(quote_token.lower())
        self._undo = UndoLog(depth)
        self.accounts = Accounts(self._undo)
        self._time = EPOCH
        self._handlers: dict[str, Callable[[dict[str, Any]], None]] = {
            "CashChanged": self._cash_changed,
            "Deposited": self._deposited,
            "Withdrawn": self._withdrawn,
            "CollateralMoved": self._collateral_moved,
            "InterestAccrued": self._interest_accrued,
            "LossSocialised": self._loss_socialised,
            "PausedUntil": self._paused_until,
            "AssetListed": self._asset_listed,
            "PositionChanged": self._position_changed,
            "InstrumentListed": self._instrument_listed,
            "OraclesSet": self._oracles_set,
            "FundingUpdated": self._funding_updated,
            "ClaimsChanged": self._claims_changed,
            "LossShared": self._loss_shared,
            "ArrayRefreshed": self._array_refreshed,
            "IndexObserved": self._index_observed,
            "IndexDoubted": self._index_observed,
            "SettlementFinished": self._settlement_finished,
            "UnderlyingSet": self._underlying_set,
            "GroupSet": self._group_set,
            "GlobalSet": self._global_set,
            "VolatilitySourceSet": self._volatility_set,
            "AuctionStarted": self._auction_started,
            "AuctionEnded": self._auction_ended,
        }

    def live_auctions(self) -> list[AccountId]:
        """List the accounts in auction."""
        return [account for account, auction in self.auctions.items() if auction]

    def risk_params(self) -> RiskParams | None:
        """Give the whole risk configuration; None until the engine's limits were set."""
        limits = self.venue.limits
        return None if limits is None else RiskParams(self.underlyings, self.offsets, **asdict(limits))

    def open_options(self, held: Iterable[InstrumentId]) -> list[InstrumentId]:
        """Pick calls and puts whose final price is not known."""
        markets = ((key, self.markets.get(key)) for key in held if is_option(key))
        return [key for key, market in markets if market is not None and market.final_price is None]

    def ending(self, instruments: Iterable[InstrumentId], time: Seconds) -> list[ExpiryState]:
        """List the expiries that are averaged at a time or should have been, by one of the given instruments each.

        Those of a known average are left out.
        """
        due = {expiry_key(key): key for key in instruments if self._is_due(key, time)}
        return [self._expiry(instrument) for instrument in due.values()]

    def _is_due(self, instrument: InstrumentId, time: Seconds) -> bool:
        market = self.markets.get(instrument)  # a reorganisation may have taken the listing back
        if market is None or market.final_price is not None:
            return False
        return is_averaged(decode(instrument), time)

    def _expiry(self, instrument: InstrumentId) -> ExpiryState:
        """Tell what was observed; of another oracle is nothing."""
        window = self.windows.get(expiry_key(instrument), _NO_WINDOW)
        current = window.oracle == self.venue.oracles.prices
        return ExpiryState(instrument, window.observations if current else 0, window.last)

    def apply(self, block: BlockNumber, timestamp: Seconds, events: Iterable[VenueEvent]) -> None:
        """Apply a block's events in order; the timestamp is 0 where blocks came as a range."""
        self._time = timestamp
        self._undo.begin(block)
        for event in events:
            handler = self._handlers.get(event.name)
            if handler is not None:
                handler(event.args)

    def undo_after(self, block: BlockNumber) -> None:
        """Take back every block above `block`; what healing had corrected there is to be healed again."""
        self._undo.undo_after(block)

    def heal(self, state: AccountState) -> None:
        """Take an account as the chain has it."""
        self.accounts.heal(state, self.index_now(state.cash))

    def set_decimals(self, asset: AssetIndex, decimals: Decimals) -> None:
        """Complete a listed asset; its event does not name the decimals."""
        self.assets[asset] = replace(self.assets[asset], decimals=decimals)

    def set_market(self, instrument: InstrumentId, market: MarketState) -> None:
        """Take a market's funding as the chain has it."""
        self._undo.put(self.markets, instrument, market)

    def set_indices(self, supply: Ray, borrow: Ray, time: Seconds) -> None:
        """Take the interest indices at a time, and their growth since the time before."""
        old = self.venue.indices
        passed = time - old.time if old.time and time else 0
        supply_growth, borrow_growth = old.supply_growth, old.borrow_growth
        if passed > 0:
            supply_growth = max(0.0, (supply / old.supply - 1) / passed)
            borrow_growth = max(0.0, (borrow / old.borrow - 1) / passed)
        indices = Indices(supply, borrow, time, supply_growth, borrow_growth)
        self._set_venue(replace(self.venue, indices=indices))

    def _set_venue(self, venue: VenueState) -> None:
        """Write the venue's record so that it can be undone."""
        self._undo.note(partial(setattr, self, "venue", self.venue))
        self.venue = venue

    def index_now(self, amount: Wad) -> Ray:
        """Give the index of a balance of this sign, grown since the last accrual as it grew before."""
        indices = self.venue.indices
        passed = max(0, self._time - indices.time) if indices.time and self._time else 0
        growth = indices.supply_growth if amount >= 0 else indices.borrow_growth
        return Ray(int(indices.of(amount) * (1 + growth * passed)))

    def _cash_changed(self, args: dict[str, Any]) -> None:
        amount = args["cash"]
        self.accounts.set_cash(args["account"], amount, self.index_now(amount))

    def _deposited(self, args: dict[str, Any]) -> None:
        self._add_collateral(args["account"], args["token"], args["amount"])

    def _withdrawn(self, args: dict[str, Any]) -> None:
        self._add_collateral(args["account"], args["token"], -args["amount"])

    def _collateral_moved(self, args: dict[str, Any]) -> None:
        self._add_collateral(args["from"], args["token"], -args["amount"])
        self._add_collateral(args["to"], args["token"], args["amount"])

    def _add_collateral(self, account: AccountId, token: Address, change: TokenUnits) -> None:
        if token == self._quote:
            return
        asset = next((index for index, one in self.assets.items() if one.token == token), None)
        if asset is None:
            msg = f"collateral {token} was never listed"
            raise MirrorError(msg)
        self.accounts.add_collateral(account, asset, change)

    def _interest_accrued(self, args: dict[str, Any]) -> None:
        self.set_indices(args["supplyIndex"], args["borrowIndex"], self._time)

    def _loss_socialised(self, args: dict[str, Any]) -> None:
        indices = replace(self.venue.indices, supply=args["supplyIndex"])
        self._set_venue(replace(self.venue, indices=indices))

    def _paused_until(self, args: dict[str, Any]) -> None:
        self._set_venue(replace(self.venue, paused_until=args["time"]))

    def _asset_listed(self, args: dict[str, Any]) -> None:
        self._undo.put(self.assets, args["index"], Asset(args["token"], args["feedId"], args["underlying"], _DECIMALS))

    def _position_changed(self, args: dict[str, Any]) -> None:
        self._change_position(args, size=args["size"], basis=args["basis"])

    def _claims_changed(self, args: dict[str, Any]) -> None:
        closed = args["longClaim"], args["shortClaim"]
        claims, debts = (Wad(sum(max(0, sign * amount) for amount in closed)) for sign in (1, -1))
        self._change_position(args, claims=claims, debts=debts)

    def _change_position(self, args: dict[str, Any], **changes: Wad) -> None:
        account, instrument = args["account"], args["id"]
        self.accounts.set_position(account, instrument, replace(self.accounts.position(account, instrument), **changes))

    def _instrument_listed(self, args: dict[str, Any]) -> None:
        self._undo.put(self.markets, args["id"], MarketState(ZERO, NO_PPM, self._time))

    def _oracles_set(self, args: dict[str, Any]) -> None:
        self._set_venue(replace(self.venue, oracles=Oracles(args["oracle"], args["options"])))

    def _market(self, instrument: InstrumentId) -> MarketState:
        market = self.markets.get(instrument)
        if market is None:
            msg = f"instrument {instrument} was never listed"
            raise MirrorError(msg)
        return market

    def _funding_updated(self, args: dict[str, Any]) -> None:
        market = self._market(args["id"])
        changed = replace(market, funding=args["fundingIndex"], rate=args["fundingRate"], time=self._time)
        self._undo.put(self.markets, args["id"], changed)

    def _loss_shared(self, args: dict[str, Any]) -> None:
        """Take its share off everybody who bears the loss; who bears what no event tells is in doubt."""
        if args["perUnit"] == 0:
            return
        record, legs = self._record(args), self.accounts.legs
        for row, position in legs.bearers(args["id"], longs_pay=args["longsPay"]):
            account = self.accounts.ids[row]
            left = None if record is None else after_loss(position, record)
            if left is None:
                self.accounts.stale.add(account)
            elif left != position:
                self.accounts.set_position(account, args["id"], left)

    def _record(self, args: dict[str, Any]) -> LossRecord | None:
        """Make the record of a shared loss; None where funding has grown for a time that is not known."""
        market, price = self._market(args["id"]), args["price"]
        if market.rate and not (self._time and market.time):
            return None
        passed = Seconds(max(0, self._time - market.time))
        funding = index_at(market.funding, market.rate, price, passed) if market.rate else market.funding
        return record_of(args["perUnit"], price, funding, longs_pay=args["longsPay"])

    def _array_refreshed(self, args: dict[str, Any]) -> None:
        self._undo.put(self.arrays, args["id"], RiskArray.unpack(args["meta"], args["nodes"]))

    def _index_observed(self, args: dict[str, Any]) -> None:
        """Count observations; a doubt is none, but another state."""
        count = args.get("observations", self._expiry(args["id"]).observations)
        window = Window(count, args["time"], self.venue.oracles.prices)
        self._undo.put(self.windows, expiry_key(args["id"]), window)

    def _settlement_finished(self, args: dict[str, Any]) -> None:
        """All instruments of the expiry pay by its average, finished or not."""
        for key, market in list(self.markets.items()):
            if market.final_price is None and expiry_key(key) == expiry_key(args["id"]):
                paid = decode(key).payoff(Wad(args["average"]))
                self._undo.put(self.markets, key, replace(market, final_price=paid))

    def _underlying_set(self, args: dict[str, Any]) -> None:
        self._undo.put(self.underlyings, args["underlying"], underlying_params(args["params"]))

    def _group_set(self, args: dict[str, Any]) -> None:
        params = args["params"]
        offsets = GroupOffsets(params["rhoMaintenance"], params["rhoInitial"])
        self._undo.put(self.offsets, args["group"], offsets)

    def _global_set(self, args: dict[str, Any]) -> None:
        self._set_venue(replace(self.venue, limits=engine_limits(args["params"])))

    def _volatility_set(self, args: dict[str, Any]) -> None:
        self._set_venue(replace(self.venue, volatility_source=args["source"]))

    def _auction_started(self, args: dict[str, Any]) -> None:
        self._undo.put(self.auctions, args["account"], args["id"])

    def _auction_ended(self, args: dict[str, Any]) -> None:
        self._undo.put(self.auctions, args["account"], AuctionId(0))
