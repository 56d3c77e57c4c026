// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IBuiltSource} from "../interfaces/IBuiltSource.sol";
import {IOracleAdapter} from "../interfaces/IOracleAdapter.sol";
import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {PPM, WAD, YEAR} from "../types/Constants.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {BaseFeed} from "./BaseFeed.sol";

/// @notice Where an exchange rate comes from, and how fast it may grow.
struct RatioConfig {
    address target; // contract that knows the rate
    bytes4 selector; // its function, called with one argument; functions without one ignore it
    uint8 baseFeedId; // feed of the asset the rate counts in
    uint32 maxGrowth; // most growth of the rate [ppm per year]
    uint256 argument;
    uint256 one; // the answer that means one for one
}

/// @title Prices of staked assets: price of the base asset times the exchange rate.
/// @notice A rate never leaves this contract without its multiplication. It is held under a ceiling that grows from a
/// checkpoint at a fixed yearly rate; above the ceiling the price uses the ceiling and is Uncertain. The feed's
/// parameter is the ratio's number.
/// @dev A checkpoint reads the rate itself and stores it with its time in one write, so that the two cannot be out of
/// step.
contract RatioSource is IPriceSource, IBuiltSource, AccessManaged {
    using BaseFeed for IOracleAdapter;

    /// @notice There is no such ratio.
    /// @param id Number that was named.
    error UnknownRatio(uint256 id);

    /// @notice The rate is outside what it may be when set.
    /// @param ratio The rate now [wad].
    /// @param least Lowest it may be [wad].
    /// @param most Highest it may be [wad].
    error RatioOutOfRange(uint256 ratio, uint256 least, uint256 most);

    /// @notice The growth allowed is above its limit.
    /// @param growth What was given [ppm per year].
    /// @param limit Highest [ppm per year].
    error GrowthTooHigh(uint256 growth, uint256 limit);

    /// @notice The contract that knows the rate did not answer.
    /// @param target The contract.
    error RateUnavailable(address target);

    /// @notice A ratio has no answer that means one for one.
    /// @param id The ratio.
    error UnitMissing(uint256 id);

    /// @notice A ratio was set.
    /// @param id Its number.
    /// @param config How it is read, and how fast it may grow.
    event RatioSet(uint256 indexed id, RatioConfig config);

    /// @notice The ceiling of a ratio starts anew.
    /// @param id Number of the ratio.
    /// @param ratio Rate that the ceiling grows from [wad].
    /// @param time When it does [s].
    event Checkpointed(uint256 indexed id, uint256 ratio, uint256 time);

    /// @dev One slot: always written whole.
    struct Checkpoint {
        uint192 ratio; // [wad]
        uint64 time; // [s]
    }

    /// @dev A rate is first set, and set anew, within these; wrong decimals fall outside [wad].
    uint256 private constant LEAST_RATIO = 0.5e18;
    uint256 private constant MOST_RATIO = 10e18;
    /// @dev Most growth of a rate that may be configured [ppm per year].
    uint256 private constant MAX_GROWTH = 500_000;

    /// @notice The oracle that prices the base assets.
    IOracleAdapter public immutable oracle;

    mapping(uint256 id => RatioConfig) private _configs;
    mapping(uint256 id => Checkpoint) private _checkpoints;

    constructor(address authority, IOracleAdapter oracle_) AccessManaged(authority) {
        oracle = oracle_;
    }

    /// @notice Sets a ratio and its first checkpoint, or replaces both. Governance only.
    /// @param id Number of the ratio.
    /// @param config How it is read, and how fast it may grow.
    /// @param least The rate must be at least this now; guards against setting it in a moment when it is pushed down
    /// [wad].
    function setRatio(uint256 id, RatioConfig calldata config, uint256 least) external restricted {
        if (config.maxGrowth > MAX_GROWTH) revert GrowthTooHigh(config.maxGrowth, MAX_GROWTH);
        if (config.one == 0) revert UnitMissing(id);
        oracle.requireUsable(config.baseFeedId);

        _configs[id] = config;
        _checkpoint(id, least, MOST_RATIO);
        emit RatioSet(id, config);
    }

    /// @notice Starts the ceiling anew from the rate as it is now, which must be under the old ceiling. Governance
    /// only.
    /// @param id Number of the ratio.
    /// @param least The rate must be at least this [wad].
    function checkpoint(uint256 id, uint256 least) external restricted {
        _checkpoint(id, least, ceiling(id));
    }

    function _checkpoint(uint256 id, uint256 least, uint256 most) private {
        uint256 ratio = _rate(id);
        if (least < LEAST_RATIO) least = LEAST_RATIO;
        if (ratio < least || ratio > most) revert RatioOutOfRange(ratio, least, most);

        // safe because the ratio is at most a ceiling, which grows from 10 by half a year at most; times fit 64 bits
        _checkpoints[id] = Checkpoint(uint192(ratio), uint64(block.timestamp));
        emit Checkpointed(id, ratio, block.timestamp);
    }

    /// @inheritdoc IPriceSource
    function read(bytes32 data)
        external
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status)
    {
        uint256 id = uint256(data);
        uint256 ratio = _rate(id);
        uint256 most = ceiling(id);
        (price, confidence, time, status) = oracle.latest(_configs[id].baseFeedId);

        if (ratio > most) {
            ratio = most;
            if (status < PriceStatus.Uncertain) status = PriceStatus.Uncertain;
        }
        price = price * ratio / WAD;
        confidence = (confidence * ratio + WAD - 1) / WAD;
    }

    /// @inheritdoc IPriceSource
    function voteOnly() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IPriceSource
    function check(bytes32 data) external view {
        _rate(uint256(data));
        oracle.requireUsable(_configs[uint256(data)].baseFeedId);
    }

    /// @inheritdoc IBuiltSource
    function baseOf(bytes32 data) external view returns (uint256) {
        return _configs[uint256(data)].baseFeedId;
    }

    /// @notice Most the rate may be now.
    /// @param id Number of the ratio.
    /// @return Rounded down [wad].
    function ceiling(uint256 id) public view returns (uint256) {
        Checkpoint memory last = _checkpoints[id];
        return last.ratio + last.ratio * _configs[id].maxGrowth * (block.timestamp - last.time) / (PPM * YEAR);
    }

    /// @notice Rate as its contract tells it, not yet held under the ceiling.
    /// @param id Number of the ratio.
    /// @return Rounded down [wad].
    function rate(uint256 id) external view returns (uint256) {
        return _rate(id);
    }

    /// @notice How a ratio is read.
    /// @param id Number of the ratio.
    /// @return Zeros if never set.
    function ratioConfig(uint256 id) external view returns (RatioConfig memory) {
        return _configs[id];
    }

    /// @notice Rate and time the ceiling grows from.
    /// @param id Number of the ratio.
    /// @return ratio The rate [wad].
    /// @return time When it was read [s].
    function lastCheckpoint(uint256 id) external view returns (uint256 ratio, uint256 time) {
        Checkpoint memory last = _checkpoints[id];
        return (last.ratio, last.time);
    }

    /// @dev Cut to 128 bits, far above any ceiling, so that nothing overflows.
    function _rate(uint256 id) private view returns (uint256) {
        RatioConfig memory config = _configs[id];
        if (config.target == address(0)) revert UnknownRatio(id);

        (bool success, bytes memory answer) =
            config.target.staticcall(abi.encodeWithSelector(config.selector, config.argument));
        if (!success || answer.length < 32) revert RateUnavailable(config.target);
        uint256 value = abi.decode(answer, (uint256));
        if (value > type(uint128).max) value = type(uint128).max;
        return value * WAD / config.one;
    }
}
