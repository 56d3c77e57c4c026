// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {PositionWord, PositionWordLib} from "../types/PositionWord.sol";
import {FundingMath} from "./FundingMath.sol";

using LegLib for Leg global;

/// @notice The open contracts of a leg in memory, and whether closed ones are still to be paid.
struct Leg {
    int256 size; // [wad base]
    int256 basis; // [wad USD]
    uint256 entry; // mean mid price or mark at their fills, or price of better fills [wad USD per base]
    uint256 epoch; // losses of the market taken off
    uint256 claims; // which closed contracts are owed something, or owe it: 1 longs, 2 shorts, 3 both
}

/// @title What happens to the open contracts of a leg. Pure arithmetic.
/// @dev Sizes are below 2^96, bases below 2^100, prices below 2^128.
library LegLib {
    /// @dev Most contracts of a leg [wad base].
    uint256 private constant MAX_SIZE = uint256(uint96(type(int96).max));

    /// @dev Adds contracts of the leg's side at a price; the basis is rounded up.
    /// @param change Of the leg's sign [wad base].
    /// @param carry Price of the fill less funding index [wad USD].
    /// @param entry Price that the entry averages: mid now, or that of the fill where it is better for the holder
    /// [wad USD].
    function grow(Leg memory self, int256 change, int256 carry, uint256 entry) internal pure {
        add(self, change, FundingMath.basisUp(change, carry), entry);
    }

    /// @dev Adds contracts of the leg's side with their basis and entry; the entry of all is rounded to the holder's
    /// favour.
    function add(Leg memory self, int256 size, int256 basis, uint256 entry) internal pure {
        uint256 held = SignedMath.abs(self.size);
        uint256 added = SignedMath.abs(size);
        // safe because sizes are below 2^96 and entries below 2^128
        unchecked {
            uint256 total = held + added;
            if (total == 0) return;
            uint256 sum = held * self.entry + added * entry;
            self.size += size;
            self.basis += basis;
            self.entry = self.size > 0 ? FixedPointMathLib.divUp(sum, total) : sum / total;
        }
    }

    /// @dev Takes contracts off, with their part of the basis, truncated toward zero.
    /// @param part At most |size|, which is not 0 [wad base].
    function split(Leg memory self, uint256 part) internal pure returns (int256 size, int256 basis) {
        int256 held = self.size;
        // safe because a basis is below 2^100 and sizes are below 2^96
        unchecked {
            size = held > 0 ? int256(part) : -int256(part);
            basis = self.basis * size / held;
            self.size = held - size;
            self.basis -= basis;
        }
        if (self.size == 0) self.entry = 0;
    }

    /// @dev Value of the open contracts, down.
    /// @param carry Price less funding index [wad USD].
    function value(Leg memory self, int256 carry) internal pure returns (int256) {
        return FundingMath.valueDown(self.size, carry) - self.basis;
    }

    /// @dev The leg as stored.
    function read(PositionWord word) internal pure returns (Leg memory) {
        return Leg(word.size(), word.basis(), word.entry(), word.lossEpoch(), word.claims());
    }

    /// @dev The word to store, none where nothing is left of the leg.
    function toWord(Leg memory self) internal pure returns (PositionWord word) {
        return self.size == 0 && self.claims == 0 ? word : encoded(self);
    }

    /// @dev The leg as a word, also where nothing is left of it but the losses that it has borne.
    function encoded(Leg memory self) internal pure returns (PositionWord) {
        if (SignedMath.abs(self.size) > MAX_SIZE) revert IClearinghouse.SizeOutOfRange(self.size, int256(MAX_SIZE));
        if (SignedMath.abs(self.basis) > uint256(PositionWordLib.MAX_BASIS)) {
            revert IClearinghouse.BasisOutOfRange(self.basis, PositionWordLib.MAX_BASIS);
        }
        return PositionWordLib.encode(self.size, self.basis, self.entry, self.epoch, self.claims);
    }
}
