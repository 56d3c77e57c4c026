"""The library of legs and the reference model do the same, to the wei."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.ledger import (
    LossRecord,
    MarketLeg,
    borne,
    filled,
    moved,
    offset,
    paid_claims,
    paid_debts,
)
from tests.offchain.model.market_legs import AMOUNTS, FRACTIONS, FUNDING, PRICES, SIZES, loss_records, market_legs


@dataclass(frozen=True)
class Case:
    """A leg, another one of its market, and what happens to them."""

    leg: MarketLeg
    other: MarketLeg
    change: int
    price: int
    funding: int
    mid: int
    paid: int
    record: LossRecord
    room: int
    fraction: int


cases = st.builds(
    Case,
    market_legs(),
    market_legs(),
    SIZES.filter(bool),
    PRICES,
    FUNDING,
    PRICES,
    AMOUNTS,
    loss_records(),
    AMOUNTS,
    FRACTIONS,
)


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy the library behind a contract."""
    return node.deploy("LedgerProbe", sender=deployer)


def numbers(leg: MarketLeg) -> tuple[int, ...]:
    """Order a leg as the probe does."""
    (long, short) = (leg.long, leg.short)
    return (leg.size, leg.basis, leg.entry, leg.epoch, long.amount, long.units, short.amount, short.units)


def stored(leg: MarketLeg) -> tuple[int, ...]:
    """Order a leg as it is read after it was written: without contracts and claims nothing is left of it."""
    left = numbers(leg)
    return left if leg.size or leg.claims or leg.debts else (0,) * len(left)


def words(case: Case) -> tuple[Any, ...]:
    """Order a case as the probe's struct."""
    record = case.record
    return (
        numbers(case.leg),
        numbers(case.other),
        case.change,
        case.price,
        case.funding,
        case.mid,
        case.paid,
        record.per_unit,
        record.price,
        record.carry,
        record.longs_pay,
        case.room,
        case.fraction,
    )


def expected(case: Case) -> dict[str, Any]:
    """Compute what the model answers."""
    leg, carry = case.leg, case.price - case.funding
    after, part = borne(leg, case.record, case.room)
    left, taken = moved(case.other, leg, case.fraction, carry, case.mid)
    return {
        "filled": stored(filled(leg, case.change, case.price, case.funding, case.mid)),
        "claimsPaid": stored(paid_claims(leg, min(case.paid, leg.claims))),
        "debtsPaid": stored(paid_debts(leg, min(case.paid, leg.debts))),
        "met": stored(offset(leg)),
        "borne": stored(after),
        "bornePart": part,
        "left": stored(left),
        "taken": stored(taken),
        "value": leg.value(carry),
        "claims": leg.claims,
        "debts": leg.debts,
    }


def plain(answer: Any) -> Any:
    """Give structs as tuples."""
    return tuple(answer.values()) if hasattr(answer, "values") else answer


@given(st.lists(cases, min_size=1, max_size=20))
def test_legs_are_the_models(probe, many):
    """INV-22, INV-37: fills, claims, shares of losses, cuts and merges, with their roundings and that of the entry."""
    answers = [{name: plain(value) for name, value in answer.items()} for answer in probe.answer([*map(words, many)])]

    for case, answer in zip(many, answers, strict=True):
        wanted = expected(case)
        assert {name for name in wanted if wanted[name] != answer[name]} == set(), (case, wanted, answer)
