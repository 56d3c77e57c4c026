import asyncio
import random

import pytest

from crossmargin.model.units import WAD
from keepers import images as images_module
from keepers.chain import Header
from keepers.errors import MirrorError
from keepers.images import Images
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger
from keepers.mirror.image import FORMAT, restore, take
from keepers.replay import replay
from keepers.store import BlockStore, open_stores
from tests.offchain.keepers.block_samples import header_of, raw_log
from tests.offchain.keepers.mirror_samples import (
    INSTRUMENTS,
    NOW,
    PRICES,
    QUOTE,
    RAY,
    TOKENS,
    account_events,
    claims_event,
    event_of,
    held,
    mirror_of,
    position_event,
    random_accounts,
)


def test_process_is_live_while_it_replays(tmp_path):
    """A history that takes minutes is progress: the loop turns, and other tasks run between its blocks."""
    now, turns, ledger = [0.0], [0], Ledger(QUOTE, 4)
    health = Health(Metrics(), stale_after=30, clock=lambda: now[0])
    reasons: list[dict[str, str]] = []

    def decode(logs):
        now[0] += 20
        reasons.append(health.live())
        return [event_of("Ignored") for _ in logs]

    async def turn() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    with open_stores(tmp_path / "keeper.db") as stores:
        store = BlockStore(stores.chain, 4)
        for number in range(1, 11):
            store.write([(header_of(number), [raw_log(number, at) for at in range(200)])])

        async def run() -> None:
            other = asyncio.create_task(turn())
            await replay(store, ledger, decode, health)
            other.cancel()

        asyncio.run(run())
    assert len(reasons) == 10
    assert not any(reasons)
    assert turns[0] >= 3


def _lived(seed: int = 3) -> Ledger:
    """Give a ledger after many kinds of events."""
    mirror = mirror_of()
    ledger = mirror.ledger
    accounts = random_accounts(random.Random(seed), 60)
    ledger.apply(2, NOW, [event for one in accounts.items() for event in account_events(*one)])
    ledger.apply(3, NOW, [event_of("InterestAccrued", supplyIndex=RAY, borrowIndex=RAY)])
    ledger.apply(4, NOW + 7, [event_of("InterestAccrued", supplyIndex=RAY + 3, borrowIndex=RAY + 10**18)])
    ledger.apply(5, NOW + 9, [event_of("OraclesSet", oracle=QUOTE, options=QUOTE)])
    ledger.apply(6, NOW + 9, [event_of("SettlementStarted", id=INSTRUMENTS[-1], time=NOW)])
    ledger.apply(
        7, NOW + 9, [event_of("AuctionStarted", account=1 << 96, id=4), claims_event(1 << 96, INSTRUMENTS[0], 5)]
    )
    loss = {"id": INSTRUMENTS[0], "longsPay": True, "amount": WAD, "price": WAD, "perUnit": 1}
    ledger.apply(8, NOW + 9, [event_of("LossShared", **loss)])
    return ledger


def test_image_holds_all_that_the_ledger_holds():
    """What is restored is the same to the last digit, and so is what later events and screens make of it."""
    ledger = _lived()
    again = Ledger(QUOTE, 8)
    restore(again, take(ledger))
    assert held(again) == held(ledger)
    assert ledger.accounts.stale
    later = [
        position_event(1 << 96, INSTRUMENTS[1], WAD, WAD),
        event_of("Deposited", account=9, token=TOKENS[0], amount=4),
    ]
    for one in (ledger, again):
        one.apply(9, NOW + 20, later)
    assert held(again) == held(ledger)
    assert again.accounts.collateral(9, 0) == 4


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\x00\xff"])
def test_image_that_does_not_read_is_an_error(content):
    """Nothing of it is taken: the mirror is built anew."""
    with pytest.raises(MirrorError):
        restore(Ledger(QUOTE, 8), content)


class Life:
    """A store and a ledger that follow blocks of deposits, as the keeper does."""

    DEPTH = 4

    def __init__(self, stores, *, fork: str = "a") -> None:
        """Begin with what is on disk."""
        self.store = BlockStore(stores.chain, self.DEPTH)
        self.health = Health(Metrics(), 30)
        self.decoded = 0
        self.ledger = Ledger(QUOTE, self.DEPTH)
        self.fork = fork
        self.images = Images(self.store, self.ledger, self.DEPTH)
        self.images.count(asyncio.run(replay(self.store, self.ledger, self._decode, self.health)))

    def _decode(self, logs):
        self.decoded += len(logs)
        return [event_of("CashChanged", account=log.block, delta=1, cash=int(log.data, 16)) for log in logs]

    def follow(self, first: int, last: int) -> None:
        """Store and apply blocks."""
        for number in range(first, last + 1):
            parent = f"{number - 1}{'a' if number == first else self.fork}"
            header = Header(number, f"{number}{self.fork}", parent if number > 1 else "0", 100 + number, 7)
            logs = [raw_log(number, 0, self.fork)]
            self.store.write([(header, logs)])
            events = self._decode(logs)
            self.ledger.apply(number, header.timestamp, events)
            self.images.count(len(events))
            self.images.keep()


@pytest.fixture
def often(monkeypatch):
    """Have an image be due after every three events."""
    monkeypatch.setattr(images_module, "_LEAST_EVENTS", 3)


def test_start_replays_only_what_came_after_the_image(tmp_path, often):
    """Of a long history the start reads an image and the last blocks, and the ledger is the same."""
    with open_stores(tmp_path / "keeper.db") as stores:
        life = Life(stores)
        life.follow(1, 40)
        again = Life(stores)
        assert held(again.ledger) == held(life.ledger)
        assert again.decoded <= 3 * Life.DEPTH


def test_image_that_a_reorganisation_may_reach_is_not_used(tmp_path, often):
    """After a start from an image blocks are undone as deep as ever, and the undone image is gone."""
    with open_stores(tmp_path / "keeper.db") as stores:
        life = Life(stores)
        life.follow(1, 40)
        again = Life(stores, fork="b")
        for one in (life, again):
            one.ledger.undo_after(36)
        again.store.write([], fork=36)
        again.ledger.accounts.stale.clear()
        life.ledger.accounts.stale.clear()
        assert held(again.ledger) == held(life.ledger)
        assert held(again.ledger)["cash"].keys() == set(range(1, 37))
        assert again.store.image(FORMAT) is None  # the undone one is gone, the one before it too young
        again.follow(37, 50)
        assert held(Life(stores).ledger)["cash"] == held(again.ledger)["cash"]


def test_image_of_another_format_is_not_read(tmp_path, often):
    """A newer keeper begins with the events."""
    with open_stores(tmp_path / "keeper.db") as stores:
        life = Life(stores)
        life.follow(1, 40)
        assert life.store.image(FORMAT) is not None
        assert life.store.image(FORMAT + 1) is None
        life.store.clear()
        assert life.store.image(FORMAT) is None


def test_mirror_restored_screens_as_before():
    """The marks of an image are those of the ledger it was taken of."""
    mirror, again = mirror_of(), mirror_of()
    accounts = random_accounts(random.Random(5), 60)
    mirror.ledger.apply(2, NOW, [event for one in accounts.items() for event in account_events(*one)])
    restore(again.ledger, take(mirror.ledger))
    assert again.screen(PRICES, NOW).near == mirror.screen(PRICES, NOW).near
