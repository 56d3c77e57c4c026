"""Sends a relayer's transactions, each from its purse: within the day's limit, booked by what left. Reads and sends."""

from collections.abc import Callable
from typing import Any, Final

from eth_typing import BlockNumber
from requests.exceptions import RequestException
from web3.exceptions import Web3Exception
from web3.types import TxParams, TxReceipt, Wei

from crossmargin.chain.abis import read_abi
from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.signers import Sender
from crossmargin.chain.transactor import Sent, Transactor
from crossmargin.crosschain.links import Links
from crossmargin.crosschain.patience import Budget
from crossmargin.crosschain.purses import Purse
from crossmargin.crosschain.settings import RelaySettings
from crossmargin.errors import CrossMarginError

__all__ = ["Payer"]

_ABIS: Final = (
    "CollateralHub",
    "CollateralSpoke",
    "AttestationTransport",
    "HyperlaneTransport",
    "ValidatorModule",
    "MarginVault",
)
_PATIENCE: Final = 60.0  # s
_TIMEOUT: Final = 180.0  # s
Say = Callable[[str], None]


class Payer:
    """Has a key, and a limit for each purse on each chain."""

    def __init__(
        self,
        relay: RelaySettings,
        links: Links,
        sender: Sender,
        say: Say,
        complain: Say,
        *,
        dry_run: bool,
        clock: Callable[[], float],
    ) -> None:
        """Send as `sender` on all chains; a dry run only says what would be sent. `complain` is not said at once again.

        CrossChainError where nobody knows what was spent.
        """
        self._relay, self._say, self._complain, self._dry_run, self._clock = relay, say, complain, dry_run, clock
        self._transactors = {
            name: Transactor(link.web3, sender, _error_book, _TIMEOUT, _PATIENCE) for name, link in links.items()
        }
        self._budget = Budget(relay.spent_file, Wei(int(relay.spend_limit * 10**18)))

    def send(self, chain: str, what: str, transaction: TxParams, kind: Purse) -> bool:
        """Send within the purse's limit of the day; tell whether it was sent, and went through."""
        line, purse = f"{what} on {chain}", f"{kind} on {chain}"
        if self._dry_run:
            self._complain(f"would send: {line}")
            return False
        if not self._budget.left(purse, self._clock()):
            self._complain(f"{purse}: the day's limit of {self._relay.spend_limit:f} is spent; nothing is sent")
            return False
        transactor, tried = self._transactors[chain], list[Sent]()
        try:
            receipt = transactor.send(transaction, tried.append)
        except CrossMarginError:
            for failed in filter(None, (transactor.receipt(each.hash) for each in tried)):
                self._budget.spend(purse, _gas_cost(failed), self._clock())
            raise
        cost = _gas_cost(receipt) + _kept(transactor, receipt, transaction.get("value", 0))
        self._budget.spend(purse, Wei(cost), self._clock())
        self._say(line)
        return True


def _gas_cost(receipt: TxReceipt) -> Wei:
    """Sum up gas, and a rollup's fee for data [wei]."""
    fields: dict[str, Any] = dict(receipt)
    data_fee = fields.get("l1Fee", 0)
    data_fee = int(data_fee, 16) if isinstance(data_fee, str) else int(data_fee)
    return Wei(receipt["gasUsed"] * receipt["effectiveGasPrice"] + data_fee)


def _kept(transactor: Transactor, receipt: TxReceipt, value: int) -> Wei:
    """Give what was kept of what was sent along, by what the sender has less after the block [wei].

    All, where no node tells. What else he sent in the block counts as kept, what else came to him as given back.
    """
    if not value:
        return Wei(0)
    block, address = receipt["blockNumber"], transactor.sender.address
    try:
        before, after = (transactor.web3.eth.get_balance(address, BlockNumber(each)) for each in (block - 1, block))
    except (Web3Exception, RequestException):  # the node keeps no state of a block ago, say
        return Wei(value)
    return Wei(min(max(before - after - _gas_cost(receipt), 0), value))


def _error_book() -> ErrorBook:
    return ErrorBook(read_abi(name) for name in _ABIS)
