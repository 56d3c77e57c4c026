// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using PositionWordLib for PositionWord global;

/// @notice A position, in one storage slot; 0 if and only if there is no leg.
/// @dev From the lowest bit: basis int128 [wad USD] | size int112 [wad base] | lossEpoch uint16.
type PositionWord is uint256;

/// @notice Reads and makes positions.
library PositionWordLib {
    uint256 private constant SIZE_BITS = uint256(type(uint112).max) << 128;

    /// @dev Callers have checked that the size fits 112 bits, the basis 128 and the epoch 16.
    function encode(int256 size_, int256 basis_, uint256 lossEpoch_) internal pure returns (PositionWord) {
        // safe because callers range-check; masks keep the bits of two's complement
        return PositionWord.wrap(
            (uint256(basis_) & type(uint128).max) | ((uint256(size_) & type(uint112).max) << 128) | (lossEpoch_ << 240)
        );
    }

    /// @dev What the leg has cost, less what of it was settled [wad USD].
    function basis(PositionWord self) internal pure returns (int256) {
        // safe because the low 128 bits are the signed basis
        return int128(uint128(PositionWord.unwrap(self)));
    }

    /// @dev Contracts held, negative if short [wad base].
    function size(PositionWord self) internal pure returns (int256) {
        // safe because bits 128-239 are the signed size
        return int112(uint112(PositionWord.unwrap(self) >> 128));
    }

    /// @dev How many of the market's losses have been taken off.
    function lossEpoch(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) >> 240;
    }

    /// @dev Whether the leg has size.
    function isOpen(PositionWord self) internal pure returns (bool) {
        return PositionWord.unwrap(self) & SIZE_BITS != 0;
    }

    /// @dev Whether there is no leg.
    function isNone(PositionWord self) internal pure returns (bool) {
        return PositionWord.unwrap(self) == 0;
    }

    /// @dev Whether both are the same position.
    function equals(PositionWord self, PositionWord other) internal pure returns (bool) {
        return PositionWord.unwrap(self) == PositionWord.unwrap(other);
    }
}
