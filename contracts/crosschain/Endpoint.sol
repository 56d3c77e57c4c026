// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {IMessageReceiver, ITransport} from "../interfaces/ITransport.sol";

/// @notice How far a transport's word counts.
enum Standing {
    None,
    Fast, // alone it lets the fast part through, which may be undone
    Full // counts towards what is required
}

/// @title One end of a channel between chains: sends by every transport, and counts which ones delivered a message.
/// @dev Assumptions:
/// - A message counts once as many transports as its token requires have delivered the same bytes from the same sender.
/// - What cannot be handled is not lost: each message tells how things are, and anybody can have it sent again.
abstract contract Endpoint is IMessageReceiver, AccessManaged {
    /// @notice The caller is not a transport of this end.
    /// @param caller Who called.
    error NotTransport(address caller);

    /// @notice Only this contract calls itself here.
    /// @param caller Who called.
    error NotSelf(address caller);

    /// @notice There would be more transports than bits to count them by.
    /// @param count Transports there would be.
    /// @param limit Most there may be.
    error TooManyTransports(uint256 count, uint256 limit);

    /// @notice What came with the call does not pay for the message.
    /// @param paid What came [wei].
    /// @param fee What it costs by all transports [wei].
    error MessageFeeTooLow(uint256 paid, uint256 fee);

    /// @notice The message came with too little gas; it can be delivered again.
    /// @param gas What is left.
    /// @param least What is needed.
    error GasTooLow(uint256 gas, uint256 least);

    /// @notice A message is of no kind that this end takes.
    /// @param kind Its first word.
    error UnknownKind(uint256 kind);

    /// @notice How far a transport counts was set.
    /// @param transport The transport.
    /// @param standing How far its word counts.
    event TransportSet(address indexed transport, Standing standing);

    /// @notice A transport delivered a message.
    /// @param id Hash of domain, sender and message.
    /// @param transport Who delivered it.
    /// @param count How many whose word counts fully have.
    event MessageConfirmed(bytes32 indexed id, address indexed transport, uint256 count);

    /// @notice A message was put aside: nobody may send it, or it says what cannot be.
    /// @param id Hash of domain, sender and message.
    /// @param domain Domain that it came from.
    /// @param sender Who sent it there.
    /// @param reason Error with which it was refused; empty: the sender is not the peer, or gas was short.
    event MessageIgnored(bytes32 indexed id, uint32 domain, address sender, bytes reason);

    uint256 private constant MAX_TRANSPORTS = 8;
    /// @dev Least gas with which a message is taken in: with less it might be put aside for want of gas alone.
    uint256 private constant LEAST_GAS = 600_000;

    ITransport[] private _transports; // all that were ever set
    mapping(address transport => Standing) private _standings;
    mapping(bytes32 key => mapping(address transport => bool)) private _delivered; // by epoch and message
    uint256 private _epoch; // what was delivered in an earlier one counts no more

    /* GOVERNANCE */

    /// @notice Sets how far a transport's word counts. Governance only.
    /// @dev What was delivered and has not counted yet is void: who lied before lies no longer. Anybody sends it again.
    /// @param transport The transport.
    /// @param standing How far.
    function setTransport(ITransport transport, Standing standing) external restricted {
        if (!_isKnown(transport)) {
            uint256 count = _transports.length + 1;
            if (count > MAX_TRANSPORTS) revert TooManyTransports(count, MAX_TRANSPORTS);
            _transports.push(transport);
        }
        _standings[address(transport)] = standing;
        _voidDeliveries();
        emit TransportSet(address(transport), standing);
    }

    /// @dev What was delivered so far confirms nothing any more.
    function _voidDeliveries() internal {
        ++_epoch;
    }

    function _isKnown(ITransport transport) private view returns (bool) {
        for (uint256 i; i < _transports.length; ++i) {
            if (address(_transports[i]) == address(transport)) return true;
        }
        return false;
    }

    /* RECEIVING */

    /// @inheritdoc IMessageReceiver
    function receiveMessage(uint32 domain, address sender, bytes calldata body) external {
        if (_standings[msg.sender] == Standing.None) revert NotTransport(msg.sender);
        if (gasleft() < LEAST_GAS) revert GasTooLow(gasleft(), LEAST_GAS);

        bytes32 id = keccak256(abi.encode(domain, sender, body));
        if (_peerOf(domain) != sender) {
            emit MessageIgnored(id, domain, sender, "");
            return;
        }
        bytes32 key = keccak256(abi.encode(_epoch, id));
        _delivered[key][msg.sender] = true;
        (uint256 count, bool fast) = _confirmationsOf(key);
        emit MessageConfirmed(id, msg.sender, count);
        // solhint-disable-next-line no-empty-blocks
        try this.handle(domain, body, count, fast) {}
        catch (bytes memory reason) {
            emit MessageIgnored(id, domain, sender, reason);
        }
    }

    /// @dev How many transports whose word counts fully delivered a message, and whether one for the fast part did.
    function _confirmationsOf(bytes32 key) private view returns (uint256 count, bool fast) {
        for (uint256 i; i < _transports.length; ++i) {
            address transport = address(_transports[i]);
            Standing standing = _standings[transport];
            if (standing == Standing.None || !_delivered[key][transport]) continue;
            if (standing == Standing.Full) ++count;
            else fast = true;
        }
    }

    /// @notice Takes a message in: this contract itself, so that what fails can be put aside.
    /// @param domain Domain of the peer that sent it.
    /// @param body The message.
    /// @param count How many transports whose word counts fully have delivered it.
    /// @param fast Whether one whose word counts for the fast part has.
    function handle(uint32 domain, bytes calldata body, uint256 count, bool fast) external {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        _handle(domain, body, count, fast);
    }

    /// @dev Takes a message of the domain's peer in; reverts where it says what cannot be.
    function _handle(uint32 domain, bytes calldata body, uint256 count, bool fast) internal virtual;

    /// @dev The contract that is heard on a domain; zero: none.
    function _peerOf(uint32 domain) internal view virtual returns (address);

    /* SENDING */

    /// @dev Sends a message to the domain's peer by every transport that counts, and gives back what was paid too much.
    function _send(uint32 domain, bytes memory body) internal {
        address peer = _peerOf(domain);
        uint256 left = msg.value;
        for (uint256 i; i < _transports.length; ++i) {
            ITransport transport = _transports[i];
            if (_standings[address(transport)] == Standing.None) continue;
            uint256 fee = transport.quote(domain, peer, body);
            if (fee > left) revert MessageFeeTooLow(msg.value, _feeOf(domain, peer, body));
            left -= fee;
            // solhint-disable-next-line check-send-result, multiple-sends
            transport.send{value: fee}(domain, peer, body);
        }
        if (left != 0) SafeTransferLib.safeTransferETH(msg.sender, left);
    }

    /// @dev What a message costs by all transports [wei].
    function _feeOf(uint32 domain, address peer, bytes memory body) private view returns (uint256 fee) {
        for (uint256 i; i < _transports.length; ++i) {
            ITransport transport = _transports[i];
            if (_standings[address(transport)] != Standing.None) fee += transport.quote(domain, peer, body);
        }
    }

    /* VIEWS */

    /// @notice What a message of the greatest length costs by all transports now.
    /// @param domain Domain of the peer.
    /// @return To be sent along; what is too much comes back [wei].
    function messageFee(uint32 domain) external view returns (uint256) {
        return _feeOf(domain, _peerOf(domain), new bytes(9 * 32));
    }

    /// @notice All transports that were ever set, and how far each counts.
    /// @return transports In the order in which they were set.
    /// @return standings Of each.
    function transportsOf() external view returns (ITransport[] memory transports, Standing[] memory standings) {
        transports = _transports;
        standings = new Standing[](transports.length);
        for (uint256 i; i < transports.length; ++i) {
            standings[i] = _standings[address(transports[i])];
        }
    }
}
