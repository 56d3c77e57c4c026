"""All about a venue and some of its accounts at one moment: what a refused call must leave as it was."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.helpers.handles import Method

__all__ = ["reader"]


def reader(venue: Any, accounts: Sequence[int], time: int) -> Callable[[], dict[str, str]]:
    """Give what reads the venue and these accounts, as of a time [s]: every answer as it is coded, by its question."""
    questions = dict(_questions(venue, accounts))

    def read() -> dict[str, str]:
        with venue.node.calls_at(time):
            return dict(zip(questions, venue.node.answers(questions.values()), strict=True))

    return read


def _questions(venue: Any, accounts: Sequence[int]) -> Iterator[tuple[str, tuple[Method, tuple[Any, ...]]]]:
    yield "totals", (venue.vault.cashTotals, ())
    for name, token in venue.tokens.items():
        yield f"custody of {name}", (token.balanceOf, (venue.vault.address,))
    clearinghouse, losses, vault = venue.clearinghouse, venue.losses, venue.vault
    markets = (clearinghouse.marketWord, clearinghouse.poolOf, losses.epochOf, losses.shortfallOf)
    for name, instrument in venue.record.instruments.items():
        for method in (*markets, losses.unitsOf, losses.keptUnitsOf):
            yield f"{method.name} of {name}", (method, (instrument,))
    for account in accounts:
        for method in (vault.accountState, vault.nonceOf, vault.isInAuction, clearinghouse.legs, clearinghouse.nonceOf):
            yield f"{method.name} of {account} in {method.handle.address}", (method, (account,))
