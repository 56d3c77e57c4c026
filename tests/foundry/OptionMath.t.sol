// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {console} from "forge-std/console.sol";
import {CallCase, OptionCase, OptionMathProbe} from "tests/helpers/contracts/OptionMathProbe.sol";

/// @notice Prices of options on any input, and their gas.
contract OptionMathTest is Test {
    uint256 private constant SAMPLE = 500;
    /// @dev Most gas a price may cost in the mean.
    uint256 private constant MAX_GAS = 2500;
    uint256 private constant MAX_PRICE = type(uint96).max;

    OptionMathProbe private probe;

    function setUp() public {
        probe = OptionMathProbe(deployCode("build/forge/OptionMathProbe.sol/OptionMathProbe.json"));
    }

    function _price(bool isPut, uint256 forward, uint256 strike, uint256 volatility, uint256 tau)
        private
        view
        returns (uint256)
    {
        OptionCase[] memory cases = new OptionCase[](1);
        cases[0] = OptionCase(isPut, forward, strike, volatility, tau);
        return probe.prices(cases)[0];
    }

    /// @dev Bounds hold, and with them nothing reverts; call less put is forward less strike.
    function _checkBounds(uint256 forward, uint256 strike, uint256 volatility, uint256 tau) private view {
        uint256 call = _price(false, forward, strike, volatility, tau);
        uint256 put = _price(true, forward, strike, volatility, tau);
        (uint256 f, uint256 k) = (forward < MAX_PRICE ? forward : MAX_PRICE, strike < MAX_PRICE ? strike : MAX_PRICE);
        assertLe(call, f);
        assertLe(put, k);
        assertGe(call, f > k ? f - k : 0);
        assertGe(put, k > f ? k - f : 0);
        assertEq(call + k, put + f);
        if (volatility == 0 || tau == 0) assertEq(call, f > k ? f - k : 0);
    }

    function testFuzz_any_input_stays_within_bounds(uint256 forward, uint256 strike, uint256 volatility, uint256 tau)
        public
        view
    {
        _checkBounds(forward, strike, volatility, tau);
    }

    function testFuzz_any_packed_input_stays_within_bounds(
        uint96 forward,
        uint96 strike,
        uint64 volatility,
        uint32 tau
    ) public view {
        _checkBounds(forward, strike, volatility, tau);
    }

    function testFuzz_call_stays_within_bounds(uint96 forward, uint96 strike, int256 log, uint256 sd) public view {
        log = bound(log, -(2 ** 68), 2 ** 68);
        sd = bound(sd, 0, 100e18);
        CallCase[] memory cases = new CallCase[](1);
        cases[0] = CallCase(forward, strike, log, sd);
        (uint256[] memory values, uint256[] memory nd1s) = probe.calls(cases);
        (uint256 value, uint256 nd1) = (values[0], nd1s[0]);
        assertLe(value, forward);
        assertGe(value, forward > strike ? forward - strike : 0);
        assertLe(nd1, 1e18);
    }

    function testFuzz_corners_stay_within_bounds(uint256 seed) public view {
        uint256[8] memory prices = [uint256(0), 1, 2, 1e8, 1e18, 2000e18, MAX_PRICE, type(uint256).max];
        uint256[8] memory vols = [uint256(0), 1, 1e9, 1e16, 1e18, 5e18, 1e36, type(uint256).max];
        uint256[8] memory taus = [uint256(0), 1, 60, 1 days, 730 days, type(uint32).max, 2 ** 64, type(uint256).max];
        _checkBounds(prices[seed % 8], prices[seed >> 8 & 7], vols[seed >> 16 & 7], taus[seed >> 24 & 7]);
    }

    /// @dev A sample over the domain: K/F in [0.05, 20], 1 % to 500 %, a minute to two years.
    function _sample(uint256 i) private pure returns (OptionCase memory c) {
        uint256 hash = uint256(keccak256(abi.encode(i)));
        c.isPut = i % 2 == 0;
        c.forward = 1e18 + hash % 100_000e18;
        // half of the strikes within a tenth of the forward
        uint256 ratio = i % 4 < 2 ? 0.9e18 + (hash >> 64) % 0.2e18 : 0.05e18 + (hash >> 64) % 19.95e18;
        c.strike = c.forward * ratio / 1e18;
        c.volatility = 1e16 + (hash >> 128) % 4.99e18;
        c.tau = 60 + (hash >> 192) % 730 days;
    }

    function test_gas_of_a_price() public view {
        OptionCase[] memory cases = new OptionCase[](SAMPLE);
        for (uint256 i; i < SAMPLE; ++i) {
            cases[i] = _sample(i);
        }
        uint256[] memory gas = probe.gasOf(cases);
        uint256 sum;
        uint256 most;
        for (uint256 i; i < SAMPLE; ++i) {
            sum += gas[i];
            if (gas[i] > most) most = gas[i];
        }
        console.log("gas of a price: mean %d, most %d", sum / SAMPLE, most);
        assertLe(sum / SAMPLE, MAX_GAS);
    }
}
