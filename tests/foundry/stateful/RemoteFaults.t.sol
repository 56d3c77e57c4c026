// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {RemoteUsers} from "./RemoteUsers.sol";

/// @notice What may happen to collateral on another chain: what docs/invariants.md says of it.
contract RemoteFaultsTest is Test {
    RemoteUsers private users;

    function setUp() public {
        users = new RemoteUsers();
        users.deploy();
        targetContract(address(users));
        bytes4[] memory views = new bytes4[](3);
        (views[0], views[1], views[2]) =
        (users.deploy.selector, users.check.selector, users.checkNothingIsLost.selector);
        excludeSelector(FuzzSelector(address(users), views));
    }

    /// @notice INV-27: remote collateral is never credited beyond what is locked, but for the fast part; a message
    /// counts at most once, and their order does not matter.
    /// forge-config: default.invariant.fail-on-revert = true
    function invariant_INV_27_no_credit_beyond_locks() public view {
        users.check();
    }

    /// @notice Nothing is lost when messages are: once the newest are carried, all that is locked is credited or waits.
    /// forge-config: default.invariant.fail-on-revert = true
    function afterInvariant() public {
        users.checkNothingIsLost();
    }
}
