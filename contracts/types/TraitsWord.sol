// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using TraitsWordLib for TraitsWord global;

/// @notice What the margin of an underlying needs beside its sets, in one word of the risk table.
/// @dev From the lowest bit: impactCoefficient uint64 [wad per sqrt USD] | group uint8 | crowdingSlope uint24 [ppm] |
/// maxTenor uint32 [s] | exposureUnit uint96 [base wei] | exposureCap uint32 [units].
type TraitsWord is uint256;

/// @notice Reads and makes traits.
library TraitsWordLib {
    /// @dev Every field at its full width.
    function encode(uint64 impact_, uint8 group_, uint24 slope, uint32 tenor, uint96 unit, uint32 cap)
        internal
        pure
        returns (TraitsWord)
    {
        return TraitsWord.wrap(
            uint256(impact_) | uint256(group_) << 64 | uint256(slope) << 72 | uint256(tenor) << 96 | uint256(unit)
                << 128 | uint256(cap) << 224
        );
    }

    /// @dev impact(X) is this times X sqrt(X) [wad per sqrt USD].
    function impact(TraitsWord self) internal pure returns (uint256) {
        return TraitsWord.unwrap(self) & type(uint64).max;
    }

    /// @dev Correlation group; 0: none.
    function group(TraitsWord self) internal pure returns (uint256) {
        return (TraitsWord.unwrap(self) >> 64) & 0xff;
    }

    /// @dev Extra initial margin at full open interest [ppm of the derivative shock].
    function crowdingSlope(TraitsWord self) internal pure returns (uint256) {
        return (TraitsWord.unwrap(self) >> 72) & type(uint24).max;
    }

    /// @dev Longest listed expiry [s].
    function maxTenor(TraitsWord self) internal pure returns (uint256) {
        return (TraitsWord.unwrap(self) >> 96) & type(uint32).max;
    }

    /// @dev Size of one unit of auction exposure; 0 without parameters [base wei].
    function exposureUnit(TraitsWord self) internal pure returns (uint256) {
        return (TraitsWord.unwrap(self) >> 128) & type(uint96).max;
    }

    /// @dev Most units in auction at once [units].
    function exposureCap(TraitsWord self) internal pure returns (uint256) {
        return TraitsWord.unwrap(self) >> 224;
    }
}
