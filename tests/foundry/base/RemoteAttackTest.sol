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
}
