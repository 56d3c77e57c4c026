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
    uint128 smallAccount; // accounts of at most this value are sold whole [wad USD]
    uint128 globalExposureCap; // most maintenance requirement in auction at once [wad USD]
}

/// @notice A live auction; one slot.
struct Auction {
    uint32 startedAt; // of the present phase [s]
    bool insolvent; // the present phase
    bool halted; // a Halted price was seen: the clock begins anew when the next action finds none
    uint16 pages; // bit p: counts exposure in underlyings 16 p + 1 to 16 p + 16
    uint32 id; // counts up from 1; 0 = no auction
    uint96 reserved; // cash from earlier bids, not for sale [wad USD]
    uint64 exposure; // maintenance requirement counted in the global cap [1e-9 USD, up]
}

/// @notice A bid for named legs and collateral of an account.
struct Bundle {
    uint256 account; // in auction
    uint256 bidder; // account that takes them; neither `account` nor in auction itself
    uint64[] ids; // instruments, strictly ascending
    int256[] sizes; // parts of the positions, of their sign [wad base]
    uint256[] assetIndices; // collateral assets, strictly ascending
    uint256[] amounts; // collateral to buy for cash [token units]
    uint256 minGiveUp; // least fee that the bidder accepts [wad USD]
    uint256 expectedNonce; // as in `bid`
    uint256 deadline; // last second of validity [s]
}

/// @title Liquidation auction: Dutch auctions of unhealthy accounts, in slices.
/// @notice Anyone starts one when the health factor is below 1. While the account's mark value, less the reserved
/// cash, is positive (solvent) the price
/// of a slice falls; otherwise (insolvent) the bidder is paid a rising amount: by the account's reserved cash, the
/// insurance fund, then the winners of
/// its markets and the lenders. Every bid raises the account's margin excess or closes the account. Nothing depends on
/// the fund having money or on a
/// token transfer: proceeds are ledger credits. Formulas and roundings: docs/margin-model.md, "Auction".
/// @dev Reserved: cash of earlier bids of the same auction. It is not for sale, so that late bidders get the terms of
/// early ones.
interface ILiquidationAuction {
    /* ERRORS */

    /// @notice The account's margin needs no auction (start) or no bid (bid).
    error Healthy(uint256 account, int256 excess);
    error AlreadyInAuction(uint256 account);
    error NotInAuction(uint256 account);
    error NotRestored(uint256 account, int256 excess);
    /// @param underlying 0 for the global cap [1e-9 USD]; caps of underlyings are in units.
    error ExposureCapReached(uint256 underlying, uint256 exposure, uint256 cap);
    error NonceMismatch(uint256 account, uint256 actual, uint256 expected);
    error DeadlinePassed(uint256 time, uint256 deadline);
    error FractionOutOfRange(uint256 fraction, uint256 limit);
    error FillTooSmall(uint256 fraction, uint256 minimum);
    /// @param payment Price of the whole (bid) or minus the give-up (bundle).
    /// @param limit The bidder's limit. [wad
    /// USD]
    error PriceLimit(int256 payment, int256 limit);
    error WrongPhase(uint256 account, bool insolvent);
    /// @notice Bidder or starter is the auctioned account itself.
    error SelfBid(uint256 account);
    /// @notice A price the account needs is Halted, or the sequencer is down or just back.
    error ClockHalted();
    error BundleTooLarge(int256 excess, int256 limit);
    /// @param before Size of the position.
    /// @param moved Size asked for. [wad base]
    error BundleNotReducing(int256 before, int256 moved);
    error NotImproved(int256 before, int256 afterwards);
    error ParameterOutOfRange(uint256 value, uint256 limit);
    error NotAuthorised(address caller, uint256 account);
    error LengthMismatch(uint256 actual, uint256 expected);
    /// @notice Ids and asset indices of a bundle must be strictly ascending.
    error DuplicateId(uint256 id);
    error PriceMissing(uint256 feedId);
    error OperationOpen();

    /* EVENTS */

    /// @param value Mark value before the starter's pay.
    /// @param excess Maintenance excess before the starter's pay.
    /// [wad USD]
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
    /// @param value Mark value less reserved cash before the bid [wad USD].
    /// @param excess Maintenance excess after the bid; 0 if the account was closed [wad USD].
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
    /// @param halted Whether the clock now stands still; when it goes on the price curve begins anew.
    event ClockChanged(uint256 indexed account, uint32 indexed id, bool halted);
    event AuctionEnded(uint256 indexed account, uint32 indexed id, bool closed);
    /// @notice How a payout beyond the account's own reserved cash was borne; the four parts sum to it [wad USD].
    /// @param markets Credited inside markets: borne by their winners, or shortfall there.
    /// @param lenders Of the rest, the account's loan.
    /// @param deficit What lenders could not bear of it.
    event LossAllocated(
        uint256 indexed account, uint32 indexed id, uint256 fund, uint256 markets, uint256 lenders, uint256 deficit
    );
    event AuctionParamsSet(AuctionParams params);

    /* ANYONE */

    /// @notice Starts the auction of an unhealthy account; `starter` (an account) is paid from it if its value is
    /// positive and no price is Halted.
    /// @dev An exposure cap is a breaker, never a stop: while what is in auction is below the cap an account of any
    /// size may
    /// start, and room comes back as auctions clear.
    /// @param account Account with negative maintenance excess.
    /// @param starter Account that gets the starter's pay; not `account`.
    /// @return id Number of the auction.
    function start(uint256 account, uint256 starter) external returns (uint32 id);

    /// @notice Takes a slice of an account in auction into `bidder`, whose own initial margin at the end decides.
    /// Needs PERMISSION_BID on `bidder`.
    /// @param account Account in auction.
    /// @param bidder Account that takes the slice; neither `account` nor in auction itself.
    /// @param fraction Most to take of everything but reserved cash [wad].
    /// @param minFraction Least to take after the clamp to what restores the account [wad].
    /// @param limit Solvent: most to pay for a fraction of 1 (price of the whole). Insolvent: least to receive for a
    /// fraction of 1, as a negative number. [wad USD]
    /// @param expectedNonce `stateNonce(account)` the bid was computed for; `type(uint256).max` accepts any.
    /// @param deadline Last second of validity [s].
    /// @return taken Fraction taken [wad].
    /// @return payment From the bidder, negative: to the bidder [wad USD].
    function bid(
        uint256 account,
        uint256 bidder,
        uint256 fraction,
        uint256 minFraction,
        int256 limit,
        uint256 expectedNonce,
        uint256 deadline
    ) external returns (uint256 taken, int256 payment);

    /// @notice Takes named legs and collateral at the mid price for a fee (the give-up) that is a better deal for the
    /// account than a slice. Solvent phase.
    /// @param bundle What is taken of whom, and on which terms.
    /// @return giveUp Fee the account paid [wad USD].
    function bidBundle(Bundle calldata bundle) external returns (uint256 giveUp);

    /// @notice Ends the auction of an account whose margin is restored (excess >= targetBuffer * requirement), that has
    /// neither debt nor legs, or that is healthy at Valid prices. Anyone.
    function end(uint256 account) external;

    /// @notice Brings phase and clock up to date without a bid. Anyone.
    /// @dev Seeing a Halted price stops the clock; the next action that sees none begins the price curve anew.
    function poke(uint256 account) external;

    /* GOVERNANCE */

    /// @notice Replaces the parameters, of live auctions too.
    function setParams(AuctionParams calldata params) external;

    /* VIEWS */

    function auctionOf(uint256 account) external view returns (Auction memory);
    function params() external view returns (AuctionParams memory);
    /// @notice Everything a bidder wants to know; reverts while an operation is open.
    /// @return insolvent The phase an action would find.
    /// @return price Of the whole now (negative: payout), the number `limit` is compared with [wad USD].
    /// @return maxFraction Largest fraction a bid gets [wad]; 0 if the account is restored or the clock is halted.
    /// @return nonce `stateNonce(account)`.
    /// @return value Mark value less reserved cash [wad USD].
    function quote(uint256 account)
        external
        view
        returns (bool insolvent, int256 price, uint256 maxFraction, uint256 nonce, int256 value);
    /// @notice Changes whenever something was taken from the account or its legs changed.
    function stateNonce(uint256 account) external view returns (uint256);
    /// @notice Units of an underlying (1 to 255) in auction, counted up to 65,535 [units].
    function exposureOf(uint256 underlying) external view returns (uint256 units);
    /// @notice Maintenance requirement in auction [1e-9 USD].
    function globalExposure() external view returns (uint256);
}
