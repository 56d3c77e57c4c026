"""What the bidder holds and may still take on [USD unless said]. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from crossmargin.model.auction import reserved_cash
from crossmargin.model.instruments import Kind, decode
from crossmargin.model.units import PPM, WAD, ZERO, AssetIndex, FeedId, InstrumentId, Wad, ceil_div
from keepers.strategy_settings import StrategySettings
from keepers.views import AccountState, AuctionState, LegState

__all__ = ["Inventory", "exposures"]

_NOTHING: Final[Mapping[InstrumentId, Wad]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Inventory:
    """Positions by instrument (signed base), collateral by asset (value), initial margin that is paid for, cash.

    `exposure` is of an underlying (signed base): puts count against it, and what is hedged elsewhere does not count.
    `credit`: whether a bid may take a loan, as it may at Valid prices only, and not in a pause.
    """

    sizes: Mapping[InstrumentId, Wad]
    exposure: Mapping[FeedId, Wad]
    collateral: Mapping[AssetIndex, Wad]
    spare: Wad
    cash: Wad
    credit: bool

    @classmethod
    def of(
        cls, bidder: AccountState, reserve: Wad, *, paused: bool, hedged: Mapping[InstrumentId, Wad] | None = None
    ) -> "Inventory":
        """Read the bidder's account; `reserve` is initial-margin excess that is not spent."""
        return cls(
            sizes={leg.instrument: leg.size for leg in bidder.legs},
            exposure=exposures(bidder.legs, hedged or {}),
            collateral={spot.asset: spot.value for spot in bidder.spot},
            spare=Wad(bidder.initial.paid_excess - reserve),
            cash=bidder.cash,
            credit=bidder.initial.prices_valid and not paused,
        )

    def room(
        self, account: AccountState, auction: AuctionState, mids: Mapping[FeedId, Wad], cfg: StrategySettings
    ) -> Wad:
        """Give the largest fraction of the account that every limit allows."""
        return self.tightest(account, auction, mids, cfg)[0]

    def tightest(
        self, account: AccountState, auction: AuctionState, mids: Mapping[FeedId, Wad], cfg: StrategySettings
    ) -> tuple[Wad, str]:
        """Give the largest fraction that every limit allows, and the name of the limit that allows no more."""
        limits: list[tuple[int, str]] = [(WAD, ""), (self._margin_room(account, auction), "margin")]
        if auction.price > 0:
            limits.append((cfg.max_payment * WAD // auction.price, "max_payment"))
            if not (self.credit and account.initial.prices_valid):
                limits.append((self.cash * WAD // auction.price, "cash, where nothing is lent"))
        for leg in account.legs:
            limit = cfg.market_limits.get(leg.instrument, cfg.market_limit)
            held, mid = self.sizes.get(leg.instrument, ZERO), mids.get(leg.underlying, ZERO)
            limits.append((_room(held, leg.size, mid, limit), "market_limit"))
        for underlying, change in exposures(account.legs).items():
            limit = cfg.underlying_limits.get(underlying, cfg.underlying_limit)
            held = self.exposure.get(underlying, ZERO)
            limits.append((_room(held, change, mids.get(underlying, ZERO), limit), "underlying_limit"))
        for spot in account.spot:
            limit = cfg.collateral_limits.get(spot.asset, cfg.collateral_limit)
            if spot.value > 0:
                free = (limit - self.collateral.get(spot.asset, 0)) * WAD // spot.value
                limits.append((free, "collateral_limit"))
        least, name = min(limits)
        return Wad(max(0, least)), name

    def after(self, account: AccountState, auction: AuctionState, fraction: Wad) -> "Inventory":
        """Give what is held after taking the fraction."""
        sizes, collateral = dict(self.sizes), dict(self.collateral)
        for leg in account.legs:
            sizes[leg.instrument] = Wad(sizes.get(leg.instrument, 0) + leg.size * fraction // WAD)
        for spot in account.spot:
            collateral[spot.asset] = Wad(collateral.get(spot.asset, 0) + spot.value * fraction // WAD)
        exposure = dict(self.exposure)
        for underlying, change in exposures(account.legs).items():
            exposure[underlying] = Wad(exposure.get(underlying, 0) + change * fraction // WAD)
        spare = Wad(self.spare - _use(account, auction) * fraction // WAD)
        cash = Wad(self.cash - max(0, auction.price) * fraction // WAD)
        return replace(self, sizes=sizes, exposure=exposure, collateral=collateral, spare=spare, cash=cash)

    def skew(self, account: AccountState, mids: Mapping[FeedId, Wad], cfg: StrategySettings) -> Wad:
        """Give how much less the whole account is worth to a bidder that has the same already [USD], rounded up.

        A part of the notional, in full where the bidder is at the underlying's limit; nothing for what makes it less.
        """
        total = 0
        for underlying, change in exposures(account.legs).items():
            mid, limit = mids.get(underlying, ZERO), cfg.underlying_limits.get(underlying, cfg.underlying_limit)
            used = max(0, self.exposure.get(underlying, 0) * (1 if change > 0 else -1)) * mid // WAD
            part = min(PPM, ceil_div(used * PPM, limit)) if limit else PPM
            total += ceil_div(abs(change) * mid, WAD) * (part if used else 0) * cfg.inventory_skew_ppm
        return Wad(ceil_div(total, PPM * PPM))

    def _margin_room(self, account: AccountState, auction: AuctionState) -> Wad:
        use = _use(account, auction)
        return Wad(WAD if use <= 0 else self.spare * WAD // use)


def exposures(legs: Iterable[LegState], hedged: Mapping[InstrumentId, Wad] = _NOTHING) -> dict[FeedId, Wad]:
    """Sum positions by underlying, less what is hedged of each [wad base]; a put counts against the others."""
    found: dict[FeedId, Wad] = {}
    for leg in legs:
        covered = hedged.get(leg.instrument, 0) * (1 if leg.size > 0 else -1)
        left = Wad(max(0, abs(leg.size) - max(0, covered)))
        falls = (leg.size > 0) == (decode(leg.instrument).kind is Kind.PUT)
        found[leg.underlying] = Wad(found.get(leg.underlying, 0) + (-left if falls else left))
    return found


def _room(held: Wad, change: Wad, mid: Wad, limit: Wad) -> Wad:
    """Give the fraction of a change after which what is held is at its limit; more where it makes it less."""
    if change == 0 or mid == 0:
        return Wad(WAD)
    used = held * (1 if change > 0 else -1) * mid // WAD
    return Wad((limit - used) * WAD * WAD // (abs(change) * mid))


def _use(account: AccountState, auction: AuctionState) -> Wad:
    """Bound the initial margin that taking the whole account uses up.

    Requirements are subadditive, so the excess after is at least the sum of both excesses less the payment. Unpaid
    profit is left out: contracts that close each other turn it into claims, and it backs no loan.
    """
    return Wad(auction.price - (account.initial.paid_excess - reserved_cash(auction.reserved, account.cash)))
