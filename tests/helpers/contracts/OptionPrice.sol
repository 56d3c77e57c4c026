// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionMath} from "contracts/pricing/OptionMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @notice The price of one option from plain numbers: what a refresh does with parts that its scenarios share.
library OptionPrice {
    /// @dev Volatilities saturate here, far above any that is asked for [wad].
    uint256 private constant MAX_VOLATILITY = type(uint96).max;
    /// @dev Times saturate here [s].
    uint256 private constant MAX_TIME = type(uint64).max;

    /// @dev Price of an option [wad USD], `tau` seconds before its expiry.
    function price(bool isPut, uint256 forward, uint256 strike, uint256 volatility, uint256 tau)
        internal
        pure
        returns (uint256 value)
    {
        if ((forward | strike | volatility) >> 96 | tau >> 64 != 0) {
            forward = FixedPointMathLib.min(forward, OptionMath.MAX_PRICE);
            strike = FixedPointMathLib.min(strike, OptionMath.MAX_PRICE);
            volatility = FixedPointMathLib.min(volatility, MAX_VOLATILITY);
            tau = FixedPointMathLib.min(tau, MAX_TIME);
        }
        (value,,) = OptionMath.call(
            forward,
            strike,
            OptionMath.logMoneyness(forward, strike),
            OptionMath.deviation(volatility, OptionMath.rootTime(tau))
        );
        value = OptionMath.ofKind(value, isPut ? 1 : 0, forward, strike);
    }
}
