"""Questions to the venue's views, answered as typed values of one block. Reads only; keeps nothing."""

from collections.abc import Sequence
from typing import Any

import structlog

from crossmargin.model.auction import AuctionTerms
from crossmargin.model.units import ZERO, AccountId, InstrumentId, Wad
from keepers.chain import parse_data
from keepers.contracts import Contracts
from keepers.errors import ResponseError, RevertError, RpcError
from keepers.node import Node
from keepers.units import Address, BlockHash
from keepers.views import (
    AccountState,
    ArrayState,
    AuctionParams,
    AuctionState,
    InSight,
    Screened,
    account_state,
    array_state,
    auction_state,
    is_option,
    underlying_of,
)

__all__ = ["Lens", "View"]

log = structlog.get_logger(__name__)
View = tuple[str, str, tuple[object, ...]]
"""A contract, a function of it, and its arguments."""


class Lens:
    """Asks one deployment about a block, by the block's hash."""

    def __init__(self, node: Node, contracts: Contracts, chunk: int) -> None:
        """Ask through the node, about at most `chunk` accounts a call."""
        self._node = node
        self._contracts = contracts
        self._chunk = chunk

    @property
    def vault(self) -> Address:
        """The venue's vault."""
        return self._contracts.addresses["MarginVault"]

    async def read(self, block: BlockHash, *calls: View) -> list[tuple[Any, ...]]:
        """Call views (contract, function, arguments) at one block, in one request."""
        targets = [self._contracts.encode(contract, function, *args) for contract, function, args in calls]
        answers = await self._node.calls(targets, block)
        return [
            self._contracts.decode_output(contract, function, data)
            for (contract, function, _), data in zip(calls, answers, strict=True)
        ]

    async def tried(self, block: BlockHash, *calls: View) -> list[tuple[Any, ...] | None]:
        """Call what the venue may refuse, each alone, in one request; None takes the place of what it does."""
        targets = [self._contracts.encode(contract, function, *args) for contract, function, args in calls]
        outcomes = await self._node.outcomes(targets, block)
        return [
            self._taken(contract, function, one) for (contract, function, _), one in zip(calls, outcomes, strict=True)
        ]

    def _taken(self, contract: str, function: str, outcome: object) -> tuple[Any, ...] | None:
        """Read an answer; None for a refusal."""
        if isinstance(outcome, RevertError):
            return None
        if isinstance(outcome, RpcError):
            raise outcome
        return self._contracts.decode_output(contract, function, parse_data(outcome))

    async def screen(self, block: BlockHash, accounts: Sequence[AccountId]) -> list[Screened]:
        """Ask the lens for the exact health of accounts, in one request."""
        parts = _chunks(accounts, self._chunk)
        answers = await self.read(block, *(("MarginLens", "screen", (part,)) for part in parts))
        return [Screened(*row) for part, answer in zip(parts, answers, strict=True) for row in _rows(part, *answer)]

    async def states(self, block: BlockHash, accounts: Sequence[AccountId]) -> list[AccountState]:
        """Ask the lens for everything about accounts; leave out those that cannot be evaluated."""
        answers = await self._each(block, "accountViews", accounts, self._chunk)
        found = [(one, account_state(view)) for part, answer in answers for one, view in _rows(part, answer[0])]
        for account, state in found:
            if state.account != account:
                raise ResponseError(f"asked about account {account:#x}, got {state.account:#x}")
        return [state for _, state in found]

    async def auctions(self, block: BlockHash, accounts: Sequence[AccountId]) -> dict[AccountId, AuctionState]:
        """Ask the lens for the live auctions of accounts; leave out those without a quote."""
        found = {}
        for part, answer in await self._each(block, "auctions", accounts, self._chunk):
            for account, *row in _rows(part, *answer):
                if row[0]["id"]:
                    found[account] = auction_state(*row)
        return found

    async def arrays(self, block: BlockHash, series: Sequence[InstrumentId]) -> dict[InstrumentId, ArrayState]:
        """Ask the option oracle for the risk arrays of series, in one request."""
        if not series:
            return {}
        calls = [("OptionOracle", view, (one,)) for view in ("arrayOf", "mark") for one in series]
        answers = await self.read(block, *calls)
        arrays, marks = answers[: len(series)], answers[len(series) :]
        return {
            one: array_state(array, status) for one, (array,), (_, status, _) in zip(series, arrays, marks, strict=True)
        }

    async def prices(self, block: BlockHash, instruments: Sequence[InstrumentId]) -> dict[InstrumentId, Wad]:
        """Ask for the mark of options and the index of all else, in one request."""
        if not instruments:
            return {}
        calls: list[View] = [
            ("OptionOracle", "mark", (one,)) if is_option(one) else ("OracleAdapter", "price", (underlying_of(one),))
            for one in instruments
        ]
        answers = [answer[0] for answer in await self.read(block, *calls)]
        found = zip(instruments, answers, strict=True)
        return {one: Wad(answer if is_option(one) else answer["mid"]) for one, answer in found}

    async def _each(
        self, block: BlockHash, function: str, accounts: Sequence[AccountId], chunk: int
    ) -> list[tuple[list[AccountId], tuple[Any, ...]]]:
        """Call a view of the lens on accounts in chunks; where one account fails its chunk, ask for each alone."""
        parts = _chunks(accounts, chunk)
        targets = [self._contracts.encode("MarginLens", function, part) for part in parts]
        found: list[tuple[list[AccountId], tuple[Any, ...]]] = []
        for part, outcome in zip(parts, await self._node.outcomes(targets, block), strict=True):
            if isinstance(outcome, RpcError) and not isinstance(outcome, RevertError):
                raise outcome
            if not isinstance(outcome, RevertError):
                found.append((part, self._contracts.decode_output("MarginLens", function, parse_data(outcome))))
            elif len(part) > 1:
                found += await self._each(block, function, part, 1)
            else:
                log.error(
                    "not_answered", function=function, account=hex(part[0]), reason=self._contracts.explain(outcome)
                )
        return found

    async def sales(
        self, block: BlockHash, bidder: AccountId, own: AccountId | None
    ) -> tuple[AuctionParams, InSight, Wad]:
        """Ask how auctions run, what losses are in sight, and what cash the own contract has, in one request."""
        calls: list[View] = [("LiquidationAuction", "params", ()), ("MarginVault", "payableCash", (bidder,))]
        calls += [] if own is None else [("MarginVault", "cashOf", (own,))]
        (params,), (_, gap, lent), *others = await self.read(block, *calls)
        if not 0 <= gap <= lent or lent == 0:
            raise ResponseError(f"losses of {gap} in sight of {lent} lent")
        return _auction_params(params), InSight(Wad(gap), Wad(lent)), Wad(others[0][0]) if others else ZERO


def _auction_params(params: dict[str, Any]) -> AuctionParams:
    return AuctionParams(
        starter_share=params["starterShare"],
        starter_flat=params["starterFlat"],
        starter_cap=params["starterCap"],
        terms=AuctionTerms(
            start_reward=params["startReward"],
            knee_reward=params["kneeReward"],
            fast=params["fastDuration"],
            slow=params["slowDuration"],
            target_buffer=params["targetBuffer"],
            small_account=params["smallAccount"],
            length=params["insolventDuration"],
            insolvent_flat=params["insolventFlat"],
            bundle_share=params["bundleShare"],
        ),
    )


def _rows(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Pair what was asked with what came; an answer about fewer or more is none."""
    try:
        return list(zip(*columns, strict=True))
    except ValueError as error:
        raise ResponseError(f"asked about {len(columns[0])}, got {[len(one) for one in columns[1:]]}") from error


def _chunks(items: Sequence[AccountId], size: int) -> list[list[AccountId]]:
    return [list(items[start : start + size]) for start in range(0, len(items), size)]
