// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FeedConfig, IOracleAdapter, SourceConfig} from "../interfaces/IOracleAdapter.sol";
import {IPastSource} from "../interfaces/IPastSource.sol";
import {BitSet} from "../types/BitSet.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {Observation, PriceVote, Verdict, Vote} from "./PriceVote.sol";

/// @title What a feed's sources prove together of moments that have passed: the vote of now, on what they said then.
/// @dev A vote-only source has no part in it, nor has a source whose reader proves nothing.
library PastVote {
    /// @dev Most gas of one source for all moments, and of the question whether it keeps what it said.
    uint256 private constant PAST_GAS = 3_000_000;
    uint256 private constant KEEPS_GAS = 150_000;
    /// @dev Gas around a source's call: encoding, decoding, the call itself.
    uint256 private constant CALL_GAS = 20_000;

    /// @dev Whether a source that may be the price keeps what it said.
    function keepsPast(FeedConfig memory config) internal view returns (bool) {
        return _keeps(config.primary) || _keeps(config.secondary) || _keeps(config.third);
    }

    /// @dev The price at each moment, 0 where nothing is proven, sources disagreed, or outside the band [wad USD];
    /// and which of them a second source confirms.
    function pricesAt(FeedConfig memory config, uint256[] memory times)
        internal
        view
        returns (uint256[] memory prices, BitSet confirmed)
    {
        prices = _read(config.primary, times);
        uint256[] memory seconds_ = _read(config.secondary, times);
        uint256[] memory thirds = _read(config.third, times);
        for (uint256 i; i < times.length; ++i) {
            Vote memory vote = PriceVote.decide(
                _said(prices[i], times[i]),
                _said(seconds_[i], times[i]),
                _said(thirds[i], times[i]),
                0,
                false,
                config.deviationLimit
            );
            bool counts = vote.verdict == Verdict.Single || vote.verdict == Verdict.Confirmed;
            if (vote.price < config.minPrice || vote.price > config.maxPrice) counts = false;
            prices[i] = counts ? vote.price : 0;
            if (counts && vote.verdict == Verdict.Confirmed) confirmed = confirmed.with(i);
        }
    }

    function _said(uint256 price, uint256 time) private pure returns (Observation memory) {
        return Observation(price, 0, time, PriceStatus.Valid, price != 0, false);
    }

    function _keeps(SourceConfig memory source) private view returns (bool) {
        if (source.voteOnly || address(source.reader) == address(0)) return false;
        uint256[] memory out = new uint256[](1);
        return _ask(source, KEEPS_GAS, abi.encodeCall(IPastSource.keepsPast, (source.data)), out) && out[0] == 1;
    }

    /// @dev What one source said at each moment [wad USD], below 2^128; zeros where it does not answer as it should.
    function _read(SourceConfig memory source, uint256[] memory times) private view returns (uint256[] memory prices) {
        uint256 count = times.length;
        prices = new uint256[](count);
        if (!_keeps(source)) return prices;
        uint256[] memory out = new uint256[](count + 2);
        bytes memory input = abi.encodeCall(IPastSource.readPast, (source.data, times, source.maxAge));
        if (!_ask(source, PAST_GAS, input, out) || out[0] != 32 || out[1] != count) return prices;
        for (uint256 i; i < count; ++i) {
            prices[i] = FixedPointMathLib.min(out[i + 2], type(uint128).max);
        }
    }

    /// @dev Calls a reader with its whole gas or not at all; an answer of another length than `out` counts as none.
    function _ask(SourceConfig memory source, uint256 gasLimit, bytes memory input, uint256[] memory out)
        private
        view
        returns (bool success)
    {
        // a call gets at most 63/64 of the gas left
        uint256 needed = gasLimit + gasLimit / 63 + CALL_GAS;
        if (gasleft() < needed) revert IOracleAdapter.SourceGasTooLow(gasleft(), needed);
        address reader = address(source.reader);
        // Equivalent to `reader.staticcall{gas: gasLimit}(input)`, but that no more words are copied than `out` has.
        assembly ("memory-safe") {
            let size := mul(mload(out), 32)
            success := staticcall(gasLimit, reader, add(input, 32), mload(input), add(out, 32), size)
            // flags: both 0 or 1
            success := and(success, eq(returndatasize(), size))
        }
    }
}
