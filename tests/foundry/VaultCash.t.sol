// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {IMarginVault, RateModel, TouchMode} from "contracts/interfaces/IMarginVault.sol";
import {MODULE_AUCTION, MODULE_CLEARINGHOUSE, MODULE_FEES, MODULE_GATE} from "contracts/types/Permissions.sol";

/// @notice The vault's cash over a century, beside a pool, and its surplus before a loss. The test is a module.
contract VaultCashTest is VenueTest {
    uint256 private constant RAY = 1e27;

    Party private lender;
    Party private other;
    Party private borrower;

    function setUp() public {
        deployVenue(1);
        lender = party("lender");
        other = party("other");
        borrower = party("borrower");
        vault.setModule(address(this), MODULE_GATE | MODULE_AUCTION | MODULE_CLEARINGHOUSE | MODULE_FEES);
    }

    modifier operating() {
        vault.openGate();
        _;
        vault.closeGate();
    }

    /// @dev Cash becomes a loan by a fee: nobody asks for margin of an account that is only touched.
    function _charge(Party memory p, uint256 amount) private operating {
        vault.touch(p.account, TouchMode.Safe);
        vault.chargeFee(p.account, amount);
    }

    /// @dev A loss into the pools, or a profit out of them.
    function _settle(Party memory p, int256 amount) private operating {
        vault.touch(p.account, TouchMode.Safe);
        vault.settleCash(p.account, amount);
    }

    function _draw(Party memory p, uint256 amount) private operating returns (uint256 paid) {
        vault.touch(p.account, TouchMode.Safe);
        (paid,,) = vault.bearLoss(p.account, amount, 0);
    }

    /// @dev What is owed to the vault and there is never less than what the vault owes.
    function _checkIdentity() private view {
        (uint256 supply, uint256 borrowed, uint256 pools, uint256 deficit, uint256 tokens,) = vault.cashTotals();
        assertGe(tokens + borrowed + deficit + 2, supply + pools, "cash identity");
    }

    /* A CENTURY */

    function _century(uint256 steps, uint256 seed) private {
        vault.setRateModel(RateModel(1_000_000, 0, 0, 0, 0));
        fundParty(lender, usdc, 1_000_000e6);
        _settle(borrower, -1_000_000e18);
        _settle(other, 1_000_000e18);
        (uint256 supplyBefore, uint256 borrowBefore) = vault.indices();
        uint256 start = vm.getBlockTimestamp();
        for (uint256 i = 1; i <= steps; ++i) {
            uint256 part = seed == 0 ? 0 : uint256(keccak256(abi.encode(seed, i))) % (36_500 days / steps);
            vm.warp(start + 36_500 days * i / steps - (i == steps ? 0 : part));
            vault.collectSurplus();
            (uint256 supplyIndex, uint256 borrowIndex) = vault.indices();
            assertGt(borrowIndex, borrowBefore, "borrowers stopped");
            assertGt(supplyIndex, supplyBefore, "lenders stopped");
            (supplyBefore, borrowBefore) = (supplyIndex, borrowIndex);
            _checkIdentity();
        }
        assertLe(supplyBefore, borrowBefore, "lenders earn more than the rate");
        assertLt(vault.cashOf(borrower.account), -1_000_000e18 * 100);
    }

    function test_INV_42_a_century_at_the_highest_rate_yearly() public {
        _century(100, 0);
    }

    function test_INV_42_a_century_at_the_highest_rate_monthly() public {
        _century(1200, 0);
    }

    function testFuzz_INV_42_a_century_at_the_highest_rate(uint256 seed) public {
        _century(40, bound(seed, 1, type(uint128).max));
    }

    /// @dev After a century a debt of one wei is still one, and money moves to the millionth of a cent.
    function test_INV_42_balances_stay_exact_for_a_century() public {
        _century(100, 0);
        _charge(lender, uint256(vault.cashOf(lender.account)) + 1);
        assertLt(vault.cashOf(lender.account), 0, "a debt of a wei");
        assertGe(vault.cashOf(lender.account), -1e6, "rounded up by far less than a millionth of a cent");
        uint256 half = uint256(vault.cashOf(other.account)) / 2;
        int256 before = vault.cashOf(other.account);
        _charge(other, half);
        assertApproxEqRel(vault.cashOf(other.account), before - int256(half), 1);
        _checkIdentity();
    }

    /* DUST, AND CASH IN A POOL */

    /// @dev 0.000001 beside loans of 270 used up the index in ten days.
    function test_INV_42_a_lender_of_dust_earns_the_rate() public {
        vault.setInsuranceFund(address(0));
        fundParty(lender, usdc, 1);
        _charge(borrower, 270e18);
        for (uint256 i = 0; i < 10; ++i) {
            skip(1 days);
            vault.collectSurplus();
        }
        (uint256 supplyIndex, uint256 borrowIndex) = vault.indices();
        assertLe(supplyIndex, borrowIndex);
        assertLt(supplyIndex, RAY * 102 / 100);
        fundParty(other, usdc, 1_000_000e6);
        skip(365 days);
        assertGt(vault.cashOf(other.account), 1_000_000e18, "later lenders earn");
    }

    /// @dev The same loans, half of the lenders' cash in a pool or not: borrowers pay, and a dollar earns, the same.
    function testFuzz_INV_42_cash_in_a_pool_changes_no_rate(uint256 lent, uint256 moved, uint256 debt) public {
        lent = bound(lent, 1e6, 1e15);
        moved = bound(moved, 1, lent);
        debt = bound(debt, 1e12, 1e27);
        fundParty(lender, usdc, lent);
        fundParty(other, usdc, lent);
        _charge(borrower, debt);
        uint256 snapshot = vm.snapshotState();
        skip(30 days);
        (uint256 supplyIndex, uint256 borrowIndex) = vault.indices();
        vm.revertToState(snapshot);
        _settle(other, -int256(moved * 1e12));
        skip(30 days);
        (uint256 supplyWith, uint256 borrowWith) = vault.indices();
        assertEq(borrowWith, borrowIndex);
        assertEq(supplyWith, supplyIndex);
    }

    /// @dev A loss settled by a stranger: while the cash lies in the pool the loan costs what idle cash costs.
    function test_INV_42_settling_a_loss_costs_the_borrower_little() public {
        fundParty(lender, usdc, 200_000e6);
        _settle(borrower, -110_000e18);
        skip(365 days);
        assertGt(vault.cashOf(borrower.account), -110_000e18 * 102 / 100, "64 % before");
    }

    /* SURPLUS BEFORE LOSSES */

    function test_surplus_pays_with_the_fund() public {
        usdc.mint(address(this), 1000e6);
        usdc.approve(address(fund), 1000e6);
        fund.deposit(1000e6, address(this));
        fundParty(lender, usdc, 10_000e6);
        _charge(lender, 500e18);
        assertEq(vault.insuranceCash(), 1500e18 - 1e12, "two wei are kept for roundings, and whole millionths go");
        assertEq(fund.totalAssets(), 1500e6 - 1, "it counts before it is collected");

        assertEq(_draw(other, 2000e18), 1500e18 - 1e12);

        assertEq(vault.cashOf(other.account), 2000e18, "what nobody bears is on the deficit ledger");
        (,,, uint256 deficit,,) = vault.cashTotals();
        assertEq(deficit, 500e18 + 1e12);
        assertEq(vault.insuranceCash(), 0);
        assertEq(vault.cashOf(fund.fundAccount()), 0);
        _checkIdentity();
    }

    function test_surplus_pays_without_a_fund() public {
        vault.setInsuranceFund(address(0));
        fundParty(lender, usdc, 10_000e6);
        _charge(lender, 500e18);

        assertEq(_draw(other, 100e18), 100e18);
        assertEq(_draw(other, 1000e18), 400e18 - 1e12);
        _checkIdentity();
    }

    function test_the_deficit_comes_before_the_insurance() public {
        fundParty(lender, usdc, 10_000e6);
        assertEq(_draw(other, 300e18), 0);
        _charge(lender, 500e18);
        assertEq(vault.insuranceCash(), 200e18 - 1e12);

        assertEq(_draw(borrower, 200e18 - 1e12), 200e18 - 1e12);

        (,,, uint256 deficit,,) = vault.cashTotals();
        assertEq(deficit, 0);
        _checkIdentity();
    }

    function test_a_loss_needs_the_auctions_role_and_a_touched_account() public {
        vm.prank(lender.owner);
        vm.expectRevert(abi.encodeWithSelector(IMarginVault.NotModule.selector, lender.owner));
        vault.bearLoss(lender.account, 1, 0);
        vault.openGate();
        vm.expectRevert(abi.encodeWithSelector(IMarginVault.NotTouched.selector, lender.account));
        vault.bearLoss(lender.account, 1, 0);
    }

    /* LEAVING BEFORE A LOSS */

    /// @dev The auction says what it may ask fund and lenders for.
    function _sight(Party memory p, uint256 loss) private operating {
        vault.touch(p.account, TouchMode.Safe);
        vault.setInAuction(p.account, true, uint40((loss + 1e18 - 1) / 1e18));
    }

    function _leave(Party memory p, uint256 amount) private returns (uint256) {
        vm.prank(p.owner);
        return vault.withdraw(p.account, address(usdc), amount, p.owner);
    }

    /// @dev Two lend the same, one leaves in two steps before a loss that is borne as it was seen: it has no more than
    /// who stayed, and less by roundings only.
    function testFuzz_INV_20_who_leaves_before_a_loss_has_what_who_stays_has(
        uint256 lent,
        uint256 insured,
        uint256 loss,
        uint256 first
    ) public {
        lent = bound(lent, 1000e6, 1e15);
        insured = bound(insured, 1e6, lent);
        loss = bound(loss, 1e18, 2 * (lent + insured) * 1e12);
        usdc.mint(address(this), insured);
        usdc.approve(address(fund), insured);
        fund.deposit(insured, address(this));
        fundParty(lender, usdc, lent);
        fundParty(other, usdc, lent);
        _sight(borrower, loss);
        assertEq(vault.lossInSight(), (loss + 1e18 - 1) / 1e18 * 1e18);

        uint256 left = _leave(lender, bound(first, 1, lent));
        if (vault.cashOf(lender.account) >= 1e12) left += _leave(lender, type(uint256).max);
        assertEq(usdc.balanceOf(lender.owner), left);
        _borne(party("bidder"), loss);

        // safe because nobody owes here
        uint256 stayed = uint256(vault.cashOf(other.account)) / 1e12;
        assertLe(left, stayed + 2);
        // a loss is seen in whole dollars, and an index keeps lenders a thousandth
        assertLe(stayed, left + lent / 1000 + 2e6);
        _checkIdentity();
    }

    function _borne(Party memory p, uint256 loss) private operating {
        vault.touch(p.account, TouchMode.Safe);
        vault.bearLoss(p.account, loss, loss);
    }

    function test_INV_20_losses_that_the_insurance_bears_cost_nobody_who_leaves() public {
        usdc.mint(address(this), 1000e6);
        usdc.approve(address(fund), 1000e6);
        fund.deposit(1000e6, address(this));
        fundParty(lender, usdc, 10_000e6);
        _sight(borrower, 1000e18);
        assertEq(_leave(lender, 4000e6), 4000e6);

        _sight(borrower, 4000e18);
        assertEq(_leave(lender, 2000e6), 1000e6, "half of what is lent is in sight beyond the fund");
        assertEq(vault.cashOf(lender.account), 4000e18);
        assertEq(vault.insuranceCash(), 2000e18 - 1e12);
        assertEq(_leave(lender, 4000e6), 2000e6 - 1, "and still, of what is left");

        _sight(borrower, 0);
        assertEq(vault.lossInSight(), 0);
    }

    /// @dev What accounts have in sight is added, replaced and forgotten, each for itself.
    function test_INV_20_losses_in_sight_are_summed() public {
        _sight(borrower, 5e18);
        _sight(other, 7e18 + 1);
        assertEq(vault.lossInSight(), 13e18);
        _sight(borrower, 1e18);
        assertEq(vault.lossInSight(), 9e18);
        _sight(other, (2 ** 40 - 1) * 1e18);
        assertEq(vault.lossInSight(), 2 ** 40 * 1e18);
        _sight(borrower, 0);
        _sight(other, 0);
        assertEq(vault.lossInSight(), 0);
    }

    /* RANGE */

    function test_cash_beyond_its_slot_is_refused() public {
        vault.openGate();
        vault.touch(lender.account, TouchMode.Safe);
        vm.expectRevert(
            abi.encodeWithSelector(IMarginVault.AmountOutOfRange.selector, -int256(2 ** 109) - 1, -int256(2 ** 109))
        );
        vault.chargeFee(lender.account, 2 ** 109 + 1);
    }
}
