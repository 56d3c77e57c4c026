"""Write the worked examples of docs/margin-model.md with the exact model; `--check` only compares.

Without an option it prints them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from documents import ROOT, Section, example, markdown, money, percent, ratio, run

from crossmargin.deployment.config import NetworkConfig
from crossmargin.model.account import Account, Spot, State
from crossmargin.model.breakdown import Margin
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price, Shock
from crossmargin.model.units import WAD, FeedId, InstrumentId, Seconds, Wad

SECTION: Final = Section("docs/margin-model.md", "tools/worked_examples.py", "worked examples")

CONFIG: Final = NetworkConfig.load(ROOT / "config" / "local.toml")
ETH, BTC, LINK, USDT = (CONFIG.feed_id(name) for name in ("ETH", "BTC", "LINK", "USDT"))
PRICES: Final = {ETH: 2_000, BTC: 60_000, LINK: 15, USDT: 1}
DAYS: Final = 73
HOURS: Final = 500_000
BPS: Final = WAD // 10_000

Part = tuple[str, Account]  # a name and an account


def perpetual(underlying: FeedId) -> InstrumentId:
    """Give the id of an underlying's perpetual."""
    return encode(Instrument(Kind.PERPETUAL, underlying))


FUTURE: Final = encode(Instrument(Kind.FUTURE, ETH, HOURS + DAYS * 24))


def usd(amount: int) -> Wad:
    """Give a whole amount in wad."""
    return Wad(amount * WAD)


PARAMS: Final[RiskParams] = CONFIG.risk_table({CONFIG.feed_id(name): each for name, each in CONFIG.underlyings.items()})


def _venue() -> State:
    """Build a venue with sure prices, half-empty markets and multipliers of 1."""
    markets = {}
    for instrument, underlying in ((FUTURE, ETH), *((perpetual(key), key) for key in (ETH, BTC, LINK))):
        interest = usd(1_000_000_000 // PRICES[underlying])
        markets[instrument] = Market(instrument, open_interest=interest, updated_at=Seconds(HOURS * 3_600))
    prices = {key: Price(usd(price), usd(price), usd(price)) for key, price in PRICES.items()}
    return State(PARAMS, prices, markets, now=Seconds(HOURS * 3_600))


STATE: Final = _venue()


def spot(underlying: FeedId, amount: int, parts: int = 1) -> Spot:
    """Hold amount / parts units of collateral."""
    return Spot(amount * WAD // parts, 18, underlying, underlying)


def leg(instrument: InstrumentId, size: int, entry: int, parts: int = 1) -> Leg:
    """Hold size / parts units bought (or sold, where negative) at a price."""
    return Leg(instrument, Wad(size * WAD // parts), Wad(size * WAD // parts * entry))


def held_back(account: Account, result: Margin, state: State = STATE) -> int:
    """Give what the rules take off the equity [wad USD]."""
    return equity(account, state) - result.excess


# ------------------------------------------------------------------------------------------------- tables

HEADINGS: Final = (
    *("account", "set", "V", "E", "scenario", "unhedged", "basis", "impact"),
    *("R", "U", "N", "D", "excess", "HF", "held back"),
)


def table(parts: Sequence[Part]) -> str:
    """Draw the terms of accounts, both sets each."""
    rows = [row(name, account, which) for name, account in parts for which in RiskSet]
    return markdown(HEADINGS, rows, left=2)


def row(name: str, account: Account, which: RiskSet) -> list[str]:
    """Draw one set of one account; with several underlyings terms are sums, and E the sum of sizes."""
    result = margin(account, STATE, which)
    under = result.underlyings
    exposure = under[0].exposure if len(under) == 1 else sum(abs(u.exposure) for u in under)
    terms = (
        sum(u.spot for u in under),
        exposure,
        sum(g.scenario - g.offset for g in result.groups),
        sum(u.unhedged for u in under),
        sum(u.basis for u in under),
        sum(u.impact for u in under),
        result.requirement,
        result.unhedged_haircut,
        result.assets,
        result.liabilities,
        result.excess,
    )
    texts = [money(term) for term in terms]
    return [name, which.value, *texts, ratio(result.health_factor), money(held_back(account, result))]


# ------------------------------------------------------------------------------------------------- examples


def leveraged() -> str:
    """Show a single perpetual."""
    account = Account(usd(10_000), (), (leg(perpetual(ETH), 40, 2_000),))
    tenths = usd(80_000) * 10 // margin(account, STATE, RiskSet.INITIAL).requirement
    fall = next(bps for bps in range(10_000) if after_fall(account, bps).excess < 0)
    left = money(after_fall(account, fall).balance)
    return example(
        "A leveraged perpetual",
        "10,000 USD of cash, 40 ETH bought at 2,000: eight times leverage.",
        table([("one account", account)]),
        f"""Initial margin would allow {tenths // 10}.{tenths % 10} times. At eight, the account is auctioned once ether
        has fallen {fall // 100}.{fall % 100:02d} %. Then {left} of its 10,000 are still there to pay for the
        auction.""",
    )


def after_fall(account: Account, bps: int) -> Margin:
    """Give the maintenance margin after a fall of ether [basis points]."""
    return margin(account, STATE.moved([Shock(ETH, Wad(-bps * BPS))]), RiskSet.MAINTENANCE)


def basis_trade() -> str:
    """Show hedged spot, and what its two halves need apart."""
    size, notional = 500, usd(1_000_000)
    bare = Account(usd(0), (spot(ETH, size),))
    short = Account(usd(110_000), (), (leg(perpetual(ETH), -size, 2_000),))
    both = Account(usd(0), bare.spots, short.legs)
    together, *halves = (held_back(a, margin(a, STATE, RiskSet.INITIAL)) for a in (both, bare, short))
    here, apart = percent(together, notional, 2), percent(sum(halves), notional)
    return example(
        "A basis trade",
        """500 ETH of spot against a perpetual short of 500 at 2,000. Then the same as two accounts. There the short
        brings 110,000 of cash, since it has nothing else.""",
        table([("both", both), ("spot alone", bare), ("short alone", short)]),
        f"""Price moves cancel. So initial margin holds back only liquidity haircut (8 %) and basis charge (4 %):
        12.0 % of the notional. The two halves apart need {apart}. Impact brings the 12.0 % to {here} at this size. It
        is charged on both halves, because a liquidator has to sell the one and buy back the other. Its share grows with
        the root of the size:""",
        markdown(
            ("a side", "without impact", "impact of the short", "impact of the spot", "initial margin"),
            [shares(amount) for amount in (50, 500, 5_000, 50_000)],
            left=0,
        ),
    )


def shares(size: int) -> list[str]:
    """Draw the initial margin of a basis trade of some size, as parts of one side's notional."""
    account = Account(usd(0), (spot(ETH, size),), (leg(perpetual(ETH), -size, 2_000),))
    notional, result = usd(size * 2_000), margin(account, STATE, RiskSet.INITIAL)
    (terms,) = result.underlyings
    whole = held_back(account, result)
    parts = (whole - terms.impact - terms.spot_impact, terms.impact, terms.spot_impact, whole)
    return [money(notional), *(percent(part, notional, 3) for part in parts)]


def calendar() -> str:
    """Show two expiries against each other."""
    legs = (leg(FUTURE, 500, 2_000), leg(perpetual(ETH), -500, 2_000))
    both = Account(usd(110_000), (), legs)
    return example(
        "A calendar spread",
        f"110,000 USD of cash; long 500 ETH of a future with {DAYS} days to run, short 500 of the perpetual.",
        table([("both", both), ("future alone", replace(both, legs=legs[:1]))]),
        f"""Nothing is exposed to the price, so neither scenario nor impact is left. What is charged is the gap between
        the two instruments, which may grow with the time to expiry. 4 % and {DAYS}/365 of 5 % make 5 % of one side.""",
    )


def borrower() -> str:
    """Show a loan against four assets."""
    spots = (spot(ETH, 10), spot(BTC, 1, 2), spot(USDT, 20_000), spot(LINK, 1_000))
    account = Account(usd(-60_000), spots)
    more = money(margin(account, STATE, RiskSet.INITIAL).excess)
    return example(
        "A borrower with several assets",
        "10 ETH, 0.5 BTC, 20,000 USDT and 1,000 LINK against a loan of 60,000.",
        table([("one account", account)]),
        f"""D is the loan. N is each asset times its published weight, less a few dollars of impact. So the health
        factor is the one a lending market shows, and {more} more can be borrowed. R is all haircut and equals U: assets
        that are only owned offset nothing.""",
    )


def book() -> str:
    """Show a book of three underlyings in one account and in three."""
    spots = (spot(ETH, 10),)
    legs = (leg(perpetual(BTC), 3, 50_000, 2), leg(perpetual(ETH), -60, 1_600), leg(perpetual(LINK), 2_000, 15))
    cross = Account(usd(24_000), spots, legs)
    third = usd(8_000)
    parts = {
        "BTC alone": Account(third, (), legs[:1]),
        "ETH alone": Account(third, spots, legs[1:2]),
        "LINK alone": Account(third, (), legs[2:]),
    }
    one = margin(cross, STATE, RiskSet.INITIAL).requirement
    three = sum(margin(account, STATE, RiskSet.INITIAL).requirement for account in parts.values())
    sick = [name for name, account in parts.items() if margin(account, STATE, RiskSet.MAINTENANCE).excess < 0]
    return example(
        "One book in one account, and in three",
        """24,000 USD of cash and 10 ETH. Long 1.5 BTC from 50,000, short 60 ETH from 1,600, long 2,000 LINK from 15.
        Then the same cut into sub-accounts with a third of the cash each.""",
        table([("one account", cross), *parts.items()]),
        f"""In one account R (initial) is {money(one)}, in three {money(three)}: the short in ether offsets part of the
        longs in bitcoin and LINK. And the profit on bitcoin answers for the loss on ether. Alone that is to be
        auctioned ({", ".join(sick)}: HF below 1), while the whole book is sound.""",
    )


def lender() -> str:
    """Show cash alone."""
    return example(
        "A lender",
        "50,000 USD of cash, which earns what borrowers pay.",
        table([("one account", Account(usd(50_000)))]),
        """Nothing is required of an account without debt and positions. Its health factor is infinite, and it can
        leave without a price. It bears losses of loans only, never those of a market.""",
    )


def render() -> str:
    """Write all examples."""
    return "\n\n".join(show() for show in (leveraged, basis_trade, calendar, borrower, book, lender))


if __name__ == "__main__":
    sys.exit(run(SECTION, __doc__, render))
