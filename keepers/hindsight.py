"""What past auctions gave, who took it, and why this keeper did not: from stored events and the journal. Pure.

The measure is what was taken: the mark value of each slice less its payment, what bundles were paid, both less what was
charged for lent cash that left, and the starter's pay, at the venue's own prices. What nobody took is not known to have
been worth taking.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rich.table import Table

from crossmargin.model.units import WAD, ZERO, AccountId, AuctionId, Wad
from keepers.abi import VenueEvent
from keepers.charges import Charges
from keepers.names import usd_text
from keepers.store import ActionRow, ActionStatus
from keepers.strategies import ActionKind
from keepers.units import BlockNumber

__all__ = ["Past", "describe_past", "look_back", "render_past"]

_TAKEN: Final = "taken"
_NEVER: Final = "not wanted: limits, margin, patience or cost"
_SHOWN: Final = 30


@dataclass(slots=True)
class Past:
    """An auction that was [USD]: what all took of it, what this keeper took, and why not the rest."""

    account: AccountId
    auction: AuctionId
    block: BlockNumber
    given: Wad = ZERO
    ours: Wad = ZERO
    bids: int = 0
    causes: dict[str, Wad] = field(default_factory=dict)

    def take(self, amount: Wad, cause: str) -> None:
        """Note that somebody took an amount, and why it was not this keeper."""
        self.given = Wad(self.given + amount)
        if cause == _TAKEN:
            self.ours = Wad(self.ours + amount)
        else:
            self.causes[cause] = Wad(self.causes.get(cause, 0) + amount)


def look_back(events: Iterable[VenueEvent], journal: Sequence[ActionRow], *mine: AccountId) -> list[Past]:
    """Go through auctions in the order of their starts."""
    found: dict[tuple[AccountId, AuctionId], Past] = {}
    rows: dict[tuple[str, AccountId], list[ActionRow]] = defaultdict(list)
    for row in journal:
        kind = row.kind
        if kind == ActionKind.EXECUTE:
            kind = ActionKind.BID if row.auction else ActionKind.START
        elif kind == ActionKind.BUNDLE:
            kind = ActionKind.BID
        rows[kind, row.account].append(row)
    charges = Charges()
    for event in events:
        charges.note(event)
        if event.name not in {"AuctionStarted", "Bid", "BundleBid"}:
            continue
        account, auction = AccountId(event.args["account"]), AuctionId(event.args["id"])
        past = found.setdefault((account, auction), Past(account, auction, event.block))
        if event.name == "AuctionStarted":
            tried = _near(rows[ActionKind.START, account], past.block)
            past.take(Wad(event.args["starterPay"]), _cause(event.args["starter"], mine, tried))
        else:
            past.bids += 1
            gain = event.args.get("giveUp")
            if gain is None:
                gain = event.args["value"] * event.args["fraction"] // WAD - event.args["payment"]
            tried = [row for row in rows[ActionKind.BID, account] if row.auction == auction]
            past.take(Wad(gain - charges.take(event)), _cause(event.args["bidder"], mine, tried))
    return list(found.values())


def _near(rows: Iterable[ActionRow], block: BlockNumber, distance: int = 50) -> list[ActionRow]:
    """Give the decisions about a start: an account may have been started before."""
    return [row for row in rows if abs(row.decided_block - block) <= distance]


def _cause(who: AccountId, mine: Sequence[AccountId], tried: Sequence[ActionRow]) -> str:
    """Say why somebody else was first, by what this keeper did last about it."""
    if who in mine:
        return _TAKEN
    if not tried:
        return _NEVER
    last = tried[-1]
    if last.status is ActionStatus.REFUSED:
        words = last.reason.split("(")[0].split()
        return f"refused: {' '.join(word for word in words if not word.isdigit())}"
    return {
        ActionStatus.FAILED: "came second",
        ActionStatus.DROPPED: f"not mined: {last.reason}",
        ActionStatus.DRY: "a dry run",
        ActionStatus.SETTLED: "took a part",
        ActionStatus.MINED: "took a part",
    }.get(last.status, "under way")


def describe_past(past: Sequence[Past]) -> dict[str, Any]:
    """Sum it up for machines; amounts as decimal text in USD."""
    given, ours = (sum(getattr(one, name) for one in past) for name in ("given", "ours"))
    missed: dict[str, int] = defaultdict(int)
    for one in past:
        for cause, amount in one.causes.items():
            missed[cause] += amount
    return {
        "auctions": len(past),
        "given": usd_text(given),
        "captured": usd_text(ours),
        "captured_percent": round(100 * ours / given, 2) if given > 0 else None,
        "missed": {cause: usd_text(amount) for cause, amount in sorted(missed.items(), key=lambda each: -each[1])},
        "each": [
            {
                "account": f"{one.account:#066x}",
                "auction": one.auction,
                "block": one.block,
                "bids": one.bids,
                "given": usd_text(one.given),
                "captured": usd_text(one.ours),
                "causes": {cause: usd_text(amount) for cause, amount in one.causes.items()},
            }
            for one in past
        ],
    }


def render_past(past: Sequence[Past]) -> list[Table]:
    """Lay it out for the terminal: the sum, and the newest auctions."""
    whole = describe_past(past)
    part = "" if whole["captured_percent"] is None else f", {whole['captured_percent']} %"
    summary = Table(title=f"{whole['auctions']} auctions gave {float(whole['given']):,.2f} USD{part} of it captured")
    summary.add_column("why not")
    summary.add_column("missed [USD]", justify="right")
    for cause, amount in whole["missed"].items():
        summary.add_row(cause, f"{float(amount):,.2f}")
    newest = Table(title="Newest auctions")
    for title in ("block", "account", "bids", "given", "captured"):
        newest.add_column(title, justify="left" if title == "account" else "right")
    for one in past[-_SHOWN:]:
        account = f"{one.account:#066x}"
        name = f"{account[:10]}…/{one.account % 2**96}"
        newest.add_row(str(one.block), name, str(one.bids), f"{one.given / WAD:,.2f}", f"{one.ours / WAD:,.2f}")
    return [summary, newest]
