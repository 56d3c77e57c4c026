"""What sources were seen to answer: Pyth's exponents, intervals and early times, Chainlink's phases, limits, sequencer.

Pyth and the proxy are their own contracts, fed with what was recorded of them.
"""

import pytest
from ape.exceptions import ContractLogicError

from tests.helpers.compiled import chainlink_container, container

WAD = 10**18
ZERO = "0x" + "00" * 20
VALID, STALE, UNCERTAIN = 1, 2, 3
ID = bytes.fromhex("ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace")


@pytest.fixture(scope="module")
def reader(governor, pyth):
    """Deploy the reader of Pyth."""
    return governor.deploy(container("PythSource"), pyth)


@pytest.fixture
def publish(pyth, keeper, chain):
    """Have Pyth say a price, an interval and an exponent, so many seconds ahead of the block."""

    def act(price: int, confidence: int, exponent: int, ahead: int = 0) -> int:
        time = chain.pending_timestamp + ahead
        said = price, confidence, exponent, price, confidence
        update = pyth.createPriceFeedUpdateData(ID, *said, time, time - 1)
        pyth.updatePriceFeeds([update], value=10, sender=keeper)
        return time

    return act


@pytest.fixture
def pulled(oracle, reader, publish, governor, config):
    """Feed 1 from Pyth alone, at 2,000 +- 1, stale after a minute."""
    publish(2000 * 10**8, 10**8, -8)
    primary = {"reader": reader.address, "maxAge": 60, "gasLimit": 100_000, "voteOnly": False, "data": ID}
    oracle.setFeed(1, config(primary=primary), sender=governor)
    return oracle


@pytest.mark.parametrize("exponent", range(-12, 1))
def test_pyth_exponents(reader, publish, exponent):
    """-12 to 0, of which -8 and -5 are the usual ones and -10 those of the smallest tokens; 18 digits hold each."""
    time = publish(2_005, 7, exponent)
    assert tuple(reader.read(ID)) == (2_005 * 10 ** (18 + exponent), 7 * 10 ** (18 + exponent), time, VALID)


@pytest.mark.parametrize(
    ("price", "confidence", "exponent", "mid", "interval"),
    [
        (6_712_345_678_901, 2_345_678_901, -8, 67_123_456_789_010_000_000_000, 23_456_789_010_000_000_000),
        (99_998_765, 40_000, -8, 999_987_650_000_000_000, 400_000_000_000_000),
        (165_432, 98, -10, 16_543_200_000_000, 9_800_000_000),
        (15_123_456, 3_210, -5, 151_234_560_000_000_000_000, 32_100_000_000_000_000),
        (2**63 - 1, 2**64 - 1, 0, (2**63 - 1) * WAD, (2**64 - 1) * WAD),
        (5, 9, -8, 50_000_000_000, 90_000_000_000),
    ],
    ids=["bitcoin", "dollar coin", "a small token", "yen", "the most that fits", "an interval beyond the price"],
)
def test_pyth_readings(reader, publish, price, confidence, exponent, mid, interval):
    """Price and interval share the exponent."""
    publish(price, confidence, exponent)
    assert tuple(reader.read(ID))[:2] == (mid, interval)


@pytest.mark.parametrize(
    ("confidence", "status", "low"),
    [(0, VALID, 2000), (39, VALID, 1961), (41, UNCERTAIN, 1959), (2500, UNCERTAIN, 1959)],
)
def test_pyth_confidence(pulled, publish, keeper, chain, confidence, status, low):
    """Below 2 % of the price the edges move out by it; beyond, the price is Uncertain, and they are further out."""
    chain.pending_timestamp += 12
    publish(2000 * 10**8, confidence * 10**8, -8)
    pulled.refresh([1], sender=keeper)
    price = pulled.price(1)
    assert (price.mid, price.status) == (2000 * WAD, status)
    assert (low - 1) * WAD <= price.low <= low * WAD or (status == UNCERTAIN and price.low < low * WAD)


@pytest.mark.parametrize("ahead", [1, 2, 5, 30])
def test_pyth_early_publish_time(pulled, publish, keeper, chain, ahead):
    """An update of a second that has not come is no reading: the price stays, Valid, and is taken when it is time."""
    chain.pending_timestamp += 12
    before = pulled.price(1)
    publish(2010 * 10**8, 10**8, -8, ahead=ahead + 2)
    pulled.refresh([1], sender=keeper)
    price = pulled.price(1)
    assert (price.mid, price.status, price.time) == (before.mid, VALID, before.time)
    chain.pending_timestamp += ahead + 2
    pulled.refresh([1], sender=keeper)
    assert (pulled.price(1).mid, pulled.price(1).status) == (2010 * WAD, VALID)


@pytest.fixture
def phases(governor, accounts, chainlink, oracle, config, source):
    """List feed 1 by Chainlink's own proxy, whose first phase says 2,000; give proxy and a second aggregator."""
    aggregator, proxy = chainlink_container("FluxAggregator", "EACAggregatorProxy")
    feeds = []
    for _ in range(2):
        feed = governor.deploy(aggregator, ZERO, 0, 1800, ZERO, 0, 10**16, 8, "ETH / USD")
        feed.changeOracles([], accounts[12:14], accounts[12:14], 2, 2, 0, sender=governor)
        feeds.append(feed)
    answer(feeds[0], accounts, 1, 2000)
    front = governor.deploy(proxy, feeds[0], ZERO)
    oracle.setFeed(1, config(primary=source(front)), sender=governor)
    return front, feeds[1]


def answer(feed, accounts, round_, price):
    """Have both oracles of an aggregator answer."""
    for node in accounts[12:14]:
        feed.submit(round_, price * 10**8, sender=node)


def test_chainlink_phase_changes(phases, oracle, governor, keeper, accounts, chain):
    """Round ids leap by 2^64 and begin again: what counts is the answer and its time."""
    front, second = phases
    chain.pending_timestamp += 60
    answer(second, accounts, 1, 2040)
    before = front.latestRoundData()[0]
    front.proposeAggregator(second, sender=governor)
    front.confirmAggregator(second, sender=governor)
    assert front.latestRoundData()[0] == before + 2**64
    oracle.refresh([1], sender=keeper)
    assert (oracle.price(1).mid, oracle.price(1).status) == (2040 * WAD, VALID)


def test_chainlink_phase_without_a_round(phases, oracle, governor, keeper, chain):
    """A new phase that has not answered is no reading: the price stays Valid for its age, and then is Stale."""
    front, second = phases
    chain.pending_timestamp += 60
    front.proposeAggregator(second, sender=governor)
    front.confirmAggregator(second, sender=governor)
    oracle.refresh([1], sender=keeper)
    assert (oracle.price(1).mid, oracle.price(1).status) == (2000 * WAD, VALID)
    chain.mine(timestamp=chain.pending_timestamp + 3601)
    oracle.refresh([1], sender=keeper)
    assert (oracle.price(1).mid, oracle.price(1).status) == (2000 * WAD, STALE)


def test_chainlink_answer_clamped_at_its_least(listed, move):
    """LUNA's: one source repeats the least that it may say, fresh, while the price falls on. It is never Valid."""
    listed(2)
    assert move(1900, 1900).status == VALID
    seen = [move(1800, price) for price in (1700, 1400, 900, 300, 150)]
    assert all(price.status >= UNCERTAIN for price in seen)
    assert all(price.status >= UNCERTAIN for price in (move(1800, 150, after=600) for _ in range(12)))


@pytest.mark.parametrize("price", [99, 10_001])
def test_chainlink_answer_clamped_outside_the_band(listed, move, price):
    """A limit of the aggregator that lies outside of the feed's band stops at the band, and is not Valid."""
    listed()
    for _ in range(60):
        found = move(price, after=600)
    assert found.status >= UNCERTAIN
    assert 100 * WAD <= found.mid <= 10_000 * WAD


@pytest.mark.parametrize("state", [0, 1])
def test_arbitrums_sequencer_feed_before_its_first_report(oracle, governor, keeper, chain, state):
    """It answers with startedAt = 0 until then: that is no answer, and it can not be listed so."""
    uptime = governor.deploy(container("MockAggregator"), 0, "L2 Sequencer Uptime Status Feed", 0)
    oracle.setSequencerFeed(uptime, 3600, sender=governor)
    now = chain.blocks.head.timestamp
    uptime.setRound(state, now, now, sender=keeper)
    assert oracle.sequencerFloor() == (now + 3600 if state == 0 else 2**256 - 1)
    uptime.setRound(state, 0, now, sender=keeper)
    assert oracle.sequencerFloor() == 0
    with pytest.raises(ContractLogicError) as refused:
        oracle.setSequencerFeed(uptime, 3600, sender=governor)
    assert type(refused.value).__name__ == "SequencerFeedUnusable"
