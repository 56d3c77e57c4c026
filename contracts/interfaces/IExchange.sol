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
    uint24 priceBand; // largest distance of a fill from the index [ppm]
}

/// @title Exchange: fills of signed orders.
/// @notice Two EIP-712 orders that cross are filled at the maker's price. Signatures: ECDSA, or ERC-1271 of contract signers. A taker may instead send its
/// own order without a signature. Matching is off-chain and permissionless: whoever holds two crossing orders may fill them.
interface IExchange {
    error OrderExpired(bytes32 orderHash, uint256 time, uint256 expiry);
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
    error PriceNotValid(uint256 feedId);
    error ZeroSize();
    error ParameterOutOfRange(uint256 value, uint256 limit);

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

    /// @notice Fills `size` of both orders at the maker's limit price.
    function fill(
        Order calldata maker,
        bytes calldata makerSignature,
        Order calldata taker,
        bytes calldata takerSignature,
        uint256 size
    ) external;
    function cancel(Order calldata order) external;
    /// @notice Voids every order of the account with a smaller nonce.
    function cancelAll(uint256 account, uint256 minimumNonce) external;
    function setRules(uint256 underlying, MarketRules calldata rules) external;

    function hashOrder(Order calldata order) external view returns (bytes32);
    /// @notice Filled size; type(uint256).max when cancelled [wad base].
    function filledOf(bytes32 orderHash) external view returns (uint256);
    function minimumNonceOf(uint256 account) external view returns (uint256);
    function rulesOf(uint256 underlying) external view returns (MarketRules memory);
}
