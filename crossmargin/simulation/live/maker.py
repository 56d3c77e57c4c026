"""The market maker: signs both sides of every market and writes them to a file, from which anybody may fill them.

An account for each expiry: who holds what is about to expire cannot open anything, and the rest is to be quoted on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import Any, Final

from crossmargin.chain.decimals import WAD_DECIMALS, format_units
from crossmargin.client.orders import typed_data
from crossmargin.client.venue import Venue as Client
from crossmargin.client.views import MarketView
from crossmargin.model.instruments import decode
from crossmargin.model.units import ZERO, AccountId, Seconds, Wad
from crossmargin.simulation.live.quotes import Quote, quote

__all__ = ["QUOTE_LIFE", "Maker", "maker_accounts"]

_HOUR: Final = 3_600
QUOTE_LIFE: Final = Seconds(45)
"""How long an order is valid [s]."""


def maker_accounts(client: Client) -> dict[str, AccountId]:
    """Give the account that quotes each instrument: the hour of its expiry, the first for what has none."""
    return {
        name: client.account((decode(number).expiry or 0) // _HOUR)
        for name, number in client.record.instruments.items()
    }


@dataclass
class Maker:
    """Whoever quotes."""

    client: Client
    path: Path
    log: Logger

    def turn(self) -> None:
        """Write fresh orders, in place of the last ones."""
        names = {number: name for name, number in self.client.record.instruments.items()}
        head = self.client.web3.eth.get_block("latest")
        accounts, now = maker_accounts(self.client), Seconds(head["timestamp"])
        positions = self._positions(set(accounts.values()))
        orders = [
            self._order(names[market.instrument], accounts[names[market.instrument]], side)
            for market in self.client.markets()
            for side in self._sides(market, positions, now)
        ]
        self._write({"block": head["number"], "time": now, **self._domain(), "orders": orders})
        self.log.info("block %d: %d orders", head["number"], len(orders))

    @staticmethod
    def _sides(market: MarketView, positions: Mapping[int, Wad], now: Seconds) -> list[Quote]:
        return quote(market, positions.get(market.instrument, ZERO), now)

    def _positions(self, accounts: set[AccountId]) -> dict[int, Wad]:
        return {leg.instrument: leg.size for view in self.client.accounts(sorted(accounts)) for leg in view.legs}

    def _domain(self) -> dict[str, Any]:
        """Give what each order is signed under."""
        name = next(iter(self.client.record.instruments))
        order = self.client.order(name, Wad(1), Wad(1))
        document = typed_data(order, self.client.record.chain_id, self.client.contract("Exchange").address)
        return {key: document[key] for key in ("domain", "primaryType", "types")}

    def _order(self, name: str, account: AccountId, side: Quote) -> dict[str, Any]:
        order = self.client.order(name, side.size, side.price, account=account, ttl=QUOTE_LIFE)
        return {
            "instrument": name,
            "side": "buy" if side.size > 0 else "sell",
            "price": format_units(side.price, WAD_DECIMALS),
            "size": format_units(abs(side.size), WAD_DECIMALS),
            "expiry": order.expiry,
            "order": order.to_json(),
            "signature": "0x" + self.client.sign(order).hex(),
        }

    def _write(self, content: Mapping[str, Any]) -> None:
        """Replace the file whole."""
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.path)
