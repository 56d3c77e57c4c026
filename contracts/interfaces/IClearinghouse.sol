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
/// @notice A position is one slot: `value = size * (price - fundingIndex) - basis`; the price of an option is its
/// mark. Sizes are wad base, money wad USD. A fill rounds each side's basis up. Profit turns into cash (`settle`) only
/// as far as losses of the same market have been collected in its pool.
/// @dev Per market, with `value` before pending loss shares and at any one price: sum of values <= pool +
/// longReceivable + shortReceivable + claimReceivable + shortfall. The difference is rounding only (below two wei a
/// fill, below one a collected share), and stays in the market.
/// Assumptions:
/// - The oracle, the oracle of options, the engine, the exchange and the auction are contracts of the venue.
/// - The index of an underlying is the price of the oracle's feed of the same number.
/// - Modules open the gate before they call; but for `trade`, which does it, they touch the accounts.
/// - Money is cash in the vault: no token is held or moved here.
/// - Somebody starts and finishes the window of each expiry; until then the index counts. Nobody needs a permission
/// for it.
interface IClearinghouse {
    /* ERRORS */

    /// @notice The instrument is not listed; for settlement: or does not expire.
    /// @param id Instrument that was named.
    error UnknownInstrument(uint64 id);

    /// @notice The instrument is listed already.
    /// @param id Instrument that was to be listed.
    error AlreadyListed(uint64 id);

    /// @notice There is no contract at the address.
    /// @param target Address that was named.
    error NotAContract(address target);

    /// @notice The instrument's expiry is over.
    /// @param id Instrument that was to be traded or listed.
    /// @param expiry Its expiry [s].
    error InstrumentExpired(uint64 id, uint256 expiry);

    /// @notice Open interest would grow in a market where only reductions trade.
    /// @param id Instrument of the market.
    error ReduceOnlyMarket(uint64 id);

    /// @notice A side that may only reduce its position would open, enlarge or flip it.
    /// @param account Account of the side.
    /// @param sizeBefore Size before the trade [wad base].
    /// @param sizeAfter Size after the trade [wad base].
    error NotReducing(uint256 account, int256 sizeBefore, int256 sizeAfter);

    /// @notice Open interest would grow beyond its cap.
    /// @param id Instrument of the market.
    /// @param openInterest What there would be on each side [wad base].
    /// @param cap Most that may be traded up to [wad base].
    error OpenInterestCapExceeded(uint64 id, uint256 openInterest, uint256 cap);

    /// @notice The account would hold more legs than it may.
    /// @param count Legs there would be.
    /// @param limit Most there may be.
    error TooManyLegs(uint256 count, uint256 limit);

    /// @notice A position's size would not fit its slot.
    /// @param size Size there would be [wad base].
    /// @param limit Largest, either way [wad base].
    error SizeOutOfRange(int256 size, int256 limit);

    /// @notice Nothing was to be traded or moved.
    error ZeroSize();

    /// @notice Both sides are the same account.
    /// @param account Account of both sides.
    error SelfTrade(uint256 account);

    /// @notice The expiry is further away than the underlying's longest tenor.
    /// @param tenor Time to the expiry [s].
    /// @param limit Longest tenor [s].
    error TenorTooLong(uint256 tenor, uint256 limit);

    /// @notice The price of an underlying, or of an option on it, may not be used for this.
    /// @param feedId Feed of the underlying.
    error PriceNotValid(uint256 feedId);

    /// @notice The instrument's settlement is finished.
    /// @param id Instrument that was named.
    error AlreadySettled(uint64 id);

    /// @notice Final prices are not made in the middle of an operation.
    error OperationOpen();

    /// @notice A parameter is above its highest or below its lowest value, or a sum would not fit its slot.
    /// @param value What was given or would be, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice The caller is not the module that may do this.
    /// @param caller Who called.
    error NotModule(address caller);

    /// @notice A side of the trade is in auction.
    /// @param account Account of the side.
    error InAuction(uint256 account);

    /* EVENTS (every position and market can be rebuilt from them) */

    /// @notice An instrument was listed.
    /// @param id Its id, which says all there is to know of it.
    /// @param config Limits and funding.
    event InstrumentListed(uint64 indexed id, InstrumentConfig config);

    /// @notice Limits and funding of an instrument were set.
    /// @param id Instrument of the market.
    /// @param config Limits and funding in force.
    /// @param reduceOnly Whether only reductions trade.
    event InstrumentConfigured(uint64 indexed id, InstrumentConfig config, bool reduceOnly);

    /// @notice The guardian made a market reduce-only.
    /// @param id Instrument of the market.
    /// @param until When it ends, if governance has not made it so too [s].
    event ReduceOnlyUntil(uint64 indexed id, uint256 until);

    /// @notice A position changed.
    /// @param account Account that holds it.
    /// @param id Its instrument.
    /// @param size Position after the change [wad base].
    /// @param basis Basis after the change [wad USD].
    event PositionChanged(uint256 indexed account, uint64 indexed id, int256 size, int256 basis);

    /// @notice A fill was booked between two accounts.
    /// @param id Instrument that was traded.
    /// @param buyer Account whose size grew.
    /// @param seller Account whose size fell.
    /// @param size Contracts [wad base].
    /// @param price Of a contract [wad USD].
    event Traded(uint64 indexed id, uint256 indexed buyer, uint256 indexed seller, uint256 size, uint256 price);

    /// @notice Funding of a market was brought to now.
    /// @param id Instrument of the market.
    /// @param fundingIndex Index now [wad USD per base].
    /// @param fundingRate Rate from now on [ppm of index per day].
    /// @param premium Smoothed [wad].
    event FundingUpdated(uint64 indexed id, int256 fundingIndex, int256 fundingRate, int256 premium);

    /// @notice Value of a leg turned into cash.
    /// @param account Account that holds the leg.
    /// @param id Its instrument.
    /// @param amount Cash to the account, negative from it [wad USD].
    /// @param pool Cash of the market after it [wad USD].
    event Settled(uint256 indexed account, uint64 indexed id, int256 amount, uint256 pool);

    /// @notice A loss was charged to the winners of its market.
    /// @param id Instrument of the market.
    /// @param longsPay Whether longs are the side that pays; else shorts.
    /// @param amount What winners will pay [wad USD].
    /// @param perUnit Of it, each contract of the paying side [ray USD per base].
    /// @param perClaim Of it, each dollar owed to a leg without size [ray].
    event MarketLossShared(uint64 indexed id, bool longsPay, uint256 amount, uint256 perUnit, uint256 perClaim);

    /// @notice Claims of a market lost their backing, or got it back.
    /// @param id Instrument of the market.
    /// @param shortfall Claims of the market beyond what backs them, after the change [wad USD].
    event ShortfallChanged(uint64 indexed id, uint256 shortfall);

    /// @notice A position paid its share of losses of its market.
    /// @param account Account that holds the position.
    /// @param id Its instrument.
    /// @param amount Taken from the position's profit [wad USD].
    /// @param uncollected The rest of the share: now shortfall [wad USD].
    event MarketLossCollected(uint256 indexed account, uint64 indexed id, uint256 amount, uint256 uncollected);

    /// @notice The averaging window of an expiry began.
    /// @param id The instrument that named the expiry; all instruments of it share the window.
    /// @param time Start of the window [s].
    event SettlementStarted(uint64 indexed id, uint256 time);

    /// @notice An instrument was settled.
    /// @dev What each instrument of its expiry pays follows from the average.
    /// @param id The instrument.
    /// @param average Of the index, down [wad USD].
    event SettlementFinished(uint64 indexed id, uint256 average);

    /// @notice The modules were set.
    /// @param exchange Contract that may trade.
    /// @param auction Contract that may move legs.
    event ModulesSet(address indexed exchange, address indexed auction);

    /// @notice The sources of prices were set.
    /// @param oracle Source of index prices.
    /// @param options Source of options' marks.
    event OraclesSet(address indexed oracle, address indexed options);

    /* ANYONE */

    /// @notice Brings funding of a market to now and lets its premium decay. Anyone.
    /// @param id Instrument of the market.
    function accrueFunding(uint64 id) external;

    /// @notice Turns the value of legs into cash: losses always, profits as far as the market's pool reaches. Anyone.
    /// @dev Legs not held and repeated ids do nothing. Emptied legs are removed.
    /// Profit of an open leg is paid at a Valid price only; claims of closed and expired legs always. What is not paid
    /// stays in the leg.
    /// A loss beyond the account's positive cash becomes a loan only while the account meets initial margin at Valid
    /// prices and is not in auction. Otherwise a market's loss would turn into a loan that the lenders bear.
    /// The maintenance excess does not change, but for rounding. Initial excess neither, unless a loss is paid beside
    /// a net profit that initial margin counts at a discount.
    /// @param account Account that holds the legs.
    /// @param ids Instruments of the legs, in the order in which they are settled.
    function settle(uint256 account, uint64[] calldata ids) external;

    /// @notice Backs claims that lost their backing with the vault's surplus, as far as it goes beyond the vault's
    /// deficit. Anyone.
    /// @param id Instrument of the market.
    /// @return paid Moved into the market's pool [wad USD].
    function coverShortfall(uint64 id) external returns (uint256 paid);

    /// @notice Starts the averaging window of an expiry, at most SETTLEMENT_WINDOW before it and at a Valid price.
    /// Anyone.
    /// @dev All instruments of an underlying and an expiry have one window and one average. It may be started anew
    /// when nobody finished it within two windows, or when the oracle was replaced.
    /// @param id Any instrument of the underlying and the expiry.
    function startSettlement(uint64 id) external;

    /// @notice Fixes an instrument's final price: the time-weighted index since the start of the window, or what an
    /// option pays at it. Anyone.
    /// @dev The first instrument of an expiry is finished at a Valid price, from one to two windows after the start
    /// and not before expiry. A halt may delay the end but not make the price; nor may two oracles make it.
    /// From then on the others are worth what they pay at the same average, and may be finished at any time. The
    /// average is rounded down. Reverts while an operation is open.
    /// @param id The instrument.
    function finishSettlement(uint64 id) external;

    /* MODULES: they have opened the gate and (but for `trade`, which does it) touched the accounts */

    /// @notice Fills a size at a price between two accounts. Exchange only.
    /// @dev Touches both sides, Full or Reduce. The mark must be Valid unless both sides only reduce. A side left
    /// without size is cashed out as in `settle`. No trade lets open interest grow beyond its cap or in a reduce-only
    /// market.
    /// @param id Instrument to trade.
    /// @param buyer Account whose size grows.
    /// @param seller Account whose size falls.
    /// @param size Contracts [wad base].
    /// @param price Of a contract [wad USD].
    /// @param buyerReduceOnly Whether the buyer only reduces a short position.
    /// @param sellerReduceOnly Whether the seller only reduces a long position.
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

    /// @notice Moves the same fraction of every leg, size and basis alike. Auction only.
    /// @dev No cash moves: what a leg without size is worth stays in it until `settle`.
    /// @param from Account that gives the legs.
    /// @param to Account that takes them.
    /// @param fraction Of each number, rounded toward zero; all of it at WAD [wad].
    function moveSlice(uint256 from, uint256 to, uint256 fraction) external;

    /// @notice Moves a part of a leg at the mid index price, options at their mark; unrealised profit stays. Auction
    /// only.
    /// @dev Books a fill at that price, both bases up. No cash moves.
    /// @param from Account that gives the part.
    /// @param to Account that takes it.
    /// @param id Instrument of the leg.
    /// @param size What is moved, of the position's sign and at most as large [wad base].
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external;

    /// @notice Credits an account with a loss of a market, inside the market, and charges the market's winners.
    /// Auction only.
    /// @dev The account's basis improves by all of `amount`; no cash moves, now or later, but through the market's
    /// pool. An account without a leg gets one without size.
    /// Winners are the side that pays, with its net profit, and all claims of legs without size, which have been won
    /// before. They pay in proportion to what they have. Within the side a winner pays by size, a claim by its amount;
    /// each at most its profit when it is next touched.
    /// What they cannot pay is the market's shortfall. Claims stay what they were, and are paid first come, first
    /// served, as later losers pay, or from the vault's surplus (`coverShortfall`).
    /// A loss below 1e12 wei, or beyond the market's 65,535 epochs, is all shortfall.
    /// @param account Account to credit.
    /// @param id Instrument of the market.
    /// @param longsPay The side that pays: what `longsPayFor` said of the losing position before it was moved.
    /// @param amount Loss to share [wad USD].
    /// @return borne What winners are charged, at most what they have, rounded down [wad USD].
    /// @return shortfall The rest of `amount` [wad USD].
    function shareLoss(uint256 account, uint64 id, bool longsPay, uint256 amount)
        external
        returns (uint256 borne, uint256 shortfall);

    /* GOVERNANCE */

    /// @notice Sets the contracts that may trade and that may move legs. Governance only.
    /// @param exchange May trade; a contract.
    /// @param auction May move legs and share losses; a contract.
    function setModules(address exchange, address auction) external;

    /// @notice Replaces the sources of prices and of options' marks. Governance only.
    /// @dev Averaging windows that run must be started anew.
    /// @param oracle An IOracleAdapter; a contract.
    /// @param options An IOptionOracle, a contract; zero: no options.
    function setOracles(address oracle, address options) external;

    /// @notice Lists an instrument on an underlying that has a Valid price and risk parameters. Governance only.
    /// @dev An option needs a Valid volatility slice at its expiry too.
    /// @param kind KIND_PERPETUAL, KIND_FUTURE, KIND_CALL or KIND_PUT.
    /// @param underlying Number of its feed, 1 to 255.
    /// @param expiry 0 for a perpetual, else a whole hour, at most the underlying's `maxTenor` from now [s].
    /// @param strike 0 but for options: from a tenth of the index to ten times it, with digits that its code holds
    /// [wad USD].
    /// @param config Limits and funding.
    /// @return id Id of the instrument.
    function list(uint256 kind, uint256 underlying, uint256 expiry, uint256 strike, InstrumentConfig calldata config)
        external
        returns (uint64 id);

    /// @notice Changes limits and funding of an instrument, from now on. Governance only.
    /// @dev Open interest above a new cap stays, and may shrink.
    /// @param id Instrument of the market.
    /// @param config Limits and funding.
    /// @param reduceOnly Whether only reductions trade.
    function configureInstrument(uint64 id, InstrumentConfig calldata config, bool reduceOnly) external;

    /// @notice Lets only reductions trade for a time. Guardian only.
    /// @dev Never shortens a time that is longer; another may follow. Governance's own switch is apart.
    /// @param id Instrument of the market.
    /// @param duration How long from now, at most 7 days [s].
    function setReduceOnly(uint64 id, uint256 duration) external;

    /* VIEWS */

    /// @notice What the risk engine needs of an account's legs.
    /// @dev A leg whose final price is known comes as size 0 with basis = -value (its loss share taken off) and no
    /// pending share.
    /// @param account Any account.
    /// @return words Four per leg: id, PositionWord, MarketWord, pending loss share, up [wad USD].
    function legs(uint256 account) external view returns (uint256[] memory words);

    /// @notice A position as stored, pending loss share not taken off.
    /// @param account Any account.
    /// @param id Its instrument.
    /// @return size Negative: short [wad base].
    /// @return basis What the value is counted against [wad USD].
    function position(uint256 account, uint64 id) external view returns (int256 size, int256 basis);

    /// @notice The instruments an account has legs in.
    /// @param account Any account.
    /// @return Ids, in the order of `legs`.
    function legIds(uint256 account) external view returns (uint64[] memory);

    /// @notice What a market stores for margin, in one word.
    /// @param id Instrument of the market.
    /// @return 0 if not listed.
    function marketWord(uint64 id) external view returns (MarketWord);

    /// @notice Where the money of a market is.
    /// @param id Instrument of the market.
    /// @return longBasis Sum of the bases of all longs [wad USD].
    /// @return pool Cash collected from losers and not yet paid to winners [wad USD].
    /// @return promised What backs the market's values beside the pool: receivables, the shortfall and debts of legs
    /// without size, less claims of those. Shorts are worth pool + promised less what longs are worth [wad USD].
    function flows(uint64 id) external view returns (int256 longBasis, uint256 pool, int256 promised);

    /// @notice `flows` of many markets.
    /// @param ids Instruments of the markets.
    /// @return longBases By market [wad USD].
    /// @return pools By market [wad USD].
    /// @return promises By market [wad USD].
    function flowsMany(uint64[] calldata ids)
        external
        view
        returns (int256[] memory longBases, uint256[] memory pools, int256[] memory promises);

    /// @notice The winners for a loss of an account's position: the other side; for a leg without size the side with
    /// more profit.
    /// @param account Account that loses.
    /// @param id Instrument of the market.
    /// @return True where longs pay, false where shorts do.
    function longsPayFor(uint256 account, uint64 id) external view returns (bool);

    /// @notice Shared losses of a market that are still to be collected, claims without size and their backing.
    /// @param id Instrument of the market.
    /// @return The state; zeros where no loss was ever shared and no leg is without size.
    function lossState(uint64 id) external view returns (LossState memory);

    /// @notice Smoothed premium of fills over the index.
    /// @param id Instrument of the market.
    /// @return value Negative: a discount [wad].
    /// @return updatedAt When it was updated [s].
    function premium(uint64 id) external view returns (int256 value, uint256 updatedAt);

    /// @notice Limits and funding of an instrument.
    /// @param id The instrument.
    /// @return Zeros if not listed.
    function configOf(uint64 id) external view returns (InstrumentConfig memory);

    /// @notice How far the settlement of an expiring instrument is.
    /// @param id The instrument.
    /// @return startedAt Of the averaging window, 0 if the oracle was replaced since [s].
    /// @return average Of the index, 0 until it is known [wad USD].
    /// @return finalPrice What a contract pays, 0 until the average is known [wad USD].
    /// @return finished Whether `finishSettlement` was called.
    function settlementOf(uint64 id)
        external
        view
        returns (uint256 startedAt, uint256 average, uint256 finalPrice, bool finished);

    /// @notice Number of listed instruments, settled ones too.
    /// @return Never falls.
    function instrumentCount() external view returns (uint256);

    /// @notice A listed instrument by its number; reverts where there is none.
    /// @param index From 0, in the order of listing.
    /// @return Id of the instrument.
    function instrumentAt(uint256 index) external view returns (uint64);

    /// @notice Number of fills and moves of an account's legs; settling them leaves it alone.
    /// @param account Any account.
    /// @return Never falls.
    function nonceOf(uint256 account) external view returns (uint256);

    /// @notice Where averaging windows and final averages are kept.
    /// @return Contract of the venue.
    function expiries() external view returns (IExpiries);

    /// @notice Which underlyings may be listed, and for how long.
    /// @return Contract of the venue.
    function parameters() external view returns (IRiskParameters);

    /// @notice The contract that may trade.
    /// @return An IExchange.
    function exchange() external view returns (address);

    /// @notice The contract that may move legs and share losses.
    /// @return An ILiquidationAuction.
    function auction() external view returns (address);

    /// @notice The source of index prices.
    /// @return An IOracleAdapter.
    function oracle() external view returns (address);

    /// @notice The source of options' marks.
    /// @return An IOptionOracle.
    function options() external view returns (address);
}
