// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using TapeWordLib for TapeWord global;

/// @notice Where the observation of an underlying stands, unpacked.
struct Tape {
    uint256 step; // of the last observation, counted from the epoch [5 min]
    uint256 priceTime; // when the source saw the last price [s]
    int256 log; // logarithm of the last price [ppm]
    int256 net; // return of the running hour [ppm]
    uint256 variance; // sum of squared returns of the running hour [ppm^2]
    uint256 closed; // hours that are kept, at most a week of them
    uint256 breaker; // largest return that counts as it is; 0: the underlying is not observed [ppm]
}

/// @notice The one slot of it; 0 where nothing was ever observed.
/// @dev From the lowest bit: step uint32 | priceTime uint32 [s] | log int40 [ppm] | net int40 [ppm] | variance uint64
/// [ppm^2] | closed uint8 | breaker uint24 [ppm].
type TapeWord is uint256;

/// @notice Reads and makes words of tapes.
library TapeWordLib {
    /// @dev All fields fit: an hour has twelve returns below 2^24 each, and logarithms of prices are below 2^26.
    function encode(Tape memory t) internal pure returns (TapeWord) {
        // safe because the fields are as small as stated
        return TapeWord.wrap(
            t.step | t.priceTime << 32 | uint256(uint40(int40(t.log))) << 64 | uint256(uint40(int40(t.net))) << 104
                | t.variance << 144 | t.closed << 208 | t.breaker << 216
        );
    }

    /// @dev All fields.
    function decode(TapeWord self) internal pure returns (Tape memory t) {
        uint256 word = TapeWord.unwrap(self);
        t.step = step(self);
        // safe because casts cut exactly the bits of each field off the shifted word
        t.priceTime = uint32(word >> 32);
        t.log = int40(uint40(word >> 64));
        t.net = int40(uint40(word >> 104));
        t.variance = uint64(word >> 144);
        t.closed = closed(self);
        t.breaker = breaker(self);
    }

    /// @dev Step of the last observation [5 min].
    function step(TapeWord self) internal pure returns (uint256) {
        return TapeWord.unwrap(self) & type(uint32).max;
    }

    /// @dev Hours that are kept.
    function closed(TapeWord self) internal pure returns (uint256) {
        return TapeWord.unwrap(self) >> 208 & type(uint8).max;
    }

    /// @dev Largest return that counts as it is; 0: not observed [ppm].
    function breaker(TapeWord self) internal pure returns (uint256) {
        return TapeWord.unwrap(self) >> 216;
    }
}
