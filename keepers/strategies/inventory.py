"""What the bidder holds and may still take on [USD unless said]. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crossmargin.model.auction import reserved_cash
from crossmargin.model.units import WAD, ZERO, AssetIndex, FeedId, InstrumentId, Wad
from keepers.settings import StrategySettings
from keepers.views import AccountState, AuctionState

__all__ = ["Inventory"]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Positions by instrument (signed base), collateral by asset (value), initial margin that is paid for, cash.

    `credit`: whether a bid may take a loan, as it may at Valid prices only, and not in a pause.
    """

    sizes: Mapping[InstrumentId, Wad]
    collateral: Mapping[AssetIndex, Wad]
    spare: Wad
    cash: Wad
    credit: bool

    @classmethod
    def of(cls, bidder: AccountState, reserve: Wad, *, paused: bool) -> "Inventory":
        """Read the bidder's account; `reserve` is initial-margin excess that is not spent."""
        return cls(
            sizes={leg.instrument: leg.size for leg in bidder.legs},
            collateral={spot.asset: spot.value for spot in bidder.spot},
            spare=Wad(bidder.initial.paid_excess - reserve),
            cash=bidder.cash,
            credit=bidder.initial.prices_valid and not paused,
        )

    def room(
        self, account: AccountState, auction: AuctionState, mids: Mapping[FeedId, Wad], cfg: StrategySettings
    ) -> Wad:
        """Give the largest fraction of the account that every limit allows."""
        limits: list[int] = [WAD, self._margin_room(account, auction)]
        if auction.price > 0:
            limits.append(cfg.max_payment * WAD // auction.price)
            if not (self.credit and account.initial.prices_valid):
                limits.append(self.cash * WAD // auction.price)
        for leg in account.legs:
            limit = cfg.market_limits.get(leg.instrument, cfg.market_limit)
            limits.append(self._leg_room(leg.instrument, leg.size, mids.get(leg.underlying, ZERO), limit))
        for spot in account.spot:
            limit = cfg.collateral_limits.get(spot.asset, cfg.collateral_limit)
            if spot.value > 0:
                limits.append((limit - self.collateral.get(spot.asset, 0)) * WAD // spot.value)
        return Wad(max(0, min(limits)))

    def after(self, account: AccountState, auction: AuctionState, fraction: Wad) -> "Inventory":
        """Give what is held after taking the fraction."""
        sizes, collateral = dict(self.sizes), dict(self.collateral)
        for leg in account.legs:
            sizes[leg.instrument] = Wad(sizes.get(leg.instrument, 0) + leg.size * fraction // WAD)
        for spot in account.spot:
            collateral[spot.asset] = Wad(collateral.get(spot.asset, 0) + spot.value * fraction // WAD)
        spare = Wad(self.spare - _use(account, auction) * fraction // WAD)
        cash = Wad(self.cash - max(0, auction.price) * fraction // WAD)
        return replace(self, sizes=sizes, collateral=collateral, spare=spare, cash=cash)

    def _margin_room(self, account: AccountState, auction: AuctionState) -> Wad:
        use = _use(account, auction)
        return Wad(WAD if use <= 0 else self.spare * WAD // use)

    def _leg_room(self, instrument: InstrumentId, size: Wad, mid: Wad, limit: Wad) -> Wad:
        if size == 0 or mid == 0:
            return Wad(WAD)
        direction = 1 if size > 0 else -1
        held = self.sizes.get(instrument, 0) * direction * mid // WAD
        return Wad((limit - held) * WAD * WAD // (abs(size) * mid))


def _use(account: AccountState, auction: AuctionState) -> Wad:
    """Bound the initial margin that taking the whole account uses up.

    Requirements are subadditive, so the excess after is at least the sum of both excesses less the payment. Unpaid
    profit is left out: contracts that close each other turn it into claims, and it backs no loan.
    """
    return Wad(auction.price - (account.initial.paid_excess - reserved_cash(auction.reserved, account.cash)))
