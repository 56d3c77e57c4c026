"""Rules of the access manager that no role can change: who cancels, what may be immediate, that somebody can cancel."""

import pytest

from crossmargin.deployment.roles import Role
from tests.helpers.reverts import reverts

DELAY = 3600
NEW_ROLE = 7


@pytest.fixture
def manager(node, deployer, governor, guardian):
    """Hand a manager over to a governor with a delay and one guardian."""
    manager = node.deploy("Authority", deployer, DELAY, sender=deployer)
    manager.grantRole(Role.GUARDIAN, guardian, 0, sender=deployer)
    for role in (Role.GOVERNOR, Role.ADMINISTRATOR):
        manager.grantRole(role, governor, DELAY, sender=deployer)
    manager.renounceRole(Role.ADMINISTRATOR, deployer, sender=deployer)
    return manager


@pytest.fixture
def second(manager, node, governor, other):
    """Add another guardian, as a governor would."""
    govern(manager, node, governor, "grantRole", Role.GUARDIAN, other, 0)
    return other


def scheduled(manager, governor, function, *arguments):
    """Schedule an act of the administrator's on the manager itself; return the call."""
    data = getattr(manager, function).encode(*arguments)
    manager.schedule(manager, data, 0, sender=governor)
    return data


def govern(manager, node, governor, function, *arguments):
    """Schedule, wait, execute."""
    data = scheduled(manager, governor, function, *arguments)
    node.pass_time(DELAY)
    return manager.execute(manager, data, sender=governor)


def test_role_numbers_are_the_librarys(manager):
    """The deployment and the contract mean the same roles."""
    assert manager.ADMIN_ROLE() == Role.ADMINISTRATOR
    assert manager.GUARDIAN_ROLE() == Role.GUARDIAN
    assert manager.POSTER_ROLE() == Role.POSTER


def test_minimum_delay_is_not_nothing(node, deployer):
    """A venue without a delay has nothing to cancel."""
    with reverts("DelayTooShort", roleId=Role.ADMINISTRATOR, delay=0, minimum=1):
        node.deploy("Authority", deployer, 0, sender=deployer)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.GOVERNOR, NEW_ROLE])
def test_no_role_is_granted_without_its_delay(manager, node, governor, other, role):
    """Also not after the delay, when nobody has cancelled: `grantRole(GOVERNOR, x, 0)`."""
    with reverts("DelayTooShort", roleId=role, delay=DELAY - 1, minimum=DELAY):
        govern(manager, node, governor, "grantRole", role, other, DELAY - 1)

    govern(manager, node, governor, "grantRole", role, other, DELAY)
    assert manager.hasRole(role, other) == {"isMember": True, "executionDelay": DELAY}


def test_delay_of_a_holder_never_falls_below_the_minimum(manager, node, governor):
    """Granting again would shorten it."""
    with reverts("DelayTooShort", roleId=Role.GOVERNOR, delay=0, minimum=DELAY):
        govern(manager, node, governor, "grantRole", Role.GOVERNOR, governor, 0)


def test_guardian_cancels_what_the_administrator_scheduled(manager, node, governor, guardian, other):
    """Grants of roles, as everything else."""
    data = scheduled(manager, governor, "grantRole", Role.GOVERNOR, other, DELAY)
    manager.cancel(governor, manager, data, sender=guardian)
    node.pass_time(DELAY)

    operation = manager.hashOperation(governor, manager, data)
    with reverts("AccessManagerNotScheduled", operationId=operation):
        manager.execute(manager, data, sender=governor)


def test_strangers_cancel_nothing(manager, governor, other):
    """Whoever is no guardian could otherwise stop governance."""
    data = scheduled(manager, governor, "grantRole", Role.GOVERNOR, other, DELAY)
    selector = bytes.fromhex(data[2:10])
    with reverts(
        "AccessManagerUnauthorizedCancel", msgsender=other, caller=governor, target=manager, selector=selector
    ):
        manager.cancel(governor, manager, data, sender=other)


def test_guardian_does_not_cancel_its_own_removal(manager, node, governor, guardian, second):
    """A stolen key of one guardian can be replaced while another agrees."""
    data = scheduled(manager, governor, "revokeRole", Role.GUARDIAN, guardian)
    with reverts("OwnRemoval", guardian=guardian):
        manager.cancel(governor, manager, data, sender=guardian)
    node.pass_time(DELAY)
    manager.execute(manager, data, sender=governor)

    assert not manager.hasRole(Role.GUARDIAN, guardian)["isMember"]
    assert manager.guardianCount() == 1


def test_another_guardian_cancels_the_removal(manager, node, governor, guardian, second):
    """Whoever has captured the governor removes neither."""
    for removed, canceller in ((guardian, second), (second, guardian)):
        data = scheduled(manager, governor, "revokeRole", Role.GUARDIAN, removed)
        manager.cancel(governor, manager, data, sender=canceller)

    assert manager.guardianCount() == 2


def test_last_guardian_stays(manager, node, governor, guardian):
    """Neither the governor nor the guardian itself leaves nobody who could cancel."""
    with reverts("LastGuardian", guardian=guardian):
        govern(manager, node, governor, "revokeRole", Role.GUARDIAN, guardian)
    with reverts("LastGuardian", guardian=guardian):
        manager.renounceRole(Role.GUARDIAN, guardian, sender=guardian)

    assert manager.guardianCount() == 1


def test_removing_a_stranger_changes_no_count(manager, node, governor, guardian, second, keeper):
    """Only holders are counted; a second grant to one is none."""
    govern(manager, node, governor, "revokeRole", Role.GUARDIAN, keeper)
    govern(manager, node, governor, "grantRole", Role.GUARDIAN, guardian, 0)

    assert manager.guardianCount() == 2


@pytest.mark.parametrize(
    ("function", "arguments", "role"),
    [
        ("setRoleAdmin", (Role.GOVERNOR, Role.POSTER), Role.GOVERNOR),
        ("setRoleGuardian", (Role.GOVERNOR, Role.POSTER), Role.GOVERNOR),
        ("setGrantDelay", (Role.GUARDIAN, 1), Role.GUARDIAN),
    ],
)
def test_who_grants_and_who_cancels_is_no_setting(manager, node, governor, function, arguments, role):
    """Otherwise one act would open the way to others without delay or veto."""
    with reverts("AccessManagerLockedRole", roleId=role):
        govern(manager, node, governor, function, *arguments)


def test_every_role_is_cancelled_by_guardians(manager):
    """Of the manager's own functions, of the venue's, of roles that do not exist yet."""
    for role in (*Role, NEW_ROLE, 2**64 - 1):
        assert manager.getRoleGuardian(role) == Role.GUARDIAN


def test_guardian_cancels_many_in_one_transaction(manager, governor, guardian, other):
    """Whoever schedules a hundred acts pays more than whoever cancels them."""
    calls = []
    for role in range(10, 30):
        data = scheduled(manager, governor, "grantRole", role, other, DELAY)
        calls.append(bytes.fromhex(manager.cancel.encode(governor, manager, data)[2:]))
    manager.multicall(calls, sender=guardian)

    for role in range(10, 30):
        data = manager.grantRole.encode(role, other, DELAY)
        assert manager.getSchedule(manager.hashOperation(governor, manager, data)) == 0
