// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A staked asset that tells the exchange rate it is told.
contract MockRate {
    uint256 public stEthPerToken;

    constructor(uint256 rate) {
        setRate(rate);
    }

    function setRate(uint256 rate) public {
        stEthPerToken = rate;
    }
}
