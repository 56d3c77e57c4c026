"""Settings of collateral: what the vault takes, how much of it, and how fast it may leave."""

from collections.abc import Iterator
from typing import Any

from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.custody import AssetSettings, OutflowSettings
from crossmargin.deployment.steps import Kind, Setting, Step, Value, VenueContext
from crossmargin.model.units import CLOSED

__all__ = ["collateral_steps"]


def collateral_steps(config: NetworkConfig) -> Iterator[Step]:
    """List every asset that may be listed yet, and limit cash."""
    for name, asset in config.assets.items():
        if not config.is_ahead(name):
            yield from _asset(config, name, asset)
    yield _quote_cap(config)
    yield _outflow(config, config.quote, config.quote_outflow)


def _asset(config: NetworkConfig, name: str, asset: AssetSettings) -> Iterator[Step]:
    decimals, feed, underlying = (
        config.decimals_of(name),
        config.feed_id(asset.feed),
        config.feed_id(asset.underlying),
    )
    cap = config.token_units(name, asset.cap)

    def there(venue: VenueContext) -> bool:
        """Receipts are there once their route is."""
        return name in config.tokens or name in venue.record.tokens

    def row(venue: VenueContext) -> dict[str, Any] | None:
        if not there(venue):
            return None
        return next((each for each in _assets(venue) if each["token"] == venue.token(name)), None)

    def part(venue: VenueContext, *fields: str) -> Value:
        found = row(venue)
        return {field: found[field] for field in fields} if found else None

    def limits(venue: VenueContext) -> Value:
        found = row(venue)
        return {"cap": found["cap"], "deposits": found["closedUntil"] != CLOSED} if found else None

    yield Setting(
        name=f"asset.{name}",
        kind=Kind.SETTING,
        target="MarginVault",
        function="listAsset",
        arguments=lambda venue: (venue.token(name), decimals, feed, underlying, cap),
        read=lambda venue: part(venue, "decimals", "feedId", "underlying"),
        want=lambda _: {"decimals": decimals, "feedId": feed, "underlying": underlying},
        possible=there,
    )
    yield Setting(
        name=f"asset.{name}",
        kind=Kind.SETTING,
        target="MarginVault",
        function="configureAsset",
        arguments=lambda venue: (venue.token(name), cap, asset.deposits),
        read=limits,
        want=lambda _: {"cap": cap, "deposits": asset.deposits},
        possible=lambda venue: row(venue) is not None,
    )
    yield _outflow(config, name, asset.outflow)


def _assets(venue: VenueContext) -> list[dict[str, Any]]:
    count = venue.read("MarginVault", "assetCount")
    rows = [venue.table("MarginVault", "assetAt", index) for index in range(count)]
    return [row for row in rows if isinstance(row, dict)]


def _quote_cap(config: NetworkConfig) -> Setting:
    cap = config.token_units(config.quote, config.quote_cap)
    return Setting(
        name=f"asset.{config.quote}.cap",
        kind=Kind.SETTING,
        target="MarginVault",
        function="configureAsset",
        arguments=lambda venue: (venue.token(config.quote), cap, True),
        read=lambda venue: venue.read("MarginVault", "cashTotals")[5],
        want=lambda _: cap,
    )


def _outflow(config: NetworkConfig, name: str, outflow: OutflowSettings) -> Setting:
    capacity = config.token_units(name, outflow.capacity)
    return Setting(
        name=f"asset.{name}.outflow",
        kind=Kind.SETTING,
        target="MarginVault",
        function="setOutflowLimit",
        arguments=lambda venue: (venue.token(name), capacity, outflow.window),
        read=lambda venue: _outflow_limit(venue, name),
        want=lambda _: {"capacity": capacity, "window": outflow.window},
        possible=lambda venue: name in config.tokens or name in venue.record.tokens,
    )


def _outflow_limit(venue: VenueContext, name: str) -> Value:
    if name not in venue.config.tokens and name not in venue.record.tokens:
        return None
    capacity, window, _ = venue.read("MarginVault", "outflowOf", venue.token(name))
    return {"capacity": capacity, "window": window}
