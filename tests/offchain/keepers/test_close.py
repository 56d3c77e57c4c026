"""Closing what was taken over: which signed orders are read, which are filled, and how a holding makes bids smaller."""

import asyncio
import json
from dataclasses import replace

import httpx
import pytest

from crossmargin.model.units import WAD
from keepers.aftermath import suited_orders
from keepers.closing import Closing, describe_closing, render_closing
from keepers.fees import NoData
from keepers.holdings import Holdings
from keepers.offers import Offer, SignedOrder, parse_orders
from keepers.outside import ClosingSettings
from keepers.relays import Relays
from keepers.rivals import Turns
from keepers.settings import Settings
from keepers.strategies import Action, ActionKind, Holding, close, decide
from keepers.strategies.close import could_close
from keepers.strategies.inventory import Inventory, exposures
from keepers.units import GWEI
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH,
    ETH_CALL,
    ETH_PERPETUAL,
    ETH_PUT,
    MAKER,
    OWNER,
    SICK,
    account,
    auction,
    order,
    settings,
    snapshot,
)

FREE = ClosingSettings(orders=["book"])


def test_nothing_is_closed_once_its_average_is_being_made():
    """From half an hour before an expiry on the venue refuses to fill it; a perpetual goes on."""
    end = 500_000 * 3_600 - 1_800
    calls, perpetual = account(legs=((ETH_CALL, -20.0), (ETH_PERPETUAL, -1.0))).legs
    ask = order(100, -20, instrument=ETH_CALL, expiry=end + 3_600)
    assert could_close(ask, calls, 100 * WAD, end - 1)
    assert not could_close(ask, calls, 100 * WAD, end)
    assert could_close(order(2_000, -1, expiry=end + 3_600), perpetual, 2_000 * WAD, end)


def written(one: SignedOrder, **changes: object) -> dict:
    """Write an order as a relay does."""
    names = ("account", "signer", "instrument", "size", "limitPrice", "maxFee", "expiry", "nonce", "epoch")
    message = {name: str(value) for name, value in zip(names, one.encode(), strict=False)}
    return {"order": {**message, "reduceOnly": one.reduce_only, **changes}, "signature": "0x" + one.signature.hex()}


def holding(*offers: SignedOrder, size: float = 5, **changes: object) -> Holding:
    """Hold ether at 2,000 USD, with all of each order left."""
    base = Holding(
        timestamp=1000,
        gas_price=GWEI // 100,
        data=NoData(),
        native_price=2000 * WAD,
        done=frozenset(),
        bidder=account(BIDDER, legs=((ETH_PERPETUAL, size),)),
        prices={ETH_PERPETUAL: 2000 * WAD},
        offers=tuple(Offer(one, abs(one.size)) for one in offers),
        sender=OWNER,
        epoch=3,
    )
    return replace(base, **changes)


def _sizes(found: list[Action]) -> list[tuple[float, float]]:
    """Give price and size of each fill."""
    return [(action.args[0][4] / WAD, action.args[4] / WAD) for action in found]


def test_a_long_is_sold_to_the_best_bids_first():
    """As much as is held, at no price below the worst."""
    found = close(holding(order(1995, 3), order(1999, 1), order(1989, 9), order(1998, 1.5)), FREE)
    assert _sizes(found) == [(1999, 1), (1998, 1.5), (1995, 2.5)]
    maker, signature, taker, empty, _ = found[0].args
    assert (maker[0], signature, empty) == (MAKER, b"1999", b"")
    assert taker[:5] == (BIDDER, OWNER, ETH_PERPETUAL, -5 * WAD, 1990 * WAD)
    assert taker[8:] == (3, True)
    assert {action.kind.contract for action in found} == {"Exchange"}


def test_a_short_is_bought_back_from_the_cheapest():
    """The worst price is on the other side then."""
    found = close(holding(order(2011, -1), order(2005, -1), order(2001, -9), size=-5), FREE)
    assert _sizes(found) == [(2001, 5)]
    assert found[0].args[2][3:5] == (5 * WAD, 2010 * WAD)


@pytest.mark.parametrize(
    "useless",
    [
        order(2000, -5),
        order(2000, 5, expiry=1010),
        order(2000, 5, instrument=ETH_CALL),
        order(2000, 5, account=BIDDER),
        order(2000, 0.004),
        order(1989.9, 5),
    ],
)
def test_what_closes_nothing_is_left_alone(useless):
    """The wrong side, soon over, another market, one's own, too small, too bad."""
    assert close(holding(useless), FREE) == []


def test_what_is_filled_elsewhere_does_not_count():
    """Only what the exchange says is left."""
    one = order(2000, 5)
    held = replace(holding(), offers=(Offer(one, WAD),))
    assert _sizes(close(held, FREE)) == [(2000, 1)]


def test_gas_and_what_is_under_way_hold_it_back():
    """Costs above the limit, a key that is done, more than a block's fills."""
    held = holding(order(2000, 1), order(1999, 1), order(1998, 1))
    first, second, _ = close(held, FREE)
    assert first.key != second.key
    assert close(replace(held, done=frozenset({first.key})), FREE)[0] == second
    assert len(close(held, ClosingSettings(orders=["book"], max_fills=1))) == 1
    assert close(replace(held, gas_price=100 * GWEI), FREE) == []
    moved = replace(held, bidder=account(BIDDER, legs=((ETH_PERPETUAL, 4),), nonce=8))
    assert close(moved, FREE)[0].key != first.key


def test_closing_is_nobody_elses_turn():
    """Rivals make other actions wait, never these."""
    (action,) = close(holding(order(2000, 5)), FREE)
    turns = Turns(BIDDER)
    assert turns.ready([action], range(1 << 96, 99 << 96, 1 << 96), 5) == [action]


def test_orders_are_read_from_lines_and_from_a_book():
    """JSON lines, an object with a list, a list; numbers as text or as numbers."""
    one, two = order(2000, 5), order(2001, -5, reduce_only=True)
    lines = "\n".join(json.dumps(written(each)) for each in (one, two)).encode()
    book = json.dumps({"orders": [written(one), {**written(two), "side": "sell"}]}).encode()
    assert parse_orders(lines) == parse_orders(book) == ([one, two], 0)
    assert parse_orders(json.dumps([written(one, size=one.size)]).encode()) == ([one], 0)
    assert parse_orders(b"") == ([], 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"account": -1},
        {"account": 1 << 256},
        {"instrument": 1 << 64},
        {"signer": "0x12"},
        {"size": 1.5},
        {"size": None},
        {"reduceOnly": "yes"},
        {"expiry": True},
        {"nonce": "nan"},
    ],
)
def test_what_is_no_order_is_left_out(changes):
    """A line that lies about its types spoils no other line."""
    good, bad = written(order(2000, 5)), written(order(2000, 5), **changes)
    assert parse_orders("\n".join(json.dumps(each) for each in (bad, good)).encode()) == ([order(2000, 5)], 1)


@pytest.mark.parametrize("content", [b"nonsense", b"{}", b"[1, 2]", b'{"orders": 5}', b"\xff\xfe", b"[" * 100_000])
def test_garbage_is_no_order(content):
    """Nor does it raise."""
    assert parse_orders(content)[0] == []


def test_relays_are_read_side_by_side(tmp_path):
    """A file and an address; one that is down, one that says too much and one that is not there change nothing."""
    book = tmp_path / "orders.jsonl"
    book.write_text(json.dumps(written(order(2000, 5))))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "down":
            raise httpx.ConnectError("refused")
        if request.url.host == "flood":
            return httpx.Response(200, content=b" " * 5_000_000)
        return httpx.Response(200 if request.url.host == "good" else 500, json=[written(order(2001, -5))])

    sources = [str(book), "http://down/", "http://flood/", "http://ill/", "http://good/", str(tmp_path / "none")]
    clock = [0.0]
    relays = Relays(ClosingSettings(orders=sources), transport=httpx.MockTransport(answer), clock=lambda: clock[0])

    async def scenario() -> None:
        assert relays.now() == []
        await relays._reading
        assert {one.limit_price // WAD for one in relays.now()} == {2000, 2001}
        book.unlink()
        clock[0] = 20.0
        relays.now()
        await relays._reading
        clock[0] = 40.0
        assert {one.limit_price // WAD for one in relays.now()} == {2001}
        await relays.close()

    asyncio.run(scenario())


def test_only_the_best_of_many_orders_are_looked_up():
    """A relay with thousands of orders costs two requests, not thousands."""
    state = account(BIDDER, legs=((ETH_PERPETUAL, 5),))
    many = [order(1990 + at / 1000, 1) for at in range(5_000)]
    block = type("Head", (), {"timestamp": 1000})()
    found = suited_orders(state, {ETH_PERPETUAL: 2000 * WAD}, many, block, FREE)
    assert [one.limit_price for one in found] == sorted((one.limit_price for one in many), reverse=True)[:16]


def _bids(bidder, cfg=DEFAULTS, size: float = 10.0, price: float = 800, hedged=None):
    sick = account(in_auction=True, equity=900, legs=((ETH_PERPETUAL, size),))
    snap = snapshot(sick, auctions={SICK: auction(price)}, bidder=bidder)
    return [one for one in decide(replace(snap, hedged=hedged or {}), cfg) if one.kind is ActionKind.BID]


def _bidder(size: float):
    return account(BIDDER, excess=50_000, equity=60_000, initial=40_000, legs=((ETH_PERPETUAL, size),) if size else ())


def test_a_bidder_near_its_cap_bids_less_for_more_of_the_same():
    """The limit price falls with what is held of the same side, and is not moved by the other side."""
    (flat,), (long,), (short,) = (_bids(_bidder(size), price=850) for size in (0, 100, -100))
    assert long.args[4] < flat.args[4] == short.args[4]
    assert long.expected < flat.expected
    dear = settings(inventory_skew_ppm=50_000)
    assert _bids(_bidder(100), dear) == []
    assert len(_bids(_bidder(-100), dear)) == 1


def test_no_bid_goes_beyond_the_cap_of_an_underlying():
    """The fraction is cut; other instruments of the underlying count, and hedges do not."""
    capped = settings(underlying_limit=230_000, min_fraction_ppm=0)
    (cut,) = _bids(_bidder(110), capped, price=700)
    assert cut.args[2] == WAD // 2
    assert _bids(_bidder(115), capped, price=700) == []
    (whole,) = _bids(_bidder(115), capped, price=700, hedged={ETH_PERPETUAL: 100 * WAD})
    assert whole.args[2] == WAD
    (own,) = _bids(_bidder(110), settings(underlying_limits={ETH: 222_000}, min_fraction_ppm=0), price=700)
    assert own.args[2] == WAD // 10


def test_hedges_count_no_further_than_the_position():
    """What a hedger claims beyond it, or on the same side, is not believed."""
    legs = account(legs=((ETH_PERPETUAL, 5), (ETH_PUT, 2), (ETH_CALL, -1))).legs
    assert exposures(legs) == {ETH: 2 * WAD}
    assert exposures(legs, {ETH_PERPETUAL: 99 * WAD}) == {ETH: -3 * WAD}
    assert exposures(legs, {ETH_PERPETUAL: -99 * WAD}) == {ETH: 2 * WAD}


def test_each_bid_leaves_less_room_for_the_next():
    """The exposure after a bid is what it took."""
    sick = account(legs=((ETH_PERPETUAL, 10), (ETH_PUT, 4)))
    after = Inventory.of(_bidder(1), 0, paused=False).after(sick, auction(800), WAD // 2)
    assert after.exposure == {ETH: 4 * WAD}


def test_a_closing_is_shown_with_what_nobody_offers():
    """Fills with what they cost, and the rest of each position."""
    held = holding(order(1998, 2), order(1999, 1))
    from keepers.strategies.close import fills

    closing = Closing(Holdings(7, held.bidder, dict(held.prices)), held, tuple(fills(held, FREE)))
    (row,) = describe_closing(closing, Settings(bidder={"owner": OWNER}))
    assert (row["side"], row["left"], row["limit_price"]) == ("sell", f"2.{'0' * 18}", f"1990.{'0' * 18}")
    assert [one["cost"] for one in row["fills"]] == [f"1.{'0' * 18}", f"4.{'0' * 18}"]
    assert render_closing(closing).row_count == 3
