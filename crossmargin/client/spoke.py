"""A spoke on another chain, seen and used by one signer: what is locked there, reported, and paid out.

Amounts are integers in token units. A refusal is a `ContractRevert` with the contract's custom error and its arguments.
"""

from pathlib import Path
from typing import Any, Final, Self

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from eth_utils.address import to_checksum_address
from web3 import Web3
from web3.contract import Contract
from web3.types import Nonce, TxReceipt, Wei

from crossmargin.chain.abis import ERC20, read_abi
from crossmargin.chain.accounts import owner_of
from crossmargin.chain.arguments import Vocabulary
from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.signers import Signer, as_signer
from crossmargin.chain.transactor import Transactor
from crossmargin.client.connection import PATIENCE, reach
from crossmargin.client.permits import permit_signature
from crossmargin.client.receipts import Event, Receipts
from crossmargin.client.remote_receipts import SPOKE_EVENTS, TokenNames
from crossmargin.client.remote_views import AtSpoke
from crossmargin.crosschain.links import Link
from crossmargin.crosschain.prove import ABIS, Exit, prove_on
from crossmargin.errors import RecordError
from crossmargin.model.units import AccountId, Seconds, TokenUnits

__all__ = ["Spoke"]

_CONTRACT: Final = "CollateralSpoke"
_PERMIT_TTL: Final = Seconds(3600)


class Spoke:
    """A deployed spoke."""

    def __init__(self, web3: Web3, record: DeploymentRecord, signer: Signer | LocalAccount) -> None:
        """Bind the contracts of a complete deployment."""
        if not record.complete:
            raise RecordError(f"the deployment on {record.network} is not complete")
        self.web3, self.record = web3, record
        self._signer = as_signer(signer)
        self._names = TokenNames({address: (name, self._decimals(address)) for name, address in record.tokens.items()})
        book = ErrorBook(map(read_abi, ABIS), Vocabulary(self._names.by_address))
        self._transactor = Transactor(web3, self._signer.sender, lambda: book, patience=PATIENCE)
        self._contract = self._bind(_CONTRACT, record.address(_CONTRACT))
        self.receipts = Receipts(record, lambda: self._names, SPOKE_EVENTS)

    @classmethod
    def connect(cls, rpc: str, deployment: Path, signer: Signer | LocalAccount) -> Self:
        """Connect to a node of the spoke's chain; the deployment's file must be of the same chain."""
        return cls(*reach(rpc, deployment), signer)

    @property
    def address(self) -> ChecksumAddress:
        """The signer's address."""
        return self._signer.address

    @property
    def domain(self) -> int:
        """Number of its chain among transports."""
        return self.record.chain_id

    @property
    def hub_domain(self) -> int:
        """The same of the venue's chain, which it was built for."""
        return int(self._read("hubDomain"))

    @property
    def hub(self) -> ChecksumAddress:
        """The venue's hub, which it was built for."""
        return to_checksum_address(self._read("hub"))

    def token(self, name: str) -> ChecksumAddress:
        """Address of a token by its symbol in the deployment."""
        if name not in self.record.tokens:
            raise RecordError(f"no token {name} on {self.record.network}: {', '.join(self.record.tokens)}")
        return to_checksum_address(self.record.tokens[name])

    # ------------------------------------------------------------ what it does

    def mint(self, token: str, amount: TokenUnits) -> TxReceipt:
        """Take `amount` [token units] from a test token's faucet."""
        return self._send(self._bind(ERC20, self.token(token)), "mint", self.address, amount)

    def approve(self, token: str, amount: TokenUnits) -> TxReceipt:
        """Let the spoke take `amount` [token units] of the signer's tokens."""
        return self._send(self._bind(ERC20, self.token(token)), "approve", self._contract.address, amount)

    def lock(self, token: str, amount: TokenUnits, account: AccountId) -> TxReceipt:
        """Lock `amount` [token units] that the spoke was approved for, for an account of the venue, and report it."""
        return self._send(self._contract, "lock", self.token(token), amount, account, value=self.fee())

    def lock_with_permit(
        self, token: str, amount: TokenUnits, account: AccountId, ttl: Seconds = _PERMIT_TTL
    ) -> TxReceipt:
        """Approve by signature and lock in one transaction; the permit is void after `ttl` seconds."""
        address = self.token(token)
        erc20 = self._bind(ERC20, address)
        deadline = Seconds(self.web3.eth.get_block("latest")["timestamp"] + ttl)
        signature = permit_signature(
            self._signer,
            token=address,
            name=erc20.functions.name().call(),
            chain_id=self._transactor.chain_id,
            spender=self._contract.address,
            value=amount,
            nonce=Nonce(erc20.functions.nonces(self.address).call()),
            deadline=deadline,
        )
        arguments = (address, amount, account, deadline, *signature)
        return self._send(self._contract, "lockWithPermit", *arguments, value=self.fee())

    def report(self, token: str, account: AccountId) -> TxReceipt:
        """Report how an account's lock is once more, as anybody may."""
        return self._send(self._contract, "report", self.token(token), account, value=self.fee())

    def beat(self, token: str) -> TxReceipt:
        """Tell the hub that the spoke lives, and its totals of a token, as anybody may."""
        return self._send(self._contract, "beat", self.token(token), value=self.fee())

    def pay(self, token: str, recipient: str | None = None) -> TxReceipt:
        """Pay a recipient, by default the signer, what the hub asks for, as anybody may."""
        return self._send(self._contract, "pay", self.token(token), recipient or self.address)

    def prove(self, hub: Link, recipient: str | None = None) -> list[str]:
        """Prove what the hub has redeemed for a recipient, by default the signer, where no message comes.

        Says what came of it. CrossChainError where the spoke takes no proof, or none yet.
        """
        lines: list[str] = []
        own = Link.to(self.record.network, self.domain, self._contract.address, self.web3, is_hub=False)
        receiver = to_checksum_address(recipient or self.address)
        prove_on(Exit.of(hub, own, lines.append), receiver, self._transactor)
        return lines

    def fee(self) -> Wei:
        """Ask what a message costs by all transports; what is sent too much comes back [wei]."""
        return Wei(self._read("messageFee", self.hub_domain))

    # ------------------------------------------------------------ what it shows

    def balance(self, token: str, owner: str | None = None) -> TokenUnits:
        """Read what somebody, by default the signer, has of a token [token units]."""
        return TokenUnits(self._bind(ERC20, self.token(token)).functions.balanceOf(owner or self.address).call())

    def standing(self, token: str, account: AccountId) -> AtSpoke:
        """Read how an account and its owner stand, for a token by its address or symbol."""
        address = self.token(token) if token in self.record.tokens else to_checksum_address(token)
        locked, _, sequence = self._read("lockOf", address, account)
        redeemed, paid = self._read("redemptionOf", address, owner_of(account))
        *_, available = self._read("totalsOf", address)
        _, _, window, capacity, _ = self._read("tokenConfig", address)
        return AtSpoke(
            locked=locked,
            sequence=sequence,
            redeemed=redeemed,
            paid=paid,
            available=available,
            capacity=capacity,
            window=Seconds(window),
            paused_until=Seconds(self._read("pausedUntil")),
            now=Seconds(self.web3.eth.get_block("latest")["timestamp"]),
        )

    def events(self, receipt: TxReceipt) -> list[Event]:
        """List what a transaction did: locks, payments, exits."""
        return self.receipts.of(receipt)

    # ------------------------------------------------------------ plumbing

    def _decimals(self, address: str) -> int:
        return int(self._bind(ERC20, address).functions.decimals().call())

    def _bind(self, abi: str, address: str) -> Contract:
        return self.web3.eth.contract(address=to_checksum_address(address), abi=read_abi(abi))

    def _read(self, function: str, *arguments: Any) -> Any:  # noqa: ANN401 (what the view returns)
        try:
            return self._contract.functions[function](*arguments).call()
        except Exception as error:
            raise self._transactor.explain(error) from error

    def _send(self, contract: Contract, function: str, *arguments: Any, value: int = 0) -> TxReceipt:  # noqa: ANN401
        data = contract.encode_abi(function, args=list(arguments))
        call = self._signer.route(contract.address, HexStr(data))
        return self._transactor.send({**call, "value": Wei(value)} if value else call)
