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
    bool reduceOnly; // never opens or flips
}

/// @notice Fees and price band of an underlying.
struct MarketRules {
    uint24 makerFee; // [ppm of notional]
    uint24 takerFee; // [ppm of notional]
    uint24 priceBand; // largest distance of a fill from the mark [ppm of the index]
}

/// @title Exchange: fills of signed orders.
/// @notice Two EIP-712 orders that cross are filled at the maker's price. Signatures: ECDSA, or
/// ERC-1271 of contract signers. A taker may instead send its own order without a signature.
/// Matching is off-chain and permissionless: whoever holds two crossing orders may fill them, and
/// decides which of them is the maker: sign only prices and fees that are acceptable in either role.
interface IExchange {
    /* ERRORS */

    error OrderExpired(bytes32 orderHash, uint256 time, uint256 expiry);
    /// @notice The order was cancelled.
    error OrderVoid(bytes32 orderHash);
    error NonceTooLow(uint256 account, uint256 nonce, uint256 minimum);
    error OverFill(bytes32 orderHash, uint256 size, uint256 remaining);
    error BadSignature(bytes32 orderHash, address signer);
    error NotAuthorised(address caller, uint256 account);
    error OrdersDoNotMatch(uint64 maker, uint64 taker);
    error SameSide();
    error PriceNotCrossed(uint256 makerPrice, uint256 takerLimit);
    error PriceOutsideBand(uint256 price, uint256 low, uint256 high);
    error FeeAboveCap(uint256 fee, uint256 cap);
    /// @notice The mark is Halted; other refusals for its status are the clearinghouse's.
    error PriceNotValid(uint256 feedId);
    error ZeroSize();
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /* EVENTS */

    /// @param takerSize Signed change of the taker's position [wad base].
    /// @param price [wad USD].
    /// @param makerFee [wad USD].
    /// @param takerFee [wad USD].
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
    event Cancelled(bytes32 indexed orderHash, uint256 indexed account);
    event CancelledAll(uint256 indexed account, uint256 minimumNonce);
    event RulesSet(uint256 indexed underlying, MarketRules rules);

    /* TRADERS */

    /// @notice Fills `size` of both orders at the maker's limit price, which must lie inside the underlying's band, a
    /// part of the mid index price either way of it, and either way of its mark for an option.
    /// @dev Begins with a refresh of what is not recent: the array of the option that is traded, and of a reduce-only
    /// side those of all its options. The mark (the index, and for an option
    /// its volatility) must be Valid; while it is Stale or Uncertain only two reduce-only orders fill, while it is
    /// Halted none. Each side ends the operation at initial margin, a reduce-only side with no less margin than before.
    /// Fees are a part of the notional, which is that of the price: for an option of its premium. They are rounded up.
    /// @param takerSignature Not looked at when the caller is the taker's signer; the fill is not recorded for the
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
    function cancel(Order calldata order) external;
    /// @notice Voids every order of the account with a smaller nonce. The owner, or an operator with PERMISSION_TRADE.
    /// @param minimumNonce Above the present one: it never goes back.
    function cancelAll(uint256 account, uint256 minimumNonce) external;

    /* GOVERNANCE */

    /// @notice Sets fees and price band of an underlying; without rules only fills exactly at the mark pass.
    function setRules(uint256 underlying, MarketRules calldata rules) external;

    /* VIEWS */

    /// @notice EIP-712 hash of an order: all its fields, this contract, this chain.
    function hashOrder(Order calldata order) external view returns (bytes32);
    /// @notice Filled size; type(uint256).max when cancelled [wad base].
    function filledOf(bytes32 orderHash) external view returns (uint256);
    function minimumNonceOf(uint256 account) external view returns (uint256);
    function rulesOf(uint256 underlying) external view returns (MarketRules memory);
}
