// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./VenueTest.sol";
import {MarketRules, Order} from "contracts/interfaces/IExchange.sol";
import {IUnlockCallback} from "contracts/interfaces/IMarginVault.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";

/// @notice A venue with volatility for one expiry a few hours away, no fees, and somebody rich who keeps.
abstract contract OptionAttackTest is VenueTest, IUnlockCallback {
    Party internal keeper;

    function setUp() public virtual {
        deployVenue(1);
        listOptions(0, (block.timestamp / 1 hours + 7) * 1 hours);
        exchange.setRules(1, MarketRules(0, 0, 50_000));
        keeper = party("keeper");
        fundParty(party("lender"), usdc, 10_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
    }

    /// @dev A series of the expiry, with its array.
    function list(uint256 kind, uint256 strike) internal returns (uint64 id) {
        id = clearinghouse.list(kind, 1, optionExpiry, strike, marketConfig());
        series.push(id);
        options.refresh(series);
    }

    /// @dev At the mark.
    function open(Party memory p, Party memory against, uint64 id, int256 size) internal {
        (uint256 mark,,) = options.mark(id);
        trade(against, p, id, size, mark);
    }

    function initialOf(Party memory p) internal view returns (Margin memory m) {
        (m,) = engine.margin(p.account);
    }

    function maintenanceOf(Party memory p) internal view returns (Margin memory m) {
        (, m) = engine.margin(p.account);
    }

    function withdrawCash(Party memory p, uint256 amount) internal {
        vm.prank(p.owner);
        vault.withdraw(p.account, address(usdc), amount, p.owner);
    }

    /// @dev Leaves what initial margin asks for and little more.
    function withdrawToInitial(Party memory p) internal {
        // safe because the excess is positive and of a size that fits
        withdrawCash(p, uint256(initialOf(p).excess) / 1e12 - 1e6);
    }

    /// @dev Moves the index at a time, and leaves the arrays as they were.
    function moveIndex(uint256 price, uint256 time) internal {
        vm.warp(time);
        setPrice(1, price);
        refreshAll();
    }

    /// @dev Moves the index in the next block.
    function moveIndex(uint256 price) internal {
        moveIndex(price, vm.getBlockTimestamp() + 12);
    }

    function inOperation(address target, bytes memory call) internal {
        vault.unlock(abi.encode(target, call));
    }

    /// @dev Called by the vault inside `unlock`.
    function unlockCallback(bytes calldata data) external returns (bytes memory answer) {
        (address target, bytes memory call) = abi.decode(data, (address, bytes));
        bool done;
        (done, answer) = target.call(call);
        if (done) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /* OUTSIDE, SO THAT A REVERT CAN BE EXPECTED */

    function withdraw(Party memory p, uint256 amount) external {
        withdrawCash(p, amount);
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
