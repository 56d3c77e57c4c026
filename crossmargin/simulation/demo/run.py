"""One run of the demo from an empty chain to its record."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossmargin.chain.processes import Processes
from crossmargin.deployment import Artifacts
from crossmargin.model.instruments import decode, strike_of
from crossmargin.model.units import AccountId, Wad
from crossmargin.simulation.demo.bell import Bell
from crossmargin.simulation.demo.checks import check_venue
from crossmargin.simulation.demo.fleet import Fleet
from crossmargin.simulation.demo.history import History, gas_bills
from crossmargin.simulation.demo.horizon import LEAD
from crossmargin.simulation.demo.opening import Opening, Portfolio, settle_all
from crossmargin.simulation.demo.outcome import (
    WAD,
    AccountOutcome,
    AuctionOutcome,
    BlockSample,
    DemoRun,
    KeeperOutcome,
    SeriesOutcome,
)
from crossmargin.simulation.demo.owners import Owners
from crossmargin.simulation.demo.play import Player
from crossmargin.simulation.demo.prepare import Plan
from crossmargin.simulation.stage import parts
from crossmargin.simulation.stage.chain import LocalChain
from crossmargin.simulation.stage.venue import MARGIN_EQUITY, Actor, Venue, deploy

__all__ = ["Observer", "run_demo"]

_FUND: Final = "insurance fund"


class Observer(parts.Observer):
    """Is told how the run goes; this one keeps silent."""

    def block(self, sample: BlockSample, troubled: Sequence[str]) -> None:
        """Take note of a block and of the accounts that are unhealthy or in auction."""


def run_demo(plan: Plan, *, keepers: int, logs: Path, observer: Observer | None = None) -> DemoRun:
    """Play a plan; every process it starts has ended when it returns, however it returns."""
    watching = observer or Observer()
    watch = parts.Parts(watching)
    scenario, series = plan.scenario, plan.series
    with (
        tempfile.TemporaryDirectory(prefix="crossmargin-demo-") as folder,
        Bell() as bell,
        Processes(logs) as processes,
    ):
        if not os.environ.get("SKIP_BUILD"):
            with watch.part("compile"):
                Artifacts().build()
        with watch.part("deploy"):
            chain = LocalChain(processes, series.times[0] - LEAD, plan.config.chain_id)
            file = Path(folder) / "deployment.json"
            venue = deploy(chain, plan.config, Actor.named(plan.poster.name), file, watching.step)
        with watch.part("open portfolios"):
            opening = Opening(venue, scenario)
        with watch.part("start keepers"):
            fleet = Fleet(venue, processes, bell, Path(folder))
            fleet.start(scenario.keepers, keepers, scenario.clock.auction_step)
        names = {each.account: each.settings.name for each in opening.portfolios} | opening.makers
        names |= {keeper.account: keeper.name for keeper in fleet.keepers}
        with_options = [each.account for each in opening.portfolios if venue.options.keys() & each.settings.positions]
        player = Player(venue, fleet, names, watching.block, with_options)
        if scenario.before:
            player.crowd = Owners(venue, opening, names)
            player.observes = plan.config.volatility is not None
        with watch.part("play"):
            player.play(series, scenario.clock)
        with watch.part("settle"):
            chain.automine(enabled=True)
            settle_all(venue, list(names))
        with watch.part("check"):
            stage = _Stage(plan, venue, fleet, opening.portfolios, names)
            return _record(stage, player.samples, watch.seconds)


@dataclass(frozen=True)
class _Stage:
    """Who and what was in the run."""

    plan: Plan
    venue: Venue
    fleet: Fleet
    portfolios: Sequence[Portfolio]
    names: Mapping[AccountId, str]


def _record(stage: _Stage, samples: Sequence[BlockSample], seconds: dict[str, float]) -> DemoRun:
    """Read from the chain what came of it."""
    venue, scenario = stage.venue, stage.plan.scenario
    history = History(venue, {**stage.names, venue.fund_account: _FUND})
    auctions = history.auctions()
    lows = _lows(samples)
    prices = venue.marks() | venue.mids()
    return DemoRun(
        scenario=scenario.name,
        title=scenario.title,
        summary=scenario.summary,
        sources=tuple(scenario.sources),
        notes=stage.plan.notes,
        blocks=tuple(samples),
        accounts=tuple(_account(venue, each, auctions, lows, prices) for each in stage.portfolios),
        auctions=auctions,
        losses=history.losses(),
        keepers=_keepers(stage, auctions, samples),
        series=_series(venue),
        checks=check_venue(venue, history, samples, auctions),
        seconds=seconds,
    )


def _lows(samples: Sequence[BlockSample]) -> dict[str, int]:
    """Find each account's lowest health factor."""
    lows: dict[str, int] = {}
    for sample in samples:
        for name, factor in sample.health.items():
            if factor is not None:
                lows[name] = min(factor, lows.get(name, factor))
    return lows


def _account(
    venue: Venue,
    portfolio: Portfolio,
    auctions: Sequence[AuctionOutcome],
    lows: Mapping[str, int],
    prices: Mapping[str, Wad],
) -> AccountOutcome:
    settings = portfolio.settings
    _, maintenance = venue.read("RiskEngine", "margin", portfolio.account)
    own = [auction for auction in auctions if auction.account == settings.name]
    return AccountOutcome(
        name=settings.name,
        about=settings.about,
        book=settings.book,
        held=settings.held,
        equity_before=portfolio.equity,
        equity_after=maintenance[MARGIN_EQUITY],
        hypothetical=portfolio.held(prices),
        health_low=lows.get(settings.name),
        state=_state(own),
        opened=portfolio.opened,
    )


def _series(venue: Venue) -> tuple[SeriesOutcome, ...]:
    found = []
    for name, number in venue.options.items():
        settings, series = venue.config.instruments[name], decode(number)
        key = f"{settings.underlying}:{settings.expiry}"
        found.append(SeriesOutcome(name, settings.kind, series.expiry or 0, strike_of(series.strike), key))
    return tuple(found)


def _state(auctions: Sequence[AuctionOutcome]) -> str:
    if not auctions:
        return "untouched"
    last = auctions[-1]
    if last.ended is None:
        return "in auction"
    return "closed" if last.closed else "restored"


def _keepers(
    stage: _Stage, auctions: Sequence[AuctionOutcome], samples: Sequence[BlockSample]
) -> tuple[KeeperOutcome, ...]:
    eth = stage.venue.mids()["ETH"]
    bills = gas_bills(stage.venue, [each.actor.address for each in stage.fleet.keepers], samples)
    reports = stage.fleet.reports()
    outcomes = []
    for keeper in stage.fleet.keepers:
        bids = [bid for auction in auctions for bid in auction.bids if bid.bidder == keeper.name]
        started = [auction for auction in auctions if auction.starter == keeper.name]
        bill = bills[keeper.actor.address]
        outcomes.append(
            KeeperOutcome(
                name=keeper.name,
                starts=len(started),
                bids=len(bids),
                reverted=bill.failed,
                received=sum(bid.taken for bid in bids),
                paid=sum(bid.payment for bid in bids),
                tips=sum(auction.starter_pay for auction in started),
                gas=bill.wei * eth // WAD,
                reported=reports[keeper.name],
            )
        )
    return tuple(outcomes)
