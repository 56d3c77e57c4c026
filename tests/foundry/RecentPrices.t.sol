// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {Price} from "contracts/interfaces/IOracleAdapter.sol";

import {VenueTest} from "./base/VenueTest.sol";

/// @notice Where value leaves, risk is taken or an account sold, prices that nobody refreshed for a minute are first.
contract RecentPricesTest is VenueTest {
    uint256 private constant FEED = 1;

    Party private lender;
    Party private borrower;
    Party private keeper;

    function setUp() public {
        deployVenue(1);
        lender = party("lender");
        borrower = party("borrower");
        keeper = party("keeper");
        fundParty(lender, usdc, 1_000_000e6);
        fundParty(borrower, weth, 100e18);
        fundParty(keeper, usdc, 100_000e6);
    }

    function _borrow(uint256 amount) private {
        vm.prank(borrower.owner);
        vault.withdraw(borrower.account, address(usdc), amount, borrower.owner);
    }

    /// @notice Attack 85: the stored price is ten minutes old and Valid, the source says 25 % less: no loan at the old.
    function test_attack_85_no_loan_at_an_old_price() public {
        skip(10 minutes);
        setPrice(FEED, 1500e8);
        assertEq(oracle.price(FEED).mid, 2000e18, "Valid and old");

        vm.expectPartialRevert(IMarginVault.BelowInitialMargin.selector);
        this.borrow(140_000e6);
        this.borrow(100_000e6);
        assertEq(oracle.price(FEED).mid, 1500e18, "refreshed by the withdrawal");
    }

    function borrow(uint256 amount) external {
        _borrow(amount);
    }

    /// @notice A price of the last minute is not asked for again: refreshing costs every minute once.
    function test_prices_of_the_last_minute_stay() public {
        skip(10 minutes);
        refreshAll();
        skip(60);
        setPrice(FEED, 1500e8);
        _borrow(140_000e6);
        assertEq(oracle.price(FEED).mid, 2000e18);
    }

    /// @notice An account that is sound at the price of now is not put into auction at an old one.
    function test_attack_85_no_auction_at_an_old_price() public {
        _borrow(140_000e6);
        skip(12);
        setPrice(FEED, 1500e8);
        oracle.refresh(feedIds);
        skip(10 minutes);
        setPrice(FEED, 2000e8);
        assertLt(engine.health(borrower.account), 1e18, "unhealthy at the stored price");

        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.start(borrower.account, keeper.account);
    }

    /// @notice A source that is gone stops nobody: the stored price stands while it is Valid.
    function test_a_source_that_is_gone_stops_nobody() public {
        skip(10 minutes);
        Price memory before = oracle.price(FEED);
        vm.mockCallRevert(address(feeds[0]), "", "");
        _borrow(100_000e6);
        assertEq(oracle.price(FEED).mid, before.mid);
    }
}
