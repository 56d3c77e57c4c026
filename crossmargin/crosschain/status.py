"""Tables of routes and of accounts with remote collateral, for people. Reads from nodes."""

from typing import Final

from requests.exceptions import RequestException
from rich.table import Table
from web3.exceptions import Web3Exception

from crossmargin.chain.abis import ERC20
from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import WAD_DECIMALS, format_units
from crossmargin.chain.times import time_text
from crossmargin.crosschain.links import Link, Links
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.crosschain.views import Route, account_state, claim_of, routes_of
from crossmargin.model.units import MAX_UINT256, AccountId, Seconds

__all__ = ["accounts_table", "routes_table"]

_NOTHING: Final = "-"


def routes_table(settings: CrossChainSettings, links: Links) -> Table:
    """Show how every route stands: amounts in whole tokens, `heard` by the hub's clock."""
    hub = links[settings.hub]
    now = Seconds(hub.web3.eth.get_block("latest")["timestamp"])
    table = Table(title=f"Routes of the hub {hub.endpoint.address} on {hub.name}", title_justify="left")
    for name in ("route", "receipt", "chain", "supply", "credited", "waiting", "redeemed", "in flight", "bucket"):
        table.add_column(name, justify="left" if name in {"receipt", "chain"} else "right")
    for name in ("heard", "status", "factor"):
        table.add_column(name, justify="right" if name == "factor" else "left")
    for route in routes_of(hub):
        amounts = (route.supply, route.credited, route.waiting, route.redeemed, route.in_flight, route.available)
        table.add_row(
            str(route.number),
            _symbol(hub, route),
            settings.names.get(route.domain, str(route.domain)),
            *(format_units(each, route.decimals) for each in amounts),
            f"{now - route.heard_at} s ago" + (", silent" if now - route.heard_at > route.silent_after else ""),
            route.status.name.capitalize() + _paused(route, now) + _short(route),
            format_units(route.factor, WAD_DECIMALS),
        )
    return table


def accounts_table(settings: CrossChainSettings, links: Links, account: AccountId) -> Table:
    """Show what an account has on each route: what its spoke holds, what counts, and what the spoke knows of it."""
    hub = links[settings.hub]
    table = Table(title=f"Account {account_name(account)}", title_justify="left")
    for name in ("route", "receipt", "locked there", "reported", "credited", "waiting", "claimable", "held"):
        table.add_column(name, justify="left" if name == "receipt" else "right")
    for name in ("next credit", "health", "free margin USD", "spoke knows"):
        table.add_column(name)
    for route in routes_of(hub):
        claim, state = claim_of(hub, route.number, account), account_state(hub, route, account)
        spoke = links.get(settings.names.get(route.domain, ""))
        locked, told = _at_spoke(spoke, route, account)
        amounts = (claim.locked, claim.credited, claim.waiting, claim.claimable, state.held)
        table.add_row(
            str(route.number),
            _symbol(hub, route),
            locked,
            *(format_units(each, route.decimals) for each in amounts),
            time_text(claim.next_credit_at) if claim.next_credit_at and claim.waiting else _NOTHING,
            "nothing owed" if state.health == MAX_UINT256 else format_units(state.health, WAD_DECIMALS),
            format_units(state.free_margin, WAD_DECIMALS),
            told,
        )
    return table


def _at_spoke(spoke: Link | None, route: Route, account: AccountId) -> tuple[str, str]:
    """Write what the spoke holds, and of when its knowledge of the account is; its node may be down."""
    if spoke is None:
        return _NOTHING, _NOTHING
    try:
        locked, exited, _ = spoke.endpoint.functions.lockOf(route.token, account).call()
        known = spoke.endpoint.functions.accountOf(route.token, account).call()
    except (RequestException, Web3Exception):
        return "no answer", "no answer"
    heard_at = known[2]
    return format_units(locked - exited, route.decimals), f"as of {time_text(heard_at)}" if heard_at else "nothing"


def _symbol(hub: Link, route: Route) -> str:
    found: str = hub.contract(ERC20, route.receipt).functions.symbol().call()
    return found


def _paused(route: Route, now: Seconds) -> str:
    return f", paused until {time_text(route.paused_until)}" if route.paused_until > now else ""


def _short(route: Route) -> str:
    return f", {format_units(route.shortage, route.decimals)} unbacked" if route.shortage else ""
