"""What the entries of a network's configuration say of each other: names that must exist, amounts that must fit."""

from collections.abc import Collection, Iterator

from crossmargin.deployment.entries import NetworkEntries
from crossmargin.deployment.routes import CrosschainSettings, check_crosschain

__all__ = ["check_amounts", "check_names"]

_Reference = tuple[str, str, str, Collection[str]]
"""Where a name is used, for what, the name, the names there are."""


def check_names(config: NetworkEntries) -> None:
    """Every name that refers to something must name something."""
    if config.crosschain:
        check_crosschain(config.crosschain, config.chain_id)
        _check_receipts(config, config.crosschain)
    for place, kind, name, known in (*_own(config), *_markets(config)):
        if name not in known:
            raise ValueError(f"{place}: no {kind} named {name}; there are {', '.join(known) or 'none'}")
    for name, each in config.instruments.items():
        if each.underlying not in config.rules:
            raise ValueError(
                f"instruments.{name}: no rules for fills of {each.underlying}: add [rules.{each.underlying}] with "
                "maker_fee, taker_fee and price_band"
            )
    for name, rule in config.volatility.underlyings.items() if config.volatility else ():
        if rule.most > config.engine.max_multiplier:
            raise ValueError(
                f"volatility.underlyings.{name}: most {rule.most} is above the engine's max_multiplier "
                f"{config.engine.max_multiplier}: margins would stop there"
            )
    ids = [feed.id for feed in config.feeds.values()]
    if len(set(ids)) != len(ids):
        raise ValueError("feeds: two share an id: give each its own")


def _check_receipts(config: NetworkEntries, crosschain: CrosschainSettings) -> None:
    """Receipts are collateral, and only their own feed prices them."""
    for name in crosschain.routes:
        if name in config.tokens:
            raise ValueError(f"crosschain.routes.{name}: a token has this name: call the receipts {name}@CHAIN")
        if name not in config.assets:
            raise ValueError(f'crosschain.routes.{name}: not collateral yet: add [assets."{name}"] and a feed')
        feed = config.assets[name].feed
        if feed in config.feeds and (feed != name or config.feeds[feed].primary.kind != "remote"):
            raise ValueError(
                f'assets.{name}.feed: {feed} knows nothing of the route: add [feeds."{name}"] with '
                'primary = { kind = "remote", base = ... }, and name it'
            )


def _own(config: NetworkEntries) -> Iterator[_Reference]:
    """List what tokens, assets, feeds and underlyings refer to."""
    routes = config.crosschain.routes if config.crosschain else {}
    yield "quote", "token", config.quote, config.tokens
    for name, asset in config.assets.items():
        yield f"assets.{name}", "token or route", name, {**config.tokens, **routes}
        yield f"assets.{name}.feed", "feed", asset.feed, config.feeds
        yield f"assets.{name}.underlying", "underlying", asset.underlying, config.underlyings
    for name, underlying in config.underlyings.items():
        yield f"underlyings.{name}", "feed", name, config.feeds
        yield f"underlyings.{name}.class", "class", underlying.risk_class, config.classes
        if underlying.group is not None:
            yield f"underlyings.{name}.group", "group", underlying.group, config.groups
    for name, feed in config.feeds.items():
        for which, source in feed.sources():
            if source.base:
                yield f"feeds.{name}.{which}.base", "feed", source.base, config.feeds
            if source.kind == "remote":
                yield f"feeds.{name}", "route", name, routes
            if source.token:
                yield f"feeds.{name}.{which}.token", "token", source.token, config.tokens


def _markets(config: NetworkEntries) -> Iterator[_Reference]:
    """List what instruments, rules, options and surfaces refer to."""
    for name, each in config.instruments.items():
        place = f"instruments.{name}.underlying"
        yield place, "underlying", each.underlying, config.underlyings
        if each.strike is not None:
            yield place, "parameters of options", each.underlying, config.options
    for name in config.rules:
        yield f"rules.{name}", "underlying", name, config.underlyings
    for name in config.options:
        yield f"options.{name}", "underlying", name, config.underlyings
    for name in config.volatility.underlyings if config.volatility else ():
        yield f"volatility.underlyings.{name}", "underlying", name, config.underlyings
    for name in config.surfaces:
        yield f"surfaces.{name}", "parameters of options", name, config.options


def check_amounts(config: NetworkEntries) -> None:
    """Caps and limits fit the vault's words."""
    amounts = {
        "quote_cap": (config.quote, config.quote_cap, 2**128),
        "quote_outflow.capacity": (config.quote, config.quote_outflow.capacity, 2**95),
    }
    for name, asset in config.assets.items():
        amounts[f"assets.{name}.cap"] = (name, asset.cap, 2**128)
        amounts[f"assets.{name}.outflow.capacity"] = (name, asset.outflow.capacity, 2**95)
    for field, (token, amount, limit) in amounts.items():
        if amount.scaleb(config.decimals_of(token)) >= limit:
            raise ValueError(f"{field}: {amount} is too much, must be below 2^{limit.bit_length() - 1} units")
