"""A deployed venue's contracts, bound for one signer: names, views and transactions."""

import time
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from eth_utils.address import to_checksum_address
from requests.exceptions import RequestException
from web3 import Web3
from web3.contract import Contract
from web3.exceptions import Web3Exception
from web3.types import BlockIdentifier, TxReceipt, Wei

from crossmargin.chain import node
from crossmargin.chain.abis import read_abi
from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.signers import Signer, as_signer
from crossmargin.chain.transactor import Transactor
from crossmargin.client.names import Names, listing
from crossmargin.client.plans import Head, Plan, Question
from crossmargin.errors import InstrumentError, NodeError, RecordError
from crossmargin.model.instruments import Instrument, decode
from crossmargin.model.units import AccountId, InstrumentId, Seconds

__all__ = ["PATIENCE", "Connection", "reach"]

_CONTRACTS: Final = (
    "MarginVault",
    "Clearinghouse",
    "Expiries",
    "MarketLosses",
    "RiskParameters",
    "RiskEngine",
    "RiskSimulator",
    "OracleAdapter",
    "VolatilitySurface",
    "OptionOracle",
    "Exchange",
    "InsuranceFund",
    "LiquidationAuction",
    "MarginLens",
    "BatchSettler",
)

_OPTIONAL: Final = ("CollateralHub",)
"""Only venues with collateral on other chains have it."""
_Answer = TypeVar("_Answer")

_NO_WEI: Final = Wei(0)
_GAS: Final = 200
"""Of what a transaction would use now [percent]: prices and risk arrays that age meanwhile are refreshed by it."""
PATIENCE: Final = 45.0
"""After how long a transaction that is not mined is sent anew with a higher fee [s]."""


def reach(rpc: str, deployment: Path) -> tuple[Web3, DeploymentRecord]:
    """Connect to a node and read a deployment's file. RecordError where the two are of different chains.

    NodeError where nobody answers at the address.
    """
    web3, record = node.reach(rpc), DeploymentRecord.load(deployment)
    try:
        genesis = web3.eth.get_block(0)["hash"].to_0x_hex()
    except RequestException as error:
        raise NodeError(f"no node answers at {rpc} ({type(error).__name__}): start it, or name another") from error
    if (web3.eth.chain_id, genesis) != (record.chain_id, record.genesis):
        raise RecordError(f"{deployment} is of chain {record.chain_id}, genesis {record.genesis}; not of {rpc}")
    return web3, record


class Connection:
    """A deployed venue, reached by one signer."""

    def __init__(self, web3: Web3, record: DeploymentRecord, signer: Signer | LocalAccount) -> None:
        """Bind the contracts of a complete deployment."""
        if not record.complete:
            raise RecordError(f"the deployment on {record.network} is not complete")
        self.web3 = web3
        self.record = record
        self._signer = as_signer(signer)
        names = (*_CONTRACTS, *(name for name in _OPTIONAL if name in record.contracts))
        self._abis = {name: read_abi(name) for name in names}
        self._transactor = Transactor(web3, self._signer.sender, self._error_book, patience=PATIENCE, gas_percent=_GAS)
        self._contracts = {name: self._bind(self._abis[name], record.address(name)) for name in names}

    @classmethod
    def connect(cls, rpc: str, deployment: Path, signer: Signer | LocalAccount) -> Self:
        """Connect to a node; the deployment's file must be of the same chain."""
        return cls(*reach(rpc, deployment), signer)

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

    def instrument(self, name: str) -> InstrumentId:
        """Id of an instrument by its name in the deployment."""
        if name not in self.record.instruments:
            raise RecordError(f"no instrument {name} on {self.record.network}")
        return self.record.instruments[name]

    def details(self, name: str) -> Instrument:
        """Kind, underlying, expiry and strike of an instrument."""
        return decode(self.instrument(name))

    def account(self, sub_id: int = 0, owner: str | None = None) -> AccountId:
        """Id of an account; by default the signer's first."""
        return AccountId(int(owner or self.address, 16) << 96 | sub_id)

    @cached_property
    def names(self) -> Names:
        """Names of assets, underlyings and instruments, as they were listed when first asked for."""
        return self._drive(listing(self.record), None)

    def _error_book(self) -> ErrorBook:
        """Know the errors, and the names in them as far as the node tells them."""
        try:
            words = self.names.vocabulary
        except (Web3Exception, RequestException):
            words = None
        return ErrorBook(self._abis.values(), words)

    # ------------------------------------------------------------ plumbing

    def _option(self, name: str) -> InstrumentId:
        if not self.details(name).kind.is_option:
            raise InstrumentError(f"{name} is not an option")
        return self.instrument(name)

    def _or_own(self, account: AccountId | None) -> AccountId:
        return self.account() if account is None else account

    def _now(self) -> Seconds:
        """Give the time of the last block."""
        return Seconds(self.web3.eth.get_block("latest")["timestamp"])

    def _until(self, ttl: Seconds) -> Seconds:
        """Give a time `ttl` seconds from now: from the clock or the last block, whichever is later.

        A chain on which nothing happens has an old last block, and its next one the time of the clock.
        """
        return Seconds(max(self._now(), int(time.time())) + ttl)

    def _head(self) -> Head:
        """Give the last block."""
        block = self.web3.eth.get_block("latest")
        return Head(block["number"], Seconds(block["timestamp"]))

    def explain(self, error: Exception) -> Exception:
        """Decode the custom error in a web3 exception, if there is one."""
        return self._transactor.explain(error)

    def _run(self, plan: Plan[_Answer], head: Head | None = None) -> _Answer:
        """Ask what a plan asks, at `head` or each time at the last block, and give what it comes to."""
        try:
            return self._drive(plan, head)
        except Web3Exception as error:
            raise self.explain(error) from error

    def _drive(self, plan: Plan[_Answer], head: Head | None) -> _Answer:
        questions = next(plan)
        while True:
            answers = [self._call(each, "latest" if head is None else head.number) for each in questions]
            try:
                questions = plan.send(answers)
            except StopIteration as end:
                answer: _Answer = end.value
                return answer

    def _call(self, question: Question, block: BlockIdentifier) -> Any:  # noqa: ANN401 (what the view returns)
        contract = self._abi_at(question)
        try:
            return contract.functions[question.function](*question.arguments).call(block_identifier=block)
        except Web3Exception:
            if question.may_fail:
                return None
            raise

    def _abi_at(self, question: Question) -> Contract:
        if question.at is None:
            return self._contracts[question.contract]
        key = f"{question.contract} at {question.at}"
        if key not in self._contracts:
            self._contracts[key] = self._bind(read_abi(question.contract), question.at)
        return self._contracts[key]

    def _address_of(self, name: str) -> ChecksumAddress:
        return self._contracts[name].address

    def _bind(self, abi: list[dict[str, Any]], address: str) -> Contract:
        return self.web3.eth.contract(address=to_checksum_address(address), abi=abi)

    def _read(self, contract: str, function: str, *arguments: Any) -> Any:  # noqa: ANN401 (what the view returns)
        """Ask a view, or what a transaction of the signer would answer; nothing is sent."""
        try:
            return self._contracts[contract].functions[function](*arguments).call({"from": self.address})
        except Exception as error:
            raise self._transactor.explain(error) from error

    def _send(self, contract: Contract, function: str, *arguments: Any, value: Wei = _NO_WEI) -> TxReceipt:  # noqa: ANN401
        data = contract.encode_abi(function, args=list(arguments))
        call = self._signer.route(contract.address, HexStr(data))
        return self._transactor.send({**call, "value": value} if value else call)
