// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentConfig} from "../types/InstrumentConfig.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {IExpiries} from "./IExpiries.sol";
import {IListingRules} from "./IListingRules.sol";
import {IMarketLosses} from "./IMarketLosses.sol";

/// @title Clearinghouse: instruments, positions, funding, open interest, expiry, profit and losses of markets.
/// @notice A position is one slot: `value = size * (price - fundingIndex) - basis`; the price of an option is its
/// mark. Sizes are wad base, money wad USD. A fill rounds each side's basis up.
/// Closing a part makes its profit at once: a claim on the market, or a debt to it. A claim keeps the number of its
/// contracts. Profit turns into cash only as far as losses of the same market have been collected in its pool.
/// A loss that nobody can pay is borne by the contracts of the other side, each alike, open or closed and unpaid.
/// @dev `IMarketLosses` keeps claims, debts and shares of losses; here are open contracts and the pools. Per market,
/// with values and claims before pending shares, at any one price: values + claims - debts <= pool + shortfall. The
/// difference is rounding only (below two wei a fill), and stays in the market. Assumptions:
/// - The oracle, the oracle of options, the engine, the exchange and the auction are contracts of the venue.
/// - The index of an underlying is the price of the oracle's feed of the same number.
/// - Modules open the gate before they call; but for `trade`, which does it, they touch the accounts.
/// - Money is cash in the vault: no token is held or moved here.
/// - Somebody observes and finishes each expiry; until then the index counts. Nobody needs a permission
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
    /// @param id Instrument that was to be listed.
    /// @param expiry Its expiry [s].
    error InstrumentExpired(uint64 id, uint256 expiry);

    /// @notice The average that the instrument will pay is being made: at the index it has no fair price any more.
    /// @param id Instrument that was to be traded, or moved in a bundle.
    /// @param end When its trading ended, SETTLEMENT_WINDOW before its expiry [s].
    error TradingEnded(uint64 id, uint256 end);

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

    /// @notice Open interest grows only while the edges of the price are close to each other.
    /// @param id Instrument of the market.
    error PriceNotCalm(uint64 id);

    /// @notice The account would hold more legs than it may.
    /// @param count Legs there would be.
    /// @param limit Most there may be.
    error TooManyLegs(uint256 count, uint256 limit);

    /// @notice A position's size would not fit its slot.
    /// @param size Size there would be [wad base].
    /// @param limit Largest, either way [wad base].
    error SizeOutOfRange(int256 size, int256 limit);

    /// @notice A position's basis would not fit its slot.
    /// @param basis Basis there would be [wad USD].
    /// @param limit Largest, either way [wad USD].
    error BasisOutOfRange(int256 basis, int256 limit);

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
    /// @param size Open contracts after the change [wad base].
    /// @param basis Basis after the change [wad USD].
    event PositionChanged(uint256 indexed account, uint64 indexed id, int256 size, int256 basis);

    /// @notice A fill was booked between two accounts.
    /// @param id Instrument that was traded.
    /// @param buyer Account whose size grew.
    /// @param seller Account whose size fell.
    /// @param size Contracts [wad base].
    /// @param price Of a contract [wad USD].
    event Traded(uint64 indexed id, uint256 indexed buyer, uint256 indexed seller, uint256 size, uint256 price);

    /// @notice Funding of a market was brought to now, by a fill or a new configuration.
    /// @param id Instrument of the market.
    /// @param fundingIndex Index now [wad USD per base].
    /// @param fundingRate Rate in this moment; it decays from now on [ppm of index per day].
    /// @param premium What funding is still to pay of the index [wad].
    event FundingUpdated(uint64 indexed id, int256 fundingIndex, int256 fundingRate, int256 premium);

    /// @notice Value of a leg turned into cash.
    /// @param account Account that holds the leg.
    /// @param id Its instrument.
    /// @param amount Cash to the account, negative from it [wad USD].
    /// @param pool Cash of the market after it [wad USD].
    event Settled(uint256 indexed account, uint64 indexed id, int256 amount, uint256 pool);

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

    /// @notice Turns the value of legs into cash: losses as far as the account has cash, profits as far as the market's
    /// pool reaches. Anyone.
    /// @dev Legs not held and repeated ids do nothing. Emptied legs are removed.
    /// Losses of open contracts and debts of closed ones are paid out of positive cash; then debts with claims of the
    /// same leg. It never makes a loan. While losses of loans are in sight no cash pays a market
    /// (`IMarginVault.payableCash`), and profit is paid only to an account whose owner calls: as cash it is lent, and
    /// would bear them. An account that owes several markets, or may by expired contracts whose average is
    /// not known, pays none of them while its prices are not Valid (`IMarginVault.PricesNotValid`), or it does not meet
    /// maintenance margin without unpaid profit (`IMarginVault.EquityTooLow`): its cash is for all, and an auction
    /// shares what is missing.
    /// Profit of open contracts is paid at a Valid price, and no more than their value at its worse edge; that of
    /// options in a calm only. Claims are paid in a calm: while edges are at most 2 % of the mid price apart. What is
    /// not paid stays in the leg. Expired contracts are closed at their final price, which is always calm.
    /// The maintenance excess does not change, but for rounding.
    /// @param account Account that holds the legs.
    /// @param ids Instruments of the legs, in the order in which they are settled.
    function settle(uint256 account, uint64[] calldata ids) external;

    /// @notice Settles a loser, then a winner of a market; what the pool cannot pay the winner the loser pays with a
    /// loan as far as it still owes. Anyone.
    /// @dev The loser takes a loan only while it meets initial margin without its unpaid profit, at Valid prices and
    /// not in auction, while new risk is not paused, and while no loss of a loan is in sight beyond the insurance; and
    /// all of it goes to the winner: nobody pays interest on cash that lies in a pool.
    /// @param id Instrument of the market.
    /// @param winner Account that is paid.
    /// @param loser Account that pays.
    function settleBetween(uint64 id, uint256 winner, uint256 loser) external;

    /// @notice Takes shares of losses off a leg, the oldest first. Anyone.
    /// @dev Every action on a leg takes all of them off. This is for a leg that has so many that it would need too much
    /// gas.
    /// @param account Account that holds the leg.
    /// @param id Its instrument.
    /// @param most Losses to look at.
    /// @return left Losses that it has not borne yet.
    function collectShares(uint256 account, uint64 id, uint256 most) external returns (uint256 left);

    /// @notice Refreshes the index of an expiry and observes it for the average, once a minute from SETTLEMENT_WINDOW
    /// before expiry on, at a Valid price. Anyone.
    /// @dev All instruments of an underlying and an expiry have one average. Where fewer than twenty minutes were
    /// observed before expiry, those after it count until there are as many; a day after expiry at any price. Where
    /// the oracle was replaced all begins anew.
    /// @param id Any instrument of the underlying and the expiry.
    function observeSettlement(uint64 id) external;

    /// @notice Fixes an instrument's final price: the average of what was observed, or what an option pays at it.
    /// Anyone.
    /// @dev From expiry on, where there are twenty observations. From then on all instruments of the expiry are worth
    /// what they pay at the same average. It is rounded down. Reverts while an operation is open.
    /// @param id The instrument.
    function finishSettlement(uint64 id) external;

    /* MODULES: they have opened the gate and (but for `trade`, which does it) touched the accounts */

    /// @notice Fills a size at a price between two accounts. Exchange only.
    /// @dev Touches both sides, Trade or Reduce. The mark must be Valid unless both sides only reduce. None is traded
    /// from SETTLEMENT_WINDOW before its expiry on. What a side closes is realised at the price of the fill: a loss is
    /// paid out of its cash, the rest is a debt; a profit is paid as far as the pool reaches, in a calm, and while no
    /// loss of a loan is in sight; the rest is a claim. Who only reduces and owes other markets too
    /// pays none of them: its loss is a debt until it is settled. No trade lets open interest grow beyond its cap or in
    /// a reduce-only market.
    /// @param id Instrument to trade.
    /// @param buyer Account whose size grows.
    /// @param seller Account whose size falls.
    /// @param size Contracts [wad base].
    /// @param price Of a contract [wad USD].
    /// @param fee What both sides pay in this call, of the notional: it bounds how far a perpetual's fill moves the
    /// premium [ppm].
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
        uint256 fee,
        bool buyerReduceOnly,
        bool sellerReduceOnly
    ) external returns (uint256 notional, uint256 mark, uint256 index, PriceStatus status);

    /// @notice Moves the same fraction of every leg: contracts, basis, claims, debts. Auction only.
    /// @dev No cash moves. Contracts that meet some of the other side close each other at mid, options at their mark;
    /// not where an average is to be paid that is not known yet.
    /// @param from Account that gives the legs.
    /// @param to Account that takes them.
    /// @param fraction Of each number, rounded toward zero; all of it at WAD [wad].
    function moveSlice(uint256 from, uint256 to, uint256 fraction) external;

    /// @notice Moves a part of a leg at the mid index price, options at their mark. Auction only.
    /// @dev Books a fill at that price, both bases up; what it realises is a claim or a debt. No cash moves.
    /// @param from Account that gives the part.
    /// @param to Account that takes it.
    /// @param id Instrument of the leg.
    /// @param size What is moved, of the position's sign and at most as large [wad base].
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external;

    /// @notice Credits an account with a loss of a market, inside the market, and shares it among one side. Auction
    /// only.
    /// @dev The credit pays the account's debts there, then lowers its basis, or is a claim without contracts where it
    /// has no open ones. No cash moves, now or later, but through the market's pool.
    /// The loss is divided by the contracts of the side, open or closed and unpaid. While prices are not calm it is
    /// divided by those from before, so that nobody can dilute it. Each bears its part when its leg is next touched: an
    /// open one at most what it won between its entry and the mid price of now, a claim at most what it is.
    /// What is not collected stays shortfall: claims stay what they were, and are paid as later losers pay. A loss
    /// below 1 USD is all shortfall.
    /// @param account Account to credit.
    /// @param id Instrument of the market.
    /// @param longsPay The side that pays: the other than the one that lost.
    /// @param amount Loss to share [wad USD].
    function shareLoss(uint256 account, uint64 id, bool longsPay, uint256 amount) external;

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
    /// @dev Pending shares of losses are taken off. A leg whose final price is known comes without contracts: its value
    /// is a claim or a debt.
    /// @param account Any account.
    /// @return words Four per leg: id, PositionWord, MarketWord, UnpaidWord.
    function legs(uint256 account) external view returns (uint256[] memory words);

    /// @notice The open contracts of a leg as stored, pending shares of losses not taken off.
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

    /// @notice Cash collected from losers and not yet paid to winners.
    /// @param id Instrument of the market.
    /// @return The market's pool [wad USD].
    function poolOf(uint64 id) external view returns (uint256);

    /// @notice The part of the index that funding is still to pay, as far as fills have bought it with their fees.
    /// @dev A fill moves it toward its own premium over the index. It decays as it is paid, at the same pace whoever
    /// calls what.
    /// @param id Instrument of the market.
    /// @return Now; negative: shorts pay [wad].
    function premium(uint64 id) external view returns (int256);

    /// @notice Limits and funding of an instrument.
    /// @param id The instrument.
    /// @return Zeros if not listed.
    function configOf(uint64 id) external view returns (InstrumentConfig memory);

    /// @notice How far the settlement of an expiring instrument is.
    /// @param id The instrument.
    /// @return observations Of the index for the average.
    /// @return average Of the index, 0 until it is known [wad USD].
    /// @return finalPrice What a contract pays, 0 until the average is known [wad USD].
    /// @return finished Whether `finishSettlement` was called.
    function settlementOf(uint64 id)
        external
        view
        returns (uint256 observations, uint256 average, uint256 finalPrice, bool finished);

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

    /// @notice Where observations of the index and final averages are kept.
    /// @return Contract of the venue.
    function expiries() external view returns (IExpiries);

    /// @notice Where claims and debts of closed contracts and shares of losses are kept.
    /// @return Contract of the venue.
    function losses() external view returns (IMarketLosses);

    /// @notice What may be listed, and with which limits.
    /// @return Contract of the venue.
    function rules() external view returns (IListingRules);

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
