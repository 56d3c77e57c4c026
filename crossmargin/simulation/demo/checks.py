"""What must hold at the end, to the wei: nobody lost or made money out of nothing, and no unhealthy account is left."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from crossmargin.simulation.demo.history import History
from crossmargin.simulation.demo.outcome import AuctionOutcome, BlockSample, Check
from crossmargin.simulation.stage.amounts import tokens, usd
from crossmargin.simulation.stage.venue import Venue

__all__ = ["check_venue"]

_WAD: Final = 10**18
_ROUNDING: Final = 10**9
"""Rounding that no reader needs to see [wei]."""
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
    detail = _equal(f"{config.quote}", {"held": held, "recorded": recorded, "deposited less withdrawn": flow})
    return Check(f"{config.quote} in the vault", passed=held == recorded == flow, detail=detail)


def _cash_flows(venue: Venue, history: History) -> Check:
    """Compare tokens, deficit and what lenders lost with all changes of cash, pools and fees: equal to the wei."""
    _, _, pools, deficit, tokens, _ = venue.read("MarginVault", "cashTotals")
    changes = history.sum("MarginVault", "CashChanged", "delta")
    fees = history.sum("Exchange", "Filled", "makerFee") + history.sum("Exchange", "Filled", "takerFee")
    repaid = history.sum("MarginVault", "DeficitRepaid", "amount")
    socialised = history.sum("MarginVault", "LossSocialised", "amount")
    collected = history.sum("MarginVault", "SurplusCollected", "toFund")
    left, right = tokens + deficit + repaid + socialised + collected, changes + pools + fees
    detail = _equal("USD", {"tokens, deficit and losses of lenders": left, "cash, pools and fees": right})
    return Check("every change of cash", passed=left == right, detail=detail)


def _cash_claims(venue: Venue, history: History) -> Check:
    """See that what is owed is covered, and that accounts sum to the vault's totals, up to a wei each."""
    supply, borrowed, pools, deficit, tokens, _ = venue.read("MarginVault", "cashTotals")
    cash = sum(venue.read("MarginVault", "cashOf", account) for account in history.accounts)
    surplus = tokens + borrowed + deficit - supply - pools
    rounding = supply - borrowed - cash
    passed = surplus >= 0 and -1 <= rounding <= len(history.accounts)
    detail = (
        f"what the vault has exceeds what it owes by {usd(surplus)} USD, its fees and interest; "
        f"{len(history.accounts)} accounts add up to its totals{_within(rounding)}"
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
            decimals = venue.config.tokens[name].decimals
            detail = _equal(name, {"held": held, "on accounts": balances, "recorded": recorded or 0}, decimals)
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
    positions = [venue.read("Clearinghouse", "position", account, market) for account in set(changed)]
    longs = sum(size for size, _ in positions if size > 0)
    shorts = -sum(size for size, _ in positions if size < 0)
    claims = sum(
        venue.read("MarketLosses", "claimOf", market, account, longs_owed)[0]
        for account in set(changed)
        for longs_owed in (True, False)
    )
    pool = venue.read("Clearinghouse", "poolOf", market)
    shortfall = venue.read("MarketLosses", "shortfallOf", market)
    interest = venue.read("Clearinghouse", "marketWord", market) >> _OPEN_INTEREST_SHIFT & _OPEN_INTEREST_MASK
    # longs equal shorts, so values sum to what positions have cost less, at any price
    dust = pool + shortfall + sum(basis for _, basis in positions) - claims
    passed = longs == shorts == interest and 0 <= dust <= 2 * len(changed)
    sides = _equal("contracts", {"long": longs, "short": shorts, "open": interest})
    detail = f"{sides}; gains and losses add up to the pool of {usd(pool)} USD{_within(dust)}"
    detail += f", a shortfall of {usd(shortfall)} counted in" if shortfall else ""
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
    detail = (
        f"{len(auctions)} auctions, still running: {', '.join(running) or 'none'}; "
        f"below 1: {', '.join(below) or 'none'}; deficit {usd(deficit)}"
    )
    return Check("all settled", passed=not running and not below, detail=detail)


def _equal(unit: str, amounts: Mapping[str, int], decimals: int = 18) -> str:
    """Say that amounts are one and the same, or by how much they differ."""
    first = next(iter(amounts.values()))
    shown = tokens(first, decimals)
    if all(amount == first for amount in amounts.values()):
        return f"{shown} {unit}: {' = '.join(amounts)}, exactly"
    each = ", ".join(f"{amount / Decimal(10**decimals):,f} {name}" for name, amount in amounts.items())
    return f"NOT EQUAL [{unit}]: {each}"


def _within(units: int) -> str:
    """Say that rounding is all that is left; what is more is a fault, and shown."""
    left = abs(units)
    return ", to the last digit" if left <= _ROUNDING else f", but for {usd(units)} USD"
