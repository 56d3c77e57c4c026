// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IInterchainSecurityModule,
    ISpecifiesInterchainSecurityModule
} from "@hyperlane-xyz/core/contracts/interfaces/IInterchainSecurityModule.sol";
import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";
import {IMessageRecipient} from "@hyperlane-xyz/core/contracts/interfaces/IMessageRecipient.sol";
import {IPostDispatchHook} from "@hyperlane-xyz/core/contracts/interfaces/hooks/IPostDispatchHook.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IMessageReceiver, ITransport} from "../interfaces/ITransport.sol";

/// @title Transport by Hyperlane, under a security module of one's own.
/// @notice The mailbox's default module and its default hook, which others may change, are never used.
/// @dev Assumptions:
/// - The mailbox delivers a message once, and only where the module that is named here has verified it.
/// - A message is told as it is: who sent it on its domain, and who is to have it.
contract HyperlaneTransport is ITransport, IMessageRecipient, ISpecifiesInterchainSecurityModule, AccessManaged {
    /// @notice Only the mailbox delivers.
    /// @param caller Who called.
    error NotMailbox(address caller);

    /// @notice There is no contract at the address.
    /// @param target Address that was named.
    error NotAContract(address target);

    /// @notice The security module was set.
    /// @param module The module.
    event ModuleSet(address indexed module);

    /// @notice The mailbox of this chain.
    IMailbox public immutable mailbox;
    /// @notice What is done with messages beside sending them: the tree that validators sign.
    IPostDispatchHook public immutable hook;

    IInterchainSecurityModule private _module;
    mapping(uint32 domain => address) private _counterparts;

    /// @param authority Access manager of this chain.
    /// @param mailbox_ Hyperlane's mailbox.
    /// @param hook_ Merkle tree hook of the mailbox.
    /// @param module Security module that verifies messages to this chain.
    constructor(address authority, IMailbox mailbox_, IPostDispatchHook hook_, IInterchainSecurityModule module)
        AccessManaged(authority)
    {
        _requireContract(address(mailbox_));
        _requireContract(address(hook_));
        (mailbox, hook) = (mailbox_, hook_);
        _setModule(module);
    }

    /* SENDING */

    /// @inheritdoc ITransport
    function send(uint32 domain, address receiver, bytes calldata body) external payable {
        mailbox.dispatch{value: msg.value}(
            domain, _requireCounterpart(domain), abi.encode(msg.sender, receiver, body), "", hook
        );
    }

    /// @inheritdoc ITransport
    function quote(uint32 domain, address receiver, bytes calldata body) external view returns (uint256) {
        bytes memory message = abi.encode(msg.sender, receiver, body);
        return mailbox.quoteDispatch(domain, _requireCounterpart(domain), message, "", hook);
    }

    function _requireCounterpart(uint32 domain) private view returns (bytes32) {
        address counterpart = _counterparts[domain];
        if (counterpart == address(0)) revert UnknownDomain(domain);
        return _word(counterpart);
    }

    /// @dev An address as Hyperlane writes it.
    function _word(address value) private pure returns (bytes32) {
        return bytes32(uint256(uint160(value)));
    }

    /* DELIVERING */

    /// @notice Takes a message. The mailbox only.
    /// @param origin Domain that it comes from.
    /// @param sender Who sent it there: this transport's counterpart.
    /// @param message Sender, receiver and body.
    function handle(uint32 origin, bytes32 sender, bytes calldata message) external payable {
        if (msg.sender != address(mailbox)) revert NotMailbox(msg.sender);
        if (msg.value != 0) revert WrongFee(msg.value, 0);
        if (sender != _requireCounterpart(origin)) revert UnknownCounterpart(origin, sender);
        (address from, address receiver, bytes memory body) = abi.decode(message, (address, address, bytes));
        IMessageReceiver(receiver).receiveMessage(origin, from, body);
    }

    /// @notice The module that verifies messages to this contract.
    /// @return Never zero: the mailbox's default is not used.
    function interchainSecurityModule() external view returns (IInterchainSecurityModule) {
        return _module;
    }

    /* GOVERNANCE */

    /// @notice Replaces the security module. Governance only.
    /// @param module A contract.
    function setModule(IInterchainSecurityModule module) external restricted {
        _setModule(module);
    }

    function _setModule(IInterchainSecurityModule module) private {
        _requireContract(address(module));
        _module = module;
        emit ModuleSet(address(module));
    }

    function _requireContract(address target) private view {
        if (target.code.length == 0) revert NotAContract(target);
    }

    /// @notice Sets the transport of another chain whose messages are delivered here. Governance only.
    /// @param domain Domain of that chain.
    /// @param counterpart The transport there; zero: none.
    function setCounterpart(uint32 domain, address counterpart) external restricted {
        _counterparts[domain] = counterpart;
        emit CounterpartSet(domain, counterpart);
    }

    /// @notice The transport of another chain.
    /// @param domain Domain of that chain.
    /// @return Zero: none.
    function counterpartOf(uint32 domain) external view returns (address) {
        return _counterparts[domain];
    }
}
