// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse, InstrumentConfig, LossState} from "./interfaces/IClearinghouse.sol";
import {IExpiries} from "./interfaces/IExpiries.sol";
import {IMarginVault, TouchMode} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price} from "./interfaces/IOracleAdapter.sol";
import {IRiskParameters} from "./interfaces/IRiskParameters.sol";
import {Book} from "./ledger/Book.sol";
import {FundingMath} from "./ledger/FundingMath.sol";
import {FULL_UTILISATION, MAX_FEED_ID, RAY, WAD} from "./types/Constants.sol";
import {InstrumentId, KIND_PERPETUAL} from "./types/InstrumentId.sol";
import {IDS_PER_WORD, LegIdsWord} from "./types/LegIdsWord.sol";
import {MarketWord, MarketWordLib} from "./types/MarketWord.sol";
import {PositionWord, PositionWordLib} from "./types/PositionWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {Gated} from "./vault/Gated.sol";

/// @title Clearinghouse: owns instruments, positions, funding, open interest, and losses and profit inside a market.
/// @dev Asks the vault for cash and solvency, Expiries for averages, the oracles for marks, the parameters what may be
/// listed. One file until the losses and profit of markets have a contract of their own.
contract Clearinghouse is IClearinghouse, Gated, AccessManaged {
    using SafeCast for int256;
    using SafeCast for uint256;
    using Book for Book.State;

    /// @dev Highest configurable limit of the funding rate: three payments a day of the largest premium [ppm per day].
    uint256 private constant MAX_FUNDING_RATE = 150_000;
    /// @dev Longest configurable smoothing of the premium [s].
    uint256 private constant MAX_PREMIUM_WINDOW = 7 days;
    /// @dev Longest time for which a guardian makes a market reduce-only [s].
    uint256 private constant MAX_REDUCE_ONLY = 7 days;
    /// @dev Strikes at listing lie between the index divided and multiplied by it.
    uint256 private constant STRIKE_RANGE = 10;
    /// @dev A smaller loss is not shared: it must not use up an epoch [wad USD].
    uint256 private constant LEAST_SHARED_LOSS = 1e12;

    /// @dev Losses shared so far among the winners.
    struct LossIndex {
        uint128 long; // [ray USD per base]
        uint128 short; // [ray USD per base]
        uint128 claim; // legs without size [ray USD per USD claimed]
    }

    struct Market {
        // slot 0
        MarketWord word;
        // slot 1: cash between losers and winners
        int128 longBasis; // sum over longs [wad USD]
        uint128 pool; // collected and not yet paid [wad USD]
        // slot 2
        int64 premium; // smoothed [wad]
        uint96 flatClaims; // what legs without size are owed [wad USD]
        uint96 flatDebts; // what they owe [wad USD]
        // slot 3
        InstrumentConfig config;
        // slot 4: shares of losses not yet collected
        uint16 epoch; // losses shared so far
        uint120 longReceivable; // [wad USD]
        uint120 shortReceivable; // [wad USD]
        // slot 5: expiry, and what nothing backs
        uint96 shortInterest; // shorts that are still to be settled [wad base]
        uint128 shortfall; // claims that nothing backs [wad USD]
        // slot 6
        uint120 claimReceivable; // shares of losses that legs without size have not yet paid [wad USD]
        uint48 reduceOnlyUntil; // by the guardian [s]
        mapping(uint256 epoch => LossIndex) lossIndex;
    }

    /// @dev A market in the middle of a call: what is known of it, and the changes that `_store` writes.
    struct Draft {
        uint64 id;
        MarketWord word;
        uint256 epoch;
        bool priced; // price, index, carry and status are known
        uint256 price; // mid index, mark of an option, or the final price [wad USD]
        uint256 index; // mid index; not known beside a final price [wad USD]
        int256 carry; // price less funding index [wad USD]
        PriceStatus status;
        int256 longSize;
        int256 shortSize;
        int256 longBasis;
        int256 flatClaims;
        int256 flatDebts;
        int256 pool;
    }

    /// @dev Cash of an account in the middle of a call.
    struct Purse {
        uint256 account;
        int256 cash; // in the vault [wad USD]
        int256 owed; // to be added to it [wad USD]
        bool checked; // the next one is known
        bool mayBorrow;
    }

    /// @inheritdoc IClearinghouse
    IExpiries public immutable expiries;
    /// @inheritdoc IClearinghouse
    IRiskParameters public immutable parameters;
    /// @inheritdoc IClearinghouse
    address public exchange;
    /// @inheritdoc IClearinghouse
    address public auction;
    /// @inheritdoc IClearinghouse
    address public oracle;
    /// @inheritdoc IClearinghouse
    address public options;
    uint64[] private _instruments;
    mapping(uint64 id => Market) private _markets;
    mapping(uint256 account => Book.State) private _books;

    constructor(
        IMarginVault vault_,
        IExpiries expiries_,
        IRiskParameters parameters_,
        address oracle_,
        address options_,
        address authority_
    ) Gated(vault_) AccessManaged(authority_) {
        expiries = expiries_;
        parameters = parameters_;
        _setOracles(oracle_, options_);
    }

    modifier onlyModule(address module) {
        _requireModule(module);
        _;
    }

    function _requireModule(address module) private view {
        if (msg.sender != module) revert NotModule(msg.sender);
    }

    /* ANYONE */

    /// @inheritdoc IClearinghouse
    function accrueFunding(uint64 id) external gated {
        Draft memory draft = _draft(id);
        _price(draft);
        _accrue(draft, 0, 0);
        _store(draft, true);
    }

    /// @inheritdoc IClearinghouse
    function settle(uint256 account, uint64[] calldata ids) external gated {
        vault.touch(account, TouchMode.Safe);
        Purse memory purse = _purse(account);

        for (uint256 i; i < ids.length; ++i) {
            _settleLeg(purse, ids[i]);
        }

        _empty(purse);
    }

    function _purse(uint256 account) private view returns (Purse memory purse) {
        purse.account = account;
        purse.cash = vault.cashOf(account);
    }

    /// @dev Books what is owed to the account's cash.
    function _empty(Purse memory purse) private {
        if (purse.owed == 0) return;
        vault.settleCash(purse.account, purse.owed);
        purse.owed = 0;
    }

    /// @inheritdoc IClearinghouse
    function coverShortfall(uint64 id) external gated returns (uint256 paid) {
        Market storage market = _markets[id];
        uint256 shortfall = market.shortfall;
        paid = vault.repayShortfall(shortfall);
        if (paid == 0) return 0;
        shortfall -= paid;
        // safe because it has become less, and because the vault keeps the sum of all pools in 128 bits
        market.shortfall = uint128(shortfall);
        market.pool += uint128(paid);
        emit ShortfallChanged(id, shortfall);
    }

    /// @dev Turns what can be of a leg's value into cash.
    function _settleLeg(Purse memory purse, uint64 id) private {
        uint256 account = purse.account;
        PositionWord word = _books[account].positions[id];
        if (word.isNone()) return;

        Draft memory draft = _draft(id);
        (int256 size, int256 basis) = _collectShare(draft, account, word);
        bool expired = draft.word.isSettled();
        int256 value = -basis;
        if (size != 0) value += FundingMath.valueDown(size, _price(draft));

        int256 paid;
        if (value < 0) paid = -_payable(purse, -value);
        else if (size == 0 || expired || draft.status == PriceStatus.Valid) paid = _receivable(draft, value);

        basis += paid;
        if (expired && value == paid) (size, basis) = (0, 0);
        draft.pool -= paid;
        purse.owed += paid;
        _put(draft, account, word, size, basis);
        _store(draft, false);
        if (paid != 0) emit Settled(account, id, paid, _markets[id].pool);
    }

    /// @dev The part of a profit that the pool reaches.
    function _receivable(Draft memory draft, int256 value) private view returns (int256) {
        return SignedMath.min(value, int256(uint256(_markets[draft.id].pool)) + draft.pool);
    }

    /// @dev The part of a loss that the account can pay: all if it has the cash or may borrow, otherwise its positive
    /// cash. It may borrow for what it may borrow for at all: above initial margin, at prices that can be trusted.
    function _payable(Purse memory purse, int256 loss) private returns (int256) {
        if (loss <= purse.cash + purse.owed) return loss;

        if (!purse.checked) {
            // Margin is asked for with the cash of the legs settled before.
            if (purse.owed != 0) {
                _empty(purse);
                purse.cash = vault.cashOf(purse.account);
            }
            purse.checked = true;
            purse.mayBorrow = vault.mayBorrow(purse.account);
        }
        if (purse.mayBorrow) return loss;
        return SignedMath.min(loss, SignedMath.max(purse.cash + purse.owed, 0));
    }

    /// @inheritdoc IClearinghouse
    function startSettlement(uint64 id) external {
        _requireExpiring(id);
        expiries.start(id, IOracleAdapter(oracle));
        emit SettlementStarted(id, block.timestamp);
    }

    /// @inheritdoc IClearinghouse
    function finishSettlement(uint64 id) external {
        // nothing else may change what accounts are worth in the middle of an operation
        if (vault.isGateOpen()) revert OperationOpen();
        _requireExpiring(id);
        uint256 average = expiries.finish(id, IOracleAdapter(oracle));
        Market storage market = _markets[id];
        MarketWord word = market.word;
        // safe because open interest is kept in 96 bits
        market.shortInterest = uint96(word.openInterest());
        market.word = word.with(MarketWordLib.FLAG_SETTLED);
        emit SettlementFinished(id, average);
    }

    /// @dev What a contract pays once the average of its expiry is known, whether it was finished itself or not, so
    /// that nothing hedges at prices of now what is paid at the average [wad USD].
    function _finalPrice(uint64 id) private view returns (bool known, uint256 price) {
        // no average is known before its expiry
        if (!InstrumentId.isExpired(id, block.timestamp)) return (false, 0);
        price = expiries.averageOf(id);
        known = price != 0;
        if (known) price = _priceAt(id, price);
    }

    /// @dev What a contract pays at an average of the index [wad USD].
    function _priceAt(uint64 id, uint256 average) private pure returns (uint256) {
        return InstrumentId.isOption(id) ? InstrumentId.payoffOf(id, average) : average;
    }

    /// @dev Refuses all but listed instruments that expire and are not settled yet.
    function _requireExpiring(uint64 id) private view {
        MarketWord word = _markets[id].word;
        if (!word.isListed() || InstrumentId.hourOf(id) == 0) revert UnknownInstrument(id);
        if (word.isSettled()) revert AlreadySettled(id);
    }

    function _requireValid(uint256 underlying) private view {
        if (IOracleAdapter(oracle).price(underlying).status != PriceStatus.Valid) revert PriceNotValid(underlying);
    }

    /* EXCHANGE */

    /// @inheritdoc IClearinghouse
    function trade(
        uint64 id,
        uint256 buyer,
        uint256 seller,
        uint256 size,
        uint256 price,
        bool buyerReduceOnly,
        bool sellerReduceOnly
    ) external onlyModule(exchange) returns (uint256 notional, uint256 mark, uint256 index, PriceStatus status) {
        Draft memory draft = _draft(id);
        _requireTradable(id, buyer, seller, size, price);
        vault.touch(buyer, buyerReduceOnly ? TouchMode.Reduce : TouchMode.Full);
        vault.touch(seller, sellerReduceOnly ? TouchMode.Reduce : TouchMode.Full);
        notional = FixedPointMathLib.fullMulDivUp(size, price, WAD);

        _price(draft);
        (mark, index, status) = (draft.price, draft.index, draft.status);
        if (status != PriceStatus.Valid && !(buyerReduceOnly && sellerReduceOnly)) {
            revert PriceNotValid(InstrumentId.underlyingOf(id));
        }
        _accrue(draft, price, notional);
        // safe because the size was checked to fit 96 bits
        int256 buyerFlat = _fill(draft, buyer, int256(size), price, buyerReduceOnly);
        int256 sellerFlat = _fill(draft, seller, -int256(size), price, sellerReduceOnly);
        _requireRoom(draft);
        _store(draft, true);
        emit Traded({id: id, buyer: buyer, seller: seller, size: size, price: price});

        // The loser first, so that the winner finds his loss in the pool.
        if (buyerFlat > 0) _cashOut(buyer, id);
        if (sellerFlat != 0) _cashOut(seller, id);
        if (buyerFlat < 0) _cashOut(buyer, id);
    }

    function _requireTradable(uint64 id, uint256 buyer, uint256 seller, uint256 size, uint256 price) private view {
        if (size == 0) revert ZeroSize();
        if (size > type(uint96).max) revert ParameterOutOfRange(size, type(uint96).max);
        if (price > type(uint96).max) revert ParameterOutOfRange(price, type(uint96).max);
        if (buyer == seller) revert SelfTrade(buyer);
        uint256 expiry = InstrumentId.expiryOf(id);
        if (expiry != 0 && block.timestamp >= expiry) revert InstrumentExpired(id, expiry);
        if (vault.isInAuction(buyer)) revert InAuction(buyer);
        if (vault.isInAuction(seller)) revert InAuction(seller);
    }

    /// @dev Books one side of a fill; returns the basis of a leg left without size, 0 for others.
    function _fill(Draft memory draft, uint256 account, int256 change, uint256 price, bool reduceOnly)
        private
        returns (int256 flat)
    {
        PositionWord word = _books[account].positions[draft.id];
        (int256 size, int256 basis) = _collectShare(draft, account, word);
        int256 sizeAfter = size + change;
        if (reduceOnly && (size > 0 ? sizeAfter < 0 || change > 0 : sizeAfter > 0 || change < 0)) {
            revert NotReducing(account, size, sizeAfter);
        }

        // safe because price and mid fit 128 bits: price less
        // funding index is the carry, shifted by the distance to mid
        basis += FundingMath.basisUp(change, draft.carry + int256(price) - int256(draft.price));
        _put(draft, account, word, sizeAfter, basis);
        _books[account].noteChange();
        if (sizeAfter == 0) flat = basis;
    }

    /// @dev Open interest may grow up to the cap and not in a reduce-only market; what is above may shrink.
    function _requireRoom(Draft memory draft) private view {
        if (draft.longSize <= 0) return;
        Market storage market = _markets[draft.id];
        if (draft.word.isReduceOnly() || block.timestamp < market.reduceOnlyUntil) revert ReduceOnlyMarket(draft.id);
        uint256 cap = market.config.openInterestCap;
        // safe because the change is positive
        uint256 interest = draft.word.openInterest() + uint256(draft.longSize);
        if (interest > cap) revert OpenInterestCapExceeded(draft.id, interest, cap);
    }

    function _cashOut(uint256 account, uint64 id) private {
        Purse memory purse = _purse(account);
        _settleLeg(purse, id);
        _empty(purse);
    }

    /* AUCTION */

    /// @inheritdoc IClearinghouse
    function moveSlice(uint256 from, uint256 to, uint256 fraction) external onlyModule(auction) {
        if (fraction > WAD) revert ParameterOutOfRange(fraction, WAD);
        if (from == to) revert SelfTrade(from);
        Book.State storage book = _books[from];

        // From the last leg to the first, for a leg that empties is replaced by the last.
        for (uint256 i = book.count(); i > 0; --i) {
            _moveLeg(from, to, book.idAt(i - 1), fraction);
        }

        book.noteChange();
        _books[to].noteChange();
    }

    function _moveLeg(uint256 from, uint256 to, uint64 id, uint256 fraction) private {
        Draft memory draft = _draft(id);
        PositionWord fromWord = _books[from].positions[id];
        PositionWord toWord = _books[to].positions[id];
        (int256 size, int256 basis) = _collectShare(draft, from, fromWord);
        (int256 toSize, int256 toBasis) = _collectShare(draft, to, toWord);

        int256 movedSize = _part(size, fraction);
        int256 movedBasis = _part(basis, fraction);
        _put(draft, from, fromWord, size - movedSize, basis - movedBasis);
        _put(draft, to, toWord, toSize + movedSize, toBasis + movedBasis);
        _store(draft, false);
    }

    /// @dev The fraction [wad] of a number of at most 128 bits, toward zero.
    function _part(int256 whole, uint256 fraction) private pure returns (int256) {
        // safe because the fraction is at most WAD
        unchecked {
            return whole * int256(fraction) / int256(WAD);
        }
    }

    /// @inheritdoc IClearinghouse
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external onlyModule(auction) {
        if (size == 0) revert ZeroSize();
        if (from == to) revert SelfTrade(from);
        Draft memory draft = _draft(id);
        _price(draft);

        // Against a smaller position, or one of the other sign, this is no reduction and reverts.
        _fill(draft, from, -size, draft.price, true);
        _fill(draft, to, size, draft.price, false);
        _store(draft, false);
    }

    /// @inheritdoc IClearinghouse
    function shareLoss(uint256 account, uint64 id, bool longsPay, uint256 amount)
        external
        onlyModule(auction)
        returns (uint256 borne, uint256 shortfall)
    {
        Draft memory draft = _draft(id);
        _price(draft);
        PositionWord word = _books[account].positions[id];
        (int256 size, int256 basis) = _collectShare(draft, account, word);
        _put(draft, account, word, size, basis);
        _store(draft, false);

        if (amount >= LEAST_SHARED_LOSS) borne = _chargeWinners(draft, longsPay, amount);
        shortfall = amount - borne;
        _addShortfall(id, shortfall);
        _credit(account, id, draft.epoch, amount);
    }

    /// @dev Adds to a position's value. With size it stays in the old epoch: should it be on the paying side, it owes
    /// its share after the credit. A claim without size pays its share first, for the share of a claim grows with the
    /// claim.
    function _credit(uint256 account, uint64 id, uint256 epoch, uint256 amount) private {
        Draft memory draft = _draft(id);
        PositionWord word = _books[account].positions[id];
        if (word.size() != 0) draft.epoch = epoch;
        (int256 size, int256 basis) = _collectShare(draft, account, word);
        // safe because what is borne and the shortfall were found to fit 128 bits
        _put(draft, account, word, size, basis - int256(amount));
        _store(draft, false);
    }

    /// @dev Net profit of a side after the shares it owes already, 0 if it has none, and the side's size.
    function _profitOf(Draft memory draft, bool long) private view returns (uint256 profit, uint256 units) {
        Market storage market = _markets[draft.id];
        units = draft.word.openInterest();
        // safe because open interest fits 96 bits
        int256 net = FundingMath.valueDown(int256(units), draft.carry) - market.longBasis;
        // safe because sums of a few numbers of at most 128 bits fit 256
        unchecked {
            if (long) {
                net -= int256(uint256(market.longReceivable));
            } else {
                // All values of a market sum to what backs them: shorts have what longs and legs without size do not.
                (, uint256 pool, int256 promised) = flows(draft.id);
                net = int256(pool) + promised - int256(uint256(market.shortReceivable)) - net;
                if (draft.word.isSettled()) units = market.shortInterest;
            }
        }
        if (net > 0) profit = uint256(net);
    }

    /// @dev Raises the loss indices of one side and of claims without size, in proportion to what they have, by at most
    /// `amount` in all.
    function _chargeWinners(Draft memory draft, bool longsPay, uint256 amount) private returns (uint256 borne) {
        Market storage market = _markets[draft.id];
        uint256 epoch = market.epoch;
        (uint256 profit, uint256 units) = _profitOf(draft, longsPay);
        uint256 claims = market.flatClaims;
        uint256 total = profit + FixedPointMathLib.zeroFloorSub(claims, market.claimReceivable);
        if (total == 0 || epoch == type(uint16).max) return 0;
        amount = FixedPointMathLib.min(amount, total);
        uint256 part = FixedPointMathLib.fullMulDiv(amount, profit, total);

        LossIndex memory index = market.lossIndex[epoch];
        uint256 perUnit;
        // safe because `_perUnit` leaves room in the index and in what is to be collected
        if (longsPay) {
            (perUnit, borne) = _perUnit(part, units, index.long, market.longReceivable);
            index.long += uint128(perUnit);
            market.longReceivable += uint120(borne);
        } else {
            (perUnit, borne) = _perUnit(part, units, index.short, market.shortReceivable);
            index.short += uint128(perUnit);
            market.shortReceivable += uint120(borne);
        }
        (uint256 perClaim, uint256 claimed) = _perUnit(amount - part, claims, index.claim, market.claimReceivable);
        index.claim += uint128(perClaim);
        market.claimReceivable += uint120(claimed);
        borne += claimed;
        if (borne == 0) return 0;

        // safe because the epoch is below its maximum
        market.epoch = uint16(epoch + 1);
        market.lossIndex[epoch + 1] = index;
        market.word = market.word.with(MarketWordLib.FLAG_LOSSES);
        emit MarketLossShared({id: draft.id, longsPay: longsPay, amount: borne, perUnit: perUnit, perClaim: perClaim});
    }

    /// @dev What a loss makes for each unit, down, and for all of them; 0 without units. The index has no room only for
    /// a profit far beyond the value of what is left of a side.
    function _perUnit(uint256 amount, uint256 units, uint256 index, uint256 receivable)
        private
        pure
        returns (uint256 perUnit, uint256 charged)
    {
        if (units == 0) return (0, 0);
        amount = FixedPointMathLib.min(amount, type(uint120).max - receivable);
        perUnit = FixedPointMathLib.fullMulDiv(amount, RAY, units);
        perUnit = FixedPointMathLib.min(perUnit, type(uint128).max - index);
        charged = FixedPointMathLib.fullMulDiv(perUnit, units, RAY);
    }

    /// @dev Claims that lose their backing stay claims: they are paid as later losers or the vault's surplus pay.
    function _addShortfall(uint64 id, uint256 amount) private {
        if (amount == 0) return;
        uint256 shortfall = _markets[id].shortfall + amount;
        _markets[id].shortfall = shortfall.toUint128();
        vault.recordShortfall(amount);
        emit ShortfallChanged(id, shortfall);
    }

    /* MARKETS */

    /// @dev Begins to work on a listed market.
    function _draft(uint64 id) private view returns (Draft memory draft) {
        Market storage market = _markets[id];
        MarketWord word = market.word;
        if (!word.isListed()) revert UnknownInstrument(id);
        draft.id = id;
        draft.word = word;
        if (word.hasLosses()) draft.epoch = market.epoch;
    }

    /// @dev Reads the price, once; returns price less funding index now. Nothing is done at the zero of an unset price.
    function _price(Draft memory draft) private view returns (int256) {
        if (draft.priced) return draft.carry;
        (bool known, uint256 price) = _finalPrice(draft.id);
        if (known) (draft.price, draft.status) = (price, PriceStatus.Valid);
        else _mark(draft);
        draft.priced = true;
        // safe because prices fit 128 bits
        draft.carry = int256(draft.price) - FundingMath.indexAt(draft.word, draft.price, block.timestamp);
        return draft.carry;
    }

    /// @dev The mark of a market whose final price is not known: the index, and of an option what its oracle says.
    function _mark(Draft memory draft) private view {
        if (InstrumentId.isOption(draft.id)) {
            (draft.price, draft.status, draft.index) = IOptionOracle(options).mark(draft.id);
        } else {
            Price memory index = IOracleAdapter(oracle).price(InstrumentId.underlyingOf(draft.id));
            (draft.price, draft.status, draft.index) = (index.mid, index.status, index.mid);
        }
        if (draft.status == PriceStatus.Unset) revert PriceNotValid(InstrumentId.underlyingOf(draft.id));
    }

    /// @dev Brings funding to now at the old rate, then premium
    /// and rate. Only a fill at a Valid index teaches a premium.
    function _accrue(Draft memory draft, uint256 price, uint256 notional) private {
        Market storage market = _markets[draft.id];
        MarketWord word = draft.word;
        InstrumentConfig memory config = market.config;
        int256 premium_ = FundingMath.premiumAfter(
            market.premium,
            price,
            draft.price,
            draft.status == PriceStatus.Valid ? notional : 0,
            config.impactNotional,
            config.premiumWindow,
            block.timestamp - word.updatedAt()
        );
        // safe because the premium is at most PREMIUM_CLAMP
        market.premium = int64(premium_);

        int256 rate;
        if (InstrumentId.kindOf(draft.id) == KIND_PERPETUAL) {
            rate = FundingMath.rateOf(premium_, config.maxFundingRate);
        }
        // safe because the price fits 128 bits
        int256 index = int256(draft.price) - draft.carry;
        draft.word = word.withFunding(index, block.timestamp, rate);
        emit FundingUpdated(draft.id, index, rate, premium_);
    }

    /// @dev Writes what the draft changed.
    function _store(Draft memory draft, bool wordChanged) private {
        Market storage market = _markets[draft.id];
        // The casts below are safe because sums are kept within the stated limits.
        if (draft.longSize != 0) {
            uint256 interest = _moved(draft.word.openInterest(), draft.longSize, type(uint96).max);
            market.word = _withInterest(market, draft.word, interest);
        } else if (wordChanged) {
            market.word = draft.word;
        }
        if (draft.longBasis != 0) market.longBasis = (market.longBasis + draft.longBasis).toInt128();
        if (draft.pool != 0) market.pool = uint128(_moved(market.pool, draft.pool, type(uint128).max));
        if (draft.flatClaims != 0) {
            market.flatClaims = uint96(_moved(market.flatClaims, draft.flatClaims, type(uint96).max));
        }
        if (draft.flatDebts != 0) {
            market.flatDebts = uint96(_moved(market.flatDebts, draft.flatDebts, type(uint96).max));
        }
        if (draft.shortSize != 0 && draft.word.isSettled()) {
            market.shortInterest = uint96(_moved(market.shortInterest, draft.shortSize, type(uint96).max));
        }
    }

    /// @dev A sum of at most 128 bits after a change, between zero and `limit`.
    function _moved(uint256 value, int256 change, uint256 limit) private pure returns (uint256 moved) {
        // safe because a negative result becomes a number above every limit
        moved = uint256(int256(value) + change);
        if (moved > limit) revert ParameterOutOfRange(moved, limit);
    }

    /// @dev The market word with this size of all longs; utilisation is rounded up.
    function _withInterest(Market storage market, MarketWord word, uint256 interest)
        private
        view
        returns (MarketWord)
    {
        uint256 used = FixedPointMathLib.divUp(FULL_UTILISATION * interest, market.config.openInterestCap);
        return word.withInterest(interest, FixedPointMathLib.min(FULL_UTILISATION, used));
    }

    /* POSITIONS */

    /// @dev A position after its pending share of losses: taken from its profit, the rest added to the market's
    /// shortfall.
    function _collectShare(Draft memory draft, uint256 account, PositionWord word)
        private
        returns (int256 size, int256 basis)
    {
        (size, basis) = (word.size(), word.basis());
        if (word.lossEpoch() == draft.epoch) return (size, basis);
        Market storage market = _markets[draft.id];
        uint256 share = _pendingShare(market, word, draft.epoch);
        if (share == 0) return (size, basis);

        int256 value = -basis;
        if (size != 0) value += FundingMath.valueDown(size, _price(draft));
        // safe because the value is not negative
        uint256 paid = value > 0 ? FixedPointMathLib.min(share, uint256(value)) : 0;
        // safe because what is paid is at most the value
        basis += int256(paid);
        _lowerReceivable(market, size, share);
        uint256 uncollected = share - paid;
        _addShortfall(draft.id, uncollected);
        emit MarketLossCollected(account, draft.id, paid, uncollected);
    }

    /// @dev Shares are rounded up, so the last ones may exceed what is left; the excess stays in the pool.
    function _lowerReceivable(Market storage market, int256 size, uint256 share) private {
        // safe because the differences are below the stored 120 bits
        if (size > 0) {
            market.longReceivable = uint120(FixedPointMathLib.zeroFloorSub(market.longReceivable, share));
        } else if (size < 0) {
            market.shortReceivable = uint120(FixedPointMathLib.zeroFloorSub(market.shortReceivable, share));
        } else {
            market.claimReceivable = uint120(FixedPointMathLib.zeroFloorSub(market.claimReceivable, share));
        }
    }

    /// @dev Share of the losses since the position was last touched, up.
    function _pendingShare(Market storage market, PositionWord word, uint256 epoch) private view returns (uint256) {
        uint256 since = word.lossEpoch();
        if (epoch == since) return 0;
        (int256 size, int256 basis) = (word.size(), word.basis());
        LossIndex storage index = market.lossIndex[epoch];
        LossIndex storage earlier = market.lossIndex[since];
        if (size > 0) return FixedPointMathLib.fullMulDivUp(uint256(size), index.long - earlier.long, RAY);
        if (size < 0) return FixedPointMathLib.fullMulDivUp(uint256(-size), index.short - earlier.short, RAY);
        if (basis < 0) return FixedPointMathLib.fullMulDivUp(uint256(-basis), index.claim - earlier.claim, RAY);
        return 0;
    }

    /// @dev Writes a position, adds or removes the leg, and keeps the market's sums.
    function _put(Draft memory draft, uint256 account, PositionWord oldWord, int256 size, int256 basis) private {
        PositionWord newWord;
        if (size != 0 || basis != 0) newWord = PositionWordLib.encode(_int112(size), basis.toInt128(), draft.epoch);
        if (newWord.equals(oldWord)) return;

        _count(draft, oldWord, size, basis);
        _books[account].put(draft.id, oldWord, newWord);
        emit PositionChanged(account, draft.id, size, basis);
    }

    function _int112(int256 size) private pure returns (int256) {
        if (SignedMath.abs(size) > uint256(int256(type(int112).max))) revert SizeOutOfRange(size, type(int112).max);
        return size;
    }

    /// @dev Replaces a position in the sums of its side.
    function _count(Draft memory draft, PositionWord oldWord, int256 size, int256 basis) private pure {
        _countOnce(draft, oldWord.size(), oldWord.basis(), -1);
        _countOnce(draft, size, basis, 1);
    }

    /// @dev Adds a position to the sums of its side, or takes it out of them.
    function _countOnce(Draft memory draft, int256 size, int256 basis, int256 sign) private pure {
        // safe because a draft sums few numbers of at most 128 bits
        unchecked {
            if (size > 0) {
                draft.longSize += sign * size;
                draft.longBasis += sign * basis;
            } else if (size < 0) {
                draft.shortSize -= sign * size;
            } else if (basis < 0) {
                draft.flatClaims -= sign * basis;
            } else {
                draft.flatDebts += sign * basis;
            }
        }
    }

    /* GOVERNANCE */

    /// @inheritdoc IClearinghouse
    function setModules(address exchange_, address auction_) external restricted {
        _requireCode(exchange_);
        _requireCode(auction_);
        exchange = exchange_;
        auction = auction_;
        emit ModulesSet(exchange_, auction_);
    }

    /// @inheritdoc IClearinghouse
    function setOracles(address oracle_, address options_) external restricted {
        _setOracles(oracle_, options_);
    }

    function _setOracles(address oracle_, address options_) private {
        _requireCode(oracle_);
        if (options_ != address(0)) _requireCode(options_);
        oracle = oracle_;
        options = options_;
        emit OraclesSet(oracle_, options_);
    }

    function _requireCode(address target) private view {
        if (target.code.length == 0) revert NotAContract(target);
    }

    /// @inheritdoc IClearinghouse
    function list(uint256 kind, uint256 underlying, uint256 expiry, uint256 strike, InstrumentConfig calldata config)
        external
        restricted
        returns (uint64 id)
    {
        uint256 maxTenor = _requireListable(underlying);
        id = InstrumentId.encode(kind, underlying, expiry, strike);
        if (expiry != 0) {
            if (expiry <= block.timestamp) revert InstrumentExpired(id, expiry);
            if (expiry - block.timestamp > maxTenor) revert TenorTooLong(expiry - block.timestamp, maxTenor);
        }
        if (strike != 0) {
            (, PriceStatus status, uint256 index) = IOptionOracle(options).mark(id);
            if (status != PriceStatus.Valid) revert PriceNotValid(underlying);
            if (strike > index * STRIKE_RANGE) revert ParameterOutOfRange(strike, index * STRIKE_RANGE);
            if (strike * STRIKE_RANGE < index) revert ParameterOutOfRange(strike, index / STRIKE_RANGE);
        }

        Market storage market = _markets[id];
        if (market.word.isListed()) revert AlreadyListed(id);
        _configure(market, config);
        market.word = MarketWordLib.encode(0, 0, block.timestamp, 0, 0, MarketWordLib.FLAG_LISTED);
        _instruments.push(id);
        emit InstrumentListed(id, config);
    }

    /// @dev Refuses underlyings without parameters or Valid price; returns the longest tenor [s].
    function _requireListable(uint256 underlying) private view returns (uint256 maxTenor) {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert ParameterOutOfRange(underlying, MAX_FEED_ID);
        maxTenor = parameters.maxTenorOf(underlying);
        _requireValid(underlying);
    }

    function _configure(Market storage market, InstrumentConfig memory config) private {
        if (config.openInterestCap == 0) revert ParameterOutOfRange(0, type(uint96).max);
        if (config.impactNotional == 0) revert ParameterOutOfRange(0, type(uint96).max);
        if (config.premiumWindow == 0 || config.premiumWindow > MAX_PREMIUM_WINDOW) {
            revert ParameterOutOfRange(config.premiumWindow, MAX_PREMIUM_WINDOW);
        }
        if (config.maxFundingRate > MAX_FUNDING_RATE) {
            revert ParameterOutOfRange(config.maxFundingRate, MAX_FUNDING_RATE);
        }
        market.config = config;
    }

    /// @inheritdoc IClearinghouse
    function configureInstrument(uint64 id, InstrumentConfig calldata config, bool reduceOnly) external restricted {
        // the time until now counts at the old rate; the new configuration makes the new one
        Draft memory draft = _draft(id);
        Market storage market = _markets[id];
        _price(draft);
        _configure(market, config);
        _accrue(draft, 0, 0);
        MarketWord word = draft.word.without(MarketWordLib.FLAG_REDUCE_ONLY);
        if (reduceOnly) word = word.with(MarketWordLib.FLAG_REDUCE_ONLY);
        market.word = _withInterest(market, word, word.openInterest());
        emit InstrumentConfigured(id, config, reduceOnly);
    }

    /// @inheritdoc IClearinghouse
    function setReduceOnly(uint64 id, uint256 duration) external restricted {
        if (duration > MAX_REDUCE_ONLY) revert ParameterOutOfRange(duration, MAX_REDUCE_ONLY);
        Market storage market = _markets[id];
        if (!market.word.isListed()) revert UnknownInstrument(id);
        uint256 until = FixedPointMathLib.max(market.reduceOnlyUntil, block.timestamp + duration);
        // safe because it is at most MAX_REDUCE_ONLY after a time that fits 48 bits for ages
        market.reduceOnlyUntil = uint48(until);
        emit ReduceOnlyUntil(id, until);
    }

    /* VIEWS */

    /// @inheritdoc IClearinghouse
    function legs(uint256 account) external view returns (uint256[] memory words) {
        Book.State storage book = _books[account];
        uint256 count = book.count();
        words = new uint256[](4 * count);
        uint64 id;
        LegIdsWord next;
        for (uint256 i; i < count; ++i) {
            if (i % IDS_PER_WORD == 0) next = book.ids[i / IDS_PER_WORD];
            (id, next) = next.shifted();
            Market storage market = _markets[id];
            MarketWord word = market.word;
            PositionWord held = book.positions[id];
            uint256 share;
            if (word.hasLosses()) share = _pendingShare(market, held, market.epoch);
            if (InstrumentId.isExpired(id, block.timestamp)) {
                (bool known, uint256 price) = _finalPrice(id);
                if (known) (held, share) = (_settledWord(price, word, held, share), 0);
            }
            words[4 * i] = id;
            words[4 * i + 1] = PositionWord.unwrap(held);
            words[4 * i + 2] = MarketWord.unwrap(word);
            words[4 * i + 3] = share;
        }
    }

    /// @dev An expired leg without size, of the same value.
    function _settledWord(uint256 price, MarketWord word, PositionWord held, uint256 share)
        private
        pure
        returns (PositionWord)
    {
        // safe because prices, their average and a strike fit 128 bits
        int256 carry = int256(price) - word.fundingIndex();
        int256 value = FundingMath.valueDown(held.size(), carry) - held.basis();
        // safe because the value is positive where it is converted
        if (value > 0) value -= int256(FixedPointMathLib.min(share, uint256(value)));
        return PositionWordLib.encode(0, -value, held.lossEpoch());
    }

    /// @inheritdoc IClearinghouse
    function position(uint256 account, uint64 id) external view returns (int256 size, int256 basis) {
        PositionWord word = _books[account].positions[id];
        return (word.size(), word.basis());
    }

    /// @inheritdoc IClearinghouse
    function legIds(uint256 account) external view returns (uint64[] memory) {
        return _books[account].list();
    }

    /// @inheritdoc IClearinghouse
    function marketWord(uint64 id) external view returns (MarketWord) {
        return _markets[id].word;
    }

    /// @inheritdoc IClearinghouse
    function flows(uint64 id) public view returns (int256 longBasis, uint256 pool, int256 promised) {
        Market storage market = _markets[id];
        // safe because sums of a few numbers of at most 128 bits fit 256
        unchecked {
            promised = int256(
                uint256(market.longReceivable) + market.shortReceivable + market.claimReceivable + market.shortfall
                    + market.flatDebts
            ) - int256(uint256(market.flatClaims));
        }
        return (market.longBasis, market.pool, promised);
    }

    /// @inheritdoc IClearinghouse
    function flowsMany(uint64[] calldata ids)
        external
        view
        returns (int256[] memory longBases, uint256[] memory pools, int256[] memory promises)
    {
        longBases = new int256[](ids.length);
        pools = new uint256[](ids.length);
        promises = new int256[](ids.length);
        for (uint256 i; i < ids.length; ++i) {
            (longBases[i], pools[i], promises[i]) = flows(ids[i]);
        }
    }

    /// @inheritdoc IClearinghouse
    function longsPayFor(uint256 account, uint64 id) external view returns (bool) {
        int256 size = _books[account].positions[id].size();
        if (size != 0) return size < 0;
        Draft memory draft = _draft(id);
        _price(draft);
        (uint256 longs,) = _profitOf(draft, true);
        (uint256 shorts,) = _profitOf(draft, false);
        return longs > shorts;
    }

    /// @inheritdoc IClearinghouse
    function lossState(uint64 id) external view returns (LossState memory) {
        Market storage market = _markets[id];
        return LossState(
            market.epoch,
            market.longReceivable,
            market.shortReceivable,
            market.claimReceivable,
            market.flatClaims,
            market.flatDebts,
            market.shortfall
        );
    }

    /// @inheritdoc IClearinghouse
    function premium(uint64 id) external view returns (int256 value, uint256 updatedAt) {
        Market storage market = _markets[id];
        return (market.premium, market.word.updatedAt());
    }

    /// @inheritdoc IClearinghouse
    function configOf(uint64 id) external view returns (InstrumentConfig memory) {
        return _markets[id].config;
    }

    /// @inheritdoc IClearinghouse
    function settlementOf(uint64 id)
        external
        view
        returns (uint256 startedAt, uint256 average, uint256 finalPrice, bool finished)
    {
        (startedAt, average) = expiries.windowOf(id, IOracleAdapter(oracle));
        if (average != 0) finalPrice = _priceAt(id, average);
        finished = _markets[id].word.isSettled();
    }

    /// @inheritdoc IClearinghouse
    function instrumentCount() external view returns (uint256) {
        return _instruments.length;
    }

    /// @inheritdoc IClearinghouse
    function instrumentAt(uint256 index) external view returns (uint64) {
        return _instruments[index];
    }

    /// @inheritdoc IClearinghouse
    function nonceOf(uint256 account) external view returns (uint256) {
        return _books[account].header.nonce();
    }
}
