// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceFaultsVenue} from "./Sources.sol";

/// @notice What an oracle may do with sources that fail: what docs/invariants.md says of prices.
contract PriceFaultsTest is PriceFaultsVenue {
    function setUp() public {
        _setUpSources();
    }

    /// @notice INV-43: a price moves only towards a source that lives, leaps only where two say so, and is neither
    /// frozen nor halted without end; a missing reading makes no young price worse, nor silence a disputed one Valid.
    function invariant_INV_43_prices_follow_who_lives() public view {
        uint256 count = sources.brokenCount();
        assertEq(count, 0, count == 0 ? "" : sources.broken(0));
    }
}
