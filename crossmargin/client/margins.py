"""What a venue shows of accounts, markets, assets and auctions, exactly; and margins as they would be."""

from collections.abc import Mapping, Sequence

from crossmargin.client import reads
from crossmargin.client.connection import Connection
from crossmargin.client.option_views import ScenarioView
from crossmargin.client.supposed import Supposed
from crossmargin.client.views import AccountView, AssetView, AuctionView, Margin, MarketView
from crossmargin.model.units import ZERO, AccountId, AssetIndex, AuctionId, FeedId, Seconds, TokenUnits, Wad

__all__ = ["Margins"]


class Margins(Connection):
    """Views of the lens, the engine and the simulator."""

    def health(self, account: AccountId | None = None) -> Wad:
        """Health factor [wad]; 2^256 - 1 where nothing is required."""
        return self._run(reads.health(self._or_own(account)))

    def margin(self, account: AccountId | None = None) -> tuple[Margin, Margin]:
        """Read initial and maintenance margin."""
        return self._run(reads.margin(self._or_own(account)))

    def simulate(
        self,
        account: AccountId | None = None,
        *,
        trades: Sequence[tuple[str, Wad, Wad]] = (),
        collateral: Sequence[tuple[AssetIndex, TokenUnits]] = (),
        cash: Wad = ZERO,
        shocks: Mapping[FeedId, Wad] | None = None,
        announced: bool = False,
    ) -> tuple[Margin, Margin]:
        """Ask for the margins after a change, under shocked prices; nothing is written.

        Trades: instrument, size [wad base], price [wad USD]. Collateral: asset index, amount [token units].
        Cash [wad USD].
        Shocks: relative move by feed id [wad: -2 * 10**17 = falls by 20 %].
        Announced: maintenance counts the multipliers that initial margin counts now, the most of the next six hours.
        """
        change = self._supposed(trades, collateral, cash, shocks)
        initial, maintenance = self._read(
            "RiskSimulator", "simulate", self._or_own(account), *change.arguments, announced
        )
        return Margin.decode(initial), Margin.decode(maintenance)

    def scenarios(
        self,
        account: AccountId | None = None,
        *,
        trades: Sequence[tuple[str, Wad, Wad]] = (),
        collateral: Sequence[tuple[AssetIndex, TokenUnits]] = (),
        cash: Wad = ZERO,
        shocks: Mapping[FeedId, Wad] | None = None,
        announced: bool = False,
        initial: bool = True,
    ) -> list[ScenarioView]:
        """Ask what each scenario wins or loses in each underlying after the same change, and which one binds.

        Of the initial set, or else the maintenance set.
        """
        change = self._supposed(trades, collateral, cash, shocks)
        raw = self._read("RiskSimulator", "scenarios", self._or_own(account), *change.arguments, announced, initial)
        return [ScenarioView.decode(each, initial=initial) for each in raw]

    def accounts(self, ids: Sequence[AccountId]) -> list[AccountView]:
        """Show accounts whole."""
        return self._run(reads.accounts(ids))

    def markets(self) -> list[MarketView]:
        """Show every instrument."""
        return self._run(reads.markets())

    def assets(self) -> list[AssetView]:
        """Show every collateral asset."""
        return self._run(reads.assets())

    def auctions(self, ids: Sequence[AccountId]) -> list[AuctionView]:
        """Show the auctions of the given accounts, as far as they are in one."""
        rows = zip(ids, *self._read("MarginLens", "auctions", list(ids)), strict=True)
        components = self._contracts["LiquidationAuction"].get_function_by_name("auctionOf").abi["outputs"][0]
        names = [entry["name"] for entry in components["components"]]
        views = []
        for account, live, insolvent, price, fraction, value in rows:
            auction = dict(zip(names, live, strict=True))
            if auction["id"]:
                views.append(
                    AuctionView(
                        account=account,
                        id=AuctionId(auction["id"]),
                        seen_at=Seconds(auction["seenAt"]),
                        insolvent=insolvent,
                        price=Wad(price),
                        max_fraction=Wad(fraction),
                        value=Wad(value),
                    )
                )
        return views

    def announced_health_if(
        self,
        account: AccountId | None = None,
        *,
        trades: Sequence[tuple[str, Wad, Wad]] = (),
        collateral: Sequence[tuple[AssetIndex, TokenUnits]] = (),
        cash: Wad = ZERO,
        shocks: Mapping[FeedId, Wad] | None = None,
    ) -> Wad:
        """Ask for the health factor after the same change at the margins that are announced [wad]."""
        _, maintenance = self.simulate(
            account, trades=trades, collateral=collateral, cash=cash, shocks=shocks, announced=True
        )
        return maintenance.health_factor

    def _supposed(
        self,
        trades: Sequence[tuple[str, Wad, Wad]],
        collateral: Sequence[tuple[AssetIndex, TokenUnits]],
        cash: Wad,
        shocks: Mapping[FeedId, Wad] | None,
    ) -> Supposed:
        """Look up what is named."""
        return Supposed(
            [(self.instrument(name), size, price) for name, size, price in trades],
            [(self.names.asset_at(index), amount) for index, amount in collateral],
            cash,
            shocks or {},
        )
