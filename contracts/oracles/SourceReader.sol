// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IOracleAdapter, SourceConfig} from "../interfaces/IOracleAdapter.sol";
import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {Observation} from "./PriceVote.sol";

/// @title Reads what others run, with bounded gas and bounded returndata: it may fail, never make the caller fail.
library SourceReader {
    /// @dev Gas around a source's call: encoding, decoding, the call itself.
    uint256 private constant CALL_GAS = 5000;
    /// @dev Gas of the sequencer's feed.
    uint256 private constant SEQUENCER_GAS = 100_000;

    /// @dev One reading, with the source's whole gas or not at all; whatever comes back, only four words are looked at.
    function observe(SourceConfig storage source) internal view returns (Observation memory o) {
        address reader = address(source.reader);
        uint256 gasLimit = source.gasLimit;
        uint256 maxAge = source.maxAge;
        o.voteOnly = source.voteOnly;
        bytes memory input = abi.encodeCall(IPriceSource.read, (source.data));

        uint256 needed;
        // A call gets at most 63/64 of the gas left. Safe because the limit fits 32 bits.
        unchecked {
            needed = gasLimit + gasLimit / 63 + CALL_GAS;
        }
        if (gasleft() < needed) revert IOracleAdapter.SourceGasTooLow(gasleft(), needed);
        uint256[4] memory out;
        bool success;
        // Equivalent to `reader.staticcall{gas: gasLimit}(input)`, but that no more than four words are copied, and an
        // answer of another length counts as none.
        assembly ("memory-safe") {
            success := staticcall(gasLimit, reader, add(input, 32), mload(input), out, 128)
            // flags: both 0 or 1
            success := and(success, eq(returndatasize(), 128))
        }
        if (!success || out[0] == 0 || out[2] > block.timestamp || block.timestamp - out[2] > maxAge) return o;
        if (out[3] == uint256(PriceStatus.Unset) || out[3] > uint256(PriceStatus.Halted)) return o;

        o.price = FixedPointMathLib.min(out[0], type(uint128).max);
        o.confidence = FixedPointMathLib.min(out[1], type(uint128).max);
        o.time = out[2];
        o.status = PriceStatus(out[3]);
        o.usable = true;
    }

    /// @dev An answer counts if it is a whole round: 0 or 1, since a time that has come.
    function askSequencer(address feed) internal view returns (bool answered, uint256 down, uint256 since) {
        uint256 needed = SEQUENCER_GAS + SEQUENCER_GAS / 63 + CALL_GAS;
        if (gasleft() < needed) revert IOracleAdapter.SourceGasTooLow(gasleft(), needed);

        bytes memory input = abi.encodeCall(AggregatorV3Interface.latestRoundData, ());
        uint256[5] memory out;
        // Equivalent to `feed.staticcall{gas: SEQUENCER_GAS}(input)`, as above with five words.
        assembly ("memory-safe") {
            answered := staticcall(SEQUENCER_GAS, feed, add(input, 32), mload(input), out, 160)
            // flags: both 0 or 1
            answered := and(answered, eq(returndatasize(), 160))
        }
        (down, since) = (out[1], out[2]);
        answered = answered && down < 2 && since != 0 && since <= block.timestamp;
    }
}
