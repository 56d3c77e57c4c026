"""Every function that changes something, generated from the ABIs: who may call it, and that it ends in the gate."""

from typing import Any

import pytest

from crossmargin.deployment.roles import MATRIX
from crossmargin.model.permissions import Permission
from tests.helpers.abis import BESIDE, arguments, changing, functions_of, require_all
from tests.helpers.handles import Handle
from tests.helpers.lone_hub import hub_beside, report
from tests.helpers.reverts import reverts

HANDLES = {
    "MarginVault": "vault",
    "Clearinghouse": "clearinghouse",
    "Exchange": "exchange",
    "LiquidationAuction": "auction",
    "InsuranceFund": "fund",
    "Expiries": "expiries",
    "MarketLosses": "losses",
    "RiskEngine": "engine",
    "RiskParameters": "parameters",
    "OracleAdapter": "oracle",
    "VolatilitySurface": "surface",
    "OptionOracle": "options",
    "BatchSettler": "settler",
}
BESIDE_IT = ("RiskSteward", "VolatilityForecaster", "CollateralHub")
"""What no attribute of the tests' venue is."""

# Entry points that open no operation, because they change no account's money or risk.
OUTSIDE = {
    ("MarginVault", "setOperator"): "says who may act, checked when they do",
    ("Exchange", "cancel"): "voids an order of the caller's own",
    ("Exchange", "cancelAll"): "the same",
    ("OracleAdapter", "refresh"): "stores what the sources say",
    ("OracleAdapter", "refreshOld"): "does as refresh does, and nothing where all is recent",
    ("OracleAdapter", "updateAndRefresh"): "the same",
    ("Clearinghouse", "observeSettlement"): "adds to an average, which values nothing yet",
    ("OptionOracle", "refreshStale"): "does as refresh does, and nothing where all is recent",
    ("OptionOracle", "refreshOutdated"): "does as refresh does, for what is known to be wrong",
    ("BatchSettler", "settle"): "ends in the clearinghouse's settle",
    ("InsuranceFund", "approve"): "shares",
    ("InsuranceFund", "transfer"): "shares",
    ("InsuranceFund", "transferFrom"): "shares",
    ("InsuranceFund", "requestRedeem"): "an announcement",
    ("InsuranceFund", "deposit"): "ends in the vault's deposit",
    ("InsuranceFund", "mint"): "ends in the vault's deposit",
    ("InsuranceFund", "withdraw"): "ends in the vault's withdrawal",
    ("InsuranceFund", "redeem"): "ends in the vault's withdrawal",
    ("RiskSteward", "poke"): "moves margins of all alike: foundry/RiskSteward.t.sol",
    ("VolatilityForecaster", "observe"): "takes a price in",
    ("VolatilityForecaster", "update"): "the same",
    ("CollateralHub", "accept"): "says what may be credited, checked when it is",
    ("CollateralHub", "handle"): "ends in credit; for the hub itself",
    ("CollateralHub", "receiveMessage"): "the same, for transports",
    ("CollateralHub", "reclaim"): "gives back what the vault never had",
    ("CollateralHub", "redeem"): "notes what the vault's withdrawal has burnt; for receipts",
    ("CollateralHub", "sendBeat"): "tells another chain",
    ("CollateralHub", "sendRedemption"): "the same",
}
EVERY = [(contract, entry) for contract in (*HANDLES, *BESIDE_IT) for entry in changing(contract)]
RESTRICTED = [(contract, entry) for contract, entry in EVERY if entry["name"] in MATRIX.get(contract, {})]
OPEN = [(contract, entry) for contract, entry in EVERY if entry["name"] not in MATRIX.get(contract, {})]
TRIED = [(contract, entry) for contract, entry in OPEN if (contract, entry["name"]) not in OUTSIDE]


def name(case: Any) -> str | None:
    """Name a case by its function."""
    return case["name"] if isinstance(case, dict) else case


@pytest.fixture(scope="module")
def handles(venue, trader) -> dict[str, Handle]:
    """Find every contract; the hub has been told of an ether for the trader, which is not credited yet."""
    hub = hub_beside(venue)
    report(venue, hub, venue.account(trader), 10**18)
    hub.accept(1, venue.account(trader), True, sender=trader)
    venue.vault.setOperator(hub, int(Permission.DEPOSIT), venue.node.now + 10**7, sender=trader)
    found = {contract: getattr(venue, attribute) for contract, attribute in HANDLES.items()}
    for contract in ("RiskSteward", "VolatilityForecaster"):
        found[contract] = venue.node.at(contract, venue.record.address(contract))
    return found | {"CollateralHub": hub}


@pytest.mark.parametrize(("contract", "entry"), RESTRICTED, ids=name)
def test_restricted_functions_refuse_whoever_is_not_granted(handles, other, deployer, contract, entry):
    """INV-25: neither a stranger nor, after the hand-over, the deployer."""
    handle = handles[contract]
    for caller in (other, deployer):
        with reverts("AccessManagedUnauthorized", caller=caller):
            getattr(handle, entry["name"])(*arguments(entry), sender=caller)


@pytest.fixture
def hook(node, venue, deployer, trader) -> Handle:
    """List a token that calls out in every transfer; the trader holds some."""
    token = node.deploy("HookToken", sender=deployer)
    venue.govern(venue.vault, "listAsset", token, 18, venue.feed("ETH"), venue.feed("ETH"), 10**24)
    token.mint(trader, 10**18, sender=trader)
    token.approve(venue.vault, 2**256 - 1, sender=trader)
    return token


@pytest.mark.parametrize(("contract", "entry"), TRIED, ids=name)
def test_entry_points_open_the_gate_before_anything_else(venue, handles, hook, trader, contract, entry):
    """INV-10: each opens an operation, which is refused while a token moves, or needs that none is open.

    Or it answers to modules only.
    """
    handle = handles[contract]
    given = (1, venue.account(trader)) if contract == "CollateralHub" else arguments(entry)
    data = getattr(handle, entry["name"]).encode(*given)
    hook.configure(0, False, handle, data, sender=trader)

    venue.vault.deposit(venue.account(trader), hook, 10**18, sender=trader)

    assert hook.hookSucceeded() is False
    refusal = venue.node.errors.decode(bytes(hook.hookResult()))
    assert refusal.name in ("TokenTransferInProgress", "OperationOpen", "NotModule")


def test_every_function_that_anybody_may_call_is_an_entry_point():
    """Or it is listed with the reason."""
    tried = ((contract, entry["name"]) for contract, entry in TRIED)
    require_all(functions_of(None), tried, OUTSIDE, BESIDE)
