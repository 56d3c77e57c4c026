"""Transactions: signed by a key or an account of ape's, waited for, and explained when a contract refuses.

Asks the node, and is what sends to it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, cast

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import TransactionNotFound
from web3.types import Nonce, TxParams, TxReceipt

from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.units import ChainId
from crossmargin.errors import TransactionError

__all__ = ["LocalSender", "Sender", "Sent", "Transactor"]

_GAS_MARGIN_PERCENT = 125
_POLL = 0.004  # s, at first; a public chain answers in seconds, a local one at once
_POLL_MAX = 4.0  # s


class Sender(Protocol):
    """Who pays and signs: a local key, or an account that ape keeps encrypted."""

    @property
    def address(self) -> ChecksumAddress:
        """The account's address."""

    def sign(self, transaction: TxParams) -> bytes:
        """Sign a complete transaction; return it serialized."""


class LocalSender:
    """A sender whose key this process holds."""

    def __init__(self, account: LocalAccount) -> None:
        """Sign with `account`."""
        self._account = account

    @property
    def address(self) -> ChecksumAddress:
        """The account's address."""
        return self._account.address

    def sign(self, transaction: TxParams) -> bytes:
        """Sign a complete transaction; return it serialized."""
        return bytes(self._account.sign_transaction(cast("dict[str, Any]", transaction)).raw_transaction)


@dataclass(frozen=True)
class Sent:
    """A signed transaction that perhaps no node knows yet: what must be written down before it is sent."""

    nonce: Nonce
    hash: HexStr


class Transactor:
    """Sends transactions one at a time."""

    def __init__(self, web3: Web3, sender: Sender, errors: Callable[[], ErrorBook], timeout: float = 300) -> None:
        """Wait at most `timeout` seconds for each receipt; `errors` is asked for once, at the first refusal."""
        self.web3 = web3
        self.sender = sender
        self._known_errors = errors
        self._errors: ErrorBook | None = None
        self._timeout = timeout

    @cached_property
    def chain_id(self) -> ChainId:
        """EIP-155 id of the chain."""
        return ChainId(self.web3.eth.chain_id)

    def nonce(self) -> Nonce:
        """Nonce that the sender's next transaction has, counting only mined ones."""
        return self.web3.eth.get_transaction_count(self.sender.address, "latest")

    def send(self, transaction: TxParams, before: Callable[[Sent], None] = lambda _: None) -> TxReceipt:
        """Complete, sign, send and wait for success; `before` runs when the hash is known and nothing is sent yet."""
        complete = self._complete(transaction)
        raw = self.sender.sign(complete)
        sent = Sent(complete["nonce"], HexStr("0x" + keccak(raw).hex()))
        before(sent)
        try:
            self.web3.eth.send_raw_transaction(HexBytes(raw))
        except Exception as error:
            raise self.explain(error) from error
        return self.wait(sent)

    def wait(self, sent: Sent) -> TxReceipt:
        """Wait for a transaction's receipt; one of failed status is an error."""
        deadline, pause = time.monotonic() + self._timeout, _POLL
        while (receipt := self.receipt(sent.hash)) is None:
            if time.monotonic() > deadline:
                raise TransactionError(f"{sent.hash}: no receipt after {self._timeout:.0f} s")
            time.sleep(pause)
            pause = min(pause * 1.5, _POLL_MAX)
        if receipt["status"] != 1:
            raise TransactionError(f"{sent.hash}: failed in block {receipt['blockNumber']}")
        return receipt

    def receipt(self, transaction: str) -> TxReceipt | None:
        """Receipt of a transaction; None while it is not mined."""
        try:
            return self.web3.eth.get_transaction_receipt(HexStr(transaction))
        except TransactionNotFound:
            return None

    def is_known(self, transaction: str) -> bool:
        """Whether the node knows the transaction, mined or waiting."""
        try:
            self.web3.eth.get_transaction(HexStr(transaction))
        except TransactionNotFound:
            return False
        return True

    def explain(self, error: Exception) -> Exception:
        """Decode the custom error in a web3 exception, if there is one."""
        if self._errors is None:
            self._errors = self._known_errors()
        return self._errors.translate(error)

    def _complete(self, transaction: TxParams) -> TxParams:
        eth = self.web3.eth
        base: TxParams = {"from": self.sender.address, "value": self.web3.to_wei(0, "ether"), **transaction}
        try:
            gas = eth.estimate_gas(base)
        except Exception as error:
            raise self.explain(error) from error
        latest = eth.get_block("latest")
        priority = eth.max_priority_fee
        complete: TxParams = {
            **base,
            "chainId": self.chain_id,
            "nonce": eth.get_transaction_count(self.sender.address, "latest"),
            "gas": min(gas * _GAS_MARGIN_PERCENT // 100, latest["gasLimit"]),
            "maxPriorityFeePerGas": priority,
            "maxFeePerGas": self.web3.to_wei(2 * latest["baseFeePerGas"] + priority, "wei"),
            "type": 2,
        }
        complete.pop("from")
        return complete
