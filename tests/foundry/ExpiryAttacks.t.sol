// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {IClearinghouse} from "contracts/interfaces/IClearinghouse.sol";
import {MarketRules, Order} from "contracts/interfaces/IExchange.sol";
import {ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault, IUnlockCallback} from "contracts/interfaces/IMarginVault.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {KIND_CALL} from "contracts/types/InstrumentId.sol";

/// @notice What attackers could try around an expiry, and beside options of another index.
contract ExpiryAttacksTest is VenueTest, IUnlockCallback {
    Party private one;
    Party private other;
    Party private keeper;
    uint64 private deep;
    uint64 private near;

    function setUp() public {
        deployVenue(1);
        listOptions(0, (block.timestamp / 1 hours + 7) * 1 hours);
        exchange.setRules(1, MarketRules(0, 0, 50_000));
        one = party("one");
        other = party("other");
        keeper = party("keeper");
        fundParty(party("lender"), usdc, 10_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
        deep = clearinghouse.list(KIND_CALL, 1, optionExpiry, 1000e18, marketConfig());
        near = clearinghouse.list(KIND_CALL, 1, optionExpiry, 2000e18, marketConfig());
        series.push(deep);
        series.push(near);
        options.refresh(series);
    }

    function _open(Party memory p, Party memory against, uint64 id, int256 size) private {
        (uint256 mark,,) = options.mark(id);
        trade(against, p, id, size, mark);
    }

    function _initial(Party memory p) private view returns (Margin memory m) {
        (m,) = engine.margin(p.account);
    }

    function _maintenance(Party memory p) private view returns (Margin memory m) {
        (, m) = engine.margin(p.account);
    }

    function _move(uint256 price, uint256 time) private {
        vm.warp(time);
        setPrice(1, price);
        refreshAll();
    }

    function _withdraw(Party memory p, uint256 amount) private {
        vm.prank(p.owner);
        vault.withdraw(p.account, address(usdc), amount, p.owner);
    }

    /* EXPIRY */

    /// @notice Attack 59: a pair of own accounts looks hedged by options whose payoff is known already, until somebody
    /// finishes their settlement.
    function test_attack_59_a_known_payoff_hedges_nothing() public {
        fundParty(one, usdc, 20_000e6);
        fundParty(other, usdc, 20_000e6);
        _open(one, other, deep, 100e18);
        trade(other, one, perpetuals[0], -100e18, 2000e18);
        _move(2000e8, optionExpiry - 30 minutes);
        clearinghouse.startSettlement(near);
        _move(2000e8, optionExpiry);
        options.refresh(series);
        assertLt(_maintenance(one).requirement, 7000e18);
        clearinghouse.finishSettlement(near);

        // what is left is a perpetual: at least its shock of 5 %
        assertGe(_maintenance(one).requirement, 10_000e18);
        (int256 size,) = clearinghouse.position(one.account, deep);
        assertEq(size, 100e18);
        _move(2200e8, optionExpiry + 6 hours);
        int256 equity = _maintenance(one).equity;
        assertLt(_maintenance(one).excess, 0);

        uint256 state = vm.snapshotState();
        clearinghouse.finishSettlement(deep);
        assertEq(_maintenance(one).equity, equity);
        vm.revertToState(state);
        auction.start(one.account, keeper.account);
        assertTrue(vault.isInAuction(one.account));
    }

    /// @notice Attack 62: buy an account at the index, as insolvent, then end the window and own what it is worth.
    function test_attack_62_an_auction_begins_with_the_average() public {
        fundParty(one, usdc, 200_000e6);
        fundParty(other, usdc, 200_000e6);
        _move(2190e8, optionExpiry - 1 hours);
        postSlice();
        options.refresh(series);
        _open(one, other, near, 100e18);
        trade(other, one, perpetuals[0], 50e18, 2190e18);
        _withdraw(one, uint256(_initial(one).excess) / 1e12 - 1e6);
        _move(2190e8, optionExpiry - 30 minutes);
        clearinghouse.startSettlement(near);
        _move(2190e8, optionExpiry - 1);
        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.start(one.account, keeper.account);
        _move(1950e8, optionExpiry);
        assertLt(_maintenance(one).equity, 0);

        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.start(one.account, keeper.account);
        // nor inside an operation, nor can the average be made there
        vm.expectRevert(ILiquidationAuction.OperationOpen.selector);
        vault.unlock(abi.encodeCall(auction.start, (one.account, keeper.account)));
        vm.expectRevert(IClearinghouse.OperationOpen.selector);
        vault.unlock(abi.encodeCall(clearinghouse.finishSettlement, (near)));

        // a window that was missed makes no average: the index counts
        _move(1950e8, optionExpiry + 31 minutes);
        auction.start(one.account, keeper.account);
        assertTrue(vault.isInAuction(one.account));
    }

    /// @dev Called by the vault inside `unlock`.
    function unlockCallback(bytes calldata data) external returns (bytes memory answer) {
        bool done;
        (done, answer) = address(
                bytes4(data) == IClearinghouse.finishSettlement.selector ? address(clearinghouse) : address(auction)
            ).call(data);
        if (done) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @notice Once an average is known an account is settled at it, and its leg goes when the market is finished.
    function test_settles_at_a_known_average() public {
        fundParty(one, usdc, 50_000e6);
        fundParty(other, usdc, 50_000e6);
        _open(one, other, deep, 10e18);
        _move(2100e8, optionExpiry - 30 minutes);
        clearinghouse.startSettlement(near);
        _move(2100e8, optionExpiry);
        clearinghouse.settle(one.account, clearinghouse.legIds(one.account));
        (,,, bool finished) = clearinghouse.settlementOf(deep);
        assertFalse(finished);
        assertEq(clearinghouse.legIds(one.account).length, 1);

        clearinghouse.finishSettlement(near);
        clearinghouse.settle(other.account, clearinghouse.legIds(other.account));
        clearinghouse.settle(one.account, clearinghouse.legIds(one.account));
        uint256 payoff;
        (,, payoff, finished) = clearinghouse.settlementOf(deep);
        assertFalse(finished);
        assertEq(payoff, 1100e18);
        assertEq(_maintenance(one).equity, vault.cashOf(one.account));
        assertApproxEqAbs(vault.cashOf(one.account) + vault.cashOf(other.account), 100_000e18, 10);

        clearinghouse.finishSettlement(deep);
        clearinghouse.settle(other.account, clearinghouse.legIds(other.account));
        clearinghouse.settle(one.account, clearinghouse.legIds(one.account));
        assertEq(clearinghouse.legIds(one.account).length, 0);
        assertEq(clearinghouse.legIds(other.account).length, 0);
        assertApproxEqAbs(vault.cashOf(one.account) + vault.cashOf(other.account), 100_000e18, 10);
    }

    /// @notice Attack 60: in the last minute an option is marked at the index of then, and will pay at an average of
    /// another: sold at nothing to an own account, with little margin.
    function test_attack_60_what_will_pay_an_average_backs_no_new_risk() public {
        fundParty(one, usdc, 50_000e6);
        fundParty(other, usdc, 50_000e6);
        _open(one, other, near, -10e18);
        _move(2100e8, optionExpiry - 30 minutes - 1);
        postSlice();
        options.refresh(series);
        assertTrue(_initial(one).pricesValid);
        _withdraw(one, 1e6);

        _move(2100e8, optionExpiry - 30 minutes);
        clearinghouse.startSettlement(near);
        _move(2000e8, optionExpiry - 48);
        postSlice();
        options.refresh(series);
        assertFalse(_initial(one).pricesValid);
        assertTrue(_maintenance(one).pricesValid);
        vm.expectRevert(abi.encodeWithSelector(IMarginVault.PricesNotValid.selector, one.account));
        this.withdraw(one, 1e6);
        (uint256 mark,,) = options.mark(near);
        vm.expectPartialRevert(IMarginVault.PricesNotValid.selector);
        this.sell(one, other, near, 1e18, mark, false, false);
        vm.expectPartialRevert(IMarginVault.PricesNotValid.selector);
        this.sell(keeper, party("newcomer"), near, 1e18, mark, false, false);
        this.sell(other, one, near, 1e18, mark, true, true);

        _move(2000e8, optionExpiry);
        assertFalse(_initial(one).pricesValid);
        clearinghouse.finishSettlement(near);
        assertTrue(_initial(one).pricesValid);
        (,, uint256 payoff,) = clearinghouse.settlementOf(near);
        assertGt(payoff, 90e18);
        assertEq(_maintenance(one).equity, _initial(one).equity);
        _withdraw(one, 1e6);
    }

    /* REDUCTIONS */

    /// @notice Attack 61: an account whose options are marked at another index gives away, in a reduction of something
    /// else, what it owes.
    function test_attack_61_a_reduction_is_judged_by_recent_arrays() public {
        fundParty(other, usdc, 10_000_000e6);
        fundParty(one, usdc, 2_000_000e6);
        _open(one, other, near, -1000e18);
        trade(other, one, perpetuals[0], -600e18, 2000e18);
        _withdraw(one, uint256(_initial(one).excess) / 1e12 - 1e6);
        skip(12);
        setPrice(1, 2220e8);
        refreshAll();
        assertGt(_maintenance(one).equity, 0);
        uint256 state = vm.snapshotState();
        options.refresh(series);
        assertLt(_maintenance(one).equity, -50_000e18);
        vm.revertToState(state);

        vm.expectPartialRevert(IMarginVault.EquityFell.selector);
        this.sell(keeper, one, perpetuals[0], 50e18, 2330e18, false, true);
        // at the index it may
        this.sell(keeper, one, perpetuals[0], 50e18, 2220e18, false, true);
        assertEq(options.arrayOf(near).time, block.timestamp);
        assertLt(options.arrayOf(deep).time, block.timestamp);
    }

    /* OUTSIDE, SO THAT A REVERT CAN BE EXPECTED */

    function withdraw(Party memory p, uint256 amount) external {
        _withdraw(p, amount);
    }

    function sell(
        Party memory seller,
        Party memory buyer,
        uint64 id,
        int256 size,
        uint256 price,
        bool sellerReduces,
        bool buyerReduces
    ) external {
        Order memory sold = order(seller, id, -size, price);
        Order memory bought = order(buyer, id, size, price);
        (sold.reduceOnly, bought.reduceOnly) = (sellerReduces, buyerReduces);
        // safe because sizes here are positive
        exchange.fill(sold, sign(seller, sold), bought, sign(buyer, bought), uint256(size));
    }
}
