// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {AssetConfig, IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {
    Change,
    GlobalParams,
    GroupParams,
    IRiskEngine,
    Margin,
    Shock,
    UnderlyingParams
} from "./interfaces/IRiskEngine.sol";
import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {MarginMath} from "./libraries/MarginMath.sol";
import {Account, Portfolio} from "./libraries/Portfolio.sol";
import {RiskTable} from "./libraries/RiskTable.sol";
import {Words} from "./libraries/Words.sol";
import {MAX_FEED_ID, PPM_TO_WAD, WAD} from "./types/Constants.sol";
import {Packed} from "./types/Packed.sol";
import {SpotWord} from "./types/SpotWord.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";

/// @title Risk engine: collects an account in memory and passes it to pure libraries.
contract RiskEngine is IRiskEngine, AccessManaged {
    using Words for uint256[];

    uint256 private constant LEG_WORDS = Portfolio.LEG_WORDS;
    /// @dev Most gas spent on the volatility source: what is not ours must not be able to use it all up.
    uint256 private constant SOURCE_GAS = 50_000;
    uint256 private constant SOURCE_GAS_PER_UNDERLYING = 10_000;
    /// @dev No what-if multiplies a price by more than a million.
    int256 private constant MAX_SHOCK = 1_000_000e18;

    IMarginVault public immutable vault;
    IClearinghouse public immutable clearinghouse;
    /// @inheritdoc IRiskEngine
    IOracleAdapter public immutable oracle;

    /// @dev Contract whose code is the RiskTable.
    address private _table;

    constructor(
        address authority,
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IOracleAdapter oracle_,
        IVolatilityMultiplier source
    ) AccessManaged(authority) {
        vault = vault_;
        clearinghouse = clearinghouse_;
        oracle = oracle_;

        bytes memory table = RiskTable.empty();
        RiskTable.setSource(table, address(source));
        _table = SSTORE2.write(table);
        emit VolatilitySourceSet(address(source));
    }

    modifier onlyVenue() {
        _requireVenue();
        _;
    }

    modifier gateClosed() {
        _requireGateClosed();
        _;
    }

    function _requireVenue() private view {
        if (msg.sender != address(vault) && vault.moduleRoles(msg.sender) == 0) revert NotModule(msg.sender);
    }

    function _requireGateClosed() private view {
        if (vault.isGateOpen()) revert OperationOpen();
    }

    /* FOR THE VENUE'S OWN CONTRACTS */

    /// @inheritdoc IRiskEngine
    function initialMargin(uint256 account)
        external
        view
        onlyVenue
        returns (int256 excess, bool pricesValid, bool free)
    {
        (int256 cash, uint256[] memory spot, uint256[] memory words) = _read(account);
        if (_isFree(cash, words)) return (0, true, true);

        Account memory a = _build(cash, spot, words, new Shock[](0), true);
        return (_initial(a).excess, a.pricesValid, false);
    }

    /// @inheritdoc IRiskEngine
    function bothMargins(uint256 account)
        external
        view
        onlyVenue
        returns (Margin memory initial, Margin memory maintenance)
    {
        return _both(_load(account));
    }

    /// @inheritdoc IRiskEngine
    function maintenanceMargin(uint256 account) external view onlyVenue returns (Margin memory) {
        return _maintenance(_load(account));
    }

    /// @inheritdoc IRiskEngine
    function maintenanceWithExposures(uint256 account)
        external
        view
        onlyVenue
        returns (
            Margin memory maintenance,
            uint256[] memory underlyings,
            uint256[] memory units,
            uint256[] memory caps
        )
    {
        Account memory a = _load(account);
        maintenance = _maintenance(a);
        (underlyings, units, caps) = Portfolio.exposures(a);
    }

    /* FOR EVERYONE */

    /// @inheritdoc IRiskEngine
    function health(uint256 account) external view gateClosed returns (uint256) {
        return _health(account);
    }

    /// @inheritdoc IRiskEngine
    function healthMany(uint256[] calldata accounts) external view gateClosed returns (uint256[] memory factors) {
        factors = new uint256[](accounts.length);
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint256 i; i < accounts.length; ++i) {
            factors[i] = _health(accounts[i]);
            // nothing of the account is needed any more: each one uses the same memory
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
    }

    /// @inheritdoc IRiskEngine
    function margin(uint256 account)
        external
        view
        gateClosed
        returns (Margin memory initial, Margin memory maintenance)
    {
        return _both(_load(account));
    }

    function _health(uint256 account) private view returns (uint256) {
        Margin memory m = _maintenance(_load(account));
        return MarginMath.healthFactor(m.numerator, m.denominator);
    }

    /* MARGIN SETS */

    function _both(Account memory a) private view returns (Margin memory initial, Margin memory maintenance) {
        maintenance = _maintenance(a);
        Portfolio.begin(a, true);
        initial = _initial(a);
        initial.equity = maintenance.equity;
    }

    /// @dev Everything at mid; profit counts in full.
    function _maintenance(Account memory a) private view returns (Margin memory m) {
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
    function _initial(Account memory a) private view returns (Margin memory) {
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
        // safe because there are as many flows as profitable open legs, and weights are at most WAD
        unchecked {
            for (uint256 i; i < a.values.length; ++i) {
                int256 value = int256(a.values.at(i));
                if (value > 0) {
                    (, uint256 position,,) = Portfolio.legAt(cursor);
                    uint256 weight = fullWeight;
                    if (Packed.sizeOf(position) != 0) {
                        weight = Portfolio.profitWeight(
                            a, cursor, value, longBases[count], pools[count], promises[count], block.timestamp
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

    /// @dev An account with the maintenance set begun.
    function _load(uint256 account) private view returns (Account memory) {
        (int256 cash, uint256[] memory spot, uint256[] memory words) = _read(account);
        return _build(cash, spot, words, new Shock[](0), false);
    }

    function _read(uint256 account) private view returns (int256 cash, uint256[] memory spot, uint256[] memory words) {
        (cash, spot) = vault.accountState(account);
        words = Words.query(address(clearinghouse), IClearinghouse.legs.selector, account);
    }

    /// @dev Neither debt nor legs: no size and no claim.
    function _isFree(int256 cash, uint256[] memory words) private pure returns (bool) {
        if (cash < 0) return false;
        for (uint256 i = 1; i < words.length; i += LEG_WORDS) {
            if (Packed.sizeOf(words.at(i)) != 0 || Packed.basisOf(words.at(i)) != 0) return false;
        }
        return true;
    }

    /// @dev Reads prices and parameters of an account and begins one margin set.
    function _build(int256 cash, uint256[] memory spot, uint256[] memory words, Shock[] memory shocks, bool initial)
        private
        view
        returns (Account memory a)
    {
        a.cash = cash;
        a.free = _isFree(cash, words);
        a.pricesValid = true;
        a.legs = words;
        a.values = Words.list(words.length / LEG_WORDS);
        a.values.truncate(words.length / LEG_WORDS);
        a.slots = new bytes(MAX_FEED_ID + 1);
        (uint256[] memory feeds, uint256 underlyings) = _feeds(spot, words, a.slots);
        uint256[] memory prices;
        if (feeds.length != 0) {
            prices = Words.query(address(oracle), IOracleAdapter.packedPrices.selector, feeds);
            _applyShocks(prices, a.slots, shocks);
        }
        // the list ends with the underlyings from here on
        feeds.truncate(underlyings);
        a.underlyings = feeds;
        a.initial = initial;
        _addBuckets(a, prices);
        Portfolio.addSpot(a, spot, prices);
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
        bytes memory table = _parameters(lastId);
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

    /* WHAT IF */

    /// @inheritdoc IRiskEngine
    function simulate(uint256 account, Change calldata change, Shock[] calldata shocks)
        external
        view
        gateClosed
        returns (Margin memory initial, Margin memory maintenance)
    {
        _checkShocks(shocks);
        (int256 cash, uint256[] memory spot, uint256[] memory words) = _read(account);
        spot = _changedSpot(spot, change);
        words = _changedLegs(words, change, shocks);
        return _both(_build(_changedCash(cash, change.cash), spot, words, shocks, false));
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

    /* GOVERNANCE */

    /// @inheritdoc IRiskEngine
    function setParameters(
        uint256[] calldata underlyings,
        UnderlyingParams[] calldata params,
        uint256[] calldata groups,
        GroupParams[] calldata offsets,
        GlobalParams calldata globals
    ) external restricted {
        if (params.length != underlyings.length) {
            revert LengthMismatch(params.length, underlyings.length);
        }
        if (offsets.length != groups.length) revert LengthMismatch(offsets.length, groups.length);

        bytes memory table = _parameters(MAX_FEED_ID);
        _setGlobals(table, globals);
        for (uint256 i; i < groups.length; ++i) {
            _setGroup(table, groups[i], offsets[i]);
        }
        for (uint256 i; i < underlyings.length; ++i) {
            _setUnderlying(table, underlyings[i], params[i]);
        }

        RiskTable.check(table);
        _store(table);
    }

    function _store(bytes memory table) private {
        _table = SSTORE2.write(RiskTable.trimmed(table));
    }

    function _parameters(uint256 lastId) private view returns (bytes memory) {
        return RiskTable.load(_table, lastId);
    }

    function _setGlobals(bytes memory table, GlobalParams memory globals) private {
        RiskTable.packGlobals(table, globals);
        emit GlobalSet(globals);
    }

    function _setGroup(bytes memory table, uint256 group, GroupParams memory offsets) private {
        RiskTable.requireGroup(group);
        RiskTable.packGroup(table, group, offsets);
        emit GroupSet(group, offsets);
    }

    function _setUnderlying(bytes memory table, uint256 id, UnderlyingParams memory params) private {
        RiskTable.requireId(id);
        uint256 unit = RiskTable.exposureUnitOf(RiskTable.traitsOf(table, id));
        if (unit != 0 && params.exposureUnit != unit) revert ExposureUnitChanged(id, params.exposureUnit, unit);
        RiskTable.packUnderlying(table, id, params);
        emit UnderlyingSet(id, params);
    }

    /// @inheritdoc IRiskEngine
    function setVolatilitySource(address newSource) external restricted {
        bytes memory table = _parameters(MAX_FEED_ID);
        RiskTable.setSource(table, newSource);
        _store(table);
        emit VolatilitySourceSet(newSource);
    }

    /* VIEWS */

    /// @inheritdoc IRiskEngine
    function exposures(uint256 account)
        external
        view
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
    {
        return Portfolio.exposures(_load(account));
    }

    /// @inheritdoc IRiskEngine
    function underlyingParams(uint256 underlying) external view returns (UnderlyingParams memory) {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        bytes memory table = _parameters(underlying);
        if (RiskTable.setsOf(table, underlying) == 0) revert UnknownUnderlying(underlying);
        return RiskTable.unpackUnderlying(table, underlying);
    }

    /// @inheritdoc IRiskEngine
    function groupParams(uint256 group) external view returns (GroupParams memory) {
        return RiskTable.unpackGroup(_parameters(0), group);
    }

    /// @inheritdoc IRiskEngine
    function globalParams() external view returns (GlobalParams memory) {
        return RiskTable.unpackGlobals(_parameters(0));
    }

    /// @inheritdoc IRiskEngine
    function volatilitySource() external view returns (address) {
        return RiskTable.source(_parameters(0));
    }
}
