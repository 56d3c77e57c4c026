"""Access to a deployed venue for traders: deposits, orders, fills, and everything there is to know about an account.

Amounts are integers in the unit of their type; `crossmargin.chain.decimals` makes them from decimals.
A refusal is a `ContractRevert` with the contract's custom error and its arguments.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from web3 import Web3
from web3.types import Nonce, TxReceipt

from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.signers import Signer
from crossmargin.client.expiries import Expiries
from crossmargin.client.option_views import ScenarioView
from crossmargin.client.options import Options
from crossmargin.client.orders import MAX_FEE, OWNER_EPOCH, Order, hash_order, sign_order
from crossmargin.client.permits import permit_signature
from crossmargin.client.views import AccountView, AssetView, AuctionView, Margin, MarketView
from crossmargin.model.permissions import Permission
from crossmargin.model.units import (
    ZERO,
    AccountId,
    AssetIndex,
    AuctionId,
    FeedId,
    OperatorEpoch,
    Ppm,
    Seconds,
    TokenUnits,
    Wad,
)

__all__ = ["Venue"]

_PERMIT_TTL: Final = Seconds(3600)
_ORDER_TTL: Final = Seconds(60)

_ERC20: Final[list[dict[str, Any]]] = [
    {
        "type": "function",
        "name": name,
        "stateMutability": mutability,
        "inputs": [{"name": f"a{index}", "type": kind} for index, kind in enumerate(inputs)],
        "outputs": [{"name": "", "type": output}] if output else [],
    }
    for name, mutability, inputs, output in (
        ("approve", "nonpayable", ("address", "uint256"), "bool"),
        ("allowance", "view", ("address", "address"), "uint256"),
        ("balanceOf", "view", ("address",), "uint256"),
        ("decimals", "view", (), "uint8"),
        ("nonces", "view", ("address",), "uint256"),
        ("name", "view", (), "string"),
        ("mint", "nonpayable", ("address", "uint256"), ""),  # test networks only
    )
]


class Venue(Options, Expiries):
    """A deployed venue, seen and used by one signer."""

    def __init__(self, web3: Web3, record: DeploymentRecord, signer: Signer | LocalAccount) -> None:
        """Bind the contracts of a complete deployment."""
        super().__init__(web3, record, signer)
        self._nonces = count(self._now() << 32)

    # ------------------------------------------------------------ money

    def mint(self, token: str, amount: TokenUnits) -> TxReceipt:
        """Take `amount` [token units] from a test token's faucet."""
        return self._send(self._bind(_ERC20, self.token(token)), "mint", self.address, amount)

    def approve(self, token: str, amount: TokenUnits) -> TxReceipt:
        """Let the vault take `amount` [token units] of the signer's tokens."""
        return self._send(self._bind(_ERC20, self.token(token)), "approve", self._address_of("MarginVault"), amount)

    def deposit(self, token: str, amount: TokenUnits, account: AccountId | None = None) -> TxReceipt:
        """Deposit `amount` [token units] that the vault was approved for."""
        return self._vault("deposit", self._or_own(account), self.token(token), amount)

    def deposit_with_permit(
        self, token: str, amount: TokenUnits, account: AccountId | None = None, ttl: Seconds = _PERMIT_TTL
    ) -> TxReceipt:
        """Approve by signature and deposit in one transaction; the permit is void after `ttl` seconds."""
        address, spender = self.token(token), self._address_of("MarginVault")
        erc20 = self._bind(_ERC20, address)
        deadline = self._until(ttl)
        signature = permit_signature(
            self._signer,
            token=address,
            name=erc20.functions.name().call(),
            chain_id=self._transactor.chain_id,
            spender=spender,
            value=amount,
            nonce=Nonce(erc20.functions.nonces(self.address).call()),
            deadline=deadline,
        )
        return self._vault("depositWithPermit", self._or_own(account), address, amount, deadline, *signature)

    def withdraw(
        self, token: str, amount: TokenUnits, to: str | None = None, account: AccountId | None = None
    ) -> TxReceipt:
        """Withdraw `amount` [token units; 2^256 - 1 = all] to the account's owner, or to `to`.

        Of the quote token more than is there becomes a loan.
        """
        owned = self._or_own(account)
        return self._vault("withdraw", owned, self.token(token), amount, to or self.owner_of(owned))

    def transfer(self, to: AccountId, token: str, amount: TokenUnits, account: AccountId | None = None) -> TxReceipt:
        """Move `amount` [token units] to another account inside the vault."""
        return self._vault("transfer", self._or_own(account), to, self.token(token), amount)

    def set_operator(self, operator: str, permissions: Permission, expiry: Seconds) -> TxReceipt:
        """Let somebody act for all the signer's accounts until `expiry` [s]; `Permission.NONE` revokes.

        Whatever the operator signed before is void.
        """
        return self._vault("setOperator", operator, int(permissions), expiry)

    # ------------------------------------------------------------ orders

    def order(
        self,
        instrument: str,
        size: Wad,
        limit_price: Wad,
        *,
        account: AccountId | None = None,
        max_fee: Ppm = MAX_FEE,
        ttl: Seconds = _ORDER_TTL,
        nonce: Nonce | None = None,
        reduce_only: bool = False,
    ) -> Order:
        """Make an order of the signer: size [wad base, positive buys], price [wad USD], valid for `ttl` seconds."""
        account = self._or_own(account)
        return Order(
            account=account,
            signer=self.address,
            instrument=self.instrument(instrument),
            size=size,
            limit_price=limit_price,
            max_fee=max_fee,
            expiry=self._until(ttl),
            nonce=Nonce(next(self._nonces)) if nonce is None else nonce,
            epoch=self._epoch(account),
            reduce_only=reduce_only,
        )

    def _epoch(self, account: AccountId) -> OperatorEpoch:
        """Tell how often the account's owner has named the signer as its operator; 0 where the signer owns it."""
        owner = self.owner_of(account)
        if owner == self.address:
            return OWNER_EPOCH
        _, _, epoch = self._read("MarginVault", "operatorOf", owner, self.address)
        return OperatorEpoch(epoch)

    def sign(self, order: Order) -> bytes:
        """Sign an order, to be given to whoever may fill it."""
        return sign_order(order, self._transactor.chain_id, self._address_of("Exchange"), self._signer)

    def hash(self, order: Order) -> bytes:
        """Compute the hash under which the exchange knows the order."""
        return hash_order(order, self._transactor.chain_id, self._address_of("Exchange"))

    def fill(
        self, maker: Order, maker_signature: bytes, taker: Order, size: Wad, taker_signature: bytes = b""
    ) -> TxReceipt:
        """Fill `size` [wad base] of two orders at the maker's price; one's own taker order needs no signature."""
        return self._send(
            self._contracts["Exchange"], "fill", maker.encode(), maker_signature, taker.encode(), taker_signature, size
        )

    def cancel(self, order: Order) -> TxReceipt:
        """Void an order."""
        return self._send(self._contracts["Exchange"], "cancel", order.encode())

    def cancel_all(self, minimum_nonce: Nonce, account: AccountId | None = None) -> TxReceipt:
        """Void every order of a smaller nonce."""
        return self._send(self._contracts["Exchange"], "cancelAll", self._or_own(account), minimum_nonce)

    def filled(self, order: Order) -> Wad:
        """Size of the order that is filled [wad base]; 2^256 - 1 when cancelled."""
        return Wad(self._read("Exchange", "filledOf", self.hash(order)))

    # ------------------------------------------------------------ prices

    def refresh(self, *instruments: str) -> TxReceipt:
        """Store the newest prices of the instruments' underlyings, as anybody may."""
        feeds = sorted({self.details(name).underlying for name in instruments})
        return self._send(self._contracts["OracleAdapter"], "refresh", feeds)

    # ------------------------------------------------------------ views

    def health(self, account: AccountId | None = None) -> Wad:
        """Health factor [wad]; 2^256 - 1 where nothing is required."""
        return Wad(self._read("RiskEngine", "health", self._or_own(account)))

    def margin(self, account: AccountId | None = None) -> tuple[Margin, Margin]:
        """Read initial and maintenance margin."""
        initial, maintenance = self._read("RiskEngine", "margin", self._or_own(account))
        return Margin.decode(initial), Margin.decode(maintenance)

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
        return [AccountView.decode(raw) for raw in self._read("MarginLens", "accountViews", list(ids))]

    def markets(self) -> list[MarketView]:
        """Show every instrument."""
        return [MarketView.decode(raw) for raw in self._read("MarginLens", "markets")]

    def assets(self) -> list[AssetView]:
        """Show every collateral asset."""
        configs, prices = self._read("MarginLens", "assets")
        return [AssetView.decode(config, price) for config, price in zip(configs, prices, strict=True)]

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

    # ------------------------------------------------------------ plumbing

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

    def _vault(self, function: str, *arguments: Any) -> TxReceipt:  # noqa: ANN401 (what the function takes)
        return self._send(self._contracts["MarginVault"], function, *arguments)
