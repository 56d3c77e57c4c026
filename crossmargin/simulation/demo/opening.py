"""Fund everyone and open the portfolios, as users would: deposits, orders signed by both sides, loans."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import cycle
from typing import Final

from crossmargin.chain.arguments import Vocabulary, described
from crossmargin.chain.decimals import of_wad, parse_units, wad
from crossmargin.client.orders import MAX_FEE, Order, sign_order
from crossmargin.client.venue import Venue as Client
from crossmargin.errors import ContractRevert, ScenarioError
from crossmargin.model.units import ZERO, AccountId, Seconds, TokenUnits, Wad
from crossmargin.simulation.demo.outcome import WAD
from crossmargin.simulation.stage.scenario import AccountSettings, MakerSettings, Scenario
from crossmargin.simulation.stage.venue import MARGIN_EQUITY, Actor, Venue, account_id, deposit

__all__ = ["Holding", "Opening", "Portfolio", "settle_all"]

_FOREVER: Final = Seconds(2**48 - 1)
_LEAST_PRICE: Final = Wad(10**12)
_WAITS: Final = ("EquityTooLow", "PricesNotValid")
"""Why an account may not be settled yet."""
_NEARLY: Final = 999
"""Thousandths of the most that margin allows: a second passes until it is traded."""


@dataclass(frozen=True)
class Holding:
    """Something whose worth moves: an amount [wad], and what it was worth at first [wad USD]."""

    price: str
    """Feed of a token or a linear instrument; name of an option, whose mark it is worth."""
    amount: Wad
    entry: Wad


@dataclass
class Portfolio:
    """An account of the scenario on the chain."""

    settings: AccountSettings
    account: AccountId
    owner: Actor
    cash: Wad = ZERO
    """Deposited less borrowed [wad USD]."""
    opened: Wad = ZERO
    """Notional of its positions, longs and shorts added up, when they were opened [wad USD]."""
    holdings: list[Holding] = field(default_factory=list)
    equity: Wad = ZERO
    """Mark value once it was opened [wad USD]."""

    def held(self, prices: Mapping[str, Wad]) -> Wad:
        """Value it at these prices as if nothing had been done with it [wad USD]; fees and interest apart.

        Prices are mids by feed and marks by instrument [wad USD].
        """
        gains = sum(each.amount * prices[each.price] // WAD - each.entry for each in self.holdings)
        return Wad(self.equity + gains)


@dataclass(frozen=True)
class _Maker:
    actor: Actor
    account: AccountId
    spread: Decimal

    def price(self, mark: Wad, index: Wad, notional: Decimal) -> Wad:
        """Ask this from a buyer, bid this to a seller."""
        away = int(index * self.spread)
        return Wad(mark + away if notional > 0 else max(_LEAST_PRICE, mark - away))


class Opening:
    """Opens the portfolios of a scenario: those of the beginning at once, others when their time has come."""

    def __init__(self, venue: Venue, scenario: Scenario) -> None:
        """Fund the makers, and open what opens before anything is played."""
        self._venue, self._scenario = venue, scenario
        makers = [_maker(venue, settings) for settings in scenario.makers]
        self.makers = {maker.account: maker.actor.name for maker in makers}
        self._turns = cycle(makers)
        self._owners: dict[str, Actor] = {}
        self._counts: dict[str, int] = {}
        self.portfolios: list[Portfolio] = []
        self._later = [index for index, each in enumerate(scenario.accounts) if each.opens is not None]
        if venue.options:
            venue.transact(venue.poster, venue.contract("OptionOracle"), "refresh", list(venue.options.values()))
        for index, settings in enumerate(scenario.accounts):
            if settings.opens is None:
                self._open(index)

    def due(self, moment: int) -> bool:
        """Say whether a portfolio opens at a moment, or should have [s since 1970]."""
        return any(self._scenario.opening(index) <= moment for index in self._later)

    def open_due(self, moment: int) -> list[Portfolio]:
        """Open those whose time has come."""
        found = [index for index in self._later if self._scenario.opening(index) <= moment]
        self._later = [index for index in self._later if index not in found]
        return [self._open(index) for index in found]

    def _open(self, index: int) -> Portfolio:
        settings = self._scenario.accounts[index]
        owner = self._owners.get(settings.owner) or self._owners.setdefault(
            settings.owner, self._venue.actor(settings.owner)
        )
        sub = self._counts.get(settings.owner, 0)
        self._counts[settings.owner] = sub + 1
        try:
            self.portfolios.append(_open(self._venue, settings, owner, sub, self._turns))
        except ContractRevert as error:
            where = self._scenario.where("accounts", index)
            raise ScenarioError(f"{where}{settings.name}: cannot be opened: {_plainly(self._venue, error)}") from error
        return self.portfolios[-1]


def _plainly(venue: Venue, error: ContractRevert) -> str:
    """Write a refusal in dollars and names, not in wei and ids."""
    words = Vocabulary(instruments={number: name for name, number in venue.context.record.instruments.items()})
    shown = described(error.name, error.arguments, words)
    parts = [f"{key} {value}" for key, value in shown.items() if key != "account"]  # whose it is was said
    remedy = "deposit more, or hold less" if "argin" in error.name else "change what it holds"
    return f"{error.name} ({', '.join(parts)}): {remedy}"


def _maker(venue: Venue, settings: MakerSettings) -> _Maker:
    actor = venue.actor(settings.name)
    account = account_id(actor.address, 0)
    deposit(venue, actor, account, venue.config.quote, venue.config.token_units(venue.config.quote, settings.cash))
    return _Maker(actor, account, settings.spread)


def _open(venue: Venue, settings: AccountSettings, owner: Actor, sub: int, makers: Iterator[_Maker]) -> Portfolio:
    portfolio = Portfolio(settings, account_id(owner.address, sub), owner)
    for token, value in settings.deposits.items():
        _deposit_value(venue, portfolio, token, value)
    for name, notional in settings.positions.items():
        maker = next(makers)
        _trade(venue, portfolio, maker, name, _allowed(venue, portfolio, maker, name, notional))
    if settings.borrow:
        quote = venue.config.quote
        units = parse_units(settings.borrow, venue.config.tokens[quote].decimals)
        token = venue.token(quote).address
        venue.transact(owner, venue.contract("MarginVault"), "withdraw", portfolio.account, token, units, owner.address)
        portfolio.cash = Wad(portfolio.cash - wad(settings.borrow))
    _, maintenance = venue.read("RiskEngine", "margin", portfolio.account)
    portfolio.equity = Wad(maintenance[MARGIN_EQUITY])
    return portfolio


def _deposit_value(venue: Venue, portfolio: Portfolio, token: str, value: Decimal) -> None:
    config, mids = venue.config, venue.mids()
    decimals = config.tokens[token].decimals
    if token == config.quote:
        units = parse_units(value, decimals)
        portfolio.cash = Wad(portfolio.cash + wad(value))
    else:
        feed = config.assets[token].feed
        units = TokenUnits(wad(value) * 10**decimals // mids[feed])
        amount = Wad(units * 10 ** (18 - decimals))
        portfolio.holdings.append(Holding(feed, amount, Wad(amount * mids[feed] // WAD)))
    deposit(venue, portfolio.owner, portfolio.account, token, units)


def _allowed(venue: Venue, portfolio: Portfolio, maker: _Maker, name: str, notional: Decimal) -> Decimal:
    """Cut a notional to what initial margin lets the account trade, where it is to be so large and no larger [USD]."""
    if not portfolio.settings.as_allowed:
        return notional
    client = Client.connect(venue.chain.url, venue.path, portfolio.owner.key)
    index, mark = venue.mids()[venue.config.instruments[name].underlying], venue.marks()[name]
    most = client.max_size(
        portfolio.account, name, "buy" if notional > 0 else "sell", maker.price(mark, index, notional)
    )
    allowed = of_wad(Wad(most.exact * index * _NEARLY // (1000 * WAD)))
    return allowed.copy_sign(notional) if allowed < abs(notional) else notional


def _trade(venue: Venue, portfolio: Portfolio, maker: _Maker, name: str, notional: Decimal) -> None:
    """Cross two signed orders at the maker's price; the notional is that of the underlying."""
    instrument = venue.config.instruments[name]
    index, mark = venue.mids()[instrument.underlying], venue.marks()[name]
    price = maker.price(mark, index, notional)
    size = Wad(abs(wad(notional)) * WAD // index * (1 if notional > 0 else -1))
    taken = Order(
        account=portfolio.account,
        signer=portfolio.owner.address,
        instrument=venue.instrument(name),
        size=size,
        limit_price=price,
        max_fee=MAX_FEE,
        expiry=_FOREVER,
        nonce=portfolio.owner.nonce,
    )
    made = replace(taken, account=maker.account, signer=maker.actor.address, size=Wad(-size), nonce=maker.actor.nonce)
    signatures = [_signature(venue, maker.actor, made), _signature(venue, portfolio.owner, taken)]
    arguments = (made.encode(), signatures[0], taken.encode(), signatures[1], abs(size))
    venue.transact(maker.actor, venue.contract("Exchange"), "fill", *arguments)
    valued = name if instrument.strike else instrument.underlying
    portfolio.opened = Wad(portfolio.opened + abs(size) * index // WAD)
    portfolio.holdings.append(Holding(valued, size, Wad(size * mark // WAD)))


def _signature(venue: Venue, actor: Actor, order: Order) -> bytes:
    return sign_order(order, venue.config.chain_id, venue.contract("Exchange").address, actor.key)


def settle_all(venue: Venue, accounts: Sequence[AccountId]) -> None:
    """Turn every position's profit and loss into cash: what the losers pay is what the winners get, next time.

    Who is worth nothing without what others owe it comes after them; who still is when all others are settled stays,
    and so does who owes several markets while a price is doubtful.
    """
    anyone = venue.actor("anyone")
    refused: list[AccountId] | None = None
    for _ in range(len(accounts) + 1):
        before, refused = refused, [account for account in accounts if not _settled(venue, anyone, account)]
        if refused == before:
            return


def _settled(venue: Venue, sender: Actor, account: AccountId) -> bool:
    """Settle an account; say whether the venue let it."""
    legs = venue.read("Clearinghouse", "legIds", account)
    if not legs:
        return True
    try:
        venue.transact(sender, venue.contract("Clearinghouse"), "settle", account, legs)
    except ContractRevert as refusal:
        if refusal.name not in _WAITS:
            raise
        return False
    return True
