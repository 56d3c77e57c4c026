"""How much an account may take out, and how large a trade may be: by the exact model, from a snapshot. Plans.

Prices, arrays and interest are those of the block asked at: what an action refreshes first may move its limit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from crossmargin.chain.decimals import WAD_DECIMALS, of_units
from crossmargin.client.names import Asset
from crossmargin.client.plans import Head, Plan, Question, together
from crossmargin.client.snapshot import Snapshot, snapshot
from crossmargin.model.account import Account
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import AccountId, TokenUnits, Wad

__all__ = ["Bound", "Limit", "largest", "max_withdraw", "refusal"]

_MOST_QUOTE: Final = 2**96 - 1


class Bound(Enum):
    """What stops more."""

    BALANCE = "the account has no more"
    MARGIN = "initial margin"
    LIQUIDITY = "lenders' cash is lent out"
    OUTFLOW = "the outflow limit of the token"
    OPEN_INTEREST = "the market's cap on open interest"
    REDUCE_ONLY = "only positions may be reduced now"
    PRICES = "a price is not Valid: refresh the feeds, and the arrays of the account"
    BAND = "the price is outside the band around the mark"
    EXPIRED = "trading has ended, half an hour before the expiry"
    PAUSE = "the guardian's pause"
    SEQUENCER = "the chain's sequencer is down, or has been back for less than its grace"
    AUCTION = "the account is in auction"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most there is, and what stops more."""

    amount: Decimal
    """Whole tokens, or contracts."""
    bound: Bound
    exact: int
    """The same in token units, or [wad base]."""

    @classmethod
    def of(cls, exact: int, decimals: int, bound: Bound) -> "Limit":
        """Make a limit from its integer."""
        return cls(of_units(exact, decimals), bound, exact)


def largest(passes: Callable[[int], bool], least: int, most: int) -> int:
    """Find where what passes at `least` first fails before `most`, which fails."""
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if passes(middle) else (least, middle)
    return least


def refusal(taken: Snapshot, account: Account, *, paid: bool) -> Bound | None:
    """Say why the vault would refuse what leaves the account so; `paid`: unpaid profit must not back it."""
    if account.is_free:
        return None
    if taken.paused:
        return Bound.PAUSE
    if taken.resting:
        return Bound.SEQUENCER
    result = margin(account, taken.state, RiskSet.INITIAL)
    if not result.prices_valid:
        return Bound.PRICES
    backed = result.paid_excess if paid or account.cash < 0 else result.excess
    return Bound.MARGIN if backed < 0 else None


def max_withdraw(account: AccountId, asset: Asset, head: Head, *, with_loan: bool) -> Plan[Limit]:
    """Find the most that may be withdrawn of a token [token units]; of the quote token with a loan, if so wished."""
    taken, ((_, _, outflow), totals) = yield from together(snapshot(account, head), _leaving(asset))
    scale = 10 ** (WAD_DECIMALS - asset.decimals)
    bounds = {Bound.BALANCE: _balance(taken, asset, scale), Bound.OUTFLOW: TokenUnits(outflow)}
    if asset.is_quote:
        bounds[Bound.LIQUIDITY] = TokenUnits(totals[4] // scale)
        if with_loan:
            bounds.pop(Bound.BALANCE)
    return _most(taken, asset, bounds, scale)


def _leaving(asset: Asset) -> Plan[Sequence[Any]]:
    answers = yield [
        Question("MarginVault", "outflowOf", (asset.token,)),
        Question("MarginVault", "cashTotals"),
    ]
    return answers


def _most(taken: Snapshot, asset: Asset, bounds: Mapping[Bound, TokenUnits], scale: int) -> Limit:
    bound = min(bounds, key=lambda each: bounds[each])
    most = min(bounds[bound], _MOST_QUOTE) if asset.is_quote else bounds[bound]
    if taken.in_auction:
        return Limit.of(0, asset.decimals, Bound.AUCTION)

    def fault(amount: int) -> Bound | None:
        return refusal(taken, _withdrawn(taken, asset, amount, scale), paid=True)

    if most == 0 or fault(most) is None:
        return Limit.of(most, asset.decimals, bound)
    most = largest(lambda amount: fault(amount) is None, 0, most)
    return Limit.of(most, asset.decimals, fault(most + 1) or bound)


def _balance(taken: Snapshot, asset: Asset, scale: int) -> TokenUnits:
    if asset.is_quote:
        return TokenUnits(max(taken.account.cash, 0) // scale)
    return TokenUnits(sum(held.spot.amount for held in taken.spots if held.index == asset.index))


def _withdrawn(taken: Snapshot, asset: Asset, amount: int, scale: int) -> Account:
    """Give the account after a withdrawal [token units]."""
    if asset.is_quote:
        return replace(taken.account, cash=taken.cash_after(Wad(taken.account.cash), -amount * scale))
    spots = (
        replace(held.spot, amount=held.spot.amount - amount) if held.index == asset.index else held.spot
        for held in taken.spots
    )
    return replace(taken.account, spots=tuple(each for each in spots if each.amount))
