"""Listing, caps, limits, rates and wiring: checked, restricted, and unchanged when refused."""

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.units import CLOSED
from tests.helpers.reverts import reverts

DAY = 86_400
ZERO = "0x" + "00" * 20


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("listAsset", (ZERO, 18, 1, 1, 1)),
        ("configureAsset", (ZERO, 1, True)),
        ("disableDeposits", (ZERO, 1)),
        ("setOutflowLimit", (ZERO, 1, 1)),
        ("setRateModel", ((0, 0, 0, 0, 0),)),
        ("setModule", (ZERO, 15)),
        ("setRiskEngine", (ZERO,)),
        ("setInsuranceFund", (ZERO,)),
        ("pauseRiskIncrease", (1,)),
        ("unpauseRiskIncrease", ()),
    ],
)
def test_governance_refuses_strangers(venue, other, function, arguments):
    """INV-25: no function of governance answers to anybody else."""
    with venue.refuses("AccessManagedUnauthorized", caller=other):
        getattr(venue.vault, function)(*arguments, sender=other)


def test_list_asset_asserts_decimals(venue, node, deployer):
    """Attack 9: a wrong number of decimals is found at listing."""
    token = node.deploy("TestToken", "Odd", "ODD", 8, 10**30, sender=deployer)
    with venue.refuses("DecimalsMismatch", token=token, actual=8, expected=18):
        venue.govern(venue.vault, "listAsset", token, 18, 1, 1, 1)


@pytest.mark.parametrize(("decimals", "limit"), [(5, 6), (19, 18)])
def test_list_asset_refuses_odd_decimals(venue, node, deployer, decimals, limit):
    """Outside 6 to 18 the conversion to wad would lose or overflow."""
    token = node.deploy("TestToken", "Odd", "ODD", decimals, 10**30, sender=deployer)
    with venue.refuses("ParameterOutOfRange", value=decimals, limit=limit):
        venue.govern(venue.vault, "listAsset", token, decimals, 1, 1, 1)


def test_list_asset_refuses_a_second_listing(venue):
    """Neither the quote token nor an asset twice."""
    for name in ("USDC", "WETH"):
        token = venue.tokens[name]
        with venue.refuses("AssetAlreadyListed", token=token):
            venue.govern(venue.vault, "listAsset", token, token.decimals(), 1, 1, 1)


def test_list_asset_refuses_an_unknown_underlying(venue, node, deployer):
    """An asset without risk parameters would count for nothing."""
    token = node.deploy("TestToken", "New", "NEW", 18, 10**30, sender=deployer)
    with venue.refuses("UnknownUnderlying", underlying=200):
        venue.govern(venue.vault, "listAsset", token, 18, 1, 200, 1)


def test_wiring_names_contracts(venue):
    """An engine or a module without code would stop every valuation, or answer to nobody."""
    nobody = "0x" + "11" * 20
    for function, arguments in (
        ("setRiskEngine", (nobody,)),
        ("setModule", (nobody, 1)),
        ("setInsuranceFund", (nobody,)),
    ):
        with venue.refuses("NotAContract", target=nobody):
            venue.govern(venue.vault, function, *arguments)


def test_module_roles_are_known_bits(venue):
    """A bit that means nothing today could mean something to the next module."""
    with venue.refuses("ParameterOutOfRange", value=16, limit=15):
        venue.govern(venue.vault, "setModule", venue.exchange, 16)


def test_the_last_auction_stays(venue, node, other):
    """Auctions go on until there is another contract that can run them."""
    with venue.refuses("LastAuction", module=venue.auction):
        venue.govern(venue.vault, "setModule", venue.auction, 0)
    with venue.refuses("LastAuction", module=venue.auction):
        venue.govern(venue.vault, "setModule", venue.auction, 1)

    successor = node.deploy("KeyWallet", other, sender=other)
    venue.govern(venue.vault, "setModule", successor, 9)
    venue.govern(venue.vault, "setModule", venue.auction, 2)
    assert venue.vault.moduleRoles(venue.auction) == 2
    with venue.refuses("LastAuction", module=successor):
        venue.govern(venue.vault, "setModule", successor, 1)


def test_deposits_are_closed_for_a_time(venue, guardian, trader):
    """The guardian never shortens it, and a week is the most."""
    token = venue.tokens["WETH"]
    receipt = venue.vault.disableDeposits(token, DAY, sender=guardian)
    event = receipt.event("DepositsClosed")
    assert (event.token, event.until) == (token.address, receipt.time + DAY)
    assert venue.vault.disableDeposits(token, 1, sender=guardian).event("DepositsClosed").until == receipt.time + DAY
    with reverts("DepositsDisabled", token=token):
        venue.deposit(trader, "WETH", "1")
    with venue.refuses("ParameterOutOfRange", value=3 * DAY + 1, limit=3 * DAY):
        venue.vault.disableDeposits(token, 3 * DAY + 1, sender=guardian)

    venue.warp(DAY)
    venue.deposit(trader, "WETH", "1")


def test_configuring_leaves_what_a_guardian_closed(venue, guardian, trader):
    """A new cap must not open early what is closed for a time; governance's own closure is its to lift."""
    token, cap = venue.tokens["WETH"], 10**24
    venue.vault.disableDeposits(token, DAY, sender=guardian)
    venue.govern(venue.vault, "configureAsset", token, cap, True)
    with reverts("DepositsDisabled", token=token):
        venue.deposit(trader, "WETH", "1")

    venue.govern(venue.vault, "configureAsset", token, cap, False)
    assert venue.vault.assetAt(venue.asset("WETH"))["closedUntil"] == CLOSED
    assert venue.vault.disableDeposits(token, DAY, sender=guardian).event("DepositsClosed").until == CLOSED
    venue.warp(DAY)
    with reverts("DepositsDisabled", token=token):
        venue.deposit(trader, "WETH", "1")
    venue.govern(venue.vault, "configureAsset", token, cap + 1, True)
    venue.deposit(trader, "WETH", "1")


def test_rate_model_is_bounded(venue):
    """The highest rate, the kink and the reserve factor have limits."""
    cases = (
        ((10**6, 1, 0, 0, 0), 10**6 + 1, 10**6),
        ((0, 0, 0, 10**6, 0), 10**6, 10**6),
        ((0, 0, 0, 0, 10**6 + 1), 10**6 + 1, 10**6),
    )
    for model, value, limit in cases:
        with venue.refuses("ParameterOutOfRange", value=value, limit=limit):
            venue.govern(venue.vault, "setRateModel", model)


def test_outflow_capacity_is_bounded(venue):
    """What is used and its negative must fit their slot."""
    with venue.refuses("ParameterOutOfRange", value=2**95, limit=2**95 - 1):
        venue.govern(venue.vault, "setOutflowLimit", venue.tokens["WETH"], 2**95, 1)


def test_outflow_limit_needs_a_window(venue):
    """A capacity that never refills would lock an asset."""
    with venue.refuses("ParameterOutOfRange", value=0, limit=1):
        venue.govern(venue.vault, "setOutflowLimit", venue.tokens["WETH"], 1, 0)


def test_outflow_limit_cannot_be_reset_by_setting_it(venue, trader):
    """What was used stays used."""
    token = venue.tokens["WETH"]
    venue.deposit(trader, "WETH", "1")
    venue.warp(7 * 86_400)
    venue.govern(venue.vault, "setOutflowLimit", token, 10**18, 10**6)
    venue.withdraw(trader, "WETH", "1")
    venue.govern(venue.vault, "setOutflowLimit", token, 10**18, 10**6)
    assert venue.vault.outflowOf(token)["available"] < 10**17


def test_cap_below_the_total_stops_deposits_only(venue, trader):
    """Lowering a cap takes nothing from anybody."""
    venue.deposit(trader, "WETH", "2")
    venue.govern(venue.vault, "configureAsset", venue.tokens["WETH"], 1, True)
    venue.withdraw(trader, "WETH", "2")
    assert venue.tokens["WETH"].balanceOf(trader) == 2 * 10**18


def test_quote_cap_is_set_like_any_other(venue):
    """The quote token's cap is for cash that earns."""
    venue.govern(venue.vault, "configureAsset", venue.tokens["USDC"], 12_345, True)
    assert venue.vault.cashTotals()["cap"] == 12_345
    assert wad(1) == 10**18
