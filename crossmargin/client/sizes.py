"""How large a trade an account may make: by the exact model, from a snapshot. A plan: asks no node itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from crossmargin.chain.decimals import WAD_DECIMALS
from crossmargin.client.limits import Bound, Limit, largest, refusal
from crossmargin.client.plans import Head, Plan, Question, together
from crossmargin.client.snapshot import Snapshot, snapshot
from crossmargin.client.words import HeldLeg
from crossmargin.model.account import Account
from crossmargin.model.arrays import RiskArray
from crossmargin.model.instruments import Instrument, decode
from crossmargin.model.ledger import NO_CLAIM, MarketLeg, filled, offset, paid_claims, paid_debts
from crossmargin.model.positions import index_now, is_averaged
from crossmargin.model.prices import PriceStatus
from crossmargin.model.refresh import View
from crossmargin.model.units import EPOCH, PPM, WAD, ZERO, AccountId, InstrumentId, Ppm, Seconds, Wad, ceil_div

__all__ = ["Side", "max_size"]

Side = Literal["buy", "sell"]

_MOST: Final = 2**96 - 1
_FULL: Final = 200
"""Utilisation is counted in half-percent steps."""
_CALM_PART: Final = 50
_GRACE: Final = Seconds(600)
_RECENT_MOVE: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Deal:
    """What is traded, and on which terms: price and mark [wad USD], fee [ppm of the notional], pool [wad USD]."""

    instrument: InstrumentId
    sign: int
    price: Wad
    fee: Ppm
    pool: Wad
    cap: Wad
    mark: Wad
    band: Ppm
    valid: bool
    grows: bool
    """Whether the guardians let it."""

    @property
    def terms(self) -> Instrument:
        """Give the unpacked id."""
        return decode(self.instrument)


def max_size(
    account: AccountId, instrument: InstrumentId, side: Side, price: Wad, head: Head, *, maker: bool, until: Seconds
) -> Plan[Limit]:
    """Find the most contracts that the account may trade at a price [wad base].

    The other side is taken to open as much as it trades, and to pay nothing that the account is owed. Before `until` a
    guardian lets the market only reduce.
    """
    terms = decode(instrument)
    taken, (config, pool, (maker_fee, taker_fee, band), *marks) = yield from together(
        snapshot(account, head, [instrument]), _market(instrument, terms)
    )
    index = taken.state.price(terms.underlying)
    mark, status = (marks[0][0], PriceStatus(marks[0][1])) if marks else (index.mid, index.status)
    deal = _Deal(
        instrument=instrument,
        sign=1 if side == "buy" else -1,
        price=price,
        fee=Ppm(maker_fee if maker else taker_fee),
        pool=Wad(pool),
        cap=Wad(config[0]),
        mark=Wad(mark),
        band=Ppm(band),
        valid=status is PriceStatus.VALID,
        grows=head.time >= until,
    )
    return _most(_recent(taken, instrument) if terms.kind.is_option else taken, deal)


def _market(instrument: InstrumentId, terms: Instrument) -> Plan[Sequence[Any]]:
    mark = [Question("OptionOracle", "mark", (instrument,))] if terms.kind.is_option else []
    answers = yield [
        Question("Clearinghouse", "configOf", (instrument,)),
        Question("Clearinghouse", "poolOf", (instrument,)),
        Question("Exchange", "rulesOf", (terms.underlying,)),
        *mark,
    ]
    return answers


def _most(taken: Snapshot, deal: _Deal) -> Limit:
    fault = _at_once(taken, deal)
    if fault is not None:
        return Limit.of(0, WAD_DECIMALS, fault)
    leg = _leg_in(taken, deal.instrument)
    closing = abs(leg.size) if leg.size * deal.sign < 0 else 0
    most, bound = closing, Bound.REDUCE_ONLY
    if deal.grows and _calm(taken, deal) and deal.instrument not in taken.reduce_only:
        market = taken.state.market(deal.instrument)
        most, bound = closing + max(0, deal.cap - market.open_interest), Bound.OPEN_INTEREST
    most = min(most, _MOST)

    def refused(size: int) -> Bound | None:
        after, account = _traded(taken, deal, size)
        return refusal(after, account, paid=False)

    if most == 0 or refused(most) is None:
        return Limit.of(most, WAD_DECIMALS, bound)
    # what passes is one stretch of sizes: none of it is missed where it begins at none, or with the position closed
    steps = sorted({closing, *(most >> step for step in range(1, most.bit_length()))}, reverse=True)
    least = next((size for size in steps if size and refused(size) is None), 0)
    above = min((size for size in (*steps, most) if size > least), default=most)
    exact = largest(lambda size: refused(size) is None, least, above)
    return Limit.of(exact, WAD_DECIMALS, refused(exact + 1) or bound)


def _at_once(taken: Snapshot, deal: _Deal) -> Bound | None:
    """Say why nothing is traded at all."""
    width = taken.state.price(deal.terms.underlying).mid * deal.band // PPM
    if taken.in_auction:
        return Bound.AUCTION
    if is_averaged(deal.terms, taken.state.now):
        return Bound.EXPIRED
    if not deal.valid:
        return Bound.PRICES
    return None if max(0, deal.mark - width) <= deal.price <= deal.mark + width else Bound.BAND


def _calm(taken: Snapshot, deal: _Deal) -> bool:
    price = taken.state.price(deal.terms.underlying)
    return deal.valid and (price.high - price.low) * _CALM_PART <= price.mid


def _leg_in(taken: Snapshot, instrument: InstrumentId) -> HeldLeg:
    """Give the account's leg in a market; an empty one where it has none."""
    none = HeldLeg(instrument, ZERO, ZERO, NO_CLAIM, NO_CLAIM, taken.state.market(instrument))
    return next((each for each in taken.legs if each.instrument == instrument), none)


def _traded(taken: Snapshot, deal: _Deal, size: int) -> tuple[Snapshot, Account]:
    """Give venue and account after a fill of `size` [wad base]."""
    held, state = _leg_in(taken, deal.instrument), taken.state
    market, mid = state.market(deal.instrument), state.price(deal.terms.underlying).mid
    funding = ZERO if deal.terms.kind.is_option else index_now(market, mid, state.now)
    before = MarketLeg(held.size, held.basis, long=held.long, short=held.short)
    leg = filled(before, deal.sign * size, deal.price, funding, mid)
    leg, cash = _paid(taken, deal, leg)
    fee = ceil_div(ceil_div(size * deal.price, WAD) * deal.fee, PPM)
    after = replace(held, size=leg.size, basis=leg.basis, long=leg.long, short=leg.short)
    account = replace(
        taken.account,
        cash=taken.cash_after(cash, -fee),
        legs=(*(each.leg for each in taken.legs if each.instrument != deal.instrument), after.leg),
    )
    opened = size - min(size, abs(held.size) if held.size * deal.sign < 0 else 0)
    if opened:
        interest = market.open_interest + opened
        used = min(_FULL, ceil_div(_FULL * interest, deal.cap))
        market = replace(market, open_interest=Wad(interest), utilisation=used)
    markets = {**state.markets, deal.instrument: market}
    return replace(taken, state=replace(state, markets=markets)), account


def _paid(taken: Snapshot, deal: _Deal, leg: MarketLeg) -> tuple[MarketLeg, Wad]:
    """Pay what closed contracts owe out of cash and claims, then claims out of the pool in a calm; give the cash."""
    cash = taken.account.cash
    out = min(leg.debts, max(cash, 0))
    leg, cash = offset(paid_debts(leg, out)), taken.cash_after(cash, -out)
    pool = deal.pool + (out if deal.sign > 0 else 0)
    won = min(leg.claims, pool) if _calm(taken, deal) else 0
    return paid_claims(leg, won), taken.cash_after(cash, won)


def _recent(taken: Snapshot, option: InstrumentId) -> Snapshot:
    """Refresh the array of the option that is traded, as a fill does where it is not recent."""
    stored, view = taken.state.arrays[option], taken.surfaces[option]
    if _is_recent(stored, view, decode(option).expiry or EPOCH):
        return taken
    arrays = {**taken.state.arrays, option: taken.array(option)}
    return replace(taken, state=replace(taken.state, arrays=arrays))


def _is_recent(array: RiskArray, view: View, expiry: Seconds) -> bool:
    posted = view.posted.time if view.posted else EPOCH
    valid = view.status is PriceStatus.VALID and view.slice_status(expiry) is PriceStatus.VALID
    if array.time + _GRACE < view.now or array.time <= posted or array.time < expiry <= view.now:
        return False
    if array.valid is not valid or (not valid and array.time != view.now):
        return False
    return abs(view.index - array.ref) * _RECENT_MOVE <= array.ref
