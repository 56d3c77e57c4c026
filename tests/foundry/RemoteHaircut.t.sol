// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {GlobalParams, GroupParams, UnderlyingParams} from "contracts/interfaces/IRiskParameters.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice A route whose receipts have a haircut of their own: they are listed with an underlying of their own.
contract RemoteHaircutTest is RemoteTest {
    uint256 private constant OWN = 2; // underlying
    uint8 private constant OWN_FEED = 51;
    /// @dev More than the token's own [ppm].
    uint24 private constant MORE = 100_000;

    function test_receipts_have_the_haircut_of_their_underlying() public {
        deployRemote(1);
        _setParameters();
        TestToken far = TestToken(
            deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Ether far away", "FAR", 18, 1e40))
        );
        uint256 second = openRoute(address(far), OWN_FEED, uint8(OWN));
        Party memory near = party("near");
        Party memory away = party("away");
        welcome(near);
        welcome(away);
        lock(near, 10e18);
        vm.prank(away.owner);
        hub.accept(second, away.account, true);
        far.mint(away.owner, 10e18);
        lockOther(address(far), away, away.account, 10e18);
        carry();
        refreshAll();
        (Margin memory farInitial, Margin memory farMaintenance) = engine.margin(away.account);
        (Margin memory nearInitial, Margin memory nearMaintenance) = engine.margin(near.account);
        assertEq(farInitial.equity, nearInitial.equity);
        int256 more = int256(20_000e18 * uint256(MORE) / 1e6);
        assertGe(nearInitial.excess - farInitial.excess, more);
        assertGe(nearMaintenance.excess - farMaintenance.excess, more);
    }

    /// @dev Two underlyings in a group: the second is the first with a greater haircut.
    function _setParameters() private {
        uint256[] memory ids = new uint256[](2);
        UnderlyingParams[] memory params = new UnderlyingParams[](2);
        (ids[0], ids[1]) = (1, OWN);
        (params[0], params[1]) = (majors(), majors());
        params[1].maintenance.liquidityHaircut += MORE;
        params[1].initial.liquidityHaircut += MORE;
        uint256[] memory groups = new uint256[](1);
        groups[0] = 1;
        GroupParams[] memory groupParams = new GroupParams[](1);
        groupParams[0] = GroupParams(500_000, 400_000);
        parameters.setParameters(
            ids,
            params,
            groups,
            groupParams,
            GlobalParams(900_000, 100_000, 1_250_000, 2_000_000, 100_000, 50_000, 100_000, 900, 10_000)
        );
    }
}
