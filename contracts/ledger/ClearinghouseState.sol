// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IExpiries} from "../interfaces/IExpiries.sol";
import {IListingRules} from "../interfaces/IListingRules.sol";
import {IMarketLosses} from "../interfaces/IMarketLosses.sol";
import {IOptionOracle} from "../interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price} from "../interfaces/IOracleAdapter.sol";
import {SETTLEMENT_WINDOW} from "../types/Constants.sol";
import {InstrumentConfig} from "../types/InstrumentConfig.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {IDS_PER_WORD, LegIdsWord} from "../types/LegIdsWord.sol";
import {LEG_BYTES, LEG_WORDS, LegWords} from "../types/LegWords.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {UnpaidWord, UnpaidWordLib} from "../types/UnpaidWord.sol";
import {Book} from "./Book.sol";
import {FundingMath} from "./FundingMath.sol";
import {Leg, LegLib} from "./Leg.sol";
import {Market} from "./Market.sol";

/// @notice A market's price, as one call sees it.
struct Quote {
    uint256 price; // mid index, mark of an option, or the final price [wad USD]
    uint256 index; // mid index; 0 beside a final price [wad USD]
    int256 funding; // funding index now [wad USD per base]
    uint256 low; // worse edge for a long that is paid [wad USD]
    uint256 high; // worse edge for a short that is paid [wad USD]
    PriceStatus status;
    bool calm; // Valid, and the edges are close to each other
}

/// @title What the clearinghouse keeps, prices of its markets, and the views.
/// @notice Nothing here writes but the constructor: the clearinghouse, which inherits this, does.
abstract contract ClearinghouseState is IClearinghouse {
    using Book for Book.State;

    /// @dev Prices are calm while their edges are at most one part in so many of the mid price apart.
    uint256 private constant CALM_PART = 50;

    /// @inheritdoc IClearinghouse
    IExpiries public immutable expiries;
    /// @inheritdoc IClearinghouse
    IMarketLosses public immutable losses;
    /// @inheritdoc IClearinghouse
    IListingRules public immutable rules;
    /// @inheritdoc IClearinghouse
    address public exchange;
    /// @inheritdoc IClearinghouse
    address public auction;
    /// @inheritdoc IClearinghouse
    address public oracle;
    /// @inheritdoc IClearinghouse
    address public options;
    uint64[] internal _instruments;
    mapping(uint64 id => Market.State) internal _markets;
    mapping(uint256 account => Book.State) internal _books;

    constructor(IExpiries expiries_, IMarketLosses losses_, IListingRules rules_) {
        expiries = expiries_;
        losses = losses_;
        rules = rules_;
    }

    /* READING */

    /// @dev A listed market.
    function _listed(uint64 id) internal view returns (Market.State storage market) {
        market = _markets[id];
        if (!market.word.isListed()) revert UnknownInstrument(id);
    }

    /* PRICES */

    /// @dev What a contract pays once the average of its expiry is known, whether it was finished itself or not, so
    /// that nothing hedges at prices of now what is paid at the average [wad USD].
    function _finalPrice(uint64 id) internal view returns (bool known, uint256 price) {
        // no average is known before its expiry
        if (!InstrumentId.isExpired(id, block.timestamp)) return (false, 0);
        price = expiries.averageOf(id);
        known = price != 0;
        if (known) price = _priceAt(id, price);
    }

    /// @dev What a contract pays at an average of the index [wad USD].
    function _priceAt(uint64 id, uint256 average) internal pure returns (uint256) {
        return InstrumentId.isOption(id) ? InstrumentId.payoffOf(id, average) : average;
    }

    /// @dev The price of a market now; a final price is always calm. Nothing is done at the zero of an unset price.
    function _quote(uint64 id, MarketWord word) internal view returns (Quote memory q) {
        (bool known, uint256 price) = _finalPrice(id);
        if (known) {
            (q.price, q.low, q.high, q.status, q.calm) = (price, price, price, PriceStatus.Valid, true);
        } else {
            _mark(id, q);
        }
        q.funding = word.fundingAt(q.price, block.timestamp);
    }

    /// @dev The mark of a market whose final price is not known: the index, and of an option what its oracle says.
    function _mark(uint64 id, Quote memory q) private view {
        uint256 underlying = InstrumentId.underlyingOf(id);
        Price memory p = IOracleAdapter(oracle).price(underlying);
        (q.price, q.low, q.high, q.status, q.index) = (p.mid, p.low, p.high, p.status, p.mid);
        q.calm = (p.high - p.low) * CALM_PART <= p.mid;
        if (InstrumentId.isOption(id)) {
            (q.price, q.status,) = IOptionOracle(options).mark(id);
            // an option has no edges: its open profit is paid in a calm only
            (q.low, q.high) = q.calm ? (q.price, q.price) : (0, type(uint128).max);
        }
        if (q.status == PriceStatus.Unset) revert PriceNotValid(underlying);
        if (q.status != PriceStatus.Valid) q.calm = false;
    }

    /// @dev Mid price less funding index [wad USD].
    function _carry(Quote memory q) internal pure returns (int256) {
        return _less(q.price, q.funding);
    }

    /// @dev The price less funding index at which the profit of a side is paid [wad USD].
    function _worseCarry(Quote memory q, bool isLong) internal pure returns (int256) {
        return _less(isLong ? q.low : q.high, q.funding);
    }

    function _less(uint256 price, int256 funding) private pure returns (int256) {
        // safe because prices fit 128 bits
        return int256(price) - funding;
    }

    /* VIEWS OF ACCOUNTS */

    /// @inheritdoc IClearinghouse
    function legs(uint256 account) external view returns (uint256[] memory words) {
        Book.State storage book = _books[account];
        uint256 count = book.count();
        words = new uint256[](LEG_WORDS * count);
        (uint256 cursor,) = LegWords.rangeOf(words);
        uint64 id;
        LegIdsWord next;
        for (uint256 i; i < count; ++i) {
            if (i % IDS_PER_WORD == 0) next = book.ids[i / IDS_PER_WORD];
            (id, next) = next.shifted();
            MarketWord word = _markets[id].word;
            (PositionWord held, UnpaidWord unpaid) = _wordsOf(account, id, word);
            LegWords.put(cursor, id, held, word, unpaid);
            cursor += LEG_BYTES;
        }
    }

    /// @dev A leg after its pending losses; an expired one whose final price is known without open contracts, of the
    /// same value.
    function _wordsOf(uint256 account, uint64 id, MarketWord word)
        private
        view
        returns (PositionWord held, UnpaidWord unpaid)
    {
        held = _books[account].positions[id];
        bool expired = InstrumentId.isExpired(id, block.timestamp);
        if (!expired && !word.hasLosses() && held.claims() == 0) return (held, unpaid);
        (Leg memory leg, int256 long, int256 short) = _legAsPaid(account, id);
        (held, unpaid) = (leg.toWord(), UnpaidWordLib.encode(long, short));
    }

    /// @dev A leg after all pending losses, closed where its final price is known, and what closed contracts are owed.
    function _legAsPaid(uint256 account, uint64 id)
        private
        view
        returns (Leg memory leg, int256 longClaim, int256 shortClaim)
    {
        MarketWord word = _markets[id].word;
        PositionWord open = _books[account].positions[id];
        if (word.hasLosses() || open.claims() != 0) (open, longClaim, shortClaim) = losses.pending(id, account, open);
        leg = LegLib.read(open);
        (bool known, uint256 price) = _finalPrice(id);
        leg.claims = 0;
        if (!known || leg.size == 0) return (leg, longClaim, shortClaim);
        int256 made = leg.value(_less(price, word.fundingIndex()));
        if (leg.size > 0) longClaim += made;
        else shortClaim += made;
        (leg.size, leg.basis, leg.entry) = (0, 0, 0);
    }

    /// @dev Whether the average that an instrument will pay is being made, or is to be fixed.
    function _isAveraged(uint64 id) internal view returns (bool) {
        return InstrumentId.isExpired(id, block.timestamp + SETTLEMENT_WINDOW);
    }

    /// @dev Whether an account owes other markets than one: for its open contracts, or for closed ones. What it has at
    /// a price that is not Valid, or since the average of its expiry is being made, may be owed too.
    function _owesOthers(uint256 account, uint64 id) internal view returns (bool) {
        Book.State storage book = _books[account];
        for (uint256 i = book.count(); i != 0; --i) {
            uint64 other = book.idAt(i - 1);
            if (other == id) continue;
            (Leg memory leg, int256 longClaim, int256 shortClaim) = _legAsPaid(account, other);
            if (longClaim < 0 || shortClaim < 0) return true;
            if (leg.size == 0) continue;
            if (_isAveraged(other)) return true;
            Quote memory q = _quote(other, _markets[other].word);
            if (q.status != PriceStatus.Valid || leg.value(_carry(q)) < 0) return true;
        }
        return false;
    }

    /// @dev A positive amount, else 0.
    function _above(int256 amount) internal pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
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
    function nonceOf(uint256 account) external view returns (uint256) {
        return _books[account].header.nonce();
    }

    /* VIEWS OF MARKETS */

    /// @inheritdoc IClearinghouse
    function marketWord(uint64 id) external view returns (MarketWord) {
        return _markets[id].word;
    }

    /// @inheritdoc IClearinghouse
    function poolOf(uint64 id) external view returns (uint256) {
        return _markets[id].pool;
    }

    /// @inheritdoc IClearinghouse
    function premium(uint64 id) external view returns (int256) {
        Market.State storage market = _markets[id];
        return FundingMath.decayed(market.premium, block.timestamp - market.word.updatedAt());
    }

    /// @inheritdoc IClearinghouse
    function configOf(uint64 id) external view returns (InstrumentConfig memory) {
        return _markets[id].config;
    }

    /// @inheritdoc IClearinghouse
    function settlementOf(uint64 id)
        external
        view
        returns (uint256 observations, uint256 average, uint256 finalPrice, bool finished)
    {
        (observations,, average) = expiries.windowOf(id, IOracleAdapter(oracle));
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
}
