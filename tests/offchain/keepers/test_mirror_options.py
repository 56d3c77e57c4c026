import random
from dataclasses import replace

import pytest

from crossmargin.model.account import Account, Leg, State
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import PPM, WAD
from keepers.abi import VenueEvent
from keepers.mirror import Ledger, Prices
from keepers.mirror.board import board_of
from keepers.mirror.health import evaluate
from tests.offchain.keepers.mirror_samples import QUOTE, claims_event, event_of, parameter_events, position_event
from tests.offchain.model.books import NOW, default_params, random_book, random_params
from tests.offchain.model.option_books import with_options

BOOKS = 300


def venue_of(state: State) -> Ledger:
    """Build a ledger of a state: one asset an underlying, of its own feed, with 18 decimals."""
    ledger = Ledger(QUOTE, depth=8)
    listed = [
        event_of("AssetListed", index=key, token=f"0x{key:040x}", feedId=key, underlying=key, cap=0)
        for key in state.params.underlyings
    ]
    listed += [event_of("InstrumentListed", id=key) for key in state.markets]
    ledger.apply(1, NOW - 1, [*listed, *parameter_events(state.params)])
    for key, market in state.markets.items():
        ledger.set_market(key, ledger.markets[key])
        changed = replace(
            ledger.markets[key],
            funding=market.funding_index,
            rate=market.rate,
            time=market.updated_at,
            final_price=market.final_price,
        )
        ledger.set_market(key, changed)
    words = {key: array.pack() for key, array in state.arrays.items()}
    ledger.apply(2, NOW, [event_of("ArrayRefreshed", id=key, meta=two[0], nodes=two[1]) for key, two in words.items()])
    return ledger


def holding(number: int, account: Account) -> list[VenueEvent]:
    """Write what an account has as events."""
    events = [event_of("CashChanged", account=number, delta=0, cash=account.cash)]
    for spot in account.spots:
        amount = spot.amount * 10 ** (18 - spot.decimals)
        events.append(event_of("Deposited", account=number, token=f"0x{spot.feed:040x}", amount=amount))
    for leg in account.legs:
        events.append(position_event(number, leg.instrument, leg.size, leg.basis))
        events.append(claims_event(number, leg.instrument, leg.claims, -leg.debts))
    return events


def prices_of(state: State) -> Prices:
    """Give the mids, statuses and multipliers of a state as the keeper reads them."""
    ceiling = state.params.max_multiplier * WAD // PPM
    multipliers = {key: max(WAD, min(ceiling, one.maintenance)) for key, one in state.multipliers.items()}
    return Prices(
        {key: one.mid for key, one in state.prices.items()},
        {key: one.status for key, one in state.prices.items()},
        multipliers,
    )


def fits(leg: Leg) -> bool:
    """Tell whether a position keeps three times the leg."""
    return 3 * abs(leg.size) < 2**95 and 3 * abs(leg.basis) < 2**99


def variants(dice: random.Random, account: Account) -> list[Account]:
    """Give the account, and others of its venue: sides turned, sizes changed, legs and collateral left out.

    Legs beyond what a position keeps are left out too.
    """
    account = replace(account, legs=tuple(leg for leg in account.legs if fits(leg)))
    found = [account]
    for _ in range(7):
        legs = [
            replace(leg, size=(part := leg.size * dice.randrange(-300, 300) // 100), basis=leg.basis if part else 0)
            for leg in account.legs
            if dice.randrange(6)
        ]
        spots = tuple(one for one in account.spots if dice.randrange(3))
        found.append(Account(account.cash * dice.randrange(-100, 200) // 100, spots, tuple(legs)))
    return found


def books(seed: int):
    """Give random states with accounts in them."""
    dice = random.Random(seed)
    while True:
        make = (default_params, random_params)[dice.randrange(2)]
        params = make(dice.randint, dice.randint(1, 3))
        if params is None:
            continue
        book = with_options(dice.randint, random_book(dice.randint, params), arbitrary=dice.randrange(3) == 0, most=5)
        yield book.state, variants(dice, book.account)


@pytest.mark.parametrize("seed", range(4))
def test_options_are_valued_as_the_model_does(seed):
    """Excess and requirement of every account equal the model's, with options of any arrays, claims and debts."""
    compared = 0
    for state, accounts in books(seed):
        ledger = venue_of(state)
        for number, account in enumerate(accounts):
            ledger.apply(3 + number, NOW, holding(number << 96, account))
        factors = evaluate(ledger, board_of(ledger, prices_of(state), NOW), slice(0, len(ledger.accounts)))
        for number, account in enumerate(accounts):
            exact = margin(account, state, RiskSet.MAINTENANCE)
            terms = [exact.assets, exact.liabilities, *(abs(leg.value) for leg in exact.legs), exact.collateral]
            terms += [abs(leg.basis) for leg in account.legs]
            terms += [one.notional for one in exact.legs]
            scale = max(map(abs, terms)) / WAD
            assert abs(factors.excess[number] - exact.excess / WAD) <= 1e-9 * scale + 1e-9, (seed, compared, number)
            assert abs(factors.denominator[number] - exact.liabilities / WAD) <= 1e-9 * scale + 1e-9
            compared += any(leg.delta for leg in exact.legs)
        if compared > BOOKS:
            return
