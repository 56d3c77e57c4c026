// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentId} from "contracts/types/InstrumentId.sol";
import {Test} from "forge-std/Test.sol";

contract InstrumentIdTest is Test {
    /// @notice Those that are options, in their order; nothing else.
    function testFuzz_options_of(uint64[] memory ids) public pure {
        uint64[] memory expected = new uint64[](ids.length);
        uint256 count;
        for (uint256 i; i < ids.length; ++i) {
            if (InstrumentId.isOption(ids[i])) expected[count++] = ids[i];
        }
        uint64[] memory found = InstrumentId.optionsOf(ids);
        assertEq(found.length, count);
        for (uint256 i; i < count; ++i) {
            assertEq(found[i], expected[i]);
        }
    }

    /// @notice From the second of its expiry on; a perpetual never.
    function testFuzz_is_expired(uint64 id, uint256 time) public pure {
        time = bound(time, 0, type(uint40).max);
        uint256 expiry = InstrumentId.expiryOf(id);
        assertEq(InstrumentId.isExpired(id, time), expiry != 0 && expiry <= time);
        if (expiry == 0) return;
        assertTrue(InstrumentId.isExpired(id, expiry));
        assertFalse(InstrumentId.isExpired(id, expiry - 1));
    }
}
