"""Tables of what a venue shows, for a console. Touches nothing."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import of_wad
from crossmargin.chain.times import minute_text
from crossmargin.client import shown, views
from crossmargin.client.liquidation import LiquidationPrice
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import AccountId, Wad

__all__ = ["comparison", "health", "liquidation", "markets", "positions"]


def health(portfolios: Iterable[shown.Portfolio], announced: Iterable[Wad]) -> Table:
    """Draw how accounts stand, and their health factors at the margins that are announced."""
    money = ("equity", "initial excess", "maintenance excess")
    table = _table("Accounts [USD]", "account", "health", "announced", *money, "state")
    for each, ahead in zip(portfolios, announced, strict=True):
        low = each.health is not None and each.health < 1
        state = "in auction" if each.in_auction else "may be sold" if low else "stands"
        table.add_row(
            each.account,
            _health(each.health),
            _health(shown.health_of(ahead)),
            _money(each.maintenance.equity),
            _money(each.initial.excess),
            _money(each.maintenance.excess),
            Text(state, style="bold red" if low or each.in_auction else "green"),
        )
    return table


def liquidation(account: AccountId, prices: Iterable[LiquidationPrice]) -> Table:
    """Draw where an account would be sold."""
    table = _table(f"{account_name(account)} would be sold at [USD]", "underlying", "now", "or below", "or above")
    for each in prices:
        table.add_row(each.underlying, _price(each.index), _price(each.below), _price(each.above))
    return table


def markets(found: Sequence[shown.Market]) -> Table:
    """Draw instruments."""
    table = _table("Markets", "name", "kind", "mark [USD]", "funding a day", "open", "of at most", "expiry", "price is")
    for each in found:
        table.add_row(
            each.name,
            each.kind,
            _price(each.mark),
            f"{each.funding * 100:.4f} %" if each.kind == "perpetual" else "",
            _amount(each.open_interest),
            _amount(each.cap),
            minute_text(each.expiry.timestamp()) if each.expiry else "",
            Text(each.status.name.lower(), style="green" if each.status is PriceStatus.VALID else "bold red"),
        )
    return table


def positions(portfolio: shown.Portfolio) -> Table:
    """Draw what an account holds."""
    table = _table(portfolio.account, "holds", "amount", "value [USD]", "owed to it", "owed by it")
    table.add_row("cash", _money(portfolio.cash), _money(portfolio.cash), "", "")
    for balance in portfolio.balances:
        table.add_row(balance.asset, _amount(balance.amount), _money(balance.value), "", "")
    for each in portfolio.positions:
        row = (_money(each.value), _money(each.claims), _money(each.debts))
        table.add_row(each.instrument, _amount(each.size), *row)
    return table


def comparison(
    before: tuple[views.Margin, views.Margin], after: tuple[views.Margin, views.Margin], announced: tuple[Wad, Wad]
) -> Table:
    """Draw margin before and after a change, and the health factor of both at the margins that are announced."""
    table = _table("Margin [USD]", "", "now", "then", "change")
    for title, old, new in _compared(before, after):
        table.add_row(title, _money(old), _money(new), _money(new - old))
    ends = [_factor(maintenance) for _, maintenance in (before, after)]
    table.add_row("health", *map(_health, ends), "")
    table.add_row("health, announced", *(_health(shown.health_of(each)) for each in announced), "")
    return table


def _compared(
    before: tuple[views.Margin, views.Margin], after: tuple[views.Margin, views.Margin]
) -> Iterable[tuple[str, Decimal, Decimal]]:
    yield "equity", of_wad(before[1].equity), of_wad(after[1].equity)
    for name, old, new in zip(("initial", "maintenance"), before, after, strict=True):
        yield f"{name} requirement", of_wad(old.requirement), of_wad(new.requirement)
        yield f"{name} excess", of_wad(old.excess), of_wad(new.excess)


def _factor(margin: views.Margin) -> Decimal | None:
    if margin.denominator == 0:
        return None
    return of_wad(Wad(max(margin.numerator, 0) * 10**18 // margin.denominator))


def _table(title: str, first: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, no_wrap=True)
    for heading in headings:
        words = heading in {"kind", "state", "expiry", "price is"}
        table.add_column(heading, justify="left" if words else "right", no_wrap=True)
    return table


def _health(value: Decimal | None) -> str:
    return "nothing required" if value is None else f"{value:,.4f}"


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _amount(value: Decimal) -> str:
    """Write contracts or tokens with six digits at most; what is smaller than them is written whole."""
    rounded = round(value, 6) or value
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _price(value: Decimal | None) -> str:
    """Write a price with two digits, and a small one with more."""
    if value is None:
        return "-"
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.6f}"
