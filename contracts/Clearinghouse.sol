// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IExpiries} from "./interfaces/IExpiries.sol";
import {IListingRules} from "./interfaces/IListingRules.sol";
import {IMarginVault, TouchMode} from "./interfaces/IMarginVault.sol";
import {IMarketLosses, Sides} from "./interfaces/IMarketLosses.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {Book} from "./ledger/Book.sol";
import {ClearinghouseState, Quote} from "./ledger/ClearinghouseState.sol";
import {FundingMath} from "./ledger/FundingMath.sol";
import {Leg, LegLib} from "./ledger/Leg.sol";
import {Market} from "./ledger/Market.sol";
import {AccountId} from "./types/AccountId.sol";
import {LEAST_GAP, SETTLEMENT_WINDOW, WAD} from "./types/Constants.sol";
import {InstrumentConfig} from "./types/InstrumentConfig.sol";
import {InstrumentId, KIND_PERPETUAL} from "./types/InstrumentId.sol";
import {MarketWord, MarketWordLib} from "./types/MarketWord.sol";
import {PositionWord} from "./types/PositionWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {Gated} from "./vault/Gated.sol";

/// @title Clearinghouse: owns instruments, positions, funding, open interest, and the pools between losers and winners.
/// @dev `Leg` is what happens to open contracts, `Market` the sums of one market, `ClearinghouseState` storage, prices,
/// views. Asks MarketLosses about closed contracts and shared losses, the vault for cash and who may borrow, Expiries
/// for averages, the oracles for marks, ListingRules what may be listed.
contract Clearinghouse is ClearinghouseState, Gated, AccessManaged {
    using SafeCast for int256;
    using SafeCast for uint256;
    using Book for Book.State;
    using Market for Market.State;

    /// @dev Longest time for which a guardian makes a market reduce-only [s].
    uint256 private constant MAX_REDUCE_ONLY = 7 days;

    /// @dev Cash of an account in the middle of a call.
    struct Purse {
        uint256 account;
        int256 cash; // in the vault, as far as markets may have it [wad USD]
        int256 owed; // to be added to it [wad USD]
        bool sure; // that no other market is owed, that there is enough for all, or that the gate will ask
        bool profits; // may become cash: no losses are in sight that would take of it, or its owner asks for it
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
        IMarketLosses losses_,
        IListingRules rules_,
        address oracle_,
        address options_,
        address authority_
    ) ClearinghouseState(expiries_, losses_, rules_) Gated(vault_) AccessManaged(authority_) {
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

    /// @dev A fill of a perpetual at a Valid index moves the premium as far as its fees pay for; dust writes nothing.
    /// @param fees Notional times fee of both sides [wad USD * ppm].
    function _movePremium(
        uint64 id,
        Market.State storage market,
        Quote memory q,
        uint256 size,
        uint256 price,
        uint256 fees
    ) private {
        if (q.status != PriceStatus.Valid || InstrumentId.kindOf(id) != KIND_PERPETUAL) return;
        uint256 interest = market.word.openInterest() + size;
        uint256 reach = FundingMath.reachOf(fees, interest, q.price, market.config.fundingDepth);
        if (reach != 0) _accrue(id, market, q, price, reach);
    }

    /// @dev Brings funding to now at the old rate, then premium and rate.
    function _accrue(uint64 id, Market.State storage market, Quote memory q, uint256 price, uint256 reach) private {
        MarketWord word = market.word;
        int256 premium_ = FundingMath.decayed(market.premium, block.timestamp - word.updatedAt());
        premium_ = FundingMath.premiumAfter(premium_, price, q.price, reach, market.config.maxFundingRate);
        // safe because the premium is at most a third of the highest rate
        market.premium = int64(premium_);

        int256 rate = FundingMath.rateOf(premium_);
        market.word = word.withFunding(q.funding, block.timestamp, rate);
        emit FundingUpdated(id, q.funding, rate, premium_);
    }

    /* SETTLING */

    /// @inheritdoc IClearinghouse
    function settle(uint256 account, uint64[] calldata ids) external gated {
        _touch(account, TouchMode.Safe);
        Purse memory purse = _purse(account);

        for (uint256 i; i < ids.length; ++i) {
            _settleLeg(purse, ids[i]);
        }

        _empty(purse);
    }

    /// @inheritdoc IClearinghouse
    function settleBetween(uint64 id, uint256 winner, uint256 loser) external gated {
        Market.State storage market = _listed(id);
        _touch(winner, TouchMode.Safe);
        _touch(loser, TouchMode.Safe);
        // first, because it refreshes the price that all the rest is at
        bool lends = _mayBorrow(loser);
        Quote memory q = _quote(id, market.word);
        _settle(loser, id);
        _settle(winner, id);
        (, uint256 gap,) = vault.payableCash(loser);
        uint256 wanted = _payableOf(market, q, winner, id);
        // while losses are in sight its cash may have to stay where it bears them, and would be taken for a loan
        if (wanted == 0 || !lends || gap != 0 || _isInAuction(loser)) return;
        if (block.timestamp < vault.pausedUntil()) return;
        _lend(market, q, loser, id, wanted);
        _settle(winner, id);
    }

    /// @dev What a leg would be paid now if the pool were larger [wad USD].
    function _payableOf(Market.State storage market, Quote memory q, uint256 account, uint64 id)
        private
        returns (uint256 amount)
    {
        Leg memory leg = _load(market, account, id);
        if (q.status == PriceStatus.Valid) amount = _above(leg.value(_worseCarry(q, leg.size > 0)));
        if (q.calm) amount += losses.owedTo(id, account);
    }

    /// @dev A loser, who has paid what cash it had, pays up to `most` of what it still owes with a loan.
    function _lend(Market.State storage market, Quote memory q, uint256 account, uint64 id, uint256 most) private {
        Purse memory purse = Purse(account, most.toInt256(), 0, true, false);
        Leg memory leg = _load(market, account, id);
        _pay(market, q, purse, id, leg);
        _store(market, account, id, leg);
        _empty(purse);
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
        Leg memory leg = _load(market, account, id);
        _noteUnits(market, id, q.calm);
        if (market.word.isSettled() && leg.size != 0) {
            leg.claims = _close(q, id, account, leg, SignedMath.abs(leg.size), _carry(q));
        }
        _pay(market, q, purse, id, leg);
        _store(market, account, id, leg);
    }

    /// @dev Pays losses out of the purse's cash, debts with claims, then, where the purse may have them, profits as
    /// far as the pool reaches: open contracts at the worse edge, claims in a calm. Which of several markets has the
    /// cash of an account is for whoever settles to choose, while it is enough for all.
    function _pay(Market.State storage market, Quote memory q, Purse memory purse, uint64 id, Leg memory leg) private {
        int256 before = purse.owed;
        uint256 cash = _above(purse.cash + before);
        uint256 lost = FixedPointMathLib.min(_above(-leg.value(_carry(q))), cash);
        if (lost != 0) {
            // safe because what is paid is at most the loss
            leg.basis -= int256(lost);
            _move(market, purse, id, -int256(lost));
        } else if (purse.profits && q.status == PriceStatus.Valid) {
            uint256 won = FixedPointMathLib.min(_above(leg.value(_worseCarry(q, leg.size > 0))), market.pool);
            // safe because what is paid is at most the profit
            leg.basis += int256(won);
            _move(market, purse, id, int256(won));
        }
        if (leg.claims != 0) _payClosed(market, purse, id, leg, cash - lost, q.calm);
        if (purse.sure || purse.owed >= before) return;
        purse.sure = true;
        // whatever it says, for the cash is still there: it refreshes the prices that others are owed at
        _mayBorrow(purse.account);
        if (_owesOthers(purse.account, id)) _touch(purse.account, TouchMode.Paying);
    }

    /// @dev Whether an account meets initial margin without unpaid profit, at Valid prices of the last minute.
    function _mayBorrow(uint256 account) private returns (bool) {
        return vault.mayBorrow(account);
    }

    /// @dev Pays what closed contracts owe out of cash and with claims, then claims as far as the pool reaches.
    function _payClosed(
        Market.State storage market,
        Purse memory purse,
        uint64 id,
        Leg memory leg,
        uint256 cash,
        bool claims
    ) private {
        uint256 out;
        uint256 in_;
        (out, in_, leg.claims) = losses.pay(id, purse.account, cash, claims && purse.profits ? market.pool : 0);
        // safe because amounts are below 2^128
        _move(market, purse, id, int256(in_) - int256(out));
    }

    /// @dev Moves cash between the pool and a purse; negative: into the pool.
    function _move(Market.State storage market, Purse memory purse, uint64 id, int256 amount) private {
        if (amount == 0) return;
        market.addToPool(-amount);
        purse.owed += amount;
        emit Settled(purse.account, id, amount, market.pool);
    }

    function _purse(uint256 account) private view returns (Purse memory) {
        (int256 cash, uint256 gap,) = vault.payableCash(account);
        // paid out it is lent, and would bear a loss that is in sight
        bool profits = gap <= LEAST_GAP || AccountId.ownerOf(account) == msg.sender;
        return Purse(account, cash, 0, _books[account].count() == 1, profits);
    }

    /// @dev Books what is owed to the account's cash.
    function _empty(Purse memory purse) private {
        if (purse.owed != 0) vault.settleCash(purse.account, purse.owed);
    }

    /// @dev Tells the gate that the operation touches an account.
    function _touch(uint256 account, TouchMode mode) private {
        vault.touch(account, mode);
    }

    /// @inheritdoc IClearinghouse
    function collectShares(uint256 account, uint64 id, uint256 most) external gated returns (uint256 left) {
        Market.State storage market = _listed(id);
        if (_books[account].positions[id].isNone()) return 0;
        Leg memory leg = _loadSome(market, account, id, most);
        _store(market, account, id, leg);
        return _epochOf(id) - leg.epoch;
    }

    /* EXPIRY */

    /// @inheritdoc IClearinghouse
    function observeSettlement(uint64 id) external {
        _requireExpiring(id);
        expiries.observe(id, IOracleAdapter(oracle));
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
        uint256 fee,
        bool buyerReduceOnly,
        bool sellerReduceOnly
    ) external onlyModule(exchange) returns (uint256 notional, uint256 mark, uint256 index, PriceStatus status) {
        Market.State storage market = _listed(id);
        _requireTradable(id, buyer, seller, size, price);
        _touch(buyer, buyerReduceOnly ? TouchMode.Reduce : TouchMode.Trade);
        _touch(seller, sellerReduceOnly ? TouchMode.Reduce : TouchMode.Trade);
        notional = FixedPointMathLib.fullMulDivUp(size, price, WAD);

        Quote memory q = _quote(id, market.word);
        (mark, index, status) = (q.price, q.index, q.status);
        if (status != PriceStatus.Valid && !(buyerReduceOnly && sellerReduceOnly)) {
            revert PriceNotValid(InstrumentId.underlyingOf(id));
        }
        _movePremium(id, market, q, size, price, notional * fee);
        _noteUnits(market, id, q.calm);
        _tradeSides(market, q, Fill(id, buyer, seller, size, price, buyerReduceOnly, sellerReduceOnly));
        emit Traded({id: id, buyer: buyer, seller: seller, size: size, price: price});
    }

    /// @dev Both sides of a fill. What either owes is paid before the other's claims, which find it in the pool.
    function _tradeSides(Market.State storage market, Quote memory q, Fill memory f) private {
        uint256 interest = market.word.openInterest();
        // safe because the size was checked to fit 96 bits
        Leg memory buyer = _fillSide(market, q, f.id, f.buyer, int256(f.size), f.price, f.buyerReduces);
        Leg memory seller = _fillSide(market, q, f.id, f.seller, -int256(f.size), f.price, f.sellerReduces);
        // losers first, so that winners find their losses in the pool
        _payRealised(market, q, f, true, buyer, false);
        _payRealised(market, q, f, false, seller, true);
        _payRealised(market, q, f, true, buyer, true);
        _store(market, f.buyer, f.id, buyer);
        _store(market, f.seller, f.id, seller);
        _requireRoom(market, f.id, interest, q.calm);
    }

    function _requireTradable(uint64 id, uint256 buyer, uint256 seller, uint256 size, uint256 price) private view {
        if (size == 0) revert ZeroSize();
        _requireAtMost(FixedPointMathLib.max(size, price), type(uint96).max);
        if (buyer == seller) revert SelfTrade(buyer);
        _requireTrading(id);
        _requireNotInAuction(buyer);
        _requireNotInAuction(seller);
    }

    /// @dev While its average is being made, an instrument has no fair price at the index.
    function _requireTrading(uint64 id) private view {
        if (_isAveraged(id)) revert TradingEnded(id, InstrumentId.expiryOf(id) - SETTLEMENT_WINDOW);
    }

    function _requireAtMost(uint256 value, uint256 limit) private pure {
        if (value > limit) revert ParameterOutOfRange(value, limit);
    }

    function _requireNotInAuction(uint256 account) private view {
        if (_isInAuction(account)) revert InAuction(account);
    }

    function _isInAuction(uint256 account) private view returns (bool) {
        return vault.isInAuction(account);
    }

    /// @dev Books one side of a fill: closes what it meets, opens the rest.
    function _fillSide(
        Market.State storage market,
        Quote memory q,
        uint64 id,
        uint256 account,
        int256 change,
        uint256 price,
        bool reduceOnly
    ) private returns (Leg memory leg) {
        leg = _load(market, account, id);
        int256 before = leg.size;
        int256 later = before + change;
        if (reduceOnly && (before > 0 ? later < 0 || change > 0 : later > 0 || change < 0)) {
            revert NotReducing(account, before, later);
        }
        // safe because price and mid fit 128 bits
        int256 carry = int256(price) - q.funding;
        if (before != 0 && before > 0 != change > 0) {
            uint256 part = FixedPointMathLib.min(SignedMath.abs(before), SignedMath.abs(change));
            leg.claims = _close(q, id, account, leg, part, carry);
            // safe because the part fits 96 bits
            change += change > 0 ? -int256(part) : int256(part);
        }
        // a fill at a better price than the index has won the difference at once
        if (change != 0) leg.grow(change, carry, change > 0 == price < q.price ? price : q.price);
        _books[account].noteChange();
    }

    /// @dev Closes a part of a leg at a price less funding index; what it made is a claim or a debt of the account.
    /// @return Which of the account's closed contracts are owed something then, or owe it.
    function _close(Quote memory q, uint64 id, uint256 account, Leg memory leg, uint256 part, int256 carry)
        private
        returns (uint256)
    {
        bool isLong = leg.size > 0;
        (int256 size, int256 basis) = leg.split(part);
        return losses.credit(id, account, isLong, FundingMath.valueDown(size, carry) - basis, part, q.index);
    }

    /// @dev Pays what a side's closed contracts owe, and what of its claims the pool reaches, in a calm. Who only
    /// reduces need not meet initial margin, and so may not have enough for all markets that it owes: it pays none.
    function _payRealised(
        Market.State storage market,
        Quote memory q,
        Fill memory f,
        bool isBuyer,
        Leg memory leg,
        bool claims
    ) private {
        if (leg.claims == 0) return;
        Purse memory purse = _purse(isBuyer ? f.buyer : f.seller);
        if ((isBuyer ? f.buyerReduces : f.sellerReduces) && _owesOthers(purse.account, f.id)) purse.cash = 0;
        _payClosed(market, purse, f.id, leg, _above(purse.cash), claims && q.calm);
        _empty(purse);
    }

    /// @dev Open interest may grow up to the cap, in a calm only and not in a reduce-only market; what is above may
    /// shrink.
    function _requireRoom(Market.State storage market, uint64 id, uint256 before, bool calm) private view {
        MarketWord word = market.word;
        uint256 interest = word.openInterest();
        if (interest <= before) return;
        if (!calm) revert PriceNotCalm(id);
        if (word.isReduceOnly() || block.timestamp < market.reduceOnlyUntil) revert ReduceOnlyMarket(id);
        uint256 cap = market.config.openInterestCap;
        if (interest > cap) revert OpenInterestCapExceeded(id, interest, cap);
    }

    /* AUCTION */

    /// @inheritdoc IClearinghouse
    function moveSlice(uint256 from, uint256 to, uint256 fraction) external onlyModule(auction) {
        _requireAtMost(fraction, WAD);
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
        Leg memory giver = _load(market, from, id);
        Leg memory taker = _load(market, to, id);
        // safe because sizes are below 2^96 and the fraction is at most WAD
        uint256 part = SignedMath.abs(giver.size) * fraction / WAD;
        if (part != 0) _moveOpen(market, id, to, part, giver, taker);
        if (giver.claims != 0 || taker.claims != 0) {
            (giver.claims, taker.claims) = losses.move(id, from, to, fraction);
        }
        _put(from, id, giver);
        _put(to, id, taker);
    }

    /// @dev Moves open contracts with their basis. Those that meet some of the other side close each other at mid,
    /// where no average is to be paid that nobody knows yet: mid is no fair price of it.
    function _moveOpen(
        Market.State storage market,
        uint64 id,
        uint256 to,
        uint256 part,
        Leg memory giver,
        Leg memory taker
    ) private {
        if (taker.size != 0 && taker.size > 0 != giver.size > 0) {
            Quote memory q = _quote(id, market.word);
            if (q.index != 0) _requireTrading(id);
            _noteUnits(market, id, q.calm);
            uint256 matched = FixedPointMathLib.min(SignedMath.abs(taker.size), part);
            _close(q, id, to, taker, matched, _carry(q));
            taker.claims = _close(q, id, to, giver, matched, _carry(q));
            // what only changes hands changes no sum; safe because sizes are below 2^96
            market.count(-int256(matched), -int256(matched));
            part -= matched;
            if (part == 0) return;
        }
        uint256 entry = giver.entry;
        (int256 size, int256 basis) = giver.split(part);
        taker.add(size, basis, entry);
    }

    /// @inheritdoc IClearinghouse
    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external onlyModule(auction) {
        if (size == 0) revert ZeroSize();
        if (from == to) revert SelfTrade(from);
        _requireTrading(id);
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        _noteUnits(market, id, q.calm);

        // Against a smaller position, or one of the other sign, this is no reduction and reverts.
        _store(market, from, id, _fillSide(market, q, id, from, -size, q.price, true));
        _store(market, to, id, _fillSide(market, q, id, to, size, q.price, false));
    }

    /// @inheritdoc IClearinghouse
    function shareLoss(uint256 account, uint64 id, bool longsPay, uint256 amount) external onlyModule(auction) {
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        _noteUnits(market, id, q.calm);
        Leg memory leg = _load(market, account, id);
        uint256 rest;
        MarketWord word = market.word;
        Sides memory open = market.open();
        uint256 units = longsPay ? open.longs : open.shorts;
        (rest, leg.claims) =
            losses.share(id, account, longsPay, amount, q.price, _carry(q), units, word.hasKeptUnits());
        market.word = word.with(MarketWordLib.FLAG_LOSSES);
        // safe because losses are below 2^127
        if (leg.size != 0) leg.basis -= int256(rest);
        else if (rest != 0) leg.claims = losses.credit(id, account, !longsPay, int256(rest), 0, 0);
        _store(market, account, id, leg);
    }

    /* LEGS */

    /// @dev A leg after all losses that it has not borne yet: more of them than there is gas cannot be looked at.
    function _load(Market.State storage market, uint256 account, uint64 id) private returns (Leg memory) {
        return _loadSome(market, account, id, gasleft());
    }

    /// @dev A leg after at most `most` losses that it has not borne yet.
    function _loadSome(Market.State storage market, uint256 account, uint64 id, uint256 most)
        private
        returns (Leg memory leg)
    {
        PositionWord word = _books[account].positions[id];
        leg = LegLib.read(word);
        if (!market.word.hasLosses()) return leg;
        // a leg that begins has nothing to bear
        if (word.isNone()) {
            leg.epoch = _epochOf(id);
            return leg;
        }
        return LegLib.read(losses.bear(id, account, word, most));
    }

    /// @dev Losses that a market has shared so far.
    function _epochOf(uint64 id) private view returns (uint256) {
        return losses.epochOf(id);
    }

    /// @dev Keeps the contracts of both sides before they change while prices are not calm; forgets them in a calm.
    function _noteUnits(Market.State storage market, uint64 id, bool calm) private {
        MarketWord word = market.word;
        if (calm != word.hasKeptUnits()) return;
        if (!calm) losses.keepUnits(id, market.open());
        market.word = calm ? word.without(MarketWordLib.FLAG_UNITS_KEPT) : word.with(MarketWordLib.FLAG_UNITS_KEPT);
    }

    /// @dev Writes a leg and keeps the market's sums.
    function _store(Market.State storage market, uint256 account, uint64 id, Leg memory leg) private {
        int256 before = _books[account].positions[id].size();
        int256 longs = SignedMath.max(leg.size, 0) - SignedMath.max(before, 0);
        // what is not of longs is of shorts
        market.count(longs, longs - leg.size + before);
        _put(account, id, leg);
    }

    /// @dev Writes a leg.
    function _put(uint256 account, uint64 id, Leg memory leg) private {
        Book.State storage book = _books[account];
        PositionWord before = book.positions[id];
        PositionWord word = leg.toWord();
        if (word.equals(before)) return;
        book.put(id, before, word);
        emit PositionChanged(account, id, leg.size, leg.basis);
    }

    /* GOVERNANCE */

    /// @inheritdoc IClearinghouse
    function setModules(address exchange_, address auction_) external restricted {
        _requireCode(exchange_);
        _requireCode(auction_);
        (exchange, auction) = (exchange_, auction_);
        emit ModulesSet(exchange_, auction_);
    }

    /// @inheritdoc IClearinghouse
    function setOracles(address oracle_, address options_) external restricted {
        _setOracles(oracle_, options_);
    }

    function _setOracles(address oracle_, address options_) private {
        _requireCode(oracle_);
        if (options_ != address(0)) _requireCode(options_);
        (oracle, options) = (oracle_, options_);
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
        id = rules.checkListing(kind, underlying, expiry, strike, IOracleAdapter(oracle), IOptionOracle(options));
        Market.State storage market = _markets[id];
        if (market.word.isListed()) revert AlreadyListed(id);
        _configure(market, config);
        market.word = MarketWordLib.encode(0, 0, block.timestamp, 0, 0, MarketWordLib.FLAG_LISTED);
        _instruments.push(id);
        emit InstrumentListed(id, config);
    }

    function _configure(Market.State storage market, InstrumentConfig memory config) private {
        rules.checkConfig(config);
        market.config = config;
    }

    /// @inheritdoc IClearinghouse
    function configureInstrument(uint64 id, InstrumentConfig calldata config, bool reduceOnly) external restricted {
        // the time until now counts at the old rate; the new configuration makes the new one
        Market.State storage market = _listed(id);
        Quote memory q = _quote(id, market.word);
        _configure(market, config);
        _accrue(id, market, q, 0, 0);
        MarketWord word = market.word.without(MarketWordLib.FLAG_REDUCE_ONLY);
        if (reduceOnly) word = word.with(MarketWordLib.FLAG_REDUCE_ONLY);
        market.word = market.withInterest(word, word.openInterest());
        emit InstrumentConfigured(id, config, reduceOnly);
    }

    /// @inheritdoc IClearinghouse
    function setReduceOnly(uint64 id, uint256 duration) external restricted {
        _requireAtMost(duration, MAX_REDUCE_ONLY);
        Market.State storage market = _listed(id);
        uint256 until = FixedPointMathLib.max(market.reduceOnlyUntil, block.timestamp + duration);
        // safe because it is at most MAX_REDUCE_ONLY after a time that fits 48 bits for ages
        market.reduceOnlyUntil = uint48(until);
        emit ReduceOnlyUntil(id, until);
    }
}
