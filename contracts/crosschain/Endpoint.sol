// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {LibCall} from "solady/utils/LibCall.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {IMessageReceiver, ITransport} from "../interfaces/ITransport.sol";
import {Places, PlacesLib} from "../types/Places.sol";

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
/// - No transport needs more than a tenth of the chain's coin and a million gas for a message: one that asks for more
/// refuses it.
abstract contract Endpoint is IMessageReceiver, AccessManaged {
    /// @notice The caller is not a transport of this end.
    /// @param caller Who called.
    error NotTransport(address caller);

    /// @notice Only this contract calls itself here.
    /// @param caller Who called.
    error NotSelf(address caller);

    /// @notice There would be more transports than there are places.
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

    /// @notice No transport took the message.
    /// @param domain Domain that it was to go to.
    error NotSent(uint32 domain);

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

    /// @notice A transport did not take a message; the others did.
    /// @param transport Who refused.
    /// @param domain Domain that it was to go to.
    event MessageRefused(address indexed transport, uint32 domain);

    /// @dev Which transports count, by their places.
    struct Quorum {
        Places full;
        Places fast;
        uint8 count; // transports that were ever set
        uint64 epoch; // what was delivered in an earlier one counts no more
    }

    /// @dev Who delivered a message that has not counted yet.
    struct Delivery {
        uint64 epoch; // in which they did
        Places by; // transports that did
    }

    uint256 private constant MAX_TRANSPORTS = 8;
    /// @dev Least gas with which a message is taken in: with less it might be put aside for want of gas alone.
    uint256 private constant LEAST_GAS = 600_000;
    /// @dev Least gas that is left after a transport has refused: with less it might have lacked gas alone.
    uint256 private constant LEAST_LEFT = 50_000;

    /// @dev Most that a transport may cost a message; one that asks for more refuses it [wei].
    uint256 private constant MOST_FEE = 0.1 ether;
    /// @dev Most gas that a transport may take to tell its fee, and to send [gas].
    uint256 private constant MOST_QUOTE_GAS = 500_000;
    uint256 private constant MOST_SEND_GAS = 1_000_000;
    /// @dev Length of what is answered when asked for a fee [bytes].
    uint16 private constant WORD = 32;

    Quorum private _quorum;
    mapping(uint256 place => ITransport) private _transports;
    mapping(address transport => Places) private _places; // of each its own; empty: never set
    mapping(bytes32 id => Delivery) private _deliveries;

    /* GOVERNANCE */

    /// @notice Sets how far a transport's word counts. Governance only.
    /// @dev What was delivered and has not counted yet is void: who lied before lies no longer. Anybody sends it again.
    /// @param transport The transport.
    /// @param standing How far.
    function setTransport(ITransport transport, Standing standing) external restricted {
        Places own = _places[address(transport)];
        if (own.isEmpty()) own = _add(transport);
        _quorum.full = standing == Standing.Full ? _quorum.full.with(own) : _quorum.full.without(own);
        _quorum.fast = standing == Standing.Fast ? _quorum.fast.with(own) : _quorum.fast.without(own);
        _voidDeliveries();
        emit TransportSet(address(transport), standing);
    }

    /// @dev Gives a transport its place.
    function _add(ITransport transport) private returns (Places own) {
        uint256 place = _quorum.count;
        if (place == MAX_TRANSPORTS) revert TooManyTransports(place + 1, MAX_TRANSPORTS);
        own = PlacesLib.only(place);
        _transports[place] = transport;
        _places[address(transport)] = own;
        ++_quorum.count;
    }

    /// @dev What was delivered so far confirms nothing any more.
    function _voidDeliveries() internal {
        ++_quorum.epoch;
    }

    /* RECEIVING */

    /// @inheritdoc IMessageReceiver
    function receiveMessage(uint32 domain, address sender, bytes calldata body) external {
        Quorum memory quorum = _quorum;
        Places by = _places[msg.sender];
        if (by.among(quorum.full.with(quorum.fast)).isEmpty()) revert NotTransport(msg.sender);
        if (gasleft() < LEAST_GAS) revert GasTooLow(gasleft(), LEAST_GAS);

        bytes32 id = keccak256(abi.encode(domain, sender, body));
        if (_peerOf(domain) != sender) {
            emit MessageIgnored(id, domain, sender, "");
            return;
        }
        Delivery memory delivery = _deliveries[id];
        if (delivery.epoch == quorum.epoch) by = by.with(delivery.by);
        uint256 count = by.among(quorum.full).count();
        emit MessageConfirmed(id, msg.sender, count);
        try this.handle(domain, body, count, !by.among(quorum.fast).isEmpty()) returns (bool counted) {
            // what counted need not be counted again
            if (counted) return;
        } catch (bytes memory reason) {
            emit MessageIgnored(id, domain, sender, reason);
        }
        _deliveries[id] = Delivery(quorum.epoch, by);
    }

    /// @notice Takes a message in: this contract itself, so that what fails can be put aside.
    /// @param domain Domain of the peer that sent it.
    /// @param body The message.
    /// @param count How many transports whose word counts fully have delivered it.
    /// @param fast Whether one whose word counts for the fast part has.
    /// @return Whether as many have as are required: nothing more will come of it.
    function handle(uint32 domain, bytes calldata body, uint256 count, bool fast) external returns (bool) {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        return _handle(domain, body, count, fast);
    }

    /// @dev Takes a message of the domain's peer in; reverts where it says what cannot be.
    function _handle(uint32 domain, bytes calldata body, uint256 count, bool fast) internal virtual returns (bool);

    /// @dev The contract that is heard on a domain; zero: none.
    function _peerOf(uint32 domain) internal view virtual returns (address);

    /* SENDING */

    /// @dev Sends a message to the domain's peer by every transport that counts and takes it, and gives back what was
    /// paid too much. One that refuses stops no other: anybody may send the message again.
    function _send(uint32 domain, bytes memory body) internal {
        address peer = _peerOf(domain);
        uint256 left = msg.value;
        bool sent;
        Places counting = _counting();
        for (uint256 place; place < MAX_TRANSPORTS; ++place) {
            if (!counting.has(place)) continue;
            ITransport transport = _transports[place];
            (bool taken, uint256 fee) = _quote(transport, domain, peer, body);
            if (fee > left) revert MessageFeeTooLow(msg.value, _feeOf(domain, peer, body));
            if (taken) taken = _sendBy(transport, fee, domain, peer, body);
            if (taken) {
                (sent, left) = (true, left - fee);
                continue;
            }
            if (gasleft() < LEAST_LEFT) revert GasTooLow(gasleft(), LEAST_LEFT);
            emit MessageRefused(address(transport), domain);
        }
        if (!sent) revert NotSent(domain);
        if (left != 0) SafeTransferLib.safeTransferETH(msg.sender, left);
    }

    /// @dev Whether a transport took a message.
    function _sendBy(ITransport transport, uint256 fee, uint32 domain, address peer, bytes memory body)
        private
        returns (bool)
    {
        // solhint-disable-next-line check-send-result, multiple-sends
        try transport.send{value: fee, gas: MOST_SEND_GAS}(domain, peer, body) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Whether a transport says what a message costs, no more than it may, and what that is [wei]. One that
    /// answers nothing refuses.
    function _quote(ITransport transport, uint32 domain, address peer, bytes memory body)
        private
        view
        returns (bool, uint256)
    {
        bytes memory question = abi.encodeCall(ITransport.quote, (domain, peer, body));
        (bool answered,, bytes memory answer) =
            LibCall.tryStaticCall(address(transport), MOST_QUOTE_GAS, WORD, question);
        uint256 fee = answered && answer.length == WORD ? uint256(bytes32(answer)) : type(uint256).max;
        return fee > MOST_FEE ? (false, 0) : (true, fee);
    }

    /// @dev What a message costs by all transports that take it [wei].
    function _feeOf(uint32 domain, address peer, bytes memory body) private view returns (uint256 sum) {
        Places counting = _counting();
        for (uint256 place; place < MAX_TRANSPORTS; ++place) {
            if (!counting.has(place)) continue;
            (, uint256 fee) = _quote(_transports[place], domain, peer, body);
            sum += fee;
        }
    }

    /// @dev Places of the transports that count.
    function _counting() private view returns (Places) {
        return _quorum.full.with(_quorum.fast);
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
        Quorum memory quorum = _quorum;
        transports = new ITransport[](quorum.count);
        standings = new Standing[](quorum.count);
        for (uint256 place; place < quorum.count; ++place) {
            transports[place] = _transports[place];
            if (quorum.full.has(place)) standings[place] = Standing.Full;
            if (quorum.fast.has(place)) standings[place] = Standing.Fast;
        }
    }
}
