// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockPyth} from "@pythnetwork/pyth-sdk-solidity/MockPyth.sol";

/// @notice Pyth's own mock of its contract: the real interface and storage rules, without signatures.
contract PythProbe is MockPyth {
    constructor(uint256 validPeriod, uint256 fee) MockPyth(validPeriod, fee) {}
}
