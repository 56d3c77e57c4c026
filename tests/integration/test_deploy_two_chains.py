"""A venue and its spoke on two chains: deployed, configured, verified against each other, by library and by command."""

from contextlib import closing

import pytest
from eth_account import Account

from crossmargin.chain.record import DeploymentRecord
from crossmargin.deployment import Context, Deployer, plan
from crossmargin.deployment.channels import between
from crossmargin.deployment.configure import operations
from crossmargin.deployment.preflight import preflight
from crossmargin.deployment.roles import MATRIX, Role
from crossmargin.deployment.spoke_config import L1_BLOCK, ProofSettings
from crossmargin.deployment.verify import verify
from tests.helpers.ape_scripts import ROOT, ApeScripts

CONFIG = ROOT / "config" / "two-chains"
DAY = 86_400
STRANGER = Account.create().address


@pytest.fixture
def pair(chain_pair):
    """Give both ends by a short name."""
    return chain_pair


def differences(context):
    """Name what differs from the configuration."""
    return [each.what for each in verify(context, plan(context.config))]


def ends(pair):
    """Name what the two ends do not agree on."""
    return [each.what for each in between(pair.venue, pair.holder)]


def govern(side, contract, function, *arguments):
    """Have the governor do something that no configuration asks for."""
    target = side.contract(contract)
    manager, data = side.contract("AccessManager"), target.encode_abi(function, args=list(arguments))
    side.chain.rpc("anvil_impersonateAccount", side.governor.address)
    for step in (manager.functions.schedule(target.address, data, 0), manager.functions.execute(target.address, data)):
        sent = step.transact({"from": side.governor.address})
        assert side.chain.web3.eth.wait_for_transaction_receipt(sent)["status"] == 1
        side.chain.mine(side.chain.now + side.context.config.governance.delay)


def test_both_ends_are_as_configured(pair):
    """Code, wiring, parameters and roles of each, and what each says of the other."""
    assert differences(pair.venue) == []
    assert differences(pair.holder) == []
    assert ends(pair) == []


def test_nothing_is_left_to_do(pair):
    """Deploying again takes no step, and nothing differs that governance would have to change."""
    for side in (pair.hub, pair.spoke):
        before = len(side.context.record.transactions)
        Deployer(side.context, plan(side.context.config), side.file).add()
        assert len(side.context.record.transactions) == before
        assert operations(side.context, plan(side.context.config)) == []


def test_records_name_receipts(pair):
    """Receipts are tokens like any other to whoever reads the record."""
    record = DeploymentRecord.load(pair.hub.file)
    receipt = pair.hub.contract("CollateralHub").functions.routeOf(1).call()[1]

    assert record.tokens["WETH@other"] == receipt
    assert [each[0] for each in pair.hub.contract("MarginLens").functions.assets().call()[0]] == [
        record.tokens[name] for name in ("WETH", "WETH@other", "WETH2@other")
    ]


def test_guardians_pause_and_governors_go_on(pair):
    """What a guardian may do at once, on either chain; everything else is the governor's."""
    for side, contract, pause, resume in (
        (pair.hub, "module:hyperlane", ("pause", (DAY,)), ("unpause", ())),
        (pair.hub, "CollateralHub", ("pauseRoute", (1, DAY)), ("unpauseRoute", (1,))),
        (pair.spoke, "CollateralSpoke", ("pause", (DAY,)), ("unpause", ())),
    ):
        target = side.contract(contract)
        target.functions[pause[0]](*pause[1]).call({"from": side.guardian.address})
        for function, arguments in (pause, resume):
            with pytest.raises(Exception, match="0x"):
                target.functions[function](*arguments).call({"from": STRANGER})
        with pytest.raises(Exception, match="0x"):
            target.functions[resume[0]](*resume[1]).call({"from": side.guardian.address})
    paused = {(name, f) for name, each in MATRIX.items() for f, role in each.items() if role is Role.GUARDIAN}
    assert {("CollateralHub", "pauseRoute"), ("CollateralSpoke", "pause"), ("ValidatorModule", "pause")} <= paused


def test_a_spoke_takes_proofs_once_its_file_says_so(pair, proving_pair, learn_block):
    """Contracts by anybody, the setting by governance; the block that it knows is compared with the venue's node."""
    holder = proving_pair.holder
    assert {"L1Blocks", "RedemptionProver"} <= set(holder.record.contracts)
    assert differences(holder) == []
    assert preflight(holder.chain, holder.config, holder.record) == []
    without = Context(holder.chain, pair.holder.config, holder.record)
    assert differences(without) == ["proofs.prover", "proofs.after"]

    number = pair.hub.chain.web3.eth.block_number
    known = bytes(pair.hub.chain.web3.eth.get_block(number)["hash"])
    for hash_, wrong in ((known, []), (known[::-1], [f"spoke: block {number} of the hub's chain"])):
        learn_block(number, hash_)
        assert ends(proving_pair) == wrong
    other = holder.config.model_copy(update={"proofs": ProofSettings(blocks=STRANGER, after=3 * DAY)})
    assert differences(Context(holder.chain, other, holder.record)) == ["RedemptionProver.blocks"]
    pair.spoke.chain.rpc("anvil_setCode", L1_BLOCK, "0x")
    for config in (holder.config, other):
        [problem] = preflight(holder.chain, config, holder.record)
        assert problem.place.endswith(": proofs.blocks")


# ---------------------------------------------------------------- what verify finds


def test_verify_finds_a_wrong_counterpart(pair):
    """A transport that trusts a stranger's on the other chain, at either end."""
    govern(pair.hub, "transport:attestation", "setCounterpart", 31338, STRANGER)
    govern(pair.spoke, "transport:hyperlane", "setCounterpart", 31337, STRANGER)

    assert differences(pair.venue) == ["transport.attestation.counterpart.other"]
    assert differences(pair.holder) == ["transport.hyperlane.counterpart.hub"]
    assert ends(pair) == ["hub: counterpart of attestation", "spoke: counterpart of hyperlane"]


def test_verify_finds_a_counterpart_that_nobody_configured(pair):
    """On a chain that the configuration does not have."""
    govern(pair.hub, "transport:attestation", "setCounterpart", 5, STRANGER)

    assert differences(pair.venue) == ["transport:attestation.counterpart.5"]


def test_verify_finds_a_wrong_signer(pair):
    """Somebody else vouches, and one is enough."""
    govern(pair.hub, "transport:attestation", "setSigners", [STRANGER], 1)

    assert differences(pair.venue) == [
        "transport.attestation.attesters.signers",
        "transport.attestation.attesters.threshold",
    ]


def test_verify_finds_a_wrong_validator_and_a_wrong_module(pair):
    """Hyperlane's messages under other validators, and under a module that is not the deployment's."""
    govern(pair.hub, "module:hyperlane", "setValidators", 31338, [STRANGER], 1)
    govern(pair.spoke, "transport:hyperlane", "setModule", pair.spoke.contract("transport:attestation").address)

    assert differences(pair.venue) == [
        "transport.hyperlane.validators.other.signers",
        "transport.hyperlane.validators.other.threshold",
    ]
    assert differences(pair.holder) == ["transport.hyperlane.module"]


def test_verify_finds_a_transport_that_nobody_configured(pair):
    """One that is heard and not in the file."""
    stranger = pair.hub.contract("MarginVault").address
    govern(pair.hub, "CollateralHub", "setTransport", stranger, 2)

    assert differences(pair.venue) == [f"CollateralHub.transport.{stranger}"]


def test_verify_finds_a_spoke_and_a_route_that_nobody_configured(pair):
    """Of a chain that the configuration does not have."""
    govern(pair.hub, "CollateralHub", "setSpoke", 5, STRANGER)
    limits = pair.hub.contract("CollateralHub").functions.routeOf(1).call()[0]
    govern(pair.hub, "CollateralHub", "setRoute", (5, *limits[1:]), "Another", "ETH@5")

    assert differences(pair.venue) == ["CollateralHub.spoke.5", "route.3"]


def test_verify_finds_other_limits(pair):
    """One number of a route, one of a lock."""
    limits = pair.hub.contract("CollateralHub").functions.routeOf(1).call()[0]
    govern(pair.hub, "CollateralHub", "setRoute", (*limits[:7], 2 * limits[7], *limits[8:]), "", "")
    token = pair.holder.token("WETH")
    lock = pair.spoke.contract("CollateralSpoke").functions.tokenConfig(token).call()
    govern(pair.spoke, "CollateralSpoke", "setToken", token, (False, *lock[1:]))

    assert differences(pair.venue) == ["route.WETH@other.capacity"]
    assert differences(pair.holder) == ["lock.WETH.open"]


def test_verify_finds_a_function_in_other_hands(pair):
    """A guardian who may do more than pause."""
    spoke = pair.spoke.contract("CollateralSpoke")
    selector = bytes.fromhex(spoke.encode_abi("unpause")[2:10])
    govern(pair.spoke, "AccessManager", "setTargetFunctionRole", spoke.address, [selector], Role.GUARDIAN)

    assert differences(pair.holder) == ["role.governor.CollateralSpoke.unpause"]


def test_verify_finds_too_short_an_exit(pair):
    """Exits that begin before the hub has surely given the route up: nobody can change them any more."""
    config = pair.holder.config
    hub = config.hub.model_copy(update={"exit_after": config.hub.exit_after + DAY})
    other = Context(pair.holder.chain, config.model_copy(update={"hub": hub}), pair.holder.record)
    assert differences(other) == ["CollateralSpoke.exitAfter"]

    # the hub gives a route up after at most 30 days: a spoke that lets go too early is one of foreign code
    spoke = pair.spoke.contract("CollateralSpoke").address
    code = pair.spoke.chain.web3.eth.get_code(spoke)
    short = code.replace(config.hub.exit_after.to_bytes(32, "big"), (20 * DAY).to_bytes(32, "big"))
    pair.spoke.chain.rpc("anvil_setCode", spoke, "0x" + short.hex())
    assert differences(pair.holder) == ["CollateralSpoke.exitAfter"]
    assert ends(pair) == ["spoke: exits, with dead_after of WETH@other", "spoke: exits, with dead_after of WETH2@other"]


def test_verify_finds_a_bucket_that_holds_less_than_the_venue_may_ask_for(pair):
    """At the spoke, where payments have no queue; a vault without a limit asks for more than any."""
    token = pair.holder.token("WETH")
    lock = pair.spoke.contract("CollateralSpoke").functions.tokenConfig(token).call()
    govern(pair.spoke, "CollateralSpoke", "setToken", token, (*lock[:3], 200 * 10**18 - 1, lock[4]))

    (found,) = between(pair.venue, pair.holder)
    assert (found.what, found.actual) == ("spoke: bucket of WETH@other", "199.999999999999999999 in 3,600 s")
    assert found.expected == (
        "at least 200 in 3,600 s: the vault lets 100 in 3,600 s out, the hub's bucket 100 in 3,600 s through"
    )
    govern(pair.hub, "MarginVault", "setOutflowLimit", pair.venue.token("WETH@other"), 0, 0)
    assert ends(pair) == ["hub: outflow limit of WETH@other"]


def test_verify_finds_other_decimals(pair):
    """The token over there is not what the receipts are made for."""
    token, usdc = pair.holder.token("WETH"), pair.venue.token("USDC")
    pair.spoke.chain.rpc("anvil_setCode", token, pair.hub.chain.web3.eth.get_code(usdc).to_0x_hex())

    assert "spoke: decimals of WETH@other" in ends(pair)


def test_commands_refuse_files_that_do_not_fit(pair, two_chains, tmp_path):
    """`deploy` and `configure` hold a file against the other end's before they send anything."""
    small = tmp_path / "spoke.toml"
    small.write_text((CONFIG / "spoke.toml").read_text().replace("capacity = 2_000", "capacity = 1_999"))
    hub, options = str(CONFIG / "hub.toml"), ["--deployments", str(two_chains[1]), "--account", "TEST::0"]
    changes = ["--network", pair.hub.chain.url, "--config", hub, *options]
    spokes = ["--network", pair.spoke.chain.url, "--config", str(small), *options]
    calls = [
        ("configure", *changes, "--other-config", str(small)),
        ("deploy", *spokes, "--check", "--other-config", hub),
    ]
    with closing(ApeScripts({})) as ape:
        for call in calls:
            bad = ape(*call)
            assert bad.returncode == 1, bad.stdout + bad.stderr
            assert "locks.WETH2.capacity: 1,999 in 3,600 s is less than the venue may ask for" in bad.stdout
        good = ape("configure", *changes, "--other-config", str(CONFIG / "spoke.toml"))
    assert good.returncode == 0, good.stdout + good.stderr
    assert "nothing differs" in good.stdout


def test_commands_verify_both_ends(pair, two_chains):
    """`ape run verify --other` reaches the other chain; a difference is in its table, and the status is 1."""

    def run(ape, side, other, config, other_config):
        options = ["--network", side.chain.url, "--config", str(CONFIG / config), "--deployments", str(two_chains[1])]
        return ape("verify", *options, "--other", other.chain.url, "--other-config", str(CONFIG / other_config))

    with closing(ApeScripts({})) as ape:
        good = run(ape, pair.spoke, pair.hub, "spoke.toml", "hub.toml")
        assert good.returncode == 0, good.stdout + good.stderr
        assert "both ends of the channel agree" in good.stdout

        govern(pair.hub, "transport:attestation", "setCounterpart", 31338, STRANGER)
        bad = run(ape, pair.hub, pair.spoke, "hub.toml", "spoke.toml")
    assert bad.returncode == 1
    assert "hub: counterpart of attestation" in bad.stdout
