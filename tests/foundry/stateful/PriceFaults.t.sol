// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dealings} from "./Dealings.sol";
import {Expiring} from "./Expiring.sol";
import {PriceFaultsVenue} from "./Sources.sol";
import {Test} from "forge-std/Test.sol";

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

/// @notice What is proven of sources that keep their rounds.
contract ExpiringTest is Test {
    Expiring private expiring;

    function setUp() public {
        expiring = new Expiring();
        targetContract(address(expiring));
    }

    /// @notice INV-43: whoever observes and finishes, and whenever, an average is what reading all rounds that there
    /// are makes of them.
    /// forge-config: default.invariant.depth = 32
    function invariant_INV_43_an_average_is_of_the_very_rounds() public view {
        uint256 count = expiring.brokenCount();
        assertEq(count, 0, count == 0 ? "" : expiring.broken(0));
    }

    /// @notice A day of such expiries has what the invariant is about: doubts, minutes that do not count, phases.
    function test_random_faults_reach_what_may_go_wrong() public {
        for (uint256 i; i < 400; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            if (seed % 8 == 0 || seed % 8 == 2) expiring.fail(seed >> 8, seed >> 16, seed >> 24);
            if (seed % 8 == 1) expiring.mend(seed >> 8);
            if (seed % 8 == 3) expiring.lose(seed >> 8, uint80(seed >> 16), seed >> 100 & 1 == 0);
            if (seed % 8 == 4) expiring.prune(seed >> 8, uint80(seed >> 16));
            if (seed % 8 == 5) expiring.exchange_(seed >> 8, seed >> 100 & 1 == 0);
            if (seed % 8 == 6) expiring.expire(seed >> 8, seed >> 16);
            if (seed % 8 == 7) expiring.pass(seed >> 8);
        }
        string[7] memory all =
            ["faults", "rounds missing", "pruned", "phases", "doubts", "expiries", "expiries without all minutes"];
        for (uint256 i; i < all.length; ++i) {
            assertGt(expiring.done(all[i]), 0, all[i]);
        }
        invariant_INV_43_an_average_is_of_the_very_rounds();
    }
}
