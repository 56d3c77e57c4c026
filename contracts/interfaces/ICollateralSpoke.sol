// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRedemptionProver, RedemptionProof} from "./IRedemptionProver.sol";

/// @notice A token that a spoke takes.
struct SpokeToken {
    bool open; // may be locked
    uint8 required; // how many transports must have delivered a message of the hub before it counts
    uint32 window; // time for the bucket to refill [s]
    uint128 capacity; // of the bucket: most that is paid out within a window [token units]
    uint128 least; // least that is locked at once [token units]
}

/// @notice How an account stood at the hub, as its last message says.
struct RemoteAccount {
    uint128 held; // receipts of the token [token units]
    uint128 waiting; // locked and not credited yet [token units]
    uint64 time; // of the hub's block; 0: nothing was heard of it [s]
    bool owes; // it had debt or open contracts
    uint256 health; // health factor; type(uint256).max without anything required [wad]
    int256 freeMargin; // excess over initial margin [wad USD]
}

/// @notice What a spoke holds of a token.
struct SpokeTotals {
    uint128 locked; // ever locked [token units]
    uint128 paid; // paid out as the hub asked [token units]
    uint128 exited; // taken back without the hub [token units]
    uint128 owed; // asked by the hub and not paid yet [token units]
    uint256 available; // what the bucket pays out now [token units]
}

/// @title Collateral spoke: holds on this chain what counts at the venue's hub on another.
/// @notice Who locks names an account at the hub, and can only give: what is locked is that account's. It is paid out
/// to whom the hub names. The spoke reports how things are, never what has changed.
///
/// Exit. An owner redeems at the hub. Where no message comes for `proveAfter`, anybody proves what the hub has
/// redeemed, and it is paid as if a message had come. What nobody redeems while the hub lives, governance may give back
/// once the hub has been silent for `exitAfter`, by its last words. By that time the hub counts its receipts as worth
/// nothing and redeems none. From the first exit on nothing is paid as the hub asks, until governance has looked.
/// Nobody exits by the hub's last word of him: what he held when it fell silent nobody on this chain can know.
/// @dev Assumptions:
/// - Tokens are ERC-20 with 6 to 18 decimals; what arrives counts. They do not rebase, and nobody can take balances.
/// - Fewer transports than a token requires lie together. If they do, the loss is at most the bucket, and what refills
/// until a guardian pauses.
/// - The same holds of the prover's source of blocks, while the hub is silent.
/// - A token that blocks a recipient stops only what is paid to him.
interface ICollateralSpoke {
    /* ERRORS */

    /// @notice The token may not be locked.
    /// @param token Token that was named.
    error TokenClosed(address token);

    /// @notice A parameter is out of range.
    /// @param value What was given, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error SpokeParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice Less was to be locked, or less arrived, than the least.
    /// @param amount What arrived [token units].
    /// @param least Least that is locked at once [token units].
    error AmountTooSmall(uint256 amount, uint256 least);

    /// @notice An account without owner cannot have collateral.
    /// @param account Account that was named.
    error NoOwner(uint256 account);

    /// @notice A guardian has paused the spoke.
    /// @param until When it goes on [s].
    error SpokePaused(uint256 until);

    /// @notice Nothing may be paid to the recipient now.
    /// @param token Token that was named.
    /// @param recipient Who was to be paid.
    /// @param owed What the hub asks for him [token units].
    /// @param available What the bucket pays out now [token units].
    error NothingToPay(address token, address recipient, uint256 owed, uint256 available);

    /// @notice The hub was heard of too lately for an exit, or for a proof to count.
    /// @param heard Newest time of the hub's chain that was heard of [s].
    /// @param from When exits begin, or proofs count [s].
    error HubAlive(uint256 heard, uint256 from);

    /// @notice Something was given back without the hub: nothing is paid until governance has looked.
    /// @param token Token that was named.
    error PaymentsStopped(address token);

    /// @notice Nothing on this chain is believed to know blocks of the hub's: what was redeemed cannot be proved.
    error NoProver();

    /// @notice Too few transports have delivered the message yet.
    /// @param count How many have.
    /// @param required How many must.
    error NotConfirmed(uint256 count, uint256 required);

    /* EVENTS */

    /// @notice Tokens were locked for an account.
    /// @param token The token.
    /// @param account Account at the hub.
    /// @param from Who paid.
    /// @param amount What arrived [token units].
    /// @param locked Ever locked for the account [token units].
    /// @param sequence Number of the account's state.
    event Locked(
        address indexed token,
        uint256 indexed account,
        address indexed from,
        uint256 amount,
        uint256 locked,
        uint64 sequence
    );

    /// @notice The hub asks for more to be paid.
    /// @param token The token.
    /// @param recipient Who is paid.
    /// @param redeemed What he is to have been paid in all, at most what was ever locked [token units].
    event RedemptionHeard(address indexed token, address indexed recipient, uint256 redeemed);

    /// @notice Somebody has proved what the hub has redeemed, without a message.
    /// @param token The token.
    /// @param recipient Who is paid.
    /// @param redeemed In all, as the hub had it in that block [token units]. No more than was heard: it changes
    /// nothing.
    event RedemptionProved(address indexed token, address indexed recipient, uint256 redeemed);

    /// @notice What the hub asks for was not paid yet; anybody may push it.
    /// @param token The token.
    /// @param recipient Who is paid.
    /// @param reason Error with which it was refused.
    event PaymentDeferred(address indexed token, address indexed recipient, bytes reason);

    /// @notice A recipient was paid.
    /// @param token The token.
    /// @param recipient Who was paid.
    /// @param amount What was sent [token units].
    event Paid(address indexed token, address indexed recipient, uint256 amount);

    /// @notice The hub said how an account stands.
    /// @param token The token.
    /// @param account Account at the hub.
    /// @param state How it stood.
    event AccountHeard(address indexed token, uint256 indexed account, RemoteAccount state);

    /// @notice Tokens were taken back without the hub.
    /// @param token The token.
    /// @param account Account at the hub that they counted for.
    /// @param recipient Who got them.
    /// @param amount What was sent [token units].
    event Exited(address indexed token, uint256 indexed account, address indexed recipient, uint256 amount);

    /// @notice Governance has taken back what was asked to be paid to somebody.
    /// @param token The token.
    /// @param recipient Who is not to be paid.
    /// @param redeemed What he is to have been paid in all: what he was paid [token units].
    event RedemptionCancelled(address indexed token, address indexed recipient, uint256 redeemed);

    /// @notice What was given back for an account counts as paid to a recipient whom the hub names.
    /// @param token The token.
    /// @param account Account that it was given back for.
    /// @param recipient Whom the hub asked to be paid.
    /// @param amount What is not paid once more [token units].
    event RedemptionSettled(address indexed token, uint256 indexed account, address indexed recipient, uint256 amount);

    /// @notice Governance lets payments go on.
    /// @param token The token.
    event PaymentsResumed(address indexed token);

    /// @notice How many transports must have delivered a beat was set.
    /// @param required From 1.
    event BeatsRequiredSet(uint8 required);

    /// @notice By what redemptions are proved was set.
    /// @param prover The contract; zero: by nothing.
    /// @param proveAfter Silence of the hub after which proofs count [s].
    event ProverSet(address indexed prover, uint64 proveAfter);

    /// @notice How a token is taken was set.
    /// @param token The token.
    /// @param config Limits.
    event SpokeTokenSet(address indexed token, SpokeToken config);

    /// @notice A guardian has paused the spoke, or governance has let it go on.
    /// @param until When it goes on [s].
    event SpokePausedUntil(uint256 until);

    /* ANYONE */

    /// @notice Locks tokens of the caller for an account at the hub, and reports it.
    /// @dev What comes along for the message and is too much goes back.
    /// @param token Token that is open.
    /// @param amount What to take from the caller [token units].
    /// @param account Account at the hub; whoever names somebody else's gives.
    /// @return locked What arrived [token units].
    function lock(address token, uint256 amount, uint256 account) external payable returns (uint256 locked);

    /// @notice Locks like `lock`, with an EIP-2612 permit of the caller.
    /// @dev A permit that fails, or that someone else has already used, is no reason to fail: the allowance decides.
    /// @param token Token that is open.
    /// @param amount What to take from the caller, and the permit's value [token units].
    /// @param account Account at the hub.
    /// @param deadline Last second of the permit [s].
    /// @param v Of the permit's signature.
    /// @param r Of the permit's signature.
    /// @param s Of the permit's signature.
    /// @return locked What arrived [token units].
    function lockWithPermit(
        address token,
        uint256 amount,
        uint256 account,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external payable returns (uint256 locked);

    /// @notice Reports how an account's lock is, once more. Anyone.
    /// @param token The token.
    /// @param account Account at the hub.
    function report(address token, uint256 account) external payable;

    /// @notice Reports that the spoke lives, and its totals of a token. Anyone.
    /// @param token The token.
    function beat(address token) external payable;

    /// @notice Takes a redemption in by a proof of the hub's storage, where the hub has been silent for `proveAfter`,
    /// and pays it as if the hub had sent it. Anyone.
    /// @dev Cumulative like a message: an older proof, one that comes twice, and a message that comes later change
    /// nothing. What cannot be paid now waits for `pay`. It is no word of the hub: the silence goes on.
    /// @param token Token that is listed.
    /// @param recipient Who is paid.
    /// @param proof Of the word at the prover's `slotOf`.
    function proveRedemption(address token, address recipient, RedemptionProof calldata proof) external;

    /// @notice Pays a recipient what the hub asks for and the bucket lets through. Anyone.
    /// @param token The token.
    /// @param recipient Who is paid.
    /// @return amount What was sent [token units].
    function pay(address token, address recipient) external returns (uint256 amount);

    /* GOVERNANCE AND GUARDIAN */

    /// @notice Sets how a token is taken. Governance only.
    /// @param token The token.
    /// @param config Limits.
    function setToken(address token, SpokeToken calldata config) external;

    /// @notice Gives back what was locked, where the hub has been silent for long. Governance only.
    /// @dev At most what is neither paid nor owed, and the bucket lets through.
    /// @param token The token.
    /// @param account Account at the hub.
    /// @param recipient Who gets it.
    /// @param amount What to send [token units].
    function exitFor(address token, uint256 account, address recipient, uint256 amount) external;

    /// @notice Counts what was given back for an account as paid to whom the hub asks to be paid: he had redeemed it
    /// before it was given back, and the hub's word of it came later. Governance only.
    /// @param token The token.
    /// @param account Account that it was given back for.
    /// @param recipient Whom the hub asks to be paid.
    /// @param amount At most what was given back, and what is not paid yet [token units].
    function settleRedemption(address token, uint256 account, address recipient, uint128 amount) external;

    /// @notice Lets payments go on after something was given back: the hub knows of it. Governance only.
    /// @dev First settle what was redeemed before it was given back: else it is paid twice.
    /// @param token The token.
    function resume(address token) external;

    /// @notice Sets how many transports must have delivered a beat of the hub before it counts. Governance only.
    /// @param required From 1.
    function setBeatsRequired(uint8 required) external;

    /// @notice Takes back what a forged message asked to be paid to somebody. Governance only.
    /// @dev Deliveries so far confirm nothing any more. What the hub truly asks for is heard again when it is sent, or
    /// proved. Where a proof was forged, first set another prover: else it is proved again.
    /// @param token The token.
    /// @param recipient Who is not to be paid.
    function cancelRedemption(address token, address recipient) external;

    /// @notice Sets by what redemptions are proved where the hub is silent. Governance only.
    /// @param prover For this spoke and its hub; zero: by nothing.
    /// @param proveAfter Silence of the hub after which proofs count, from 3 to 30 days [s].
    function setProver(IRedemptionProver prover, uint64 proveAfter) external;

    /// @notice Stops locks, payments and exits for a while. Guardian only.
    /// @param duration How long; an earlier pause is never shortened [s].
    function pause(uint256 duration) external;

    /// @notice Ends a pause. Governance only.
    function unpause() external;

    /* VIEWS */

    /// @notice What was locked for an account.
    /// @param token The token.
    /// @param account Account at the hub.
    /// @return locked Ever locked [token units].
    /// @return exited Of it, taken back without the hub [token units].
    /// @return sequence Number of the state.
    function lockOf(address token, uint256 account)
        external
        view
        returns (uint256 locked, uint256 exited, uint64 sequence);

    /// @notice What the hub asks to be paid to somebody, and what was.
    /// @param token The token.
    /// @param recipient Who is paid.
    /// @return redeemed In all [token units].
    /// @return paid Of it [token units].
    function redemptionOf(address token, address recipient) external view returns (uint256 redeemed, uint256 paid);

    /// @notice How an account stood at the hub, as its last message says.
    /// @param token The token.
    /// @param account Account at the hub.
    /// @return Zeros where nothing was heard of it.
    function accountOf(address token, uint256 account) external view returns (RemoteAccount memory);

    /// @notice What the spoke holds of a token.
    /// @param token The token.
    /// @return Sums, and what the bucket pays out now.
    function totalsOf(address token) external view returns (SpokeTotals memory);

    /// @notice How a token is taken.
    /// @param token The token.
    /// @return Limits.
    function tokenConfig(address token) external view returns (SpokeToken memory);

    /// @notice By what redemptions are proved.
    /// @return Zero: by nothing.
    function prover() external view returns (IRedemptionProver);

    /// @notice Silence of the hub after which proofs count.
    /// @return Since it was last heard of [s].
    function proveAfter() external view returns (uint64);

    /// @notice When the hub was last heard of.
    /// @return Newest time of its chain in a message [s].
    function heard() external view returns (uint64);
}
