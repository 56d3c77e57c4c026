"""Closing the bidder's positions by hand: which signed orders would close how much, and sending it when told.

The same choice as a running keeper makes, but without limits on gas, and all of it at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from crossmargin.model.units import PPM, WAD, ZERO, AccountId, Seconds, Wad
from keepers.aftermath import read_epoch, read_offers, suited_orders
from keepers.contracts import Contracts, load_contracts
from keepers.fees import NoData
from keepers.holdings import Holdings, ask_holdings, intents, side_of
from keepers.identity import account_of, signer_of
from keepers.lens import Lens
from keepers.names import name_of, usd_text
from keepers.node import Node
from keepers.relays import Relays
from keepers.runner import connect
from keepers.sending import alone, send
from keepers.settings import Settings
from keepers.strategies import ActionKind, Holding
from keepers.strategies.close import Fill, arguments, fills
from keepers.units import Address, TxHash, Wei
from keepers.vetting import Vetting

__all__ = ["Closing", "carry_out", "describe_closing", "plan_closing", "render_closing"]

_PATIENCE = Seconds(300)  # of a fill that is sent by hand


@dataclass(frozen=True, slots=True)
class Closing:
    """What is held, and the fills that would close what of it."""

    found: Holdings
    held: Holding
    fills: tuple[Fill, ...]

    def left(self, index: int) -> Wad:
        """Give what no offer closes of a position, by its place [wad base, no sign]."""
        leg = self.found.state.legs[index]
        return Wad(abs(leg.size) - sum(one.size for one in self.fills if one.leg.instrument == leg.instrument))


async def plan_closing(settings: Settings) -> Closing:
    """Read what is held and what is offered; nothing is sent."""
    account, sender = account_of(settings, signer_of(settings))
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    async with connect(settings) as rpc:
        node = Node(rpc)
        try:
            return await _plan(settings, node, contracts, account, sender)
        finally:
            await node.survey.close()


async def carry_out(settings: Settings, tell: Callable[[Fill, TxHash], None]) -> Closing:
    """Fill what is offered, one after the other; give what is left to do after it. Not beside a running keeper."""
    async with alone(settings) as (node, contracts, signer):
        account, sender = account_of(settings, signer)
        planned = await _plan(settings, node, contracts, account, sender)
        for one in planned.fills:
            args = arguments(planned.held, one, settings.closing, Seconds(planned.held.timestamp + _PATIENCE))
            kind = ActionKind.CLOSE
            tell(one, await send(settings, node, signer, contracts.encode(kind.contract, kind.function, *args)))
        return await _plan(settings, node, contracts, account, sender)


async def _plan(settings: Settings, node: Node, contracts: Contracts, account: AccountId, sender: Address) -> Closing:
    lens, head = Lens(node, contracts, settings.mirror.chunk), await node.head()
    found = await ask_holdings(lens, head, account)
    orders = await Relays(settings.closing).all()
    suited = suited_orders(found.state, found.prices, orders, head, settings.closing)
    held = Holding(
        timestamp=head.timestamp,
        gas_price=Wei(head.base_fee),
        data=NoData(),
        native_price=settings.strategy.native_price,
        done=frozenset(),
        bidder=found.state,
        prices=found.prices,
        offers=tuple(await read_offers(lens, head, suited)),
        sender=sender,
        epoch=await read_epoch(lens, head, account, sender),
    )
    held = await Vetting(node, contracts).sound(held, settings.closing)
    return Closing(found, held, tuple(fills(held, settings.closing)))


def _cost(closing: Closing, fill: Fill) -> Wad:
    """Give what a fill costs against index or mark, before fees; negative where it is better [USD]."""
    price = closing.found.prices[fill.leg.instrument]
    distance = price - fill.offer.order.limit_price if fill.leg.size > 0 else fill.offer.order.limit_price - price
    return Wad(distance * fill.size // WAD)


def describe_closing(closing: Closing, settings: Settings) -> list[dict[str, Any]]:
    """Write one object a position: what would close it, what is offered for it, what nobody offers."""
    rows = intents(closing.found, settings.closing.max_slippage_ppm)
    places = {str(leg.instrument): at for at, leg in enumerate(closing.found.state.legs)}
    for row in rows:
        row["fills"] = [
            {
                "maker": f"{one.offer.order.account:#066x}",
                "size": usd_text(one.size),
                "price": usd_text(one.offer.order.limit_price),
                "cost": usd_text(_cost(closing, one)),
            }
            for one in closing.fills
            if str(one.leg.instrument) == row["instrument"]
        ]
        row["left"] = usd_text(closing.left(places[row["instrument"]]))
    return rows


def render_closing(closing: Closing) -> Table:
    """Lay it out for the terminal, 80 columns wide."""
    costs = Wad(sum((_cost(closing, one) for one in closing.fills), ZERO))
    title = f"{len(closing.fills)} fills at block {closing.found.block}, at {costs / WAD:,.2f} USD below index or mark"
    table = Table(title=title)
    for heading in ("what", "side", "size", "price", "off [bp]"):
        table.add_column(heading, justify="left" if heading in {"what", "side"} else "right", overflow="fold")
    for at, leg in enumerate(closing.found.state.legs):
        for one in closing.fills:
            if one.leg.instrument == leg.instrument:
                notional = max(1, one.size * closing.found.prices[leg.instrument] // WAD)
                away = _cost(closing, one) * PPM / notional / 100
                price = one.offer.order.limit_price / WAD
                size = f"{one.size / WAD:,.6f}"
                table.add_row(name_of(leg.instrument), side_of(leg), size, f"{price:,.4f}", f"{away:.1f}")
        if leg.size != 0 and (left := closing.left(at)) > 0:
            table.add_row(name_of(leg.instrument), side_of(leg), f"{left / WAD:,.6f}", "nobody offers", "")
    return table
