// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

using PositionWordLib for PositionWord global;

/// @notice A position, in one storage slot; 0 if and only if there is no leg.
/// @dev From the lowest bit: basis int100 [wad USD] | size int96 [wad base] | entry: mantissa uint27, exponent uint7
/// [wad USD per base] | lossEpoch uint24 | claims uint2: 1 of closed longs, 2 of closed shorts, 3 both.
type PositionWord is uint256;

/// @notice Reads and makes positions.
library PositionWordLib {
    /// @dev Largest basis either way [wad USD].
    int256 internal constant MAX_BASIS = 2 ** 99 - 1;
    /// @dev Most losses a position can count.
    uint256 internal constant MAX_EPOCH = type(uint24).max;

    uint256 private constant BASIS_MASK = 2 ** 100 - 1;
    uint256 private constant SIZE_SHIFT = 100;
    uint256 private constant SIZE_BITS = uint256(type(uint96).max) << SIZE_SHIFT;
    uint256 private constant ENTRY_SHIFT = 196;
    uint256 private constant MANTISSA_BITS = 27;
    uint256 private constant MANTISSA_MASK = 2 ** MANTISSA_BITS - 1;
    uint256 private constant EPOCH_SHIFT = 230;
    uint256 private constant CLAIMS_SHIFT = 254;

    /// @dev Callers have checked that the size fits 96 bits, the basis 100, the epoch 24, and the entry 96.
    /// @param entry_ Mid price at the fills, or that of better fills [wad USD], kept with 27 bits: up for a long, down
    /// for a short, so that what was won since is not overstated.
    function encode(int256 size_, int256 basis_, uint256 entry_, uint256 lossEpoch_, uint256 claims_)
        internal
        pure
        returns (PositionWord)
    {
        // safe because callers range-check; masks keep the bits of two's complement
        return PositionWord.wrap(
            (uint256(basis_) & BASIS_MASK) | ((uint256(size_) & type(uint96).max) << SIZE_SHIFT)
                | (packed(entry_, size_ > 0) << ENTRY_SHIFT) | (lossEpoch_ << EPOCH_SHIFT) | (claims_ << CLAIMS_SHIFT)
        );
    }

    /// @dev A price in 34 bits: at most 27 significant ones, the rest rounded.
    function packed(uint256 price, bool up) internal pure returns (uint256) {
        uint256 exponent;
        uint256 mantissa = price;
        if (price > MANTISSA_MASK) {
            exponent = FixedPointMathLib.log2(price) + 1 - MANTISSA_BITS;
            mantissa = price >> exponent;
            if (up && mantissa << exponent != price) ++mantissa;
            if (mantissa > MANTISSA_MASK) (mantissa, exponent) = (mantissa >> 1, exponent + 1);
        }
        return mantissa | exponent << MANTISSA_BITS;
    }

    /// @dev A price as a position keeps it.
    function kept(uint256 price, bool up) internal pure returns (uint256) {
        return unpacked(packed(price, up));
    }

    /// @dev The price that the lowest 34 bits are.
    function unpacked(uint256 bits) internal pure returns (uint256) {
        return (bits & MANTISSA_MASK) << (bits >> MANTISSA_BITS & 0x7f);
    }

    /// @dev What the leg has cost, less what of it was settled [wad USD].
    function basis(PositionWord self) internal pure returns (int256) {
        // safe because the low 100 bits are the signed basis
        return int256(PositionWord.unwrap(self) << 156) >> 156;
    }

    /// @dev Contracts held, negative if short [wad base].
    function size(PositionWord self) internal pure returns (int256) {
        // safe because bits 100-195 are the signed size
        return int96(uint96(PositionWord.unwrap(self) >> SIZE_SHIFT));
    }

    /// @dev Mid price, or mark, at the fills of what is held, or that of better fills. Settling never changes it, a
    /// share of a loss moves it by what it took [wad USD per base].
    function entry(PositionWord self) internal pure returns (uint256) {
        return unpacked(PositionWord.unwrap(self) >> ENTRY_SHIFT);
    }

    /// @dev How many of the market's losses have been taken off.
    function lossEpoch(PositionWord self) internal pure returns (uint256) {
        return (PositionWord.unwrap(self) >> EPOCH_SHIFT) & type(uint24).max;
    }

    /// @dev Which closed contracts are owed something, or owe it: 1 longs, 2 shorts, 3 both.
    function claims(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) >> CLAIMS_SHIFT;
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
