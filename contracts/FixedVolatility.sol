// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {WAD} from "./types/Constants.sol";

/// @title The volatility source of a venue whose shocks are the configured ones: multiplier 1 for every underlying.
contract FixedVolatility is IVolatilityMultiplier {
    /// @inheritdoc IVolatilityMultiplier
    function multipliers(uint256[] calldata underlyings) external pure returns (uint256[] memory words) {
        words = new uint256[](underlyings.length);
        for (uint256 i; i < words.length; ++i) {
            words[i] = WAD | WAD << 128;
        }
    }
}
