// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Mailbox} from "@hyperlane-xyz/core/contracts/Mailbox.sol";
import {MerkleTreeHook} from "@hyperlane-xyz/core/contracts/hooks/MerkleTreeHook.sol";
import {IInterchainSecurityModule} from "@hyperlane-xyz/core/contracts/interfaces/IInterchainSecurityModule.sol";
import {CheckpointLib} from "@hyperlane-xyz/core/contracts/libs/CheckpointLib.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";

import {HyperlaneTransport} from "contracts/crosschain/HyperlaneTransport.sol";
import {Pause} from "contracts/crosschain/Pause.sol";
import {ValidatorModule} from "contracts/crosschain/ValidatorModule.sol";
import {IMessageReceiver, ITransport} from "contracts/interfaces/ITransport.sol";

/// @notice Hyperlane's real contracts of two domains in one chain, and our transports over them.
contract HyperlaneTransportTest is Test, IMessageReceiver {
    uint32 private constant HERE = 1;
    uint32 private constant THERE = 2;

    struct Side {
        Mailbox mailbox;
        MerkleTreeHook hook;
        ValidatorModule module;
        HyperlaneTransport transport;
    }

    AccessManager private manager;
    Side private here;
    Side private there;
    uint256[] private keys;

    uint32 private receivedFrom;
    address private receivedSender;
    bytes private received;

    function setUp() public {
        vm.warp(1_800_000_000);
        manager =
            AccessManager(deployCode("build/forge/AccessManager.sol/AccessManager.json", abi.encode(address(this))));
        keys = [uint256(11), 12, 13];
        (here, there) = (_side(HERE), _side(THERE));
        here.transport.setCounterpart(THERE, address(there.transport));
        there.transport.setCounterpart(HERE, address(here.transport));
        here.module.setValidators(THERE, _validators(), 2);
        there.module.setValidators(HERE, _validators(), 2);
    }

    function _side(uint32 domain) private returns (Side memory s) {
        s.mailbox = new Mailbox(domain);
        s.hook = new MerkleTreeHook(address(s.mailbox));
        s.module = ValidatorModule(
            deployCode("build/forge/ValidatorModule.sol/ValidatorModule.json", abi.encode(address(manager)))
        );
        s.mailbox.initialize(address(this), address(s.module), address(s.hook), address(s.hook));
        s.transport = HyperlaneTransport(
            deployCode(
                "build/forge/HyperlaneTransport.sol/HyperlaneTransport.json",
                abi.encode(address(manager), s.mailbox, s.hook, s.module)
            )
        );
    }

    /// @dev In the order of their addresses.
    function _validators() private view returns (address[] memory sorted) {
        sorted = new address[](3);
        for (uint256 i; i < 3; ++i) {
            address validator = vm.addr(keys[i]);
            uint256 place = i;
            for (; place != 0 && sorted[place - 1] > validator; --place) {
                sorted[place] = sorted[place - 1];
            }
            sorted[place] = validator;
        }
    }

    function receiveMessage(uint32 domain, address sender, bytes calldata body) external {
        (receivedFrom, receivedSender, received) = (domain, sender, body);
    }

    /// @dev Sends from here to this test there, and returns Hyperlane's message.
    function _send(bytes memory body) private returns (bytes memory message) {
        vm.recordLogs();
        here.transport.send(THERE, address(this), body);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(here.mailbox) && logs[i].topics.length == 4) {
                return abi.decode(logs[i].data, (bytes));
            }
        }
    }

    /// @dev Metadata with the signatures of the first `count` validators.
    function _metadata(bytes memory message, uint256 count) private view returns (bytes memory metadata) {
        (bytes32 root, uint32 index) = here.hook.latestCheckpoint();
        bytes32 tree = bytes32(uint256(uint160(address(here.hook))));
        bytes32 digest = CheckpointLib.digest(HERE, tree, root, index, keccak256(message));
        metadata = abi.encodePacked(tree, root, index);
        address[] memory sorted = _validators();
        for (uint256 i; i < count; ++i) {
            for (uint256 k; k < 3; ++k) {
                if (vm.addr(keys[k]) != sorted[i]) continue;
                (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[k], digest);
                metadata = abi.encodePacked(metadata, r, s, v);
            }
        }
    }

    function test_a_message_passes_once_and_says_who_sent_it() public {
        bytes memory message = _send("how things are");
        bytes memory metadata = _metadata(message, 2);
        there.mailbox.process(metadata, message);
        assertEq(receivedFrom, HERE);
        assertEq(receivedSender, address(this));
        assertEq(received, "how things are");
        vm.expectRevert("Mailbox: already delivered");
        there.mailbox.process(metadata, message);
    }

    function test_below_the_threshold_nothing_passes() public {
        bytes memory message = _send("how things are");
        bytes memory metadata = _metadata(message, 1);
        vm.expectRevert();
        there.mailbox.process(metadata, message);
        bytes memory other = _metadata("another message", 2);
        vm.expectRevert("!threshold");
        there.mailbox.process(other, message);
        assertEq(received, "");
    }

    function test_the_mailboxes_default_is_never_asked() public {
        bytes memory message = _send("how things are");
        // whoever owns the mailbox lets everything pass
        there.mailbox.setDefaultIsm(address(new Credulous()));
        vm.expectRevert();
        there.mailbox.process("", message);
        assertEq(address(there.transport.interchainSecurityModule()), address(there.module));
    }

    function test_a_guardian_pauses_the_module_for_a_bounded_time() public {
        bytes memory message = _send("how things are");
        bytes memory metadata = _metadata(message, 2);
        there.module.pause(7 days);
        vm.expectRevert(abi.encodeWithSelector(ValidatorModule.ModulePaused.selector, block.timestamp + 7 days));
        there.mailbox.process(metadata, message);
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseTooLong.selector, 8 days, 7 days));
        there.module.pause(8 days);
        there.module.unpause();
        there.mailbox.process(metadata, message);
        assertEq(received, "how things are");
    }

    function test_only_the_counterpart_is_believed() public {
        bytes32 stranger = bytes32(uint256(uint160(address(this))));
        vm.expectRevert(abi.encodeWithSelector(HyperlaneTransport.NotMailbox.selector, address(this)));
        there.transport.handle(HERE, stranger, "");
        vm.startPrank(address(there.mailbox));
        vm.expectRevert(abi.encodeWithSelector(ITransport.UnknownCounterpart.selector, HERE, stranger));
        there.transport.handle(HERE, stranger, "");
        vm.expectRevert(abi.encodeWithSelector(ITransport.UnknownDomain.selector, 9));
        there.transport.handle(9, stranger, "");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ITransport.UnknownDomain.selector, 9));
        here.transport.send(9, address(this), "");
        vm.expectRevert(abi.encodeWithSelector(HyperlaneTransport.NotAContract.selector, address(0)));
        here.transport.setModule(IInterchainSecurityModule(address(0)));
    }

    function test_validators_are_ordered_and_their_threshold_is_met_by_them() public {
        address[] memory wrong = new address[](2);
        (wrong[0], wrong[1]) = (address(2), address(1));
        vm.expectRevert(abi.encodeWithSelector(ValidatorModule.ValidatorsUnordered.selector, address(1)));
        here.module.setValidators(THERE, wrong, 1);
        vm.expectRevert(abi.encodeWithSelector(ValidatorModule.ThresholdOutOfRange.selector, 3, 2));
        here.module.setValidators(THERE, wrong, 3);
    }
}

/// @dev A module that believes everything.
contract Credulous is IInterchainSecurityModule {
    function moduleType() external pure returns (uint8) {
        return uint8(Types.NULL);
    }

    function verify(bytes calldata, bytes calldata) external pure returns (bool) {
        return true;
    }
}
