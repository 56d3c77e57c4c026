"""What must hold at the end, to the wei: nobody lost or made money out of nothing, and no unhealthy account is left."""

from collections.abc import Sequence
from typing import Any, Final

from crossmargin.simulation.demo.history import History
from crossmargin.simulation.demo.outcome import AuctionOutcome, BlockSample, Check
from crossmargin.simulation.demo.report import usd
from crossmargin.simulation.demo.venue import Venue

__all__ = ["check_venue"]

_WAD: Final = 10**18
_OPEN_INTEREST_SHIFT: Final = 88
_OPEN_INTEREST_MASK: Final = 2**96 - 1


def check_venue(
    venue: Venue, history: History, samples: Sequence[BlockSample], auctions: Sequence[AuctionOutcome]
) -> tuple[Check, ...]:
    """Run every check on the last block."""
    return (
        _tokens(venue, history),
        _cash_flows(venue, history),
        _cash_claims(venue, history),
        *_collateral(venue, history),
        *_markets(venue, history),
        _unhealthy_auctioned(samples, auctions),
        _all_ended(venue, history, auctions),
    )


def _tokens(venue: Venue, history: History) -> Check:
    """Compare the quote tokens in the vault with what was deposited less withdrawn, and with what it says it has."""
    config = venue.config
    scale = 10 ** (18 - config.tokens[config.quote].decimals)
    token, vault = venue.token(config.quote), venue.contract("MarginVault").address
    held = token.functions.balanceOf(vault).call() * scale
    moved = {
        name: sum(
            e.arguments["amount"] for e in history.of("MarginVault", name) if e.arguments["token"] == token.address
        )
        for name in ("Deposited", "Withdrawn")
    }
    flow = (moved["Deposited"] - moved["Withdrawn"]) * scale
    recorded = venue.read("MarginVault", "cashTotals")[4]
    detail = f"{_wei(held)} held = {_wei(recorded)} recorded = {_wei(flow)} deposited less withdrawn"
    return Check("quote tokens", passed=held == recorded == flow, detail=detail)


def _cash_flows(venue: Venue, history: History) -> Check:
    """Compare tokens, deficit and what lenders lost with all changes of cash, pools and fees: equal to the wei."""
    _, _, pools, deficit, tokens = venue.read("MarginVault", "cashTotals")
    changes = history.sum("MarginVault", "CashChanged", "delta")
    fees = history.sum("Exchange", "Filled", "makerFee") + history.sum("Exchange", "Filled", "takerFee")
    repaid = history.sum("MarginVault", "DeficitRepaid", "amount")
    socialised = history.sum("MarginVault", "LossSocialised", "amount")
    collected = history.sum("MarginVault", "SurplusCollected", "toFund")
    left, right = tokens + deficit + repaid + socialised + collected, changes + pools + fees
    detail = f"tokens, deficit, losses of lenders {_wei(left)} = cash, pools, fees {_wei(right)}"
    return Check("every change of cash", passed=left == right, detail=detail)


def _cash_claims(venue: Venue, history: History) -> Check:
    """See that what is owed is covered, and that accounts sum to the vault's totals, up to a wei each."""
    supply, borrowed, pools, deficit, tokens = venue.read("MarginVault", "cashTotals")
    cash = sum(venue.read("MarginVault", "cashOf", account) for account in history.accounts)
    surplus = tokens + borrowed + deficit - supply - pools
    rounding = supply - borrowed - cash
    passed = surplus >= 0 and -1 <= rounding <= len(history.accounts)
    detail = (
        f"tokens + loans + deficit exceed cash + pools by {_wei(surplus)}, the vault's fees, interest and rounding; "
        f"{len(history.accounts)} accounts sum to the totals within {rounding} wei"
    )
    return Check("claims on cash", passed=passed, detail=detail)


def _collateral(venue: Venue, history: History) -> list[Check]:
    """Compare each asset's tokens in the vault with its total and with the sum of all accounts' balances."""
    vault = venue.contract("MarginVault").address
    checks = []
    for index, name in enumerate(venue.config.assets):
        held = venue.token(name).functions.balanceOf(vault).call()
        balances = sum(venue.read("MarginVault", "balanceOf", account, index) for account in history.accounts)
        total = venue.context.table("MarginVault", "assetAt", index)
        recorded = total["total"] if isinstance(total, dict) else None
        passed = held == balances == recorded
        if held or not passed:
            detail = f"{held} units held = {balances} on accounts = {recorded} recorded"
            checks.append(Check(f"{name} tokens", passed=passed, detail=detail))
    return checks


def _markets(venue: Venue, history: History) -> list[Check]:
    """See that longs equal shorts and that all legs are worth what backs them, up to two wei a change."""
    changes: dict[int, list[int]] = {}
    for event in history.of("Clearinghouse", "PositionChanged"):
        changes.setdefault(event.arguments["id"], []).append(event.arguments["account"])
    return [_market(venue, name, changes.get(venue.instrument(name), [])) for name in venue.config.instruments]


def _market(venue: Venue, name: str, changed: Sequence[int]) -> Check:
    """Check a market, given the account of each change of a position in it."""
    market = venue.instrument(name)
    legs = [venue.read("Clearinghouse", "legOf", account, market) for account in set(changed)]
    longs = sum(size for size, *_ in legs if size > 0)
    shorts = -sum(size for size, *_ in legs if size < 0)
    claims = sum(sum(owed) for *_, owed, _ in legs)
    state: Any = venue.context.table("Clearinghouse", "lossState", market)
    pool, shortfall = state["pool"], state["shortfall"]
    interest = venue.read("Clearinghouse", "marketWord", market) >> _OPEN_INTEREST_SHIFT & _OPEN_INTEREST_MASK
    # longs equal shorts, so values sum to what positions have cost less, at any price
    dust = pool + shortfall + sum(basis for _, basis, *_ in legs) - claims
    passed = longs == shorts == interest and 0 <= dust <= 2 * len(changed)
    detail = (
        f"longs {longs} = shorts {shorts}; values and claims sum to the pool of {_wei(pool)} "
        f"and the shortfall of {_wei(shortfall)} within {dust} wei"
    )
    return Check(f"{name} positions", passed=passed, detail=detail)


def _unhealthy_auctioned(samples: Sequence[BlockSample], auctions: Sequence[AuctionOutcome]) -> Check:
    """See that whoever was unhealthy after two blocks in a row was auctioned."""
    auctioned = {auction.account for auction in auctions}
    sick: set[str] = set()
    overlooked: set[str] = set()
    before: set[str] = set()
    for sample in samples:
        below = {name for name, factor in sample.health.items() if factor is not None and factor < _WAD}
        sick |= below
        overlooked |= below & before - auctioned
        before = below
    detail = f"{len(sick)} fell below 1, {', '.join(sorted(overlooked)) or 'none'} overlooked"
    return Check("unhealthy accounts auctioned", passed=not overlooked, detail=detail)


def _all_ended(venue: Venue, history: History, auctions: Sequence[AuctionOutcome]) -> Check:
    """See that every auction has ended and that nobody is below 1 now."""
    running = [auction.account for auction in auctions if auction.ended is None]
    accounts = history.accounts
    ok, health, _, _ = venue.read("MarginLens", "screen", accounts)
    below = [
        history.name(account)
        for account, evaluated, factor in zip(accounts, ok, health, strict=True)
        if not evaluated or factor < _WAD
    ]
    deficit = venue.read("MarginVault", "cashTotals")[3]
    detail = f"{len(auctions)} auctions, running {running or 'none'}, below 1 {below or 'none'}, deficit {usd(deficit)}"
    return Check("all settled", passed=not running and not below, detail=detail)


def _wei(amount: int) -> str:
    """Write an amount with all its 18 decimals."""
    sign, digits = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{digits // _WAD:,}.{digits % _WAD:018d}"
