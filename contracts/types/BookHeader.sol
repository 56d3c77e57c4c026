// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using BookHeaderLib for BookHeader global;

/// @notice How many legs an account has, and how often they changed, in one storage slot.
/// @dev From the lowest bit: count uint8 | nonce uint248.
type BookHeader is uint256;

/// @notice Reads and changes headers.
library BookHeaderLib {
    uint256 private constant NONCE_SHIFT = 8;

    /// @dev Number of legs.
    function count(BookHeader self) internal pure returns (uint256) {
        return BookHeader.unwrap(self) & 0xff;
    }

    /// @dev Grows at each fill and move of legs, not when they are settled.
    function nonce(BookHeader self) internal pure returns (uint256) {
        return BookHeader.unwrap(self) >> NONCE_SHIFT;
    }

    /// @dev The same with the next nonce.
    function changed(BookHeader self) internal pure returns (BookHeader) {
        return BookHeader.wrap(BookHeader.unwrap(self) + (1 << NONCE_SHIFT));
    }

    /// @dev The same with one leg more; its count is below 255.
    function grown(BookHeader self) internal pure returns (BookHeader) {
        return BookHeader.wrap(BookHeader.unwrap(self) + 1);
    }

    /// @dev The same with one leg less; its count is above 0.
    function shrunk(BookHeader self) internal pure returns (BookHeader) {
        return BookHeader.wrap(BookHeader.unwrap(self) - 1);
    }
}
