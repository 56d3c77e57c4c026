import random

import pytest

from crossmargin.model import account as model_account
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Market
from crossmargin.model.prices import Multipliers, Price, PriceStatus
from crossmargin.model.units import WAD
from keepers.errors import MirrorError
from keepers.mirror import Ledger, Prices
from keepers.mirror.state import Position
from keepers.views import AccountState, LegState, MarginState, Screened, SpotState
from tests.offchain.keepers.mirror_samples import (
    ASSETS,
    FEEDS,
    INSTRUMENTS,
    NOW,
    PARAMS,
    PRICES,
    QUOTE,
    RAY,
    account_events,
    claims_event,
    event_of,
    fund,
    global_words,
    held,
    mirror_of,
    random_accounts,
)
from tests.offchain.keepers.sample_venue import log_of, paper_venue


@pytest.mark.parametrize("seed", range(5))
def test_screen_agrees_with_the_exact_model(seed):
    """Every account's excess equals the reference model's, in every mix of holdings, and nobody sick is missed."""
    dice = random.Random(seed)
    mirror = mirror_of()
    ledger = mirror.ledger
    accounts = random_accounts(dice, 400)
    mids = {feed: int(dice.uniform(0.5, 50) * WAD) for feed in (1, 2, 3, 4)}
    statuses = {1: PriceStatus.VALID, 2: PriceStatus.STALE, 3: PriceStatus.VALID, 4: PriceStatus.VALID}
    markets = {}
    for instrument in INSTRUMENTS:
        final = int(20 * WAD) if instrument == INSTRUMENTS[-1] else None
        rate = dice.randrange(-9000, 9000) if instrument in INSTRUMENTS[: len(FEEDS)] else 0
        markets[instrument] = Market(instrument, int(dice.gauss(0, 1) * WAD), rate, NOW - 900, final_price=final)
    funding = [
        event_of("FundingUpdated", id=key, fundingIndex=one.funding_index, fundingRate=one.rate, premium=0)
        for key, one in markets.items()
    ]
    ledger.apply(2, NOW - 900, [*funding, event_of("SettlementFinished", id=INSTRUMENTS[-1], average=20 * WAD)])
    ledger.apply(3, NOW, [event for one in accounts.items() for event in account_events(*one)])
    multiplier = int(1.5 * WAD)
    marks = mirror.screen(Prices(mids, statuses, {1: multiplier}), NOW, accounts)
    state = model_account.State(
        PARAMS,
        {feed: Price(mid, mid, mid, statuses[feed]) for feed, mid in mids.items()},
        markets,
        {1: Multipliers(multiplier, multiplier)},
        NOW,
    )
    exact = {number: margin(account, state, RiskSet.MAINTENANCE) for number, account in accounts.items()}
    screened = [Screened(number, True, one.health_factor, one.excess, 0) for number, one in exact.items()]
    assert mirror.mismatches(marks, screened) == []
    sick = {number for number, one in exact.items() if one.excess < 0}
    assert sick
    assert sick <= set(marks.near)


def test_mismatch_is_found_and_healed():
    """A wrong number in the mirror shows, and what the chain says replaces it."""
    mirror = mirror_of()
    fund(mirror, 2, 5, 100, 10)
    marks = mirror.screen(PRICES, NOW, [5])
    chain = Screened(5, True, 0, 40 * WAD, 0)
    assert [one.account for one in mirror.mismatches(marks, [chain])] == [5]
    assert mirror.mismatches(marks, [Screened(5, False, 0, 0, 0)]) == []
    side = MarginState(0, 0, 0, 0, True, False)
    legs = (LegState(INSTRUMENTS[0], 2 * WAD, 20 * WAD, 0, 0, 0),)
    mirror.ledger.heal(AccountState(5, 0, side, side, 50 * WAD, (SpotState(1, 10**8, 0),), legs, False, 0))
    assert mirror.ledger.accounts.collateral(5, 1) == 10**8
    marks = mirror.screen(PRICES, NOW, [5])
    assert marks.near == []
    expected = 50 - 20 * 0.05 + 1 * (1 - 0.07 - 0.08) - 1e-5 * 20**1.5 - 2e-5
    assert mirror.mismatches(marks, [Screened(5, True, 0, int(expected * WAD), 0)]) == []


def test_undo_restores_the_state_before():
    """Blocks taken back leave no trace but accounts to look at again."""
    mirror = mirror_of()
    fund(mirror, 2, 5, 1000, 10)
    before = held(mirror.ledger)
    mirror.screen(PRICES, NOW)
    fund(mirror, 3, 5, 1, 10)
    fund(mirror, 4, 6, 1, 10)
    mirror.ledger.apply(5, NOW, [event_of("AuctionStarted", account=5, id=1)])
    assert set(mirror.screen(PRICES, NOW).near) == {5, 6}
    mirror.ledger.undo_after(2)
    assert mirror.ledger.accounts.stale == {5, 6}
    mirror.ledger.accounts.stale.clear()
    assert held(mirror.ledger) == before
    assert mirror.screen(PRICES, NOW).near == []


def test_undo_restores_the_venues_record():
    """Indices, limits, oracles and the volatility source go back together, whichever of them a block changed."""
    ledger = mirror_of().ledger
    ledger.apply(2, NOW, [event_of("InterestAccrued", supplyIndex=RAY, borrowIndex=2 * RAY)])
    before = ledger.venue
    limits = {**global_words(PARAMS), "arrayMaxMove": 4}
    ledger.apply(3, NOW, [event_of("GlobalSet", params=limits), event_of("VolatilitySourceSet", source=QUOTE)])
    ledger.apply(
        4, NOW, [event_of("OraclesSet", oracle=QUOTE, options=QUOTE), event_of("LossSocialised", supplyIndex=1)]
    )
    changed = ledger.venue
    assert (changed.limits.array_max_move, changed.volatility_source) == (4, QUOTE)
    assert (changed.oracles.prices, changed.indices.supply, changed.indices.borrow) == (QUOTE, 1, 2 * RAY)
    ledger.undo_after(2)
    assert ledger.venue == before


def test_pause_is_followed_and_undone():
    """What the guardian last said holds, as the contract writes it; a reorganisation takes it back."""
    ledger, venue = mirror_of().ledger, paper_venue()
    for block, until in ((2, NOW + 60), (3, 0)):
        ledger.apply(block, NOW, venue.decode([log_of("MarginVault", "PausedUntil", time=until)]))
        assert ledger.venue.paused_until == until
    ledger.undo_after(2)
    assert ledger.venue.paused_until == NOW + 60
    ledger.undo_after(1)
    assert ledger.venue.paused_until == 0


def test_limits_that_were_never_set_are_an_error():
    """They are not guessed: events were missed."""
    with pytest.raises(MirrorError):
        Ledger(QUOTE, depth=8).venue.known_limits()


def test_interest_grows_debts_between_events():
    """A debt follows the index when it is accrued, and its last growth until then."""
    mirror = mirror_of()
    ledger = mirror.ledger
    ledger.apply(2, NOW, [event_of("InterestAccrued", supplyIndex=RAY, borrowIndex=RAY)])
    fund(mirror, 3, 5, -1000, 0)
    ledger.apply(4, NOW + 100, [event_of("InterestAccrued", supplyIndex=RAY, borrowIndex=RAY * 101 // 100)])
    marks = mirror.screen(PRICES, NOW + 100)
    assert mirror.mismatches(marks, [Screened(5, True, 0, -1010 * WAD, 0)]) == []
    marks = mirror.screen(PRICES, NOW + 200)
    assert mirror.mismatches(marks, [Screened(5, True, 0, int(-1020.1 * WAD), 0)]) == []


LOSS = {"id": INSTRUMENTS[0], "amount": 2 * WAD, "price": 12 * WAD, "longsPay": True}


def test_shared_loss_is_applied_where_events_tell_it():
    """Who has won more than the share bears it at once; the other side, and a loss of nothing, change nobody."""
    mirror = mirror_of()
    for account, size in ((5, 10), (6, -10)):
        fund(mirror, 2, account, 100, size)
    before = held(mirror.ledger)
    mirror.ledger.apply(3, NOW, [event_of("LossShared", **LOSS, perUnit=0)])
    assert held(mirror.ledger) == before
    mirror.ledger.apply(4, NOW, [event_of("LossShared", **LOSS, perUnit=RAY // 5)])
    assert mirror.ledger.accounts.position(5, INSTRUMENTS[0]) == Position(10 * WAD, 102 * WAD)
    assert mirror.ledger.accounts.position(6, INSTRUMENTS[0]) == Position(-10 * WAD, -100 * WAD)
    assert mirror.ledger.accounts.stale == set()
    mirror.ledger.undo_after(3)
    assert mirror.ledger.accounts.position(5, INSTRUMENTS[0]) == Position(10 * WAD, 100 * WAD)


def test_shared_loss_leaves_those_in_doubt_to_the_chain():
    """What a leg without profit, or a claim, bears hangs on where it began, and on its side: no event says so."""
    mirror = mirror_of()
    for account, size in ((5, 10), (6, -10)):
        fund(mirror, 2, account, 100, size)
    for account, claim in ((7, WAD), (8, -WAD)):
        mirror.ledger.apply(2, NOW, [claims_event(account, INSTRUMENTS[0], claim)])
    loss = {**LOSS, "price": 9 * WAD}
    mirror.ledger.apply(3, NOW, [event_of("LossShared", **loss, perUnit=RAY // 5)])
    assert mirror.ledger.accounts.stale == {5, 7}


def test_funding_that_grew_for_an_unknown_time_leaves_all_bearers_in_doubt():
    """Blocks that came as a range do not say when the loss was shared."""
    mirror = mirror_of()
    fund(mirror, 2, 5, 100, 10)
    funding = event_of("FundingUpdated", id=INSTRUMENTS[0], fundingIndex=0, fundingRate=100, premium=0)
    mirror.ledger.apply(3, 0, [funding, event_of("LossShared", **LOSS, perUnit=RAY // 5)])
    assert mirror.ledger.accounts.stale == {5}


def test_quote_deposits_are_cash_not_collateral():
    """The quote token's deposits show in CashChanged alone."""
    mirror = mirror_of()
    mirror.ledger.apply(2, NOW, [event_of("Deposited", account=5, token=QUOTE, amount=10)])
    assert not any(mirror.ledger.accounts.collateral(5, asset) for asset in ASSETS)


@pytest.mark.parametrize(
    "event",
    [
        event_of("Deposited", account=5, token="0x" + "ee" * 20, amount=1),
        event_of("FundingUpdated", id=99, fundingIndex=0, fundingRate=0, premium=0),
    ],
)
def test_unknown_things_are_errors(event):
    """An event about an asset or market that was never listed means that events were missed."""
    with pytest.raises(MirrorError):
        mirror_of().ledger.apply(2, NOW, [event])
