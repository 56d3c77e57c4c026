from dataclasses import replace

import numpy as np
import pytest

from crossmargin.simulation.liquidations.books import exact, mark_value
from crossmargin.simulation.liquidations.population import KINDS, OPTIONS, PAIR, Counts, population
from crossmargin.simulation.liquidations.venue import dollars


@pytest.fixture(scope="module")
def books(replay_venue, crash):
    """Books of every kind."""
    return list(population(replay_venue, crash, Counts(4, 4, 2), seed=3))


def test_population_is_the_same_for_the_same_seed(replay_venue, crash, books):
    """A seed says who is there."""
    assert list(population(replay_venue, crash, Counts(4, 4, 2), seed=3)) == books
    assert list(population(replay_venue, crash, Counts(4, 4, 2), seed=4)) != books


def test_population_has_every_kind(books):
    """Each kind is drawn."""
    assert {book.kind for book in books} == set(KINDS)


def test_books_meet_initial_margin_when_they_are_opened(replay_venue, books):
    """Nobody begins below maintenance."""
    assert all(book.profile(replay_venue).excess[0] > 0 for book in books)


def test_profiles_equal_the_model(replay_venue, books):
    """Value, requirement and excess are the model's, but for rounding, or interpolation of options."""
    rng = np.random.default_rng(1)
    for book in books:
        account, profile = book.account(replay_venue), book.profile(replay_venue)
        allowed = profile.gross[0] * (3e-4 if book.kind in OPTIONS else 1e-8)
        for second in rng.integers(0, 3_600 - book.entry, 3):
            state = book.state(replay_venue, book.entry + int(second))
            result = exact(account, state)
            assert profile.value[second] == pytest.approx(dollars(mark_value(account, result, state)), abs=allowed)
            assert profile.requirement[second] == pytest.approx(dollars(result.requirement), abs=allowed)
            assert profile.excess[second] == pytest.approx(dollars(result.excess), abs=allowed)


def test_a_coin_like_the_altcoin_has_its_parameters(replay_venue):
    """A liquid coin that no configuration lists is margined like the altcoin that one does."""
    assert replay_venue.settings("SOL") == replay_venue.config.underlyings["LINK"]


def test_an_unknown_coin_is_taken_for_one_that_wicks(replay_venue):
    """It has the class of such coins, and offsets nothing."""
    settings = replay_venue.settings("DOGE")
    assert (settings.risk_class, settings.group) == ("wick", None)
    doge, ether = (replay_venue.params.underlying(replay_venue.feeds[each]) for each in ("DOGE", "ETH"))
    assert doge.maintenance.derivative_shock > ether.maintenance.derivative_shock


def test_pairs_are_of_one_group(replay_venue, crash):
    """A pair without offset is two legs, which are replayed by themselves."""
    paths = {**crash.paths, "DOGE": crash.paths["ETH"]}
    drawn = list(population(replay_venue, replace(crash, paths=paths), Counts(1, 4, 1), seed=3))
    assert {frozenset(each.asset for each in book.holdings) for book in drawn if book.kind == PAIR} == {
        frozenset({"ETH", "BTC"})
    }
