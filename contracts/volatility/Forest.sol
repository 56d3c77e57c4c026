// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVolatilityForecaster} from "../interfaces/IVolatilityForecaster.sol";
import {BitSet} from "../types/BitSet.sol";
import {ForestHeader} from "../types/ForestHeader.sol";
import {ScoreWordLib} from "../types/ScoreWord.sol";
import {Features} from "./Features.sol";

/// @title Forest: trees of depth 4 in the code of a contract.
/// @notice docs/volatility.md has the layout byte by byte.
library Forest {
    uint256 private constant VERSION = 1;
    /// @dev The only horizon that is forecast [h].
    uint256 private constant HORIZON = 1;
    /* Bytes */
    uint256 private constant HEADER = 32;
    uint256 private constant SEASON = 168;
    uint256 private constant TREE = 124;
    uint256 private constant NODE = 4;
    /// @dev Nodes of a tree.
    uint256 private constant NODES = 15;
    /// @dev Units of season and of the sum of leaves, and the highest forecast [ppm].
    uint256 private constant UNIT = 128 * 2 ** 20;
    uint256 private constant MOST_FORECAST = 2 ** 24 - 1;

    /// @dev Header of a blob of at least so many bytes.
    function headerOf(bytes memory blob) internal pure returns (ForestHeader header) {
        // Equivalent to `header = ForestHeader.wrap(uint256(bytes32(blob[:32])))`.
        assembly ("memory-safe") {
            header := mload(add(blob, 0x20))
        }
    }

    /// @dev Header of a forest that is kept as code.
    function headerAt(address pointer) internal view returns (ForestHeader header) {
        // Equivalent to `header = ForestHeader.wrap(uint256(bytes32(pointer.code[1:33])))`.
        assembly ("memory-safe") {
            extcodecopy(pointer, 0x00, 1, 0x20)
            header := mload(0x00)
        }
    }

    /// @dev Refuses what is no forest, and one that asks for what no contract computes.
    function check(bytes memory blob) internal pure {
        if (blob.length < HEADER) revert IVolatilityForecaster.ForestLength(blob.length, HEADER);
        ForestHeader header = headerOf(blob);
        // safe because a header counts fewer than 2^8 trees
        unchecked {
            uint256 length = HEADER + SEASON + TREE * header.trees();
            if (blob.length != length) revert IVolatilityForecaster.ForestLength(blob.length, length);
        }
        _require(header.version(), VERSION);
        _require(header.horizon(), HORIZON);
        _require(header.quantile(), ScoreWordLib.QUANTILE);
        _require(BitSet.unwrap(header.mask()), BitSet.unwrap(_maskOf(blob, header.trees())));
        if (header.least() == 0) revert IVolatilityForecaster.ForestField(0, 1);
    }

    function _require(uint256 actual, uint256 expected) private pure {
        if (actual != expected) revert IVolatilityForecaster.ForestField(actual, expected);
    }

    /// @dev Features that nodes ask for; none that no contract computes.
    function _maskOf(bytes memory blob, uint256 trees) private pure returns (BitSet mask) {
        // safe because the blob has as many trees
        unchecked {
            for (uint256 tree = HEADER + SEASON; trees != 0; --trees) {
                for (uint256 node = tree; node < tree + NODE * NODES; node += NODE) {
                    uint256 feature = uint8(blob[node]);
                    if (feature >= Features.PREMIUM) revert IVolatilityForecaster.UnknownFeature(feature);
                    mask = mask.with(feature);
                }
                tree += TREE;
            }
        }
    }

    /// @dev The move that is not exceeded at the quantile within the horizon, by the forest at `pointer`, down [ppm].
    function forecast(address pointer, ForestHeader header, int256[15] memory vector)
        internal
        view
        returns (uint256 move)
    {
        bytes memory blob = _load(pointer, header.trees());
        // safe because leaves are 32 bits wide and trees few
        unchecked {
            int256 sum = header.base() + _sum(blob, header.trees(), vector);
            if (sum <= 0) return 0;
            // safe because both features are never negative; the scale is below 2^24, a factor 2^8 and the sum 2^41
            uint256 factor = uint8(blob[HEADER + uint256(vector[Features.HOUR_OF_WEEK])]);
            move = uint256(vector[Features.SCALE]) * factor * uint256(sum) / UNIT;
            if (move > MOST_FORECAST) move = MOST_FORECAST;
        }
    }

    /// @dev The blob.
    function _load(address pointer, uint256 trees) private view returns (bytes memory blob) {
        // Equivalent to `blob = pointer.code[1:1 + 200 + 124 * trees]`.
        assembly ("memory-safe") {
            blob := mload(0x40)
            let size := add(200, mul(124, trees))
            mstore(blob, size)
            // a node is read as a whole word, the last leaf too
            mstore(0x40, add(add(blob, 0x40), size))
            extcodecopy(pointer, add(blob, 0x20), 1, size)
        }
    }

    /// @dev Sum of the leaves that a vector comes to.
    function _sum(bytes memory blob, uint256 trees, int256[15] memory vector) private pure returns (int256 sum) {
        // hot loop: four nodes of a hundred trees. Equivalent to, for each tree from `at = 0`, four times `at = 2 * at
        // + (vector[nodes[at].feature] > nodes[at].threshold ? 2 : 1)`, and then `sum += leaves[at - 15]`.
        assembly ("memory-safe") {
            // features in the highest bits, where thresholds are compared as they stand: what follows one in its word
            // makes it no greater than the next threshold
            let high := mload(0x40)
            for { let i := 0 } lt(i, 0x1e0) { i := add(i, 0x20) } {
                mstore(add(high, i), shl(232, mload(add(vector, i))))
            }
            let tree := add(blob, 232)
            for { let end := add(tree, mul(trees, 124)) } lt(tree, end) { tree := add(tree, 124) } {
                // feature in the first byte of four, threshold in the others; places are in bytes
                let node := mload(tree)
                let at := add(4, shl(2, sgt(mload(add(high, shl(5, byte(0, node)))), shl(8, node))))
                node := mload(add(tree, at))
                at := add(add(at, at), add(4, shl(2, sgt(mload(add(high, shl(5, byte(0, node)))), shl(8, node)))))
                node := mload(add(tree, at))
                at := add(add(at, at), add(4, shl(2, sgt(mload(add(high, shl(5, byte(0, node)))), shl(8, node)))))
                node := mload(add(tree, at))
                at := add(add(at, at), add(4, shl(2, sgt(mload(add(high, shl(5, byte(0, node)))), shl(8, node)))))
                // leaves lie behind the nodes, 4 bytes each as these
                sum := add(sum, signextend(3, shr(224, mload(add(tree, at)))))
            }
        }
    }
}
