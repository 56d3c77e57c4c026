// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOptionOracle, RiskArrayView} from "contracts/interfaces/IOptionOracle.sol";
import {IVolatilitySurface} from "contracts/interfaces/IVolatilitySurface.sol";
import {InstrumentId, KIND_CALL, KIND_PUT} from "contracts/types/InstrumentId.sol";
import {OptionParams} from "contracts/types/OptionParamsWord.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {Slice} from "contracts/types/SliceWord.sol";
import {Test} from "forge-std/Test.sol";
import {console} from "forge-std/console.sol";
import {OptionVenueProbe} from "tests/helpers/contracts/OptionVenueProbe.sol";

/// @notice A cheat code that forge-std does not know yet: storage of `target` counts as not yet read.
interface ICool {
    function cool(address target) external;
}

/// @notice The option oracle on any input, and its gas.
contract OptionOracleTest is Test {
    uint256 private constant ETH = 1;
    uint256 private constant SERIES = 40;
    /// @dev Most gas of a series in a refresh of forty that rewrites stored words.
    uint256 private constant MAX_REFRESH = 72_000;
    /// @dev Most gas of a series in a cold read of forty, with what the caller spends on coding.
    uint256 private constant MAX_WORDS = 5000;

    /// @dev Prices of options far in the money differ by rounding alone; a lane of theirs may by one unit [wad USD].
    int256 private constant NOISE = 40_000e18 >> 14;

    OptionVenueProbe private probe;
    IVolatilitySurface private surface;
    IOptionOracle private oracle;
    uint256 private expiry;
    uint64[] private ids;

    function setUp() public {
        vm.warp(1_800_000_000);
        expiry = block.timestamp + 30 days;
        probe = OptionVenueProbe(deployCode("build/forge/OptionVenueProbe.sol/OptionVenueProbe.json"));
        address venue = address(probe);
        address surface_ =
            deployCode("build/forge/VolatilitySurface.sol/VolatilitySurface.json", abi.encode(venue, venue));
        surface = IVolatilitySurface(surface_);
        bytes memory wiring = abi.encode(venue, venue, surface, venue, venue);
        oracle = IOptionOracle(deployCode("build/forge/OptionOracle.sol/OptionOracle.json", wiring));
        probe.setPrice(ETH, 2000e18, PriceStatus.Valid);
        probe.setShocks(ETH, 50_000, 90_000, 730 days);
        surface.setOptionParams(ETH, _params());
        surface.post(ETH, expiry, Slice(50_000, 100_000, -300_000, 0, 200_000, 50_000));
        for (uint256 i; i < SERIES; ++i) {
            ids.push(InstrumentId.encode(i % 2 == 0 ? KIND_PUT : KIND_CALL, ETH, expiry, (1500 + 25 * i) * 1e18));
        }
        oracle.refresh(ids);
    }

    function _params() private pure returns (OptionParams memory) {
        return OptionParams({
            volShockMaintenance: 250_000,
            volShockInitial: 400_000,
            defaultVolatility: 800_000,
            maxAge: 1 hours,
            expiryAge: 6 hours,
            minInterval: 60,
            maxStep: 1_000_000,
            maxCarry: 1_000_000
        });
    }

    /* GAS */

    function test_gas_of_a_refresh() public {
        skip(300);
        probe.setPrice(ETH, 2010e18, PriceStatus.Valid);
        ICool(address(vm)).cool(address(oracle));
        ICool(address(vm)).cool(address(surface));
        ICool(address(vm)).cool(address(probe));
        uint256 left = gasleft();
        oracle.refresh(ids);
        uint256 each = (left - gasleft()) / SERIES;
        console.log("refresh, a series of forty: %d", each);
        assertLe(each, MAX_REFRESH);
    }

    function test_gas_of_words() public {
        uint256[] memory list = new uint256[](SERIES);
        for (uint256 i; i < SERIES; ++i) {
            list[i] = ids[i];
        }
        ICool(address(vm)).cool(address(oracle));
        ICool(address(vm)).cool(address(surface));
        uint256 left = gasleft();
        oracle.words(list);
        uint256 each = (left - gasleft()) / SERIES;
        console.log("words, a series of forty, cold: %d", each);
        assertLe(each, MAX_WORDS);
    }

    function test_gas_of_a_mark_and_a_post() public {
        skip(300);
        ICool(address(vm)).cool(address(oracle));
        ICool(address(vm)).cool(address(surface));
        uint256 left = gasleft();
        oracle.mark(ids[0]);
        console.log("mark: %d", left - gasleft());
        ICool(address(vm)).cool(address(oracle));
        ICool(address(vm)).cool(address(surface));
        left = gasleft();
        surface.post(ETH, expiry, Slice(51_000, 100_000, -300_000, 0, 200_000, 50_000));
        console.log("post: %d", left - gasleft());
    }

    /* NOTHING REVERTS */

    /// @dev Marks and arrays of a series whatever the surface, the index and the time.
    function _ask(uint64 id) private {
        (uint256 price,, uint256 index) = oracle.mark(id);
        assertLe(index, type(uint96).max);
        assertLe(price, uint256(type(uint96).max));
        oracle.volatilityOf(id);
        uint64[] memory one = new uint64[](1);
        one[0] = id;
        oracle.refresh(one);
        RiskArrayView memory a = oracle.arrayOf(id);
        assertEq(a.time, block.timestamp);
        assertLe(a.ref, index);
        assertLe(index - a.ref, index >> 57, "an array keeps 58 bits of the index");
        uint256[] memory pair = new uint256[](2);
        (pair[0], pair[1]) = (id, type(uint256).max);
        oracle.wordsAt(pair);
        pair[1] = 0;
        oracle.wordsAt(pair);
        _expectMark(id, a);
    }

    /// @dev The mark of an array is that of the index it was made at, which may be a little below, in 26 bits, down.
    /// down. Leaves the index there.
    function _expectMark(uint64 id, RiskArrayView memory a) private {
        probe.setPrice(ETH, a.ref, PriceStatus.Valid);
        (uint256 price,,) = oracle.mark(id);
        assertLe(a.mark, price);
        if (price <= type(uint88).max) assertLe(price - a.mark, price >> 25);
    }

    function testFuzz_nothing_reverts_on_an_accepted_slice(
        Slice memory slice,
        uint256 index,
        uint256 strike,
        uint256 tenor,
        uint256 later,
        uint256 seed
    ) public {
        slice.rho = int24(bound(slice.rho, -999_999, 999_999));
        slice.carry = int24(bound(slice.carry, -1_000_000, 1_000_000));
        slice.sigma = uint32(bound(slice.sigma, 1, type(uint32).max));
        if (seed & 1 == 0) slice.a = int32(bound(slice.a, 100, 30_000_000));
        if (seed & 2 == 0) slice.b = uint32(bound(slice.b, 0, 1_000_000));
        uint256 other = (block.timestamp / 1 hours + bound(tenor, 1, 730 * 24 - 2)) * 1 hours;
        if (other == expiry) other += 1 hours;
        try surface.post(ETH, other, slice) {} catch {}
        skip(bound(later, 0, 800 days));
        probe.setPrice(ETH, index == 0 ? 1 : index, PriceStatus(1 + seed % 4));
        probe.setShocks(ETH, uint24(seed >> 8), uint24(seed >> 32), 730 days);
        uint256 mantissa = bound(strike, 1, 2 ** 20 - 1);
        uint256 code = mantissa | (strike >> 128 & 15) << 20;
        uint256 kind = seed & 16 == 0 ? 3 : 4;
        _ask(uint64(kind << 60 | ETH << 48 | (other / 1 hours) << 24 | code));
    }

    function testFuzz_any_id_is_answered_or_refused(uint64 id) public {
        uint256 underlying = InstrumentId.underlyingOf(id);
        uint256 kind = InstrumentId.kindOf(id);
        if (kind < 3 || kind > 4) {
            vm.expectRevert(abi.encodeWithSelector(IOptionOracle.NotAnOption.selector, id));
            oracle.mark(id);
            vm.expectRevert(abi.encodeWithSelector(IOptionOracle.NotAnOption.selector, id));
            oracle.arrayOf(id);
        }
        id = uint64(uint256(id) & 0xffffffffffff | (3 + uint256(id) % 2) << 60 | underlying << 48);
        if (underlying != ETH) {
            vm.expectRevert(abi.encodeWithSelector(IOptionOracle.UnknownUnderlying.selector, underlying));
            oracle.mark(id);
        }
        _ask(uint64(uint256(id) & ~(uint256(0xfff) << 48) | ETH << 48));
    }

    /* SHAPE */

    /// @dev At a node a long leg reads no more than the price there, a short one no less.
    function testFuzz_lanes_round_against_the_holder(uint256 index, uint256 strike, bool isPut) public {
        index = bound(index, 100e18, 40_000e18);
        strike = bound(strike, 200, 20_000) * 1e18;
        probe.setPrice(ETH, index, PriceStatus.Valid);
        uint64 id = InstrumentId.encode(isPut ? KIND_PUT : KIND_CALL, ETH, expiry, strike);
        uint64[] memory one = new uint64[](1);
        one[0] = id;
        oracle.refresh(one);
        RiskArrayView memory a = oracle.arrayOf(id);
        (uint256 price,,) = oracle.mark(id);
        uint256 unit = index >> 14;
        // volatility up is worth more than volatility down, at every price, and the same in between
        for (uint256 first; first < 16; first += 8) {
            assertGe(a.lanes[first] + NOISE, a.lanes[first + 1]);
            for (uint256 i = first + 2; i < first + 8; i += 3) {
                assertGe(a.lanes[i] + NOISE, a.lanes[i + 2]);
                assertGe(a.lanes[i + 2] + NOISE, a.lanes[i + 1]);
            }
        }
        // initial margin reaches further: its volatilities enclose those of maintenance
        assertGe(a.lanes[8] + NOISE, a.lanes[0]);
        assertLe(a.lanes[9], a.lanes[1] + NOISE);
        assertGe(a.gapInitial, a.gapMaintenance);
        // a call gains where the price rises, a put where it falls
        assertTrue(isPut ? a.delta <= 0 : a.delta >= 0);
        (uint256 gain, uint256 loss) = isPut ? (uint256(5), uint256(2)) : (uint256(2), uint256(5));
        assertGe(a.lanes[gain], a.lanes[loss]);
        // a long option loses at most its mark, but for the unit of a lane
        for (uint256 i; i < 18; ++i) {
            assertGe(a.lanes[i] + int256(price) + int256(unit), 0);
        }
        _expectMark(id, a);
    }
}
