"""Those who carry between two chains: restarts, reorganisations, nodes that are down, limits, commands."""

import json

import pytest
from click.testing import CliRunner

from crossmargin.crosschain import relay, views
from crossmargin.crosschain.command import main
from crossmargin.errors import ConflictError
from crossmargin.model.prices import PriceStatus
from tests.helpers.crosschain import ETHER, SIGNERS, VALIDATORS, held, lock
from tests.helpers.crosschain_world import FINALITY, World


def test_a_restarted_relayer_does_nothing_twice(channel, world, venue, trader):
    """It knows from the chains what has arrived; signers know from their folders."""
    lock(channel, venue, trader, ETHER)
    world.settle()
    again = World(channel, world.path.parent, world.key)
    assert again.settle() == []
    assert held(channel, venue, trader) == ETHER


def test_a_lost_message_is_sent_again(channel, world, venue, trader, deployer):
    """One transport never had it: after a while the relayer has the lock reported anew."""
    spoke = channel.spoke.contract
    spoke.setTransport(channel.spoke.hyperlane, 0, sender=deployer)
    lock(channel, venue, trader, 7 * ETHER)
    spoke.setTransport(channel.spoke.hyperlane, 2, sender=deployer)
    world.settle()
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0
    world.pass_time(1_199)
    world.settle()
    assert held(channel, venue, trader) == 0
    world.pass_time(1)
    sent = world.settle()
    assert any(each.startswith("report of what account") for each in sent)
    assert held(channel, venue, trader) == 7 * ETHER


def test_a_reorganisation_before_finality_is_waited_out(channel, world, venue, trader):
    """What was taken back is never signed; what came in its place is."""
    world.settle()
    lock(channel, venue, trader, 9 * ETHER)
    channel.spoke.node.rpc("anvil_mine", hex(FINALITY - 1))
    assert world.sign() == 0
    channel.spoke.node.rpc("anvil_reorg", FINALITY, [])
    assert channel.spoke.contract.lockOf(channel.token, venue.account(trader)).locked == 0
    world.settle()
    assert channel.hub.contract.claimOf(1, venue.account(trader)).locked == 0

    lock(channel, venue, trader, 4 * ETHER)
    world.settle()
    assert held(channel, venue, trader) == 4 * ETHER


def test_signers_stop_where_a_chain_breaks_its_word(channel, world, venue, trader):
    """Another message under a number that was signed as final is never signed, nor another root."""
    world.settle()
    lock(channel, venue, trader, 9 * ETHER)
    channel.spoke.node.rpc("anvil_mine", hex(FINALITY))
    assert world.sign() == 6
    channel.spoke.node.rpc("anvil_reorg", FINALITY + 1, [])
    lock(channel, venue, trader, 4 * ETHER)
    channel.spoke.node.rpc("anvil_mine", hex(2 * FINALITY))
    again = World(channel, world.path.parent, world.key)
    attester, validator = again.attesters[0][1], again.validators[0][1]
    for worker in (attester, validator):
        for _ in range(2):
            with pytest.raises(ConflictError, match="gone back behind its finality"):
                worker.turn(again.said.append)
    assert again.said == []


def test_heartbeats_keep_a_route_alive(channel, world, venue, trader):
    """Unheard of for an hour, receipts are Uncertain and lose price; two beats later they are Valid again."""
    lock(channel, venue, trader, ETHER)
    world.settle()
    world.pass_time(7_200)
    status, factor = channel.hub.contract.standingOf(1).values()
    assert status == PriceStatus.UNCERTAIN
    assert factor < ETHER
    sent = world.settle()
    assert sent[:2] == ["beat of route 1 on other", "beat of the hub to chain 31338 on venue"]
    # the spoke has heard of the hub only after its own beat was sent: the next one says so
    world.pass_time(600)
    world.settle()
    assert tuple(channel.hub.contract.standingOf(1).values()) == (PriceStatus.VALID, ETHER)


def test_a_node_that_is_down_stops_nothing_else(channel, world, venue, trader, keeper, tmp_path):
    """The relayer says so, goes on with the other chain, and with all when the node is back."""
    lock(channel, venue, trader, ETHER)
    world.mine()
    world.sign()
    away = World(channel, tmp_path, keeper.private_key, other_rpc="http://127.0.0.1:9")
    turn = away.relay()
    assert [each for each in turn.failed if each.startswith("look at other: ")]
    assert turn.sent == ["beat of the hub to chain 31338 on venue"]
    world.settle()
    assert held(channel, venue, trader) == ETHER


def test_a_dry_run_sends_nothing(channel, world, venue, trader, keeper):
    """It says what it would send."""
    lock(channel, venue, trader, ETHER)
    world.mine()
    world.sign()
    world.restart(dry_run=True)
    nonce = venue.node.web3.eth.get_transaction_count(keeper.address)
    assert world.relay().sent == []
    assert "would send: LockReport from chain 31338 by mailbox on venue" in world.said
    assert venue.node.web3.eth.get_transaction_count(keeper.address) == nonce


def test_nothing_is_sent_beyond_the_limit(channel, world, venue, trader, keeper, tmp_path):
    """What was spent is known after a restart too; each purse has its limit, so that dust does not end beats."""
    poor = World(channel, tmp_path, keeper.private_key, spend_limit="0.000000000000000001")
    for _ in range(2):
        lock(channel, venue, trader, 10**15)
        poor.mine()
        poor.sign()
    sent = poor.relay().sent
    assert sent[0].startswith("LockReport from chain 31338")
    assert len(sent) == 3
    assert [each for each in sent if each.startswith("beat of ")] == sent[1:]
    poor.pass_time(600)
    assert poor.relay().sent == []
    poor.restart()
    assert poor.relay().sent == []
    for purse in ("locks on venue", "beats on venue"):
        assert f"{purse}: the day's limit of 0.000000000000000001 is spent; nothing is sent" in poor.said


def test_old_messages_are_forgotten_and_none_is_delivered_twice(channel, world, venue, trader):
    """Of what is older than a day the last of each subject stays; also after a restart, from what was written down."""
    lock(channel, venue, trader, ETHER)
    for _ in range(3):
        world.pass_time(600)
        world.settle()
    seen = world.path.parent / "relay-seen" / "other.json"
    world.pass_time(2 * 86_400)
    world.mine(64)
    world.settle()
    world.mine(64)
    world.relay()
    world.mine(64)
    world.relay()
    kept = [row[1] for row in json.loads(seen.read_text())["parcels"]]
    # a lock and a beat, each by both transports
    assert sorted(transport for transport, _ in kept) == ["mailbox", "mailbox", "signers", "signers"]
    assert world.settle() == []
    world.restart()
    assert world.settle() == []
    lock(channel, venue, trader, ETHER)
    world.settle()
    assert held(channel, venue, trader) == 2 * ETHER


def test_commands_do_it_all(channel, world, venue, trader, keeper, monkeypatch):
    """As operators run them, one turn each."""
    monkeypatch.setenv("RELAY_KEY", keeper.private_key)
    for name, keys in (("SIGNERS", SIGNERS), ("MAILBOX", VALIDATORS)):
        for number, key in enumerate(keys):
            monkeypatch.setenv(f"{name}_{number}", key)
    monkeypatch.setenv("COLUMNS", "250")

    def run(command, *arguments):
        result = CliRunner().invoke(main, [command, "--config", str(world.path), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    world.settle()  # nothing is credited before the first beat
    lock(channel, venue, trader, 2 * ETHER)
    world.mine()
    assert run("attest", "--once").count("signed message 2 of other") == 3
    assert run("validate", "mailbox-0", "mailbox-1", "--once").count("signed checkpoint 1 of other") == 2
    assert "would send: LockReport from chain 31338 by signers on venue" in run("relay", "--once", "--dry-run")
    assert held(channel, venue, trader) == 0
    assert "LockReport from chain 31338 by mailbox on venue" in run("relay", "--once")
    assert held(channel, venue, trader) == 2 * ETHER
    shown = run("status", "--account", trader.address)
    assert "WETH@31338" in shown
    assert "Valid" in shown
    assert f"Account {trader.address}" in shown
    row = next(line for line in shown.splitlines() if "nothing owed" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")][2:8] == ["2", "2", "2", "0", "0", "2"]


def test_what_only_governance_changes_is_asked_for_seldom(channel, world, monkeypatch):
    """The least of a lock: once in ten minutes, not at each turn; of a node that is down again at once."""
    asked, down = [], [True]

    def least_of(link, token):
        asked.append(token)
        if down:
            down.pop()
            raise ConnectionError("down")
        return views.least_of(link, token)

    monkeypatch.setattr(relay, "least_of", least_of)
    counts = []
    for seconds in (0, 2, 2, 2, 592, 2, 2):
        world.time += seconds
        world.relayer.turn()
        counts.append(len(asked))
    assert counts == [1, 2, 2, 2, 2, 2, 3]


def test_a_transport_that_asks_for_more_once_it_is_mined_is_paid(channel, world, keeper, deployer, tmp_path):
    """What it asks for at a call would be refused; what none takes comes back, and is not booked as spent."""
    node, spoke = channel.spoke.node, channel.spoke.contract
    priced = node.deploy("PricedTransport", sender=deployer)
    spoke.setTransport(priced, 2, sender=deployer)
    (tmp_path / "exact").mkdir()
    exact = World(channel, tmp_path / "exact", keeper.private_key, fee_headroom="0")
    turn = exact.relay()
    assert "beat of route 1 on other" not in turn.sent
    assert [each for each in turn.failed if each.startswith("beat of route 1: ") and "failed in block" in each]

    before, told = node.web3.eth.get_balance(keeper.address), spoke.messageFee(channel.hub.domain)
    assert "beat of route 1 on other" in world.relay().sent
    taken = node.web3.eth.get_balance(priced.address)
    assert taken > told
    ((_, booked),) = json.loads((tmp_path / "relay-spent.json").read_text())["beats on other"]
    assert booked == before - node.web3.eth.get_balance(keeper.address)
    assert taken < booked < 10**15


def test_what_a_bucket_pays_bit_by_bit_is_not_pushed_at_each_turn(channel, world, venue, trader, deployer):
    """Who redeems more than it holds has a relayer pay out its refill seldom; once all is paid, the next is at once."""
    spoke = channel.spoke.contract
    lock(channel, venue, trader, 10 * ETHER)
    world.settle()
    spoke.setToken(channel.token, (True, 2, 3_600, ETHER, 1), sender=deployer)
    venue.vault.withdraw(venue.account(trader), channel.receipt, 5 * ETHER, trader, sender=trader)
    world.settle()
    paid = []
    for _ in range(20):
        world.time += 30
        world.pass_time(30)
        paid.append(sum(each.startswith("payment to") for each in world.relayer.turn().sent))
    # after 2, 4, 8 s and so on, looked at every 30 s; something has refilled at each of the 20 turns
    assert 2 <= sum(paid) <= 7
    assert sum(paid[10:]) <= 2
    spoke.setToken(channel.token, (True, 2, 3_600, 10**24, 1), sender=deployer)
    world.settle()
    assert spoke.totalsOf(channel.token).owed == 0


def test_small_parts_of_a_queue_are_pushed_one_at_a_time(channel, world, venue, trader, deployer):
    """All are less than the least of a lock: one in ten minutes, so that the queue ends, and dust costs little."""
    hub, spoke, account = channel.hub.contract, channel.spoke.contract, venue.account(trader)
    world.settle()
    limits = tuple(hub.routeOf(1).config.values())
    hub.setRoute((*limits[:7], ETHER, *limits[8:]), "", "", sender=deployer)
    spoke.setToken(channel.token, (True, 2, 3_600, 10**24, 2 * ETHER), sender=deployer)
    hub.accept(1, account + 1, True, sender=trader)
    hub.pauseRoute(1, 3_600, sender=deployer)
    for each in (account, account + 1):
        spoke.lock(channel.token, 10 * ETHER, each, sender=trader)
    world.settle()
    hub.unpauseRoute(1, sender=deployer)
    world.restart()
    pushed = []
    for seconds in (0, 2, 500, 98, 2):
        world.time += seconds
        pushed.append([each for each in world.relayer.turn().sent if each.startswith("credit of route 1")])
    assert [len(each) for each in pushed] == [1, 0, 0, 1, 0]
    assert pushed[0] != pushed[3]
    assert hub.claimOf(1, account).credited == hub.claimOf(1, account + 1).credited == ETHER // 2
