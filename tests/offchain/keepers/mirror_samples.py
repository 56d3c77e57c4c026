"""A venue's events and a mirror of them, accounts at random, and the same accounts as events."""

import random

from crossmargin.model import account as model_account
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.parameters import GroupOffsets, RiskParams, SetParams, UnderlyingParams
from crossmargin.model.positions import Leg
from crossmargin.model.units import WAD
from keepers.abi import VenueEvent
from keepers.mirror import Ledger, Mirror, Prices
from keepers.mirror.state import Position
from keepers.settings import MirrorSettings

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


def event_of(name: str, **args: object) -> VenueEvent:
    """Build an event of a name."""
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
        event_of("AssetListed", index=index, token=TOKENS[index], feedId=feed, underlying=underlying, cap=0)
        for index, (feed, underlying, _) in ASSETS.items()
    ]
    events += [event_of("InstrumentListed", id=instrument) for instrument in INSTRUMENTS]
    return [*events, *parameter_events(PARAMS)]


def parameter_events(params: RiskParams) -> list[VenueEvent]:
    """Write what the parameters' contract says when a whole configuration is set."""
    events = [
        event_of("UnderlyingSet", underlying=key, params=underlying_words(one))
        for key, one in params.underlyings.items()
    ]
    events += [
        event_of("GroupSet", group=group, params={"rhoMaintenance": one.maintenance, "rhoInitial": one.initial})
        for group, one in params.groups.items()
    ]
    return [*events, event_of("GlobalSet", params=global_words(params))]


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


def mirror_of(**changes: object) -> Mirror:
    """Build a mirror of the venue without accounts."""
    ledger = Ledger(QUOTE, depth=8)
    ledger.apply(1, NOW - 1000, _venue_events())
    for index, (_, _, decimals) in ASSETS.items():
        ledger.set_decimals(index, decimals)
    return Mirror(ledger, MirrorSettings(**changes), seed=1)


def random_accounts(dice: random.Random, count: int) -> dict[int, model_account.Account]:
    """Make accounts at random, by number."""
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


def account_events(number: int, account: model_account.Account) -> list[VenueEvent]:
    """Tell an account in events."""
    events = [event_of("CashChanged", account=number, delta=0, cash=account.cash)]
    by_feed = {feed: index for index, (feed, _, _) in ASSETS.items()}
    for spot in account.spots:
        token = TOKENS[by_feed[spot.feed]]
        events.append(event_of("Deposited", account=number, token=token, amount=spot.amount))
    changed = (position_event(number, leg.instrument, leg.size, leg.basis) for leg in account.legs)
    closed = (claims_event(number, leg.instrument, leg.claims, -leg.debts) for leg in account.legs)
    return [*events, *closed, *changed]


def position_event(account: int, key: int, size: int, basis: int) -> VenueEvent:
    """Tell a position in an event."""
    return event_of("PositionChanged", account=account, id=key, size=size, basis=basis)


def claims_event(account: int, key: int, long: int, short: int = 0) -> VenueEvent:
    """Tell claims and debts in an event."""
    return event_of("ClaimsChanged", account=account, id=key, longClaim=long, shortClaim=short)


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


def fund(mirror: Mirror, block: int, account: int, cash: int, size: int) -> None:
    """Give an account cash, and a position that is worth nothing at ten dollars [USD, contracts]."""
    mirror.ledger.apply(
        block,
        NOW,
        [
            event_of("CashChanged", account=account, delta=cash, cash=cash * WAD),
            position_event(account, INSTRUMENTS[0], size * WAD, size * 10 * WAD),
        ],
    )


def hold_series(mirror, account: int, cash: int, instrument: int, size: int, basis: int = 0) -> None:
    """Give an account cash and a position [USD, contracts]."""
    events = [
        event_of("CashChanged", account=account, delta=0, cash=cash * WAD),
        position_event(account, instrument, size * WAD, basis * WAD),
    ]
    mirror.ledger.apply(3, NOW, events)
