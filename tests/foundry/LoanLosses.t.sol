// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionVenue} from "./AuctionVenue.sol";

/// @notice Who pays for a loan against ether: nobody while the account is worth something, the fund and lenders then.
contract LoanLossesTest is AuctionVenue {
    uint256 private constant LOAN = 70_000;
    uint256 private constant FUND = 8000;

    /// @dev The trader owes 70,000 against 1,000 ether; the bidder has ether and no cash, so that it lends nothing.
    function setUp() public override {
        super.setUp();
        fundWith(FUND);
        depositEther(trader, 1000e18);
        vm.prank(trader);
        vault.withdraw(account(trader), address(quote), LOAN * 1e6, trader);
        depositEther(liquidator, 100_000e18);
        vm.prank(liquidator);
        vault.withdraw(account(liquidator), address(quote), type(uint256).max, liquidator);
    }

    function _deficit() private view returns (uint256 deficit) {
        (,,, deficit,,) = vault.cashTotals();
    }

    /// @notice While it is worth something neither fund nor lenders pay, whatever the clock says and whoever bids.
    function test_nobody_pays_for_a_loan_that_is_worth_something(uint256 price, uint256 time, uint256 part) public {
        setPrice(ETHER_FEED, bound(price, 71e18, 74e18));
        auction.start(account(trader), account(starter));
        skip(bound(time, 0, 3 hours));
        (bool insolvent,,,, int256 value) = auction.quote(account(trader));
        assertFalse(insolvent);
        assertGt(value, 0);
        _bidAndNobodyPays(bound(part, 0.1e18, 1e18));
        // healthy, though not restored, it is not for sale
        if (vault.isInAuction(account(trader)) && maintenance(trader).excess < 0) _bidAndNobodyPays(1e18);
    }

    function _bidAndNobodyPays(uint256 fraction) private {
        uint256 available = fund.available();
        int256 lent = equity(lender);
        int256 alsoLent = equity(maker);
        assertGt(available, 0);
        bid(liquidator, fraction);
        assertEq(fund.available(), available, "fund");
        assertGe(equity(lender), lent, "lender");
        assertGe(equity(maker), alsoLent, "another lender");
        assertEq(_deficit(), 0, "deficit");
    }

    /// @notice Once it is worth less than nothing the fund pays, and lenders what the fund has not.
    function test_fund_and_lenders_pay_for_a_loan_that_is_worth_nothing(uint256 price) public {
        price = bound(price, 50e18, 61e18);
        setPrice(ETHER_FEED, price);
        auction.start(account(trader), account(starter));
        uint256 available = fund.available();
        int256 lent = equity(lender);
        uint256 missing = LOAN * 1e18 - 1000 * price;
        assertGt(missing, available);
        bid(liquidator, 1e18);
        assertEq(fund.available(), 0, "all of the fund");
        assertGt(lent - equity(lender), int256((missing - available) / 100), "lenders the rest");
        assertEq(vault.cashOf(account(trader)), 0);
    }

    /// @notice Row Q: who owes a loan, and no market anything, is bought too: what the bidder earns beyond the loan is
    /// shared by markets whose debts are 0.
    function test_who_owes_no_market_finds_a_bidder() public {
        address debtor = makeAddr("debtor");
        depositEther(debtor, 100e18);
        vm.prank(debtor);
        vault.withdraw(account(debtor), address(quote), 500e6, debtor);
        fill(ids[0], debtor, maker, 400e18, PRICE);
        setPrice(ETHER_FEED, 4e18);
        auction.start(account(debtor), account(starter));
        skip(2 hours);
        (bool insolvent, int256 price,,, int256 value) = auction.quote(account(debtor));
        assertTrue(insolvent);
        assertApproxEqAbs(value, -100e18, 1e12);
        assertLt(price, -1000e18, "more than the loan");
        uint256 available = fund.available();
        vm.prank(liquidator);
        auction.bid(
            account(debtor), account(liquidator), 1e18, 0, type(int256).max, type(uint256).max, block.timestamp
        );
        assertApproxEqAbs(available - fund.available(), 500e18, 1e12, "the fund pays up to the loan");
        assertApproxEqAbs(losses.shortfallOf(ids[0]), uint256(-price) - 500e18, 1e12, "the market the rest");
    }
}
