"""What a venue shows of accounts, markets, assets and auctions, exactly; and margins as they would be."""

from collections.abc import Mapping, Sequence
from typing import Any

from crossmargin.client import reads
from crossmargin.client.connection import Connection
from crossmargin.client.option_views import ScenarioView
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
    ) -> tuple[Margin, Margin]:
        """Ask for the margins after a change, under shocked prices; nothing is written.

        Trades: instrument, size [wad base], price [wad USD]. Collateral: asset index, amount [token units].
        Cash [wad USD].
        Shocks: relative move by feed id [wad: -2 * 10**17 = falls by 20 %].
        """
        change = self._change(trades, collateral, cash)
        initial, maintenance = self._read(
            "RiskSimulator", "simulate", self._or_own(account), change, list((shocks or {}).items())
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
        initial: bool = True,
    ) -> list[ScenarioView]:
        """Ask what each scenario wins or loses in each underlying after the same change, and which one binds.

        Of the initial set, or else the maintenance set.
        """
        change = self._change(trades, collateral, cash)
        raw = self._read(
            "RiskSimulator", "scenarios", self._or_own(account), change, list((shocks or {}).items()), initial
        )
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

    def _change(
        self, trades: Sequence[tuple[str, Wad, Wad]], collateral: Sequence[tuple[AssetIndex, TokenUnits]], cash: Wad
    ) -> tuple[Any, ...]:
        """Return the simulator's `Change` struct."""
        return (
            [self.instrument(name) for name, _, _ in trades],
            [size for _, size, _ in trades],
            [price for _, _, price in trades],
            [index for index, _ in collateral],
            [amount for _, amount in collateral],
            cash,
        )
