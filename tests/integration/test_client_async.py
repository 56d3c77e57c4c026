"""The client without waiting: the same answers, events as they happen, and a market maker on it."""

import asyncio

import pytest
from eth_account import Account

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.client.async_venue import AsyncVenue
from crossmargin.client.receipts import Fill, PositionChange, Withdrawal
from crossmargin.client.venue import Venue
from crossmargin.errors import ContractRevert, SocketError

PRICE = wad(2_000)
SOCKETS = pytest.mark.parametrize("ws", [False, True], ids=["asking", "socket"])


@pytest.fixture
def place(venue, node, tmp_path):
    """Give node and file."""
    path = tmp_path / "deployment.json"
    venue.record.save(path)
    return node.web3.provider.endpoint_uri, path


@pytest.fixture
def twin(place, pair, trader):
    """Connect the trader without waiting, as a context."""

    def connect(*, ws=False):
        rpc, path = place
        key = Account.from_key(trader.private_key)
        return AsyncVenue.connect(rpc, path, key, ws=rpc.replace("http", "ws") if ws else None)

    return connect


def pairing(buyer, seller, size):
    """Make a pair of orders."""
    ask = seller.order("ETH-PERP", -size, PRICE)
    return ask, seller.sign(ask), buyer.order("ETH-PERP", size, PRICE), size


def test_the_twin_says_the_same(pair, twin):
    """Views and limits, of one block."""
    buyer, seller = pair
    buyer.fill(*pairing(buyer, seller, wad(3)))

    async def ask():
        async with twin() as venue:
            return (
                await venue.portfolio(),
                await venue.market_list(),
                await venue.asset_list(),
                await venue.max_size(None, "ETH-PERP", "sell", PRICE),
                await venue.max_withdraw(None, "USDC"),
                await venue.liquidation_prices(),
            )

    assert asyncio.run(ask()) == (
        buyer.portfolio(),
        buyer.market_list(),
        buyer.asset_list(),
        buyer.max_size(None, "ETH-PERP", "sell", PRICE),
        buyer.max_withdraw(None, "USDC"),
        buyer.liquidation_prices(),
    )


@SOCKETS
def test_events_come_as_they_happen(pair, twin, ws):
    """Only the kinds that were asked for, each once, over the blocks of several transactions."""
    buyer, seller = pair

    async def watch():
        seen = []
        async with twin(ws=ws) as venue, asyncio.timeout(20):
            head = await venue.head()
            events = venue.events(Fill, Withdrawal, first=head.number + 1, every=0.05)
            for size in (1, 2):
                await venue.send(Venue.fill, *pairing(buyer, seller, wad(size)))
                seen.append(await anext(events))
            await venue.send(Venue.withdraw, "USDC", parse_units(5, 6))
            seen.append(await anext(events))
            await events.aclose()
        return seen

    seen = asyncio.run(watch())
    assert [type(each) for each in seen] == [Fill, Fill, Withdrawal]
    assert [each.taker_size for each in seen[:2]] == [1, 2]


class Line:
    """A line to a node that can be cut: what was connected ends, and nobody gets through until it is mended."""

    def __init__(self, target):
        """Lead to a port of this machine."""
        self._target, self._writers, self._server, self.port = target, set(), None, None

    async def mend(self):
        """Let everybody through, on the same port as before."""
        self._server = await asyncio.start_server(self._through, "127.0.0.1", self.port or 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self):
        """End all there is."""
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _through(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    @staticmethod
    async def _pass(reader, writer):
        try:
            while data := await reader.read(65_536):
                writer.write(data)
            writer.close()
        except ConnectionError:
            pass


def test_a_cut_of_the_socket_loses_nothing(pair, place, trader, caplog):
    """What is filled while it is cut is told all the same, once; afterwards blocks are told again, not asked for."""
    buyer, seller = pair
    rpc, path = place

    async def watch():
        line, seen = Line(int(rpc.rpartition(":")[2])), []
        await line.mend()
        ws, key = f"ws://127.0.0.1:{line.port}", Account.from_key(trader.private_key)
        async with AsyncVenue.connect(rpc, path, key, ws=ws) as venue, asyncio.timeout(30):
            events = venue.events(Fill, first=(await venue.head()).number + 1, every=0.1)
            for at, between in enumerate((None, line.cut, line.mend)):
                if between:
                    await between()
                await venue.send(Venue.fill, *pairing(buyer, seller, wad(at + 1)))
                seen.append(await anext(events))
            heads = venue.heads(every=60)
            await anext(heads)
            await venue.send(Venue.fill, *pairing(buyer, seller, wad(4)))
            await anext(heads)
            seen.append(await anext(events))
            for each in (heads, events):
                await each.aclose()
        await line.cut()
        return seen

    assert [each.taker_size for each in asyncio.run(watch())] == [1, 2, 3, 4]
    assert "is cut off: asking every 0.1 s until it is back" in caplog.text


def test_a_socket_that_was_never_there_is_said(place, trader):
    """Not waited for: the address is wrong."""
    rpc, path = place

    async def watch():
        async with AsyncVenue.connect(rpc, path, Account.from_key(trader.private_key), ws="ws://127.0.0.1:9") as venue:
            await anext(venue.heads())

    with pytest.raises(SocketError, match=r"^ws://127\.0\.0\.1:9: .*Connect call failed"):
        asyncio.run(watch())


def test_events_keep_behind_what_may_be_undone(pair, twin, node):
    """With a depth of two, a change is told once two blocks are on top of its own."""
    buyer, seller = pair

    async def watch():
        async with twin() as venue, asyncio.timeout(20):
            head = await venue.head()
            events = venue.events(PositionChange, first=head.number + 1, depth=2, every=0.05)
            await venue.send(Venue.fill, *pairing(buyer, seller, wad(1)))
            waiting = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0.5)
            early = waiting.done()
            for _ in range(2):
                await asyncio.to_thread(node.rpc, "evm_mine")
            return early, await waiting

    early, change = asyncio.run(watch())
    assert not early
    assert change.instrument == "ETH-PERP"


def test_refusals_are_explained_and_sends_do_not_cross(pair, twin):
    """Two at once have two nonces; what is refused says why."""
    buyer, seller = pair
    first, second = pairing(buyer, seller, wad(1)), pairing(buyer, seller, wad(2))

    async def both():
        async with twin() as venue:
            receipts = await asyncio.gather(venue.send(Venue.fill, *first), venue.send(Venue.fill, *second))
            with pytest.raises(ContractRevert, match="BelowInitialMargin"):
                await venue.send(Venue.withdraw, "USDC", parse_units(15_000, 6))
            return receipts

    assert [each["status"] for each in asyncio.run(both())] == [1, 1]
    assert buyer.portfolio().positions[0].size == 3
