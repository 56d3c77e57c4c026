"""What owners do while a scenario is played: open portfolios when it is time, and add cash from a reserve."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from crossmargin.chain.decimals import wad
from crossmargin.client.venue import Venue as Client
from crossmargin.model.units import AccountId, Wad
from crossmargin.simulation.demo.opening import Opening, Portfolio
from crossmargin.simulation.demo.outcome import WAD
from crossmargin.simulation.stage.prices import PRICE_DECIMALS
from crossmargin.simulation.stage.venue import Venue, deposit

__all__ = ["Owners"]

_CAREFUL: Final = WAD * 11 // 10
"""Announced health factor below which an owner adds cash [wad]."""
_PARTS: Final = 10
"""Of a reserve; one is added at a time."""
_REST: Final = 300
"""So long before the next price portfolios are opened [s]."""
_PRICE_SCALE: Final = 10 ** (18 - PRICE_DECIMALS)


@dataclass
class Owners:
    """Everybody whose portfolio opens later than others, or who has a reserve."""

    venue: Venue
    opening: Opening
    names: dict[AccountId, str]
    """Accounts that are watched: new ones are put here."""
    _left: dict[AccountId, int] = field(default_factory=dict)
    """Parts of a reserve that are left."""
    _clients: dict[AccountId, Client] = field(default_factory=dict)

    def act(self, moment: int) -> None:
        """Open what is due, and add cash where the announced health factor is too low."""
        careful = [each for each in self.opening.portfolios if self._wants(each)]
        if not careful and not self.opening.due(moment):
            return
        if self.opening.due(moment):
            self._settle_down(moment)
        self.venue.chain.automine(enabled=True)
        for each in self.opening.open_due(moment):
            self.names[each.account] = each.settings.name
        for each in careful:
            self._add(each)
        self.venue.chain.automine(enabled=False)

    def _settle_down(self, moment: int) -> None:
        """Have the prices of now counted as having stood: nothing is opened while a price is far from its average."""
        venue = self.venue
        posted = [name for name, feed in venue.config.feeds.items() if feed.primary.kind == "posted"]
        mids = venue.mids()
        transactions = venue.post_prices({name: mids[name] // _PRICE_SCALE for name in posted})
        venue.chain.mine(max(moment - _REST, venue.chain.now + 1))
        venue.require(transactions)

    def _wants(self, portfolio: Portfolio) -> bool:
        if not portfolio.settings.reserve or not self._left.get(portfolio.account, _PARTS):
            return False
        return self._client(portfolio).announced_health(portfolio.account) < _CAREFUL

    def _add(self, portfolio: Portfolio) -> None:
        """Add a part of the reserve; it counts as equity that the portfolio began with."""
        config = self.venue.config
        amount = portfolio.settings.reserve / Decimal(_PARTS)
        units = config.token_units(config.quote, amount)
        deposit(self.venue, portfolio.owner, portfolio.account, config.quote, units)
        self._left[portfolio.account] = self._left.get(portfolio.account, _PARTS) - 1
        portfolio.cash, portfolio.equity = (Wad(each + wad(amount)) for each in (portfolio.cash, portfolio.equity))

    def _client(self, portfolio: Portfolio) -> Client:
        if portfolio.account not in self._clients:
            self._clients[portfolio.account] = Client.connect(
                self.venue.chain.url, self.venue.path, portfolio.owner.key
            )
        return self._clients[portfolio.account]
