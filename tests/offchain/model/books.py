"""Random configurations, markets and accounts.

Every builder takes `pick(low, high)`, an integer source: Hypothesis in the tests, `random.Random.randint` in long
trials. Values lean to the edges of what the configuration check allows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from crossmargin.model.account import Account, Spot, State
from crossmargin.model.breakdown import Margin
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.parameters import GroupOffsets, RiskParams, SetParams, UnderlyingParams
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Multipliers, Price, PriceStatus
from crossmargin.model.units import PPM, WAD, YEAR, FeedId, ceil_div, trunc_div
from tests.helpers.classes import ALTCOINS, MAJORS, STABLECOINS

Pick = Callable[[int, int], int]

NOW = 1_800_000_000
HOURS = NOW // 3_600
CLASSES = (STABLECOINS, MAJORS, ALTCOINS)


@dataclass(frozen=True)
class Book:
    """One random case."""

    account: Account
    state: State


def lean(pick: Pick, low: int, high: int) -> int:
    """Pick from low..high, often one of the ends."""
    side = pick(0, 5)
    return low if side == 0 else high if side == 1 else pick(low, high)


def scale(pick: Pick, low: int, high: int) -> int:
    """Pick a power of ten times 1..99, so that all magnitudes are as likely."""
    return pick(1, 99) * 10 ** pick(low, high)


def random_set(pick: Pick, worst: int, floor: SetParams, rho: int) -> SetParams | None:
    """Pick one set at least `floor` term by term, within the check; None where there is no room.

    What xd grows by, xc grows by too: at least a third of xc is then always within reach of xd.
    """
    most = PPM * PPM // worst - floor.liquidity_haircut * PPM // worst - 3
    if floor.collateral_shock > most:
        return None
    xc = lean(pick, floor.collateral_shock, most)
    xd = lean(pick, max(floor.derivative_shock, ceil_div(xc, 3)), floor.derivative_shock + xc - floor.collateral_shock)
    low, high = max(floor.basis_charge, xc - xd), min(2 * xd, xc)
    room = PPM - ceil_div(xc * worst, PPM) - ceil_div(rho * xd * worst, PPM * PPM)
    if low > high or room < floor.liquidity_haircut:
        return None
    b0 = lean(pick, low, high)
    if high - b0 < floor.basis_charge_per_year:
        return None
    b1 = lean(pick, floor.basis_charge_per_year, high - b0)
    return SetParams(lean(pick, floor.liquidity_haircut, room), xc, xd, b0, b1)


def random_params(pick: Pick, count: int) -> RiskParams | None:
    """Pick a configuration for underlyings 1..count that uses the whole width of the check."""
    stale, most = pick(PPM, 2 * PPM), pick(PPM, 2 * PPM)
    worst = ceil_div(stale * most, PPM)
    groups = {}
    for group in (1, 2):
        rho = lean(pick, 0, PPM // 2)
        groups[group] = GroupOffsets(rho, lean(pick, 0, rho))
    underlyings = {}
    for key in range(1, count + 1):
        group = pick(0, 2)
        rho = groups[group] if group else GroupOffsets(0, 0)
        mm = random_set(pick, worst, SetParams(0, 1, 1, 0, 0), rho.maintenance)
        im = mm and random_set(pick, worst, mm, rho.initial)
        if not mm or not im:
            return None
        k = pick(0, 3) and scale(pick, 9, 15)
        underlyings[key] = UnderlyingParams(mm, im, k, group, pick(0, PPM), YEAR)
    return RiskParams(underlyings, groups, pick(0, PPM), pick(0, PPM // 10), stale, most)


def default_params(pick: Pick, count: int) -> RiskParams:
    """Pick classes of the default table for underlyings 1..count."""
    rows = {FeedId(key): CLASSES[pick(0, 2)] for key in range(1, count + 1)}
    underlyings = {
        key: UnderlyingParams(row.maintenance, row.initial, pick(0, 3) and scale(pick, 9, 14), row.group, 500_000)
        for key, row in rows.items()
    }
    return RiskParams(underlyings, {row.group: row.offsets for row in rows.values() if row.group})


def random_price(pick: Pick, *, edges: bool) -> Price:
    """Pick a price from 1e-6 to 1e6 USD, with edges up to 10 % away."""
    mid = scale(pick, 12, 22)
    if not edges:
        return Price(mid, mid, mid)
    low, high = mid - mid * pick(0, 1_000) // 10_000, mid + mid * pick(0, 1_000) // 10_000
    return Price(mid, low, high, PriceStatus(pick(0, 4)))


def random_market(pick: Pick, underlying: int, price: Price) -> Market:
    """Pick a perpetual or a dated future; some are past expiry, few are settled."""
    if pick(0, 2):
        terms = Instrument(Kind.PERPETUAL, FeedId(underlying))
        funding, rate = pick(-(price.mid // 10), price.mid // 10), pick(-10_000, 10_000)
    else:
        terms = Instrument(Kind.FUTURE, FeedId(underlying), HOURS + pick(-100, 8_759))
        funding, rate = 0, 0
    return Market(
        instrument=encode(terms),
        funding_index=funding,
        rate=rate,
        updated_at=NOW - pick(0, 86_400),
        open_interest=scale(pick, 14, 24),
        utilisation=pick(0, 200),
        final_price=price.mid if terms.kind is Kind.FUTURE and pick(0, 9) == 0 else None,
    )


def size_for(pick: Pick, price: Price, reference: int) -> int:
    """Pick a base size whose notional is near the reference [wad USD] or of any magnitude."""
    notional = reference * pick(1, 200) // 100 if pick(0, 3) else scale(pick, 10, 28)
    return notional * WAD // price.mid


def random_leg(pick: Pick, market: Market, price: Price, reference: int, *, unpaid: bool) -> Leg:
    """Pick a leg with a basis near its entry value, in some books with claims and debts; some are closed."""
    size = size_for(pick, price, reference) * (1 if pick(0, 1) else -1)
    closed = unpaid and pick(0, 19) == 0
    basis = size * price.mid // WAD * pick(70, 130) // 100
    claims = abs(basis) * pick(0, 30) // 100 if unpaid and pick(0, 3) == 0 else 0
    debts = abs(basis) * pick(0, 30) // 100 if unpaid and pick(0, 3) == 0 else 0
    return Leg(market.instrument, *((0, 0) if closed else (size, basis)), claims, debts)


def random_book(pick: Pick, params: RiskParams, *, edges: bool = True, unpaid: bool = True) -> Book:
    """Pick prices, markets and an account over all underlyings of the configuration."""
    prices = {key: random_price(pick, edges=edges) for key in params.underlyings}
    reference = scale(pick, 18, 28)
    markets: dict[int, Market] = {}
    legs, spots = [], []
    for key in params.underlyings:
        for _ in range(pick(0, 2)):
            market = random_market(pick, key, prices[key])
            if market.instrument not in markets:
                markets[market.instrument] = market
                legs.append(random_leg(pick, market, prices[key], reference, unpaid=unpaid))
        if pick(0, 2):
            decimals = (6, 8, 18)[pick(0, 2)]
            amount = size_for(pick, prices[key], reference) // 10 ** (18 - decimals)
            spots.append(Spot(amount, decimals, FeedId(key), FeedId(key)))
    cash = pick(-200, 200) * reference // 100
    worst = params.max_multiplier * 10**12
    multipliers = {key: Multipliers(pick(WAD, worst), pick(WAD, worst)) for key in params.underlyings if pick(0, 1)}
    return Book(Account(cash, tuple(spots), tuple(legs)), State(params, prices, markets, multipliers, NOW))


def with_spot(account: Account, amount: int, underlying: int) -> Account:
    """Deposit an 18-decimals balance of an underlying."""
    added = Spot(amount, 18, FeedId(underlying), FeedId(underlying))
    return replace(account, spots=(*account.spots, added))


def sliced(account: Account, kept: int) -> Account:
    """Keep `kept` percent of everything, each part rounded against the account."""
    return Account(
        account.cash * kept // 100,
        tuple(replace(spot, amount=spot.amount * kept // 100) for spot in account.spots),
        tuple(
            Leg(
                leg.instrument,
                trunc_div(leg.size * kept, 100),
                ceil_div(leg.basis * kept, 100),
                leg.claims * kept // 100,
                ceil_div(leg.debts * kept, 100),
            )
            for leg in account.legs
        ),
    )


def slack(*results: Margin) -> int:
    """Give the rounding [wei] that margins of this size may show.

    1,000 wei, 1e-16 of the terms, 1e-15 of the notional: a root of n digits carries its last digit into the product.
    """
    terms = [abs(v) for r in results for v in (r.requirement, r.collateral, r.balance)]
    impacts = [u.impact + u.spot_impact for r in results for u in r.underlyings]
    notionals = [u.spot + u.long + u.short for r in results for u in r.underlyings]
    return 1_000 + max(terms + impacts) // 10**16 + max(notionals, default=0) // 10**15


def dust(book: Book) -> int:
    """Give the value [wad USD] of the smallest units that slicing may round away."""
    return 10**12 + 4 * sum(book.state.prices[s.feed].high // 10**s.decimals for s in book.account.spots)


def raised(book: Book, percent: int) -> State:
    """Raise every posted multiplier by a percentage, within the maximum."""
    most = book.state.params.max_multiplier * 10**12
    higher = {
        key: Multipliers(
            min(most, m.maintenance * (100 + percent) // 100), min(most, m.initial * (100 + percent) // 100)
        )
        for key, m in book.state.multipliers.items()
    }
    return replace(book.state, multipliers=higher)


def evened(state: State) -> State:
    """Give both sets the same multipliers."""
    same = {key: Multipliers(m.maintenance, m.maintenance) for key, m in state.multipliers.items()}
    return replace(state, multipliers=same)
