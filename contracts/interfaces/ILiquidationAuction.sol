// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How auctions run.
struct AuctionParams {
    uint64 startPrice; // part of the mark value asked first [wad]
    uint64 floorPrice; // reached after the fast leg [wad]
    uint32 fastDuration; // [s]
    uint32 slowDuration; // from the floor to 0 [s]
    uint32 insolventDuration; // from the shortfall to the maintenance requirement [s]
    uint64 targetBuffer; // restored when excess reaches this part of the requirement [wad]
    uint64 bundleShare; // part of a slice's give-up a bundle may take [wad]
    uint64 starterShare; // part of the shortfall paid to the starter [wad]
    uint128 starterFlat; // [wad USD]
    uint128 starterCap; // [wad USD]
    uint128 smallAccount; // accounts of less value are sold whole [wad USD]
    uint128 globalExposureCap; // most maintenance requirement in auction at once [wad USD]
}

/// @notice A live auction.
struct Auction {
    uint32 startedAt; // of the present phase [s]
    bool insolvent; // the present phase
    bool halted; // a poke saw a Halted price: the clock begins anew when the next action finds none
    uint32 id; // counts up
    uint128 reserved; // cash from earlier bids, not for sale [wad USD]
    uint128 exposure; // maintenance requirement counted in the global cap [wad USD]
}

/// @title Liquidation auction: Dutch auctions of unhealthy accounts, in slices.
/// @notice Anyone starts one when the health factor is below 1. While the account's mark value is positive (solvent) the price of a slice falls;
/// otherwise (insolvent) the bidder is paid a rising amount by the insurance fund, then by the market's winners and the lenders. Every bid raises the
/// account's margin excess or closes the account. Nothing depends on the fund having money or on a token transfer.
interface ILiquidationAuction {
    error Healthy(uint256 account, int256 excess);
    error AlreadyInAuction(uint256 account);
    error NotInAuction(uint256 account);
    error NotRestored(uint256 account, int256 excess);
    error ExposureCapReached(uint256 underlying, uint256 exposure, uint256 cap);
    error NonceMismatch(uint256 account, uint256 actual, uint256 expected);
    error DeadlinePassed(uint256 time, uint256 deadline);
    error FractionOutOfRange(uint256 fraction, uint256 limit);
    error FillTooSmall(uint256 fraction, uint256 minimum);
    error PriceLimit(int256 payment, int256 limit);
    error WrongPhase(uint256 account, bool insolvent);
    error SelfBid(uint256 account);
    error ClockHalted();
    error BundleTooLarge(int256 excess, int256 limit);
    error BundleNotReducing(int256 before, int256 afterwards);
    error NotImproved(int256 before, int256 afterwards);
    error ParameterOutOfRange(uint256 value, uint256 limit);
    error NotAuthorised(address caller, uint256 account);
    error LengthMismatch(uint256 actual, uint256 expected);
    error DuplicateId(uint256 id);

    event AuctionStarted(
        uint256 indexed account,
        uint32 indexed id,
        bool insolvent,
        int256 value,
        int256 excess,
        uint256 starter,
        uint256 starterPay
    );
    /// @param payment Cash from the bidder to the account (negative: to the bidder) [wad USD].
    event Bid(
        uint256 indexed account,
        uint32 indexed id,
        uint256 indexed bidder,
        uint256 fraction,
        int256 payment,
        int256 value,
        int256 excess
    );
    event BundleBid(
        uint256 indexed account,
        uint32 indexed id,
        uint256 indexed bidder,
        uint256 giveUp,
        int256 excessBefore,
        int256 excessAfter
    );
    event PhaseChanged(uint256 indexed account, uint32 indexed id, bool insolvent);
    event AuctionEnded(uint256 indexed account, uint32 indexed id, bool closed);
    /// @notice How a loss beyond the account's equity was borne.
    event LossAllocated(
        uint256 indexed account, uint32 indexed id, uint256 fund, uint256 markets, uint256 lenders, uint256 deficit
    );
    event AuctionParamsSet(AuctionParams params);

    /// @notice Starts the auction of an unhealthy account; `starter` (an account) is paid from it.
    function start(uint256 account, uint256 starter) external returns (uint32 id);

    /// @notice Takes a slice of an account in auction into `bidder`.
    /// @param fraction Most to take of everything but reserved cash [wad].
    /// @param minFraction Least to take after the clamp to what restores the account [wad].
    /// @param limit Solvent: most to pay for a fraction of 1 (price of the whole). Insolvent: least to receive for a fraction of 1, as a negative number. [wad USD]
    /// @param expectedNonce `stateNonce(account)` the bid was computed for; `type(uint256).max` accepts any.
    /// @return taken Fraction taken [wad]. @return payment From the bidder, negative: to the bidder [wad USD].
    function bid(
        uint256 account,
        uint256 bidder,
        uint256 fraction,
        uint256 minFraction,
        int256 limit,
        uint256 expectedNonce,
        uint256 deadline
    ) external returns (uint256 taken, int256 payment);

    /// @notice Takes named legs and collateral at the mid price for a fee (the give-up) that is a better deal for the account than a slice.
    /// @param minGiveUp Least fee the bidder accepts [wad USD].
    function bidBundle(
        uint256 account,
        uint256 bidder,
        uint64[] calldata ids,
        int256[] calldata sizes,
        uint256[] calldata assetIndices,
        uint256[] calldata amounts,
        uint256 minGiveUp,
        uint256 expectedNonce,
        uint256 deadline
    ) external returns (uint256 giveUp);

    /// @notice Ends the auction of an account whose margin is restored (excess >= targetBuffer * requirement), or that is empty. Anyone.
    function end(uint256 account) external;
    /// @notice Brings the phase up to date without a bid. Anyone.
    function poke(uint256 account) external;

    function setParams(AuctionParams calldata params) external;

    function auctionOf(uint256 account) external view returns (Auction memory);
    function params() external view returns (AuctionParams memory);
    /// @notice Everything a bidder wants to know: phase, price of the whole now (negative: payout), largest useful fraction, state nonce, mark value.
    function quote(uint256 account)
        external
        view
        returns (bool insolvent, int256 price, uint256 maxFraction, uint256 nonce, int256 value);
    function stateNonce(uint256 account) external view returns (uint256);
    function exposureOf(uint256 underlying) external view returns (uint256 units);
    function globalExposure() external view returns (uint256);
}
