"""One market with its traders, keepers and lenders: the rules of the clearinghouse, the gate and the auction.

All arithmetic is the model's. Keepers stand for everybody who settles, sells accounts and posts prices; one backstop
takes whatever is sold. Prices are calm once keepers have had their turn.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from crossmargin.model.account import Account, Spot, State
from crossmargin.model.breakdown import Margin
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.ledger import (
    NO_CLAIM,
    Losses,
    MarketLeg,
    credited,
    filled,
    moved,
    offset,
    paid_claims,
    paid_debts,
    shared,
    to_bear,
)
from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import WAD, FeedId, Wad, ceil_div, floor_div
from tests.helpers.classes import MAJORS, STABLECOINS, default_parameters

ETH, USD = FeedId(1), FeedId(2)
PERPETUAL = encode(Instrument(Kind.PERPETUAL, ETH))
PARAMS: RiskParams = default_parameters({ETH: MAJORS, USD: STABLECOINS})
CALM_PART = 50
"""Prices are calm while their edges are at most one part in so many of the mid apart."""
MOST_REDUCTION_COST = WAD // 20
NOTHING = MarketLeg()
NO_PRICE_OFF = WAD // 20
"""No fill is further from the index than this part of it [wad]."""
BIDDERS_PART = 5
"""The backstop pays one part in so many less than what it takes is worth without unpaid profit."""


class RefusedError(Exception):
    """The venue does not allow it."""


@dataclass
class Trader:
    """An account: cash and collateral of one dollar each [wad], its leg, and what went in and out."""

    cash: int = 0
    collateral: int = 0
    leg: MarketLeg = NOTHING
    put_in: int = 0
    taken_out: int = 0
    bought: int = 0
    """Contracts that came by trades, less those that went [wad base]."""
    cost: int = 0
    """What they cost at traded prices [wad USD]."""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no leg."""
        return self.leg.size == 0 and self.leg.long == NO_CLAIM == self.leg.short

    def lost(self, price: int) -> int:
        """Give what trades lost at a price, as a positive number [wad USD]."""
        return max(0, self.cost - floor_div(self.bought * price, WAD))


class MarketVenue:
    """One market, all its traders, the pool between them, and lenders whose cash is loans."""

    opens_in_gaps = False
    """Whether contracts are opened while prices are not calm."""

    def __init__(self, traders: Sequence[Trader], backstop: Trader, price: int) -> None:
        """Begin with empty legs in a calm."""
        self.traders, self.backstop = [*traders, backstop], backstop
        self.price = self.smoothed = price
        self.pool, self.losses = 0, Losses()
        self.kept: tuple[int, int] | None = None
        self.lenders_lost = self.borne_by_longs = 0

    # prices and units

    @property
    def calm(self) -> bool:
        """Tell whether price and smoothed price agree."""
        return abs(self.price - self.smoothed) * CALM_PART <= self.price

    def move(self, price: int) -> None:
        """Set the index; the smoothed price stays where it is until keepers have had their turn."""
        self.price = price

    def state(self) -> State:
        """Give what margin needs to know."""
        edges = sorted((self.price, self.smoothed))
        prices = {ETH: Price(Wad(self.price), *map(Wad, edges)), USD: Price(WAD, WAD, WAD)}
        return State(PARAMS, prices, {PERPETUAL: Market(PERPETUAL)})

    def units(self, *, longs: bool, closed: bool = True) -> int:
        """Count the contracts of a side: open ones, and closed ones with an unpaid claim [wad base]."""
        legs = [trader.leg for trader in self.traders]
        opened = sum(abs(leg.size) for leg in legs if leg.size and (leg.size > 0) == longs)
        return opened + sum(leg.claim_of(longs=longs).units for leg in legs if closed)

    def note_units(self) -> None:
        """Keep the contracts of both sides before they change while prices are not calm; forget them in a calm."""
        if self.calm:
            self.kept = None
        elif self.kept is None:
            self.kept = self.units(longs=True), self.units(longs=False)

    # accounts

    def load(self, trader: Trader) -> MarketLeg:
        """Take off the shares of losses that a leg has not borne yet."""
        if trader.is_empty:
            trader.leg = MarketLeg(epoch=len(self.losses.records))
        trader.leg, self.losses = to_bear(trader.leg, self.losses)
        return trader.leg

    def account(self, trader: Trader) -> Account:
        """Give an account as margin reads it."""
        leg = self.load(trader)
        spots = (Spot(trader.collateral, 18, USD, USD),) if trader.collateral else ()
        read = Leg(PERPETUAL, leg.size, leg.basis, leg.claims, leg.debts)
        return Account(Wad(trader.cash), spots, () if trader.is_empty else (read,))

    def margins(self, trader: Trader) -> tuple[Margin, Margin, Wad]:
        """Give initial and maintenance margin, and equity."""
        account, state = self.account(trader), self.state()
        initial, maintenance = (margin(account, state, which) for which in (RiskSet.INITIAL, RiskSet.MAINTENANCE))
        return initial, maintenance, equity(account, state)

    def initial_excess(self, trader: Trader, *, paid: bool) -> int | None:
        """Give the excess over initial margin, without unpaid profit if `paid`; none where nothing is required."""
        account = self.account(trader)
        if account.is_free:
            return None
        result = margin(account, self.state(), RiskSet.INITIAL)
        return result.paid_excess if paid else result.excess

    # settling

    def settle(self, trader: Trader) -> None:
        """Turn what can be of a leg's value into cash."""
        if trader.is_empty:
            return
        self.load(trader)
        self._pay_losses(trader, max(trader.cash, 0))
        self._pay_profits(trader)
        self.note_units()

    def settle_between(self, winner: Trader, losers: Sequence[Trader]) -> None:
        """Collect what a winner is to be paid of losers, by loans of those who may borrow too; pay the winner."""
        leg = self.load(winner)
        wanted = self._open_profit(leg) + (leg.claims if self.calm else 0)
        for loser in losers:
            self.settle(loser)
            lent = min(wanted - self.pool, self._open_loss(self.load(loser)) + loser.leg.debts)
            if lent > 0 and (self.initial_excess(loser, paid=True) or 0) >= 0:
                self._pay_losses(loser, lent)
        self.settle(winner)

    def _open_loss(self, leg: MarketLeg) -> int:
        return max(0, -leg.value(Wad(self.price))) if leg.size else 0

    def _open_profit(self, leg: MarketLeg) -> int:
        edge = min(self.price, self.smoothed) if leg.size > 0 else max(self.price, self.smoothed)
        return max(0, leg.value(Wad(edge))) if leg.size else 0

    def _pay_losses(self, trader: Trader, most: int) -> None:
        leg = trader.leg
        opened = min(self._open_loss(leg), most)
        closed = min(leg.debts, most - opened)
        leg = paid_debts(replace(leg, basis=Wad(leg.basis - opened)), closed)
        trader.leg = offset(leg)
        self._into_pool(trader, opened + closed)

    def _pay_profits(self, trader: Trader) -> None:
        opened = min(self._open_profit(trader.leg), self.pool)
        closed = min(trader.leg.claims, self.pool - opened) if self.calm else 0
        trader.leg = paid_claims(replace(trader.leg, basis=Wad(trader.leg.basis + opened)), closed)
        self._into_pool(trader, -opened - closed)

    def _into_pool(self, trader: Trader, amount: int) -> None:
        trader.cash -= amount
        self.pool += amount

    # trading

    @contextmanager
    def undone_if_refused(self) -> Iterator[None]:
        """Put everything back when the venue refuses."""
        before = [replace(trader) for trader in self.traders], self.pool, self.losses, self.kept
        try:
            yield
        except RefusedError:
            for trader, old in zip(self.traders, before[0], strict=True):
                vars(trader).update(vars(old))
            _, self.pool, self.losses, self.kept = before
            raise

    def trade(self, buyer: Trader, seller: Trader, size: int, price: int) -> None:
        """Book a fill near the index, and ask of both sides what the gate does."""
        if buyer is seller or size <= 0 or abs(price - self.price) * WAD > NO_PRICE_OFF * self.price:
            raise RefusedError
        with self.undone_if_refused():
            sides = [(buyer, size), (seller, -size)]
            before = {id(trader): (self.margins(trader), trader.leg.size) for trader, _ in sides}
            self.note_units()
            interest = self.units(longs=True, closed=False)
            for trader, change in sides:
                self._fill(trader, change, price)
            if self.units(longs=True, closed=False) > interest and not (self.calm or self.opens_in_gaps):
                raise RefusedError
            # what the seller lost is in the pool now
            self._pay_closed(buyer)
            for trader, change in sides:
                (initial, maintenance, worth), held = before[id(trader)]
                reduces = held * change < 0 and abs(change) <= abs(held)
                self._require(trader, (initial, maintenance, worth) if reduces else None)

    def _fill(self, trader: Trader, change: int, price: int) -> None:
        trader.leg = filled(self.load(trader), change, Wad(price), Wad(0), Wad(self.price))
        self._pay_closed(trader)
        trader.bought += change
        trader.cost += ceil_div(change * price, WAD)

    def _pay_closed(self, trader: Trader) -> None:
        debts = min(trader.leg.debts, max(trader.cash, 0))
        trader.leg = offset(paid_debts(trader.leg, debts))
        self._into_pool(trader, debts)
        if self.calm:
            claims = min(trader.leg.claims, self.pool)
            trader.leg = paid_claims(trader.leg, claims)
            self._into_pool(trader, -claims)

    def _require(self, trader: Trader, before: tuple[Margin, Margin, Wad] | None) -> None:
        """Refuse what leaves initial margin unmet, but for a reduction of an account that is worth something."""
        excess = self.initial_excess(trader, paid=trader.cash < 0)
        if excess is None or excess >= 0:
            return
        if before is None or before[2] <= 0:
            raise RefusedError
        (old_initial, old, worth), (initial, now, left) = before, self.margins(trader)
        if initial.paid_excess < old_initial.paid_excess or now.excess < old.excess:
            raise RefusedError
        cheaper = max(0, old.requirement - now.requirement)
        if old.excess < 0 and worth - left > floor_div(cheaper * MOST_REDUCTION_COST, WAD):
            raise RefusedError

    # cash

    def deposit(self, trader: Trader, amount: int, *, as_collateral: bool) -> None:
        """Bring cash or collateral."""
        trader.put_in += amount
        if as_collateral:
            trader.collateral += amount
        else:
            trader.cash += amount

    def withdraw_all(self, trader: Trader) -> None:
        """Take out as much cash as initial margin without unpaid profit allows, from an account without it all."""
        excess = self.initial_excess(trader, paid=True)
        if excess is None:
            out, trader.collateral = trader.cash + trader.collateral, 0
            trader.cash = 0
        else:
            out = max(0, excess)
            trader.cash -= out
        trader.taken_out += out

    # keepers

    def keepers_turn(self) -> None:
        """Losers pay, the sick are sold and their losses shared; prices become calm; winners are paid."""
        for _ in range(2):
            for trader in self.traders:
                if self._open_loss(self.load(trader)) or trader.leg.debts:
                    self.settle(trader)
            for trader in self.traders:
                if trader is not self.backstop:
                    self._sell(trader)
        self.smoothed = self.price
        self.note_units()
        for trader in self.traders:
            self.settle(trader)

    def _sell(self, trader: Trader) -> None:
        """Sell an account below maintenance margin to the backstop, whole."""
        _, maintenance, worth = self.margins(trader)
        if self.account(trader).is_free or maintenance.excess >= 0:
            return
        self.note_units()
        loan, sides = max(0, -trader.cash), self._debts(trader)
        hoped = max(0, trader.leg.value(Wad(self.price))) + trader.leg.claims
        self._take_over(trader)
        if worth > 0:
            paid = max(0, worth - hoped) * (BIDDERS_PART - 1) // BIDDERS_PART
            self.backstop.cash, trader.cash = self.backstop.cash - paid, trader.cash + paid
        else:
            self._pay_bidder(sides, loan, -worth)

    def _debts(self, trader: Trader) -> tuple[int, int]:
        """Give what the longs and the shorts of an account owe; contracts that are worth nothing weigh a wei."""
        leg = trader.leg
        longs, shorts = (max(0, -leg.claim_of(longs=side).amount) for side in (True, False))
        lost = max(1, self._open_loss(leg)) if leg.size and leg.value(Wad(self.price)) <= 0 else 0
        return (longs + lost, shorts) if leg.size > 0 else (longs, shorts + lost)

    def _take_over(self, trader: Trader) -> None:
        backstop = self.backstop
        backstop.bought += trader.leg.size
        backstop.cost += ceil_div(trader.leg.size * self.price, WAD)
        trader.leg, backstop.leg = moved(self.load(trader), self.load(backstop), WAD, self.price, self.price)
        backstop.cash, backstop.collateral = backstop.cash + trader.cash, backstop.collateral + trader.collateral
        trader.cash = trader.collateral = 0

    def _pay_bidder(self, sides: tuple[int, int], loan: int, loss: int) -> None:
        """Credit what the backstop lacks: markets what the account owed them, lenders up to its loan."""
        total = sum(sides)
        rest = min(max(0, loss - total), loan) if total else loss
        left = amount = loss - rest
        for longs_pay, lost in ((False, sides[0]), (True, sides[1])):
            part = min(ceil_div(amount * lost, total), left) if lost else 0
            left -= part
            if part:
                self._share(part, longs_pay=longs_pay)
        lenders = min(rest, loan)
        self.lenders_lost += lenders
        self.backstop.cash += lenders

    def _share(self, amount: int, *, longs_pay: bool) -> None:
        """Share a loss among a side, and credit it inside the market to the backstop."""
        leg = self.load(self.backstop)
        longs, shorts = self.kept or (self.units(longs=True), self.units(longs=False))
        bearers = Wad(longs if longs_pay else shorts)
        self.losses = shared(self.losses, Wad(amount), Wad(self.price), Wad(self.price), bearers, longs_pay=longs_pay)
        self.borne_by_longs += amount if longs_pay else 0
        debts = min(leg.debts, amount)
        leg, rest = paid_debts(leg, debts), amount - debts
        if leg.size:
            self.backstop.leg = replace(leg, basis=Wad(leg.basis - rest))
        else:
            self.backstop.leg = credited(leg, rest, 0, longs=not longs_pay)

    # what must hold

    def unbacked(self, price: int) -> int:
        """Give values, claims and debts before pending shares, less what backs them [wad USD]."""
        legs = [trader.leg for trader in self.traders]
        worth = sum(leg.value(Wad(price)) + leg.claims - leg.debts for leg in legs)
        return worth - self.pool - self.losses.shortfall
