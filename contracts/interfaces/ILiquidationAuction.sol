// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Auction} from "../types/AuctionWord.sol";

/// @notice How auctions run.
struct AuctionParams {
    // slot 0: 8 + 8 + 8 + 4 + 4 bytes
    uint64 startReward; // what taking the whole earns at once, as a part of the requirement [wad]
    uint64 kneeReward; // the same after the fast leg [wad]
    uint64 targetBuffer; // restored when excess reaches this part of the requirement [wad]
    uint32 fastDuration; // [s]
    uint32 slowDuration; // from the knee to all that the margin holds back [s]
    // slot 1: 12 + 12 + 4 bytes
    uint96 smallAccount; // accounts of at most this value are sold whole [wad USD]
    uint96 insolventFlat; // least rise of the payout, but at most the shortfall [wad USD]
    uint32 insolventDuration; // from the shortfall to as much more as the requirement [s]
    // slot 2: 8 + 8 + 16 bytes
    uint64 bundleShare; // part of a slice's give-up a bundle may take [wad]
    uint64 starterShare; // part of the shortfall paid to the starter [wad]
    uint128 starterFlat; // [wad USD]
    // slot 3: 16 + 16 bytes
    uint128 starterCap; // [wad USD]
    uint128 globalExposureCap; // most maintenance requirement in auction at once [wad USD]
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
/// cash, is positive (solvent), a bidder pays the value of a slice less a reward. The reward rises with time, from a
/// part of the requirement to all of the value. Otherwise (insolvent) the bidder is paid a rising amount.
/// Its reserved cash pays first. Then its markets bear what it owed them; for its loan the insurance fund pays, then
/// the lenders. Every bid raises the account's margin excess or closes the account. Each phase has its own clock, which
/// goes on where it stood. Formulas and roundings: docs/margin-model.md, "Auction".
/// @dev Reserved: cash of earlier bids of the same auction, as far as it is still there. It is not for sale, so that
/// late bidders get the terms of early ones.
/// Assumptions:
/// - Nothing depends on the fund having money or on a token transfer: proceeds are ledger credits.
/// - Somebody watches: starting, bidding, ending and bringing up to date need no permission of the venue.
/// - Every action first fixes averages of expiries that can be fixed, and refreshes risk arrays that are not recent.
/// Inside an operation it reverts where an average could be fixed, or an array is not recent.
/// - Where the chain has a sequencer, the oracle's clock floor keeps auctions still while it is down.
/// - The vault, the clearinghouse and the engine are contracts of the venue.
interface ILiquidationAuction {
    /* ERRORS */

    /// @notice The account's margin needs no auction (start) or no bid (bid).
    /// @param account Account in question.
    /// @param excess Excess over maintenance margin [wad USD].
    error Healthy(uint256 account, int256 excess);

    /// @notice The account to be sold, or the bidder, is in auction already.
    /// @param account Account in question.
    error AlreadyInAuction(uint256 account);

    /// @notice The account is not in auction.
    /// @param account Account in question.
    error NotInAuction(uint256 account);

    /// @notice The account's margin is not restored, so that its auction goes on.
    /// @param account Account in question.
    /// @param excess Excess over maintenance margin [wad USD].
    error NotRestored(uint256 account, int256 excess);

    /// @notice As much is in auction as may be at once.
    /// @param underlying Whose cap it is; 0: the global cap.
    /// @param exposure What is in auction; of the global cap [1e-9 USD], of an underlying [units].
    /// @param cap Most that may be before another starts, in the same unit.
    error ExposureCapReached(uint256 underlying, uint256 exposure, uint256 cap);

    /// @notice The account is not in the state that the bid was computed for.
    /// @param account Account in auction.
    /// @param actual `stateNonce` now.
    /// @param expected `stateNonce` of the bid.
    error NonceMismatch(uint256 account, uint256 actual, uint256 expected);

    /// @notice The bid came too late.
    /// @param time Now [s].
    /// @param deadline Last second of the bid [s].
    error DeadlinePassed(uint256 time, uint256 deadline);

    /// @notice The fraction is 0 or more than everything.
    /// @param fraction What was asked for [wad].
    /// @param limit Most there is [wad].
    error FractionOutOfRange(uint256 fraction, uint256 limit);

    /// @notice The bid would take less than the bidder, or the auction, accepts.
    /// @param fraction What would be taken [wad].
    /// @param minimum Least accepted; everything of a small account [wad].
    error FillTooSmall(uint256 fraction, uint256 minimum);

    /// @notice The price now is worse than the bidder's limit.
    /// @param payment Price of the whole [wad USD].
    /// @param limit The bidder's limit [wad USD].
    error PriceLimit(int256 payment, int256 limit);

    /// @notice The bundle's fee now is less than the bidder accepts.
    /// @param giveUp Fee that the account would pay [wad USD].
    /// @param least Least that the bidder accepts [wad USD].
    error GiveUpTooSmall(uint256 giveUp, uint256 least);

    /// @notice A bundle was asked for in the insolvent phase.
    /// @param account Account in auction.
    /// @param insolvent The phase that it is in.
    error WrongPhase(uint256 account, bool insolvent);

    /// @notice Bidder or starter is the auctioned account itself.
    /// @param account Account in auction.
    error SelfBid(uint256 account);

    /// @notice The clock stands: Halted prices value more than a hundredth of the account, or the sequencer is down or
    /// just back.
    error ClockHalted();

    /// @notice The bundle would restore more than the account's margin.
    /// @param excess Excess over maintenance margin after it [wad USD].
    /// @param limit Most there may be after it [wad USD].
    error BundleTooLarge(int256 excess, int256 limit);

    /// @notice The bundle neither restores the account nor raises its excess enough, or leaves something at a price
    /// that is not Valid: it would have to take all of that.
    /// @param risen Rise of the maintenance excess, the fee paid [wad USD].
    /// @param least Least that it must be: a hundredth of what is missing to the target [wad USD].
    error BundleTooSmall(int256 risen, uint256 least);

    /// @notice The bundle would take more of a position than there is, or of the other sign.
    /// @param before Size of the position [wad base].
    /// @param moved Size asked for [wad base].
    error BundleNotReducing(int256 before, int256 moved);

    /// @notice The bid would not raise the account's maintenance excess.
    /// @param before Excess before the bid [wad USD].
    /// @param afterwards Excess after it [wad USD].
    error NotImproved(int256 before, int256 afterwards);

    /// @notice A parameter is above its highest or below its lowest value.
    /// @param value What was given, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice The caller may not bid with the account.
    /// @param caller Who called.
    /// @param account Account that was to bid.
    /// @param permission Permission that is missing: PERMISSION_BID.
    error NotAuthorised(address caller, uint256 account, uint8 permission);

    /// @notice Two arrays that belong together differ in length.
    /// @param actual Length of the second.
    /// @param expected Length of the first.
    error LengthMismatch(uint256 actual, uint256 expected);

    /// @notice Ids and asset indices of a bundle must be strictly ascending.
    /// @param id The first id or index that is not.
    error DuplicateId(uint256 id);

    /// @notice An asset of the bundle has no price.
    /// @param feedId Feed of the asset.
    error PriceMissing(uint256 feedId);

    /// @notice An average of the account's expiries can be fixed, but not in the middle of an operation: call
    /// `finishSettlement` beforehand.
    /// @param id Instrument of the expiry.
    error SettlementDue(uint64 id);

    /// @notice A quote was asked for in the middle of an operation.
    error OperationOpen();

    /* EVENTS */

    /// @notice The auction of an account began.
    /// @param account Account in auction.
    /// @param id Number of the auction.
    /// @param insolvent The phase it begins in.
    /// @param value Mark value before the starter's pay [wad USD].
    /// @param excess Maintenance excess before the starter's pay [wad USD].
    /// @param starter Account of the starter.
    /// @param starterPay Cash that it got from the account [wad USD].
    event AuctionStarted(
        uint256 indexed account,
        uint32 indexed id,
        bool insolvent,
        int256 value,
        int256 excess,
        uint256 starter,
        uint256 starterPay
    );

    /// @notice A slice of an account was sold.
    /// @param account Account in auction.
    /// @param id Number of the auction.
    /// @param bidder Account that took the slice.
    /// @param fraction What was taken of everything but reserved cash [wad].
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

    /// @notice A sale took lent cash out while losses were in sight: the bidder left this part of it to those who bear
    /// them.
    /// @param bidder Account that was charged.
    /// @param id Number of the auction.
    /// @param amount What it paid beside the price [wad USD].
    event LeavingCharged(uint256 indexed bidder, uint32 indexed id, uint256 amount);

    /// @notice Named legs and collateral of an account were sold.
    /// @param account Account in auction.
    /// @param id Number of the auction.
    /// @param bidder Account that took them.
    /// @param giveUp Fee that the account paid [wad USD].
    /// @param excessBefore Maintenance excess before the bid [wad USD].
    /// @param excessAfter Maintenance excess after the bid [wad USD].
    event BundleBid(
        uint256 indexed account,
        uint32 indexed id,
        uint256 indexed bidder,
        uint256 giveUp,
        int256 excessBefore,
        int256 excessAfter
    );

    /// @notice An auction passed from one phase to the other, whose clock goes on where it stood.
    /// @param account Account in auction.
    /// @param id Number of the auction.
    /// @param insolvent The phase it is in now.
    event PhaseChanged(uint256 indexed account, uint32 indexed id, bool insolvent);

    /// @notice The clock of an auction stopped, at a Halted price, because the account is healthy, or because it is
    /// insolvent and much is in doubt; or goes on. The first six minutes of an insolvent account count all the same.
    /// @param account Account in auction.
    /// @param id Number of the auction.
    /// @param stopped Whether the clock now stands still.
    event ClockChanged(uint256 indexed account, uint32 indexed id, bool stopped);

    /// @notice An auction ended.
    /// @param account Account that was in auction.
    /// @param id Number of the auction.
    /// @param closed Whether all of the account was sold.
    event AuctionEnded(uint256 indexed account, uint32 indexed id, bool closed);

    /// @notice How a payout beyond the account's own reserved cash was borne; the four parts sum to it.
    /// @param account Account in auction.
    /// @param id Number of the auction.
    /// @param fund Paid by the insurance fund [wad USD].
    /// @param markets Credited inside markets: borne by their winners, or shortfall there [wad USD].
    /// @param lenders Of the account's loan: borne by lenders [wad USD].
    /// @param deficit What nobody bears yet: of the loan, and without markets of the bidder's reward [wad USD].
    event LossAllocated(
        uint256 indexed account, uint32 indexed id, uint256 fund, uint256 markets, uint256 lenders, uint256 deficit
    );

    /// @notice The parameters were set.
    /// @param params The new parameters.
    event AuctionParamsSet(AuctionParams params);

    /* ANYONE */

    /// @notice Starts the auction of an unhealthy account. Anyone.
    /// @dev `starter` is paid from the account if its value is positive and no Halted price matters.
    /// An exposure cap is a breaker, never a stop: while what is in auction is below the cap an account of any size
    /// may start. Room comes back as auctions clear.
    /// @param account Account with negative maintenance excess.
    /// @param starter Account that gets the starter's pay; not `account`.
    /// @return id Number of the auction.
    function start(uint256 account, uint256 starter) external returns (uint32 id);

    /// @notice Takes a slice of an account in auction into an account of the bidder, whose own initial margin at the
    /// end decides.
    /// @dev Needs PERMISSION_BID on `bidder`. What is paid is rounded up, a payout down. Refused where the bidder holds
    /// the other side of what will pay an average that is not known yet (`TradingEnded`).
    /// @param account Account in auction.
    /// @param bidder Account that takes the slice; neither `account` nor in auction itself.
    /// @param fraction Most to take of everything but reserved cash [wad].
    /// @param minFraction Least to take after the clamp to what restores the account [wad].
    /// @param limit Solvent: most to pay for a fraction of 1 (price of the whole). Insolvent: least to receive for a
    /// fraction of 1, as a negative number. What is charged for lent cash that leaves (`LeavingCharged`) is a part of
    /// the price [wad USD].
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

    /// @notice Takes named legs and collateral at the mid price for a fee, the give-up. Solvent phase only.
    /// @dev Needs PERMISSION_BID on the bidder. The fee makes it a better deal for the account than a slice. It is
    /// rounded down, the cash for collateral up. The bundle restores the account, or brings a hundredth of what is
    /// missing to that.
    /// @param bundle What is taken of whom, and on which terms.
    /// @return giveUp Fee the account paid [wad USD].
    function bidBundle(Bundle calldata bundle) external returns (uint256 giveUp);

    /// @notice Ends the auction of an account that needs it no more. Anyone.
    /// @dev One of these must hold:
    /// - Its margin is restored: excess >= targetBuffer * requirement.
    /// - It has neither debt nor open contracts.
    /// - It is healthy at Valid prices.
    /// @param account Account in auction.
    function end(uint256 account) external;

    /// @notice Brings phase and clocks up to date without a bid. Anyone.
    /// @dev The time since the last action counts for the phase which that found. Halted prices of more than a
    /// hundredth of the account, and health, stop the clock until an action finds neither. Time before the sequencer's
    /// clock floor does not count, but for what earlier actions had counted.
    /// @param account Account in auction.
    function poke(uint256 account) external;

    /* GOVERNANCE */

    /// @notice Replaces the parameters, of live auctions too. Governance only.
    /// @param params The new parameters.
    function setParams(AuctionParams calldata params) external;

    /* VIEWS */

    /// @notice The auction of an account.
    /// @param account Any account.
    /// @return As the last action left it; zeros if it is not in auction.
    function auctionOf(uint256 account) external view returns (Auction memory);

    /// @notice The parameters.
    /// @return Of all auctions, live ones too.
    function params() external view returns (AuctionParams memory);

    /// @notice Everything a bidder wants to know; reverts while an operation is open, or where there is no auction.
    /// @param account Account in auction.
    /// @return insolvent Whether the value is 0 or below: the phase that an action would find at prices not Halted.
    /// @return price Of the whole now (negative: payout), the number `limit` is compared with [wad USD].
    /// @return maxFraction Largest fraction a bid gets; 0 if the account is healthy or the clock stands [wad].
    /// @return nonce `stateNonce(account)`.
    /// @return value Mark value less reserved cash [wad USD].
    function quote(uint256 account)
        external
        view
        returns (bool insolvent, int256 price, uint256 maxFraction, uint256 nonce, int256 value);

    /// @notice Number that grows whenever something was taken from the account, or its legs were filled or moved.
    /// @param account Any account.
    /// @return Never falls.
    function stateNonce(uint256 account) external view returns (uint256);

    /// @notice What is in auction of an underlying.
    /// @param underlying Its id, 1 to 255.
    /// @return units Counted up to 65,535 [units].
    function exposureOf(uint256 underlying) external view returns (uint256 units);

    /// @notice Maintenance requirement in auction.
    /// @return Sum over live auctions, each rounded up [1e-9 USD].
    function globalExposure() external view returns (uint256);
}
