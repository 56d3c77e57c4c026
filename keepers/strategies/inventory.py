"""What the bidder holds and may still take on. Wad USD unless said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from keepers.settings import StrategySettings
from keepers.units import WAD
from keepers.views import AccountState, AuctionState

__all__ = ["Inventory"]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Positions by instrument (signed base), collateral by asset (value) and spare initial margin."""

    sizes: Mapping[int, int]
    collateral: Mapping[int, int]
    spare: int

    @classmethod
    def of(cls, bidder: AccountState, reserve: int) -> "Inventory":
        """Read the bidder's account; `reserve` is initial-margin excess that is not spent."""
        return cls(
            sizes={leg.instrument: leg.size for leg in bidder.legs},
            collateral={spot.asset: spot.value for spot in bidder.spot},
            spare=bidder.initial.excess - reserve,
        )

    def room(self, account: AccountState, auction: AuctionState, mids: Mapping[int, int], cfg: StrategySettings) -> int:
        """Give the largest fraction of the account [wad] that every limit allows."""
        limits = [WAD, self._margin_room(account, auction)]
        if auction.price > 0:
            limits.append(cfg.max_payment * WAD // auction.price)
        for leg in account.legs:
            limit = cfg.market_limits.get(leg.instrument, cfg.market_limit)
            limits.append(self._leg_room(leg.instrument, leg.size, mids.get(leg.underlying, 0), limit))
        for spot in account.spot:
            limit = cfg.collateral_limits.get(spot.asset, cfg.collateral_limit)
            if spot.value > 0:
                limits.append((limit - self.collateral.get(spot.asset, 0)) * WAD // spot.value)
        return max(0, min(limits))

    def after(self, account: AccountState, auction: AuctionState, fraction: int) -> "Inventory":
        """Give what is held after taking the fraction [wad]."""
        sizes, collateral = dict(self.sizes), dict(self.collateral)
        for leg in account.legs:
            sizes[leg.instrument] = sizes.get(leg.instrument, 0) + leg.size * fraction // WAD
        for spot in account.spot:
            collateral[spot.asset] = collateral.get(spot.asset, 0) + spot.value * fraction // WAD
        return replace(
            self, sizes=sizes, collateral=collateral, spare=self.spare - _use(account, auction) * fraction // WAD
        )

    def _margin_room(self, account: AccountState, auction: AuctionState) -> int:
        use = _use(account, auction)
        return WAD if use <= 0 else self.spare * WAD // use

    def _leg_room(self, instrument: int, size: int, mid: int, limit: int) -> int:
        if size == 0 or mid == 0:
            return WAD
        direction = 1 if size > 0 else -1
        held = self.sizes.get(instrument, 0) * direction * mid // WAD
        return (limit - held) * WAD * WAD // (abs(size) * mid)


def _use(account: AccountState, auction: AuctionState) -> int:
    """Bound the initial margin that taking the whole account uses up.

    Requirements are subadditive, so the excess after is at least the sum of both excesses less the payment.
    """
    return auction.price - (account.initial.excess - auction.reserved)
