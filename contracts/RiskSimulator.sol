// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {AssetConfig, IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {Hypothesis, IRiskEngine, Margin, ScenarioView, Shock} from "./interfaces/IRiskEngine.sol";
import {Change, IRiskSimulator} from "./interfaces/IRiskSimulator.sol";
import {MarginMath} from "./risk/MarginMath.sol";
import {Portfolio} from "./risk/Portfolio.sol";
import {Shocks} from "./risk/Shocks.sol";
import {WordLists} from "./risk/WordLists.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {LEG_BYTES, LEG_WORDS, LegWords} from "./types/LegWords.sol";
import {MarketWord} from "./types/MarketWord.sol";
import {PositionWord, PositionWordLib} from "./types/PositionWord.sol";
import {SpotWord, SpotWordLib} from "./types/SpotWord.sol";
import {UnpaidWord, UnpaidWordLib} from "./types/UnpaidWord.sol";

/// @title Risk simulator: changes an account in memory and asks the venue's engine about it.
contract RiskSimulator is IRiskSimulator {
    using WordLists for uint256[];

    /// @notice The vault whose balances the change is added to.
    IMarginVault public immutable vault;
    /// @notice The clearinghouse whose legs the change is added to.
    IClearinghouse public immutable clearinghouse;
    /// @notice The oracle whose prices are shocked.
    IOracleAdapter public immutable oracle;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IOracleAdapter oracle_) {
        vault = vault_;
        clearinghouse = clearinghouse_;
        oracle = oracle_;
    }

    /// @inheritdoc IRiskSimulator
    function simulate(uint256 account, Change calldata change, Shock[] calldata shocks, bool announced)
        external
        view
        returns (Margin memory initial, Margin memory maintenance)
    {
        return IRiskEngine(vault.riskEngine()).marginIf(_changed(account, change, shocks, announced));
    }

    /// @inheritdoc IRiskSimulator
    function scenarios(uint256 account, Change calldata change, Shock[] calldata shocks, bool announced, bool initial)
        external
        view
        returns (ScenarioView[] memory)
    {
        return IRiskEngine(vault.riskEngine()).scenariosIf(_changed(account, change, shocks, announced), initial);
    }

    /// @dev The account after the change, with the shocks.
    function _changed(uint256 account, Change calldata change, Shock[] calldata shocks, bool announced)
        private
        view
        returns (Hypothesis memory h)
    {
        if (vault.isGateOpen()) revert OperationOpen();
        Shocks.check(shocks);
        (int256 cash, SpotWord[] memory spot) = vault.accountState(account);
        h.spot = _changedSpot(spot, change);
        h.legs = _changedLegs(clearinghouse.legs(account), change, shocks);
        h.cash = _changedCash(cash, change.cash);
        h.shocks = shocks;
        h.announced = announced;
    }

    function _changedCash(int256 cash, int256 added) private pure returns (int256) {
        _requireFits(added, type(int128).max);
        return cash + added;
    }

    /// @dev The account's spot with the change's amounts added.
    function _changedSpot(SpotWord[] memory spot, Change calldata change)
        private
        view
        returns (SpotWord[] memory words)
    {
        uint256 changes = change.assetIndices.length;
        if (change.amounts.length != changes) revert LengthMismatch(change.amounts.length, changes);
        words = new SpotWord[](spot.length + changes);
        uint256 count = spot.length;
        for (uint256 i; i < count; ++i) {
            words[i] = spot[i];
        }
        for (uint256 i; i < changes; ++i) {
            uint256 index = change.assetIndices[i];
            for (uint256 j; j < i; ++j) {
                if (change.assetIndices[j] == index) revert DuplicateId(index);
            }
            uint256 place;
            while (place < count && words[place].assetIndex() != index) ++place;
            if (place == count) words[count++] = _emptySpot(index);
            words[place] = _withAmount(words[place], change.amounts[i]);
        }
        WordLists.listOf(words).truncate(count);
    }

    /// @dev A balance after a change.
    function _withAmount(SpotWord word, int256 added) private pure returns (SpotWord) {
        _requireFits(added, type(int128).max);
        // safe because both are below 2^128
        int256 amount = int256(word.amount()) + added;
        if (amount < 0) revert AmountOutOfRange(amount, 0);
        _requireFits(amount, int256(uint256(type(uint128).max)));
        return word.withAmount(uint256(amount));
    }

    function _emptySpot(uint256 index) private view returns (SpotWord) {
        uint256 count = vault.assetCount();
        if (index >= count) revert UnknownAssetIndex(index, count);
        AssetConfig memory asset = vault.assetAt(index);
        return SpotWordLib.encode(0, asset.decimals, asset.feedId, asset.underlying, index);
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
        uint256 count = legs.length / LEG_WORDS;
        words = new uint256[]((count + changes) * LEG_WORDS);
        for (uint256 i; i < legs.length; ++i) {
            words[i] = legs[i];
        }
        (uint256 first,) = LegWords.rangeOf(words);
        for (uint256 i; i < changes; ++i) {
            uint64 id = change.instruments[i];
            for (uint256 j; j < i; ++j) {
                if (change.instruments[j] == id) revert DuplicateId(id);
            }
            uint256 cursor = first;
            uint256 end = first + count * LEG_BYTES;
            while (cursor != end && LegWords.idAt(cursor) != id) cursor += LEG_BYTES;
            if (cursor == end) ++count;
            MarketWord market = _listedMarket(id);
            uint256 mid = _shockedMid(InstrumentId.listedUnderlyingOf(id), shocks);
            (, PositionWord position,, UnpaidWord unpaid) = LegWords.at(cursor);
            (position, unpaid) =
                _traded(position, unpaid, change.sizes[i], change.prices[i], market.fundingAt(mid, block.timestamp));
            LegWords.put(cursor, id, position, market, unpaid);
        }
        words.truncate(count * LEG_WORDS);
    }

    function _listedMarket(uint64 id) private view returns (MarketWord market) {
        market = clearinghouse.marketWord(id);
        if (!market.isListed() || market.isSettled()) revert UnknownInstrument(id);
    }

    function _shockedMid(uint256 feedId, Shock[] calldata shocks) private view returns (uint256 mid) {
        mid = Portfolio.bounded(oracle.price(feedId).mid);
        for (uint256 i; i < shocks.length; ++i) {
            if (shocks[i].feedId == feedId) return Shocks.moved(mid, shocks[i].move);
        }
    }

    /// @dev A leg's position and unpaid words after a trade: what it closes is realised at the price of the trade.
    function _traded(PositionWord position, UnpaidWord unpaid, int256 added, uint256 price, int256 funding)
        private
        pure
        returns (PositionWord, UnpaidWord)
    {
        _requireFits(added, type(int96).max);
        if (price > MarginMath.MAX_PRICE) {
            // cast is safe because it only reports
            revert AmountOutOfRange(int256(price), int256(MarginMath.MAX_PRICE));
        }
        int256 size = position.size() + added;
        (int256 basis, int256 made) = _parts(position, added, int256(price) - funding);
        basis += MarginMath.tradeBasis(size - _kept(position.size(), size), price, funding);
        _requireFits(size, type(int96).max);
        _requireFits(basis, PositionWordLib.MAX_BASIS);
        unpaid = _credited(unpaid, position.size() > 0, made);
        position = PositionWordLib.encode(size, basis, position.entry(), position.lossEpoch(), 0);
        return (position, unpaid);
    }

    /// @dev What stays open of a position when its size changes [wad base].
    function _kept(int256 before, int256 later) private pure returns (int256) {
        if (before > 0 != later > 0) return 0;
        return MarginMath.magnitude(later) < MarginMath.magnitude(before) ? later : before;
    }

    /// @dev The basis of what stays open, and what the closed part makes at a price less funding index [wad USD].
    function _parts(PositionWord position, int256 added, int256 carry)
        private
        pure
        returns (int256 basis, int256 made)
    {
        (int256 size, int256 whole) = (position.size(), position.basis());
        if (size == 0) return (0, 0);
        int256 closed = size - _kept(size, size + added);
        // safe because a basis is below 2^100 and sizes are below 2^96
        int256 out = whole * closed / size;
        if (closed != 0) made = MarginMath.signedMulDown(closed, carry) - out;
        basis = whole - out;
    }

    /// @dev What is unpaid after a profit, or a loss, of closed contracts of a side is added.
    function _credited(UnpaidWord unpaid, bool isLong, int256 made) private pure returns (UnpaidWord) {
        (int256 longs, int256 shorts) = (unpaid.ofLongs(), unpaid.ofShorts());
        return isLong ? UnpaidWordLib.encode(longs + made, shorts) : UnpaidWordLib.encode(longs, shorts + made);
    }

    function _requireFits(int256 amount, int256 limit) private pure {
        if (amount > limit || amount < -limit) revert AmountOutOfRange(amount, limit);
    }
}
