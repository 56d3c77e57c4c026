"""Words are read as they were stored, or computed where they never were."""

from crossmargin.model.arrays import RiskArray
from tests.helpers.options import DAY
from tests.helpers.reverts import reverts
from tests.unit.option_oracle.conftest import ETH, PRICE


def test_words_of_a_series_never_refreshed_are_computed(oracle, node, post, option, start, warp, other):
    """As a refresh would store them in the same second."""
    warp(start)
    post(30)
    ids = [option(), option(1_500, is_put=True)]
    with node.calls_at(start + 100):
        computed = oracle.words(ids)
        assert oracle.arrayOf(ids[0]).time == 0
    warp(start + 100)
    oracle.refresh([ids[1]], sender=other)

    with node.calls_at(start + 100):
        assert oracle.words(ids) == computed
    with node.calls_at(start + 200):
        later = oracle.words(ids)
    assert later[2:] == computed[2:]
    assert later[:2] != computed[:2]


def test_words_follow_the_order_of_ids(oracle, option, other):
    """However stored and computed ones are mixed."""
    ids = [option(strike) for strike in (1_000, 2_000, 3_000)]
    oracle.refresh([ids[1]], sender=other)

    together = oracle.words([ids[2], ids[1], ids[0], ids[1]])

    assert together == [word for id_ in (ids[2], ids[1], ids[0], ids[1]) for word in oracle.words([id_])]


def test_words_reverts_for_what_is_no_option(oracle):
    """Also where the kind is beyond 64 bits."""
    with reverts("NotAnOption", id=ETH << 48):
        oracle.words([1 << 64 | ETH << 48])


def test_words_at_moves_the_index_alone(oracle, node, post, option, start, warp):
    """The stored array does not matter."""
    warp(start)
    post(30)
    ids = [option(), option(is_put=True)]
    with node.calls_at(start + DAY):
        here = oracle.wordsAt([ids[0], PRICE, ids[1], PRICE // 2])
        assert here[:2] == oracle.words([ids[0]])
    put = RiskArray.unpack(*here[2:])
    assert put.ref == PRICE // 2
    assert put.mark_floor > 900 * 10**18


def test_words_at_saturates(oracle, option):
    """A what-if never reverts."""
    refs = [RiskArray.unpack(*oracle.wordsAt([option(), index])).ref for index in (0, 2**96, 2**256 - 1)]

    most = 2**96 - 2**38  # an array keeps 58 bits of its index
    assert refs == [1, most, most]
