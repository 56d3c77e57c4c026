// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketWord} from "../types/MarketWord.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {IExpiries} from "./IExpiries.sol";
import {IRiskParameters} from "./IRiskParameters.sol";

/// @notice Limits and funding of an instrument.
struct InstrumentConfig {
    uint96 openInterestCap; // most contracts on each side [wad base]
    uint96 impactNotional; // a fill this large counts fully in the premium [wad USD]
    uint32 premiumWindow; // smoothing of the premium [s]
    uint24 maxFundingRate; // limit of |funding| [ppm of index per day]
}

/// @notice What a market still expects from its winners, what belongs to legs without size, and what nothing backs.
struct LossState {
    uint256 epoch; // losses shared so far
    uint256 longReceivable; // shares that longs have not yet paid [wad USD]
    uint256 shortReceivable; // shares that shorts have not yet paid [wad USD]
    uint256 claimReceivable; // shares that legs without size have not yet paid [wad USD]
    uint256 flatClaims; // what legs without size are owed, before their pending shares [wad USD]
    uint256 flatDebts; // what legs without size owe [wad USD]
    uint256 shortfall; // claims beyond what backs them [wad USD]
}

/// @title Clearinghouse: instruments, positions, funding, open interest, expiry.
/// @notice A position is one slot: `value = size * (price - fundingIndex) - basis`; the price of an option is its mark.
/// Sizes are wad base, money wad USD.
/// A fill rounds each side's basis up. Profit turns into cash (`settle`) only as far as losses of the same market have
/// been collected in its pool.
/// @dev Per market, with `value` before pending loss shares and at any one price:
/// sum of values <= pool + longReceivable + shortReceivable + claimReceivable + shortfall.
/// The difference is rounding only (below two wei a fill, below one a collected share), and stays in the market.
interface IClearinghouse {
    /* ERRORS */

    error UnknownInstrument(uint64 id);
    error AlreadyListed(uint64 id);
    error InstrumentExpired(uint64 id, uint256 expiry);
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
    /// @notice The average is known already: finish the settlement [wad USD].
    error AverageKnown(uint64 id, uint256 average);
    /// @notice The averaging window is running and may still be finished.
    error SettlementRunning(uint64 id, uint256 time, uint256 latest);
    /// @notice Nobody finished the window in time: start a new one.
    error SettlementWindowPassed(uint64 id, uint256 time, uint256 latest);
    error AlreadySettled(uint64 id);
    /// @notice Final prices are not made in the middle of an operation.
    error OperationOpen();
    error ParameterOutOfRange(uint256 value, uint256 limit);
    error NotModule(address caller);
    error InAuction(uint256 account);

    /* EVENTS (every position and market can be rebuilt from them) */

    event InstrumentListed(uint64 indexed id, InstrumentConfig config);
    event InstrumentConfigured(uint64 indexed id, InstrumentConfig config, bool reduceOnly);
    /// @param size Position after the change [wad base].
    /// @param basis Basis after the change [wad USD].
    event PositionChanged(uint256 indexed account, uint64 indexed id, int256 size, int256 basis);
    /// @param size [wad base].
    /// @param price [wad USD].
    event Traded(uint64 indexed id, uint256 indexed buyer, uint256 indexed seller, uint256 size, uint256 price);
    /// @param fundingIndex [wad USD per base].
    /// @param fundingRate [ppm of index per day].
    /// @param premium Smoothed [wad].
    event FundingUpdated(uint64 indexed id, int256 fundingIndex, int256 fundingRate, int256 premium);
    /// @param amount Cash to the account, negative from it [wad USD].
    /// @param pool Cash of the market after it [wad USD].
    event Settled(uint256 indexed account, uint64 indexed id, int256 amount, uint256 pool);
    /// @param amount What winners will pay [wad USD].
    /// @param perUnit Of it, each contract of the paying side [ray USD per base].
    /// @param perClaim Of it, each dollar owed to a leg without size [ray].
    event MarketLossShared(uint64 indexed id, bool longsPay, uint256 amount, uint256 perUnit, uint256 perClaim);
    /// @param shortfall Claims of the market beyond what backs them, after the change [wad USD].
    event ShortfallChanged(uint64 indexed id, uint256 shortfall);
    /// @param amount Taken from the position's profit [wad USD].
    /// @param uncollected The rest of the share: now shortfall [wad USD].
    event MarketLossCollected(uint256 indexed account, uint64 indexed id, uint256 amount, uint256 uncollected);
    event SettlementStarted(uint64 indexed id, uint256 time);
    /// @dev What each instrument of its expiry pays follows from the average of the index [wad USD].
    event SettlementFinished(uint64 indexed id, uint256 average);
    event ModulesSet(address indexed exchange, address indexed auction);
    event OraclesSet(address indexed oracle, address indexed options);

    /* ANYONE */

    /// @notice Brings funding to now and lets the premium decay.
    function accrueFunding(uint64 id) external;

    /// @notice Turns the value of legs into cash: losses always, profits as far as the market's pool reaches. Emptied
    /// legs are removed.
    /// @dev Legs not held and repeated ids do nothing. Profit of an open leg is paid at a Valid price only; claims of
    /// closed and expired legs always. A loss beyond the account's positive cash becomes a loan only while the account
    /// meets initial margin at Valid prices and is not in auction: otherwise a market's loss would turn into a loan
    /// that the lenders bear. What is not paid stays in the leg. The maintenance excess does not change, but for
    /// rounding. Initial excess neither, unless a loss is paid beside a net profit that initial margin counts at a
    /// discount.
    function settle(uint256 account, uint64[] calldata ids) external;

    /// @notice Backs claims that lost their backing with the vault's surplus, as far as it goes beyond the vault's
    /// deficit.
    /// @return paid Moved into the market's pool [wad USD].
    function coverShortfall(uint64 id) external returns (uint256 paid);

    /// @notice Starts the averaging window of an expiry of an underlying, named by one of its instruments, at most
    /// SETTLEMENT_WINDOW before expiry, at a Valid price; also starts it anew when nobody finished it within two
    /// windows, or when the oracle was replaced. All instruments of the expiry have one window and one average.
    function startSettlement(uint64 id) external;

    /// @notice Fixes the final price: the time-weighted index since the start of the window, or what an option pays at
    /// it. The first instrument of an expiry is finished from one to two windows after the start, not before expiry,
    /// and at a Valid price: a halt may delay the end but not make the price. Nor may two oracles make it. From then on
    /// the others are worth what they pay at the same average, and may be finished at any time. Reverts while an
    /// operation is open.
    function finishSettlement(uint64 id) external;

    /* MODULES: they have opened the gate and (but for `trade`, which does it) touched the accounts */

    /// @notice Fills `size` at `price` between two accounts. Exchange only.
    /// @dev Touches both sides, Full or Reduce. The index must be Valid unless both
    /// sides reduce. A side left without size is cashed out like in `settle`. Open
    /// interest may exceed its cap, and grow in a reduce-only market, in no trade.
    /// @param size Contracts [wad base].
    /// @param price [wad USD].
    /// @return notional size * price, up [wad USD].
    /// @return mark Mid index price, or the mark of an option [wad USD].
    /// @return index Mid index price [wad USD].
    /// @return status How far the mark may be trusted.
    function trade(
        uint64 id,
        uint256 buyer,
        uint256 seller,
        uint256 size,
        uint256 price,
        bool buyerReduceOnly,
        bool sellerReduceOnly
    ) external returns (uint256 notional, uint256 mark, uint256 index, PriceStatus status);

    /// @notice Moves the fraction [wad, toward zero; all at WAD] of every leg, size and basis alike. Auction only.
    /// @dev No cash moves: what a leg without size is worth stays in it until `settle`.
    function moveSlice(uint256 from, uint256 to, uint256 fraction) external;

    /// @notice Moves `size` (signed, of the position's sign) at the mid index price, options at their mark; unrealised
    /// profit stays. Auction only.
    /// @dev Books a fill at that price, both bases up. No cash moves.
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external;

    /// @notice Credits `account` with a loss of a market, inside the market, and charges the market's winners. Auction
    /// only.
    /// @dev The account's basis improves by all of `amount`; no cash moves, now or later, but through the market's
    /// pool. Winners are the side that pays, with its net profit, and all claims of legs without size, which have been
    /// won before: they pay in proportion to what they have. Within the side a winner pays by size, a claim by its
    /// amount; each at most its profit when it is next touched. What they cannot pay is the market's shortfall: claims
    /// stay what they were, and are paid first come, first served, as later losers pay, or from the vault's surplus
    /// (`coverShortfall`). A loss below 1e12 wei, or beyond the market's 65,535 epochs, is all shortfall. An account
    /// without a leg gets one without size.
    /// @param longsPay The side that pays: what `longsPayFor` said of the losing position before it was moved.
    /// @param amount Loss to share [wad USD].
    /// @return borne What winners are charged, at most what they have [wad USD].
    /// @return shortfall The rest of `amount` [wad USD].
    function shareLoss(uint256 account, uint64 id, bool longsPay, uint256 amount)
        external
        returns (uint256 borne, uint256 shortfall);

    /* GOVERNANCE */

    /// @notice Sets the contracts that may trade and that may move legs.
    function setModules(address exchange, address auction) external;
    /// @notice Replaces the sources of prices and of options' marks.
    function setOracles(address oracle, address options) external;
    /// @notice Lists an instrument on an underlying that has a Valid price and risk parameters; an option needs a Valid
    /// volatility slice at its expiry too.
    /// @param kind KIND_PERPETUAL, KIND_FUTURE, KIND_CALL or KIND_PUT.
    /// @param expiry 0 for a perpetual, else a whole hour, at most the underlying's `maxTenor` from now [s].
    /// @param strike 0 but for options: from a tenth of the index to ten times it, with digits that its code holds [wad
    /// USD].
    function list(uint256 kind, uint256 underlying, uint256 expiry, uint256 strike, InstrumentConfig calldata config)
        external
        returns (uint64 id);
    /// @notice Changes limits and funding of an instrument, from now on.
    function configureInstrument(uint64 id, InstrumentConfig calldata config, bool reduceOnly) external;
    /// @notice Guardian: only reductions trade from now on.
    function setReduceOnly(uint64 id) external;

    /* VIEWS */

    /// @notice What the risk engine needs: four words per leg: id,
    /// position word, market word, pending loss share [wad USD].
    /// @dev A leg whose final price is known comes as size 0 with basis = -value (its loss share taken off) and no
    /// pending share.
    function legs(uint256 account) external view returns (uint256[] memory words);
    /// @notice Position as stored, pending loss share not taken off.
    function position(uint256 account, uint64 id) external view returns (int256 size, int256 basis);
    function legIds(uint256 account) external view returns (uint64[] memory);
    function marketWord(uint64 id) external view returns (MarketWord);
    /// @notice Sum of the bases of all longs [wad USD] and the cash
    /// collected from losers and not yet paid to winners [wad USD].
    /// @return longBasis The former.
    /// @return pool The latter.
    /// @return promised What backs the market's values beside the pool: receivables, the shortfall and debts of legs
    /// without size, less claims of those. Shorts are worth pool + promised less what longs are worth [wad USD].
    function flows(uint64 id) external view returns (int256 longBasis, uint256 pool, int256 promised);
    function flowsMany(uint64[] calldata ids)
        external
        view
        returns (int256[] memory longBases, uint256[] memory pools, int256[] memory promises);
    /// @notice The winners for a loss of the account's position: the
    /// other side; for a leg without size the side with more profit.
    function longsPayFor(uint256 account, uint64 id) external view returns (bool);
    /// @notice Shared losses of a market that are still to be collected, claims without size and their backing.
    function lossState(uint64 id) external view returns (LossState memory);
    /// @notice Smoothed premium of fills over the index [wad, signed] and when it was updated [s].
    function premium(uint64 id) external view returns (int256 value, uint256 updatedAt);
    function configOf(uint64 id) external view returns (InstrumentConfig memory);
    /// @notice How far the settlement of an expiring instrument is.
    /// @return startedAt Of the averaging window, 0 if the oracle was replaced since [s].
    /// @return average Of the index, 0 until it is known [wad USD].
    /// @return finalPrice What a contract pays, 0 until the average is known [wad USD].
    /// @return finished Whether `finishSettlement` was called.
    function settlementOf(uint64 id)
        external
        view
        returns (uint256 startedAt, uint256 average, uint256 finalPrice, bool finished);
    function instrumentCount() external view returns (uint256);
    function instrumentAt(uint256 index) external view returns (uint64);
    /// @notice Grows whenever sizes of the account's legs change, or legs move.
    function nonceOf(uint256 account) external view returns (uint256);
    /// @notice Where averaging windows and final averages are kept.
    function expiries() external view returns (IExpiries);
    /// @notice Which underlyings may be listed, and for how long.
    function parameters() external view returns (IRiskParameters);
    function exchange() external view returns (address);
    function auction() external view returns (address);
    function oracle() external view returns (address);
    function options() external view returns (address);
}
