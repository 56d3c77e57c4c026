"""The commands beside `run`: each explains itself, and does what it says on a venue on paper."""

import asyncio
import json
import socket
from dataclasses import replace

import httpx
import pytest
from click.testing import CliRunner
from websockets.asyncio.server import serve

from crossmargin.model.units import PPM, WAD
from keepers import __version__, switch
from keepers.cli import main
from keepers.doctor import Finding, State, examine, render
from keepers.doctor.machine import examine_machine
from keepers.doctor.nodes import examine_socket
from keepers.errors import SettingsError
from keepers.executor import load_signer
from keepers.holdings import Holdings, describe, intents, render_holdings
from keepers.rpc import Rpc
from keepers.settings import Settings, load_settings
from keepers.setup import init
from tests.offchain.keepers.fake_network import FakeNetwork
from tests.offchain.keepers.sample_venue import ADDRESSES
from tests.offchain.keepers.venue_samples import BIDDER, ETH_CALL, ETH_PERPETUAL, account

COMMANDS = (
    "run", "status", "doctor", "positions", "close", "pause", "backfill", "replay", "deposit", "init",
    "deploy-executor", "example-config", "rehearse", "contest",
)  # fmt: skip
OWNER = "0x" + "aa" * 20


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    """Help says what it does, with an example; no flag takes a secret."""
    shown = CliRunner().invoke(main, [command, "--help"])
    assert shown.exit_code == 0
    assert f"keeper {command}" in shown.output.split("Examples:")[1]
    assert "passphrase" not in shown.output.lower()


def test_version():
    """The command says which version it is."""
    assert CliRunner().invoke(main, ["--version"]).output == f"keeper, version {__version__}\n"


@pytest.fixture
def deployment(tmp_path):
    """Write a deployment file of the venue on paper."""
    path = tmp_path / "31337.json"
    contracts = {name: {"address": address, "block": 0} for name, address in ADDRESSES.items()}
    path.write_text(json.dumps({"chain_id": 31337, "contracts": contracts}))
    return path


def test_init_makes_a_key_that_opens_and_a_configuration_that_loads(tmp_path, deployment):
    """Three files that only their owner can read; the second time nothing is overwritten."""
    folder = tmp_path / "mine"
    address = init(folder, "http://node", deployment)
    settings = load_settings(folder / "keeper.toml")
    assert settings.dry_run
    assert settings.chain.rpc_urls == ["http://node"]
    assert load_signer(settings.signer, settings.chain.chain_id).address == address
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(SettingsError, match="nothing is overwritten"):
        init(folder, "http://node", deployment)
    with pytest.raises(SettingsError, match=r"none.json: No such file or directory: --deployment"):
        init(tmp_path / "other", "http://node", tmp_path / "none.json")
    with pytest.raises(SettingsError, match="not a deployment"):
        init(tmp_path / "other", "http://node", folder / "keeper.json")


@pytest.fixture
def sound(tmp_path, deployment):
    """Give settings of a dry run over a network of fake nodes, and the network."""
    network = FakeNetwork("a", "b")
    for _ in range(3):
        network.chain.mine()
    for address in ADDRESSES.values():
        network.chain.codes[address] = "0x60"
    settings = Settings(
        bidder={"owner": OWNER},
        chain={"rpc_urls": ["http://a", "http://b"], "deployment": deployment},
        service={"database": tmp_path / "keeper.db", "metrics_port": 0, "stale_after": 10**10},
    )
    return settings, network


def _examine(settings: Settings, network: FakeNetwork) -> dict[str, Finding]:
    def connect(url: str) -> Rpc:
        return Rpc([url], 1, transport=httpx.MockTransport(network._answer), seed=1)

    return {one.what: one for one in asyncio.run(examine(settings, connect))}


def test_doctor_looks_at_every_address(sound):
    """Chain, head, logs and calls by hash, sizes and the pending state, of each."""
    settings, network = sound
    found = _examine(settings, network)
    for name in "ab":
        for what in ("chain", "head", "logs by hash", "batches", "ranges", "pending state"):
            assert found[f"{name}: {what}"].state is State.GOOD, found[f"{name}: {what}"]
    assert found["venue"].state is State.GOOD
    assert found["data fees"].found == "no"
    assert {"deployment", "signer", "disk", "journal", "port", "clock", "permission", "gas money"} <= found.keys()


def test_doctor_says_what_to_do_about_a_node(sound):
    """Each fault is named at the node that has it, with advice; the other is looked at all the same."""
    settings, network = sound
    network["a"].cut = True
    network["b"].batch_limit = 10
    found = _examine(settings, network)
    assert found["a: chain"].state is State.WRONG
    assert "running" in found["a: chain"].advice
    assert found["b: batches"].state is State.POOR
    assert "at most" in found["b: batches"].found
    network.chain.range_limit = 2
    assert _examine(settings, network)["b: ranges"].state is State.POOR


def test_doctor_knows_the_wrong_chain_and_an_old_head(sound):
    """Another chain is wrong, an old head poor."""
    settings, network = sound
    other = settings.model_copy(update={"service": settings.service.model_copy(update={"stale_after": 30.0})})
    assert _examine(other, network)["a: head"].state is State.POOR
    network["a"].lie = lambda call, one: {**one, "result": "0x5"} if call["method"] == "eth_chainId" else one
    assert "chain_id" in _examine(settings, network)["a: chain"].advice


def test_doctor_looks_at_gas_money_and_contracts(sound):
    """What is missing is named, with the address to send to."""
    settings, network = sound
    network.chain.balance = 5
    network.chain.codes.clear()
    found = _examine(settings, network)
    assert OWNER in found["gas money"].advice
    assert found["venue"].state is State.WRONG


def test_doctor_looks_for_the_programs_beside(sound):
    """A command that cannot be run is wrong, by name."""
    settings, network = sound
    assert _examine(settings, network)["helpers"].found == "none"
    pricing = settings.pricing.model_copy(update={"command": ["/nowhere/model"]})
    found = _examine(settings.model_copy(update={"pricing": pricing}), network)["helpers"]
    assert (found.state, found.found) == (State.WRONG, "cannot be run: pricing (/nowhere/model)")


def test_doctor_looks_at_the_machine(sound, tmp_path):
    """A port that is taken, a journal in use, a folder that is not there."""
    settings, _ = sound
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = settings.service.model_copy(update={"metrics_port": taken.getsockname()[1]})
        found = {one.what: one for one in examine_machine(settings.model_copy(update={"service": busy}), None, 0.0)}
    assert found["port"].state is State.POOR
    nowhere = settings.service.model_copy(update={"database": tmp_path / "none" / "keeper.db"})
    found = {one.what: one for one in examine_machine(settings.model_copy(update={"service": nowhere}), None, 0.0)}
    assert found["disk"].state is State.WRONG
    render(list(found.values()))


def test_doctor_without_a_deployment_says_so_first(sound, tmp_path):
    """Without the file nothing can be asked, and that is the first finding."""
    settings, network = sound
    lost = settings.chain.model_copy(update={"deployment": tmp_path / "none.json"})
    found = list(_examine(settings.model_copy(update={"chain": lost}), network).values())
    assert (found[0].what, found[0].state) == ("deployment", State.WRONG)


def test_switch_pauses_and_resumes(tmp_path):
    """By a file beside the journal, with the reason in it."""
    config, database = tmp_path / "keeper.toml", tmp_path / "keeper.db"
    config.write_text(f'[bidder]\nowner = "{OWNER}"\n[service]\ndatabase = "{database}"\n')
    runner = CliRunner()
    assert switch.reason(database) is None
    assert runner.invoke(main, ["pause", "moving house", "--config", str(config)]).exit_code == 0
    assert switch.reason(database) == "moving house"
    assert runner.invoke(main, ["pause", "--off", "--config", str(config)]).exit_code == 0
    assert switch.reason(database) is None


@pytest.fixture
def held():
    """Give a bidder with a long, a short call and a claim left over."""
    state = account(BIDDER, excess=5, legs=((ETH_PERPETUAL, 2.5), (ETH_CALL, -1.0)), spot=((0, 100),))
    state = replace(state, legs=(*state.legs, replace(state.legs[0], size=0)))
    return Holdings(7, state, {ETH_PERPETUAL: 2000 * WAD, ETH_CALL: 50 * WAD})


def test_positions_are_shown_by_name(held):
    """For machines and for people."""
    cfg = Settings(bidder={"owner": OWNER}).strategy
    found = describe(held, cfg)
    rows = found["positions"]
    assert rows[0]["name"] == "perpetual on feed 1"
    assert rows[1]["name"].endswith("strike 2000")
    assert rows[0]["size"] == "2.500000000000000000"
    assert [table.row_count for table in render_holdings(held, cfg)] == [4, 1]
    (near,) = found["underlyings"]
    assert (near["underlying"], near["notional"], near["limit"]) == (1, f"3000.{'0' * 18}", f"500000.{'0' * 18}")


def test_what_closes_each_position(held):
    """The other side, the whole size, a worst price off the index or the mark; nothing where nothing is open."""
    sell, buy = intents(held, PPM // 100)
    assert (sell["side"], sell["size"], sell["limit_price"]) == ("sell", f"2.5{'0' * 17}", f"1980.{'0' * 18}")
    assert (buy["side"], buy["size"], buy["limit_price"]) == ("buy", f"1.{'0' * 18}", f"50.5{'0' * 17}")
    assert sell["reduce_only"]
    json.dumps([sell, buy])


def test_a_wrong_amount_is_refused(tmp_path):
    """No number, no deposit."""
    done = CliRunner().invoke(main, ["deposit", "much", "--config", str(tmp_path / "keeper.toml")])
    assert done.exit_code == 2
    assert "not a number" in done.output


def test_clock_is_compared_with_the_chain(sound):
    """A machine an hour off is told so."""
    settings, network = sound
    node = network.client()
    head = asyncio.run(node.head())
    found = {one.what: one for one in examine_machine(settings, head, head.timestamp + 3600.0)}
    assert found["clock"].state is State.POOR


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('{"id": 1, "result": "0x1"}', State.GOOD),
        ('{"id": 1, "error": {"message": "no such method"}}', State.POOR),
        ("nonsense", State.POOR),
        (None, State.POOR),
    ],
)
def test_doctor_subscribes_to_heads(answer, state):
    """One that does not subscribe, or is not there, is poor: polling goes on without it."""

    async def handle(socket) -> None:
        await socket.recv()
        await socket.send(answer)

    async def look() -> Finding:
        async with serve(handle, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            if answer is not None:
                return await examine_socket(f"ws://127.0.0.1:{port}")
        return await examine_socket(f"ws://127.0.0.1:{port}")

    found = asyncio.run(look())
    assert found.state is state, found
    assert (found.advice == "") is (state is State.GOOD)
