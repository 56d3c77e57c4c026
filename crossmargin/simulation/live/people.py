"""Who is on a living venue: the development keys that everybody knows, the maker, the keepers; and their money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from eth_account import Account

from crossmargin.deployment import NetworkConfig
from crossmargin.model.units import AccountId
from crossmargin.simulation.stage.keepers import Keeper, prepare_keeper
from crossmargin.simulation.stage.venue import Actor, Venue, deposit

__all__ = ["People", "fund_maker", "fund_traders", "prepare_keepers"]

_MNEMONIC: Final = "test test test test test test test test test test test junk"
"""Of Anvil's development accounts."""
_ROLES: Final = ("deployer", "governor", "guardian", "poster")
_TRADERS: Final = 6
_PURSE: Final[Mapping[str, Decimal]] = {"USDC": Decimal(1_000_000), "WETH": Decimal(100)}
"""What each trader has in its wallet."""
_MAKER_CASH: Final = Decimal(10_000_000)
_KEEPER_CASH: Final = Decimal(1_000_000)
_KEEPER_TABLES: Final = {
    # what a keeper of a small local venue may risk
    "strategy": {"market_limit": 5_000_000, "collateral_limit": 5_000_000, "max_payment": 1_000_000, "competitors": 1},
    "executor": {"replace_after": 12},
}


@dataclass(frozen=True)
class People:
    """Everybody with a key."""

    deployer: Actor
    governor: Actor
    guardian: Actor
    poster: Actor
    traders: tuple[Actor, ...]
    maker: Actor
    settler: Actor

    @classmethod
    def usual(cls) -> "People":
        """Take Anvil's development accounts, in their order; maker and settler have keys of their own."""
        Account.enable_unaudited_hdwallet_features()
        names = [*_ROLES, *(f"trader {number + 1}" for number in range(_TRADERS))]
        found = [
            Actor(name, Account.from_mnemonic(_MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}"))
            for index, name in enumerate(names)
        ]
        deployer, governor, guardian, poster, *traders = found
        own = Actor.named("market maker"), Actor.named("settler")
        return cls(deployer, governor, guardian, poster, tuple(traders), *own)

    def govern(self, config: NetworkConfig) -> NetworkConfig:
        """Give them their roles."""
        return config.with_roles(
            governor=self.governor.address, guardian=self.guardian.address, poster=self.poster.address
        )

    def give_ether(self, venue: Venue) -> None:
        """Let everybody who sends transactions for the venue pay for gas, for ever."""
        for actor in (self.poster, self.maker, self.settler):
            venue.chain.give_ether(actor.address)


def fund_traders(venue: Venue, people: People) -> str:
    """Mint what the traders have in their wallets; say what that is."""
    purse = {name: amount for name, amount in _PURSE.items() if name in venue.config.tokens}
    for trader in people.traders:
        for name, amount in purse.items():
            units = venue.config.token_units(name, amount)
            venue.transact(trader, venue.token(name), "mint", trader.address, units)
    return ", ".join(f"{amount:,} {name}" for name, amount in purse.items())


def fund_maker(venue: Venue, maker: Actor, accounts: Iterable[AccountId]) -> None:
    """Fill accounts of the maker's that have nothing yet."""
    quote = venue.config.quote
    units = venue.config.token_units(quote, _MAKER_CASH)
    for account in sorted(set(accounts)):
        if not venue.read("MarginVault", "cashOf", account):
            deposit(venue, maker, account, quote, units)


def prepare_keepers(venue: Venue, folder: Path, count: int) -> list[Keeper]:
    """Fund keepers and write their files."""
    cash = venue.config.token_units(venue.config.quote, _KEEPER_CASH)
    names = [f"keeper {index + 1}" for index in range(count)]
    return [prepare_keeper(venue, name, folder / name.replace(" ", "-"), cash, _KEEPER_TABLES) for name in names]
