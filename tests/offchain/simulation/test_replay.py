from dataclasses import replace

import numpy as np
import pytest

from crossmargin.model.auction import Clock, Rest
from crossmargin.model.units import Seconds
from crossmargin.simulation.liquidations.books import Book, Holding
from crossmargin.simulation.liquidations.population import PERPETUAL
from crossmargin.simulation.liquidations.replay import _Run, case_of, replay
from crossmargin.simulation.liquidations.results import Cell, Results, columns, goals, rules
from crossmargin.simulation.liquidations.sight import Keeper
from crossmargin.simulation.liquidations.venue import wad_of


@pytest.fixture(scope="module")
def case(replay_venue, crash):
    """Give a long of 400,000 USD in ether with 44,000 of equity, which falls below maintenance."""
    return case_of(Book(PERPETUAL, crash, 0, (Holding("ETH", perpetual=100.0),), 44_000.0), replay_venue)


def rule_named(replay_venue, name):
    """Find a rule."""
    return next(rule for rule in rules(replay_venue.terms) if rule.name == name)


def test_who_stays_healthy_is_no_case(replay_venue, crash):
    """A short gains from a fall."""
    assert case_of(Book(PERPETUAL, crash, 0, (Holding("ETH", perpetual=-100.0),), 44_000.0), replay_venue) is None


def test_fast_keepers_leave_the_account_most_of_what_it_had(replay_venue, case):
    """The first bid comes within a look or two, and each takes a small part of the requirement."""
    outcome = replay(case, rule_named(replay_venue, "venue"), Keeper(12))
    assert not outcome.insolvent
    assert outcome.unpaid == 0
    assert outcome.waited <= 24
    assert 0 < outcome.paid < 0.2 * outcome.subject.equity


def test_a_keeper_that_never_comes_leaves_a_debt(replay_venue, case):
    """Where looks are an hour apart the account is bankrupt before the first one, and others pay."""
    outcome = replay(case, rule_named(replay_venue, "venue"), Keeper(3_600))
    assert outcome.insolvent
    assert outcome.paid == 0
    assert outcome.unpaid > 40_000


def test_floats_and_the_model_come_to_the_same(replay_venue, case):
    """The venue's rule replayed without the model's integers pays the same to a cent."""
    exact = rule_named(replay_venue, "venue")
    loose = type(exact)(exact.name, exact.terms, exact=False)
    for keeper in columns(600).values():
        ours, other = replay(case, exact, keeper), replay(case, loose, keeper)
        assert ours.paid == pytest.approx(other.paid, abs=0.01)
        assert ours.unpaid == pytest.approx(other.unpaid, abs=0.01)
        assert (ours.insolvent, ours.waited) == (other.insolvent, other.waited)


def test_replay_is_the_same_twice(replay_venue, case):
    """Nothing is drawn while an account is replayed."""
    for rule in rules(replay_venue.terms):
        assert replay(case, rule, Keeper(12, 0.5)) == replay(case, rule, Keeper(12, 0.5))


def test_closing_at_once_costs_what_closing_costs(replay_venue, case):
    """Like Hyperliquid: 10 bp of notional, twice the impact, 5 USD."""
    outcome = replay(case, rule_named(replay_venue, "market, as Hyperliquid"), Keeper(1))
    rest = case.profile.part(case.failed, case.failed + 1)
    assert outcome.paid == pytest.approx(rest.toll[0] + 2 * rest.impact[0] + 5, rel=1e-3)


def test_cells_count_who_was_liquidated(replay_venue, case):
    """A cell is none where nobody was; costs are of the equity at the fall below maintenance."""
    outcome = replay(case, rule_named(replay_venue, "venue"), Keeper(12))
    assert Cell.of([]) is None
    cell = Cell.of([outcome])
    assert cell.cost == pytest.approx(100 * outcome.paid / outcome.subject.equity)
    assert (cell.count, cell.insolvent, cell.lost, cell.unpaid) == (1, 0, 0, 0)


def test_goals_say_where_nothing_was_seen(replay_venue, case):
    """A run without hedged books, options and wicks leaves those goals open."""
    outcomes = {
        (rule.name, head): [replay(case, rule, keeper)]
        for rule in rules(replay_venue.terms)
        for head, keeper in columns(600).items()
    }
    met = {goal.name: goal.met for goal in goals(Results(outcomes))}
    assert met["hedged books at 12 / 0"] is None
    assert met["a wick at 12 / 0"] is None
    assert met["perpetuals at 12 / 0"] is not None


def test_clocks_are_those_of_the_model(replay_venue, case):
    """Each phase's clock goes on where it stood, however often the value crosses zero."""
    values = [10.0, -5.0, -5.0, 10.0, 10.0, -1.0, 3.0]
    rest = replace(case.profile.part(0, len(values)), value=np.array(values), requirement=np.full(len(values), 50.0))
    sight = _Run(case, rule_named(replay_venue, "venue"), Keeper(12))._sight(rest)
    clock = Clock(Seconds(0))
    for look, value in enumerate(values):
        clock, runs = clock.look(Seconds(12 * look), Rest(wad_of(value), wad_of(value - 50), wad_of(50)))
        assert runs
        assert (clock.solvent_time, clock.insolvent_time) == (sight.solvent_time[look], sight.insolvent_time[look])
