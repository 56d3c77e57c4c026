// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse, InstrumentConfig} from "./interfaces/IClearinghouse.sol";
import {IExpiries} from "./interfaces/IExpiries.sol";
import {IMarginVault, TouchMode} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {IRiskParameters} from "./interfaces/IRiskParameters.sol";
import {Book} from "./ledger/Book.sol";
import {ClearinghouseState, Quote} from "./ledger/ClearinghouseState.sol";
import {FundingMath} from "./ledger/FundingMath.sol";
import {Leg} from "./ledger/Leg.sol";
import {Market} from "./ledger/Market.sol";
import {MAX_FEED_ID, WAD} from "./types/Constants.sol";
import {InstrumentId, KIND_PERPETUAL} from "./types/InstrumentId.sol";
import {MarketWord, MarketWordLib} from "./types/MarketWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {Gated} from "./vault/Gated.sol";

/// @title Clearinghouse: owns instruments, positions, funding, open interest, and the profit and losses of markets.
/// @dev `Leg` is what happens to one leg, `Market` the sums of one market, `ClearinghouseState` storage, prices, views.
/// Asks the vault for cash and who may borrow, Expiries for averages, the oracles for marks, the parameters what may
/// be listed.
contract Clearinghouse is ClearinghouseState, Gated, AccessManaged {
    using SafeCast for int256;
    using SafeCast for uint256;
    using Book for Book.State;
    using Market for Market.State;

    /// @dev Highest configurable limit of the funding rate: three payments a day of the largest premium [ppm per day].
    uint256 private constant MAX_FUNDING_RATE = 150_000;
    /// @dev Longest configurable smoothing of the premium [s].
    uint256 private constant MAX_PREMIUM_WINDOW = 7 days;
    /// @dev Strikes at listing lie between the index divided and multiplied by it.
    uint256 private constant STRIKE_RANGE = 10;

    /// @dev Cash of an account in the middle of a call.
    struct Purse {
        uint256 account;
        int256 cash; // in the vault [wad USD]
        int256 owed; // to be added to it [wad USD]
    }

    /// @dev A fill between two accounts.
    struct Fill {
        uint64 id;
        uint256 buyer;
        uint256 seller;
        uint256 size; // [wad base]
        uint256 price; // [wad USD]
        bool buyerReduces;
        bool sellerReduces;
    }

    constructor(
        IMarginVault vault_,
        IExpiries expiries_,
        IRiskParameters parameters_,
        address oracle_,
        address options_,
        address authority_
    ) ClearinghouseState(expiries_, parameters_) Gated(vault_) AccessManaged(authority_) {
        _setOracles(oracle_, options_);
    }

    modifier onlyModule(address module) {
        _requireModule(module);
        _;
    }

    function _requireModule(address module) private view {
        if (msg.sender != module) revert NotModule(msg.sender);
    }

    /* FUNDING */

    /// @inheritdoc IClearinghouse
    function accrueFunding(uint64 id) external gated {
        Market.State storage market = _listed(id);
        _accrue(id, market, _quote(id, market.word), 0, 0);
    }

    /// @dev Brings funding to now at the old rate, then premium and rate. Only a fill at a Valid index teaches a
    /// premium.
    function _accrue(uint64 id, Market.State storage market, Quote memory q, uint256 price, uint256 notional) private {
        MarketWord word = market.word;
        InstrumentConfig memory config = market.config;
        int256 premium_ = FundingMath.premiumAfter(
            market.premium,
            price,
            q.price,
            q.status == PriceStatus.Valid ? notional : 0,
            config.impactNotional,
            config.premiumWindow,
            block.timestamp - word.updatedAt()
        );
        // safe because the premium is at most PREMIUM_CLAMP
        market.premium = int64(premium_);

        int256 rate;
        if (InstrumentId.kindOf(id) == KIND_PERPETUAL) rate = FundingMath.rateOf(premium_, config.maxFundingRate);
        market.word = word.withFunding(q.funding, block.timestamp, rate);
        emit FundingUpdated(id, q.funding, rate, premium_);
    }

    /* SETTLING */

    /// @inheritdoc IClearinghouse
    function settle(uint256 account, uint64[] calldata ids) external gated {
        vault.touch(account, TouchMode.Safe);
        Purse memory purse = _purse(account);

        for (uint256 i; i < ids.length; ++i) {
            _settleLeg(purse, ids[i]);
        }

        _empty(purse);
    }

    /// @inheritdoc IClearinghouse
    function settleBetween(uint64 id, uint256 winner, uint256[] calldata losers) external gated {
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        vault.touch(winner, TouchMode.Safe);
        (,, uint256 wanted) = _payableOf(market, q, winner, id);

        for (uint256 i; i < losers.length; ++i) {
            vault.touch(losers[i], TouchMode.Safe);
            _settle(losers[i], id);
            uint256 pool = market.pool;
            if (pool < wanted) _lend(market, q, losers[i], id, wanted - pool);
        }

        _settle(winner, id);
    }

    /// @dev Lets a loser who may borrow pay up to `most` of what it still owes with a loan.
    function _lend(Market.State storage market, Quote memory q, uint256 account, uint64 id, uint256 most) private {
        (Leg memory stored, Leg memory leg) = _load(market, account, id);
        uint256 owed = _openLoss(leg, q) + leg.debts();
        uint256 lent = FixedPointMathLib.min(owed, most);
        if (lent == 0 || !vault.mayBorrow(account)) return;
        Purse memory purse = _purse(account);
        // what is paid is at most what is lent: the purse holds nothing, or it would have been paid before
        purse.cash = lent.toInt256();
        _pay(market, q, purse, id, leg, true);
        _store(market, account, id, stored, leg);
        _empty(purse);
    }

    /// @dev What a leg would be paid now if the pool were large enough [wad USD].
    function _payableOf(Market.State storage market, Quote memory q, uint256 account, uint64 id)
        private
        returns (Leg memory stored, Leg memory leg, uint256 amount)
    {
        (stored, leg) = _load(market, account, id);
        _store(market, account, id, stored, leg);
        amount = _openProfit(leg, q);
        if (q.calm) amount += leg.claims();
    }

    function _settle(uint256 account, uint64 id) private {
        Purse memory purse = _purse(account);
        _settleLeg(purse, id);
        _empty(purse);
    }

    /// @dev Turns what can be of a leg's value into cash.
    function _settleLeg(Purse memory purse, uint64 id) private {
        uint256 account = purse.account;
        if (_books[account].positions[id].isNone()) return;
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        (Leg memory stored, Leg memory leg) = _load(market, account, id);
        if (market.word.isSettled()) leg.realise(SignedMath.abs(leg.size), _carry(q));

        _pay(market, q, purse, id, leg, true);
        market.noteUnits(q.calm);
        _store(market, account, id, stored, leg);
    }

    /// @dev Pays losses out of the purse's cash, debts with claims, then profits as far as the pool reaches: claims in
    /// a calm, and open contracts, where `open` says so, at the worse edge.
    function _pay(
        Market.State storage market,
        Quote memory q,
        Purse memory purse,
        uint64 id,
        Leg memory leg,
        bool open
    ) private {
        uint256 part;
        uint256 cash = _above(purse.cash + purse.owed);
        if (cash != 0) {
            if (open) part = FixedPointMathLib.min(_openLoss(leg, q), cash);
            uint256 debts = FixedPointMathLib.min(leg.debts(), cash - part);
            // safe because a loss is below 2^127
            leg.basis -= int256(part);
            leg.payDebts(debts);
            _move(market, purse, id, -int256(part + debts));
        }
        leg.offset();

        cash = market.pool;
        part = open ? FixedPointMathLib.min(_openProfit(leg, q), cash) : 0;
        uint256 claims = q.calm ? FixedPointMathLib.min(leg.claims(), cash - part) : 0;
        // safe because pools fit 128 bits
        leg.basis += int256(part);
        leg.payClaims(claims);
        _move(market, purse, id, int256(part + claims));
    }

    /// @dev Moves cash between the pool and a purse; negative: into the pool.
    function _move(Market.State storage market, Purse memory purse, uint64 id, int256 amount) private {
        if (amount == 0) return;
        market.addToPool(-amount);
        purse.owed += amount;
        emit Settled(purse.account, id, amount, market.pool);
    }

    /// @dev What the open contracts have lost at the mid price.
    function _openLoss(Leg memory leg, Quote memory q) private pure returns (uint256) {
        return _above(-leg.value(_carry(q)));
    }

    /// @dev What the open contracts may be paid: their profit at the worse edge, at a Valid price.
    function _openProfit(Leg memory leg, Quote memory q) private pure returns (uint256) {
        return q.status == PriceStatus.Valid ? _above(leg.value(_worseCarry(q, leg.size > 0))) : 0;
    }

    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }

    function _purse(uint256 account) private view returns (Purse memory) {
        return Purse(account, vault.cashOf(account), 0);
    }

    /// @dev Books what is owed to the account's cash.
    function _empty(Purse memory purse) private {
        if (purse.owed != 0) vault.settleCash(purse.account, purse.owed);
    }

    /// @inheritdoc IClearinghouse
    function collectShares(uint256 account, uint64 id, uint256 most) external gated returns (uint256 left) {
        Market.State storage market = _listed(id);
        if (_books[account].positions[id].isNone()) return 0;
        (Leg memory stored, Leg memory leg, uint256 collected) = _legNow(market, account, id, most);
        _noteCollected(market, account, id, collected);
        _store(market, account, id, stored, leg);
        return market.epochOf() - leg.epoch;
    }

    /// @inheritdoc IClearinghouse
    function coverShortfall(uint64 id) external gated returns (uint256 paid) {
        Market.State storage market = _markets[id];
        paid = vault.repayShortfall(market.shortfall);
        if (paid == 0) return 0;
        market.subShortfall(paid);
        market.addToPool(paid.toInt256());
        emit ShortfallChanged(id, market.shortfall);
    }

    /* EXPIRY */

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
        Market.State storage market = _markets[id];
        MarketWord word = market.word;
        // safe because open interest is kept in 96 bits
        market.shortInterest = uint96(word.openInterest());
        market.word = word.with(MarketWordLib.FLAG_SETTLED);
        emit SettlementFinished(id, average);
    }

    /// @dev Refuses all but listed instruments that expire and are not settled yet.
    function _requireExpiring(uint64 id) private view {
        MarketWord word = _markets[id].word;
        if (!word.isListed() || InstrumentId.hourOf(id) == 0) revert UnknownInstrument(id);
        if (word.isSettled()) revert AlreadySettled(id);
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
        Market.State storage market = _listed(id);
        _requireTradable(id, buyer, seller, size, price);
        vault.touch(buyer, buyerReduceOnly ? TouchMode.Reduce : TouchMode.Trade);
        vault.touch(seller, sellerReduceOnly ? TouchMode.Reduce : TouchMode.Trade);
        notional = FixedPointMathLib.fullMulDivUp(size, price, WAD);

        Quote memory q = _quote(id, market.word);
        (mark, index, status) = (q.price, q.index, q.status);
        if (status != PriceStatus.Valid && !(buyerReduceOnly && sellerReduceOnly)) {
            revert PriceNotValid(InstrumentId.underlyingOf(id));
        }
        _accrue(id, market, q, price, notional);
        market.noteUnits(q.calm);
        _tradeSides(market, q, Fill(id, buyer, seller, size, price, buyerReduceOnly, sellerReduceOnly));
        emit Traded({id: id, buyer: buyer, seller: seller, size: size, price: price});
    }

    /// @dev Both sides of a fill; the one that owes more pays first, so that the other finds it in the pool.
    function _tradeSides(Market.State storage market, Quote memory q, Fill memory f) private {
        uint256 interest = market.word.openInterest();
        // safe because the size was checked to fit 96 bits
        (Leg memory storedBuyer, Leg memory buyer) =
            _fillSide(market, q, f.id, f.buyer, int256(f.size), f.price, f.buyerReduces);
        (Leg memory storedSeller, Leg memory seller) =
            _fillSide(market, q, f.id, f.seller, -int256(f.size), f.price, f.sellerReduces);
        bool buyerFirst = buyer.debts() > seller.debts();
        if (buyerFirst) _payClosed(market, q, f.id, f.buyer, buyer);
        _payClosed(market, q, f.id, f.seller, seller);
        if (!buyerFirst) _payClosed(market, q, f.id, f.buyer, buyer);
        _store(market, f.buyer, f.id, storedBuyer, buyer);
        _store(market, f.seller, f.id, storedSeller, seller);
        _requireRoom(market, f.id, interest);
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

    /// @dev Books one side of a fill.
    function _fillSide(
        Market.State storage market,
        Quote memory q,
        uint64 id,
        uint256 account,
        int256 change,
        uint256 price,
        bool reduceOnly
    ) private returns (Leg memory stored, Leg memory leg) {
        (stored, leg) = _load(market, account, id);
        _fill(leg, q, account, change, price, reduceOnly);
        _books[account].noteChange();
    }

    /// @dev Pays what a side's closed contracts owe, and what of its claims the pool reaches.
    function _payClosed(Market.State storage market, Quote memory q, uint64 id, uint256 account, Leg memory leg)
        private
    {
        if (leg.long.isNone() && leg.short.isNone()) return;
        Purse memory purse = _purse(account);
        _pay(market, q, purse, id, leg, false);
        _empty(purse);
    }

    /// @dev Changes a leg by a fill: closes what it meets, opens the rest.
    function _fill(
        Leg memory leg,
        Quote memory q,
        uint256 account,
        int256 change,
        uint256 price,
        bool reduceOnly
    ) private pure {
        int256 before = leg.size;
        int256 later = before + change;
        if (reduceOnly && (before > 0 ? later < 0 || change > 0 : later > 0 || change < 0)) {
            revert NotReducing(account, before, later);
        }
        // safe because price and mid fit 128 bits
        int256 carry = int256(price) - q.funding;
        if (before != 0 && before > 0 != change > 0) {
            uint256 part = FixedPointMathLib.min(SignedMath.abs(before), SignedMath.abs(change));
            leg.realise(part, carry);
            // safe because the part fits 96 bits
            change += change > 0 ? -int256(part) : int256(part);
        }
        if (change != 0) leg.grow(change, carry, q.price);
    }

    /// @dev Open interest may grow up to the cap and not in a reduce-only market; what is above may shrink.
    function _requireRoom(Market.State storage market, uint64 id, uint256 before) private view {
        MarketWord word = market.word;
        uint256 interest = word.openInterest();
        if (interest <= before) return;
        if (word.isReduceOnly()) revert ReduceOnlyMarket(id);
        uint256 cap = market.config.openInterestCap;
        if (interest > cap) revert OpenInterestCapExceeded(id, interest, cap);
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
        Market.State storage market = _listed(id);
        (Leg memory storedFrom, Leg memory giver) = _load(market, from, id);
        (Leg memory storedTo, Leg memory taker) = _load(market, to, id);
        int256 carry;
        if (giver.size != 0 && taker.size != 0 && giver.size > 0 != taker.size > 0) {
            Quote memory q = _quote(id, market.word);
            carry = _carry(q);
            market.noteUnits(q.calm);
        }
        Leg memory part = giver.cut(fraction, WAD);
        taker.absorb(part, carry);
        _store(market, from, id, storedFrom, giver);
        _store(market, to, id, storedTo, taker);
    }

    /// @inheritdoc IClearinghouse
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external onlyModule(auction) {
        if (size == 0) revert ZeroSize();
        if (from == to) revert SelfTrade(from);
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        market.noteUnits(q.calm);

        // Against a smaller position, or one of the other sign, this is no reduction and reverts.
        (Leg memory stored, Leg memory leg) = _fillSide(market, q, id, from, -size, q.price, true);
        _store(market, from, id, stored, leg);
        (stored, leg) = _fillSide(market, q, id, to, size, q.price, false);
        _store(market, to, id, stored, leg);
    }

    /// @inheritdoc IClearinghouse
    function shareLoss(uint256 account, uint64 id, bool longsPay, uint256 amount) external onlyModule(auction) {
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        market.noteUnits(q.calm);
        (Leg memory stored, Leg memory leg) = _load(market, account, id);
        uint256 perUnit = market.shareLoss(longsPay, amount, q.price);
        _changeShortfall(market, id, amount.toInt256());

        uint256 debts = FixedPointMathLib.min(leg.debts(), amount);
        leg.payDebts(debts);
        // safe because losses are below 2^127
        int256 rest = int256(amount - debts);
        if (leg.size != 0) leg.basis -= rest;
        else leg.credit(!longsPay, rest, 0);
        _store(market, account, id, stored, leg);
        emit MarketLossShared({id: id, longsPay: longsPay, amount: amount, perUnit: perUnit, price: q.price});
    }

    /* LEGS */

    /// @dev A leg as stored, and after the losses it has not borne yet.
    function _load(Market.State storage market, uint256 account, uint64 id)
        private
        returns (Leg memory stored, Leg memory leg)
    {
        uint256 collected;
        (stored, leg, collected) = _legNow(market, account, id, type(uint256).max);
        _noteCollected(market, account, id, collected);
    }

    /// @dev What a leg bore is no longer shortfall.
    function _noteCollected(Market.State storage market, uint256 account, uint64 id, uint256 collected) private {
        if (collected == 0) return;
        market.subShortfall(collected);
        _changeShortfall(market, id, -collected.toInt256());
        emit MarketLossCollected(account, id, collected);
    }

    function _changeShortfall(Market.State storage market, uint64 id, int256 change) private {
        vault.changeShortfalls(change);
        emit ShortfallChanged(id, market.shortfall);
    }

    /// @dev Writes a leg and keeps the market's sums.
    function _store(Market.State storage market, uint256 account, uint64 id, Leg memory stored, Leg memory leg)
        private
    {
        market.count(stored, leg);
        if (!_books[account].write(id, stored, leg)) return;
        emit PositionChanged(account, id, leg.size, leg.basis, leg.long.amount(), leg.short.amount());
    }

    /* GOVERNANCE */

    /// @inheritdoc IClearinghouse
    function setModules(address exchange_, address auction_) external restricted {
        exchange = exchange_;
        auction = auction_;
        emit ModulesSet(exchange_, auction_);
    }

    /// @inheritdoc IClearinghouse
    function setOracles(address oracle_, address options_) external restricted {
        _setOracles(oracle_, options_);
    }

    function _setOracles(address oracle_, address options_) private {
        oracle = oracle_;
        options = options_;
        emit OraclesSet(oracle_, options_);
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

        Market.State storage market = _markets[id];
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
        if (IOracleAdapter(oracle).price(underlying).status != PriceStatus.Valid) revert PriceNotValid(underlying);
    }

    function _configure(Market.State storage market, InstrumentConfig memory config) private {
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
        _reconfigure(id, config, reduceOnly);
    }

    /// @inheritdoc IClearinghouse
    function setReduceOnly(uint64 id) external restricted {
        _reconfigure(id, _markets[id].config, true);
    }

    /// @dev The time until now counts at the old rate; the new configuration makes the new one.
    function _reconfigure(uint64 id, InstrumentConfig memory config, bool reduceOnly) private {
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        _configure(market, config);
        _accrue(id, market, q, 0, 0);
        MarketWord word = market.word.without(MarketWordLib.FLAG_REDUCE_ONLY);
        if (reduceOnly) word = word.with(MarketWordLib.FLAG_REDUCE_ONLY);
        market.word = market.withInterest(word, word.openInterest());
        emit InstrumentConfigured(id, config, reduceOnly);
    }
}
