"""Transactions: signed, waited for, sent anew where they are stuck, and explained when a contract refuses.

Asks the node, and is what sends to it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from eth_typing import BlockNumber, HexStr
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from requests.exceptions import RequestException
from web3 import Web3
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3Exception, Web3RPCError
from web3.types import Nonce, TxParams, TxReceipt, Wei

from crossmargin.chain.reverts import ErrorBook, revert_data
from crossmargin.chain.signers import Sender
from crossmargin.chain.units import ChainId
from crossmargin.errors import ContractRevert, CrossMarginError, TransactionError, TransactionTimeout

__all__ = ["Sent", "Transactor"]

_GAS_PERCENT: Final = 125
_NEARLY_ALL: Final = 90
"""Part of its limit that a transaction without enough gas has used [percent]: calls inside leave some unused."""
_POLL: Final = 0.004  # s, at first; a public chain answers in seconds, a local one at once
_POLL_MAX: Final = 4.0  # s
_RAISE_PERCENT: Final = 125  # nodes take a replacement that pays 110 %


@dataclass(frozen=True)
class Sent:
    """A signed transaction that perhaps no node knows yet: what must be written down before it is sent."""

    nonce: Nonce
    hash: HexStr


class Transactor:
    """Sends transactions one at a time."""

    def __init__(
        self,
        web3: Web3,
        sender: Sender,
        errors: Callable[[], ErrorBook],
        timeout: float = 300,
        patience: float | None = None,
        *,
        gas_percent: int = _GAS_PERCENT,
    ) -> None:
        """Wait at most `timeout` seconds for each receipt; `errors` is asked for once, at the first refusal.

        What is not mined after `patience` seconds is sent anew with a higher fee, and again; None: never. A transaction
        may use `gas_percent` of what it would use now, and at least the `gas` that it names.
        """
        self.web3 = web3
        self.sender = sender
        self._known_errors = errors
        self._errors: ErrorBook | None = None
        self._timeout = timeout
        self._patience = patience
        self._gas_percent = gas_percent

    @cached_property
    def chain_id(self) -> ChainId:
        """EIP-155 id of the chain."""
        return ChainId(self.web3.eth.chain_id)

    def nonce(self) -> Nonce:
        """Nonce that the sender's next transaction has, counting only mined ones."""
        return self.web3.eth.get_transaction_count(self.sender.address, "latest")

    def send(self, transaction: TxParams, before: Callable[[Sent], None] = lambda _: None) -> TxReceipt:
        """Complete, sign, send and wait for success; `before` runs when the hash is known and nothing is sent yet."""
        deadline = time.monotonic() + self._timeout
        complete = self._complete(transaction)
        return self._settled(complete, self._dispatch(complete, before), deadline, before)

    def send_many(self, transactions: Sequence[TxParams]) -> list[TxReceipt | CrossMarginError]:
        """Send all that pass now, then wait for each; what is refused or fails has its error in its place."""
        deadline, nonce = time.monotonic() + self._timeout, self.nonce()
        sent: list[tuple[TxParams, Sent] | CrossMarginError] = []
        for transaction in transactions:
            try:
                complete: TxParams = {**self._complete(transaction), "nonce": nonce}
                sent.append((complete, self._dispatch(complete, lambda _: None)))
            except CrossMarginError as error:
                sent.append(error)
            except (Web3Exception, RequestException) as error:
                sent.append(TransactionError(f"the node did not take it: {error}"))
            else:
                nonce = Nonce(nonce + 1)
        return [each if isinstance(each, CrossMarginError) else self._outcome(*each, deadline) for each in sent]

    def _outcome(self, complete: TxParams, sent: Sent, deadline: float) -> TxReceipt | CrossMarginError:
        try:
            return self._settled(complete, sent, deadline, lambda _: None)
        except CrossMarginError as error:
            return error

    def _settled(self, complete: TxParams, first: Sent, deadline: float, before: Callable[[Sent], None]) -> TxReceipt:
        """Wait for success, sending what is not mined anew."""
        sent = [first]
        while True:
            left = deadline - time.monotonic()
            wait = left if self._patience is None else min(self._patience, left)
            if (receipt := self._first_receipt(sent, wait)) is not None:
                return self._succeeded(receipt)
            if wait == left or self._patience is None:
                raise TransactionTimeout([each.hash for each in sent], self._timeout)
            complete = self._raised(complete)
            try:
                sent.append(self._dispatch(complete, before))
            except (ValueError, Web3RPCError):
                continue  # mined just now, or the node wants still more

    def wait(self, sent: Sent) -> TxReceipt:
        """Wait for a transaction's receipt; one of failed status is an error."""
        if (receipt := self._first_receipt([sent], self._timeout)) is None:
            raise TransactionTimeout([sent.hash], self._timeout)
        return self._succeeded(receipt)

    def _dispatch(self, complete: TxParams, before: Callable[[Sent], None]) -> Sent:
        raw = self.sender.sign(complete)
        sent = Sent(complete["nonce"], HexStr("0x" + keccak(raw).hex()))
        before(sent)
        try:
            self.web3.eth.send_raw_transaction(HexBytes(raw))
        except Exception as error:
            raise self.explain(error) from error
        return sent

    def _first_receipt(self, sent: Sequence[Sent], seconds: float) -> TxReceipt | None:
        """Wait for any of the transactions that stand for one."""
        deadline, pause = time.monotonic() + seconds, _POLL
        while True:
            for each in sent:
                if (receipt := self.receipt(each.hash)) is not None:
                    return receipt
            if time.monotonic() > deadline:
                return None
            time.sleep(pause)
            pause = min(pause * 1.5, _POLL_MAX)

    def _succeeded(self, receipt: TxReceipt) -> TxReceipt:
        if receipt["status"] != 1:
            raise self._failure(receipt)
        return receipt

    def _failure(self, receipt: TxReceipt) -> TransactionError:
        """Find why a transaction failed: play it again at its block, and in the state before it."""
        block = receipt["blockNumber"]
        where = f"{receipt['transactionHash'].to_0x_hex()} failed in block {block}: "
        mined = self.web3.eth.get_transaction(receipt["transactionHash"])
        call: TxParams = {
            "from": mined["from"],
            "data": mined["input"],
            "value": mined["value"],
            "gas": mined["gas"],
            **({"to": mined["to"]} if mined.get("to") else {}),
        }
        places = (block, BlockNumber(block - 1))
        if (found := self._refusal(call, places)) is not None and found.data:
            return found.at(where)
        if receipt["gasUsed"] * 100 >= mined["gas"] * _NEARLY_ALL:
            more: TxParams = {**call, "gas": self.web3.eth.get_block(block)["gasLimit"]}
            if (found := self._refusal(more, places)) is not None and found.data:
                return found.at(where)
            return TransactionError(f"{where}out of gas, at a limit of {mined['gas']}: send it again")
        if found is not None:
            return TransactionError(f"{where}refused without a reason")
        return TransactionError(f"{where}it passes when played again: something before it in its block; send it again")

    def _refusal(self, call: TxParams, places: Sequence[BlockNumber]) -> ContractRevert | None:
        """Play a call at each of these blocks; give the first refusal that says why, or else one that does not."""
        mute = None
        for place in places:
            try:
                self.web3.eth.call(call, place)
            except Exception as error:
                found = self.explain(error)
                if not isinstance(found, ContractRevert):
                    if revert_data(error) is None and not isinstance(error, ContractLogicError | Web3RPCError):
                        raise
                    continue
                if found.data:
                    return found
                mute = found
        return mute

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
        least = base.pop("gas", 0)
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
            "gas": min(max(gas * self._gas_percent // 100, least), latest["gasLimit"]),
            "maxPriorityFeePerGas": priority,
            "maxFeePerGas": self.web3.to_wei(2 * latest["baseFeePerGas"] + priority, "wei"),
            "type": 2,
        }
        complete.pop("from")
        return complete

    def _raised(self, complete: TxParams) -> TxParams:
        """Give the same transaction with fees that replace it, and pay what a block asks for now."""
        priority = (
            max(int(complete["maxPriorityFeePerGas"]), self.web3.eth.max_priority_fee) * _RAISE_PERCENT // 100 + 1
        )
        base_fee = self.web3.eth.get_block("latest")["baseFeePerGas"]
        limit = max(int(complete["maxFeePerGas"]) * _RAISE_PERCENT // 100 + 1, 2 * base_fee + priority)
        return {**complete, "maxPriorityFeePerGas": Wei(priority), "maxFeePerGas": Wei(limit)}
