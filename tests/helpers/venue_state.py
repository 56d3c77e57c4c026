"""All about a venue and some of its accounts at one moment: what a refused call must leave as it was."""

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["reader"]


def reader(venue: Any, accounts: Sequence[int], time: int) -> Callable[[], dict[str, Any]]:
    """Give what reads the venue and these accounts, as of a time [s]."""

    def read() -> dict[str, Any]:
        with venue.node.calls_at(time):
            totals = venue.vault.cashTotals()
            return {
                "totals": tuple(totals.values()) if hasattr(totals, "values") else totals,
                "custody": {name: token.balanceOf(venue.vault) for name, token in venue.tokens.items()},
                "markets": {name: _market(venue, one) for name, one in venue.record.instruments.items()},
                "accounts": {account: _account(venue, account) for account in accounts},
            }

    return read


def _market(venue: Any, instrument: int) -> tuple[Any, ...]:
    losses = venue.losses
    return (
        venue.clearinghouse.marketWord(instrument),
        venue.clearinghouse.poolOf(instrument),
        losses.epochOf(instrument),
        losses.shortfallOf(instrument),
        *losses.unitsOf(instrument).values(),
        *losses.keptUnitsOf(instrument).values(),
    )


def _account(venue: Any, account: int) -> tuple[Any, ...]:
    held = venue.vault.accountState(account)
    return (
        held["cash"],
        tuple(held["spot"]),
        venue.vault.nonceOf(account),
        venue.vault.isInAuction(account),
        tuple(venue.clearinghouse.legs(account)),
        venue.clearinghouse.nonceOf(account),
    )
