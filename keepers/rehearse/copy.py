"""A local copy of the chain in an Anvil of its own, on which any address acts, and time passes when told."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from eth_account import Account

from crossmargin.chain.processes import Processes, free_port
from crossmargin.errors import ProcessError
from crossmargin.model.units import Seconds
from keepers.errors import ResponseError, RpcError, SettingsError
from keepers.executor.local import KeySigner
from keepers.node import Node
from keepers.rpc import Rpc, as_map
from keepers.settings import ChainSettings
from keepers.units import Address, BlockNumber, ClockSeconds, HexData

__all__ = ["Copy", "copy_of"]

_START: Final = 60.0
_TIMEOUT: Final = ClockSeconds(60.0)
_RICH: Final = hex(10**24)
_GAS: Final = hex(15_000_000)
_WORD: Final = 64
_MINED_WITHIN: Final = 600
_PAUSE: Final = 0.02


class Copy:
    """The copy, and its address."""

    def __init__(self, rpc: Rpc, url: str, chain: ChainSettings) -> None:
        """Speak to the Anvil at an address."""
        self._rpc = rpc
        self._chain = chain
        self.url = url
        self.node = Node(rpc)
        self.clerk = Address(f"0x{'c1e4' * 10}")
        self._by_hand = False

    async def stranger(self, key_bytes: bytes | None = None) -> KeySigner:
        """Make a key of nobody's, or the given one, rich in gas money."""
        key = Account.from_key(key_bytes or secrets.token_bytes(32))
        signer = KeySigner(key, self._chain.chain_id)
        await self._rpc.request("anvil_setBalance", signer.address, _RICH)
        return signer

    async def act(self, sender: Address, call: tuple[Address, HexData]) -> None:
        """Have an address call a contract, whose key nobody asks for."""
        await self._rpc.request("anvil_impersonateAccount", sender)
        await self._rpc.request("anvil_setBalance", sender, _RICH)
        to, data = call
        sent = await self._rpc.request("eth_sendTransaction", {"from": sender, "to": to, "data": data, "gas": _GAS})
        if self._by_hand:
            await self._rpc.request("evm_mine")
        receipt = None
        for _ in range(_MINED_WITHIN):
            receipt = await self._rpc.request("eth_getTransactionReceipt", sent)
            if receipt is not None:
                break
            await asyncio.sleep(_PAUSE)
        if as_map(receipt, "receipt").get("status") != "0x1":
            raise ResponseError(f"on the copy, a call of {to} by {sender} reverts")

    async def set_code(self, at: Address, code: HexData) -> None:
        """Put other code at an address."""
        await self._rpc.request("anvil_setCode", at, code)

    async def set_word(self, at: Address, slot: bytes, value: int) -> None:
        """Write a word of a contract's storage."""
        await self._rpc.request("anvil_setStorageAt", at, "0x" + slot.hex(), f"0x{value:0{_WORD}x}")

    async def pass_time(self, seconds: Seconds) -> None:
        """Date the next block some seconds after the last."""
        head = await self.node.head()
        await self._rpc.request("evm_setNextBlockTimestamp", hex(head.timestamp + seconds))

    async def by_hand(self) -> None:
        """Add blocks only when told from now on."""
        await self._rpc.request("evm_setAutomine", False)
        self._by_hand = True

    async def mine(self) -> BlockNumber:
        """Add a block."""
        await self._rpc.request("evm_mine")
        return (await self.node.head()).number


@asynccontextmanager
async def copy_of(chain: ChainSettings, state: Path | None, *, order: str = "fifo") -> AsyncIterator[Copy]:
    """Copy the first node's chain as it is now, or take a state that Anvil has dumped; it ends with the context."""
    if shutil.which("anvil") is None:
        raise SettingsError("rehearsals need Anvil (Foundry): it is not in the PATH")
    port = free_port()
    command = ["anvil", "--host", "127.0.0.1", "--port", str(port), "--accounts", "0", "--silent"]
    command += ["--hardfork", "cancun", "--chain-id", str(chain.chain_id), "--order", order]
    command += (
        ["--fork-url", chain.rpc_urls[0], "--no-storage-caching"] if state is None else ["--load-state", str(state)]
    )
    with tempfile.TemporaryDirectory() as logs, Processes(Path(logs)) as processes:
        processes.start("anvil", command)
        url = f"http://127.0.0.1:{port}"
        async with Rpc([url], _TIMEOUT) as rpc:
            copy = Copy(rpc, url, chain)
            try:
                await _answers(copy, processes)
                yield copy
            finally:
                await copy.node.survey.close()


async def _answers(copy: Copy, processes: Processes) -> None:
    for _ in range(int(_START * 10)):
        try:
            processes.check()
            await copy.node.head()
        except ProcessError as error:
            raise SettingsError(f"the chain cannot be copied: {error}") from error
        except RpcError:
            await asyncio.sleep(0.1)
        else:
            return
    raise SettingsError(f"the copy of the chain does not answer after {_START:.0f} s")
