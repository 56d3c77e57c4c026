// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {MultipliersWord, UNCHANGED} from "./types/MultipliersWord.sol";

/// @title The volatility source of a venue whose shocks are the configured ones: multiplier 1 for every underlying.
contract FixedVolatility is IVolatilityMultiplier {
    /// @inheritdoc IVolatilityMultiplier
    function multipliers(uint256[] calldata underlyings) external pure returns (uint256[] memory words) {
        uint256 unchanged = MultipliersWord.unwrap(UNCHANGED);
        words = new uint256[](underlyings.length);
        // Equivalent to `words[i] = unchanged` for every `i`, without bounds checks.
        assembly ("memory-safe") {
            let end := add(words, shl(5, mload(words)))
            for { let slot := words } lt(slot, end) {} {
                slot := add(slot, 0x20)
                mstore(slot, unchanged)
            }
        }
    }
}
