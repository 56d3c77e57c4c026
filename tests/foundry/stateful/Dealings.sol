// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "../base/VenueTest.sol";
import {Refusals} from "./Refusals.sol";
import {Sources} from "./Sources.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {KIND_FUTURE} from "contracts/types/InstrumentId.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";

/// @notice Borrowers, auctions and expiries of a venue whose sources fail. After every act it looks whether prices let
/// it pass as they should.
contract Dealings is VenueTest, Refusals {
    uint256 private constant FEED = 1;
    /// @dev A halt, its rest and a dispute: no longer does a live source contradict a price that stands [halt bounds].
    uint256 private constant FROZEN = 13;
    uint256 private constant WINDOW = 30 minutes;

    Sources private sources;
    Party private borrower;
    Party private owner; // of collateral, and of nothing else
    Party private bidder;

    uint64 private future;
    uint256 private expiry; // [s]
    uint256 private lowest; // of what was observed for it [wad USD]
    uint256 private highest;

    mapping(string => uint256) public done;
    string[] public broken;

    /// @param governor Gives the feed other sources.
    constructor(address governor) {
        deployVenue(1);
        manager.grantRole(manager.ADMIN_ROLE(), governor, 0);
        Party memory lender = party("lender");
        borrower = party("borrower");
        owner = party("owner");
        bidder = party("bidder");
        fundParty(lender, usdc, 100_000_000e6);
        fundParty(bidder, usdc, 100_000_000e6);
        fundParty(borrower, weth, 1000e18);
        fundParty(owner, weth, 1000e18);
        _list();
    }

    function oracleOf() external view returns (OracleAdapter) {
        return oracle;
    }

    function begin(Sources sources_) external {
        sources = sources_;
    }

    /// @dev A future of the whole hour after the next.
    function _list() private {
        expiry = (vm.getBlockTimestamp() / 1 hours + 2) * 1 hours;
        future = clearinghouse.list(KIND_FUTURE, FEED, expiry, 0, marketConfig());
        (lowest, highest) = (type(uint256).max, 0);
    }

    /* LOANS */

    /// @dev A part of what initial margin allows, and nothing while the price is not Valid.
    function borrow(uint256 part) external {
        sources.look();
        (Margin memory initial,) = engine.margin(borrower.account);
        if (initial.paidExcess < 1e18 || vault.isInAuction(borrower.account)) return;
        uint256 amount = uint256(initial.paidExcess) / 1e12 * bound(part, 50, 99) / 100;
        // who has more cash than it takes, and no debt, leaves with its own
        bool allowed =
            oracle.price(FEED).status == PriceStatus.Valid || vault.cashOf(borrower.account) >= int256(amount * 1e12);
        vm.prank(borrower.owner);
        try vault.withdraw(borrower.account, address(usdc), amount, borrower.owner) {
            _must(allowed, "a loan at a price that is not Valid");
            ++done["loans"];
        } catch {
            _must(!allowed, "no loan at a Valid price");
            ++done["loans refused"];
        }
    }

    /// @dev Paying back, adding collateral, and leaving without a debt need nothing.
    function repay(uint256 amount, bool inEther) external {
        sources.look();
        amount = bound(amount, 1e6, 100_000e6);
        TestToken token = inEther ? weth : usdc;
        if (inEther) amount *= 1e9;
        token.mint(borrower.owner, amount);
        vm.startPrank(borrower.owner);
        token.approve(address(vault), amount);
        try vault.deposit(borrower.account, address(token), amount) {}
        catch {
            _must(false, "no repayment");
        }
        vm.stopPrank();
        vm.prank(owner.owner);
        try vault.withdraw(owner.account, address(weth), 1e15, owner.owner) {}
        catch {
            _must(false, "no exit without a debt");
        }
        ++done["repayments"];
    }

    /* AUCTIONS */

    /// @dev Nobody is sold at a halted price, nor at one that a live source has contradicted for too long.
    function sell(uint256 part) external {
        sources.look();
        if (!vault.isInAuction(borrower.account)) {
            try auction.start(borrower.account, bidder.account) {
                ++done["auctions"];
            } catch (bytes memory why) {
                return _refused("start", why);
            }
        }
        PriceStatus status = oracle.price(FEED).status;
        uint256 frozen = sources.frozenSince(FEED);
        vm.prank(bidder.owner);
        try auction.bid(
            borrower.account,
            bidder.account,
            bound(part, 0.01e18, 1e18),
            0,
            type(int256).max,
            type(uint256).max,
            vm.getBlockTimestamp()
        ) {
            _must(status != PriceStatus.Halted, "sold at a halted price");
            bool known = frozen == 0 || vm.getBlockTimestamp() <= frozen + FROZEN * sources.HALT();
            _must(known, "sold at a price that a live source contradicts");
            ++done["bids"];
        } catch (bytes memory why) {
            ++done["bids refused"];
            _refused("bid", why);
        }
    }

    /// @dev What is healthy again is free again.
    function end() external {
        sources.look();
        try auction.end(borrower.account) {
            ++done["auctions ended"];
        } catch (bytes memory why) {
            _refused("end", why);
        }
    }

    /* EXPIRIES */

    /// @dev The half hour before an expiry, minute by minute, and its end.
    function expire(uint256 minutes_) external {
        if (vm.getBlockTimestamp() + WINDOW < expiry) {
            sources.settle(0);
            if (vm.getBlockTimestamp() + WINDOW < expiry) return;
        }
        minutes_ = bound(minutes_, 1, 31);
        for (uint256 i; i < minutes_; ++i) {
            sources.step(60, 1e6);
            _observe();
            _finish();
        }
    }

    function _observe() private {
        try clearinghouse.observeSettlement(future) {
            uint256 mid = oracle.price(FEED).mid;
            if (mid < lowest) lowest = mid;
            if (mid > highest) highest = mid;
            ++done["observations"];
        } catch (bytes memory why) {
            _refused("observe", why);
        }
    }

    /// @dev An average is known from its expiry on, of prices that were observed for it.
    function _finish() private {
        try clearinghouse.finishSettlement(future) {
            uint256 average = clearinghouse.expiries().averageOf(future);
            _must(vm.getBlockTimestamp() >= expiry, "an end before its time");
            _must(lowest <= average + 1 && average <= highest, "an average of what was never observed");
            ++done["expiries"];
            _list();
        } catch (bytes memory why) {
            _refused("finish", why);
        }
    }

    function _refused(bytes32 rule, bytes memory why) private {
        if (!mayMeet(rule, why)) broken.push(saying(rule, why));
    }

    function _must(bool holds, string memory what) private {
        if (!holds) broken.push(what);
    }

    function brokenCount() external view returns (uint256) {
        return broken.length;
    }
}
