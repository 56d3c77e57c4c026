"""What would fail halfway through a deployment is found before the first transaction, all of it, with what to do."""

import pytest
from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, Deployer, VenueContext, open_record, plan
from crossmargin.deployment.feeds import SourceSettings
from crossmargin.deployment.preflight import preflight
from crossmargin.deployment.rehearsal import check

NOBODY = "0x000000000000000000000000000000000000dEaD"


@pytest.fixture
def config(venue, poster):
    """Take the tests' configuration with a poster of its own."""
    return venue.config.with_roles(poster=poster.address)


@pytest.fixture
def chain(node, other):
    """Reach the chain as somebody who would deploy."""
    return Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)


def read_from(config, name, **fields):
    """Let a feed be read from one Chainlink aggregator."""
    source = SourceSettings(kind="chainlink", **fields)
    feed = config.feeds[name].model_copy(update={"primary": source, "secondary": None})
    return config.model_copy(update={"feeds": {**config.feeds, name: feed}})


def found(chain, config):
    """List place and finding of every problem that reading shows."""
    return [
        (each.place.rpartition(" ")[2], each.found)
        for each in preflight(chain, config, open_record(chain, config, None))
    ]


def aggregator(node, sender, *, decimals=8, price=2_000 * 10**8, description="ETH / USD"):
    """Deploy an aggregator that answers now."""
    return node.deploy("MockAggregator", decimals, description, price, sender=sender).address


def test_a_fresh_configuration_has_no_problem(chain, config):
    """Nothing is found where nothing is wrong."""
    assert found(chain, config) == []


def test_an_absent_aggregator_is_named_before_anything_is_sent(chain, config):
    """It used to cost 28 transactions, and ended in `0x()`."""
    assert found(chain, read_from(config, "ETH", address=NOBODY)) == [
        ("feeds.ETH.primary", f"no contract at {NOBODY}"),
    ]


@pytest.mark.parametrize(
    ("answers", "age", "problem"),
    [
        ({"description": "BTC / USD"}, 0, 'describes itself as "BTC / USD"'),
        ({"decimals": 18, "price": 2_000 * 10**18}, 0, "answers in 18 decimals, not 8"),
        ({"price": 0}, 0, "it has no price"),
        ({"price": 1}, 0, "is not within"),
        ({}, 90_000, "its price is 90,000 s old, more than max_age 86,400 s"),
    ],
)
def test_a_wrong_aggregator_is_told_by_what_it_answers(node, chain, config, other, answers, age, problem):
    """Description, decimals, price and age."""
    address = aggregator(node, other, **answers)
    node.pass_time(age)
    node.rpc("evm_mine")

    ((place, said),) = found(chain, read_from(config, "ETH", address=address))

    assert place == "feeds.ETH.primary"
    assert problem in said


def test_a_description_of_its_own_is_accepted_where_it_is_stated(node, chain, config, other):
    """Some aggregators are named otherwise."""
    address = aggregator(node, other, description="Ether / USD")
    assert found(chain, read_from(config, "ETH", address=address, description="Ether / USD")) == []


def test_tokens_are_asked(node, chain, config, venue, other):
    """Absent, or of other decimals; and the deployer must have the fund's first capital."""
    weth = node.deploy("TestToken", "WETH", "WETH", 9, 10**30, sender=other).address
    changed = {
        "LINK": config.tokens["LINK"].model_copy(update={"address": NOBODY}),
        "WETH": config.tokens["WETH"].model_copy(update={"address": weth}),
        "USDC": config.tokens["USDC"].model_copy(update={"address": venue.tokens["USDC"].address}),
    }
    said = found(chain, config.model_copy(update={"tokens": {**config.tokens, **changed}}))

    assert ("tokens.LINK", f"no contract at {NOBODY}") in said
    assert ("tokens.WETH", f"{weth} has 9 decimals, not 18") in said
    assert any(place == "insurance.seed" and "has 0 USDC" in what for place, what in said)
    assert len(said) == 3


def test_roles_are_apart(chain, config, other, governor):
    """A deployer who governs would end with nothing; a guardian who governs holds nobody."""
    said = found(chain, config.with_roles(governor=other.address))
    assert [place for place, _ in said] == ["governance.governor"]
    said = found(chain, config.with_roles(guardian=governor.address))
    assert [place for place, _ in said] == ["governance.guardian"]


def test_the_rehearsal_counts_what_the_deployment_then_takes(node, chain, config):
    """Gas to a thousandth, for the time differs; the chain and the record stay as they are meanwhile."""
    record = open_record(chain, config, None)
    block = node.web3.eth.block_number
    checked = check(chain, config, record)
    assert node.web3.eth.block_number == block
    assert record.contracts == {}
    assert checked.problems == []

    Deployer(VenueContext(chain, config, record), plan(config)).run()

    assert checked.rehearsal.transactions == len(record.transactions)
    assert checked.rehearsal.gas == pytest.approx(sum(each.gas_used for each in record.transactions), rel=1e-3)


def test_the_rehearsal_names_what_would_be_refused_and_who_is_poor(node, chain, config, other):
    """No reading sees a maximum below the ratio's price: step, error and remedy, and the missing ether."""
    staked = config.feeds["stETH"].model_copy(update={"maximum": config.feeds["stETH"].minimum})
    changed = config.model_copy(update={"feeds": {**config.feeds, "stETH": staked}})
    node.rpc("anvil_setBalance", other.address, hex(10**12))

    checked = check(chain, changed, open_record(chain, changed, None))

    said = [str(each) for each in checked.problems]
    assert said[0].startswith("feed.stETH: PriceOutOfBand(")
    assert "set minimum and maximum around the price" in said[0]
    assert said[-1].startswith(f"deployer {other.address}: has 0 ether")
