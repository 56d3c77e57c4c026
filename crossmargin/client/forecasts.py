"""What an account may still do, and when it would be sold: computed by the exact model from what the chain says now."""

from functools import cached_property

from crossmargin.client.announced import announced_health
from crossmargin.client.connection import Connection
from crossmargin.client.guardians import ReduceOnly
from crossmargin.client.limits import Limit, max_withdraw
from crossmargin.client.liquidation import (
    LiquidationPrice,
    ScenarioLoss,
    liquidation_prices,
    requirement_by_scenario,
)
from crossmargin.client.plans import Head
from crossmargin.client.sizes import Side, max_size
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import AccountId, Seconds, Wad

__all__ = ["Forecasts"]


class Forecasts(Connection):
    """Limits of an account, by names; nothing is sent."""

    def max_withdraw(self, account: AccountId | None, asset: str, *, with_loan: bool = False) -> Limit:
        """Find the most that may leave an account of a token; of the quote token, if so wished, with a loan."""
        head, found = self._head(), self.names.asset(asset)
        return self._run(max_withdraw(self._or_own(account), found, head, with_loan=with_loan), head)

    def max_size(
        self, account: AccountId | None, instrument: str, side: Side, price: Wad, *, maker: bool = False
    ) -> Limit:
        """Find the most contracts that an account may buy or sell at a price [wad USD], fees paid as taker or maker.

        The other side is taken to open as much as it trades.
        """
        head, packed = self._head(), self.instrument(instrument)
        until = self.reduce_only_until(instrument, head)
        return self._run(max_size(self._or_own(account), packed, side, price, head, maker=maker, until=until), head)

    def reduce_only_until(self, instrument: str, head: Head | None = None) -> Seconds:
        """Tell until when a guardian lets a market only reduce; a time that has passed where it may grow [s].

        Reads the logs of a week when first asked, later those of new blocks.
        """
        return self._guardians.until(self.instrument(instrument), head or self._head())

    @cached_property
    def _guardians(self) -> ReduceOnly:
        event = self._contracts["Clearinghouse"].events.ReduceOnlyUntil()
        return ReduceOnly(event, self.record.contracts["Clearinghouse"].block)

    def announced_health(self, account: AccountId | None = None) -> Wad:
        """Compute an account's health factor at the margins that are announced [wad].

        Where it is 1 or more, margins alone make nobody sell the account for six hours: only prices, or what it does.
        """
        head = self._head()
        return self._run(announced_health(self._or_own(account), head), head)

    def liquidation_prices(self, account: AccountId | None = None) -> dict[str, LiquidationPrice]:
        """Find, for each underlying of an account, where its health falls below 1 while the others stay.

        Interest and funding are of now; the arrays of options are as a refresh would make them at each price.
        """
        head = self._head()
        found = self._run(liquidation_prices(self._or_own(account), self.names, head), head)
        return {each.underlying: each for each in found}

    def requirement_by_scenario(
        self, account: AccountId | None = None, *, initial: bool = False
    ) -> dict[str, ScenarioLoss]:
        """Say what each scenario asks for, by underlying: of the maintenance set, or else the initial one."""
        head, which = self._head(), RiskSet.INITIAL if initial else RiskSet.MAINTENANCE
        found = self._run(requirement_by_scenario(self._or_own(account), self.names, head, which), head)
        return {each.underlying: each for each in found}
