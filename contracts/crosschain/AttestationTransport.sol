// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IMessageReceiver, ITransport} from "../interfaces/ITransport.sol";

/// @notice A message under way.
struct Envelope {
    uint32 origin; // domain that it was sent on
    uint64 nonce; // of the transport there
    uint32 destination; // domain that it goes to
    address sender; // who sent it
    address receiver; // whom it goes to
    bytes body;
}

/// @title Transport by attestation: m of n signers vouch for what was sent elsewhere.
/// @notice Signers sign what they have seen final on the origin; anybody delivers it with their signatures.
/// @dev Assumptions:
/// - Fewer than `threshold` signers lie.
/// - The domain is the chain's id, so that a signature for one chain says nothing on another.
contract AttestationTransport is ITransport, AccessManaged {
    /// @notice The envelope goes to another chain.
    /// @param destination Domain that it names.
    /// @param domain Domain of this chain.
    error WrongDestination(uint32 destination, uint32 domain);

    /// @notice There are too few signatures.
    /// @param count Signatures that came.
    /// @param threshold How many are needed.
    error TooFewSignatures(uint256 count, uint256 threshold);

    /// @notice A signature is not of a signer, or not in the order of the signers' addresses.
    /// @param signer Whose it is.
    error NotSigner(address signer);

    /// @notice Signers are to be in ascending order, each once, and none zero.
    /// @param signer The first that is not.
    error SignersUnordered(address signer);

    /// @notice The threshold is 0, or more than there are signers.
    /// @param threshold What was given.
    /// @param count Signers.
    error ThresholdOutOfRange(uint256 threshold, uint256 count);

    /// @notice A message was sent; signers of the destination attest it.
    /// @param nonce Number of the message.
    /// @param destination Domain that it goes to.
    /// @param sender Who sent it.
    /// @param receiver Whom it goes to.
    /// @param body The message.
    event MessageSent(
        uint64 indexed nonce, uint32 indexed destination, address indexed sender, address receiver, bytes body
    );

    /// @notice The signers were set.
    /// @param signers All, in ascending order.
    /// @param threshold How many have to sign.
    event SignersSet(address[] signers, uint256 threshold);

    /// @notice Domain of this chain.
    uint32 public immutable localDomain;
    /// @notice How many signers have to sign.
    uint256 public threshold;
    /// @notice Messages sent so far.
    uint64 public messageCount;

    address[] private _signers;
    mapping(address signer => bool) private _isSigner;
    mapping(uint32 domain => address) private _counterparts;

    /// @param authority Access manager of this chain.
    /// @param localDomain_ Domain of this chain: its id.
    constructor(address authority, uint32 localDomain_) AccessManaged(authority) {
        localDomain = localDomain_;
    }

    /* SENDING */

    /// @inheritdoc ITransport
    function send(uint32 domain, address receiver, bytes calldata body) external payable {
        if (msg.value != 0) revert WrongFee(msg.value, 0);
        if (_counterparts[domain] == address(0)) revert UnknownDomain(domain);
        uint64 nonce = ++messageCount;
        emit MessageSent({nonce: nonce, destination: domain, sender: msg.sender, receiver: receiver, body: body});
    }

    /// @inheritdoc ITransport
    function quote(uint32, address, bytes calldata) external pure returns (uint256) {
        return 0;
    }

    /* DELIVERING */

    /// @notice Delivers a message that enough signers attest. Anyone.
    /// @dev A message may be delivered again: receivers take messages that tell how things are.
    /// @param envelope The message.
    /// @param signatures Of `digestOf(envelope)`, in ascending order of their signers; the first `threshold` count.
    function deliver(Envelope calldata envelope, bytes[] calldata signatures) external {
        if (envelope.destination != localDomain) revert WrongDestination(envelope.destination, localDomain);
        _requireSigned(digestOf(envelope), signatures);
        IMessageReceiver(envelope.receiver).receiveMessage(envelope.origin, envelope.sender, envelope.body);
    }

    function _requireSigned(bytes32 digest, bytes[] calldata signatures) private view {
        uint256 needed = threshold;
        if (signatures.length < needed || needed == 0) revert TooFewSignatures(signatures.length, needed);
        address last;
        for (uint256 i; i < needed; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (signer <= last || !_isSigner[signer]) revert NotSigner(signer);
            last = signer;
        }
    }

    /// @notice What signers sign, as an Ethereum signed message.
    /// @param envelope A message to this chain.
    /// @return Hash of the message, its two transports and its way.
    function digestOf(Envelope calldata envelope) public view returns (bytes32) {
        address counterpart = _counterparts[envelope.origin];
        if (counterpart == address(0)) revert UnknownDomain(envelope.origin);
        bytes32 content = keccak256(
            abi.encode(
                envelope.origin,
                counterpart,
                envelope.nonce,
                envelope.destination,
                address(this),
                envelope.sender,
                envelope.receiver,
                keccak256(envelope.body)
            )
        );
        return MessageHashUtils.toEthSignedMessageHash(content);
    }

    /* GOVERNANCE */

    /// @notice Replaces the signers. Governance only.
    /// @param signers In ascending order, each once.
    /// @param threshold_ How many have to sign, from 1.
    function setSigners(address[] calldata signers, uint256 threshold_) external restricted {
        if (threshold_ == 0 || threshold_ > signers.length) revert ThresholdOutOfRange(threshold_, signers.length);
        for (uint256 i; i < _signers.length; ++i) {
            _isSigner[_signers[i]] = false;
        }
        address last;
        for (uint256 i; i < signers.length; ++i) {
            if (signers[i] <= last) revert SignersUnordered(signers[i]);
            last = signers[i];
            _isSigner[last] = true;
        }
        (_signers, threshold) = (signers, threshold_);
        emit SignersSet(signers, threshold_);
    }

    /// @notice Sets the transport of another chain whose messages are delivered here. Governance only.
    /// @param domain Domain of that chain.
    /// @param counterpart The transport there; zero: none.
    function setCounterpart(uint32 domain, address counterpart) external restricted {
        _counterparts[domain] = counterpart;
        emit CounterpartSet(domain, counterpart);
    }

    /* VIEWS */

    /// @notice Who attests messages to this chain.
    /// @return All, in ascending order.
    function signersOf() external view returns (address[] memory) {
        return _signers;
    }

    /// @notice The transport of another chain.
    /// @param domain Domain of that chain.
    /// @return Zero: none.
    function counterpartOf(uint32 domain) external view returns (address) {
        return _counterparts[domain];
    }
}
