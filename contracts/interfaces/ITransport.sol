// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Transport: carries messages to other chains, and delivers those that come from there.
/// @notice Who sent a message is what a transport vouches for, and all. Domains number chains; each chain's domain is
/// its chain id.
/// @dev Assumptions:
/// - A message may be lost, come late, twice, or in another order.
/// - `sender` is who called `send` on the chain that the transport says it came from.
interface ITransport {
    /// @notice There is no transport of this one's kind known on the domain.
    /// @param domain Domain that was named.
    error UnknownDomain(uint32 domain);

    /// @notice What was paid is not what the message costs.
    /// @param paid What came with the call [wei].
    /// @param fee What the message costs [wei].
    error WrongFee(uint256 paid, uint256 fee);

    /// @notice A message from elsewhere was not sent by this transport's counterpart.
    /// @param domain Domain that it comes from.
    /// @param sender Who sent it there.
    error UnknownCounterpart(uint32 domain, bytes32 sender);

    /// @notice The transport of another chain that this one trusts was set.
    /// @param domain Domain of the chain.
    /// @param counterpart The transport there; zero: none.
    event CounterpartSet(uint32 indexed domain, address counterpart);

    /// @notice Sends a message from the caller. Anyone.
    /// @param domain Domain of the chain that it goes to.
    /// @param receiver Contract there that receives it: an `IMessageReceiver`.
    /// @param body The message.
    function send(uint32 domain, address receiver, bytes calldata body) external payable;

    /// @notice What a message costs now.
    /// @param domain Domain of the chain that it goes to.
    /// @param receiver Contract there that receives it.
    /// @param body The message.
    /// @return fee To be sent along [wei].
    function quote(uint32 domain, address receiver, bytes calldata body) external view returns (uint256 fee);
}

/// @title Receiver of what transports deliver.
/// @notice It chooses its transports, and says by an event what it could not use.
interface IMessageReceiver {
    /// @notice Takes a message. Transports that the receiver has chosen.
    /// @dev Never reverts because of what a message says: what cannot be used is told by an event. Reverts where there
    /// is too little gas to take it in.
    /// @param domain Domain of the chain that it comes from.
    /// @param sender Contract that sent it there.
    /// @param body The message.
    function receiveMessage(uint32 domain, address sender, bytes calldata body) external;
}
