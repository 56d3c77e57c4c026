"""A venue on a local chain: deployed by the library that deploys every venue, and handled by named actors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.contract import Contract
from web3.types import Nonce

from crossmargin.chain.decimals import ppm
from crossmargin.chain.signers import KeySigner
from crossmargin.client.option_views import ScenarioView
from crossmargin.client.views import MarketView
from crossmargin.deployment import (
    Artifacts,
    Chain,
    Deployer,
    NetworkConfig,
    VenueContext,
    open_record,
    plan,
)
from crossmargin.errors import TransactionError
from crossmargin.model.arrays import tail_move
from crossmargin.model.units import AccountId, FeedId, InstrumentId, TokenUnits, Wad
from crossmargin.simulation.stage.chain import LocalChain
from crossmargin.simulation.stage.prices import PRICE_DECIMALS
from crossmargin.simulation.stage.surface import slice_at, slice_key
from crossmargin.volatility.hours import WEEK

__all__ = ["MARGIN_EQUITY", "MARGIN_REQUIREMENT", "Actor", "Venue", "account_id", "deploy", "deposit"]

Progress = Callable[[int, int, str], None]

MARGIN_REQUIREMENT: Final = 4
"""Place of the requirement in the struct Margin."""
MARGIN_EQUITY: Final = 6
"""Place of the equity in it."""
_FIRST_NONCE: Final = Nonce(0)
_GAS: Final = 6_000_000
_TIP: Final = 10**9
_URGENT_TIP: Final = 50 * 10**9
_MAX_FEE: Final = 1_000 * 10**9
_SUB_BITS: Final = 96
_RECEIPT_TIMEOUT: Final = 600.0
_RECEIPT_POLL: Final = 0.01
_NO_CHANGE: Final[tuple[Any, ...]] = ([], [], [], [], [], 0)


def account_id(owner: str, sub: int) -> AccountId:
    """Id of an owner's account."""
    return AccountId(int(owner, 16) << _SUB_BITS | sub)


@dataclass
class Actor:
    """Someone with a key."""

    name: str
    key: LocalAccount
    nonce: Nonce = _FIRST_NONCE

    @classmethod
    def named(cls, name: str) -> Self:
        """Derive the key from the name: it is worth nothing elsewhere."""
        return cls(name, Account.from_key(keccak(text=f"crossmargin demo/{name}")))

    @property
    def address(self) -> str:
        """The key's address."""
        return str(self.key.address)


@dataclass
class Venue:
    """A deployed venue on a local chain."""

    chain: LocalChain
    context: VenueContext
    poster: Actor
    path: Path
    """The deployment's file."""
    _contracts: dict[str, Contract] = field(default_factory=dict)

    @property
    def config(self) -> NetworkConfig:
        """What it was deployed with."""
        return self.context.config

    @property
    def fund_account(self) -> AccountId:
        """The insurance fund's account in the vault."""
        return account_id(self.context.address("InsuranceFund"), 0)

    def contract(self, name: str) -> Contract:
        """Bind a contract of the deployment."""
        if name not in self._contracts:
            self._contracts[name] = self.context.contract(name)
        return self._contracts[name]

    def token(self, name: str) -> Contract:
        """Bind a token."""
        return self.context.chain.contract("TestToken", self.context.token(name))

    def read(self, name: str, function: str, *arguments: Any) -> Any:  # noqa: ANN401 (what the function returns)
        """Call a view."""
        return self.contract(name).functions[function](*arguments).call()

    def instrument(self, name: str) -> InstrumentId:
        """Id of an instrument."""
        return self.context.record.instruments[name]

    def actor(self, name: str) -> Actor:
        """Make an actor that can pay for gas."""
        actor = Actor.named(name)
        self.chain.give_ether(actor.address)
        return actor

    def mids(self) -> dict[str, Wad]:
        """Mid price of every feed [wad]."""
        ids = {name: feed.id for name, feed in self.config.feeds.items()}
        words = self.read("OracleAdapter", "packedPrices", list(ids.values()))
        return {name: Wad(words[2 * index] & (2**128 - 1)) for index, name in enumerate(ids)}

    @property
    def options(self) -> dict[str, InstrumentId]:
        """Ids of the listed options by name."""
        return {name: self.instrument(name) for name, each in self.config.instruments.items() if each.strike}

    def marks(self) -> dict[str, Wad]:
        """Mark of every instrument [wad]."""
        names = {number: name for name, number in self.context.record.instruments.items()}
        views = (MarketView.decode(raw) for raw in self.read("MarginLens", "markets"))
        return {names[view.instrument]: view.mark for view in views}

    def binding(self, account: AccountId) -> str | None:
        """Name the scenario of maintenance that asks most of an account; None where no scenario asks anything."""
        raw = self.read("RiskSimulator", "scenarios", account, _NO_CHANGE, [], False, False)
        views = [ScenarioView.decode(each, initial=False) for each in raw]
        most = max(views, key=lambda view: view.requirement, default=None)
        if most is None or not most.requirement:
            return None
        return self._moves(most.underlying, most.binding) if most.binding else "least charge"

    def _moves(self, underlying: FeedId, scenario: str) -> str:
        """Write the moves of a scenario of maintenance as percentages."""
        config = self.config
        name = next(each for each, feed in config.feeds.items() if feed.id == underlying)
        risk = config.classes[config.underlyings[name].risk_class]
        shock = 100 * risk.maintenance.derivative_shock
        tail = Decimal(tail_move(ppm(risk.initial.derivative_shock))) / 10_000
        scenario = scenario.replace("x_M", f"{shock.normalize():f} %")
        return scenario.replace("tail", f"{tail.normalize():f} %, tail")

    def submit(
        self,
        actor: Actor,
        contract: Contract,
        function: str,
        *arguments: Any,  # noqa: ANN401 (call arguments)
        urgent: bool = False,
    ) -> HexBytes:
        """Send a transaction to the pool; return its hash."""
        transaction: dict[str, Any] = {
            "to": contract.address,
            "data": HexBytes(contract.encode_abi(function, args=list(arguments))),
            "nonce": actor.nonce,
            "gas": _GAS,
            "maxFeePerGas": _MAX_FEE,
            "maxPriorityFeePerGas": _URGENT_TIP if urgent else _TIP,
            "chainId": self.config.chain_id,
            "value": 0,
        }
        actor.nonce = Nonce(actor.nonce + 1)
        return self.chain.web3.eth.send_raw_transaction(actor.key.sign_transaction(transaction).raw_transaction)

    def transact(
        self,
        actor: Actor,
        contract: Contract,
        function: str,
        *arguments: Any,  # noqa: ANN401 (call arguments)
    ) -> None:
        """Send a transaction while blocks are mined at once; a refusal is explained."""
        transaction = self.submit(actor, contract, function, *arguments)
        receipt = self.chain.web3.eth.wait_for_transaction_receipt(transaction, _RECEIPT_TIMEOUT, _RECEIPT_POLL)
        if receipt["status"] == 1:
            return
        try:
            contract.functions[function](*arguments).call({"from": actor.address})
        except Exception as error:
            raise self.context.chain.explain(error) from error
        raise TransactionError(f"{actor.name}: {function} failed when mined and would succeed now")

    def post(self, prices: Mapping[str, int], volatility: Mapping[str, int]) -> list[HexBytes]:
        """Post prices [10^-8 USD] to their feeds, refresh all feeds, post volatility, refresh all risk arrays.

        Volatility is at the money, by slice [10^-8 a year]. All of it is mined ahead of everyone else's transactions.
        """
        return [*self.post_prices(prices), *self.post_volatility(volatility), *self.refresh_arrays(*self.options)]

    def post_prices(self, prices: Mapping[str, int]) -> list[HexBytes]:
        """Post prices [10^-8 USD] to their feeds, and refresh all feeds."""
        posts = [
            self._urgent(self.contract(f"feed:{name}:primary"), "post", _answer(self.config, name, price))
            for name, price in prices.items()
        ]
        feeds = [feed.id for feed in self.config.feeds.values()]
        return [*posts, self._urgent(self.contract("OracleAdapter"), "refresh", feeds)]

    def observe(self) -> list[HexBytes]:
        """Have the forecaster take in new prices, and the steward the forecasts of who has a week behind it."""
        volatility, forecaster = self.config.volatility, self.contract("VolatilityForecaster")
        ids = [self.config.feed_id(name) for name in volatility.underlyings] if volatility else []
        ready = {each: forecaster.functions.tapeOf(each).call()[2] == WEEK for each in ids}
        sent = []
        if waiting := [each for each in ids if not ready[each]]:
            sent.append(self._urgent(forecaster, "observe", waiting))
        # one by one: an underlying without a new price stops no other
        sent += [self._urgent(self.contract("RiskSteward"), "poke", [each]) for each in ids if ready[each]]
        return sent

    def multipliers(self) -> dict[str, tuple[Wad, Wad]]:
        """Multipliers of initial and maintenance margin, by underlying with a rule [wad]."""
        names = list(self.config.volatility.underlyings) if self.config.volatility else []
        words = self.read("RiskSteward", "multipliers", [self.config.feed_id(name) for name in names]) if names else []
        return {name: (Wad(word >> 128), Wad(word % 2**128)) for name, word in zip(names, words, strict=True)}

    def post_volatility(self, volatility: Mapping[str, int]) -> list[HexBytes]:
        """Post volatility at the money, by slice [10^-8 a year]."""
        surface, found = self.contract("VolatilitySurface"), []
        for name, level in volatility.items():
            underlying, expiry = slice_key(name)
            settings = slice_at(self.config.surfaces[underlying][expiry], level)
            expires = self.context.record.slices[name]
            found.append(self._urgent(surface, "post", self.config.feed_id(underlying), expires, settings.encode()))
        return found

    def refresh_arrays(self, *options: str) -> list[HexBytes]:
        """Refresh the risk arrays of options, in one transaction; in none where none is named."""
        series = [self.instrument(name) for name in options]
        return [self._urgent(self.contract("OptionOracle"), "refresh", series)] if series else []

    def _urgent(self, contract: Contract, function: str, *arguments: Any) -> HexBytes:  # noqa: ANN401 (as above)
        return self.submit(self.poster, contract, function, *arguments, urgent=True)

    def require(self, transactions: list[HexBytes]) -> None:
        """Raise unless every transaction was mined and succeeded."""
        for transaction in transactions:
            receipt = self.chain.web3.eth.get_transaction_receipt(transaction)
            if receipt["status"] != 1:
                raise TransactionError(f"prices or volatility could not be posted in block {receipt['blockNumber']}")


def _answer(config: NetworkConfig, feed: str, price: int) -> int:
    """Scale a price to the feed's decimals."""
    decimals = config.feeds[feed].primary.decimals
    return int(price * 10**decimals // 10**PRICE_DECIMALS)


def deposit(venue: Venue, actor: Actor, account: AccountId, token: str, units: TokenUnits) -> None:
    """Mint faucet tokens and deposit them."""
    contract, vault = venue.token(token), venue.contract("MarginVault")
    venue.transact(actor, contract, "mint", actor.address, units)
    venue.transact(actor, contract, "approve", vault.address, units)
    venue.transact(actor, vault, "deposit", account, contract.address, units)


def deploy(
    chain: LocalChain,
    config: NetworkConfig,
    poster: Actor,
    path: Path,
    progress: Progress,
    *,
    deployer: Actor | None = None,
) -> Venue:
    """Deploy the venue with the plan that every network uses."""
    deployer = deployer or Actor.named("deployer")
    for actor in (deployer, poster):
        chain.give_ether(actor.address)
    target = Chain(chain.web3, KeySigner(deployer.key), Artifacts())
    context = VenueContext(target, config, open_record(target, config, path))
    Deployer(context, plan(config), path).run(progress)
    return Venue(chain, context, poster, path)
