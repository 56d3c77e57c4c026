// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "../types/PriceStatus.sol";

/// @notice A token that is locked on another chain, and how much of it may count here.
struct RouteConfig {
    uint32 domain; // of the other chain
    address token; // there
    uint8 decimals; // of the token there, and of its receipts
    uint8 required; // how many transports must have delivered a report before it counts
    uint32 window; // time for the bucket to refill [s]
    uint32 silentAfter; // unheard of for longer, receipts are Uncertain, and their price falls [s]
    uint32 deadAfter; // unheard of for longer, receipts are worth nothing [s]
    uint128 capacity; // of the bucket: most that is credited within a window [token units]
    uint128 cap; // most receipts there may be [token units]
    uint128 fastCap; // most that is credited on the word of fast transports alone [token units]
}

/// @notice How a route stands.
struct RouteView {
    RouteConfig config;
    address receipt; // asset of the vault
    uint256 supply; // receipts in the vault [token units]
    uint256 credited; // ever put into the vault, or given back there instead [token units]
    uint256 redeemed; // ever asked of the spoke [token units]
    uint256 inFlight; // of it, not yet paid by the last beat [token units]
    uint256 waiting; // finally locked and not credited yet, of those who let the hub deposit [token units]
    uint256 fastCredited; // credited on the word of fast transports alone [token units]
    uint256 missing; // what governance knows to have left the spoke without the hub [token units]
    uint256 shortage; // receipts that nothing locked stands behind [token units]
    uint256 room; // what the cap leaves open [token units]
    uint256 available; // what the bucket lets through now [token units]
    uint256 heardAt; // the older of the spoke's last word and of the last word that it has heard of the hub [s]
    uint256 pausedUntil; // nothing is credited or redeemed before [s]
    uint8 decimalsThere; // of the token, as the newest beat tells; 255: none has come
    PriceStatus status; // of the receipts
    uint256 factor; // what the receipts' price is of the token's [wad]
}

/// @notice What an account has locked on another chain, and what of it counts.
struct ClaimView {
    uint128 locked; // as the spoke says, finally [token units]
    uint128 fastLocked; // as fast transports say, if that is newer [token units]
    uint128 credited; // put into the vault, or given back there instead [token units]
    uint64 sequence; // of the last report that counted
    uint256 waiting; // locked and not credited yet [token units]
    uint256 claimable; // of it, what cap and bucket let through now, where the owner lets the hub deposit [token units]
    uint256 reclaimable; // of it, what the owner may take back now without its being credited [token units]
    bool queued; // more waits than they let through
    uint64 nextCreditAt; // in a queue an account is served once in a while: not before this [s]
}

/// @title Collateral hub: makes what is locked on other chains count as collateral of the venue.
/// @notice A route is one token on one chain. What a spoke reports as locked for an account becomes receipts in the
/// vault. At most as much counts as is locked, as the route's cap allows, and as its bucket lets through. The rest
/// waits; anybody may push it. Taking receipts out of the vault redeems them: the receiver is paid on the other chain.
///
/// Where nobody has heard of a route for a while, its receipts become Uncertain and lose their price, in the end all
/// of it. Then the route is dead until governance revives it: its spoke may give back what it holds. Receipts that
/// nothing stands behind any more (what was believed before it was final, or what governance knows to have left the
/// spoke without the hub) lower the price of all receipts of the route, and what each redemption pays, alike. Until
/// somebody locks what is missing, nothing is credited.
/// @dev Assumptions:
/// - Fewer transports than a route requires lie together. If they do, the loss of each route is at most the bucket here
/// and the bucket at the spoke, and what refills until guardians pause them.
/// - The spoke reports what it holds.
/// - An owner lets the hub deposit for him (`vault.setOperator`), and takes the route (`accept`); what comes before
/// waits.
interface ICollateralHub {
    /* ERRORS */

    /// @notice There is no such route.
    /// @param route Number that was named.
    error UnknownRoute(uint256 route);

    /// @notice The receipts of a route cannot change their decimals, nor a route its token.
    /// @param route Number of the route.
    error RouteFixed(uint256 route);

    /// @notice A parameter of a route is out of range.
    /// @param value What was given, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error RouteParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice No beat of the spoke has told the decimals that the route was set up with.
    /// @param route Number of the route.
    /// @param actual Decimals that the newest one told; 255: none has come.
    /// @param expected Those of the receipts.
    error DecimalsDiffer(uint256 route, uint8 actual, uint8 expected);

    /// @notice A guardian has paused the route.
    /// @param route Number of the route.
    /// @param until When it goes on [s].
    error RoutePaused(uint256 route, uint256 until);

    /// @notice Nobody has heard of the route for too long: its tokens may have been given back on their chain.
    /// @param route Number of the route.
    /// @param heardAt When it was last heard of [s].
    error RouteDead(uint256 route, uint256 heardAt);

    /// @notice Nothing of an account may be credited now.
    /// @param route Number of the route.
    /// @param account Account that was named.
    error NothingToCredit(uint256 route, uint256 account);

    /// @notice Nothing of an account may be taken back now without its being credited.
    /// @param route Number of the route.
    /// @param account Account that was named.
    error NothingToReclaim(uint256 route, uint256 account);

    /// @notice Nobody is named who is paid on the other chain.
    error NoRecipient();

    /// @notice The account's owner takes no collateral of the route.
    /// @param route Number of the route.
    /// @param account Account that was named.
    error RouteNotAccepted(uint256 route, uint256 account);

    /// @notice Only the account's owner says what it takes.
    /// @param caller Who called.
    /// @param owner Who owns the account.
    error NotOwner(address caller, address owner);

    /// @notice In a queue an account is served once in a while.
    /// @param account Account that was named.
    /// @param time When it may be served again [s].
    error CreditTooSoon(uint256 account, uint256 time);

    /// @notice Only a route's receipts redeem.
    /// @param caller Who called.
    error NotReceipt(address caller);

    /// @notice The report is not newer than what is known.
    /// @param account Account that it is about.
    /// @param sequence Its number.
    /// @param known Number of the last one that counted.
    error ReportOutdated(uint256 account, uint64 sequence, uint64 known);

    /// @notice The report says that less was ever locked than an earlier one.
    /// @param account Account that it is about.
    /// @param locked What it says [token units].
    /// @param known What is known [token units].
    error ReportContradicts(uint256 account, uint128 locked, uint128 known);

    /// @notice Fast word adds nothing to what was credited on fast word before that is final, nor makes it good.
    /// @param account Account that it is about.
    /// @param open What the account was credited and has not locked finally [token units].
    error ReportTooWeak(uint256 account, uint256 open);

    /// @notice Nothing is credited while receipts have nothing behind them: who comes would bear it.
    /// @param route Number of the route.
    /// @param shortage What is missing [token units].
    error RouteShort(uint256 route, uint256 shortage);

    /// @notice Too few transports have delivered the message yet.
    /// @param count How many have.
    /// @param required How many must.
    error NotConfirmed(uint256 count, uint256 required);

    /// @notice The spoke of a chain is set already.
    /// @param domain Domain of the chain.
    /// @param spoke The spoke.
    error SpokeFixed(uint32 domain, address spoke);

    /* EVENTS */

    /// @notice The spoke of a chain was set.
    /// @param domain Domain of the chain.
    /// @param spoke The contract there.
    event SpokeSet(uint32 indexed domain, address spoke);

    /// @notice A route was set up, or its limits were changed.
    /// @param route Its number.
    /// @param receipt Receipts of the route.
    /// @param config How much may count.
    event RouteSet(uint256 indexed route, address indexed receipt, RouteConfig config);

    /// @notice A report of an account's lock came in.
    /// @param route Number of the route.
    /// @param account Account that it is about.
    /// @param sequence Number of the report.
    /// @param locked Ever locked [token units].
    /// @param isFinal Whether it counts finally, or for the fast part.
    event LockReported(uint256 indexed route, uint256 indexed account, uint64 sequence, uint128 locked, bool isFinal);

    /// @notice A beat of a spoke came in.
    /// @param route Number of the route.
    /// @param heard Newest time of this chain that the spoke has heard of [s].
    /// @param time Of the spoke's block [s].
    event BeatReported(uint256 indexed route, uint64 heard, uint64 time);

    /// @notice An account's owner said whether it takes collateral of a route.
    /// @param route Number of the route.
    /// @param account The account.
    /// @param accepted Whether it does.
    event RouteAccepted(uint256 indexed route, uint256 indexed account, bool accepted);

    /// @notice What an account may have was not put into the vault yet; anybody may push it.
    /// @param route Number of the route.
    /// @param account Account that waits.
    /// @param reason Error with which it was refused.
    event CreditDeferred(uint256 indexed route, uint256 indexed account, bytes reason);

    /// @notice Receipts were put into the vault.
    /// @param route Number of the route.
    /// @param account Account that has them.
    /// @param amount How many [token units].
    event Credited(uint256 indexed route, uint256 indexed account, uint256 amount);

    /// @notice An account's owner has taken back what waited: it is never credited. `Redeemed` says who is paid for it.
    /// @param route Number of the route.
    /// @param account Account that it waited for.
    /// @param amount How much [token units].
    event Reclaimed(uint256 indexed route, uint256 indexed account, uint256 amount);

    /// @notice Receipts were taken out of the vault, or what waited was taken back: it is paid on the other chain.
    /// @param route Number of the route.
    /// @param recipient Who is paid there.
    /// @param burnt Receipts; none of what waited [token units].
    /// @param amount What is paid [token units].
    /// @param total What the recipient is to have been paid in all [token units].
    event Redeemed(uint256 indexed route, address indexed recipient, uint256 burnt, uint256 amount, uint256 total);

    /// @notice A guardian has paused a route, or governance has let it go on.
    /// @param route Number of the route.
    /// @param until When it goes on [s].
    event RoutePausedUntil(uint256 indexed route, uint256 until);

    /// @notice Governance has let a dead route live again.
    /// @param route Number of the route.
    event RouteRevived(uint256 indexed route);

    /// @notice Governance has said what is missing at the spoke.
    /// @param route Number of the route.
    /// @param missing In all [token units].
    event MissingAcknowledged(uint256 indexed route, uint128 missing);

    /// @notice Governance has said that what waited for an account was given back on its chain.
    /// @param route Number of the route.
    /// @param account Account that it waited for.
    /// @param amount What is not credited any more [token units].
    event ExitSettled(uint256 indexed route, uint256 indexed account, uint128 amount);

    /// @notice What is known of an account's lock was forgotten; the next report counts.
    /// @param route Number of the route.
    /// @param account Account that was named.
    event ReportsForgotten(uint256 indexed route, uint256 indexed account);

    /* OWNERS */

    /// @notice Says whether an account takes collateral of a route; without a yes what is locked for it waits. The
    /// account's owner only.
    /// @dev What was credited stays.
    /// @param route Number of the route.
    /// @param account Account of the caller's.
    /// @param accepted Whether it does.
    function accept(uint256 route, uint256 account, bool accepted) external;

    /// @notice Takes back what waits for an account, finally locked and not credited: it is never credited, and paid on
    /// the other chain like a redemption (`sendRedemption`). The account's owner only.
    /// @dev Neither the route's cap nor what the account holds limits it, but the bucket does: those in the queue whom
    /// the cap lets through come first. While more is missing than there are receipts, who comes first would gain.
    /// @param route Number of the route.
    /// @param account Account of the caller's.
    /// @param recipient Who is paid on the other chain.
    /// @param most How much at most [token units].
    /// @return amount What is paid [token units].
    function reclaim(uint256 route, uint256 account, address recipient, uint256 most) external returns (uint256 amount);

    /* ANYONE */

    /// @notice Puts into the vault what an account may have of a route now. Anyone.
    /// @dev Where more waits than the bucket lets through, each account gets its part of what was there before others
    /// were served of late, or of what refills in ten minutes, once in ten minutes. Whoever stands in that queue and
    /// cannot be served, since his permission has ended or nothing more fits into his account, leaves it until he is
    /// pushed again, and is served ten minutes after that.
    /// @param route Number of the route.
    /// @param account Account at the vault.
    /// @return amount Receipts that it got; 0: it has left the queue, or come back to it [token units].
    function credit(uint256 route, uint256 account) external returns (uint256 amount);

    /// @notice Sends what a recipient is to have been paid to the spoke. Anyone, as often as one likes.
    /// @dev What comes along for the message and is too much goes back.
    /// @param route Number of the route.
    /// @param recipient Who is paid on the other chain.
    function sendRedemption(uint256 route, address recipient) external payable;

    /// @notice Sends how an account stands to the spoke. Anyone.
    /// @param route Number of the route.
    /// @param account Account at the vault.
    function sendAccount(uint256 route, uint256 account) external payable;

    /// @notice Tells a spoke that the hub lives. Anyone.
    /// @param domain Domain of the spoke's chain.
    function sendBeat(uint32 domain) external payable;

    /// @notice Notes what has left the vault. Receipts only.
    /// @param route Number of their route.
    /// @param recipient Who is paid on the other chain.
    /// @param amount Receipts that were burnt [token units].
    function redeem(uint256 route, address recipient, uint256 amount) external;

    /* GOVERNANCE AND GUARDIAN */

    /// @notice Sets the spoke of a chain, once. Governance only.
    /// @param domain Domain of the chain.
    /// @param spoke The contract there.
    function setSpoke(uint32 domain, address spoke) external;

    /// @notice Sets up a route and its receipts, which are then to be listed in the vault like any asset, or changes a
    /// route's limits. Governance only.
    /// @param config How much may count.
    /// @param name Of the receipts; of no effect for a route that exists.
    /// @param symbol Of the receipts; of no effect for a route that exists.
    /// @return route Its number, from 1.
    function setRoute(RouteConfig calldata config, string calldata name, string calldata symbol)
        external
        returns (uint256 route);

    /// @notice Stops crediting and redeeming of a route for a while, and makes its receipts Uncertain. Guardian only.
    /// @dev Liquidation goes on: it moves nothing but ledger entries. Reports are noted meanwhile.
    /// @param route Number of the route.
    /// @param duration How long; an earlier pause is never shortened [s].
    function pauseRoute(uint256 route, uint256 duration) external;

    /// @notice Ends a pause. Governance only.
    /// @param route Number of the route.
    function unpauseRoute(uint256 route) external;

    /// @notice Says what has left the spoke without the hub: stolen, or given back while the hub was silent. All
    /// receipts bear it alike. Governance only.
    /// @dev A beat that tells of more than was ever said here pauses the route. What is made good there is said by a
    /// lower amount; what is missing after that is known beside it.
    /// @param route Number of the route.
    /// @param missing In all, not what is new [token units].
    function acknowledge(uint256 route, uint128 missing) external;

    /// @notice Says that what waited for an account, finally locked and not credited, was given back on its chain: it
    /// is never credited. Nobody bears anything. Governance only.
    /// @param route Number of the route.
    /// @param account Account that it waits for.
    /// @param amount What was given back of it [token units].
    function settleExit(uint256 route, uint256 account, uint128 amount) external;

    /// @notice Lets a route live again that nobody had heard of for too long. Governance only.
    /// @dev First settle what its spoke has given back meanwhile of what waited, and acknowledge the rest.
    /// @param route Number of the route.
    function revive(uint256 route) external;

    /// @notice Forgets what was reported of an account, so that a forged number bars nothing. Governance only.
    /// @dev Deliveries so far confirm nothing any more. What was credited stays counted. What was locked by final word
    /// counts as far as it was credited, until a report that is made from now on, which may say less.
    /// @param route Number of the route.
    /// @param account Account that was named.
    /// @param sequence Number of the account's state at the spoke: older reports do not count.
    function forget(uint256 route, uint256 account, uint64 sequence) external;

    /* VIEWS */

    /// @notice How a route stands.
    /// @param route Number of the route.
    /// @return Limits, amounts, status and factor.
    function routeOf(uint256 route) external view returns (RouteView memory);

    /// @notice How receipts of a route may be trusted, and what part of the token's price they have.
    /// @param route Number of the route.
    /// @return status Valid, or Uncertain.
    /// @return factor At most 1, down [wad].
    function standingOf(uint256 route) external view returns (PriceStatus status, uint256 factor);

    /// @notice What an account has locked, and what of it counts.
    /// @param route Number of the route.
    /// @param account Account at the vault.
    /// @return Amounts, and what could be credited now.
    function claimOf(uint256 route, uint256 account) external view returns (ClaimView memory);

    /// @notice Whether an account takes collateral of a route.
    /// @param route Number of the route.
    /// @param account Account at the vault.
    /// @return As its owner said last.
    function accepts(uint256 route, uint256 account) external view returns (bool);

    /// @notice What a recipient is to have been paid on the other chain, in all.
    /// @param route Number of the route.
    /// @param recipient Who is paid there.
    /// @return [token units].
    function redeemedOf(uint256 route, address recipient) external view returns (uint256);

    /// @notice How many routes there are; they are numbered from 1.
    /// @return Number of the last one.
    function routeCount() external view returns (uint256);

    /// @notice Number of a token's route.
    /// @param domain Domain of its chain.
    /// @param token Token there.
    /// @return 0: none.
    function routeNumber(uint32 domain, address token) external view returns (uint256);

    /// @notice The spoke of a chain.
    /// @param domain Domain of the chain.
    /// @return Zero: none.
    function spokeOf(uint32 domain) external view returns (address);
}
