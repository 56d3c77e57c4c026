"""Access to a deployed venue for traders: deposits, orders, fills, and everything there is to know about an account.

Amounts are integers in the unit that the description names; `crossmargin.client.units` makes them from decimals.
A refusal is a `ContractRevert` with the contract's custom error and its arguments.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from eth_utils.address import to_checksum_address
from web3 import HTTPProvider, Web3
from web3.contract import Contract
from web3.types import TxReceipt

from crossmargin.client.orders import MAX_FEE, Order, hash_order, sign_order
from crossmargin.client.permits import permit_signature
from crossmargin.client.reverts import ErrorBook
from crossmargin.client.transactor import LocalSender, Transactor
from crossmargin.client.views import AccountView, AssetView, AuctionView, Margin, MarketView
from crossmargin.deployment.record import DeploymentRecord
from crossmargin.errors import RecordError
from crossmargin.model.instruments import decode
from crossmargin.model.units import InstrumentId

__all__ = ["Venue"]

_CONTRACTS: Final = (
    "MarginVault",
    "Clearinghouse",
    "RiskEngine",
    "OracleAdapter",
    "Exchange",
    "InsuranceFund",
    "LiquidationAuction",
    "MarginLens",
)
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


class Venue:
    """A deployed venue, seen and used by one signer."""

    def __init__(self, web3: Web3, record: DeploymentRecord, signer: LocalAccount) -> None:
        """Bind the contracts of a complete deployment."""
        if not record.complete:
            raise RecordError(f"the deployment on {record.network} is not complete")
        self.web3 = web3
        self.record = record
        self._signer = signer
        self._abis = {name: _abi(name) for name in _CONTRACTS}
        self._transactor = Transactor(web3, LocalSender(signer), lambda: ErrorBook(self._abis.values()))
        self._contracts = {name: self._bind(self._abis[name], record.address(name)) for name in _CONTRACTS}
        self._nonces = count(web3.eth.get_block("latest")["timestamp"] << 32)

    @classmethod
    def connect(cls, rpc: str, deployment: Path, signer: LocalAccount) -> Self:
        """Connect to a node; the deployment's file must be of the same chain."""
        web3, record = Web3(HTTPProvider(rpc)), DeploymentRecord.load(deployment)
        genesis = web3.eth.get_block(0)["hash"].to_0x_hex()
        if (web3.eth.chain_id, genesis) != (record.chain_id, record.genesis):
            raise RecordError(f"{deployment} is of chain {record.chain_id}, genesis {record.genesis}; not of {rpc}")
        return cls(web3, record, signer)

    # ------------------------------------------------------------ names

    @property
    def address(self) -> ChecksumAddress:
        """The signer's address."""
        return self._signer.address

    def contract(self, name: str) -> Contract:
        """Reach one of the venue's contracts."""
        return self._contracts[name]

    def token(self, name: str) -> ChecksumAddress:
        """Address of a token by its symbol in the deployment."""
        if name not in self.record.tokens:
            raise RecordError(f"no token {name} on {self.record.network}")
        return to_checksum_address(self.record.tokens[name])

    def instrument(self, name: str) -> int:
        """Id of an instrument by its name in the deployment."""
        if name not in self.record.instruments:
            raise RecordError(f"no instrument {name} on {self.record.network}")
        return self.record.instruments[name]

    def account(self, sub_id: int = 0, owner: str | None = None) -> int:
        """Id of an account; by default the signer's first."""
        return int(owner or self.address, 16) << 96 | sub_id

    # ------------------------------------------------------------ money

    def mint(self, token: str, amount: int) -> TxReceipt:
        """Take `amount` [token units] from a test token's faucet."""
        return self._send(self._bind(_ERC20, self.token(token)), "mint", self.address, amount)

    def approve(self, token: str, amount: int) -> TxReceipt:
        """Let the vault take `amount` [token units] of the signer's tokens."""
        return self._send(self._bind(_ERC20, self.token(token)), "approve", self._address_of("MarginVault"), amount)

    def deposit(self, token: str, amount: int, account: int | None = None) -> TxReceipt:
        """Deposit `amount` [token units] that the vault was approved for."""
        return self._vault("deposit", self._or_own(account), self.token(token), amount)

    def deposit_with_permit(self, token: str, amount: int, account: int | None = None, ttl: int = 3600) -> TxReceipt:
        """Approve by signature and deposit in one transaction; the permit is void after `ttl` seconds."""
        address, spender = self.token(token), self._address_of("MarginVault")
        erc20 = self._bind(_ERC20, address)
        deadline = self.web3.eth.get_block("latest")["timestamp"] + ttl
        signature = permit_signature(
            self._signer,
            token=address,
            name=erc20.functions.name().call(),
            chain_id=self._transactor.chain_id,
            spender=spender,
            value=amount,
            nonce=erc20.functions.nonces(self.address).call(),
            deadline=deadline,
        )
        return self._vault("depositWithPermit", self._or_own(account), address, amount, deadline, *signature)

    def withdraw(self, token: str, amount: int, to: str | None = None, account: int | None = None) -> TxReceipt:
        """Withdraw `amount` [token units; 2^256 - 1 = all]; of the quote token more than is there becomes a loan."""
        return self._vault("withdraw", self._or_own(account), self.token(token), amount, to or self.address)

    def transfer(self, to: int, token: str, amount: int, account: int | None = None) -> TxReceipt:
        """Move `amount` [token units] to another account inside the vault."""
        return self._vault("transfer", self._or_own(account), to, self.token(token), amount)

    def set_operator(self, operator: str, permissions: int, expiry: int) -> TxReceipt:
        """Let somebody act for all the signer's accounts: bits of PERMISSION_*, until `expiry` [s]; 0 revokes."""
        return self._vault("setOperator", operator, permissions, expiry)

    # ------------------------------------------------------------ orders

    def order(
        self,
        instrument: str,
        size: int,
        limit_price: int,
        *,
        account: int | None = None,
        max_fee: int = MAX_FEE,
        ttl: int = 60,
        nonce: int | None = None,
        reduce_only: bool = False,
    ) -> Order:
        """Make an order of the signer: size [wad base, positive buys], price [wad USD], valid for `ttl` seconds."""
        return Order(
            account=self._or_own(account),
            signer=self.address,
            instrument=self.instrument(instrument),
            size=size,
            limit_price=limit_price,
            max_fee=max_fee,
            expiry=self.web3.eth.get_block("latest")["timestamp"] + ttl,
            nonce=next(self._nonces) if nonce is None else nonce,
            reduce_only=reduce_only,
        )

    def sign(self, order: Order) -> bytes:
        """Sign an order, to be given to whoever may fill it."""
        return sign_order(order, self._transactor.chain_id, self._address_of("Exchange"), self._signer)

    def hash(self, order: Order) -> bytes:
        """Compute the hash under which the exchange knows the order."""
        return hash_order(order, self._transactor.chain_id, self._address_of("Exchange"))

    def fill(
        self, maker: Order, maker_signature: bytes, taker: Order, size: int, taker_signature: bytes = b""
    ) -> TxReceipt:
        """Fill `size` [wad base] of two orders at the maker's price; one's own taker order needs no signature."""
        return self._send(
            self._contracts["Exchange"], "fill", maker.encode(), maker_signature, taker.encode(), taker_signature, size
        )

    def cancel(self, order: Order) -> TxReceipt:
        """Void an order."""
        return self._send(self._contracts["Exchange"], "cancel", order.encode())

    def cancel_all(self, minimum_nonce: int, account: int | None = None) -> TxReceipt:
        """Void every order of a smaller nonce."""
        return self._send(self._contracts["Exchange"], "cancelAll", self._or_own(account), minimum_nonce)

    def filled(self, order: Order) -> int:
        """Size of the order that is filled [wad base]; 2^256 - 1 when cancelled."""
        return int(self._read("Exchange", "filledOf", self.hash(order)))

    # ------------------------------------------------------------ prices

    def refresh(self, *instruments: str) -> TxReceipt:
        """Store the newest prices of the instruments' underlyings, as anybody may."""
        feeds = sorted({decode(InstrumentId(self.instrument(name))).underlying for name in instruments})
        return self._send(self._contracts["OracleAdapter"], "refresh", feeds)

    # ------------------------------------------------------------ views

    def health(self, account: int | None = None) -> int:
        """Health factor [wad]; 2^256 - 1 where nothing is required."""
        return int(self._read("RiskEngine", "health", self._or_own(account)))

    def margin(self, account: int | None = None) -> tuple[Margin, Margin]:
        """Read initial and maintenance margin."""
        initial, maintenance = self._read("RiskEngine", "margin", self._or_own(account))
        return Margin(*initial), Margin(*maintenance)

    def simulate(
        self,
        account: int | None = None,
        *,
        trades: Sequence[tuple[str, int, int]] = (),
        collateral: Sequence[tuple[int, int]] = (),
        cash: int = 0,
        shocks: Mapping[int, int] | None = None,
    ) -> tuple[Margin, Margin]:
        """Ask for the margins after a change, under shocked prices; nothing is written.

        Trades: instrument, size [wad base], price [wad USD]. Collateral: asset index, amount [token units].
        Cash [wad USD].
        Shocks: relative move by feed id [wad: -2 * 10**17 = falls by 20 %].
        """
        change = (
            [self.instrument(name) for name, _, _ in trades],
            [size for _, size, _ in trades],
            [price for _, _, price in trades],
            [index for index, _ in collateral],
            [amount for _, amount in collateral],
            cash,
        )
        initial, maintenance = self._read(
            "RiskEngine", "simulate", self._or_own(account), change, list((shocks or {}).items())
        )
        return Margin(*initial), Margin(*maintenance)

    def accounts(self, ids: Sequence[int]) -> list[AccountView]:
        """Show accounts whole."""
        return [AccountView.decode(raw) for raw in self._read("MarginLens", "accountViews", list(ids))]

    def markets(self) -> list[MarketView]:
        """Show every instrument."""
        return [MarketView.decode(raw) for raw in self._read("MarginLens", "markets")]

    def assets(self) -> list[AssetView]:
        """Show every collateral asset."""
        configs, prices = self._read("MarginLens", "assets")
        return [AssetView.decode(config, price) for config, price in zip(configs, prices, strict=True)]

    def auctions(self, ids: Sequence[int]) -> list[AuctionView]:
        """Show the auctions of the given accounts, as far as they are in one."""
        rows = zip(ids, *self._read("MarginLens", "auctions", list(ids)), strict=True)
        components = self._contracts["LiquidationAuction"].get_function_by_name("auctionOf").abi["outputs"][0]
        names = [entry["name"] for entry in components["components"]]
        views = []
        for account, live, insolvent, price, fraction, value in rows:
            auction = dict(zip(names, live, strict=True))
            if auction["id"] and auction["startedAt"]:
                views.append(
                    AuctionView(account, auction["id"], auction["startedAt"], insolvent, price, fraction, value)
                )
        return views

    # ------------------------------------------------------------ plumbing

    def _or_own(self, account: int | None) -> int:
        return self.account() if account is None else account

    def _address_of(self, name: str) -> ChecksumAddress:
        return self._contracts[name].address

    def _bind(self, abi: list[dict[str, Any]], address: str) -> Contract:
        return self.web3.eth.contract(address=to_checksum_address(address), abi=abi)

    def _read(self, contract: str, function: str, *arguments: Any) -> Any:  # noqa: ANN401 (what the view returns)
        try:
            return self._contracts[contract].functions[function](*arguments).call()
        except Exception as error:
            raise self._transactor.explain(error) from error

    def _vault(self, function: str, *arguments: Any) -> TxReceipt:  # noqa: ANN401 (what the function takes)
        return self._send(self._contracts["MarginVault"], function, *arguments)

    def _send(self, contract: Contract, function: str, *arguments: Any) -> TxReceipt:  # noqa: ANN401 (as above)
        data = contract.encode_abi(function, args=list(arguments))
        return self._transactor.send({"to": contract.address, "data": HexStr(data)})


def _abi(contract: str) -> list[dict[str, Any]]:
    """Read an ABI that ships with the library."""
    content: list[dict[str, Any]] = json.loads((files("crossmargin") / "abis" / f"{contract}.json").read_text())
    return content
