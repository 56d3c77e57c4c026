// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionMath} from "contracts/pricing/OptionMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {OptionPrice} from "tests/helpers/contracts/OptionPrice.sol";

/// @notice An option to price.
struct OptionCase {
    bool isPut;
    uint256 forward; // [wad USD]
    uint256 strike; // [wad USD]
    uint256 volatility; // [wad a year]
    uint256 tau; // [s]
}

/// @notice A call to price by what many prices share.
struct CallCase {
    uint256 forward; // [wad USD]
    uint256 strike; // [wad USD]
    int256 log; // ln(F / K) [wad]
    uint256 sd; // [wad]
}

/// @notice The options' library, many cases a call.
contract OptionMathProbe {
    function prices(OptionCase[] calldata cases) external pure returns (uint256[] memory values) {
        values = new uint256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            OptionCase calldata c = cases[i];
            values[i] = OptionPrice.price(c.isPut, c.forward, c.strike, c.volatility, c.tau);
        }
    }

    function calls(CallCase[] calldata cases) external pure returns (uint256[] memory values, uint256[] memory nd1s) {
        values = new uint256[](cases.length);
        nd1s = new uint256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            CallCase calldata c = cases[i];
            (values[i], nd1s[i],) = OptionMath.call(c.forward, c.strike, c.log, c.sd);
        }
    }

    /// @notice Logarithms, exponentials and roots of Solady, which the model computes itself.
    function elementary(int256[] calldata positives, int256[] calldata exponents, uint256[] calldata squares)
        external
        pure
        returns (int256[] memory logs, int256[] memory exps, uint256[] memory roots)
    {
        logs = new int256[](positives.length);
        exps = new int256[](exponents.length);
        roots = new uint256[](squares.length);
        for (uint256 i = 0; i < positives.length; ++i) {
            logs[i] = FixedPointMathLib.lnWad(positives[i]);
        }
        for (uint256 i = 0; i < exponents.length; ++i) {
            exps[i] = FixedPointMathLib.expWad(exponents[i]);
        }
        for (uint256 i = 0; i < squares.length; ++i) {
            roots[i] = FixedPointMathLib.sqrt(squares[i]);
        }
    }

    /// @notice Gas of each price, the 5 of reading the gas left included.
    function gasOf(OptionCase[] calldata cases) external view returns (uint256[] memory gas) {
        gas = new uint256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            OptionCase memory c = cases[i];
            uint256 left = gasleft();
            uint256 value = OptionPrice.price(c.isPut, c.forward, c.strike, c.volatility, c.tau);
            left -= gasleft();
            // the price is used, so that it is not optimised away
            gas[i] = value == type(uint256).max ? 0 : left;
        }
    }
}
