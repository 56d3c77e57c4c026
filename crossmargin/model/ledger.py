"""Profit and losses inside a market: fills, claims, shares of losses, and what is paid out of the pool.

The exact reference of contracts/ledger/Leg.sol and Claims.sol. Money is wad USD, sizes and units wad base, prices wad
USD per base. Closing a part of a leg makes a claim that keeps its contracts as units, or a debt; a loss that nobody can
pay is borne by the contracts of the other side, open or closed and unpaid, each alike.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from crossmargin.model.units import WAD, ZERO, Wad, ceil_div, floor_div, trunc_div

__all__ = [
    "LEAST_SHARED_LOSS",
    "NO_CLAIM",
    "Claim",
    "LossRecord",
    "Losses",
    "MarketLeg",
    "borne",
    "credited",
    "filled",
    "kept_entry",
    "moved",
    "offset",
    "paid_claims",
    "paid_debts",
    "realised",
    "shared",
    "to_bear",
    "units_of",
]

RAY: Final = 10**27
LEAST_SHARED_LOSS: Final = Wad(WAD)
"""A smaller loss is shortfall without being shared [wad USD]."""
_ENTRY_BITS: Final = 27
_LEAST_WON_PART: Final = 50
_LEAST_WON_PART_OF_OPTIONS: Final = 2_500
_MAX_PRICE: Final = 2**96 - 1
_MAX_PER_UNIT: Final = 2**125 - 1


@dataclass(frozen=True, slots=True)
class Claim:
    """What closed contracts of one side are owed, negative: owe [wad USD], and how many they are [wad base]."""

    amount: Wad = ZERO
    units: Wad = ZERO


NO_CLAIM: Final = Claim()


@dataclass(frozen=True, slots=True)
class LossRecord:
    """A loss that a side bears: part of each contract [ray USD per base], mid price when it was shared [wad USD].

    The price is kept with 27 bits, in favour of the side; `carry` is what it was, less the funding index.
    """

    per_unit: int
    price: Wad
    carry: Wad
    longs_pay: bool


@dataclass(frozen=True, slots=True)
class MarketLeg:
    """A leg: open contracts with basis and entry, claims of closed longs and shorts, losses it has borne."""

    size: Wad = ZERO
    basis: Wad = ZERO
    entry: Wad = ZERO
    epoch: int = 0
    long: Claim = NO_CLAIM
    short: Claim = NO_CLAIM

    @property
    def claims(self) -> Wad:
        """Give what closed contracts are owed."""
        return Wad(max(self.long.amount, 0) + max(self.short.amount, 0))

    @property
    def debts(self) -> Wad:
        """Give what closed contracts owe."""
        return Wad(max(-self.long.amount, 0) + max(-self.short.amount, 0))

    def value(self, carry: Wad) -> Wad:
        """Give the value of the open contracts at a price less funding index, down."""
        return Wad(floor_div(self.size * carry, WAD) - self.basis)

    def claim_of(self, *, longs: bool) -> Claim:
        """Give the claim of closed contracts of a side."""
        return self.long if longs else self.short

    def with_claim(self, claim: Claim, *, longs: bool) -> "MarketLeg":
        """Give the leg with another claim of closed contracts of a side."""
        return replace(self, long=claim) if longs else replace(self, short=claim)


def kept_entry(price: int, *, up: bool) -> Wad:
    """Give a price as a position keeps it, with 27 significant bits, rounded up for a long, down for a short."""
    exponent = max(price.bit_length() - _ENTRY_BITS, 0)
    mantissa = -(-price >> exponent) if up else price >> exponent
    return Wad(mantissa << exponent)


def credited(leg: MarketLeg, amount: int, units: int, *, longs: bool) -> MarketLeg:
    """Add to what closed contracts of a side are owed; what meets the other sign is paid with it.

    Units of a claim that is paid in part shrink in proportion, up.
    """
    old = leg.claim_of(longs=longs)
    net = old.amount + amount
    left = 0
    if net > 0 and amount > 0:
        left = old.units + units if old.amount >= 0 else ceil_div(units * net, amount)
    elif net > 0:
        left = ceil_div(old.units * net, old.amount)
    return leg.with_claim(Claim(Wad(net), Wad(left)), longs=longs)


def split(leg: MarketLeg, part: int) -> tuple[MarketLeg, int, int]:
    """Take contracts [wad base] off with their part of the basis, toward zero; give what is left, size and basis."""
    size = part if leg.size > 0 else -part
    basis = trunc_div(leg.basis * part, abs(leg.size))
    rest = leg.size - size
    left = replace(leg, size=Wad(rest), basis=Wad(leg.basis - basis), entry=leg.entry if rest else ZERO)
    return left, size, basis


def units_of(made: int, part: int, index: int, *, is_option: bool = False) -> int:
    """Give the contracts that a profit counts for: all that were closed, or as many as won a least part of the index.

    That part is a fiftieth, of options a 2,500th. More could not bear a part of a loss, and would only make those of
    others smaller.
    """
    won = max(made, 0) * (_LEAST_WON_PART_OF_OPTIONS if is_option else _LEAST_WON_PART) * WAD
    return won // index if won < part * index else part if made > 0 else 0


def realised(leg: MarketLeg, part: int, carry: int, mid: int) -> MarketLeg:
    """Close a part [wad base] at a price less funding index; what it made is a claim or a debt of its side."""
    if part == 0:
        return leg
    left, size, basis = split(leg, part)
    made = floor_div(size * carry, WAD) - basis
    return credited(left, made, units_of(made, part, mid), longs=size > 0)


def added(leg: MarketLeg, size: int, basis: int, entry: int) -> MarketLeg:
    """Add contracts of the leg's side with their basis and entry."""
    total = abs(leg.size) + abs(size)
    if total == 0:
        return replace(leg, basis=Wad(leg.basis + basis))
    summed = abs(leg.size) * leg.entry + abs(size) * entry
    longs = leg.size > 0 or size > 0
    mean = ceil_div(summed, total) if longs else floor_div(summed, total)
    return replace(leg, size=Wad(leg.size + size), basis=Wad(leg.basis + basis), entry=Wad(mean))


def filled(leg: MarketLeg, change: int, price: Wad, funding: Wad, mid: Wad) -> MarketLeg:
    """Fill a size [wad base, signed] at a price: close what it meets, open the rest.

    The entry is `mid`, or the price where that is better for the holder: the difference is won at once. The basis is
    rounded up; the entry is kept with 27 bits.
    """
    carry = price - funding
    if leg.size * change < 0:
        part = min(abs(leg.size), abs(change))
        leg = realised(leg, part, carry, mid)
        change -= part if change > 0 else -part
    if change == 0:
        return leg
    entry = min(price, mid) if change > 0 else max(price, mid)
    grown = added(leg, change, ceil_div(change * carry, WAD), entry)
    return replace(grown, entry=kept_entry(grown.entry, up=grown.size > 0))


def paid_claims(leg: MarketLeg, paid: int) -> MarketLeg:
    """Take a payment off the claims, those of longs first."""
    first = min(paid, max(leg.long.amount, 0))
    if first:
        leg = credited(leg, -first, 0, longs=True)
    return credited(leg, first - paid, 0, longs=False) if paid != first else leg


def paid_debts(leg: MarketLeg, paid: int) -> MarketLeg:
    """Take a payment off the debts, those of longs first."""
    first = min(paid, max(-leg.long.amount, 0))
    if first:
        leg = credited(leg, first, 0, longs=True)
    return credited(leg, paid - first, 0, longs=False) if paid != first else leg


def offset(leg: MarketLeg) -> MarketLeg:
    """Pay debts with claims of the other side."""
    both = min(leg.claims, leg.debts)
    return paid_debts(paid_claims(leg, both), both)


def borne(leg: MarketLeg, record: LossRecord, room: int) -> tuple[MarketLeg, Wad]:
    """Take the share of a loss off a leg, at most `room`; give what was taken [wad USD].

    A claim bears at most itself.
    """
    longs, paid = record.longs_pay, 0
    if leg.size != 0 and (leg.size > 0) == longs:
        leg, paid = _borne_open(leg, record, room)
    claim = leg.claim_of(longs=longs)
    if claim.units == 0:
        return leg, Wad(paid)
    part = min(floor_div(claim.units * record.per_unit, RAY), claim.amount, room - paid)
    rest = claim.amount - part
    return leg.with_claim(Claim(Wad(rest), claim.units if rest else ZERO), longs=longs), Wad(paid + part)


def _borne_open(leg: MarketLeg, record: LossRecord, room: int) -> tuple[MarketLeg, int]:
    """Take the share of a loss off open contracts of the side that bears it; give what was taken [wad USD].

    They bear at most what they won between their entry and the record's price, paid or not, or what they are owed at
    it, won since their entry or not. Their entry moves towards that price by what they bore, rounded to their favour:
    what was won is borne once, in however many records the loss comes.
    """
    longs, units = record.longs_pay, abs(leg.size)
    apart = max(record.price - leg.entry if longs else leg.entry - record.price, 0)
    most = max(floor_div(units * apart, WAD), leg.value(record.carry))
    taken = min(floor_div(units * record.per_unit, RAY), most, room)
    step = min(ceil_div(taken * WAD, units), apart)
    entry = kept_entry(leg.entry + step if longs else leg.entry - step, up=longs)
    return replace(leg, basis=Wad(leg.basis + taken), entry=entry), taken


def moved(giver: MarketLeg, taker: MarketLeg, fraction: int, carry: int, mid: int) -> tuple[MarketLeg, MarketLeg]:
    """Move a fraction [wad] of everything to another leg of the market, toward zero; give what both are then.

    Contracts that meet some of the other side close each other at a price less funding index, for the taker.
    """
    part = floor_div(abs(giver.size) * fraction, WAD)
    if part and giver.size * taker.size < 0:
        matched = min(abs(taker.size), part)
        taker = realised(taker, matched, carry, mid)
        giver, size, basis = split(giver, matched)
        made = floor_div(size * carry, WAD) - basis
        taker = credited(taker, made, units_of(made, matched, mid), longs=size > 0)
        part -= matched
    if part:
        entry = giver.entry
        giver, size, basis = split(giver, part)
        taker = added(taker, size, basis, entry)
        taker = replace(taker, entry=kept_entry(taker.entry, up=taker.size > 0))
    for longs in (True, False):
        rest, claim = _cut_claim(giver.claim_of(longs=longs), fraction)
        giver = giver.with_claim(rest, longs=longs)
        taker = credited(taker, claim.amount, claim.units, longs=longs)
    return giver, taker


def _cut_claim(claim: Claim, fraction: int) -> tuple[Claim, Claim]:
    amount, units = trunc_div(claim.amount * fraction, WAD), floor_div(claim.units * fraction, WAD)
    return Claim(Wad(claim.amount - amount), Wad(claim.units - units)), Claim(Wad(amount), Wad(units))


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses of a market: what nothing collected backs [wad USD], and the records of what was shared."""

    shortfall: Wad = ZERO
    records: tuple[LossRecord, ...] = field(default_factory=tuple)


def shared(losses: Losses, amount: Wad, price: Wad, carry: Wad, bearers: Wad, *, longs_pay: bool) -> Losses:
    """Share a loss among `bearers` contracts [wad base] of a side at a mid price, and that less the funding index."""
    shortfall = Wad(losses.shortfall + amount)
    if amount < LEAST_SHARED_LOSS or bearers == 0:
        return replace(losses, shortfall=shortfall)
    per_unit = min(floor_div(amount * RAY, bearers), _MAX_PER_UNIT)
    kept = kept_entry(min(price, _MAX_PRICE), up=not longs_pay)
    record = LossRecord(per_unit, kept, carry, longs_pay)
    return Losses(shortfall, (*losses.records, record))


def to_bear(leg: MarketLeg, losses: Losses) -> tuple[MarketLeg, Losses]:
    """Take all shares off a leg that it has not borne yet, in their order, at most the shortfall."""
    taken = 0
    for record in losses.records[leg.epoch :]:
        leg, paid = borne(leg, record, losses.shortfall - taken)
        taken += paid
    return replace(leg, epoch=len(losses.records)), replace(losses, shortfall=Wad(losses.shortfall - taken))
