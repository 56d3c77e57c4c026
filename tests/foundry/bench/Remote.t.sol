// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";

import {Standing} from "contracts/crosschain/Endpoint.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice Gas of collateral on another chain, by one transport of two signatures: there, credited, redeemed, back.
/// @dev Run with --isolate, like the other benchmarks. The account has receipts already, and somebody else was paid.
contract RemoteBench is RemoteTest {
    Party private owner;

    function setUp() public {
        deployRemote(1);
        for (uint256 i = 1; i < PAIRS; ++i) {
            hub.setTransport(atHub[i], Standing.None);
            spoke.setTransport(atSpoke[i], Standing.None);
        }
        owner = party("owner");
        welcome(owner);
        lock(owner, 10e18);
        carry();
        Party memory other = party("other");
        welcome(other);
        lock(other, 10e18);
        carry();
        redeem(other, 5e18);
        hub.sendRedemption(route, other.owner);
        carry();
    }

    function _print(string memory operation) private {
        console.log("GAS %s 1 %s", operation, vm.lastCallGas().gasTotalUsed);
    }

    function test_there() public {
        token.mint(owner.owner, 5e18);
        vm.prank(owner.owner);
        token.approve(address(spoke), 5e18);
        vm.prank(owner.owner);
        spoke.lock(address(token), 5e18, owner.account);
        _print("remote-lock");
        collect();
        deliver(sent.length - 1);
        _print("remote-credit");
        assertEq(heldBy(owner), 15e18);
    }

    function test_back() public {
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 4e18, owner.owner);
        _print("remote-redeem");
        hub.sendRedemption(route, owner.owner);
        _print("remote-send");
        collect();
        deliver(sent.length - 1);
        _print("remote-pay");
        assertEq(token.balanceOf(owner.owner), 4e18);
    }
}
