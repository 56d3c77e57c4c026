"""Every restricted function of a venue and of its spoke on another chain, with every role, as they are deployed."""

from typing import Any

import pytest
from eth_account import Account

from crossmargin.deployment.handover import restricted_contracts
from crossmargin.deployment.roles import MATRIX, Role
from crossmargin.simulation.two_chains.pair import Side
from tests.helpers.abis import OVER_THERE, arguments

STRANGER = Account.create().address
NOT_SCHEDULED, NOT_READY = "0x60a299b0", "0x18cb6b7a"
"""Selectors of the access manager's errors: an operation that nobody scheduled, and one before its time."""


@pytest.fixture(params=["hub", "spoke"])
def side(request, chain_pair) -> Side:
    """Give one end."""
    return getattr(chain_pair, request.param)


def restricted(side: Side) -> list[tuple[str, Any, str, Role]]:
    """List artifact, contract and function of all that the end has restricted, and who may call it."""
    return [
        (artifact, side.contract(name), function, role)
        for name, artifact in restricted_contracts(side.context.config)
        for function, role in MATRIX[artifact].items()
    ]


def encoded(contract: Any, function: str) -> str:
    """Encode a call with nothing for every argument."""
    entry = next(each for each in contract.abi if each["type"] == "function" and each["name"] == function)
    return contract.encode_abi(function, args=arguments(entry))


def test_what_one_chain_has_not_is_here(chain_pair):
    """Nothing restricted is deployed nowhere where roles are asked for."""
    here = {artifact for side in (chain_pair.hub, chain_pair.spoke) for artifact, *_ in restricted(side)}
    assert here >= OVER_THERE


def test_each_function_answers_its_role_alone(side):
    """INV-25, INV-40: at once for guardian and poster, after the delay for the governor, never for anybody else."""
    manager, delay = side.contract("AccessManager"), side.context.config.governance.delay
    holders = {Role.GOVERNOR: side.governor, Role.GUARDIAN: side.guardian, Role.POSTER: side.poster}
    deployer = side.context.chain.sender.address
    actors = [*(each.address for each in holders.values()), deployer, STRANGER]
    assert len(set(actors)) == 5
    for artifact, contract, function, role in restricted(side):
        selector = encoded(contract, function)[:10]
        found = {actor: tuple(manager.functions.canCall(actor, contract.address, selector).call()) for actor in actors}
        expected = (False, delay) if role is Role.GOVERNOR else (True, 0)
        wanted = dict.fromkeys(actors, (False, 0)) | {holders[role].address: expected}
        assert found == wanted, (artifact, function)


def test_what_loosens_waits_and_is_cancelled(side):
    """INV-40: no sooner than the delay, and never once a guardian has cancelled it."""
    manager, delay, chain = side.contract("AccessManager"), side.context.config.governance.delay, side.chain
    loosening = [
        (contract.address, encoded(contract, function))
        for _, contract, function, role in restricted(side)
        if role is Role.GOVERNOR
    ]
    for actor in (side.governor, side.guardian):
        chain.rpc("anvil_impersonateAccount", actor.address)

    def send(function: str, *args: Any, sender: str) -> None:
        sent = manager.functions[function](*args).transact({"from": sender})
        assert chain.web3.eth.wait_for_transaction_receipt(sent)["status"] == 1

    def refuse(target: str, data: str, error: str) -> None:
        with pytest.raises(Exception, match=error):
            manager.functions.execute(target, data).call({"from": side.governor.address})

    for target, data in loosening:
        refuse(target, data, NOT_SCHEDULED)
        send("schedule", target, data, 0, sender=side.governor.address)
        operation = manager.functions.hashOperation(side.governor.address, target, data).call()
        assert manager.functions.getSchedule(operation).call() >= chain.now + delay
        refuse(target, data, NOT_READY)
        send("cancel", side.governor.address, target, data, sender=side.guardian.address)
    chain.mine(chain.now + delay)
    for target, data in loosening:
        refuse(target, data, NOT_SCHEDULED)
