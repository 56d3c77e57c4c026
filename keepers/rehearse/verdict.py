"""What a rehearsal shows of each account: what was bid, what it brought, what was lost, and why not the rest. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rich.table import Table

from crossmargin.model.units import WAD, ZERO, AccountId, FeedId, Seconds, Wad
from keepers.abi import VenueEvent
from keepers.charges import Charges
from keepers.names import usd_text
from keepers.units import BlockNumber
from keepers.views import AccountState

__all__ = ["Rehearsal", "Row", "describe_rehearsal", "judge", "render_rehearsal"]

_LOSSES: Final = ("fund", "markets", "lenders", "deficit")
_TIME_UP: Final = "time was up"


@dataclass(slots=True)
class Row:
    """An account after prices moved: health [wad], worth [wad USD], and what was done about it.

    `sold` is the part that bidders took [wad], `profit` what the bids brought at the venue's prices before gas, with
    the starter's pay; `bad_debt` what the account could not pay, borne by others.
    """

    account: AccountId
    health: Wad
    worth: Wad
    requirement: Wad
    started: bool = False
    bids: int = 0
    left: Wad = field(default=Wad(WAD))
    paid: Wad = ZERO
    profit: Wad = ZERO
    bad_debt: Wad = ZERO
    ended: bool = False
    why: str = ""

    @property
    def sold(self) -> Wad:
        """The part that was taken [wad]."""
        return Wad(WAD - self.left)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it: by account, and as a whole."""

    block: BlockNumber
    accounts: int
    unsound: tuple[FeedId, ...]
    rows: tuple[Row, ...]
    gas: Wad
    seconds: Seconds
    contract_left_out: bool


def judge(
    before: Iterable[AccountState],
    events: Iterable[VenueEvent],
    mine: AccountId,
    *,
    live: frozenset[AccountId],
    why: Mapping[AccountId, str],
) -> list[Row]:
    """Go through what happened to those who were unhealthy, and who became so; the worst first.

    `live` are in auction at the end, `why` says what kept the keeper from each of those that are left.
    """
    rows = {
        one.account: Row(one.account, one.health, one.maintenance.equity, one.maintenance.requirement) for one in before
    }
    charges = Charges()
    for event in events:
        charges.note(event)
        if event.contract == "LiquidationAuction" and "account" in event.args:
            account = AccountId(event.args["account"])
            if event.name in {"AuctionStarted", "Bid", "BundleBid", "LossAllocated", "AuctionEnded"}:
                _note(rows.setdefault(account, Row(account, ZERO, ZERO, ZERO)), event, mine, charges)
    for row in rows.values():
        if row.account in live or row.account in why:
            row.why = why.get(row.account, "") or _TIME_UP
        elif not row.started:
            row.why = "healthy again"
    return sorted(rows.values(), key=lambda row: row.worth)


def _note(row: Row, event: VenueEvent, mine: AccountId, charges: Charges) -> None:
    args = event.args
    if event.name == "AuctionStarted":
        row.started = True
        row.profit = Wad(row.profit + (args["starterPay"] if args["starter"] == mine else 0))
    elif event.name == "Bid":
        row.bids += 1
        row.left = Wad(row.left * (WAD - args["fraction"]) // WAD)
        paid = args["payment"] + charges.take(event)
        row.paid = Wad(row.paid + paid)
        if args["bidder"] == mine:
            row.profit = Wad(row.profit + args["value"] * args["fraction"] // WAD - paid)
    elif event.name == "BundleBid":
        row.bids += 1
        earned = args["giveUp"] - charges.take(event)
        row.profit = Wad(row.profit + (earned if args["bidder"] == mine else 0))
    elif event.name == "LossAllocated":
        row.bad_debt = Wad(row.bad_debt + sum(args[name] for name in _LOSSES))
    else:
        row.ended = True


def describe_rehearsal(found: Rehearsal) -> dict[str, Any]:
    """Write it for machines; amounts as decimal text."""
    rows = found.rows
    return {
        "block": found.block,
        "accounts": found.accounts,
        "unhealthy": len(rows),
        "left": sum(bool(row.why) for row in rows),
        "profit": usd_text(sum(row.profit for row in rows)),
        "gas": usd_text(found.gas),
        "bad_debt": usd_text(sum(row.bad_debt for row in rows)),
        "seconds": found.seconds,
        "prices_not_valid": list(found.unsound),
        "own_contract_left_out": found.contract_left_out,
        "each": [
            {
                "account": f"{row.account:#066x}",
                "health": usd_text(row.health),
                "worth": usd_text(row.worth),
                "requirement": usd_text(row.requirement),
                "started": row.started,
                "bids": row.bids,
                "sold": usd_text(row.sold),
                "paid": usd_text(row.paid),
                "profit": usd_text(row.profit),
                "bad_debt": usd_text(row.bad_debt),
                "ended": row.ended,
                "why_not": row.why,
            }
            for row in rows
        ],
    }


def render_rehearsal(found: Rehearsal) -> Table:
    """Lay it out for the terminal, 80 columns wide."""
    rows = found.rows
    profit, lost = (sum(getattr(row, name) for row in rows) / WAD for name in ("profit", "bad_debt"))
    title = f"{len(rows)} of {found.accounts} accounts unhealthy; profit {profit:,.2f}, bad debt {lost:,.2f} USD"
    notes = [f"{found.seconds} s at block {found.block}, gas {found.gas / WAD:,.2f} USD"]
    notes += [f"prices of feeds {', '.join(map(str, found.unsound))} are not Valid"] if found.unsound else []
    notes += ["what the own contract would do is left out"] if found.contract_left_out else []
    table = Table(title=title, caption="; ".join(notes), width=80)
    table.add_column("account", overflow="fold", min_width=13)
    for heading in ("worth", "sold", "profit", "bad debt"):
        table.add_column(heading, justify="right", overflow="fold")
    table.add_column("what was not bid, why", overflow="fold")
    for row in rows:
        name = f"{row.account:#066x}"[:8] + f"…/{row.account % 2**96}"
        sold = f"{row.sold / WAD:.0%}" if row.bids else "-"
        amounts = (f"{row.worth / WAD:,.0f}", sold, f"{row.profit / WAD:,.2f}", f"{row.bad_debt / WAD:,.2f}")
        table.add_row(name, *amounts, row.why)
    return table
