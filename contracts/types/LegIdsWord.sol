// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using LegIdsWordLib for LegIdsWord global;

/// @notice Four instrument ids in one storage slot.
/// @dev From the lowest bit: four times id uint64.
type LegIdsWord is uint256;

/// @dev Ids in one word.
uint256 constant IDS_PER_WORD = 4;

/// @notice Reads and changes lists of ids.
library LegIdsWordLib {
    uint256 private constant ID_BITS = 64;

    /// @dev The id in a lane from 0 to 3.
    function at(LegIdsWord self, uint256 lane) internal pure returns (uint64) {
        // safe because the truncation cuts out the id's lane
        return uint64(LegIdsWord.unwrap(self) >> (ID_BITS * lane));
    }

    /// @dev The same with another id in a lane from 0 to 3.
    function with(LegIdsWord self, uint256 lane, uint64 id) internal pure returns (LegIdsWord) {
        uint256 shift = ID_BITS * lane;
        return
            LegIdsWord.wrap((LegIdsWord.unwrap(self) & ~(uint256(type(uint64).max) << shift)) | (uint256(id) << shift));
    }

    /// @dev The first id, and the word without it: the others one lane further down.
    function shifted(LegIdsWord self) internal pure returns (uint64 first, LegIdsWord rest) {
        return (at(self, 0), LegIdsWord.wrap(LegIdsWord.unwrap(self) >> ID_BITS));
    }
}
