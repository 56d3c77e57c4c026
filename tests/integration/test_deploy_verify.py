"""Verification finds whatever differs from the configuration, and nothing else."""

import re
from pathlib import Path

import pytest

from crossmargin.deployment import VenueContext, plan
from crossmargin.deployment.roles import MATRIX, Role
from crossmargin.deployment.verify import verify
from tests.helpers.reverts import reverts

DAY = 86_400
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def differences(venue):
    """Names of what differs now."""
    return lambda: [each.what for each in verify(venue.deployment, plan(venue.config))]


def test_verify_finds_nothing_in_a_fresh_venue(differences):
    """Code, wiring, parameters and roles are as configured."""
    assert differences() == []


def test_verify_finds_a_changed_parameter(venue, differences):
    """One number of one struct, by its path."""
    venue.govern(venue.vault, "setRateModel", (*list(venue.vault.rateModel().values())[:4], 0))

    assert differences() == ["vault.rates.reserveFactor"]


def test_verify_ignores_what_the_guardian_tightened(venue, guardian, differences):
    """A market made reduce-only and deposits closed for a time are no setting: they end by themselves."""
    venue.clearinghouse.setReduceOnly(venue.instrument("ETH-PERP"), DAY, sender=guardian)
    venue.vault.disableDeposits(venue.tokens["WETH"], DAY, sender=guardian)

    assert differences() == []


def test_verify_finds_what_governance_tightened(venue, differences):
    """Governance's switches are settings, which nobody forgets."""
    perpetual = venue.instrument("ETH-PERP")
    config = tuple(venue.clearinghouse.configOf(perpetual).values())
    venue.govern(venue.clearinghouse, "configureInstrument", perpetual, config, True)
    cap = venue.vault.assetAt(venue.asset("WETH"))["cap"]
    venue.govern(venue.vault, "configureAsset", venue.tokens["WETH"], cap, False)

    assert differences() == ["asset.WETH.deposits", "instrument.ETH-PERP.reduceOnly"]


def test_verify_finds_a_shorter_minimum_delay(venue):
    """The shortest delay that can be granted is an immutable, which no code hash shows."""
    governance = venue.config.governance.model_copy(update={"minimum_delay": venue.config.governance.delay - 1})
    config = venue.config.model_copy(update={"governance": governance})
    context = VenueContext(venue.deployment.chain, config, venue.record)

    found = [(each.what, each.actual, each.expected) for each in verify(context, plan(config))]

    assert found == [("AccessManager.minimumDelay", governance.delay, governance.delay - 1)]


def test_verify_finds_a_function_in_other_hands(venue, differences):
    """A selector given to another role."""
    selector = bytes.fromhex(venue.vault.setRiskEngine.encode(venue.engine)[2:10])
    venue.govern(venue.manager, "setTargetFunctionRole", venue.vault, [selector], Role.GUARDIAN)

    assert differences() == ["role.governor.MarginVault.setRiskEngine"]


def test_verify_finds_an_extra_holder_of_a_role(venue, other, differences):
    """Somebody whom the configuration does not name."""
    venue.govern(venue.manager, "grantRole", Role.GUARDIAN, other, 0)

    assert differences() == [f"role.guardian.{other.address}"]


def test_verify_finds_an_extra_module(venue, node, other, differences):
    """A module of the vault that no plan knows."""
    module = node.deploy("KeyWallet", other, sender=other)
    venue.govern(venue.vault, "setModule", module, 1)

    assert differences() == [f"vault.module.{module.address}"]


def test_verify_finds_changed_code(venue, node, differences):
    """One byte of one contract; nothing is read from it then."""
    code = bytearray(node.web3.eth.get_code(venue.engine.address))
    code[100] ^= 1
    node.rpc("anvil_setCode", venue.engine.address, "0x" + code.hex())

    assert differences() == ["RiskEngine.code"]


def test_deployer_keeps_no_role(venue, deployer):
    """After the hand-over the deployer is a stranger."""
    for role in Role:
        assert not venue.manager.hasRole(role, deployer)["isMember"]

    with reverts("AccessManagedUnauthorized", caller=deployer):
        venue.vault.setModule(deployer, 15, sender=deployer)


def test_governor_cannot_act_at_once(venue, governor):
    """What loosens waits."""
    with reverts(
        "AccessManagerNotScheduled",
        operationId=venue.manager.hashOperation(
            governor, venue.vault, bytes.fromhex(venue.vault.setModule.encode(governor, 15)[2:])
        ),
    ):
        venue.vault.setModule(governor, 15, sender=governor)


def test_guardian_acts_at_once_and_only_tightens(venue, guardian):
    """Pausing is immediate, lifting it is not the guardian's."""
    venue.vault.pauseRiskIncrease(3600, sender=guardian)
    assert venue.vault.pausedUntil() > venue.node.now

    with reverts("AccessManagedUnauthorized", caller=guardian):
        venue.vault.unpauseRiskIncrease(sender=guardian)


def test_guardian_cancels_what_the_governor_scheduled(venue, governor, guardian):
    """The timelock is of use only if somebody can stop what waits in it."""
    data = venue.vault.setModule.encode(governor, 15)
    venue.manager.schedule(venue.vault, data, 0, sender=governor)
    venue.manager.cancel(governor, venue.vault, data, sender=guardian)
    venue.warp(venue.config.governance.delay)

    operation = venue.manager.hashOperation(governor, venue.vault, data)
    with reverts("AccessManagerNotScheduled", operationId=operation):
        venue.manager.execute(venue.vault, data, sender=governor)


def test_every_restricted_function_has_a_role():
    """The matrix names exactly the functions that the sources restrict."""
    found = {}
    for path in sorted((ROOT / "contracts").rglob("*.sol")):
        names = re.findall(r"function (\w+)\([^{;]*?\brestricted\b[^{;]*\{", path.read_text())
        if names:
            found[path.stem] = set(names)

    inherited = found.pop("Endpoint")
    for end in ("CollateralHub", "CollateralSpoke"):
        found[end] |= inherited
    assert found == {contract: set(functions) for contract, functions in MATRIX.items()}
