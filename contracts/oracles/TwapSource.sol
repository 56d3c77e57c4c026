// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {TwapData, TwapDataLib} from "../types/TwapData.sol";

/// @title Time-weighted average price of a Uniswap v3 pool against a dollar stablecoin.
/// @notice Votes only: a pool can be moved by whoever pays for it, and lags in a real move.
/// @dev Assumes that the pool's other token is worth a dollar; a depeg makes it oppose, never lead.
contract TwapSource is IPriceSource {
    /// @notice The window is outside its bounds.
    /// @param window What the feed's parameters name [s].
    /// @param least Shortest [s].
    /// @param most Longest [s].
    error WindowOutOfRange(uint256 window, uint256 least, uint256 most);

    /// @notice The pool keeps too few observations to look a window back in every block.
    /// @param pool Pool that was named.
    /// @param cardinality Observations that it will keep once they are written.
    /// @param least How many it has to keep: call `increaseObservationCardinalityNext`.
    error TooFewObservationsKept(address pool, uint256 cardinality, uint256 least);

    /// @notice Blocks take some time.
    error ZeroBlockTime();

    /// @notice The token is not in the pool.
    /// @param pool Pool that was named.
    /// @param token Token that was named.
    error NotInPool(address pool, address token);

    /// @dev A window is within these [s].
    uint256 private constant MIN_WINDOW = 5 minutes;
    uint256 private constant MAX_WINDOW = 1 days;
    /// @dev ln(1.0001) and ln(10) [wad].
    int256 private constant LN_TICK = 99_995_000_333_308;
    int256 private constant LN_TEN = 2_302_585_092_994_045_684;

    /// @notice Least time between two blocks of the chain, each of which may add an observation [s].
    uint256 public immutable blockTime;

    /// @param blockTime_ Least time between two blocks of the chain, 1 where it is less [s].
    constructor(uint256 blockTime_) {
        if (blockTime_ == 0) revert ZeroBlockTime();
        blockTime = blockTime_;
    }

    /// @notice Parameters of a feed.
    /// @param pool Uniswap v3 pool.
    /// @param base Token of the pool whose price it is; the other is worth a dollar.
    /// @param window How long the average is taken over [s].
    /// @return Word that `read` takes.
    function encode(address pool, address base, uint32 window) external view returns (bytes32) {
        address token0 = IUniswapV3Pool(pool).token0();
        address token1 = IUniswapV3Pool(pool).token1();
        if (base != token0 && base != token1) revert NotInPool(pool, base);

        bool baseIsZero = base == token0;
        (uint256 baseDecimals, uint256 quoteDecimals) = _decimals(token0, token1, baseIsZero);
        return TwapData.unwrap(TwapDataLib.encode(pool, window, baseDecimals, quoteDecimals, baseIsZero));
    }

    /// @inheritdoc IPriceSource
    function read(bytes32 data)
        external
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status)
    {
        TwapData parameters = TwapData.wrap(data);
        uint32 window = parameters.window();
        uint32[] memory ago = new uint32[](2);
        ago[0] = window;
        (int56[] memory ticks,) = IUniswapV3Pool(parameters.pool()).observe(ago);

        // safe because a mean of ticks is a tick, below 2^20, and decimals are below 2^8
        int256 logPrice = int256(ticks[1] - ticks[0]) * LN_TICK / int256(uint256(window));
        if (parameters.side() == 0) logPrice = -logPrice;
        logPrice += (int256(parameters.baseDecimals()) - int256(parameters.quoteDecimals())) * LN_TEN;
        // safe because an exponential is positive
        price = uint256(FixedPointMathLib.expWad(logPrice));
        return (price, 0, block.timestamp, PriceStatus.Valid);
    }

    /// @inheritdoc IPriceSource
    function voteOnly() external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IPriceSource
    function check(bytes32 data) external view {
        TwapData parameters = TwapData.wrap(data);
        uint256 window = parameters.window();
        if (window < MIN_WINDOW || window > MAX_WINDOW) revert WindowOutOfRange(window, MIN_WINDOW, MAX_WINDOW);

        IUniswapV3Pool pool = IUniswapV3Pool(parameters.pool());
        bool baseIsZero = parameters.side() == TwapDataLib.SIDE_ZERO;
        _requireCardinality(pool, window);
        (uint256 base, uint256 quote) = _decimals(pool.token0(), pool.token1(), baseIsZero);
        if (base != parameters.baseDecimals()) revert SourceDecimalsMismatch(base, parameters.baseDecimals());
        if (quote != parameters.quoteDecimals()) revert SourceDecimalsMismatch(quote, parameters.quoteDecimals());
    }

    /// @dev A window reaches from now over as many observations as there are blocks in it, and one before it.
    function _requireCardinality(IUniswapV3Pool pool, uint256 window) private view {
        (,,,, uint256 cardinality,,) = pool.slot0();
        uint256 least = FixedPointMathLib.divUp(window, blockTime) + 1;
        if (cardinality < least) revert TooFewObservationsKept(address(pool), cardinality, least);
    }

    function _decimals(address token0, address token1, bool baseIsZero)
        private
        view
        returns (uint256 base, uint256 quote)
    {
        (base, quote) = (IERC20Metadata(token0).decimals(), IERC20Metadata(token1).decimals());
        if (!baseIsZero) (base, quote) = (quote, base);
    }
}
