// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dealings} from "./Dealings.sol";
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

/// @notice What such prices do to loans, auctions and expiries.
contract DealingsTest is PriceFaultsVenue {
    Dealings private dealings;

    function setUp() public {
        dealings = new Dealings(address(this));
        sources = _sourcesOf(dealings.oracleOf());
        dealings.begin(sources);
        targetContract(address(sources));
        bytes4[] memory rules = new bytes4[](6);
        rules[0] = Dealings.borrow.selector;
        rules[1] = Dealings.repay.selector;
        rules[2] = Dealings.sell.selector;
        rules[3] = Dealings.end.selector;
        rules[4] = Dealings.expire.selector;
        rules[5] = Dealings.sell.selector;
        targetContract(address(dealings));
        targetSelector(FuzzSelector(address(dealings), rules));
    }

    /// @notice INV-43: loans need a Valid price, repayment and exits none; nobody is sold at a halted price, nor at one
    /// that a live source has contradicted for too long; an average is of what was observed.
    function invariant_INV_43_who_deals_at_prices_that_fail() public view {
        uint256 count = dealings.brokenCount();
        assertEq(count, 0, count == 0 ? "" : dealings.broken(0));
        count = sources.brokenCount();
        assertEq(count, 0, count == 0 ? "" : sources.broken(0));
    }
}
