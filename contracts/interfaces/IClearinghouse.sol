// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Limits and funding of an instrument.
struct InstrumentConfig {
    uint96 openInterestCap; // most contracts on each side [wad base]
    uint96 impactNotional; // a fill this large counts fully in the premium [wad USD]
    uint32 premiumWindow; // smoothing of the premium [s]
    uint24 maxFundingRate; // limit of |funding| [ppm of index per day]
}

/// @title Clearinghouse: instruments, positions, funding, open interest, expiry.
/// @notice A position is one slot: `value = size * (price - fundingIndex) - basis`. Sizes are wad base, money wad USD. A fill rounds each side's
/// basis up. Profit turns into cash (`settle`) only as far as losses of the same market have been collected in its pool.
interface IClearinghouse {
    /* ERRORS */
    error UnknownInstrument(uint64 id);
    error AlreadyListed(uint64 id);
    error InstrumentExpired(uint64 id, uint256 expiry);
    error NotExpired(uint64 id, uint256 time, uint256 expiry);
    error ReduceOnlyMarket(uint64 id);
    error NotReducing(uint256 account, int256 sizeBefore, int256 sizeAfter);
    error OpenInterestCapExceeded(uint64 id, uint256 openInterest, uint256 cap);
    error TooManyLegs(uint256 count, uint256 limit);
    error SizeOutOfRange(int256 size, int256 limit);
    error ZeroSize();
    error SelfTrade(uint256 account);
    error TenorTooLong(uint256 tenor, uint256 limit);
    error PriceNotValid(uint256 feedId);
    error SettlementNotStarted(uint64 id);
    error SettlementTooEarly(uint64 id, uint256 time, uint256 earliest);
    error ParameterOutOfRange(uint256 value, uint256 limit);
    error NotModule(address caller);
    error InAuction(uint256 account);

    /* EVENTS */
    event InstrumentListed(uint64 indexed id, InstrumentConfig config);
    event InstrumentConfigured(uint64 indexed id, InstrumentConfig config, bool reduceOnly);
    /// @param size Position after the change [wad base]. @param basis Basis after the change [wad USD].
    event PositionChanged(uint256 indexed account, uint64 indexed id, int256 size, int256 basis);
    event Traded(uint64 indexed id, uint256 indexed buyer, uint256 indexed seller, uint256 size, uint256 price);
    event FundingUpdated(uint64 indexed id, int256 fundingIndex, int256 fundingRate, int256 premium);
    event Settled(uint256 indexed account, uint64 indexed id, int256 amount, uint256 pool);
    event MarketLossShared(uint64 indexed id, bool longsPay, uint256 amount, uint256 perUnit);
    event MarketLossCollected(uint256 indexed account, uint64 indexed id, uint256 amount, uint256 uncollected);
    event SettlementStarted(uint64 indexed id, uint256 time);
    event SettlementFinished(uint64 indexed id, uint256 price);

    /* ANYONE */
    /// @notice Brings funding to now and lets the premium decay.
    function accrueFunding(uint64 id) external;
    /// @notice Turns the value of legs into cash: losses always, profits as far as the market's pool reaches. Closed or expired legs without value are removed.
    function settle(uint256 account, uint64[] calldata ids) external;
    /// @notice Starts the averaging window of an expiring instrument, at most SETTLEMENT_WINDOW before expiry.
    function startSettlement(uint64 id) external;
    /// @notice Fixes the final price: the time-weighted index over the window.
    function finishSettlement(uint64 id) external;

    /* MODULES */
    /// @notice Fills `size` at `price` between two accounts. Exchange only.
    /// @return notional size * price, up [wad USD].
    function trade(
        uint64 id,
        uint256 buyer,
        uint256 seller,
        uint256 size,
        uint256 price,
        bool buyerReduceOnly,
        bool sellerReduceOnly
    ) external returns (uint256 notional);
    /// @notice Moves the fraction [wad, toward zero; all at WAD] of every leg, size and basis alike. Auction only.
    function moveSlice(uint256 from, uint256 to, uint256 fraction) external;
    /// @notice Moves `size` (signed, of the position's sign) at the mid index price; unrealised profit stays. Auction only.
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external;
    /// @notice Moves value inside a market from the winning side to `account` (which holds or takes the losing position), through the loss index.
    /// @return borne What winners will pay and `account` was credited, at most `amount` and at most the winners' net profit [wad USD]. Auction only.
    function shareLoss(uint256 account, uint64 id, uint256 amount) external returns (uint256 borne);

    /* GOVERNANCE */
    function listPerpetual(uint256 underlying, InstrumentConfig calldata config) external returns (uint64 id);
    function listFuture(uint256 underlying, uint256 expiry, InstrumentConfig calldata config)
        external
        returns (uint64 id);
    function configureInstrument(uint64 id, InstrumentConfig calldata config, bool reduceOnly) external;
    /// @notice Guardian: only reductions trade from now on.
    function setReduceOnly(uint64 id) external;

    /* VIEWS */
    /// @notice What the risk engine needs: four words per leg: id, position word, market word, pending loss share [wad USD].
    /// @dev An expired and settled leg comes as size 0 with basis = -value.
    function legs(uint256 account) external view returns (uint256[] memory words);
    function position(uint256 account, uint64 id) external view returns (int256 size, int256 basis);
    function legIds(uint256 account) external view returns (uint64[] memory);
    function marketWord(uint64 id) external view returns (uint256);
    /// @notice Sum of the bases of all longs [wad USD] and the cash collected from losers and not yet paid to winners [wad USD].
    function flows(uint64 id) external view returns (int256 longBasis, uint256 pool);
    function flowsMany(uint64[] calldata ids) external view returns (int256[] memory longBases, uint256[] memory pools);
    /// @notice Smoothed premium of fills over the index [wad, signed] and when it was updated [s].
    function premium(uint64 id) external view returns (int256 value, uint256 updatedAt);
    function configOf(uint64 id) external view returns (InstrumentConfig memory);
    function settlementOf(uint64 id) external view returns (uint256 startedAt, uint256 finalPrice);
    function instrumentCount() external view returns (uint256);
    function instrumentAt(uint256 index) external view returns (uint64);
    function nonceOf(uint256 account) external view returns (uint256);
}
