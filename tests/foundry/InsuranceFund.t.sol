// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {TouchMode} from "contracts/interfaces/IMarginVault.sol";
import {MODULE_AUCTION, MODULE_FEES, MODULE_GATE} from "contracts/types/Permissions.sol";

/// @notice The insurance fund over losses, surplus and limits. The test is a module that takes losses and pays fees.
contract InsuranceFundTest is VenueTest {
    /// @dev Roundings of a deposit and of a redemption [token units].
    uint256 private constant ROUNDING = 3;

    Party private first;
    Party private second;
    Party private payer;
    Party private winner;

    function setUp() public {
        deployVenue(1);
        first = party("first");
        second = party("second");
        payer = party("payer");
        winner = party("winner");
        vault.setModule(address(this), MODULE_GATE | MODULE_AUCTION | MODULE_FEES);
        fundParty(payer, usdc, 10_000_000e6);
    }

    /* STEPS */

    function _join(Party memory p, uint256 assets) private returns (uint256 shares) {
        usdc.mint(p.owner, assets);
        vm.startPrank(p.owner);
        usdc.approve(address(fund), assets);
        shares = fund.deposit(assets, p.owner);
        vm.stopPrank();
    }

    function _request(Party memory p) private {
        uint256 shares = fund.balanceOf(p.owner);
        vm.prank(p.owner);
        fund.requestRedeem(shares);
        skip(fund.cooldown());
    }

    /// @dev Fees that nobody has collected yet.
    function _earn(uint256 amount) private {
        vault.openGate();
        vault.touch(payer.account, TouchMode.Safe);
        vault.chargeFee(payer.account, amount);
        vault.closeGate();
    }

    /// @dev A loss of a part of the fund, or of all of it.
    function _lose(uint256 amount) private {
        uint256 all = vault.insuranceCash();
        vault.openGate();
        vault.touch(winner.account, TouchMode.Safe);
        vault.bearLoss(winner.account, amount < all ? amount : all, 0);
        vault.closeGate();
    }

    function _worth(Party memory p) private view returns (uint256) {
        return fund.previewRedeem(fund.balanceOf(p.owner));
    }

    /* SURPLUS */

    /// @dev Who joins pays for what is earned and not collected.
    function test_surplus_counts_before_shares_are_minted() public {
        _join(first, 1000e6);
        _earn(1000e18);
        uint256 worth = _worth(first);
        assertApproxEqAbs(worth, 2000e6, ROUNDING);

        _join(second, 1000e6);

        assertApproxEqAbs(_worth(first), worth, ROUNDING);
        assertLe(_worth(second), 1000e6);
        assertEq(vault.insuranceCash(), uint256(vault.cashOf(fund.fundAccount())), "collected");
    }

    /// @dev Who leaves takes its part of what is earned and not collected.
    function test_surplus_counts_before_shares_are_redeemed() public {
        _join(first, 1000e6);
        _request(first);
        _earn(1000e18);
        uint256 shares = fund.balanceOf(first.owner);
        uint256 preview = fund.previewRedeem(shares);

        vm.prank(first.owner);
        uint256 assets = fund.redeem(shares, first.owner, first.owner);

        assertEq(assets, preview);
        assertApproxEqAbs(usdc.balanceOf(first.owner), 2000e6, ROUNDING);
    }

    function test_a_replaced_fund_counts_its_own_cash_alone() public {
        _join(first, 1000e6);
        vault.setInsuranceFund(address(0));
        _earn(1000e18);
        assertEq(fund.totalAssets(), 1000e6);
    }

    function testFuzz_previews_are_what_happens(uint256 assets, uint256 fees, uint256 loss) public {
        _join(first, bound(assets, 1e6, 1e12));
        _earn(bound(fees, 0, 1_000_000e18));
        _lose(bound(loss, 0, fund.available()));
        _earn(bound(fees, 0, 1_000_000e18) / 3);
        assets = bound(assets, 1e6, 1e12);
        uint256 preview = fund.previewDeposit(assets);
        uint256 cost = fund.previewMint(preview);
        assertEq(_join(second, assets), preview);
        assertLe(cost, assets);
    }

    /* WIPE-OUTS */

    /// @dev Ten in a row: each joiner owns what it paid, and can leave with it.
    function test_ten_wipe_outs() public {
        for (uint256 i = 0; i < 10; ++i) {
            Party memory p = party(string.concat("joiner", vm.toString(i)));
            uint256 assets = 10 ** (6 + i % 7);
            _join(p, assets);
            assertApproxEqAbs(_worth(p), assets, ROUNDING, "a joiner owns what it paid");
            assertLe(_worth(p), assets, "and no more");
            _lose(type(uint128).max);
            assertEq(fund.totalAssets(), 0);
            assertLe(_worth(p), 1);
        }
        assertGe(fund.round(), 10);
        assertLe(fund.totalSupply(), 2 ** 112, "shares stay bounded");

        _join(first, 1000e6);
        _request(first);
        uint256 most = fund.maxRedeem(first.owner);
        vm.prank(first.owner);
        fund.redeem(most, first.owner, first.owner);
        assertApproxEqAbs(usdc.balanceOf(first.owner), 1000e6, ROUNDING);
    }

    /// @dev Losses that leave nearly nothing, as often: a unit that somebody donates stops no consolidation.
    function test_ten_wipe_outs_but_for_a_unit() public {
        for (uint256 i = 0; i < 10; ++i) {
            _join(first, 1_000_000e6);
            _lose(fund.available() - 1e12);
            assertEq(fund.totalAssets(), 1);
        }
        assertLe(fund.totalSupply(), 2 ** 112);
        _join(second, 1000e6);
        assertApproxEqAbs(_worth(second), 1000e6, ROUNDING);
    }

    /// @dev What is earned after a wipe-out belongs to those who were in.
    function test_who_joins_after_a_wipe_out_gains_nothing() public {
        _join(first, 100_000e6);
        _lose(type(uint128).max);
        _earn(10_000e18);
        uint256 before = _worth(first);
        assertApproxEqRel(before, 10_000e6, 1e14);

        _join(second, 1000e6);

        assertLe(_worth(second), 1000e6);
        assertApproxEqRel(_worth(first), before, 1e12);
    }

    /// @dev Nor does somebody lose its part by a consolidation: two holders keep theirs.
    function test_consolidation_keeps_parts() public {
        _join(first, 100_000e6);
        _join(second, 50_000e6);
        _request(second);
        _lose(fund.available() - 90e18);
        (uint256 one, uint256 two) = (_worth(first), _worth(second));
        (uint256 requested,) = fund.requestOf(second.owner);
        assertEq(requested, fund.balanceOf(second.owner));

        _join(payer, 1000e6);

        assertEq(fund.round(), 1);
        assertApproxEqAbs(_worth(first), one, ROUNDING);
        assertApproxEqAbs(_worth(second), two, ROUNDING);
        assertApproxEqAbs(one, 60e6, ROUNDING);
        (requested,) = fund.requestOf(second.owner);
        assertEq(requested, fund.balanceOf(second.owner), "the request is divided too");
        uint256 shares = fund.balanceOf(first.owner);
        vm.prank(first.owner);
        assertTrue(fund.transfer(second.owner, shares));
        assertEq(fund.balanceOf(first.owner), 0);
        (uint256 still,) = fund.requestOf(second.owner);
        assertEq(still, requested);
        assertApproxEqAbs(_worth(second), one + two, ROUNDING);
    }

    /// @dev Whatever was lost before, a deposit buys what it costs, at nobody's expense.
    function testFuzz_deposits_are_fair_after_losses(uint256[6] memory losses, uint256 assets) public {
        _join(first, 1_000_000e6);
        for (uint256 i = 0; i < losses.length; ++i) {
            uint256 all = fund.available();
            _lose(losses[i] % 3 == 0 ? all : losses[i] % (all + 1));
            _earn(losses[i] % 1e21);
            uint256 before = _worth(first);
            uint256 paid = bound(assets ^ losses[i], 1e6, 1e13);
            uint256 had = _worth(second);
            _join(second, paid);
            assertApproxEqAbs(_worth(first), before, ROUNDING + before / 1e6, "the first");
            assertLe(_worth(second), had + paid + ROUNDING, "a joiner gains nothing");
            assertGe(_worth(second) + ROUNDING + had / 1e6 + paid / 1e6, had + paid, "nor loses anything");
        }
    }

    /* WHAT max* SAY */

    function _borrow(uint256 amount) private {
        Party memory p = party("borrower");
        fundParty(p, weth, 20_000e18);
        refreshAll();
        vm.prank(p.owner);
        vault.withdraw(p.account, address(usdc), amount, p.owner);
    }

    function _limits(uint256 cap, uint256 outflow, uint256 liquid) private {
        _join(first, 1_000_000e6);
        _request(first);
        _earn(12_345e18);
        vault.configureAsset(address(usdc), uint128(bound(cap, 0, 20_000_000e6)), true);
        // one limit or the other
        if (outflow % 2 != 0) vault.setOutflowLimit(address(usdc), uint96(bound(outflow, 1, 2_000_000e6)), 1 days);
        else _borrow(11_000_000e6 - bound(liquid, 0, 2_000_000e6));
    }

    function testFuzz_max_deposit_is_what_a_deposit_takes(uint256 cap, bool minted) public {
        _limits(cap, 1, 0);
        uint256 most = fund.maxDeposit(second.owner);
        uint256 shares = fund.maxMint(second.owner);
        usdc.mint(second.owner, most + 1e6);
        vm.startPrank(second.owner);
        usdc.approve(address(fund), type(uint256).max);
        vm.expectRevert();
        if (minted) fund.mint(shares + 1, second.owner);
        else fund.deposit(most + 1, second.owner);
        if (most != 0 && minted) fund.mint(shares, second.owner);
        else if (most != 0) fund.deposit(most, second.owner);
        vm.stopPrank();
    }

    function test_without_a_cap_deposits_have_a_bound() public {
        uint256 most = fund.maxDeposit(first.owner);
        assertEq(_join(first, most), fund.balanceOf(first.owner));
        assertEq(fund.maxDeposit(first.owner), 0);
    }

    function testFuzz_max_withdraw_is_what_can_leave(uint256 outflow, uint256 liquid) public {
        _limits(type(uint256).max, outflow, liquid);
        uint256 most = fund.maxWithdraw(first.owner);
        vm.startPrank(first.owner);
        vm.expectRevert();
        fund.withdraw(most + 1, first.owner, first.owner);
        if (most != 0) fund.withdraw(most, first.owner, first.owner);
        vm.stopPrank();
        assertEq(usdc.balanceOf(first.owner), most);
    }

    function testFuzz_max_redeem_is_what_can_leave(uint256 outflow, uint256 liquid) public {
        _limits(type(uint256).max, outflow, liquid);
        uint256 most = fund.maxRedeem(first.owner);
        vm.startPrank(first.owner);
        vm.expectRevert();
        fund.redeem(most + 1, first.owner, first.owner);
        if (most != 0) fund.redeem(most, first.owner, first.owner);
        vm.stopPrank();
    }

    function test_nothing_can_be_redeemed_that_is_worth_nothing() public {
        _join(first, 1000e6);
        _request(first);
        _lose(type(uint128).max);
        assertEq(fund.maxRedeem(first.owner), 0);
        assertEq(fund.maxWithdraw(first.owner), 0);
    }
}
