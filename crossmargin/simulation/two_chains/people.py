"""Somebody with a key and a client on both chains."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crossmargin.chain.decimals import of_units, parse_units
from crossmargin.client.spoke import Spoke
from crossmargin.client.venue import Venue
from crossmargin.model.units import MAX_UINT256, AccountId, Wad
from crossmargin.simulation.stage.venue import Actor
from crossmargin.simulation.two_chains.outcome import Holding
from crossmargin.simulation.two_chains.pair import Pair, Side

__all__ = ["Person", "post_price"]

_MAX_INT256: Final = 2**255 - 1
_WHOLE: Final = Wad(10**18)
_DECIMALS: Final = 18
_QUOTE: Final = "USDC"
_QUOTE_DECIMALS: Final = 6


@dataclass(frozen=True)
class Person:
    """Acts on both chains."""

    name: str
    actor: Actor
    venue: Venue
    spoke: Spoke

    @classmethod
    def of(cls, pair: Pair, name: str) -> "Person":
        """Give somebody a key, ether and clients."""
        actor = Actor.named(name)
        for side in (pair.hub, pair.spoke):
            side.chain.give_ether(actor.address)
        venue = Venue.connect(pair.hub.chain.url, pair.hub.file, actor.key)
        return cls(name, actor, venue, Spoke.connect(pair.spoke.chain.url, pair.spoke.file, actor.key))

    @property
    def account(self) -> AccountId:
        """The first account at the venue."""
        return self.venue.account()

    def fund(self, dollars: int) -> None:
        """Take dollars from the faucet and deposit them."""
        amount = parse_units(dollars, _QUOTE_DECIMALS)
        self.venue.mint(_QUOTE, amount)
        self.venue.deposit_with_permit(_QUOTE, amount)

    def lock(self, token: str, amount: int, *, permit: bool = True) -> None:
        """Take tokens from the faucet of the other chain and lock them for the account here."""
        units = parse_units(amount, _DECIMALS)
        self.spoke.mint(token, units)
        if permit:
            self.venue.lock_remote(self.spoke, token, units)
        else:
            self.spoke.lock_with_permit(token, units, self.account)

    def buy(self, seller: "Person", size: int, price: Wad) -> None:
        """Buy perpetuals of the seller."""
        ask = seller.venue.order("ETH-PERP", Wad(-size * _WHOLE), price)
        bid = self.venue.order("ETH-PERP", Wad(size * _WHOLE), price)
        self.venue.fill(ask, seller.venue.sign(ask), bid, Wad(size * _WHOLE))

    def start_auction(self, pair: Pair, account: AccountId) -> None:
        """Have an account auctioned."""
        _send(pair.hub, self.actor, "LiquidationAuction", "start", account, self.account)

    def bid(self, pair: Pair, account: AccountId) -> None:
        """Take what restores an account in auction, at any price."""
        limits = (0, _MAX_INT256, MAX_UINT256, MAX_UINT256)
        _send(pair.hub, self.actor, "LiquidationAuction", "bid", account, self.account, _WHOLE, *limits)

    def receipts(self, route: str) -> Decimal:
        """Read what the account holds of a route's receipts [whole tokens]."""
        found = (each.amount for each in self.venue.portfolio().balances if each.asset == route)
        return next(found, Decimal(0))

    def holding(self, route: str, when: str) -> Holding:
        """Read what the account has of a route, there and here."""
        claim = next(each for each in self.venue.remote_claims() if each.route == route)
        return Holding(
            when=when,
            who=self.name,
            chain=claim.domain,
            receipt=route,
            locked=claim.locked,
            credited=claim.credited,
            held=self.receipts(route),
            redeemed=claim.redeemed,
        )

    def wallet(self, token: str) -> Decimal:
        """Read what is in the wallet on the other chain [whole tokens]."""
        return of_units(self.spoke.balance(token), _DECIMALS)


def post_price(pair: Pair, poster: Actor, price: int) -> None:
    """Post the price of ether [USD], and refresh what depends on it."""
    config = pair.venue.config
    decimals = config.feeds["ETH"].primary.decimals
    _send(pair.hub, poster, "feed:ETH:primary", "post", parse_units(price, decimals))
    _send(pair.hub, poster, "OracleAdapter", "refresh", [feed.id for feed in config.feeds.values()])


def _send(side: Side, actor: Actor, contract: str, function: str, *arguments: object) -> None:
    target = side.contract(contract)
    data = target.encode_abi(function, args=list(arguments))
    side.as_sender(actor).chain.send({"to": target.address, "data": data})
