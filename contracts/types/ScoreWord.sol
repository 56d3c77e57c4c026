// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using ScoreWordLib for ScoreWord global;

/// @notice Two forecasts of the same hour, and how such forecasts have done until now.
struct Score {
    uint256 hour; // that the forecasts are for, counted from the epoch [h]
    uint256 forest; // what the forest said of it [ppm]
    uint256 floor; // what the floor said of it [ppm]
    uint256 forestLoss; // running pinball loss of each [2^-16 ppm^2]
    uint256 floorLoss;
    uint256 losingSince; // since when the forest's loss is the greater; 0: it is not [h]
    uint256 generation; // of the forest that all of this is about
}

/// @notice The one slot of it; 0 where no forest has forecast.
/// @dev From the lowest bit: hour uint24 | forest uint24 | floor uint24 | forestLoss uint64 | floorLoss uint64 |
/// losingSince uint24 | generation uint24.
type ScoreWord is uint256;

/// @notice Reads, makes and keeps scores.
library ScoreWordLib {
    /// @dev Quantile that is forecast [ppm].
    uint256 internal constant QUANTILE = 990_000;
    uint256 private constant PPM = 1e6;
    /// @dev Hours over which losses are averaged, as e^(-t / MEMORY), and the unit they are kept in.
    uint256 private constant MEMORY = 336;
    uint256 private constant UNIT_BITS = 16;

    /// @dev All fields fit: forecasts are below 2^24, and losses below 2^44 units.
    function encode(Score memory s) internal pure returns (ScoreWord) {
        return ScoreWord.wrap(
            s.hour | s.forest << 24 | s.floor << 48 | s.forestLoss << 72 | s.floorLoss << 136 | s.losingSince << 200
                | s.generation << 224
        );
    }

    /// @dev All fields.
    function decode(ScoreWord self) internal pure returns (Score memory s) {
        uint256 word = ScoreWord.unwrap(self);
        // safe because casts cut exactly the bits of each field off the shifted word
        s.hour = uint24(word);
        s.forest = uint24(word >> 24);
        s.floor = uint24(word >> 48);
        s.forestLoss = uint64(word >> 72);
        s.floorLoss = uint64(word >> 136);
        s.losingSince = uint24(word >> 200);
        s.generation = word >> 224;
    }

    /// @dev Holds both forecasts against what happened. The first comparison of a forest begins both losses.
    /// @param move Absolute return of the hour [ppm].
    function keep(Score memory s, uint256 move) internal pure {
        bool first = s.forestLoss == 0 && s.floorLoss == 0;
        s.forestLoss = _averaged(s.forestLoss, pinball(s.forest, move), first);
        s.floorLoss = _averaged(s.floorLoss, pinball(s.floor, move), first);
        if (s.forestLoss <= s.floorLoss) s.losingSince = 0;
        else if (s.losingSince == 0) s.losingSince = s.hour;
    }

    function _averaged(uint256 loss, uint256 latest, bool first) private pure returns (uint256) {
        // safe because losses are below 2^44 units
        unchecked {
            latest <<= UNIT_BITS;
            return first ? latest : (loss * (MEMORY - 1) + latest) / MEMORY;
        }
    }

    /// @dev Pinball loss of a forecast of the quantile, both below 2^24 [ppm^2].
    function pinball(uint256 forecast, uint256 move) internal pure returns (uint256) {
        // safe because products are below 2^44
        unchecked {
            return move > forecast ? (move - forecast) * QUANTILE : (forecast - move) * (PPM - QUANTILE);
        }
    }
}
