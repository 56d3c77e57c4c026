// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD, YEAR} from "../types/Constants.sol";
import {TestToken} from "./TestToken.sol";

/// @title Test token of a staked asset: worth more of the asset with every second.
/// @notice The rate grows by the clock alone, so nobody has to be trusted with it.
contract TestStakedToken is TestToken {
    uint256 private immutable _rate; // at deployment [wad]
    uint256 private immutable _growth; // [wad per year, simple]
    uint256 private immutable _since; // [s]

    /// @param rate Worth of one token in the asset at deployment [wad].
    /// @param growth What is added to the rate in a year, as a part of it [wad].
    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        uint256 mintCap_,
        uint256 rate,
        uint256 growth
    ) TestToken(name_, symbol_, decimals_, mintCap_) {
        _rate = rate;
        _growth = growth;
        _since = block.timestamp;
    }

    /// @notice Worth of one token in the asset now.
    /// @return Rounded down [wad].
    function exchangeRate() external view returns (uint256) {
        return _rate + _rate * _growth * (block.timestamp - _since) / (YEAR * WAD);
    }
}
