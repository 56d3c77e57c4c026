import random

import pytest

from crossmargin.model import account as model_account
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import margin
from crossmargin.model.parameters import GroupOffsets, RiskParams, RiskSet, SetParams, UnderlyingParams
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Multipliers, Price, PriceStatus
from crossmargin.model.units import WAD
from keepers.abi import VenueEvent
from keepers.errors import MirrorError
from keepers.mirror import Ledger, Mirror, Prices
from keepers.mirror.state import Position
from keepers.settings import MirrorSettings
from keepers.views import AccountState, LegState, MarginState, Screened, SpotState
from tests.offchain.keepers.sample_venue import log_of, paper_venue

QUOTE = "0x" + "0f" * 20
NOW = 1_700_000_000
FEEDS = (1, 2, 3)
EXPIRY_HOURS = NOW // 3600 + 24 * 30
INSTRUMENTS = [
    *(encode(Instrument(Kind.PERPETUAL, feed)) for feed in FEEDS),
    *(encode(Instrument(Kind.FUTURE, feed, EXPIRY_HOURS)) for feed in FEEDS),
]
TOKENS = {index: f"0x{index + 1:040x}" for index in range(4)}
ASSETS = {0: (1, 1, 18), 1: (2, 2, 8), 2: (3, 3, 6), 3: (4, 1, 18)}  # feed, underlying, decimals
RAY = 10**27


def _event(name: str, **args: object) -> VenueEvent:
    return VenueEvent("", name, 0, 0, "", args)


def _set(liquidity: int, collateral: int, derivative: int, basis: int) -> SetParams:
    return SetParams(liquidity, collateral, derivative, basis, 50_000)


PARAMS = RiskParams(
    underlyings={
        feed: UnderlyingParams(
            maintenance=_set(70_000, 80_000, 50_000, 30_000),
            initial=_set(80_000, 120_000, 90_000, 40_000),
            # the last is so large that most holdings are past the peak of the charge
            impact_coefficient={1: 10**13, 2: 2 * 10**13, 3: 5 * 10**15}[feed],
            group=1 if feed < 3 else 0,
        )
        for feed in FEEDS
    },
    groups={1: GroupOffsets(500_000, 400_000)},
)


def _venue_events() -> list[VenueEvent]:
    events = [
        _event("AssetListed", index=index, token=TOKENS[index], feedId=feed, underlying=underlying, cap=0)
        for index, (feed, underlying, _) in ASSETS.items()
    ]
    events += [_event("InstrumentListed", id=instrument) for instrument in INSTRUMENTS]
    return [*events, *parameter_events(PARAMS)]


def parameter_events(params: RiskParams) -> list[VenueEvent]:
    """Write what the parameters' contract says when a whole configuration is set."""
    events = [
        _event("UnderlyingSet", underlying=key, params=underlying_words(one)) for key, one in params.underlyings.items()
    ]
    events += [
        _event("GroupSet", group=group, params={"rhoMaintenance": one.maintenance, "rhoInitial": one.initial})
        for group, one in params.groups.items()
    ]
    return [*events, _event("GlobalSet", params=global_words(params))]


def underlying_words(one: UnderlyingParams) -> dict[str, object]:
    """Name an underlying's parameters as the contract does."""
    sets = {
        name: {
            "liquidityHaircut": values.liquidity_haircut,
            "collateralShock": values.collateral_shock,
            "derivativeShock": values.derivative_shock,
            "basisCharge": values.basis_charge,
            "basisChargePerYear": values.basis_charge_per_year,
        }
        for name, values in (("maintenance", one.maintenance), ("initial", one.initial))
    }
    return {
        **sets,
        "impactCoefficient": one.impact_coefficient,
        "group": one.group,
        "crowdingSlope": one.crowding_slope,
        "maxTenor": one.max_tenor,
        "exposureUnit": one.exposure_unit,
        "exposureCap": one.exposure_cap,
    }


def global_words(params: RiskParams) -> dict[str, int]:
    """Name what holds for the whole venue as the contract does."""
    return {
        "profitWeight": params.profit_weight,
        "profitCover": params.profit_cover,
        "staleMultiplier": params.stale_multiplier,
        "maxMultiplier": params.max_multiplier,
        "shortFloor": params.short_floor,
        "minDelta": params.min_delta,
        "ageCharge": params.age_charge,
        "arrayMaxAge": params.array_max_age,
        "arrayMaxMove": params.array_max_move,
    }


def _mirror(**changes: object) -> Mirror:
    ledger = Ledger(QUOTE, depth=8)
    ledger.apply(1, NOW - 1000, _venue_events())
    for index, (_, _, decimals) in ASSETS.items():
        ledger.set_decimals(index, decimals)
    return Mirror(ledger, MirrorSettings(**changes), seed=1)


def _random_accounts(dice: random.Random, count: int) -> dict[int, model_account.Account]:
    made = {}
    for number in range(1, count + 1):
        spots = [
            model_account.Spot(int(dice.expovariate(1e-4) * 10**decimals), decimals, feed, underlying)
            for feed, underlying, decimals in dice.sample(list(ASSETS.values()), dice.randrange(4))
        ]
        legs = [
            Leg(
                instrument,
                size := int(dice.gauss(0, 1000) * WAD) * dice.randrange(2),
                int(dice.gauss(0, 20_000) * WAD) if size else 0,
                *(int(dice.random() * 3000) * WAD * dice.randrange(2) for _ in range(2)),
            )
            for instrument in dice.sample(INSTRUMENTS, dice.randrange(len(INSTRUMENTS)))
        ]
        made[number << 96] = model_account.Account(int(dice.gauss(0, 30_000) * WAD), tuple(spots), tuple(legs))
    return made


def _account_events(number: int, account: model_account.Account) -> list[VenueEvent]:
    events = [_event("CashChanged", account=number, delta=0, cash=account.cash)]
    by_feed = {feed: index for index, (feed, _, _) in ASSETS.items()}
    for spot in account.spots:
        token = TOKENS[by_feed[spot.feed]]
        events.append(_event("Deposited", account=number, token=token, amount=spot.amount))
    changed = (_position(number, leg.instrument, leg.size, leg.basis) for leg in account.legs)
    closed = (_claims(number, leg.instrument, leg.claims, -leg.debts) for leg in account.legs)
    return [*events, *closed, *changed]


def _position(account: int, key: int, size: int, basis: int) -> VenueEvent:
    return _event("PositionChanged", account=account, id=key, size=size, basis=basis)


def _claims(account: int, key: int, long: int, short: int = 0) -> VenueEvent:
    return _event("ClaimsChanged", account=account, id=key, longClaim=long, shortClaim=short)


@pytest.mark.parametrize("seed", range(5))
def test_screen_agrees_with_the_exact_model(seed):
    """Every account's excess equals the reference model's, in every mix of holdings, and nobody sick is missed."""
    dice = random.Random(seed)
    mirror = _mirror()
    ledger = mirror.ledger
    accounts = _random_accounts(dice, 400)
    mids = {feed: int(dice.uniform(0.5, 50) * WAD) for feed in (1, 2, 3, 4)}
    statuses = {1: PriceStatus.VALID, 2: PriceStatus.STALE, 3: PriceStatus.VALID, 4: PriceStatus.VALID}
    markets = {}
    for instrument in INSTRUMENTS:
        final = int(20 * WAD) if instrument == INSTRUMENTS[-1] else None
        rate = dice.randrange(-9000, 9000) if instrument in INSTRUMENTS[: len(FEEDS)] else 0
        markets[instrument] = Market(instrument, int(dice.gauss(0, 1) * WAD), rate, NOW - 900, final_price=final)
    funding = [
        _event("FundingUpdated", id=key, fundingIndex=one.funding_index, fundingRate=one.rate, premium=0)
        for key, one in markets.items()
    ]
    ledger.apply(2, NOW - 900, [*funding, _event("SettlementFinished", id=INSTRUMENTS[-1], average=20 * WAD)])
    ledger.apply(3, NOW, [event for one in accounts.items() for event in _account_events(*one)])
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


def held(ledger: Ledger) -> dict[str, object]:
    """Give all that a ledger holds, without what is nothing."""
    accounts = ledger.accounts
    names = ("venue", "assets", "markets", "underlyings", "offsets", "arrays", "windows", "auctions")
    spot = {(one, key): accounts.collateral(one, key) for one in accounts.ids for key in ASSETS}
    legs = {(one, key): accounts.position(one, key) for one in accounts.ids for key in INSTRUMENTS}
    return {
        **{name: dict(found) if isinstance(found := getattr(ledger, name), dict) else found for name in names},
        "cash": {one: accounts.cash(one) for one in accounts.ids if accounts.cash(one).amount},
        "collateral": {key: amount for key, amount in spot.items() if amount},
        "positions": {key: position for key, position in legs.items() if position != Position(0, 0)},
        "stale": set(accounts.stale),
    }


PRICES = Prices({1: 10 * WAD, 2: WAD, 3: WAD, 4: WAD}, dict.fromkeys((1, 2, 3, 4), 1), {})


def _funded(mirror: Mirror, block: int, account: int, cash: int, size: int) -> None:
    mirror.ledger.apply(
        block,
        NOW,
        [
            _event("CashChanged", account=account, delta=cash, cash=cash * WAD),
            _position(account, INSTRUMENTS[0], size * WAD, size * 10 * WAD),
        ],
    )


def test_mismatch_is_found_and_healed():
    """A wrong number in the mirror shows, and what the chain says replaces it."""
    mirror = _mirror()
    _funded(mirror, 2, 5, 100, 10)
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
    mirror = _mirror()
    _funded(mirror, 2, 5, 1000, 10)
    before = held(mirror.ledger)
    mirror.screen(PRICES, NOW)
    _funded(mirror, 3, 5, 1, 10)
    _funded(mirror, 4, 6, 1, 10)
    mirror.ledger.apply(5, NOW, [_event("AuctionStarted", account=5, id=1)])
    assert set(mirror.screen(PRICES, NOW).near) == {5, 6}
    mirror.ledger.undo_after(2)
    assert mirror.ledger.accounts.stale == {5, 6}
    mirror.ledger.accounts.stale.clear()
    assert held(mirror.ledger) == before
    assert mirror.screen(PRICES, NOW).near == []


def test_undo_restores_the_venues_record():
    """Indices, limits, oracles and the volatility source go back together, whichever of them a block changed."""
    ledger = _mirror().ledger
    ledger.apply(2, NOW, [_event("InterestAccrued", supplyIndex=RAY, borrowIndex=2 * RAY)])
    before = ledger.venue
    limits = {**global_words(PARAMS), "arrayMaxMove": 4}
    ledger.apply(3, NOW, [_event("GlobalSet", params=limits), _event("VolatilitySourceSet", source=QUOTE)])
    ledger.apply(4, NOW, [_event("OraclesSet", oracle=QUOTE, options=QUOTE), _event("LossSocialised", supplyIndex=1)])
    changed = ledger.venue
    assert (changed.limits.array_max_move, changed.volatility_source) == (4, QUOTE)
    assert (changed.oracles.prices, changed.indices.supply, changed.indices.borrow) == (QUOTE, 1, 2 * RAY)
    ledger.undo_after(2)
    assert ledger.venue == before


def test_pause_is_followed_and_undone():
    """What the guardian last said holds, as the contract writes it; a reorganisation takes it back."""
    ledger, venue = _mirror().ledger, paper_venue()
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
    mirror = _mirror()
    ledger = mirror.ledger
    ledger.apply(2, NOW, [_event("InterestAccrued", supplyIndex=RAY, borrowIndex=RAY)])
    _funded(mirror, 3, 5, -1000, 0)
    ledger.apply(4, NOW + 100, [_event("InterestAccrued", supplyIndex=RAY, borrowIndex=RAY * 101 // 100)])
    marks = mirror.screen(PRICES, NOW + 100)
    assert mirror.mismatches(marks, [Screened(5, True, 0, -1010 * WAD, 0)]) == []
    marks = mirror.screen(PRICES, NOW + 200)
    assert mirror.mismatches(marks, [Screened(5, True, 0, int(-1020.1 * WAD), 0)]) == []


LOSS = {"id": INSTRUMENTS[0], "amount": 2 * WAD, "price": 12 * WAD, "longsPay": True}


def test_shared_loss_is_applied_where_events_tell_it():
    """Who has won more than the share bears it at once; the other side, and a loss of nothing, change nobody."""
    mirror = _mirror()
    for account, size in ((5, 10), (6, -10)):
        _funded(mirror, 2, account, 100, size)
    before = held(mirror.ledger)
    mirror.ledger.apply(3, NOW, [_event("LossShared", **LOSS, perUnit=0)])
    assert held(mirror.ledger) == before
    mirror.ledger.apply(4, NOW, [_event("LossShared", **LOSS, perUnit=RAY // 5)])
    assert mirror.ledger.accounts.position(5, INSTRUMENTS[0]) == Position(10 * WAD, 102 * WAD)
    assert mirror.ledger.accounts.position(6, INSTRUMENTS[0]) == Position(-10 * WAD, -100 * WAD)
    assert mirror.ledger.accounts.stale == set()
    mirror.ledger.undo_after(3)
    assert mirror.ledger.accounts.position(5, INSTRUMENTS[0]) == Position(10 * WAD, 100 * WAD)


def test_shared_loss_leaves_those_in_doubt_to_the_chain():
    """What a leg without profit, or a claim, bears hangs on where it began, and on its side: no event says so."""
    mirror = _mirror()
    for account, size in ((5, 10), (6, -10)):
        _funded(mirror, 2, account, 100, size)
    for account, claim in ((7, WAD), (8, -WAD)):
        mirror.ledger.apply(2, NOW, [_claims(account, INSTRUMENTS[0], claim)])
    loss = {**LOSS, "price": 9 * WAD}
    mirror.ledger.apply(3, NOW, [_event("LossShared", **loss, perUnit=RAY // 5)])
    assert mirror.ledger.accounts.stale == {5, 7}


def test_funding_that_grew_for_an_unknown_time_leaves_all_bearers_in_doubt():
    """Blocks that came as a range do not say when the loss was shared."""
    mirror = _mirror()
    _funded(mirror, 2, 5, 100, 10)
    funding = _event("FundingUpdated", id=INSTRUMENTS[0], fundingIndex=0, fundingRate=100, premium=0)
    mirror.ledger.apply(3, 0, [funding, _event("LossShared", **LOSS, perUnit=RAY // 5)])
    assert mirror.ledger.accounts.stale == {5}


def test_quote_deposits_are_cash_not_collateral():
    """The quote token's deposits show in CashChanged alone."""
    mirror = _mirror()
    mirror.ledger.apply(2, NOW, [_event("Deposited", account=5, token=QUOTE, amount=10)])
    assert not any(mirror.ledger.accounts.collateral(5, asset) for asset in ASSETS)


@pytest.mark.parametrize(
    "event",
    [
        _event("Deposited", account=5, token="0x" + "ee" * 20, amount=1),
        _event("FundingUpdated", id=99, fundingIndex=0, fundingRate=0, premium=0),
    ],
)
def test_unknown_things_are_errors(event):
    """An event about an asset or market that was never listed means that events were missed."""
    with pytest.raises(MirrorError):
        _mirror().ledger.apply(2, NOW, [event])
