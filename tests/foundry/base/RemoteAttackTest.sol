// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice A route that two transports have to agree on, with somebody who attacks and somebody who is attacked.
abstract contract RemoteAttackTest is RemoteTest {
    Party internal thief;
    Party internal victim;

    function setUp() public virtual {
        deployRemote(2);
        thief = party("thief");
        victim = party("victim");
        welcome(thief);
        welcome(victim);
    }

    /// @dev The thief was credited the fast part, has redeemed it, and it was undone: so much is missing, and nobody
    /// has receipts to bear it.
    function redeemWhatIsUndone() internal {
        forge(FAST, PAIRS, thief.account, FAST_CAP + 1e18, 1);
        redeem(thief, FAST_CAP);
        skip(12);
        spoke.report(address(token), thief.account);
    }
}
