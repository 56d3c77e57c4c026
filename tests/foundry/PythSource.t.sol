// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {PythStructs} from "@pythnetwork/pyth-sdk-solidity/PythStructs.sol";

import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {FeedConfig, IOracleAdapter, Price} from "contracts/interfaces/IOracleAdapter.sol";
import {IPriceSource} from "contracts/interfaces/IPriceSource.sol";
import {PythSource} from "contracts/oracles/PythSource.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {Test} from "forge-std/Test.sol";

/// @notice Whatever Pyth's contract, here its own mock, says: price, interval and exponent of either sign, its age, and
/// what an update costs.
contract PythSourceTest is Test {
    bytes32 private constant ID = 0xff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace;
    uint256 private constant FEE = 10;
    uint32 private constant MAX_AGE = 60;

    IPyth private pyth;
    PythSource private reader;
    OracleAdapter private oracle;

    function setUp() public {
        vm.warp(1_800_000_000);
        pyth = IPyth(deployCode("build/forge/PythProbe.sol/PythProbe.json", abi.encode(uint256(60), FEE)));
        reader = PythSource(deployCode("build/forge/PythSource.sol/PythSource.json", abi.encode(pyth)));
        address authority = deployCode("build/forge/AccessManager.sol/AccessManager.json", abi.encode(address(this)));
        oracle = OracleAdapter(
            deployCode("build/forge/OracleAdapter.sol/OracleAdapter.json", abi.encode(authority, address(pyth)))
        );
    }

    /// @notice The price is rounded down and the interval up where Pyth counts in more digits than a wad has; beyond
    /// exponents of -30 and 12, and at no price, it reads nothing.
    function testFuzz_reads_what_pyth_says(int64 price, uint64 confidence, int32 exponent) public {
        exponent = int32(bound(exponent, -33, 15));
        _publish(price, confidence, exponent, vm.getBlockTimestamp());
        if (price <= 0) {
            vm.expectRevert(abi.encodeWithSelector(IPriceSource.NoPrice.selector, price));
        } else if (exponent < -30 || exponent > 12) {
            int256 limit = exponent < 0 ? int256(-30) : int256(12);
            vm.expectRevert(abi.encodeWithSelector(PythSource.ExponentOutOfRange.selector, exponent, limit));
        }
        (uint256 wad, uint256 interval, uint256 time, PriceStatus status) = reader.read(ID);
        if (price <= 0 || exponent < -30 || exponent > 12) return;

        // safe because the price is above 0
        uint256 mantissa = uint256(int256(price));
        if (exponent < -18) {
            uint256 unit = 10 ** uint256(int256(-18 - exponent));
            assertLe(wad * unit, mantissa);
            assertGt((wad + 1) * unit, mantissa);
            assertGe(interval * unit, confidence);
            assertLt(interval * unit, uint256(confidence) + unit);
        } else {
            uint256 unit = 10 ** uint256(int256(18 + exponent));
            assertEq(wad, mantissa * unit);
            assertEq(interval, uint256(confidence) * unit);
        }
        assertEq(time, vm.getBlockTimestamp());
        assertEq(uint8(status), uint8(PriceStatus.Valid));
    }

    /// @notice Valid for as long as the feed says, and no second longer, however often it is refreshed; then what Pyth
    /// is given makes it Valid again, but not what is as old.
    function test_a_price_that_nobody_pushes_is_stale_in_time() public {
        _list();
        _refreshAfter(MAX_AGE);
        _expect(2000e18, PriceStatus.Valid);
        _refreshAfter(1);
        _expect(2000e18, PriceStatus.Stale);
        _publish(2010e8, 1e8, -8, vm.getBlockTimestamp() - MAX_AGE - 1);
        _refreshAfter(0);
        _expect(2000e18, PriceStatus.Stale);
        _publish(2010e8, 1e8, -8, vm.getBlockTimestamp());
        _refreshAfter(12);
        _expect(2010e18, PriceStatus.Valid);
    }

    /// @notice Pyth's fee for each update is paid, no more and no less.
    function testFuzz_an_update_costs_its_fee(uint8 count, uint96 value) public {
        _list();
        bytes[] memory updates = new bytes[](bound(count, 0, 5));
        for (uint256 i; i < updates.length; ++i) {
            updates[i] = _update(2001e8, 1e8, -8, vm.getBlockTimestamp() + i);
        }
        uint256 fee = FEE * updates.length;
        vm.deal(address(this), value);
        vm.warp(vm.getBlockTimestamp() + 12);
        if (value < fee) vm.expectRevert(abi.encodeWithSelector(IOracleAdapter.FeeTooLow.selector, value, fee));
        oracle.updateAndRefresh{value: value}(updates, _ids());
        assertEq(address(pyth).balance, FEE + (value < fee ? 0 : fee));
        assertEq(address(this).balance, value < fee ? value : value - fee);
    }

    receive() external payable {}

    /* HELPERS */

    function _update(int64 price, uint64 confidence, int32 exponent, uint256 time)
        private
        pure
        returns (bytes memory)
    {
        PythStructs.Price memory said = PythStructs.Price(price, confidence, exponent, time);
        // safe because times fit
        return abi.encode(PythStructs.PriceFeed(ID, said, said), uint64(time - 1));
    }

    function _publish(int64 price, uint64 confidence, int32 exponent, uint256 time) private {
        bytes[] memory updates = new bytes[](1);
        updates[0] = _update(price, confidence, exponent, time);
        vm.deal(address(this), FEE);
        pyth.updatePriceFeeds{value: FEE}(updates);
    }

    /// @dev Feed 1 from Pyth alone, at 2,000 +- 1.
    function _list() private {
        _publish(2000e8, 1e8, -8, vm.getBlockTimestamp());
        FeedConfig memory config;
        config.primary.reader = reader;
        config.primary.maxAge = MAX_AGE;
        config.primary.gasLimit = 100_000;
        config.primary.data = ID;
        (config.minPrice, config.maxPrice) = (1e18, 1e24);
        config.haltBound = 600;
        (config.confidenceLimit, config.deviationLimit, config.breakerLimit) = (20_000, 20_000, 150_000);
        oracle.setFeed(1, config);
    }

    function _ids() private pure returns (uint256[] memory ids) {
        ids = new uint256[](1);
        ids[0] = 1;
    }

    function _refreshAfter(uint256 time) private {
        vm.warp(vm.getBlockTimestamp() + time);
        oracle.refresh(_ids());
    }

    function _expect(uint256 mid, PriceStatus status) private view {
        Price memory price = oracle.price(1);
        assertEq(price.mid, mid);
        assertEq(uint8(price.status), uint8(status));
    }
}
