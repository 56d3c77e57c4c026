"""The option oracle and the reference model answer alike, to the bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.arrays import RiskArray
from crossmargin.model.refresh import refreshed
from crossmargin.model.units import Wad
from tests.helpers.options import DAY, MAX_TENOR, Market, markets, series_id
from tests.helpers.undone import undone

TAMES = st.tuples(*(markets(each) for each in range(1, 5))).map(list)
WILDS = st.tuples(*(markets(each, wild=each % 2 == 0) for each in range(1, 5))).map(list)
LATER = st.one_of(st.integers(0, DAY), st.integers(0, 2 * DAY), st.integers(0, MAX_TENOR))


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy what stands for the rest of the venue."""
    return node.deploy("OptionVenueProbe", sender=deployer)


@pytest.fixture(scope="module")
def surface(node, probe, deployer):
    """Deploy a surface that knows only the probe."""
    return node.deploy("VolatilitySurface", probe.address, probe.address, sender=deployer)


@pytest.fixture(scope="module")
def oracle(node, probe, surface, deployer):
    """Deploy an option oracle that knows the surface and the probe."""
    venue = probe.address
    return node.deploy("OptionOracle", venue, venue, surface.address, venue, venue, sender=deployer)


def arrange(node, probe, surface, many: list[Market], deployer) -> int:
    """Set up the markets; gives the time of it."""
    start = node.now + 1
    node.rpc("evm_setNextBlockTimestamp", start)
    probe.arrange(surface, [each.words(start) for each in many], sender=deployer)
    return start


def ids_of(many: list[Market], start: int) -> list[int]:
    """List the ids of all series."""
    return [series_id(series, market.id) for market in many for series in market.series(start)]


def words_of(arrays: list[RiskArray]) -> list[int]:
    """Pack arrays, one after the other."""
    return [word for array in arrays for word in array.pack()]


@given(WILDS)
def test_posts_are_accepted_as_by_the_model(node, probe, surface, deployer, many):
    """What one refuses, the other refuses."""
    with undone():
        start = arrange(node, probe, surface, many, deployer)
        for market in many:
            expiries = list(market.surface(start))
            assert surface.expiriesOf(market.id) == sorted(expiries)
            for hours, _ in market.slices:
                expiry = market.expiry(hours, start)
                assert (surface.sliceOf(market.id, expiry).postedAt == start) == (expiry in expiries)


@given(WILDS, LATER)
def test_words_are_the_models(node, probe, oracle, surface, deployer, many, later):
    """Arrays of series at any age of their slices, before and after expiry, near and far from the money."""
    with undone():
        start = arrange(node, probe, surface, many, deployer)
        now = start + later
        with node.calls_at(now):
            found = oracle.words(ids_of(many, start))
        assert found == words_of([array for market in many for array in market.arrays(start, now)])


@given(WILDS, LATER)
def test_marks_are_the_models(node, probe, oracle, surface, deployer, many, later):
    """Marks and statuses, of the same series."""
    with undone():
        start = arrange(node, probe, surface, many, deployer)
        now = start + later
        with node.calls_at(now):
            found = probe.marks(oracle, ids_of(many, start))
        expected = [pair for market in many for pair in market.marks(start, now)]
        assert list(zip(found.prices, found.statuses, strict=True)) == expected


@given(TAMES, LATER)
def test_refresh_stores_what_the_model_computes(node, probe, oracle, surface, deployer, many, later):
    """What a refresh writes is read again, whatever the time."""
    with undone():
        start = arrange(node, probe, surface, many, deployer)
        now = start + 1 + later
        ids = ids_of(many, start)
        node.rpc("evm_setNextBlockTimestamp", now)
        receipt = oracle.refresh(ids, sender=deployer)
        expected = words_of([array for market in many for array in market.arrays(start, now)])
        assert [
            word for e in receipt.events("ArrayRefreshed") for word in (e["args"].meta, e["args"].nodes)
        ] == expected
        with node.calls_at(now + 12_345):
            assert oracle.words(ids) == [word for id_ in ids for word in _last(ids, expected, id_)]


def _last(ids: list[int], words: list[int], id_: int) -> list[int]:
    """Words that the last refresh of a series wrote."""
    place = len(ids) - 1 - ids[::-1].index(id_)
    return words[2 * place : 2 * place + 2]


@given(TAMES, st.integers(1, 2**97), LATER)
def test_words_at_another_index_are_the_models(node, probe, oracle, surface, deployer, many, index, later):
    """A what-if is a refresh at another index."""
    with undone():
        start = arrange(node, probe, surface, many, deployer)
        now = start + later
        pairs = [word for id_ in ids_of(many, start) for word in (id_, index)]
        with node.calls_at(now):
            found = oracle.wordsAt(pairs)
        ref = Wad(min(index, 2**96 - 1))
        arrays = [refreshed(s, market.view(s, start, now, ref)) for market in many for s in market.series(start)]
        assert found == words_of(arrays)


@given(TAMES, LATER)
def test_array_of_is_unpacked_as_by_the_model(node, probe, oracle, surface, deployer, many, later):
    """Lanes in wad USD round down, gaps up."""
    with undone():
        start = arrange(node, probe, surface, many, deployer)
        now = start + later
        with node.calls_at(now):
            for market in many:
                for series, array in zip(market.series(start), market.arrays(start, now), strict=True):
                    shift = 14 + array.exponent
                    view = oracle.arrayOf(series_id(series, market.id))
                    assert (view.time, view.ref, view.mark) == (0, array.ref, array.mark_floor)
                    assert view.lanes == [lane * array.ref >> shift for lane in array.lanes]
                    assert view.gapMaintenance == -(-array.gap_maintenance * array.ref >> shift)
                    assert view.bowMaintenance == -(-array.bow_maintenance * array.ref >> shift)
                    assert view.bowInitial == -(-array.bow_initial * array.ref >> shift)
                    assert view.gapInitial == -(-array.gap_initial * array.ref >> shift)
                    assert view.delta == array.delta * 10**18 // 2**14
                    assert view.drift == array.drift * 10**18 // 2**10
                    assert view.reach == 10**18 + array.reach * 10**18 // 2**7
                    assert view.valid == array.valid
