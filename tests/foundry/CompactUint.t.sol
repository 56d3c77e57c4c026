// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CompactUintLib} from "contracts/types/CompactUint.sol";
import {Test} from "forge-std/Test.sol";

/// @notice Compact numbers at random; a solver does not close what a shift by an unknown does.
contract CompactUintTest is Test {
    /// @dev Indices and scaled balances: rounded to their 96 leading bits, to the side that was asked for.
    function testFuzz_down(uint256 number, uint8 shift) external pure {
        number >>= shift;
        uint256 kept = CompactUintLib.down(number).value();
        assertLe(kept, number);
        assertLe(number - kept, number >> 95);
    }

    function testFuzz_up(uint256 number, uint8 shift) external pure {
        number = bound(number >> shift, 0, 2 ** 255);
        uint256 kept = CompactUintLib.up(number).value();
        assertGe(kept, number);
        assertLe(kept - number, number >> 95);
    }

    /// @dev What is compact already stays as it is.
    function testFuzz_whatIsCompactStays(uint96 mantissa, uint256 exponent) external pure {
        uint256 number = uint256(mantissa) << bound(exponent, 0, 160);
        assertEq(CompactUintLib.down(number).value(), number);
        if (number <= 2 ** 255) assertEq(CompactUintLib.up(number).value(), number);
    }
}
