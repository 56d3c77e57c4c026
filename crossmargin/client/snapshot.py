"""An account and the venue around it at one block, as the exact model takes them. A plan: asks no node itself.

What the model says of the account is compared with what the engine says: a venue with another engine is an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crossmargin.chain.accounts import account_name
from crossmargin.client.plans import Head, Plan, Question, together
from crossmargin.client.views import Margin as Answer
from crossmargin.client.words import HeldLeg, HeldSpot, legs_of, market_of, multipliers_of, spot_of
from crossmargin.errors import ModelError
from crossmargin.model.account import Account, State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.breakdown import Margin
from crossmargin.model.instruments import Instrument, Kind, decode, strike_of
from crossmargin.model.interest import cash_of, scaled_of
from crossmargin.model.margin import margin
from crossmargin.model.parameters import GroupOffsets, RiskParams, RiskSet, SetParams, UnderlyingParams
from crossmargin.model.prices import SILENCE, Multipliers, Price, PriceStatus
from crossmargin.model.refresh import Series, View, refreshed
from crossmargin.model.surface import OptionParams, PostedSlice, Slice
from crossmargin.model.units import EPOCH, AccountId, FeedId, InstrumentId, Ray, Seconds, Wad, clamp

__all__ = ["Snapshot", "snapshot"]

_MAX_PRICE = 2**96 - 1


@dataclass(frozen=True)
class Snapshot:
    """An account, the state of the venue, and what else decides on what the account may do."""

    id: AccountId
    spots: tuple[HeldSpot, ...]
    legs: tuple[HeldLeg, ...]
    account: Account
    state: State
    surfaces: Mapping[InstrumentId, View]
    """Of each option: what its array is computed from."""
    in_auction: bool
    paused_until: Seconds
    sequencer_floor: Seconds
    """Nothing may add risk before this time: when the sequencer will have been up for its grace."""
    supply_index: Ray
    borrow_index: Ray
    reduce_only: frozenset[InstrumentId]
    """Of the instruments that were asked for beside the account's."""

    @property
    def paused(self) -> bool:
        """Tell whether nothing may add risk now."""
        return self.state.now < self.paused_until

    @property
    def resting(self) -> bool:
        """Tell whether the sequencer is down, or has not been up for its grace."""
        return self.state.now < self.sequencer_floor

    def cash_after(self, cash: Wad, change: int) -> Wad:
        """Give cash after a change, as the vault keeps it [wad USD]."""
        if change == 0:
            return cash
        indices = self.supply_index, self.borrow_index
        return cash_of(scaled_of(Wad(cash + change), *indices), *indices)

    def at(self, underlying: FeedId, price: Wad) -> State:
        """Give the state when an underlying has another price [wad USD], its collateral with it, arrays made anew."""
        now = self.state.price(underlying).mid
        feeds = {underlying, *(held.spot.feed for held in self.spots if held.spot.underlying == underlying)}
        prices = {feed: _scaled(self.state.price(feed), price, now) for feed in feeds}
        moved = replace(self.state, prices={**self.state.prices, **prices})
        options = [packed for packed in self.surfaces if decode(packed).underlying == underlying]
        arrays = {packed: self.array(packed, price) for packed in options}
        return replace(moved, arrays={**moved.arrays, **arrays})

    def array(self, option: InstrumentId, index: Wad | None = None) -> RiskArray:
        """Compute the risk array of an option as a refresh would now, or would at another index."""
        terms, view = decode(option), self.surfaces[option]
        series = Series(terms.kind is Kind.PUT, strike_of(terms.strike), terms.expiry or EPOCH)
        return refreshed(series, view if index is None else replace(view, index=index))

    def margins(self) -> tuple[Margin, Margin]:
        """Give initial and maintenance margin of the account as it is."""
        return margin(self.account, self.state, RiskSet.INITIAL), margin(self.account, self.state, RiskSet.MAINTENANCE)


def snapshot(account: AccountId, head: Head, beside: Sequence[InstrumentId] = ()) -> Plan[Snapshot]:
    """Read an account, and the markets `beside` that it may have nothing in."""
    first = yield [
        Question("MarginVault", "accountState", (account,)),
        Question("Clearinghouse", "legs", (account,)),
        Question("RiskEngine", "margin", (account,)),
        Question("MarginVault", "isInAuction", (account,)),
        Question("MarginVault", "pausedUntil"),
        Question("OracleAdapter", "sequencerFloor"),
        Question("MarginVault", "indices"),
        Question("RiskParameters", "volatilitySource"),
        *(Question("Clearinghouse", "marketWord", (each,)) for each in beside),
    ]
    (cash, spot_words), leg_words, margins, in_auction, paused_until, floor, indices, source, *words = first
    spots, legs = tuple(map(spot_of, spot_words)), legs_of(leg_words)
    others = [market_of(packed, word) for packed, word in zip(beside, words, strict=True)]
    markets = {leg.instrument: leg.market for leg in legs} | {market.instrument: market for market, _ in others}
    held = Account(Wad(cash), tuple(each.spot for each in spots), tuple(each.leg for each in legs))

    underlyings = {decode(packed).underlying for packed in markets} | {each.underlying for each in held.spots}
    feeds = underlyings | {each.feed for each in held.spots}
    options = [leg.instrument for leg in legs if leg.size and decode(leg.instrument).kind.is_option]
    options += [packed for packed in beside if decode(packed).kind.is_option and packed not in options]
    params, prices, multipliers, arrays, posted = yield from together(
        _parameters(sorted(underlyings)),
        _prices(sorted(feeds)),
        _multipliers(Question("FixedVolatility", "multipliers", (sorted(underlyings),), source, may_fail=True)),
        _arrays(options),
        _posted(options),
    )
    surfaces = {
        option: _surface(decode(option), prices, params, head.time, raw)
        for option, raw in zip(options, posted, strict=True)
    }
    state = State(params, prices, markets, multipliers, head.time, arrays)
    taken = Snapshot(
        id=account,
        spots=spots,
        legs=legs,
        account=held,
        state=state,
        surfaces=surfaces,
        in_auction=in_auction,
        paused_until=Seconds(paused_until),
        sequencer_floor=Seconds(floor),
        supply_index=Ray(indices[0]),
        borrow_index=Ray(indices[1]),
        reduce_only=frozenset(market.instrument for market, reduces in others if reduces),
    )
    _compare(taken, margins)
    return taken


def _compare(taken: Snapshot, answers: tuple[Sequence[Any], Sequence[Any]]) -> None:
    """Refuse a venue whose engine says something else than the model."""
    for ours, raw in zip(taken.margins(), answers, strict=True):
        theirs = Answer.decode(raw)
        pairs = ((ours.excess, theirs.excess), (ours.paid_excess, theirs.paid_excess))
        valid = ours.prices_valid and not (ours.which is RiskSet.INITIAL and taken.resting)
        if valid is not theirs.prices_valid or any(one != other for one, other in pairs):
            raise ModelError(f"{account_name(taken.id)}: the venue's engine does not compute margin as this client")


def _parameters(underlyings: Sequence[FeedId]) -> Plan[RiskParams]:
    shared, *each = yield [
        Question("RiskParameters", "globalParams"),
        *(Question("RiskParameters", "underlyingParams", (underlying,)) for underlying in underlyings),
    ]
    found = {
        underlying: UnderlyingParams(SetParams(*maintenance), SetParams(*initial), *rest)
        for underlying, (maintenance, initial, *rest) in zip(underlyings, each, strict=True)
    }
    groups = sorted({each.group for each in found.values()})
    offsets = yield [Question("RiskParameters", "groupParams", (group,)) for group in groups]
    return RiskParams(found, {g: GroupOffsets(*each) for g, each in zip(groups, offsets, strict=True)}, *shared)


def _prices(feeds: Sequence[FeedId]) -> Plan[dict[FeedId, Price]]:
    answers = yield [Question("OracleAdapter", "price", (feed,)) for feed in feeds]
    found = {}
    for feed, (mid, low, high, _, status) in zip(feeds, answers, strict=True):
        found[feed] = _bounded(mid, low, high, PriceStatus(status))
    return found


def _multipliers(question: Question) -> Plan[dict[FeedId, Multipliers]]:
    """Ask the volatility source; one that does not answer is silent about all."""
    (underlyings,) = question.arguments
    (words,) = yield [question]
    if words is None or len(words) != len(underlyings):
        return dict.fromkeys(underlyings, SILENCE)
    return {feed: multipliers_of(word) for feed, word in zip(underlyings, words, strict=True)}


def _arrays(options: Sequence[InstrumentId]) -> Plan[dict[InstrumentId, RiskArray]]:
    if not options:
        return {}
    (words,) = yield [Question("OptionOracle", "words", (list(options),))]
    return {option: RiskArray.unpack(*words[2 * at : 2 * at + 2]) for at, option in enumerate(options)}


def _posted(options: Sequence[InstrumentId]) -> Plan[list[Any]]:
    """Ask, for each option, for the limits of its underlying, the guardian's distrust, and its slice."""
    if not options:
        return []
    answers = yield [
        question
        for terms in map(decode, options)
        for question in (
            Question("VolatilitySurface", "optionParams", (terms.underlying,)),
            Question("VolatilitySurface", "uncertainUntil", (terms.underlying,)),
            Question("VolatilitySurface", "sliceOf", (terms.underlying, terms.expiry)),
        )
    ]
    return list(zip(answers[::3], answers[1::3], answers[2::3], strict=True))


def _surface(
    terms: Instrument, prices: Mapping[FeedId, Price], params: RiskParams, now: Seconds, raw: tuple[Any, Any, Any]
) -> View:
    limits, until, (slice_, posted_at) = raw
    price, shocks = prices[terms.underlying], params.underlying(terms.underlying)
    return View(
        index=Wad(clamp(price.mid, 1, _MAX_PRICE)),
        status=price.status,
        posted=PostedSlice(Slice(*slice_), terms.expiry or EPOCH, Seconds(posted_at)) if posted_at else None,
        params=OptionParams(*limits),
        shock_maintenance=shocks.maintenance.derivative_shock,
        shock_initial=shocks.initial.derivative_shock,
        now=now,
        uncertain_until=Seconds(until),
    )


def _scaled(price: Price, new: Wad, old: Wad) -> Price:
    """Give a price after its underlying went from `old` to `new`."""
    return _bounded(price.mid * new // old, price.low * new // old, price.high * new // old, price.status)


def _bounded(mid: int, low: int, high: int, status: PriceStatus) -> Price:
    """Give a price as the engine reads it: it saturates."""
    return Price(Wad(min(mid, _MAX_PRICE)), Wad(min(low, _MAX_PRICE)), Wad(min(high, _MAX_PRICE)), status)
