"""A deployed venue without waiting: reads over web3's AsyncWeb3, transactions in a thread, events as they happen.

What is asked and how answers are read is the same as of `Venue`: plans, records of receipts, orders.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

from eth_account.signers.local import LocalAccount
from eth_typing import BlockNumber
from eth_utils.address import to_checksum_address
from web3 import AsyncWeb3
from web3.contract import AsyncContract
from web3.exceptions import Web3Exception

from crossmargin.chain.abis import read_abi
from crossmargin.chain.asking import ask_all
from crossmargin.chain.signers import Signer
from crossmargin.client import reads, shown
from crossmargin.client.announced import announced_health
from crossmargin.client.async_node import AsyncNode
from crossmargin.client.limits import Limit, max_withdraw
from crossmargin.client.liquidation import LiquidationPrice, liquidation_prices
from crossmargin.client.plans import Head, Plan, Question
from crossmargin.client.receipts import Event
from crossmargin.client.sizes import Side, max_size
from crossmargin.client.venue import Venue
from crossmargin.client.wakes import wakes
from crossmargin.model.units import AccountId, Seconds, Wad

__all__ = ["AsyncVenue"]

_Answer = TypeVar("_Answer")
_Kind = TypeVar("_Kind", bound=Event)
_P = ParamSpec("_P")

_BLOCKS: Final = 10_000
"""Most blocks of logs asked for at once."""


class AsyncVenue:
    """A deployed venue, seen and used by one signer, in an event loop."""

    def __init__(self, venue: Venue, web3: AsyncWeb3[Any], ws: str | None = None) -> None:
        """Read by `web3`, send as `venue` does, and hear of blocks by the WebSocket `ws`, or by asking for them."""
        self.venue = venue
        self._web3 = web3
        self._ws = ws
        self._sending = asyncio.Lock()
        self._contracts: dict[tuple[str, str], AsyncContract] = {}

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, rpc: str, deployment: Path, signer: Signer | LocalAccount, *, ws: str | None = None
    ) -> AsyncIterator[Self]:
        """Connect to a node until the block ends, and to its WebSocket where `ws` names one once blocks are asked for.

        A question that the node does not answer is asked again for a minute.
        """
        venue = await asyncio.to_thread(Venue.connect, rpc, deployment, signer)
        await asyncio.to_thread(lambda: venue.names)
        async with AsyncNode.opened(rpc) as node:
            yield cls(venue, AsyncWeb3(node), ws)

    # ------------------------------------------------------------ what the venue does

    async def run(
        self, method: Callable[Concatenate[Venue, _P], _Answer], *arguments: _P.args, **named: _P.kwargs
    ) -> _Answer:
        """Call a method of `Venue` that sends nothing, in a thread: `await venue.run(Venue.filled, order)`."""
        return await asyncio.to_thread(method, self.venue, *arguments, **named)

    async def send(
        self, method: Callable[Concatenate[Venue, _P], _Answer], *arguments: _P.args, **named: _P.kwargs
    ) -> _Answer:
        """Call a method of `Venue` that sends, in a thread, one at a time: `await venue.send(Venue.cancel, order)`."""
        async with self._sending:
            return await asyncio.to_thread(method, self.venue, *arguments, **named)

    # ------------------------------------------------------------ views

    async def portfolio(self, account: AccountId | None = None) -> shown.Portfolio:
        """Show an account whole; by default the signer's first."""
        return (await self.ask(reads.portfolios([self._or_own(account)], self.venue.names)))[0]

    async def market_list(self) -> dict[str, shown.Market]:
        """Show every instrument by its name."""
        return await self.ask(reads.market_list(self.venue.names))

    async def asset_list(self) -> dict[str, shown.Asset]:
        """Show every collateral asset by its token's name."""
        return await self.ask(reads.asset_list(self.venue.names))

    async def max_withdraw(self, account: AccountId | None, asset: str, *, with_loan: bool = False) -> Limit:
        """Find the most that may leave an account of a token, as `Venue.max_withdraw` does."""
        head, found = await self.head(), self.venue.names.asset(asset)
        return await self.ask(max_withdraw(self._or_own(account), found, head, with_loan=with_loan), head)

    async def max_size(
        self, account: AccountId | None, instrument: str, side: Side, price: Wad, *, maker: bool = False
    ) -> Limit:
        """Find the most contracts that an account may trade, as `Venue.max_size` does."""
        head, packed = await self.head(), self.venue.instrument(instrument)
        until = await self.run(Venue.reduce_only_until, instrument, head)
        plan = max_size(self._or_own(account), packed, side, price, head, maker=maker, until=until)
        return await self.ask(plan, head)

    async def announced_health(self, account: AccountId | None = None) -> Wad:
        """Compute the health factor at announced margins, as `Venue.announced_health` does [wad]."""
        head = await self.head()
        return await self.ask(announced_health(self._or_own(account), head), head)

    async def liquidation_prices(self, account: AccountId | None = None) -> dict[str, LiquidationPrice]:
        """Find where an account would be sold, as `Venue.liquidation_prices` does."""
        head = await self.head()
        found = await self.ask(liquidation_prices(self._or_own(account), self.venue.names, head), head)
        return {each.underlying: each for each in found}

    async def ask(self, plan: Plan[_Answer], head: Head | None = None) -> _Answer:
        """Ask what a plan asks, each step's questions at once, and give what it comes to."""
        questions = next(plan)
        while True:
            answers = await ask_all(self._call(each, head) for each in questions)
            try:
                questions = plan.send(answers)
            except StopIteration as end:
                answer: _Answer = end.value
                return answer

    # ------------------------------------------------------------ what happens

    async def head(self) -> Head:
        """Give the last block."""
        block = await self._web3.eth.get_block("latest")
        return Head(block["number"], Seconds(block["timestamp"]))

    async def heads(self, every: float = 1.0) -> AsyncGenerator[Head, None]:
        """Give each new last block: as the node's WebSocket tells of it, or by asking `every` so many seconds.

        A WebSocket that is cut off is connected again; until then the node is asked.
        """
        seen = BlockNumber(-1)
        async with aclosing(wakes(self._ws, every)) as woken:
            async for _ in woken:
                found = await self.head()
                if found.number > seen:
                    yield found
                seen = max(seen, found.number)

    async def events(
        self, *kinds: type[_Kind], first: BlockNumber | None = None, depth: int = 0, every: float = 1.0
    ) -> AsyncGenerator[_Kind, None]:
        """Give what happens on the venue, of the named kinds, from block `first` or the next one on, each once.

        Logs are asked for by ranges of blocks that join: what happened while the node was out of reach is told later.
        Only blocks `depth` below the last are read: what a reorganisation of at most so many undoes is not told.
        """
        following = first
        async with aclosing(self.heads(every)) as heads:
            async for head in heads:
                last = head.number - depth
                if following is None:
                    following = BlockNumber(head.number + 1)
                for start in range(following, last + 1, _BLOCKS):
                    for event in await self._logs(start, min(start + _BLOCKS - 1, last)):
                        if isinstance(event, kinds):
                            yield event
                following = BlockNumber(max(following, last + 1))

    async def _logs(self, first: int, last: int) -> list[Event]:
        addresses = [to_checksum_address(each.address) for each in self.venue.record.contracts.values()]
        logs = await self._web3.eth.get_logs(
            {"address": addresses, "fromBlock": BlockNumber(first), "toBlock": BlockNumber(last)}
        )
        return list(self.venue.receipts.read(logs))

    # ------------------------------------------------------------ plumbing

    def _or_own(self, account: AccountId | None) -> AccountId:
        return self.venue.account() if account is None else account

    async def _call(self, question: Question, head: Head | None) -> Any:  # noqa: ANN401 (what the view returns)
        try:
            function = self._bound(question).functions[question.function](*question.arguments)
            return await function.call(block_identifier="latest" if head is None else head.number)
        except Web3Exception as error:
            if question.may_fail:
                return None
            raise self.venue.explain(error) from error

    def _bound(self, question: Question) -> AsyncContract:
        """Bind a contract once: that takes longer than to ask it."""
        place = question.at or self.venue.record.address(question.contract)
        key = (question.contract, place)
        if key not in self._contracts:
            address, abi = to_checksum_address(place), read_abi(question.contract)
            self._contracts[key] = self._web3.eth.contract(address=address, abi=abi)
        return self._contracts[key]
