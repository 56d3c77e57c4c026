// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginReader} from "./MarginReader.sol";
import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {AssetConfig, IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {Change, IRiskSimulator, ScenarioView, Shock} from "./interfaces/IRiskSimulator.sol";
import {MarginMath} from "./libraries/MarginMath.sol";
import {OptionLegs} from "./libraries/OptionLegs.sol";
import {Portfolio} from "./libraries/Portfolio.sol";
import {Words} from "./libraries/Words.sol";
import {Account, BUCKET_BYTES, Bucket} from "./types/AccountMemory.sol";
import {MAX_FEED_ID, WAD} from "./types/Constants.sol";
import {Packed} from "./types/Packed.sol";
import {SpotWord} from "./types/SpotWord.sol";

/// @title Risk simulator
contract RiskSimulator is IRiskSimulator, MarginReader {
    using Words for uint256[];

    /// @dev No what-if multiplies a price by more than a million.
    int256 private constant MAX_SHOCK = 1_000_000e18;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IOracleAdapter oracle_, IOptionOracle options_)
        MarginReader(vault_, clearinghouse_, oracle_, options_)
    {}

    function _table() internal view override returns (address) {
        return IRiskEngine(vault.riskEngine()).table();
    }

    /* WHAT IF */

    /// @inheritdoc IRiskSimulator
    function simulate(uint256 account, Change calldata change, Shock[] calldata shocks)
        external
        view
        returns (Margin memory initial, Margin memory maintenance)
    {
        return _both(_changed(account, change, shocks, false));
    }

    /// @inheritdoc IRiskSimulator
    function scenarios(uint256 account, Change calldata change, Shock[] calldata shocks, bool initial)
        external
        view
        returns (ScenarioView[] memory views)
    {
        Account memory a = _changed(account, change, shocks, initial);
        Portfolio.addLegs(a, block.timestamp);
        views = new ScenarioView[](a.underlyings.length);
        Bucket memory bucket = a.first;
        uint256 step = BUCKET_BYTES;
        for (uint256 i; i < views.length; ++i) {
            views[i] = _scenarioView(bucket, initial);
            views[i].underlying = a.underlyings[i];
            assembly ("memory-safe") {
                bucket := add(bucket, step)
            }
        }
    }

    /// @dev An underlying without options goes through the same scenarios, where its options win nothing.
    function _scenarioView(Bucket memory bucket, bool initial) private pure returns (ScenarioView memory v) {
        uint256 spot = initial ? bucket.spotLow : bucket.spotMid;
        v.addOns = Portfolio.addOns(bucket, initial, spot);
        v.addOns += Portfolio.unhedgedCharge(bucket, Portfolio.unhedgedSpot(bucket, spot));
        v.floor = OptionLegs.floorOf(bucket);
        (v.scenario, v.offset) = Portfolio.scenarioLoss(bucket, initial, spot);
        bool bare = bucket.scenarios == 0;
        if (bare) OptionLegs.allocate(bucket);
        if (bare) OptionLegs.addExposure(bucket, initial, int256(spot + bucket.long) - int256(bucket.short));
        v.binding = v.profits.length;
        int256 worst = -int256(v.floor);
        for (uint256 lane; lane < v.profits.length; ++lane) {
            if (!initial && lane >= OptionLegs.INITIAL_LANES && lane < OptionLegs.TAIL_UP) continue;
            v.profits[lane] = OptionLegs.profitAt(bucket, lane);
            if (v.profits[lane] < worst) (worst, v.binding) = (v.profits[lane], lane);
        }
    }

    /// @dev The account after the change, at shocked prices and with risk arrays made for them, one margin set begun.
    function _changed(uint256 account, Change calldata change, Shock[] calldata shocks, bool initial)
        private
        view
        returns (Account memory a)
    {
        if (vault.isGateOpen()) revert OperationOpen();
        _checkShocks(shocks);
        (int256 cash, uint256[] memory spot, uint256[] memory words) = _read(account);
        spot = _changedSpot(spot, change);
        words = _changedLegs(words, change, shocks);
        uint256[] memory prices;
        prices = _collect(a, _changedCash(cash, change.cash), spot, words);
        _applyShocks(prices, a.slots, shocks);
        uint256[] memory pairs = _pairs(_optionIds(words, 2), a.slots, prices);
        if (pairs.length != 0) _setArrays(a, Words.query(address(options), IOptionOracle.wordsAt.selector, pairs));
        a.initial = initial;
        _complete(a, spot, prices);
    }

    /// @dev Spreads ids into pairs of id and index, from the last to the first, where they lie.
    function _pairs(uint256[] memory ids, bytes memory slots, uint256[] memory prices)
        private
        pure
        returns (uint256[] memory)
    {
        uint256 count = ids.length;
        // safe because there is room for two words per id
        ids.truncate(2 * count);
        for (uint256 i = count; i != 0; --i) {
            uint256 id = ids.at(i - 1);
            uint256 slot = Portfolio.slotOf(slots, Portfolio.underlyingOf(id));
            ids.put(2 * i - 2, id);
            ids.put(2 * i - 1, Portfolio.bounded(Packed.midOf(prices.at(2 * slot - 2))));
        }
        return ids;
    }

    function _checkShocks(Shock[] calldata shocks) private pure {
        for (uint256 i; i < shocks.length; ++i) {
            int256 move = shocks[i].move;
            if (move < -int256(WAD)) revert ShockOutOfRange(move, -int256(WAD));
            if (move > MAX_SHOCK) revert ShockOutOfRange(move, MAX_SHOCK);
            for (uint256 j; j < i; ++j) {
                if (shocks[j].feedId == shocks[i].feedId) revert DuplicateId(shocks[i].feedId);
            }
        }
    }

    function _applyShocks(uint256[] memory prices, bytes memory slots, Shock[] memory shocks) private pure {
        for (uint256 i; i < shocks.length; ++i) {
            Shock memory shock = shocks[i];
            uint256 slot = shock.feedId > MAX_FEED_ID ? 0 : Portfolio.slotOf(slots, shock.feedId);
            if (slot == 0) continue;
            // safe because slots count from 1 and there are two words per feed
            unchecked {
                slot = 2 * slot - 2;
                uint256 mid = prices.at(slot);
                uint256 edges = prices.at(slot + 1);
                uint256 low = _moved(Packed.lowOf(edges), shock.move);
                prices.put(slot, Packed.mid(_moved(Packed.midOf(mid), shock.move), Packed.statusOf(mid)));
                prices.put(slot + 1, Packed.edges(low, _moved(Packed.highOf(edges), shock.move)));
            }
        }
    }

    /// @dev A price after a relative move, down.
    function _moved(uint256 price, int256 move) private pure returns (uint256) {
        // cast is safe because moves below -WAD were refused
        return Portfolio.bounded(MarginMath.mulDown(Portfolio.bounded(price), uint256(int256(WAD) + move)));
    }

    function _changedCash(int256 cash, int256 added) private pure returns (int256) {
        _requireFits(added, type(int128).max);
        return cash + added;
    }

    /// @dev The account's spot with the change's amounts added.
    function _changedSpot(uint256[] memory spot, Change calldata change)
        private
        view
        returns (uint256[] memory words)
    {
        uint256 changes = change.assetIndices.length;
        if (change.amounts.length != changes) revert LengthMismatch(change.amounts.length, changes);
        words = _extended(spot, changes, 1);
        uint256 count = spot.length;
        for (uint256 i; i < changes; ++i) {
            uint256 index = change.assetIndices[i];
            for (uint256 j; j < i; ++j) {
                if (change.assetIndices[j] == index) revert DuplicateId(index);
            }
            uint256 place;
            while (place < count && SpotWord.assetIndexOf(words.at(place)) != index) ++place;
            uint256 word = place == count ? _emptySpot(index) : words.at(place);
            if (place == count) ++count;

            _requireFits(change.amounts[i], type(int128).max);
            // safe because both are below 2^128
            int256 amount = int256(SpotWord.amountOf(word)) + change.amounts[i];
            if (amount < 0) revert AmountOutOfRange(amount, 0);
            _requireFits(amount, int256(uint256(type(uint128).max)));
            words.put(place, (word >> 128 << 128) | uint256(amount));
        }
        words.truncate(count);
    }

    function _emptySpot(uint256 index) private view returns (uint256) {
        uint256 count = vault.assetCount();
        if (index >= count) revert UnknownAssetIndex(index, count);
        AssetConfig memory asset = vault.assetAt(index);
        return SpotWord.encode(0, asset.decimals, asset.feedId, asset.underlying, index);
    }

    /// @dev The account's legs with the change's trades added.
    function _changedLegs(uint256[] memory legs, Change calldata change, Shock[] calldata shocks)
        private
        view
        returns (uint256[] memory words)
    {
        uint256 changes = change.instruments.length;
        if (change.sizes.length != changes) revert LengthMismatch(change.sizes.length, changes);
        if (change.prices.length != changes) revert LengthMismatch(change.prices.length, changes);
        words = _extended(legs, changes, LEG_WORDS);
        uint256 length = legs.length;
        for (uint256 i; i < changes; ++i) {
            uint64 id = change.instruments[i];
            for (uint256 j; j < i; ++j) {
                if (change.instruments[j] == id) revert DuplicateId(id);
            }
            uint256 place;
            while (place < length && words.at(place) != id) place += LEG_WORDS;
            uint256 market = _listedMarket(id);
            if (place == length) {
                words.put(place, id);
                words.put(place + 2, market);
                length += LEG_WORDS;
            }
            int256 funding =
                Portfolio.fundingNow(market, _shockedMid(Portfolio.underlyingOf(id), shocks), block.timestamp);
            words.put(place + 1, _traded(words.at(place + 1), change.sizes[i], change.prices[i], funding));
        }
        words.truncate(length);
    }

    function _listedMarket(uint64 id) private view returns (uint256 market) {
        market = clearinghouse.marketWord(id);
        uint256 flags = Packed.flagsOf(market);
        if (flags & Packed.FLAG_LISTED == 0 || flags & Packed.FLAG_SETTLED != 0) revert UnknownInstrument(id);
    }

    function _shockedMid(uint256 feedId, Shock[] calldata shocks) private view returns (uint256 mid) {
        mid = Portfolio.bounded(oracle.price(feedId).mid);
        for (uint256 i; i < shocks.length; ++i) {
            if (shocks[i].feedId == feedId) return _moved(mid, shocks[i].move);
        }
    }

    /// @dev A position word after a trade.
    function _traded(uint256 position, int256 added, uint256 price, int256 funding) private pure returns (uint256) {
        _requireFits(added, type(int112).max);
        if (price > MarginMath.MAX_PRICE) {
            // cast is safe because it only reports
            revert AmountOutOfRange(int256(price), int256(MarginMath.MAX_PRICE));
        }
        int256 size = Packed.sizeOf(position) + added;
        int256 basis = Packed.basisOf(position) + MarginMath.tradeBasis(added, price, funding);
        _requireFits(size, type(int112).max);
        _requireFits(basis, type(int128).max);
        return Packed.position(size, basis, Packed.lossEpochOf(position));
    }

    function _requireFits(int256 amount, int256 limit) private pure {
        if (amount > limit || amount < -limit) revert AmountOutOfRange(amount, limit);
    }

    /// @dev A copy with room for `count` more records of `width` words.
    function _extended(uint256[] memory words, uint256 count, uint256 width)
        private
        pure
        returns (uint256[] memory longer)
    {
        longer = new uint256[](words.length + count * width);
        assembly ("memory-safe") {
            mcopy(add(longer, 0x20), add(words, 0x20), shl(5, mload(words)))
        }
    }
}
