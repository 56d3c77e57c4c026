"""What the bidder has taken over, and what would close it. Reads the chain only; sends nothing.

Closing takes a counterparty, so it is another program's work: it gets one intent a line, and trades where it can.
"""

from dataclasses import dataclass
from typing import Any

from rich.table import Table

from crossmargin.chain.times import minute_text
from crossmargin.model.instruments import decode, strike_of
from crossmargin.model.units import PPM, WAD, InstrumentId, Ppm, Wad, ceil_div
from keepers.contracts import load_contracts
from keepers.errors import ResponseError
from keepers.identity import account_of, signer_of
from keepers.lens import Lens
from keepers.node import Node
from keepers.report import usd_text
from keepers.runner import connect
from keepers.settings import Settings
from keepers.units import BlockNumber
from keepers.views import AccountState

__all__ = ["Holdings", "describe", "intents", "read_holdings", "render_holdings"]


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
            lens, head = Lens(node, contracts, settings.mirror.chunk), await node.head()
            states = await lens.states(head.hash, [account])
            if not states:
                raise ResponseError(f"account {account:#x} cannot be evaluated")
            held = [leg.instrument for leg in states[0].legs if leg.size != 0]
            return Holdings(head.number, states[0], await lens.prices(head.hash, held))
        finally:
            await node.survey.close()


def name_of(instrument: InstrumentId) -> str:
    """Say what an instrument is, as its id has it."""
    found = decode(instrument)
    when = "" if found.expiry is None else f", {minute_text(found.expiry)}"
    strike = f", strike {strike_of(found.strike) / WAD:g}" if found.kind.is_option else ""
    return f"{found.kind.name.lower()} on feed {found.underlying}{when}{strike}"


def describe(found: Holdings) -> dict[str, Any]:
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
        "collateral": [
            {"asset": spot.asset, "amount": str(spot.amount), "value": usd_text(spot.value)} for spot in state.spot
        ],
    }


def render_holdings(found: Holdings) -> Table:
    """Lay holdings out for the terminal."""
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
    return table


def intents(found: Holdings, slippage: Ppm) -> list[dict[str, Any]]:
    """Write what would close each position: side, size, and the worst price, `slippage` from the index or mark."""
    lines = []
    for leg in found.state.legs:
        price = found.prices.get(leg.instrument)
        if leg.size == 0 or price is None:
            continue
        sells = leg.size > 0
        limit = price * (PPM - slippage) // PPM if sells else ceil_div(price * (PPM + slippage), PPM)
        lines.append(
            {
                "instrument": str(leg.instrument),
                "name": name_of(leg.instrument),
                "side": "sell" if sells else "buy",
                "size": usd_text(Wad(abs(leg.size))),
                "limit_price": usd_text(Wad(limit)),
                "reduce_only": True,
            }
        )
    return lines
