// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IMarginReader} from "./interfaces/IMarginReader.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {Margin} from "./interfaces/IRiskEngine.sol";
import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {MarginMath} from "./libraries/MarginMath.sol";
import {Portfolio} from "./libraries/Portfolio.sol";
import {RiskTable} from "./libraries/RiskTable.sol";
import {Words} from "./libraries/Words.sol";
import {Account} from "./types/AccountMemory.sol";
import {MAX_FEED_ID, PPM_TO_WAD, WAD} from "./types/Constants.sol";
import {Packed} from "./types/Packed.sol";
import {SpotWord} from "./types/SpotWord.sol";

/// @title What computes margin: collects an account in memory and passes it to pure libraries.
/// @dev Shared by the engine, which decides, and the simulator, which only tells.
abstract contract MarginReader is IMarginReader {
    using Words for uint256[];

    uint256 internal constant LEG_WORDS = Portfolio.LEG_WORDS;
    /// @dev Most gas spent on the volatility source: what is not ours must not be able to use it all up.
    uint256 private constant SOURCE_GAS = 50_000;
    uint256 private constant SOURCE_GAS_PER_UNDERLYING = 10_000;

    /// @notice The vault whose cash and collateral margins are computed of.
    IMarginVault public immutable vault;
    /// @inheritdoc IMarginReader
    IClearinghouse public immutable clearinghouse;
    /// @inheritdoc IMarginReader
    IOracleAdapter public immutable oracle;
    /// @inheritdoc IMarginReader
    IOptionOracle public immutable options;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IOracleAdapter oracle_, IOptionOracle options_) {
        vault = vault_;
        clearinghouse = clearinghouse_;
        oracle = oracle_;
        options = options_;
    }

    /// @dev Contract whose code is the table of parameters.
    function _table() internal view virtual returns (address);

    /* MARGIN SETS */

    function _both(Account memory a) internal view returns (Margin memory initial, Margin memory maintenance) {
        maintenance = _maintenance(a);
        Portfolio.begin(a, true);
        initial = _initial(a);
        initial.equity = maintenance.equity;
    }

    /// @dev Everything at mid; profit counts in full.
    function _maintenance(Account memory a) internal view returns (Margin memory m) {
        (uint256 profits, uint256 losses) = Portfolio.addLegs(a, block.timestamp);
        // safe because values are below 2^175
        unchecked {
            int256 profit = int256(profits) - int256(losses);
            m = Portfolio.margin(a, profit);
            m.equity = int256(a.spotValue) + a.cash + profit;
        }
    }

    /// @dev Everything at the worse edge; net profit counts by weight, so that losses not yet collected back no
    /// withdrawal.
    function _initial(Account memory a) internal view returns (Margin memory) {
        (uint256 profits, uint256 losses) = Portfolio.addLegs(a, block.timestamp);
        uint256 discount = profits == 0 ? 0 : _discount(a);
        // safe because values are below 2^175, and the discount is at most the profits
        unchecked {
            return Portfolio.margin(a, int256(profits - discount) - int256(losses));
        }
    }

    /// @dev What weights take from the profitable legs, up [wad USD]. The markets' flows are read only here.
    function _discount(Account memory a) private view returns (uint256 discount) {
        (int256[] memory longBases, uint256[] memory pools, int256[] memory promises) = _flows(a);
        uint256 fullWeight = RiskTable.profitWeightOf(RiskTable.globalsOf(a.table)) * PPM_TO_WAD;
        (uint256 cursor,) = Portfolio.rangeOf(a.legs);
        uint256 count;
        uint256 option;
        // safe because there are as many flows as profitable open legs, and weights are at most WAD
        unchecked {
            for (uint256 i; i < a.values.length; ++i) {
                int256 value = int256(a.values.at(i));
                uint256 mark;
                if (Portfolio.isOpenOption(cursor)) mark = a.marks.at(option++);
                if (value > 0) {
                    (, uint256 position,,) = Portfolio.legAt(cursor);
                    uint256 weight = fullWeight;
                    if (Packed.sizeOf(position) != 0) {
                        weight = Portfolio.profitWeight(
                            a, cursor, value, mark, longBases[count], pools[count], promises[count], block.timestamp
                        );
                        ++count;
                    }
                    discount += MarginMath.mulUp(WAD - weight, uint256(value));
                }
                cursor += Portfolio.LEG_BYTES;
            }
        }
    }

    /// @dev Flows of the markets in which the account has a profitable open leg, in the order of the legs.
    function _flows(Account memory a)
        private
        view
        returns (int256[] memory longBases, uint256[] memory pools, int256[] memory promises)
    {
        uint64[] memory ids = new uint64[](a.values.length);
        (uint256 cursor,) = Portfolio.rangeOf(a.legs);
        uint256 count;
        // safe because ids are 64 bits wide and counts those of legs
        unchecked {
            for (uint256 i; i < ids.length; ++i) {
                (uint256 id, uint256 position,,) = Portfolio.legAt(cursor);
                if (int256(a.values.at(i)) > 0 && Packed.sizeOf(position) != 0) ids[count++] = uint64(id);
                cursor += Portfolio.LEG_BYTES;
            }
        }
        assembly ("memory-safe") {
            mstore(ids, count)
        }
        if (count != 0) return clearinghouse.flowsMany(ids);
    }

    /* READING AN ACCOUNT */

    function _read(uint256 account)
        internal
        view
        returns (int256 cash, uint256[] memory spot, uint256[] memory words)
    {
        (cash, spot) = vault.accountState(account);
        words = Words.query(address(clearinghouse), IClearinghouse.legs.selector, account);
    }

    /// @dev Neither debt nor legs: no size and no claim.
    function _isFree(int256 cash, uint256[] memory words) internal pure returns (bool) {
        if (cash < 0) return false;
        for (uint256 i = 1; i < words.length; i += LEG_WORDS) {
            if (Packed.sizeOf(words.at(i)) != 0 || Packed.basisOf(words.at(i)) != 0) return false;
        }
        return true;
    }

    /// @dev An account with the feeds that it needs, and their prices, two words each.
    function _collect(Account memory a, int256 cash, uint256[] memory spot, uint256[] memory words)
        internal
        view
        returns (uint256[] memory prices)
    {
        a.cash = cash;
        a.free = _isFree(cash, words);
        a.pricesValid = true;
        a.legs = words;
        a.values = Words.list(words.length / LEG_WORDS);
        a.values.truncate(words.length / LEG_WORDS);
        a.slots = new bytes(MAX_FEED_ID + 1);
        (uint256[] memory feeds, uint256 underlyings) = _feeds(spot, words, a.slots);
        if (feeds.length != 0) prices = Words.query(address(oracle), IOracleAdapter.packedPrices.selector, feeds);
        // the list ends with the underlyings from here on
        feeds.truncate(underlyings);
        a.underlyings = feeds;
    }

    /// @dev Gives a collected account its parameters and begins one margin set.
    function _complete(Account memory a, uint256[] memory spot, uint256[] memory prices) internal view {
        _addBuckets(a, prices);
        Portfolio.addSpot(a, spot, prices);
    }

    /// @dev Ids of the open option legs, in their order, with room for `width` words each.
    function _optionIds(uint256[] memory words, uint256 width) internal pure returns (uint256[] memory ids) {
        (uint256 cursor, uint256 end) = Portfolio.rangeOf(words);
        // safe because cursors stay in the range of the legs
        unchecked {
            for (; cursor != end; cursor += Portfolio.LEG_BYTES) {
                if (!Portfolio.isOpenOption(cursor)) continue;
                if (ids.length == 0) ids = Words.list(width * words.length / LEG_WORDS);
                (uint256 id,,,) = Portfolio.legAt(cursor);
                ids.put(ids.length, id);
                ids.truncate(ids.length + 1);
            }
        }
    }

    /// @dev Gives an account the risk arrays of its options.
    function _setArrays(Account memory a, uint256[] memory arrays) internal pure {
        a.options = arrays;
        a.marks = new uint256[](arrays.length / 2);
    }

    /// @dev Lists every feed needed once, underlyings first; `slots` gets each one's place, from 1.
    function _feeds(uint256[] memory spot, uint256[] memory words, bytes memory slots)
        private
        pure
        returns (uint256[] memory feeds, uint256 underlyings)
    {
        // safe because lengths are those of lists in memory
        unchecked {
            feeds = Words.list(2 * spot.length + words.length / LEG_WORDS);
            for (uint256 i; i < spot.length; ++i) {
                uint256 word = spot.at(i);
                if (SpotWord.amountOf(word) != 0) feeds.pushOnce(slots, SpotWord.underlyingOf(word));
            }
            (uint256 cursor, uint256 end) = Portfolio.rangeOf(words);
            for (; cursor != end; cursor += Portfolio.LEG_BYTES) {
                uint256 id = Portfolio.openUnderlying(cursor);
                if (id != 0) feeds.pushOnce(slots, id);
            }
            underlyings = feeds.length;
            for (uint256 i; i < spot.length; ++i) {
                uint256 word = spot.at(i);
                if (SpotWord.amountOf(word) != 0) feeds.pushOnce(slots, SpotWord.feedOf(word));
            }
        }
    }

    function _addBuckets(Account memory a, uint256[] memory prices) private view {
        uint256[] memory ids = a.underlyings;
        uint256 count = ids.length;
        // never below the highest id
        uint256 lastId;
        for (uint256 i; i < count; ++i) {
            lastId |= ids.at(i);
        }
        bytes memory table = RiskTable.load(_table(), lastId);
        a.table = table;
        if (count == 0) return;

        uint256[] memory multipliers = Words.tryQuery(
            RiskTable.source(table),
            IVolatilityMultiplier.multipliers.selector,
            ids,
            SOURCE_GAS + SOURCE_GAS_PER_UNDERLYING * count
        );
        Portfolio.fillBuckets(a, prices, multipliers);
    }
}
