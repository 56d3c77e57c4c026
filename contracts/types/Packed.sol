// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The words in which positions, markets and prices travel between contracts, and their fields.
/// @dev One storage slot each. Raw words are passed on because decoding them costs less than ABI-coding structs.
library Packed {
    /* POSITION: basis int128 [wad quote] | size int112 [wad base] | lossEpoch uint16 */

    function position(int256 size, int256 basis, uint256 lossEpoch) internal pure returns (uint256) {
        // safe because callers range-check size to int112 and basis to int128; masks keep two's complement bits
        return (uint256(basis) & type(uint128).max) | ((uint256(size) & type(uint112).max) << 128) | (lossEpoch << 240);
    }

    function basisOf(uint256 word) internal pure returns (int256) {
        // safe because the low 128 bits are the signed basis
        return int128(uint128(word));
    }

    function sizeOf(uint256 word) internal pure returns (int256) {
        // safe because bits 128-239 are the signed size
        return int112(uint112(word >> 128));
    }

    function lossEpochOf(uint256 word) internal pure returns (uint256) {
        return word >> 240;
    }

    /*
     * MARKET: fundingIndex int88 [wad quote per base] | openInterest uint96 [wad base] | updatedAt uint32 [s]
     *         | fundingRate int24 [ppm of index per day] |
     * utilisation uint8 [half-percent of the cap, up] | flags uint8
     */

    uint256 internal constant FLAG_LISTED = 1;
    /// @dev Only reductions are traded.
    uint256 internal constant FLAG_REDUCE_ONLY = 2;
    /// @dev Some loss was shared among winners: positions of older epochs owe a share.
    uint256 internal constant FLAG_LOSSES = 4;
    /// @dev Expired and settled at a final price.
    uint256 internal constant FLAG_SETTLED = 8;

    function fundingIndexOf(uint256 word) internal pure returns (int256) {
        // safe because the low 88 bits are the signed index
        return int88(uint88(word));
    }

    function openInterestOf(uint256 word) internal pure returns (uint256) {
        return (word >> 88) & type(uint96).max;
    }

    function updatedAtOf(uint256 word) internal pure returns (uint256) {
        return (word >> 184) & type(uint32).max;
    }

    function fundingRateOf(uint256 word) internal pure returns (int256) {
        // safe because bits 216-239 are the signed rate
        return int24(uint24(word >> 216));
    }

    function utilisationOf(uint256 word) internal pure returns (uint256) {
        return (word >> 240) & 0xff;
    }

    function flagsOf(uint256 word) internal pure returns (uint256) {
        return word >> 248;
    }

    function market(
        int256 fundingIndex,
        uint256 openInterest,
        uint256 updatedAt,
        int256 fundingRate,
        uint256 utilisation,
        uint256 flags
    ) internal pure returns (uint256) {
        // safe because callers range-check every field to the width stated above
        return (uint256(fundingIndex) & type(uint88).max) | (openInterest << 88) | (updatedAt << 184)
            | ((uint256(fundingRate) & type(uint24).max) << 216) | (utilisation << 240) | (flags << 248);
    }

    /* PRICE EDGES: low uint128 [wad USD] | high uint128 [wad USD];  PRICE MID: mid uint128 [wad USD] | status uint8 */

    function edges(uint256 low, uint256 high) internal pure returns (uint256) {
        return low | high << 128;
    }

    function lowOf(uint256 word) internal pure returns (uint256) {
        return word & type(uint128).max;
    }

    function highOf(uint256 word) internal pure returns (uint256) {
        return word >> 128;
    }

    function mid(uint256 price, uint256 status) internal pure returns (uint256) {
        return price | status << 128;
    }

    function midOf(uint256 word) internal pure returns (uint256) {
        return word & type(uint128).max;
    }

    function statusOf(uint256 word) internal pure returns (uint256) {
        return word >> 128;
    }
}
