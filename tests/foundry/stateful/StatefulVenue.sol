// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Handler} from "./Handler.sol";
import {Clearinghouse} from "contracts/Clearinghouse.sol";
import {MarginVault} from "contracts/MarginVault.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {IMarketLosses} from "contracts/interfaces/IMarketLosses.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";

/// @notice A venue with random users, for invariant suites.
abstract contract StatefulVenue is Test {
    /// @dev Roundings of all actions of a run together, far below a millionth of a cent [wad USD].
    uint256 internal constant TOLERANCE = 1e6;

    Handler internal handler;
    MarginVault internal vault;
    Clearinghouse internal clearinghouse;
    IMarketLosses internal losses;
    OracleAdapter internal oracle;
    TestToken internal usdc;
    TestToken internal weth;

    function _setUpHandler() internal {
        handler = Handler(deployCode("Handler.sol:Handler"));
        (vault, clearinghouse, oracle, usdc, weth) = handler.contracts();
        losses = clearinghouse.losses();
        targetContract(address(handler));
        bytes4[] memory rules = new bytes4[](24);
        rules[0] = Handler.deposit.selector;
        rules[1] = Handler.withdraw.selector;
        rules[2] = Handler.transfer.selector;
        rules[3] = bytes4(keccak256("trade(uint256,uint256,uint256,int256,uint256)"));
        rules[4] = Handler.settle.selector;
        rules[5] = Handler.movePrice.selector;
        rules[6] = Handler.wait.selector;
        rules[7] = Handler.start.selector;
        rules[8] = Handler.bid.selector;
        rules[9] = Handler.end.selector;
        rules[10] = Handler.collect.selector;
        // what makes accounts unhealthy, and heals them, more often than the rest
        rules[11] = rules[3];
        rules[12] = rules[5];
        rules[13] = rules[7];
        rules[14] = rules[8];
        rules[15] = Handler.expire.selector;
        rules[16] = Handler.couldBeSold.selector;
        rules[17] = Handler.settleBetween.selector;
        rules[18] = Handler.poke.selector;
        rules[19] = Handler.withdraw.selector;
        rules[20] = rules[5];
        rules[21] = rules[7];
        rules[22] = rules[8];
        rules[23] = Handler.withdraw.selector;
        targetSelector(FuzzSelector(address(handler), rules));
    }
}
