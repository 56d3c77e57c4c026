"""Two of five signers of the governing Safe are talked into signing whatever they are shown: nothing is lost."""

import pytest

from crossmargin.deployment.roles import Role
from crossmargin.errors import ContractRevert
from tests.helpers.reverts import reverts
from tests.helpers.safe import Safe

PUBLIC_ROLE = 2**64 - 1
EVERY_MODULE = 15


@pytest.fixture
def signers(accounts):
    """Five signers, the first two of whom will sign anything."""
    return list(accounts[12:17])


@pytest.fixture
def safe(venue, node, signers, governor, keeper):
    """Give the governor's roles to a Safe of 2 of 5, and name a second guardian."""
    safe = Safe(node, signers, 2, sender=keeper)
    venue.govern(venue.manager, "grantRole", Role.GUARDIAN, keeper, 0)
    safe.take_over(venue, governor)
    return safe


@pytest.fixture
def loot(venue, node, other, guardian, keeper):
    """List what a thief would have signed: every way to the money that a role opens."""
    fake = node.deploy("TestToken", "Fake", "FAKE", 18, 10**30, sender=other)
    module = node.deploy("KeyWallet", other, sender=other)
    authority = node.deploy("Authority", other, 1, sender=other)
    set_module = bytes.fromhex(venue.vault.setModule.encode(module, EVERY_MODULE)[2:10])
    manager, vault, delay = venue.manager, venue.vault, venue.config.governance.delay
    return [
        (manager, manager.grantRole.encode(Role.GOVERNOR, other, 0)),
        (manager, manager.grantRole.encode(Role.GOVERNOR, other, delay)),
        (manager, manager.grantRole.encode(Role.ADMINISTRATOR, other, delay)),
        (manager, manager.setTargetFunctionRole.encode(vault, [set_module], PUBLIC_ROLE)),
        (manager, manager.updateAuthority.encode(vault, authority)),
        (manager, manager.revokeRole.encode(Role.GUARDIAN, guardian)),
        (manager, manager.revokeRole.encode(Role.GUARDIAN, keeper)),
        (vault, vault.setModule.encode(module, EVERY_MODULE)),
        (vault, vault.setRiskEngine.encode(module)),
        (vault, vault.listAsset.encode(fake, 18, venue.feed("ETH"), venue.feed("ETH"), 2**127)),
        (vault, vault.setOutflowLimit.encode(venue.tokens["USDC"], 0, 0)),
        (venue.clearinghouse, venue.clearinghouse.setModules.encode(module, module)),
    ]


def pre_sign(venue, safe, loot, captured):
    """Let the captured signers sign a schedule of everything, one nonce after the other, and nobody sees it."""
    first = safe.contract.nonce()
    signed = []
    for place, (target, data) in enumerate(loot):
        schedule = venue.manager.schedule.encode(target, data, 0)
        transaction = safe.transaction(venue.manager, schedule, first + place)
        signed.append((transaction, safe.sign(transaction, *captured)))
    return signed


def held(venue):
    """Give what the vault has of every token."""
    return {name: token.balanceOf(venue.vault) for name, token in venue.tokens.items()}


def test_two_captured_signers_of_five_take_nothing(
    venue, node, safe, loot, signers, trader, lender, other, guardian, keeper
):
    """Attack 49: pre-signed, scheduled in one block, cancelled by guardians before the delay is over."""
    venue.deposit(trader, "WETH", "10")
    venue.deposit(lender, "USDC", "50000")
    before = held(venue)
    signed = pre_sign(venue, safe, loot, signers[:2])

    for transaction, signatures in signed:
        safe.submit(transaction, signatures, sender=other)

    # nothing is ready, and nothing else is faster
    node.pass_time(venue.config.governance.delay // 2)
    for target, data in loot:
        with pytest.raises(ContractRevert, match="GS013"):
            safe.act(venue.manager, venue.manager.execute.encode(target, data), *signers[:2], sender=other)
        with pytest.raises(ContractRevert, match="GS013"):
            safe.act(target, data, *signers[:2], sender=other)

    for target, data in loot:
        own = target is venue.manager and data == venue.manager.revokeRole.encode(Role.GUARDIAN, guardian)
        venue.manager.cancel(safe.address, target, data, sender=keeper if own else guardian)

    venue.warp(venue.config.governance.delay)
    for target, data in loot:
        with pytest.raises(ContractRevert, match="GS013"):
            safe.act(venue.manager, venue.manager.execute.encode(target, data), *signers[:2], sender=other)
    for role in Role:
        assert not venue.manager.hasRole(role, other)["isMember"]
    assert venue.manager.guardianCount() == 2
    assert held(venue) == before
    venue.withdraw(trader, "WETH", "10")
    venue.withdraw(lender, "USDC", "50000")


def test_honest_signers_take_the_safe_back(venue, safe, loot, signers, other, guardian):
    """While the guardian cancels, the other three replace the captured two, and what these had signed is void."""
    first, second, *honest = signers
    signed = pre_sign(venue, safe, loot, (first, second))
    sentinel = "0x" + "00" * 19 + "01"
    for captured in (first, second):
        safe.act(safe.address, safe.contract.removeOwner.encode(sentinel, captured, 2), *honest[:2], sender=other)

    assert set(safe.contract.getOwners()) == {each.address for each in honest}
    for transaction, signatures in signed:
        with pytest.raises(ContractRevert, match="GS0"):
            safe.submit(transaction, signatures, sender=other)


def test_what_nobody_cancels_still_keeps_its_delay(venue, safe, signers, other):
    """A guardian that sleeps: after one delay the thief is governor, and has to wait out another."""
    delay = venue.config.governance.delay
    data = venue.manager.grantRole.encode(Role.GOVERNOR, other, delay)
    safe.act(venue.manager, venue.manager.schedule.encode(venue.manager, data, 0), *signers[:2], sender=other)
    venue.warp(delay)
    safe.act(venue.manager, venue.manager.execute.encode(venue.manager, data), *signers[:2], sender=other)

    call = venue.vault.setOutflowLimit.encode(venue.tokens["USDC"], 0, 0)
    operation = venue.manager.hashOperation(other, venue.vault, call)
    with reverts("AccessManagerNotScheduled", operationId=operation):
        venue.vault.setOutflowLimit(venue.tokens["USDC"], 0, 0, sender=other)
