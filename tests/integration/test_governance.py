"""Every restricted function with every role, generated from the ABIs and from the roles as deployed.

What loosens waits for the delay, and a guardian cancels it. What a guardian does ends by itself. What a poster does is
held by steps and bands. There is nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from crossmargin.deployment.handover import restricted_contracts
from crossmargin.deployment.roles import MATRIX, Role
from crossmargin.errors import ContractRevert
from crossmargin.model.prices import PriceStatus
from tests.helpers.abis import OVER_THERE, arguments, entry_of, functions_of, require_all
from tests.helpers.handles import Handle
from tests.helpers.reverts import reverts

DAY, HOUR = 86_400, 3_600

# Functions of the access manager that anybody may call, and why they open nothing.
MANAGERS_OWN = {
    "schedule": "asks for the role and its delay",
    "execute": "asks for the role, and for the schedule where there is a delay",
    "cancel": "for whoever scheduled, the administrator, and guardians",
    "consumeScheduledOp": "for restricted contracts, of their own schedules",
    "multicall": "each call is the caller's",
    "renounceRole": "the caller's own role; the last guardian keeps it",
}
ELSEWHERE = {
    ("CollateralHub", "pauseRoute"): "bounded: foundry/CollateralHub.t.sol",
    ("CollateralSpoke", "pause"): "bounded: foundry/CollateralSpoke.t.sol",
    ("ValidatorModule", "pause"): "bounded: foundry/HyperlaneTransport.t.sol",
}
"""What a guardian does to contracts that this venue has not."""
ENDLESS = {("VolatilityForecaster", "removeForest"): "the floor holds beneath the forest"}
"""What a guardian does that does not end by itself, and what still holds."""
POSTED = {
    ("PostedFeed", "post"): "band, breaker and second source of the feed",
    ("VolatilitySurface", "post"): "arbitrage, steps and interval of the slice",
}
"""Functions of posters, and what holds each."""

Seen = Callable[[Any, Any, Any], bool]


@dataclass(frozen=True)
class Bound:
    """How long a guardian's act lasts at most [s], what it is done to, and how one sees that it is in force."""

    longest: int
    refusal: str
    subject: Callable[[Any], tuple[Any, ...]]
    in_force: Seen


def refusal(action: Callable[[], Any]) -> str | None:
    """Name the error of a refused action; None where it went through."""
    try:
        action()
    except ContractRevert as error:
        return error.name
    return None


def deposits_are_closed(venue, trader, _maker) -> bool:
    """Tell whether a deposit is refused, or goes through."""
    found = refusal(lambda: venue.deposit(trader, "WETH", "1"))
    assert found in (None, "DepositsDisabled")
    return found is not None


def market_is_reduce_only(venue, trader, maker) -> bool:
    """Tell whether a fill that opens is refused, or goes through."""
    for owner in (trader, maker):
        venue.deposit(owner, "USDC", "10000")
    found = refusal(lambda: venue.trade(trader, maker, "ETH-PERP", "0.1"))
    assert found in (None, "ReduceOnlyMarket")
    return found is not None


def price_is_at_least(status: PriceStatus) -> Seen:
    """Tell whether the price of ether is that bad, however often it is refreshed."""

    def found(venue, _trader, _maker) -> bool:
        venue.refresh()
        return venue.oracle.price(venue.feed("ETH"))["status"] >= status

    return found


def ether(venue) -> tuple[int]:
    """Name the feed, and underlying, of ether."""
    return (venue.feed("ETH"),)


BOUNDED = {
    ("MarginVault", "pauseRiskIncrease"): Bound(
        3 * DAY, "ParameterOutOfRange", lambda _: (), lambda venue, *_: venue.vault.pausedUntil() > venue.node.now
    ),
    ("MarginVault", "disableDeposits"): Bound(
        3 * DAY, "ParameterOutOfRange", lambda venue: (venue.tokens["WETH"],), deposits_are_closed
    ),
    ("Clearinghouse", "setReduceOnly"): Bound(
        7 * DAY, "ParameterOutOfRange", lambda venue: (venue.instrument("ETH-PERP"),), market_is_reduce_only
    ),
    ("OracleAdapter", "forceUncertain"): Bound(
        7 * DAY, "DurationTooLong", ether, price_is_at_least(PriceStatus.UNCERTAIN)
    ),
    ("OracleAdapter", "forceHalt"): Bound(HOUR, "DurationTooLong", ether, price_is_at_least(PriceStatus.HALTED)),
    ("VolatilitySurface", "forceUncertain"): Bound(
        7 * DAY,
        "DurationTooLong",
        ether,
        lambda venue, *_: venue.surface.uncertainUntil(venue.feed("ETH")) > venue.node.now,
    ),
}

RESTRICTED = [
    (artifact, name, role)
    for artifact, functions in MATRIX.items()
    for name, role in functions.items()
    if artifact not in OVER_THERE
]
LOOSENING = [(artifact, name) for artifact, name, role in RESTRICTED if role is Role.GOVERNOR]


def deployed(venue, artifact: str) -> list[Handle]:
    """Find every contract of an artifact that has restricted functions, at least one."""
    contracts = restricted_contracts(venue.config)
    found = [venue.node.at(artifact, venue.record.address(name)) for name, kind in contracts if kind == artifact]
    assert found
    return found


def encoded(handle: Handle, name: str) -> str:
    """Encode a call with nothing for every argument."""
    return getattr(handle, name).encode(*arguments(entry_of(handle, name)))


def managers_functions(venue) -> set[str]:
    """Functions of the access manager that change something."""
    changing = ("nonpayable", "payable")
    functions = (each for each in venue.manager.contract.abi if each["type"] == "function")
    return {each["name"] for each in functions if each["stateMutability"] in changing}


def cancelled(venue, governor, guardian, target: Handle, data: str) -> None:
    """Schedule, cancel as the guardian, and find that the delay's end brings nothing."""
    manager, delay = venue.manager, venue.config.governance.delay
    operation = manager.hashOperation(governor, target, data)
    with reverts("AccessManagerNotScheduled", operationId=operation):
        manager.execute(target, data, sender=governor)
    manager.schedule(target, data, 0, sender=governor)
    assert manager.getSchedule(operation) >= venue.node.now + delay
    with reverts("AccessManagerNotReady", operationId=operation):
        manager.execute(target, data, sender=governor)

    manager.cancel(governor, target, data, sender=guardian)

    venue.warp(delay, refresh=False)
    with reverts("AccessManagerNotScheduled", operationId=operation):
        manager.execute(target, data, sender=governor)


@pytest.mark.parametrize(("artifact", "name", "role"), RESTRICTED)
def test_each_function_answers_its_role_alone(venue, board, governor, guardian, deployer, other, artifact, name, role):
    """INV-25, INV-40: at once for guardian and poster, after the delay for the governor, never for anybody else."""
    delay = venue.config.governance.delay
    assert delay >= venue.manager.minimumDelay() > 0
    handles = deployed(venue, artifact)
    for handle in handles:
        selector = bytes.fromhex(encoded(handle, name)[2:10])
        found = {
            actor: tuple(venue.manager.canCall(actor, handle, selector).values())
            for actor in (governor, guardian, board, deployer, other)
        }
        holder = {Role.GOVERNOR: governor, Role.GUARDIAN: guardian, Role.POSTER: board}[role]
        expected = (False, delay) if role is Role.GOVERNOR else (True, 0)
        assert found == dict.fromkeys(found, (False, 0)) | {holder: expected}


@pytest.mark.parametrize(("artifact", "name"), LOOSENING)
def test_what_loosens_waits_and_is_cancelled(venue, governor, guardian, artifact, name):
    """INV-40: no sooner than the delay, and never once a guardian has cancelled it."""
    for handle in deployed(venue, artifact):
        cancelled(venue, governor, guardian, handle, encoded(handle, name))


def test_roles_and_targets_wait_and_are_cancelled(venue, governor, guardian):
    """INV-40: every function of the access manager's own that is the administrator's."""
    functions = managers_functions(venue)
    assert functions >= MANAGERS_OWN.keys()
    for name in sorted(functions - MANAGERS_OWN.keys()):
        cancelled(venue, governor, guardian, venue.manager, encoded(venue.manager, name))


def test_roles_and_targets_are_the_administrators_alone(venue, board, guardian, deployer, other):
    """INV-40: guardian, poster, deployer and strangers change no role and no target."""
    manager = venue.manager
    for name in sorted(managers_functions(venue) - MANAGERS_OWN.keys()):
        for actor in (guardian, board, deployer, other):
            with reverts("AccessManagerUnauthorizedAccount", msgsender=actor, roleId=Role.ADMINISTRATOR):
                getattr(manager, name).call(*arguments(entry_of(manager, name)), sender=actor)


def test_every_guardians_act_is_bounded():
    """INV-40: each has a longest duration here, and what is posted is held by something."""
    require_all(functions_of(Role.GUARDIAN), BOUNDED, ENDLESS, ELSEWHERE)
    require_all(functions_of(Role.POSTER), (), POSTED)


@pytest.mark.parametrize(("artifact", "name"), BOUNDED, ids=lambda case: case)
def test_a_guardians_act_ends_by_itself(venue, guardian, trader, maker, artifact, name):
    """INV-40: a second more than the longest is refused, and after the longest nothing is left of it."""
    bound = BOUNDED[artifact, name]
    (handle,) = deployed(venue, artifact)
    act = getattr(handle, name)
    assert entry_of(handle, name)["inputs"][-1]["name"] == "duration"
    assert not bound.in_force(venue, trader, maker)

    with pytest.raises(ContractRevert) as caught:
        act(*bound.subject(venue), bound.longest + 1, sender=guardian)
    assert caught.value.name == bound.refusal
    assert bound.longest in caught.value.arguments.values()

    act(*bound.subject(venue), bound.longest, sender=guardian)
    assert bound.in_force(venue, trader, maker)
    venue.warp(bound.longest - HOUR // 2)
    assert bound.in_force(venue, trader, maker)
    venue.warp(HOUR // 2)
    assert not bound.in_force(venue, trader, maker)
