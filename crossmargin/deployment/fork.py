"""A local copy of a chain, in an Anvil of its own: what is done on it is done nowhere else."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from eth_typing import ChecksumAddress, HexStr
from hexbytes import HexBytes
from web3 import Web3
from web3.types import RPCEndpoint, TxParams, TxReceipt

from crossmargin.chain.node import reach
from crossmargin.chain.processes import Processes, free_port
from crossmargin.chain.transactor import Sent
from crossmargin.deployment.target import Chain
from crossmargin.errors import DeploymentError

__all__ = ["Copy", "copy_of"]

_START_TIMEOUT: Final = 60.0
_BALANCE: Final = 10**6 * 10**18
"""What a sender has on the copy: whether it can pay is asked of the chain itself."""


class _Anyone:
    """Acts for an address without its key: on the copy nobody is asked for a signature."""

    def __init__(self, address: str) -> None:
        self.address: ChecksumAddress = Web3.to_checksum_address(address)

    def sign(self, transaction: TxParams) -> bytes:
        """Refuse."""
        raise DeploymentError(f"the copy of a chain takes no signatures ({transaction.get('to')!r})")


class Copy(Chain):
    """A chain on which any address acts, and time passes when told."""

    def acting_for(self, address: str) -> "Copy":
        """Give the same copy to another sender."""
        other = Copy(self.web3, _Anyone(address), self.artifacts)
        other.rpc("anvil_impersonateAccount", other.sender.address)
        other.rpc("anvil_setBalance", other.sender.address, hex(_BALANCE))
        return other

    def send(self, transaction: TxParams, before: Callable[[Sent], None] = lambda _: None) -> TxReceipt:
        """Send as the sender, whose key nobody needs; nothing is written down before, for nothing breaks off."""
        del before
        complete = {**self._complete(transaction), "from": self.sender.address}
        try:
            sent = HexBytes(self.rpc("eth_sendTransaction", {name: _plain(each) for name, each in complete.items()}))
        except Exception as error:
            raise self.explain(error) from error
        return self.wait(Sent(cast("Any", complete)["nonce"], HexStr(sent.to_0x_hex())))

    def pass_time(self, seconds: int) -> None:
        """Mine a block so much later."""
        self.rpc("evm_increaseTime", hex(seconds))
        self.rpc("evm_mine")

    def rpc(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401 (as the node answers)
        """Call a method of the copy's node."""
        return self.web3.manager.request_blocking(RPCEndpoint(method), list(parameters))


@contextmanager
def copy_of(chain: Chain, sender: str) -> Iterator[Copy]:
    """Copy a chain as it is now, read from its node when asked for; the copy ends with the context."""
    url = str(chain.url)
    if not url.startswith("http"):
        raise DeploymentError("a copy of the chain is read over HTTP: give the node's address, --network https://...")
    port = free_port()
    command = ["anvil", "--host", "127.0.0.1", "--port", str(port), "--fork-url", url, "--silent"]
    command += ["--accounts", "0", "--hardfork", "cancun"]
    with tempfile.TemporaryDirectory() as logs, Processes(Path(logs)) as processes:
        processes.start("anvil", command)
        web3 = reach(f"http://127.0.0.1:{port}")
        _wait(web3, processes)
        yield Copy(web3, _Anyone(sender), chain.artifacts).acting_for(sender)


def _wait(web3: Web3, processes: Processes) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    while not web3.is_connected():
        processes.check()
        if time.monotonic() > deadline:
            raise DeploymentError(f"the copy of the chain does not answer after {_START_TIMEOUT:.0f} s")
        time.sleep(0.05)


def _plain(value: Any) -> Any:  # noqa: ANN401 (fields of a transaction)
    """Write a field as a node takes it."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return hex(value) if isinstance(value, int) else value
