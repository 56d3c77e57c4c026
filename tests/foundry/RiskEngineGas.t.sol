// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskEngine} from "contracts/RiskEngine.sol";
import {RiskParameters} from "contracts/RiskParameters.sol";
import {UnderlyingParams} from "contracts/interfaces/IRiskParameters.sol";
import {GlobalParams} from "contracts/types/GlobalsWord.sol";
import {GroupParams} from "contracts/types/GroupWord.sol";
import {InstrumentId, KIND_PERPETUAL} from "contracts/types/InstrumentId.sol";
import {MarginSet} from "contracts/types/MarginSetWord.sol";
import {MarketWord, MarketWordLib} from "contracts/types/MarketWord.sol";
import {PositionWord, PositionWordLib} from "contracts/types/PositionWord.sol";
import {PriceEdges, PriceEdgesLib} from "contracts/types/PriceEdges.sol";
import {PriceMid, PriceMidLib} from "contracts/types/PriceMid.sol";
import {SpotWord, SpotWordLib} from "contracts/types/SpotWord.sol";
import {Test} from "forge-std/Test.sol";
import {console} from "forge-std/console.sol";
import {EngineProbe, FeedWords, ProbeState} from "tests/helpers/contracts/EngineProbe.sol";

/// @notice Gas of the engine's own work, without what vault, clearinghouse and oracle spend.
contract RiskEngineGasTest is Test {
    uint256 private constant UNDERLYINGS = 34;
    /// @dev Most gas that a further leg in a market of its own may add, crowding and impact included.
    uint256 private constant MAX_PER_LEG = 5080;

    /// @dev Most that counting its exposure may add.
    uint256 private constant EXPOSURES_PER_LEG = 1000;

    EngineProbe private probe;
    RiskEngine private engine;

    function setUp() public {
        vm.warp(1_800_000_000);
        probe = EngineProbe(deployCode("build/forge/EngineProbe.sol/EngineProbe.json"));
        address venue = address(probe);
        address volatility = deployCode("build/forge/FixedVolatility.sol/FixedVolatility.json");
        RiskParameters parameters = RiskParameters(
            deployCode("build/forge/RiskParameters.sol/RiskParameters.json", abi.encode(venue, volatility))
        );
        bytes memory wiring = abi.encode(venue, venue, venue, venue, parameters);
        engine = RiskEngine(deployCode("build/forge/RiskEngine.sol/RiskEngine.json", wiring));

        uint256[] memory ids = new uint256[](UNDERLYINGS);
        UnderlyingParams[] memory params = new UnderlyingParams[](UNDERLYINGS);
        for (uint256 i; i < UNDERLYINGS; ++i) {
            ids[i] = i + 1;
            params[i] = UnderlyingParams({
                maintenance: MarginSet(70_000, 80_000, 50_000, 30_000, 50_000),
                initial: MarginSet(80_000, 120_000, 90_000, 40_000, 50_000),
                impactCoefficient: 1e12,
                group: 1,
                crowdingSlope: 500_000,
                maxTenor: 365 days,
                exposureUnit: 1e18,
                exposureCap: 1000
            });
        }
        uint256[] memory groups = new uint256[](1);
        groups[0] = 1;
        GroupParams[] memory offsets = new GroupParams[](1);
        offsets[0] = GroupParams(500_000, 400_000);
        vm.prank(venue);
        parameters.setParameters(
            ids,
            params,
            groups,
            offsets,
            GlobalParams(900_000, 20_000, 1_100_000, 2_000_000, 100_000, 50_000, 100_000, 900, 10_000)
        );
    }

    function _state(uint256 count, int256 profit) private view returns (ProbeState memory state) {
        state.cash = -1000e18;
        state.spot = new uint256[](1);
        state.spot[0] = SpotWord.unwrap(SpotWordLib.encode(100_000e6, 6, UNDERLYINGS, UNDERLYINGS, 1));
        state.feeds = new FeedWords[](UNDERLYINGS);
        for (uint256 i; i < UNDERLYINGS; ++i) {
            uint256 p = i == UNDERLYINGS - 1 ? 1e18 : (100 + i) * 1e18;
            uint256 edges = PriceEdges.unwrap(PriceEdgesLib.encode(p * 99 / 100, p * 101 / 100));
            uint256 mid = PriceMid.unwrap(PriceMidLib.encode(p, 1));
            state.feeds[i] = FeedWords(i + 1, mid, edges, 1e18 | 1e18 << 128);
        }
        state.legs = new uint256[](4 * count);
        for (uint256 i; i < count; ++i) {
            int256 size = i % 2 == 0 ? int256(10e18) : -int256(10e18);
            int256 basis = size * int256(100 + i) - profit;
            state.legs[4 * i] = InstrumentId.encode(KIND_PERPETUAL, i + 1, 0, 0);
            state.legs[4 * i + 1] = PositionWord.unwrap(PositionWordLib.encode(size, basis, 2000e18, 0, 0));
            state.legs[4 * i + 2] = MarketWord.unwrap(
                MarketWordLib.encode(1e16, 1000e18, block.timestamp - 3600, 100, 150, MarketWordLib.FLAG_LISTED)
            );
        }
    }

    /// @dev Gas of `initialMargin`, `maintenanceWithExposures` and `bothMargins`, less that of the calls they make.
    function _measure(uint256 count, int256 profit) private returns (uint256[3] memory gas) {
        probe.setState(_state(count, profit));
        uint256[] memory ids = new uint256[](count + 1);
        for (uint256 i; i < count; ++i) {
            ids[i] = i + 1;
        }
        ids[count] = UNDERLYINGS;
        uint256 venue = _gasOf(address(probe), abi.encodeCall(EngineProbe.legs, (1)))
            + _gasOf(address(probe), abi.encodeCall(EngineProbe.packedPrices, (ids)));
        uint256 asked = venue + _gasOf(address(probe), abi.encodeCall(EngineProbe.accountState, (1)))
            + _gasOf(address(probe), abi.encodeCall(EngineProbe.moduleRoles, (address(this))));
        (int256 cash, SpotWord[] memory spot) = probe.accountState(1);
        vm.startPrank(address(probe));
        gas[0] = _gasOf(address(engine), abi.encodeCall(RiskEngine.initialMargin, (1, cash, spot))) - venue;
        gas[1] = _gasOf(address(engine), abi.encodeCall(RiskEngine.maintenanceWithExposures, (1))) - asked;
        gas[2] = _gasOf(address(engine), abi.encodeCall(RiskEngine.bothMargins, (1, cash, spot))) - venue;
        vm.stopPrank();
    }

    function _gasOf(address target, bytes memory data) private view returns (uint256 gas) {
        (bool warm,) = target.staticcall(data);
        assertTrue(warm, "call");
        gas = gasleft();
        assembly {
            warm := staticcall(gas(), target, add(data, 0x20), mload(data), 0, 0)
        }
        gas -= gasleft();
    }

    /// @notice A further leg costs the engine little beside the storage that it makes others read.
    function test_gas_per_leg() public {
        uint256[3] memory few = _measure(1, -1e18);
        uint256[3] memory many = _measure(33, -1e18);
        for (uint256 i; i < 3; ++i) {
            uint256 perLeg = (many[i] - few[i]) / 32;
            console.log("set %s: one leg %s, a further leg %s", i, few[i], perLeg);
        }
        assertLe((many[0] - few[0]) / 32, MAX_PER_LEG);
        assertLe((many[1] - few[1]) / 32, MAX_PER_LEG + EXPOSURES_PER_LEG);
    }
}
