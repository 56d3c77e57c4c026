// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using AuctionWordLib for Auction global;
using AuctionWordLib for AuctionWord global;

/// @notice A live auction, as the last action on it left it.
struct Auction {
    uint32 id; // counts up from 1; 0 = no auction
    bool insolvent; // the phase that the action found
    bool stopped; // the clock stands: Halted prices mattered, it was healthy, or insolvent with much in doubt
    uint32 seenAt; // when the action was, less what a crawl has left uncounted [s]
    uint32 solventTime; // auction time of the solvent phase until then [s]
    uint32 insolventTime; // auction time of the insolvent phase until then [s]
    uint16 pages; // bit p: counts exposure in underlyings 16 p + 1 to 16 p + 16
    uint256 reserved; // cash from earlier bids, not for sale, down to 1e-9 USD [wad USD]
    uint64 exposure; // maintenance requirement counted in the global cap [1e-9 USD, up]
}

/// @notice The one slot of an account's auction; 0 without one.
/// @dev From the lowest bit: id uint32 | insolvent uint1 | stopped uint1 | seenAt uint32 [s] | solventTime uint22 [s] |
/// insolventTime uint22 [s] | pages uint16 | reserved uint64 [1e-9 USD, down] | exposure uint64 [1e-9 USD, up].
type AuctionWord is uint256;

/// @dev What an account has that is not in auction.
AuctionWord constant NO_AUCTION = AuctionWord.wrap(0);

/// @notice Reads and makes words of auctions.
library AuctionWordLib {
    /// @dev Most auction time that a phase counts: 48 days, longer than any curve [s].
    uint256 internal constant MAX_TIME = 2 ** 22 - 1;
    /// @dev Reserved cash is kept in steps of this [wad USD].
    uint256 internal constant RESERVED_UNIT = 1e9;

    /// @dev Times and reserved cash beyond what fits are cut to it; what is cut off the cash is for sale.
    function encode(Auction memory a) internal pure returns (AuctionWord) {
        uint256 word = a.id;
        if (a.insolvent) word |= 1 << 32;
        if (a.stopped) word |= 1 << 33;
        word |= uint256(a.seenAt) << 34;
        word |= _min(a.solventTime, MAX_TIME) << 66;
        word |= _min(a.insolventTime, MAX_TIME) << 88;
        word |= uint256(a.pages) << 110;
        word |= _min(a.reserved / RESERVED_UNIT, type(uint64).max) << 126;
        word |= uint256(a.exposure) << 190;
        return AuctionWord.wrap(word);
    }

    /// @dev All fields.
    function decode(AuctionWord self) internal pure returns (Auction memory a) {
        uint256 word = AuctionWord.unwrap(self);
        // safe because casts cut exactly the bits of each field off the shifted word, and times are masked
        a.id = uint32(word);
        a.insolvent = word >> 32 & 1 == 1;
        a.stopped = word >> 33 & 1 == 1;
        a.seenAt = uint32(word >> 34);
        a.solventTime = uint32(word >> 66 & MAX_TIME);
        a.insolventTime = uint32(word >> 88 & MAX_TIME);
        a.pages = uint16(word >> 110);
        a.reserved = uint256(uint64(word >> 126)) * RESERVED_UNIT;
        a.exposure = uint64(word >> 190);
    }

    /// @dev Whether the account is not in auction: numbers count from 1.
    function isNone(AuctionWord self) internal pure returns (bool) {
        return AuctionWord.unwrap(self) == 0;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
