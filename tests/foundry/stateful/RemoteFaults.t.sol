// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {RemoteUsers} from "./RemoteUsers.sol";
import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {IMessageReceiver} from "contracts/interfaces/ITransport.sol";

/// @notice What may happen to collateral on another chain: what docs/invariants.md says of it.
contract RemoteFaultsTest is Test {
    RemoteUsers private users;

    function setUp() public {
        users = new RemoteUsers();
        users.deploy();
        targetContract(address(users));
        bytes4[] memory others = new bytes4[](5);
        (others[0], others[1]) = (users.deploy.selector, users.check.selector);
        (others[2], others[3]) = (users.checkNothingIsLost.selector, users.burst.selector);
        others[4] = users.act.selector;
        excludeSelector(FuzzSelector(address(users), others));
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

/// @notice The same users, whose transports deliver on nobody's signature: these take more than half of the time,
/// and are made in the suite above.
contract QuickRemoteUsers is RemoteUsers {
    function deliverAs(uint256 pair, Envelope memory envelope) internal override {
        vm.prank(address(envelope.destination == HUB ? atHub[pair] : atSpoke[pair]));
        IMessageReceiver(envelope.receiver).receiveMessage(envelope.origin, envelope.sender, envelope.body);
    }
}

/// @notice The same, sixteen at a time: over a million in the deep profile.
contract RemoteBurstsTest is Test {
    QuickRemoteUsers private users;

    function setUp() public {
        users = new QuickRemoteUsers();
        users.deploy();
        targetContract(address(users));
        bytes4[] memory only = new bytes4[](1);
        only[0] = users.burst.selector;
        targetSelector(FuzzSelector(address(users), only));
    }

    /// @notice INV-27, of 4 * 16 * 16 events by default, 512 * 128 * 16 in the deep profile.
    /// forge-config: default.invariant.runs = 4
    /// forge-config: default.invariant.depth = 16
    /// forge-config: default.invariant.fail-on-revert = true
    /// forge-config: deep.invariant.runs = 512
    /// forge-config: deep.invariant.depth = 128
    /// forge-config: deep.invariant.fail-on-revert = true
    function invariant_INV_27_in_bursts() public view {
        users.check();
    }

    function afterInvariant() public {
        users.checkNothingIsLost();
    }
}
