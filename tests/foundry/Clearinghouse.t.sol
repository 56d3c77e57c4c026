// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {FundingMath} from "contracts/ledger/FundingMath.sol";
import {KIND_FUTURE, KIND_PERPETUAL} from "contracts/types/InstrumentId.sol";
import {MarketWord} from "contracts/types/MarketWord.sol";

import {VenueHarness} from "./VenueHarness.sol";

/// @dev The ledger of one market, whatever is done to it in whatever order.
contract ClearinghouseLedgerTest is VenueHarness {
    uint256 private constant FEED = 1;
    uint256 private constant STEPS = 40;

    uint64 private perpetual;
    uint64 private future;
    uint256[] private accounts;
    uint256 private operations;

    function setUp() public override {
        super.setUp();
        addUnderlyings(FEED, 2000e18);
        perpetual = clearinghouse.list(KIND_PERPETUAL, FEED, 0, 0, defaultConfig());
        future = clearinghouse.list(KIND_FUTURE, FEED, START - START % 1 hours + 2 hours, 0, defaultConfig());
        accounts.push(fund("maker", 1_000_000));
        accounts.push(fund("trader", 100_000));
        accounts.push(fund("liquidator", 1_000_000));
        accounts.push(fund("rich trader", 10_000_000));
        accounts.push(fund("poor trader", 3000));
    }

    /// @dev INV-03, INV-04, INV-05, INV-22: sizes cancel, sums are the
    /// sums of their parts, and no market promises more than it has.
    function testFuzz_ledgerAddsUp(uint256 seed) public {
        for (uint256 i; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed);
            _checkMarket(perpetual);
            _checkMarket(future);
            _checkPools();
        }
    }

    function _act(uint256 seed) private {
        uint64 id = seed % 3 == 0 ? future : perpetual;
        uint256 one = accounts[(seed >> 8) % accounts.length];
        uint256 other = accounts[(seed >> 16) % accounts.length];
        uint256 action = (seed >> 24) % 12;
        uint256 number = seed >> 32;
        ++operations;
        if (action < 5) {
            uint256 price = oracle.price(FEED).mid * (980 + number % 41) / 1000 + number % 7;
            try this.tradeFor(id, one, other, 1 + number % 3e18, price, false, false) {} catch {}
        } else if (action == 5) {
            vm.warp(vm.getBlockTimestamp() + number % 900);
            setPrice(FEED, oracle.price(FEED).mid * (900 + number % 201) / 1000);
        } else if (action == 6) {
            try this.settleOne(one, id) {}
            catch (bytes memory reason) {
                _isPatience(reason);
            }
        } else if (action == 7) {
            try this.moveSlice(one, other, number % 3 == 0 ? 1e18 : number % 1e18) {} catch {}
        } else if (action == 8) {
            (int256 size,) = clearinghouse.position(one, id);
            try this.moveAtMark(one, other, id, size / int256(1 + number % 3)) {} catch {}
        } else if (action == 9) {
            (int256 size,) = clearinghouse.position(one, id);
            if (size != 0) this.shareLoss(one, id, number % 5000e18);
        } else if (action == 10) {
            _expire(number);
        } else {
            try clearinghouse.settleBetween(id, one, other) {}
            catch (bytes memory reason) {
                _isPatience(reason);
            }
        }
    }

    function settleOne(uint256 account, uint64 id) external {
        settle(account, id);
    }

    /// @dev Who owes several markets pays none while prices are not Valid, or without equity.
    function _isPatience(bytes memory reason) private pure {
        bytes4 error = bytes4(reason);
        assertTrue(error == IMarginVault.PricesNotValid.selector || error == IMarginVault.EquityTooLow.selector);
    }

    function _expire(uint256 number) private {
        for (uint256 i; i < number % 25; ++i) {
            try clearinghouse.observeSettlement(future) {} catch {}
            vm.warp(vm.getBlockTimestamp() + 1 minutes);
            setPrice(FEED, oracle.price(FEED).mid);
        }
        try clearinghouse.finishSettlement(future) {} catch {}
    }

    function _checkMarket(uint64 id) private view {
        MarketWord word = clearinghouse.marketWord(id);
        bool settled = word.isSettled();
        (,, uint256 finalPrice,) = clearinghouse.settlementOf(id);
        uint256 price = settled ? finalPrice : oracle.price(FEED).mid;
        int256 carry = int256(price) - word.fundingAt(price, block.timestamp);

        int256 sizes;
        uint256 longs;
        int256 values;
        for (uint256 i; i < accounts.length; ++i) {
            (int256 size, int256 basis) = clearinghouse.position(accounts[i], id);
            sizes += size;
            longs += size > 0 ? uint256(size) : 0;
            values += FundingMath.valueDown(size, carry) - basis + _claimsOf(accounts[i], id);
        }
        if (!settled) assertEq(sizes, 0, "longs = shorts");
        assertEq(longs, word.openInterest(), "open interest");
        _checkUnits(id);
        int256 held = int256(clearinghouse.poolOf(id) + losses.shortfallOf(id));
        assertLe(values, held, "no market owes more than it has");
        assertLe(held - values, int256(4 * operations + accounts.length), "only rounding stays");
    }

    function _claimsOf(uint256 account, uint64 id) private view returns (int256) {
        (int256 long,) = losses.claimOf(id, account, true);
        (int256 short,) = losses.claimOf(id, account, false);
        return long + short;
    }

    function _checkUnits(uint64 id) private view {
        uint256 longs;
        uint256 shorts;
        for (uint256 i; i < accounts.length; ++i) {
            (, uint256 units) = losses.claimOf(id, accounts[i], true);
            longs += units;
            (, units) = losses.claimOf(id, accounts[i], false);
            shorts += units;
        }
        assertEq(longs, losses.unitsOf(id).longs, "contracts of closed longs");
        assertEq(shorts, losses.unitsOf(id).shorts, "contracts of closed shorts");
    }

    function _checkPools() private view {
        (,, uint256 pools, uint256 deficit,,) = vault.cashTotals();
        assertEq(clearinghouse.poolOf(perpetual) + clearinghouse.poolOf(future), pools, "pools are the markets'");
        assertEq(deficit, 0, "no market's loss is cash");
    }
}
