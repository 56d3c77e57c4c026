"""A local chain: Anvil, in a process of its own. Its clock is told block by block, or follows this machine's."""

import time
from typing import Any, Final, cast

from web3.types import RPCEndpoint

from crossmargin.chain.node import reach
from crossmargin.chain.processes import Processes, free_port
from crossmargin.errors import ProcessError

__all__ = ["LocalChain"]

_START_TIMEOUT: Final = 60.0
_ACCOUNTS: Final = 10
"""Development accounts with ether, whose keys everybody knows."""
_BALANCE: Final = 10_000 * 10**18
_BASE_FEE: Final = 10**9
_GAS_LIMIT: Final = 60_000_000
_BLOCK_TIME: Final = 1
"""Between blocks whose time nobody chose [s]: the chain's clock must not follow this machine's."""


class LocalChain:
    """Anvil and its controls."""

    def __init__(
        self,
        processes: Processes,
        start: int,
        chain_id: int,
        *,
        port: int | None = None,
        history: int | None = None,
        name: str = "anvil",
    ) -> None:
        """Start Anvil with its clock at `start` [s since 1970], on a free port unless one is named.

        `name` is its process's: of several chains each has its own.
        With `history` the states of so many blocks are kept, and no log: a chain that is to last does not grow so.
        """
        port = free_port() if port is None else port
        self.url = f"http://127.0.0.1:{port}"
        command = ["anvil", "--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)]
        command += ["--timestamp", str(start), "--gas-limit", str(_GAS_LIMIT), "--hardfork", "cancun"]
        command += ["--block-base-fee-per-gas", str(_BASE_FEE), "--accounts", str(_ACCOUNTS)]
        command += [] if history is None else ["--prune-history", str(history), "--silent"]
        processes.start(name, command)
        self.web3 = reach(self.url)
        self._wait(processes)
        self.rpc("anvil_setBlockTimestampInterval", _BLOCK_TIME)

    def _wait(self, processes: Processes) -> None:
        deadline = time.monotonic() + _START_TIMEOUT
        while not self.web3.is_connected():
            processes.check()
            if time.monotonic() > deadline:
                raise ProcessError(f"anvil does not answer after {_START_TIMEOUT:.0f} s")
            time.sleep(0.05)
        processes.check()

    def rpc(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401 (as the node answers)
        """Call a method of Anvil's own."""
        answer = cast("dict[str, Any]", self.web3.provider.make_request(RPCEndpoint(method), list(parameters)))
        if "error" in answer:
            raise ProcessError(f"anvil refuses {method}: {answer['error']}")
        return answer["result"]

    @property
    def head(self) -> int:
        """Number of the last block."""
        return self.web3.eth.block_number

    @property
    def now(self) -> int:
        """Time of the last block [s]."""
        return self.web3.eth.get_block("latest")["timestamp"]

    def give_ether(self, address: str) -> None:
        """Give an account what it needs for gas."""
        self.rpc("anvil_setBalance", address, hex(_BALANCE))

    def automine(self, *, enabled: bool) -> None:
        """Mine each transaction at once, or only when told."""
        self.rpc("evm_setAutomine", enabled)

    def mine(self, moment: int) -> int:
        """Mine one block at `moment` [s] with what waits; return its number."""
        self.rpc("evm_setNextBlockTimestamp", moment)
        self.rpc("evm_mine")
        return self.head

    def follow_clock(self, block_time: int) -> None:
        """Mine a block every `block_time` seconds from now on, at the time of this machine's clock."""
        self.automine(enabled=False)
        self.rpc("anvil_removeBlockTimestampInterval")
        self.rpc("anvil_setTime", int(time.time()))
        self.rpc("evm_setIntervalMining", block_time)
