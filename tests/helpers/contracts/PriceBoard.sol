// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleAdapter} from "contracts/interfaces/IOracleAdapter.sol";
import {PostedFeed} from "contracts/oracles/PostedFeed.sol";

/// @notice The tests' poster: one call posts to many feeds and refreshes the oracle.
contract PriceBoard {
    function post(
        PostedFeed[] calldata feeds,
        int256[] calldata answers,
        IOracleAdapter oracle,
        uint256[] calldata ids
    ) external {
        for (uint256 i = 0; i < feeds.length; ++i) {
            feeds[i].post(answers[i]);
        }
        oracle.refresh(ids);
    }
}
