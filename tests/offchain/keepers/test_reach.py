import random
from dataclasses import replace

import numpy as np
import pytest

from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import WAD
from keepers.mirror import Mirror, Prices, reach
from keepers.mirror.board import board_of
from keepers.mirror.health import evaluate
from tests.offchain.keepers.mirror_samples import (
    INSTRUMENTS,
    NOW,
    PARAMS,
    PRICES,
    RAY,
    account_events,
    event_of,
    fund,
    mirror_of,
    random_accounts,
    underlying_words,
)

SMALL = 16


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Have many chunks of few accounts."""
    monkeypatch.setattr(reach, "CHUNK", SMALL)


def near(mirror: Mirror, prices: Prices, now: int) -> set[int]:
    """Mark everybody in full, and give who is near."""
    board = board_of(mirror.ledger, prices, now)
    factors = evaluate(mirror.ledger, board, slice(0, mirror.size))
    least = factors.denominator * 1.02 + np.where(factors.denominator > 0, 1e-3, 0)
    return {mirror.ledger.accounts.ids[row] for row in np.flatnonzero(~(factors.numerator >= least))}


def changed(dice: random.Random, mirror: Mirror, prices: Prices, block: int) -> Prices:
    """Do to the venue what blocks do: move prices and multipliers, and now and then anything else."""
    moves = {feed: int(mid * dice.lognormvariate(0, 0.01)) for feed, mid in prices.mids.items()}
    prices = replace(prices, mids=moves)
    events, what = [], dice.randrange(8)
    if what == 0:
        prices = replace(prices, multipliers={dice.choice((1, 2, 3)): int(dice.uniform(1, 2) * WAD)})
    elif what == 1:
        prices = replace(prices, statuses={**prices.statuses, 2: dice.choice(list(PriceStatus))})
    elif what == 2:
        index = int(dice.gauss(0, 0.2) * WAD)
        funding = {"fundingIndex": index, "fundingRate": dice.randrange(-9000, 9000), "premium": 0}
        events = [event_of("FundingUpdated", id=dice.choice(INSTRUMENTS), **funding)]
    elif what == 3:
        made = random_accounts(dice, 3)
        numbers = [dice.choice([*mirror.ledger.accounts.ids, 10**6 + block << 96]) for _ in made]
        events = [
            one
            for number, account in zip(numbers, made.values(), strict=True)
            for one in account_events(number, account)
        ]
    elif what == 4:
        grown = RAY * (1000 + block) // 1000
        events = [event_of("InterestAccrued", supplyIndex=grown, borrowIndex=grown)]
    elif what == 5:
        impact = dice.choice((10**12, 10**13))
        words = underlying_words(replace(PARAMS.underlyings[1], impact_coefficient=impact))
        events = [event_of("UnderlyingSet", underlying=1, params=words)]
    elif what == 6 and block % 3 == 0:
        events = [event_of("SettlementFinished", id=INSTRUMENTS[-1], average=moves[3])]
    mirror.ledger.apply(block, NOW + block, events)
    return prices


@pytest.mark.parametrize("seed", range(6))
def test_nobody_near_is_left_out(seed):
    """Marks name exactly those that a full valuation names, block after block, also after blocks were undone."""
    dice = random.Random(seed)
    mirror = mirror_of()
    accounts = random_accounts(dice, 300)
    mirror.ledger.apply(2, NOW, [event for one in accounts.items() for event in account_events(*one)])
    prices = Prices({feed: int(dice.uniform(5, 20) * WAD) for feed in (1, 2, 3, 4)}, dict.fromkeys((1, 2, 3, 4), 1), {})
    looked, block, skipped = 0, 8, 0
    while looked < 60:
        prices = changed(dice, mirror, prices, block)
        if dice.randrange(10) == 0:
            mirror.ledger.undo_after(block - dice.randrange(1, 4))
        marks = mirror.screen(prices, NOW + block)
        assert set(marks.near) == near(mirror, prices, NOW + block)
        skipped += mirror.size - len(marks.rows)
        looked, block = looked + 1, block + 1
    assert skipped > 60 * mirror.size // 10


@pytest.mark.parametrize("seed", range(4))
def test_deeper_markets_leave_nobody_out(seed):
    """Whales of little shock and much impact, whose multiplier moves alone: those near are those of a full valuation.

    Rows that a small move cannot reach are left alone, so that most multipliers cost few valuations.
    """
    dice = random.Random(seed)
    mirror = mirror_of()
    shocks = replace(PARAMS.underlyings[3].maintenance, collateral_shock=10, derivative_shock=10)
    words = underlying_words(replace(PARAMS.underlyings[3], maintenance=shocks, impact_coefficient=10**14))
    mirror.ledger.apply(2, NOW, [event_of("UnderlyingSet", underlying=3, params=words)])
    for account in range(1, 200):
        size = int(dice.lognormvariate(14, 2))
        events = [
            event_of("CashChanged", account=account, delta=0, cash=int(dice.uniform(1, 4) * 1e-4 * size**1.5) * WAD)
        ]
        events.append(
            event_of("PositionChanged", account=account, id=INSTRUMENTS[2], size=size * WAD, basis=size * WAD)
        )
        mirror.ledger.apply(3, NOW, events)
    found, looked = set(), 0
    for block in range(60):
        prices = replace(PRICES, multipliers={3: int(dice.uniform(1, 1.2 if block % 2 else 2) * WAD)})
        marks = mirror.screen(prices, NOW + block)
        assert set(marks.near) == near(mirror, prices, NOW + block)
        found, looked = found | set(marks.near), looked + len(marks.rows)
    assert 20 < len(found) < 199
    assert looked < 60 * mirror.size


def test_impact_that_was_none_is_an_unknown_change():
    """A coefficient of 0 bounds nothing; one that grows by a tenth moves no price."""
    mirror = mirror_of()
    before = board_of(mirror.ledger, PRICES, NOW)
    grown = board_of(mirror.ledger, replace(PRICES, multipliers={1: 11 * WAD // 10}), NOW)
    move = reach.moved(before, grown)
    assert move.impact == pytest.approx(0.1)
    assert move.prices == pytest.approx(4 * 0.008)
    words = underlying_words(replace(PARAMS.underlyings[1], impact_coefficient=0))
    mirror.ledger.apply(2, NOW, [event_of("UnderlyingSet", underlying=1, params=words)])
    assert reach.moved(board_of(mirror.ledger, PRICES, NOW), before).prices == float("inf")


def test_calm_block_marks_nobody_but_those_near():
    """Prices that stay leave those alone that are not near, and a write brings one account back."""
    mirror = mirror_of()
    for account in range(1, 40):
        fund(mirror, 2, account, 100, 10)
    fund(mirror, 3, 40, 5, 10)
    mirror.screen(PRICES, NOW)
    mirror.screen(PRICES, NOW)
    mirror.screen(PRICES, NOW)
    marks = mirror.screen(PRICES, NOW)
    assert [mirror.ledger.accounts.ids[row] for row in marks.rows] == [40]
    fund(mirror, 4, 7, 4, 10)
    marks = mirror.screen(PRICES, NOW)
    assert marks.near == [7, 40]


def test_whoever_holds_an_option_of_unknown_array_is_near():
    """What cannot be valued is nobody's health: the chain is asked."""
    mirror = mirror_of()
    call = 3 << 60 | 1 << 48 | (NOW // 3600 + 48) << 24 | 11
    mirror.ledger.apply(2, NOW, [event_of("InstrumentListed", id=call)])
    fund(mirror, 3, 5, 10**6, 0)
    mirror.ledger.apply(4, NOW, [event_of("PositionChanged", account=5, id=call, size=WAD, basis=WAD)])
    marks = mirror.screen(PRICES, NOW)
    assert marks.near == marks.sick == marks.outdated == [5]
