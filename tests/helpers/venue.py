"""A deployed venue with the actions that tests are made of; README of the fixtures: tests/helpers/README.md."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.client.orders import MAX_FEE, Order, hash_order, sign_order
from crossmargin.deployment import Deployer, VenueContext
from tests.helpers.handles import Handle, Node, Receipt, address_of
from tests.helpers.reverts import reverts, unchanged
from tests.helpers.venue_state import reader

Amount = str | int | Decimal
DAY = 86_400  # s

MAX_UINT256 = 2**256 - 1


class Venue:
    """Contracts as attributes, actions as methods; amounts are decimals ("1.5"), everything read is an integer."""

    def __init__(self, node: Node, deployer: Deployer, board: Handle, keys: dict[str, str]) -> None:
        """Bind the contracts of a finished deployment; `keys` are the private keys that sign orders, by address."""
        self.node = node
        self.deployment: VenueContext = deployer.venue
        self.config = deployer.venue.config
        self.record = deployer.venue.record
        self.board = board
        self._keys = keys
        self._nonces = itertools.count(1)

        self.manager = self._bind("AccessManager")
        self.oracle = self._bind("OracleAdapter")
        self.vault = self._bind("MarginVault")
        self.clearinghouse = self._bind("Clearinghouse")
        self.expiries = self._bind("Expiries")
        self.losses = self._bind("MarketLosses")
        self.rules = self._bind("ListingRules")
        self.parameters = self._bind("RiskParameters")
        self.engine = self._bind("RiskEngine")
        self.simulator = self._bind("RiskSimulator")
        self.settler = self._bind("BatchSettler")
        self.surface = self._bind("VolatilitySurface")
        self.options = self._bind("OptionOracle")
        self.exchange = self._bind("Exchange")
        self.fund = self._bind("InsuranceFund")
        self.auction = self._bind("LiquidationAuction")
        self.lens = self._bind("MarginLens")
        self.tokens = {name: node.at("TestToken", address) for name, address in self.record.tokens.items()}
        self.forget_prices()

    def _bind(self, name: str) -> Handle:
        entry = self.record.contracts[name]
        return self.node.at(entry.contract, entry.address)

    # ------------------------------------------------------------ ids

    @staticmethod
    def account(owner: Any, sub_id: int = 0) -> int:
        """Id of an owner's account; an id is returned as it is."""
        return owner if isinstance(owner, int) else int(address_of(owner), 16) << 96 | sub_id

    def instrument(self, name: str) -> int:
        """Id of an instrument, by its name in the configuration; an id is returned as it is."""
        return name if isinstance(name, int) else self.record.instruments[name]

    def feed(self, name: str) -> int:
        """Id of a feed."""
        return self.config.feeds[name].id

    def asset(self, token: str) -> int:
        """Index of a collateral asset in the vault."""
        return self.vault.assetIndexOf(self.tokens[token])

    def units(self, token: str, amount: Amount) -> int:
        """Convert an amount of a token to its units."""
        return parse_units(amount, self.config.tokens[token].decimals)

    # ------------------------------------------------------------ prices and time

    def forget_prices(self) -> None:
        """Go back to the first prices of the configuration."""
        self.prices = {name: Decimal(feed.primary.price or 0) for name, feed in self.config.feeds.items()}

    def set_price(self, feed: str, price: Amount) -> Receipt:
        """Post a price and refresh the oracle: Valid from the next call on, whatever the move."""
        return self.set_prices({feed: price})

    def set_prices(self, prices: dict[str, Amount]) -> Receipt:
        """Post several prices in one block."""
        self.prices.update({name: Decimal(str(price)) for name, price in prices.items()})
        return self._post(list(prices))

    def refresh(self) -> Receipt:
        """Post every price again, so that all are fresh."""
        return self._post(list(self.config.feeds))

    def say(self, feed: str, price: Amount) -> Receipt:
        """Let the sources say a price that nobody has refreshed."""
        self.prices[feed] = Decimal(str(price))
        return self._post([feed], refresh=False)

    def _post(self, names: list[str], *, refresh: bool = True) -> Receipt:
        self.node.pass_time(1)  # a feed takes one answer a second
        feeds, answers = [], []
        for name in names:
            for place, source in self.config.feeds[name].sources():
                if source.kind != "posted":
                    continue
                feeds.append(self.record.address(f"feed:{name}:{place}"))
                answers.append(parse_units(self.prices[name], source.decimals))
        ids = [self.feed(name) for name in self._with_multiples(names)] if refresh else []
        return self.board.post(feeds, answers, self.oracle, ids, sender=self.deployment.record.deployer)

    def _with_multiples(self, names: list[str]) -> list[str]:
        """Add the feeds that are built on the named ones."""
        multiples = [name for name, feed in self.config.feeds.items() if feed.primary.base in names]
        return [*names, *(name for name in multiples if name not in names)]

    def warp(self, seconds: int, *, refresh: bool = True) -> int:
        """Let time pass and, unless told otherwise, post every price again; return the time."""
        self.node.pass_time(seconds)
        self.node.rpc("evm_mine")
        if refresh:
            self.refresh()
        return self.node.now

    # ------------------------------------------------------------ money

    def mint(self, to: Any, token: str, amount: Amount) -> None:
        """Give somebody tokens."""
        self.tokens[token].mint(to, self.units(token, amount), sender=to)

    def deposit(self, owner: Any, token: str, amount: Amount, *, sub_id: int = 0) -> Receipt:
        """Mint, approve and deposit into the owner's account."""
        units = self.units(token, amount)
        self.tokens[token].mint(owner, units, sender=owner)
        self.tokens[token].approve(self.vault, units, sender=owner)
        return self.vault.deposit(self.account(owner, sub_id), self.tokens[token], units, sender=owner)

    def withdraw(self, owner: Any, token: str, amount: Amount, *, to: Any = None, sub_id: int = 0) -> Receipt:
        """Withdraw to the owner or to `to`; "all" takes everything."""
        units = MAX_UINT256 if amount == "all" else self.units(token, amount)
        return self.vault.withdraw(self.account(owner, sub_id), self.tokens[token], units, to or owner, sender=owner)

    def cash(self, owner: Any, sub_id: int = 0) -> int:
        """Signed cash of an account [wad]."""
        return self.vault.cashOf(self.account(owner, sub_id))

    def balance(self, owner: Any, token: str, sub_id: int = 0) -> int:
        """Collateral of an account [token units]."""
        return self.vault.balanceOf(self.account(owner, sub_id), self.asset(token))

    # ------------------------------------------------------------ trades

    def order(
        self,
        owner: Any,
        instrument: str | int,
        size: Amount,
        price: Amount,
        *,
        sub_id: int = 0,
        signer: Any = None,
        reduce_only: bool = False,
        max_fee: int = MAX_FEE,
        expiry: int | None = None,
        nonce: int | None = None,
    ) -> Order:
        """Make an order; a positive size buys."""
        account, signer = self.account(owner, sub_id), address_of(signer or owner)
        return Order(
            account=account,
            signer=signer,
            instrument=self.instrument(instrument),
            size=wad(size),
            limit_price=wad(price),
            max_fee=max_fee,
            expiry=self.node.now + 3600 if expiry is None else expiry,
            nonce=next(self._nonces) if nonce is None else nonce,
            epoch=self._epoch(account, signer),
            reduce_only=reduce_only,
        )

    def _epoch(self, account: int, signer: str) -> int:
        """How often the account's owner has named the signer; 0 for the owner."""
        owner = address_of("0x" + (account >> 96).to_bytes(20, "big").hex())
        return 0 if owner == signer else self.vault.operatorOf(owner, signer) >> 56

    def sign(self, order: Order, key: str | None = None) -> bytes:
        """Sign an order with its signer's key, or another."""
        return sign_order(order, self.record.chain_id, self.exchange.address, key or self._keys[order.signer])

    def hash(self, order: Order) -> bytes:
        """Hash an order."""
        return hash_order(order, self.record.chain_id, self.exchange.address)

    def fill(self, maker: Order, taker: Order, size: Amount | None = None, *, sender: Any = None) -> Receipt:
        """Fill two orders, by default wholly and sent by the taker's signer (whose signature is then not needed)."""
        filled = min(abs(maker.size), abs(taker.size)) if size is None else wad(size)
        signature = b"" if sender is None else self.sign(taker)
        return self.exchange.fill(
            maker.encode(), self.sign(maker), taker.encode(), signature, filled, sender=sender or taker.signer
        )

    def trade(
        self,
        buyer: Any,
        seller: Any,
        instrument: str | int,
        size: Amount,
        price: Amount | None = None,
        *,
        sub_ids: tuple[int, int] = (0, 0),
    ) -> Receipt:
        """Let the buyer take what the seller offers, at `price`, the mark of an option, or the last price set."""
        if price is None:
            settings = self.config.instruments[str(instrument)]
            price = self.prices[settings.underlying]
            if settings.strike is not None:
                price = Decimal(self.options.mark(self.instrument(instrument))["price"]).scaleb(-18)
        ask = self.order(seller, instrument, -wad_decimal(size), price, sub_id=sub_ids[1])
        bid = self.order(buyer, instrument, size, price, sub_id=sub_ids[0])
        return self.fill(ask, bid)

    def position(self, owner: Any, instrument: str | int, sub_id: int = 0) -> tuple[int, int]:
        """Size and basis of a position [wad]."""
        found = self.clearinghouse.position(self.account(owner, sub_id), self.instrument(instrument))
        return found["size"], found["basis"]

    def settle(self, owner: Any, *instruments: str | int, sender: Any = None) -> Receipt:
        """Settle legs, by default all."""
        account = self.account(owner)
        ids = [self.instrument(each) for each in instruments] or self.clearinghouse.legIds(account)
        return self.clearinghouse.settle(account, ids, sender=sender or owner)

    # ------------------------------------------------------------ margin

    def health(self, owner: Any, sub_id: int = 0) -> int:
        """Health factor [wad]."""
        return self.engine.health(self.account(owner, sub_id))

    def margin(self, owner: Any, sub_id: int = 0) -> tuple[Any, Any]:
        """Read initial and maintenance margin."""
        both = self.engine.margin(self.account(owner, sub_id))
        return both["initial"], both["maintenance"]

    # ------------------------------------------------------------ governance

    def govern(self, contract: Handle, function: str, *arguments: Any, governor: Any = None) -> Receipt:
        """Have the governor schedule a call, wait out the timelock, and execute it."""
        governor = governor or self.config.governor
        data = getattr(contract, function).encode(*arguments)
        self.manager.schedule(contract, data, 0, sender=governor)
        self.warp(self.config.governance.delay)
        return self.manager.execute(contract, data, sender=governor)

    def make_module(self, actor: Any, roles: int) -> None:
        """Let an account act as a module of the vault, which only contracts may become: it has code meanwhile."""
        self.node.rpc("anvil_setCode", address_of(actor), "0x00")
        self.govern(self.vault, "setModule", actor, roles)
        self.node.rpc("anvil_setCode", address_of(actor), "0x")

    # ------------------------------------------------------------ state

    def state(self, *owners: Any) -> Callable[[], dict[str, Any]]:
        """Reader of all about the venue and the accounts of the given owners (or account ids), as of a day from now."""
        return reader(self, [self.account(each) for each in owners], self.node.now + DAY)

    @contextmanager
    def refuses(self, error: str, /, *owners: Any, **arguments: Any) -> Iterator[None]:
        """Expect a custom error with these arguments, and unchanged state of the venue and the owners' accounts."""
        with unchanged(self.state(*owners)), reverts(error, **arguments):
            yield


def wad_decimal(value: Amount) -> Decimal:
    """Read a decimal number."""
    return Decimal(str(value))
