"""What the bidder has taken over, and what would close it. Reads the chain only; sends nothing."""

from dataclasses import dataclass
from typing import Any

from rich.table import Table

from crossmargin.model.units import WAD, ZERO, AccountId, FeedId, InstrumentId, Ppm, Wad
from keepers.chain import Header
from keepers.contracts import load_contracts
from keepers.errors import ResponseError
from keepers.identity import account_of, signer_of
from keepers.lens import Lens
from keepers.names import name_of, usd_text
from keepers.node import Node
from keepers.runner import connect
from keepers.settings import Settings
from keepers.strategies.close import worst_price
from keepers.strategies.inventory import exposures
from keepers.strategy_settings import StrategySettings
from keepers.units import BlockNumber
from keepers.views import AccountState, LegState, is_option

__all__ = ["Holdings", "ask_holdings", "describe", "intents", "read_holdings", "render_holdings", "side_of"]


@dataclass(frozen=True, slots=True)
class Holdings:
    """The bidder's account at a block, with the price of each instrument it holds [USD]."""

    block: BlockNumber
    state: AccountState
    prices: dict[InstrumentId, Wad]


async def read_holdings(settings: Settings) -> Holdings:
    """Ask for the bidder's account; the price of an option is its mark, of all else the index."""
    account, _ = account_of(settings, signer_of(settings))
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    async with connect(settings) as rpc:
        node = Node(rpc)
        try:
            lens = Lens(node, contracts, settings.mirror.chunk)
            return await ask_holdings(lens, await node.head(), account)
        finally:
            await node.survey.close()


async def ask_holdings(lens: Lens, head: Header, account: AccountId) -> Holdings:
    """Ask for an account and the prices of what it holds, at one block."""
    states = await lens.states(head.hash, [account])
    if not states:
        raise ResponseError(f"account {account:#x} cannot be evaluated")
    held = [leg.instrument for leg in states[0].legs if leg.size != 0]
    return Holdings(head.number, states[0], await lens.prices(head.hash, held))


@dataclass(frozen=True, slots=True)
class _Exposure:
    """What is held of an underlying at the prices of what is held [USD, signed], and the most that bids may reach."""

    underlying: FeedId
    notional: Wad
    limit: Wad


def _exposures(found: Holdings, cfg: StrategySettings) -> list[_Exposure]:
    """Sum up by underlying, at the index where a linear instrument is held, else not at all."""
    index = {
        leg.underlying: found.prices[leg.instrument]
        for leg in found.state.legs
        if leg.instrument in found.prices and not is_option(leg.instrument)
    }
    return [
        _Exposure(
            underlying,
            Wad(size * index.get(underlying, ZERO) // WAD),
            cfg.underlying_limits.get(underlying, cfg.underlying_limit),
        )
        for underlying, size in exposures(found.state.legs).items()
        if underlying in index
    ]


def describe(found: Holdings, cfg: StrategySettings) -> dict[str, Any]:
    """Write holdings for machines; amounts as decimal text."""
    state = found.state
    return {
        "block": found.block,
        "account": f"{state.account:#066x}",
        "cash": usd_text(state.cash),
        "margin_to_bid_with": usd_text(state.initial.paid_excess),
        "positions": [
            {
                "instrument": str(leg.instrument),
                "name": name_of(leg.instrument),
                "size": usd_text(leg.size),
                "value": usd_text(leg.value),
                "price": usd_text(found.prices.get(leg.instrument)),
            }
            for leg in state.legs
        ],
        "underlyings": [
            {"underlying": one.underlying, "notional": usd_text(one.notional), "limit": usd_text(one.limit)}
            for one in _exposures(found, cfg)
        ],
        "collateral": [
            {"asset": spot.asset, "amount": str(spot.amount), "value": usd_text(spot.value)} for spot in state.spot
        ],
    }


def render_holdings(found: Holdings, cfg: StrategySettings) -> list[Table]:
    """Lay holdings out for the terminal: what there is, and how near to their limits underlyings are."""
    state = found.state
    title = f"Account {state.account:#x} at block {found.block}: cash {state.cash / WAD:,.2f} USD"
    table = Table(title=title, caption=f"{state.initial.paid_excess / WAD:,.2f} USD of margin to bid with")
    for heading in ("what", "size", "price", "value [USD]"):
        table.add_column(heading, justify="left" if heading == "what" else "right", overflow="fold")
    for leg in state.legs:
        price = found.prices.get(leg.instrument)
        shown = "" if price is None else f"{price / WAD:,.4f}"
        table.add_row(name_of(leg.instrument), f"{leg.size / WAD:,.6f}", shown, f"{leg.value / WAD:,.2f}")
    for spot in state.spot:
        table.add_row(f"collateral {spot.asset}", str(spot.amount), "", f"{spot.value / WAD:,.2f}")
    near = Table(title="By underlying, without hedges elsewhere")
    for heading in ("feed", "notional [USD]", "limit [USD]", "used"):
        near.add_column(heading, justify="right")
    for one in _exposures(found, cfg):
        used = f"{abs(one.notional) / one.limit:.0%}" if one.limit else "all"
        near.add_row(str(one.underlying), f"{one.notional / WAD:,.2f}", f"{one.limit / WAD:,.0f}", used)
    return [table, near] if near.row_count else [table]


def intents(found: Holdings, slippage: Ppm) -> list[dict[str, Any]]:
    """Write what would close each position: side, size, and the worst price, `slippage` from the index or mark."""
    lines = []
    for leg in found.state.legs:
        price = found.prices.get(leg.instrument)
        if leg.size != 0 and price is not None:
            line = {"instrument": str(leg.instrument), "name": name_of(leg.instrument), "side": side_of(leg)}
            sizes = {"size": usd_text(Wad(abs(leg.size))), "limit_price": usd_text(worst_price(leg, price, slippage))}
            lines.append({**line, **sizes, "reduce_only": True})
    return lines


def side_of(leg: LegState) -> str:
    """Name the side that closes a position."""
    return "sell" if leg.size > 0 else "buy"
