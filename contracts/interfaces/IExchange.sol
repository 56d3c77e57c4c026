// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A signed order.
struct Order {
    uint256 account; // whose position changes
    address signer; // the owner, or an operator with PERMISSION_TRADE
    uint64 instrument;
    int256 size; // positive buys, negative sells [wad base]
    uint256 limitPrice; // worst price [wad USD]
    uint256 maxFee; // most fee accepted [ppm of notional]
    uint256 expiry; // last second of validity [s]
    uint256 nonce; // orders below the account's minimum nonce are void; makes equal orders differ
    uint64 epoch; // of an operator that signs: how often its owner has named it; 0 where the owner signs
    bool reduceOnly; // never opens or flips
}

/// @notice Fees and price band of an underlying.
struct MarketRules {
    uint24 makerFee; // [ppm of notional]
    uint24 takerFee; // [ppm of notional]
    uint24 priceBand; // largest distance of a fill from the mark [ppm of the index]
}

/// @title Exchange: fills of signed orders.
/// @notice Two EIP-712 orders that cross are filled at the maker's price. Signatures: ECDSA of the signer's key, which
/// counts with delegated code (EIP-7702) too, or ERC-1271 of contract signers. A taker may instead send its own order
/// without a signature. Matching is off-chain and permissionless: whoever holds two crossing orders may fill them, and
/// decides which of them is the maker. Sign only prices and fees that are acceptable in either role.
/// @dev Assumptions:
/// - A signer is asked at the time of the fill: its permission and, for contracts, its signature must hold then.
/// - What an operator signed is void once its owner names it again, or no longer: orders of a revoked operator stay
/// dead when it comes back.
/// - A contract that signs is asked by a static call, in the middle of the operation.
/// - Money is cash in the vault: no token is held or moved here.
/// - The vault and the clearinghouse are contracts of the venue.
interface IExchange {
    /* ERRORS */

    /// @notice The order's time is over.
    /// @param orderHash EIP-712 hash of the order.
    /// @param time Now [s].
    /// @param expiry Last second of the order [s].
    error OrderExpired(bytes32 orderHash, uint256 time, uint256 expiry);

    /// @notice The order was cancelled.
    /// @param orderHash EIP-712 hash of the order.
    error OrderVoid(bytes32 orderHash);

    /// @notice The order's nonce is below its account's minimum, or a new minimum is not above the present one.
    /// @param account Account of the order.
    /// @param nonce What was given.
    /// @param minimum The account's minimum nonce.
    error NonceTooLow(uint256 account, uint256 nonce, uint256 minimum);

    /// @notice The size is more than remains of the order.
    /// @param orderHash EIP-712 hash of the order.
    /// @param size What was to be filled [wad base].
    /// @param remaining What remains of the order [wad base].
    error OverFill(bytes32 orderHash, uint256 size, uint256 remaining);

    /// @notice The order is not signed by its signer.
    /// @param orderHash EIP-712 hash of the order.
    /// @param signer Who should have signed.
    error BadSignature(bytes32 orderHash, address signer);

    /// @notice The caller, or the signer of an order, may not trade for the account.
    /// @param caller Who called, or who signed.
    /// @param account Account that was to be changed.
    /// @param permission Permission that is missing: PERMISSION_TRADE.
    error NotAuthorised(address caller, uint256 account, uint8 permission);

    /// @notice The owner has named the operator anew, or no longer, since it signed.
    /// @param orderHash EIP-712 hash of the order.
    /// @param epoch What the order names.
    /// @param current How often the owner has named the operator; 0 for the owner itself.
    error EpochOver(bytes32 orderHash, uint64 epoch, uint64 current);

    /// @notice The orders are of different instruments.
    /// @param maker Instrument of the maker's order.
    /// @param taker Instrument of the taker's order.
    error OrdersDoNotMatch(uint64 maker, uint64 taker);

    /// @notice Both orders buy, or both sell.
    error SameSide();

    /// @notice The taker does not accept the maker's price.
    /// @param makerPrice Limit price of the maker's order [wad USD].
    /// @param takerLimit Limit price of the taker's order [wad USD].
    error PriceNotCrossed(uint256 makerPrice, uint256 takerLimit);

    /// @notice The price is too far from the mark.
    /// @param price Of the fill [wad USD].
    /// @param low Lowest price of a fill now, up [wad USD].
    /// @param high Highest price of a fill now, down [wad USD].
    error PriceOutsideBand(uint256 price, uint256 low, uint256 high);

    /// @notice The fee is more than the order accepts.
    /// @param fee What the underlying asks [ppm of notional].
    /// @param cap What the order accepts [ppm of notional].
    error FeeAboveCap(uint256 fee, uint256 cap);

    /// @notice The mark is Halted, or an account has something else at a price that is not Valid either, which what
    /// is closed may pay for. Other refusals for the status of the mark are the clearinghouse's.
    /// @param feedId Feed of the underlying.
    error PriceNotValid(uint256 feedId);

    /// @notice At a mark that is not Valid, an account owes more than its cash and collateral cover: what it closes may
    /// be to pay for that.
    /// @param account Account in question.
    /// @param owed To markets and lenders [wad USD].
    /// @param has Cash, and collateral at the low edge of its price [wad USD].
    error DebtsNotCovered(uint256 account, uint256 owed, uint256 has);

    /// @notice An order, or the fill, is of nothing.
    error ZeroSize();

    /// @notice A parameter is above its highest or below its lowest value.
    /// @param value What was given, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /* EVENTS */

    /// @notice Two orders were filled against each other.
    /// @param makerHash EIP-712 hash of the maker's order.
    /// @param takerHash EIP-712 hash of the taker's order.
    /// @param instrument What was traded.
    /// @param maker Account of the maker's order.
    /// @param taker Account of the taker's order.
    /// @param takerSize Signed change of the taker's position [wad base].
    /// @param price Of a contract [wad USD].
    /// @param makerFee What the maker paid, up [wad USD].
    /// @param takerFee What the taker paid, up [wad USD].
    event Filled(
        bytes32 indexed makerHash,
        bytes32 indexed takerHash,
        uint64 indexed instrument,
        uint256 maker,
        uint256 taker,
        int256 takerSize,
        uint256 price,
        uint256 makerFee,
        uint256 takerFee
    );

    /// @notice An order was voided for good.
    /// @param orderHash EIP-712 hash of the order.
    /// @param account Account of the order.
    event Cancelled(bytes32 indexed orderHash, uint256 indexed account);

    /// @notice Every order of an account with a smaller nonce was voided for good.
    /// @param account Account of the orders.
    /// @param minimumNonce Its new minimum nonce.
    event CancelledAll(uint256 indexed account, uint256 minimumNonce);

    /// @notice Fees and price band of an underlying were set.
    /// @param underlying Its id.
    /// @param rules The new rules.
    event RulesSet(uint256 indexed underlying, MarketRules rules);

    /* TRADERS */

    /// @notice Fills a size of both orders at the maker's limit price. Anyone.
    /// @dev The price must lie inside the underlying's band: a part of the mid index price either way of it, and
    /// either way of its mark for an option.
    /// Begins with a refresh of what is not recent: the array of the option that is traded, and of a reduce-only side
    /// those of all its options. Inside an operation it reverts where there is something to refresh.
    /// The mark (the index, and for an option its volatility) must be Valid. While it is Stale or Uncertain only two
    /// reduce-only orders fill, while it is Halted none. Then an account closes nothing that has something else at a
    /// price that is not Valid, of another underlying or the other direction, but for a thousandth of what is closed.
    /// Each side ends the operation at initial margin, a reduce-only side with no less margin than before.
    /// Fees are a part of the notional, which is that of the price: for an option of its premium. They are rounded up.
    /// @param maker The order whose price counts.
    /// @param makerSignature Of the maker's signer.
    /// @param taker The order on the other side.
    /// @param takerSignature Not looked at when the caller is the taker's signer. The fill is not recorded for the
    /// taker's hash then, for nothing was signed that could be used again.
    /// @param size At most what remains of either order [wad base].
    function fill(
        Order calldata maker,
        bytes calldata makerSignature,
        Order calldata taker,
        bytes calldata takerSignature,
        uint256 size
    ) external;

    /// @notice Voids an order for good. Its signer, the owner, or an operator with PERMISSION_TRADE.
    /// @param order The order, signed or not.
    function cancel(Order calldata order) external;

    /// @notice Voids every order of the account with a smaller nonce. The owner, or an operator with PERMISSION_TRADE.
    /// @param account Account of the orders.
    /// @param minimumNonce Above the present one: it never goes back.
    function cancelAll(uint256 account, uint256 minimumNonce) external;

    /* GOVERNANCE */

    /// @notice Sets fees and price band of an underlying. Governance only.
    /// @dev Without rules only fills exactly at the mark pass.
    /// @param underlying Its id, 1 to 255.
    /// @param rules Fees of at most MAX_FEE, and a band of at most MAX_PRICE_BAND.
    function setRules(uint256 underlying, MarketRules calldata rules) external;

    /* VIEWS */

    /// @notice EIP-712 hash of an order: all its fields, this contract, this chain.
    /// @param order The order.
    /// @return What its signer signs.
    function hashOrder(Order calldata order) external view returns (bytes32);

    /// @notice How much of an order is filled.
    /// @param orderHash EIP-712 hash of the order.
    /// @return Filled size; `type(uint256).max` when cancelled [wad base].
    function filledOf(bytes32 orderHash) external view returns (uint256);

    /// @notice Orders of an account below this nonce are void.
    /// @param account Any account.
    /// @return Never falls.
    function minimumNonceOf(uint256 account) external view returns (uint256);

    /// @notice Fees and price band of an underlying.
    /// @param underlying Its id.
    /// @return Zeros without rules.
    function rulesOf(uint256 underlying) external view returns (MarketRules memory);
}
