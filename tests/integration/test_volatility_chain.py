"""The forecaster of a venue and the command: what it observed is fetched, and the forest reaches it by the timelock."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from eth_account import Account
from hexbytes import HexBytes

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, VenueContext, plan
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.configure import Status, execute, operations, refused, schedule
from crossmargin.deployment.export import export_calls
from crossmargin.deployment.track import meaning, strangers
from crossmargin.deployment.verify import verify
from crossmargin.volatility import card
from crossmargin.volatility.command import main
from crossmargin.volatility.hours import GRID
from crossmargin.volatility.observations import hours_of

SHIPPED = REPOSITORY / "config" / "volatility" / "one-hour"
PRICES = (2_000, 2_010, 1_990, 1_990, 2_030)


@pytest.fixture
def forecaster(venue, node):
    """Reach the forecaster."""
    return node.at("VolatilityForecaster", venue.record.address("VolatilityForecaster"))


@pytest.fixture
def fetch(node, forecaster, tmp_path):
    """Run the command's `fetch` against the chain; give its answer and the rows of its file."""

    def run(underlying, *options):
        path = tmp_path / "ETH.csv"
        path.unlink(missing_ok=True)
        where = ["--rpc", node.web3.provider.endpoint_uri, "--forecaster", forecaster.address]
        told = CliRunner().invoke(
            main, ["fetch", *where, "--underlying", str(underlying), "--out", str(path), *options]
        )
        rows = [tuple(map(int, line.split(","))) for line in path.read_text().split()[1:]] if path.exists() else []
        return told, rows

    return run


def observe(venue, forecaster, steps, sender):
    """Post a price and observe it, once a step."""
    venue.warp(GRID - venue.node.now % GRID, refresh=False)
    for at in range(steps):
        venue.set_price("ETH", PRICES[at % len(PRICES)] + at)
        forecaster.observe([venue.feed("ETH")], sender=sender)
        venue.warp(GRID - 1, refresh=False)


def test_fetch_reads_what_was_observed(venue, forecaster, fetch, other):
    """Every observation once, of one underlying, from the block asked for on; its hours are those of the chain."""
    observe(venue, forecaster, 30, other)
    told, rows = fetch(venue.feed("ETH"))
    assert told.exit_code == 0, told.output
    assert told.output.startswith("30 observations in ")
    step, _, closed = forecaster.tapeOf(venue.feed("ETH")).values()
    assert [each for each, _ in rows] == list(range(step - 29, step + 1))
    assert rows[0][1] == 0
    assert rows[1][1] == pytest.approx(1e6 * (2_011 / 2_000 - 1), rel=0.01)
    hours = hours_of("ETH", rows)
    assert len(hours.numbers) == closed
    assert hours.net[-1] == sum(change for at, change in rows if (at - 1) // 12 == hours.numbers[-1])

    block = venue.node.web3.eth.block_number
    observe(venue, forecaster, 2, other)
    told, rows = fetch(venue.feed("ETH"), "--from-block", str(block + 1))
    assert (told.exit_code, len(rows)) == (0, 2)


def test_fetch_says_what_it_cannot(venue, forecaster, fetch):
    """In a line: nothing observed, and nobody who answers."""
    told, rows = fetch(venue.feed("BTC"))
    assert told.exit_code == 1
    assert (
        told.output == f"Error: {forecaster.address} observed nothing of underlying {venue.feed('BTC')} since block 0\n"
    )
    assert rows == []
    told, _ = fetch(venue.feed("BTC"), "--rpc", "http://127.0.0.1:9")
    assert told.exit_code == 1
    assert told.output == "Error: no node answers (ConnectionError): is --rpc right?\n"
    told, _ = fetch(venue.feed("BTC"), "--forecaster", "0x12")
    assert told.exit_code == 2
    assert "0x12 is no address" in told.output


def test_the_shipped_forest_is_what_a_deployment_installs(venue, node, forecaster):
    """Its code is the file's, as the command proves; another contract does not hold it."""
    found = forecaster.forest()
    forest, told = card.read_forest(SHIPPED)
    assert (found["hash"], found["number"]) == (forest.hash, told["number"])
    command = ["verify", str(SHIPPED), "--vectors", "20", "--rpc", node.web3.provider.endpoint_uri, "--pointer"]
    held = CliRunner().invoke(main, [*command, found["pointer"]])
    assert held.exit_code == 0, held.output
    assert f"{found['pointer']} holds it" in held.output
    refused_ = CliRunner().invoke(main, [*command, forecaster.address])
    assert refused_.exit_code == 1
    assert refused_.output.splitlines()[-1].startswith("Error: ")


@pytest.fixture
def changed(venue, node, governor, tmp_path):
    """Name another forest in the configuration that the governor brings the venue to."""
    forest, _ = card.read_forest(SHIPPED)
    other = replace(forest, number=forest.number + 1)
    card.write(tmp_path / "other", other, card.of(other, {}, [], {}))
    volatility = venue.config.volatility.model_copy(update={"forest": tmp_path / "other"})
    config = venue.config.model_copy(update={"volatility": volatility})
    chain = Chain(node.web3, KeySigner(Account.from_key(governor.private_key)), node.artifacts)
    return VenueContext(chain, config, venue.record.model_copy(deep=True)), other


def test_a_forest_is_changed_through_the_timelock(venue, forecaster, changed, guardian):
    """What differs is its hash; a removal by the guardian is a difference again, unless no forest is named."""
    context, other = changed
    (found,) = operations(context, plan(context.config))
    before = forecaster.forest()["hash"]
    assert found.change.differences() == [("volatility.forest", "0x" + before.hex(), "0x" + other.hash.hex())]

    schedule(context, found)
    assert strangers(context) == []
    venue.warp(venue.config.governance.delay)
    (found,) = operations(context, plan(context.config))
    assert (found.status, refused(context, [found])) == (Status.READY, [])
    assert forecaster.forest()["hash"] == before
    execute(context, found)
    assert forecaster.forest()["hash"] == other.hash
    assert verify(context, plan(context.config)) == []

    forecaster.removeForest(sender=guardian)
    (found,) = operations(context, plan(context.config))
    assert found.change.differences() == [("volatility.forest", None, "0x" + other.hash.hex())]
    silent = context.config.volatility.model_copy(update={"forest": None})
    context.config = context.config.model_copy(update={"volatility": silent})
    assert operations(context, plan(context.config)) == []


def test_a_forest_is_signed_for_by_its_hash(changed, governed_by, tmp_path):
    """In a Safe's files and in an alarm people read its length and hash; the call carries all of its bytes."""
    by_governor, other = changed
    context = governed_by(lambda config: config.model_copy(update={"volatility": by_governor.config.volatility}))
    (found,) = operations(context, plan(context.config))
    said = f"12,600 bytes, keccak-256 0x{other.hash.hex()}"
    export_calls(context, [found], tmp_path / "safe")
    (entry,) = json.loads((tmp_path / "safe" / "signing.json").read_text())["transactions"]
    assert entry["meaning"] == f"VolatilityForecaster.installForest({said})"
    assert other.pack() in HexBytes(entry["safeTx"]["data"])
    assert meaning(context, found.target, found.data) == f"VolatilityForecaster.installForest(blob={said})"
