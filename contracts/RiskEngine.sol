// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {AssetConfig, IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOracleAdapter, PriceStatus} from "./interfaces/IOracleAdapter.sol";
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
import {Account, Bucket, Leg, Portfolio} from "./libraries/Portfolio.sol";
import {RiskTable} from "./libraries/RiskTable.sol";
import {Words} from "./libraries/Words.sol";
import {MAX_FEED_ID, PPM_TO_WAD, WAD} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {Packed} from "./types/Packed.sol";
import {SpotWord} from "./types/SpotWord.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";

/// @title Risk engine: collects an account in memory and passes it to pure libraries.
contract RiskEngine is IRiskEngine, AccessManaged {
    using Words for uint256[];

    /// @dev Words per leg in `IClearinghouse.legs`.
    uint256 private constant LEG_WORDS = 4;
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

        Account memory a = _build(cash, spot, words, new Shock[](0));
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
        returns (Margin memory maintenance, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
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
        initial = _initial(a);
        initial.equity = maintenance.equity;
    }

    /// @dev Everything at mid; profit counts in full.
    function _maintenance(Account memory a) private pure returns (Margin memory m) {
        Portfolio.begin(a, false);
        (uint256 profits, uint256 losses) = Portfolio.addLegs(a, false);
        // safe because values are below 2^175
        unchecked {
            int256 profit = int256(profits) - int256(losses);
            m = Portfolio.margin(a, false, profit);
            m.equity = int256(a.spotValue) + a.cash + profit;
        }
    }

    /// @dev Everything at the worse edge; net profit counts by weight, so that losses not yet collected back no
    /// withdrawal.
    function _initial(Account memory a) private view returns (Margin memory) {
        Portfolio.begin(a, true);
        (uint256 profits, uint256 losses) = Portfolio.addLegs(a, true);
        uint256 discount = profits > losses ? _discount(a) : 0;
        return Portfolio.margin(a, true, MarginMath.weightedProfit(profits, losses, discount));
    }

    /// @dev What weights take from the profitable legs, up [wad USD]. The markets' flows are read only here.
    function _discount(Account memory a) private view returns (uint256 discount) {
        Leg[] memory legs = a.legs;
        uint256 globals = RiskTable.globalsOf(a.table);
        uint64[] memory ids = new uint64[](legs.length);
        uint256 count;
        for (uint256 i; i < legs.length; ++i) {
            if (legs[i].value > 0 && legs[i].size != 0) ids[count++] = legs[i].id;
        }
        assembly ("memory-safe") {
            mstore(ids, count)
        }

        int256[] memory longBases;
        uint256[] memory pools;
        if (count != 0) (longBases, pools) = clearinghouse.flowsMany(ids);
        count = 0;
        for (uint256 i; i < legs.length; ++i) {
            Leg memory leg = legs[i];
            if (leg.value <= 0) continue;
            uint256 weight = RiskTable.profitWeightOf(globals) * PPM_TO_WAD;
            if (leg.size != 0) {
                weight = Portfolio.profitWeight(leg, globals, longBases[count], pools[count]);
                ++count;
            }
            // safe because the weight is at most WAD and the value is positive
            unchecked {
                discount += MarginMath.mulUp(WAD - weight, uint256(leg.value));
            }
        }
    }

    /* READING AN ACCOUNT */

    function _load(uint256 account) private view returns (Account memory) {
        (int256 cash, uint256[] memory spot, uint256[] memory words) = _read(account);
        return _build(cash, spot, words, new Shock[](0));
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

    function _build(int256 cash, uint256[] memory spot, uint256[] memory words, Shock[] memory shocks)
        private
        view
        returns (Account memory a)
    {
        a.cash = cash;
        a.free = _isFree(cash, words);
        a.pricesValid = true;

        bytes memory slots = new bytes(MAX_FEED_ID + 1);
        (uint256[] memory feeds, uint256 underlyings) = _feeds(spot, words, slots);
        uint256[] memory prices;
        if (feeds.length != 0) {
            prices = Words.query(address(oracle), IOracleAdapter.packedPrices.selector, feeds);
            _applyShocks(prices, slots, shocks);
        }
        _addBuckets(a, feeds, underlyings, prices);
        _addSpot(a, spot, slots, prices);
        _addLegs(a, words, slots);
    }

    /// @dev Lists every feed needed once, underlyings first; `slots` gets each one's place, counted from 1.
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
                if (SpotWord.amountOf(word) != 0) _addFeed(feeds, slots, SpotWord.underlyingOf(word));
            }
            for (uint256 i; i < words.length; i += LEG_WORDS) {
                if (Packed.sizeOf(words.at(i + 1)) != 0) _addFeed(feeds, slots, _underlyingOf(words.at(i)));
            }
            underlyings = feeds.length;
            for (uint256 i; i < spot.length; ++i) {
                uint256 word = spot.at(i);
                if (SpotWord.amountOf(word) != 0) _addFeed(feeds, slots, SpotWord.feedOf(word));
            }
        }
    }

    function _addFeed(uint256[] memory feeds, bytes memory slots, uint256 id) private pure {
        if (_slotOf(slots, id) != 0) return;
        feeds.push(id);
        assembly ("memory-safe") {
            mstore8(add(add(slots, 0x20), id), mload(feeds))
        }
    }

    /// @dev Place of a feed counted from 1; 0 where it is not needed. Safe because ids are at most 255.
    function _slotOf(bytes memory slots, uint256 id) private pure returns (uint256 slot) {
        assembly ("memory-safe") {
            slot := byte(0, mload(add(add(slots, 0x20), id)))
        }
    }

    /// @dev Underlying of a leg; listed instruments have at most 255.
    function _underlyingOf(uint256 id) private pure returns (uint256) {
        return (id >> 48) & MAX_FEED_ID;
    }

    function _addBuckets(Account memory a, uint256[] memory feeds, uint256 count, uint256[] memory prices)
        private
        view
    {
        uint256 lastId;
        for (uint256 i; i < count; ++i) {
            lastId = FixedPointMathLib.max(lastId, feeds.at(i));
        }
        bytes memory table = RiskTable.load(_table, lastId);
        a.table = table;
        a.buckets = new Bucket[](count);
        if (count == 0) return;

        // the list ends with the underlyings from here on
        assembly ("memory-safe") {
            mstore(feeds, count)
        }
        uint256[] memory multipliers = Words.tryQuery(
            RiskTable.source(table),
            IVolatilityMultiplier.multipliers.selector,
            feeds,
            SOURCE_GAS + SOURCE_GAS_PER_UNDERLYING * count
        );
        uint256 globals = RiskTable.globalsOf(table);
        for (uint256 i; i < count; ++i) {
            Bucket memory bucket = a.buckets[i];
            bucket.id = feeds.at(i);
            (bucket.sets, bucket.traits) = RiskTable.recordOf(table, bucket.id);
            bucket.mid = _bounded(Packed.midOf(prices.at(2 * i)));
            bucket.low = _bounded(Packed.lowOf(prices.at(2 * i + 1)));
            bucket.high = _bounded(Packed.highOf(prices.at(2 * i + 1)));
            bucket.status = Packed.statusOf(prices.at(2 * i));
            _setMultipliers(bucket, multipliers.at(i), globals);
        }
    }

    /// @dev Clamps what the source said to [1, maxMultiplier], initial not below maintenance; widened while the index
    /// is not Valid.
    function _setMultipliers(Bucket memory bucket, uint256 word, uint256 globals) private pure {
        uint256 limit = RiskTable.maxMultiplierOf(globals) * PPM_TO_WAD;
        uint256 maintenance = FixedPointMathLib.clamp(word & type(uint128).max, WAD, limit);
        uint256 initial = FixedPointMathLib.clamp(word >> 128, maintenance, limit);
        if (bucket.status != uint256(PriceStatus.Valid)) {
            uint256 stale = RiskTable.staleMultiplierOf(globals);
            maintenance = MarginMath.shock(stale, maintenance);
            initial = MarginMath.shock(stale, initial);
        }
        bucket.maintenanceMultiplier = maintenance;
        bucket.initialMultiplier = initial;
    }

    function _bounded(uint256 price) private pure returns (uint256) {
        return FixedPointMathLib.min(price, MarginMath.MAX_PRICE);
    }

    function _addSpot(Account memory a, uint256[] memory spot, bytes memory slots, uint256[] memory prices)
        private
        pure
    {
        // safe because slots count from 1, amounts are below 2^128 and prices below 2^96
        unchecked {
            for (uint256 i; i < spot.length; ++i) {
                uint256 word = spot.at(i);
                if (SpotWord.amountOf(word) == 0) continue;
                uint256 slot = _slotOf(slots, SpotWord.feedOf(word)) - 1;
                uint256 amount = FixedPointMathLib.min(
                    SpotWord.amountOf(word) * 10 ** (18 - SpotWord.decimalsOf(word)), MarginMath.MAX_AMOUNT
                );
                uint256 midWord = prices.at(2 * slot);
                uint256 mid = MarginMath.mulDown(amount, _bounded(Packed.midOf(midWord)));
                a.spotValue += mid;
                _noteStatus(a, Packed.statusOf(midWord));

                Bucket memory bucket = a.buckets[_slotOf(slots, SpotWord.underlyingOf(word)) - 1];
                if (bucket.sets == RiskTable.UNKNOWN_SETS) continue;
                bucket.spotMid += mid;
                bucket.spotLow += MarginMath.mulDown(amount, _bounded(Packed.lowOf(prices.at(2 * slot + 1))));
            }
        }
    }

    function _addLegs(Account memory a, uint256[] memory words, bytes memory slots) private view {
        // safe because places count from 1 and times are below 2^36
        unchecked {
            Leg[] memory legs = new Leg[](words.length / LEG_WORDS);
            a.legs = legs;
            for (uint256 i; i < legs.length; ++i) {
                Leg memory leg = legs[i];
                // safe because ids are 64 bits wide
                uint64 id = uint64(words.at(LEG_WORDS * i));
                uint256 position = words.at(LEG_WORDS * i + 1);
                leg.id = id;
                leg.size = Packed.sizeOf(position);
                leg.basis = Packed.basisOf(position);
                leg.share = words.at(LEG_WORDS * i + 3);
                if (leg.size == 0) continue;

                Bucket memory bucket = a.buckets[_slotOf(slots, _underlyingOf(id)) - 1];
                leg.bucket = bucket;
                leg.market = words.at(LEG_WORDS * i + 2);
                leg.funding = _fundingNow(leg.market, bucket.mid);
                _noteStatus(a, bucket.status);
                uint256 expiry = InstrumentId.expiryOf(id);
                if (expiry > block.timestamp) {
                    bucket.tenor = FixedPointMathLib.max(bucket.tenor, expiry - block.timestamp);
                }
            }
        }
    }

    function _fundingNow(uint256 market, uint256 mid) private view returns (int256) {
        uint256 updatedAt = Packed.updatedAtOf(market);
        uint256 elapsed = block.timestamp > updatedAt ? block.timestamp - updatedAt : 0;
        return MarginMath.fundingNow(Packed.fundingIndexOf(market), Packed.fundingRateOf(market), mid, elapsed);
    }

    function _noteStatus(Account memory a, uint256 status) private pure {
        if (status == uint256(PriceStatus.Valid)) return;
        a.pricesValid = false;
        if (status == uint256(PriceStatus.Halted)) a.pricesHalted = true;
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
        return _both(_build(_changedCash(cash, change.cash), spot, words, shocks));
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
            if (shocks[i].feedId > MAX_FEED_ID) continue;
            uint256 slot = _slotOf(slots, shocks[i].feedId);
            if (slot == 0) continue;
            uint256 midWord = prices[2 * slot - 2];
            uint256 edges = prices[2 * slot - 1];
            int256 move = shocks[i].move;
            prices[2 * slot - 2] = Packed.mid(_moved(Packed.midOf(midWord), move), Packed.statusOf(midWord));
            prices[2 * slot - 1] = Packed.edges(_moved(Packed.lowOf(edges), move), _moved(Packed.highOf(edges), move));
        }
    }

    /// @dev A price after a relative move, down.
    function _moved(uint256 price, int256 move) private pure returns (uint256) {
        // cast is safe because moves below -WAD were refused
        return _bounded(MarginMath.mulDown(_bounded(price), uint256(int256(WAD) + move)));
    }

    function _changedCash(int256 cash, int256 added) private pure returns (int256) {
        _requireFits(added, type(int128).max);
        return cash + added;
    }

    /// @dev The account's spot with the change's amounts added.
    function _changedSpot(uint256[] memory spot, Change calldata change) private view returns (uint256[] memory words) {
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
            while (place < count && SpotWord.assetIndexOf(words[place]) != index) ++place;
            if (place == count) words[count++] = _emptySpot(index);

            _requireFits(change.amounts[i], type(int128).max);
            // safe because both are below 2^128
            int256 amount = int256(SpotWord.amountOf(words[place])) + change.amounts[i];
            if (amount < 0) revert AmountOutOfRange(amount, 0);
            _requireFits(amount, int256(uint256(type(uint128).max)));
            words[place] = (words[place] >> 128 << 128) | uint256(amount);
        }
        assembly ("memory-safe") {
            mstore(words, count)
        }
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
            while (place < length && words[place] != id) place += LEG_WORDS;
            uint256 market = _listedMarket(id);
            if (place == length) {
                words[place] = id;
                words[place + 2] = market;
                length += LEG_WORDS;
            }
            int256 funding = _fundingNow(market, _shockedMid(_underlyingOf(id), shocks));
            words[place + 1] = _traded(words[place + 1], change.sizes[i], change.prices[i], funding);
        }
        assembly ("memory-safe") {
            mstore(words, length)
        }
    }

    function _listedMarket(uint64 id) private view returns (uint256 market) {
        market = clearinghouse.marketWord(id);
        uint256 flags = Packed.flagsOf(market);
        if (flags & Packed.FLAG_LISTED == 0 || flags & Packed.FLAG_SETTLED != 0) revert UnknownInstrument(id);
    }

    function _shockedMid(uint256 feedId, Shock[] calldata shocks) private view returns (uint256 mid) {
        mid = _bounded(oracle.price(feedId).mid);
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
        for (uint256 i; i < words.length; ++i) {
            longer[i] = words[i];
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

        bytes memory table = RiskTable.load(_table, MAX_FEED_ID);
        RiskTable.packGlobals(table, globals);
        emit GlobalSet(globals);
        for (uint256 i; i < groups.length; ++i) {
            RiskTable.requireGroup(groups[i]);
            RiskTable.packGroup(table, groups[i], offsets[i]);
            emit GroupSet(groups[i], offsets[i]);
        }
        for (uint256 i; i < underlyings.length; ++i) {
            _setUnderlying(table, underlyings[i], params[i]);
        }

        RiskTable.check(table);
        _table = SSTORE2.write(RiskTable.trimmed(table));
    }

    function _setUnderlying(bytes memory table, uint256 id, UnderlyingParams calldata params) private {
        RiskTable.requireId(id);
        uint256 unit = RiskTable.exposureUnitOf(RiskTable.traitsOf(table, id));
        if (unit != 0 && params.exposureUnit != unit) revert ExposureUnitChanged(id, params.exposureUnit, unit);
        RiskTable.packUnderlying(table, id, params);
        emit UnderlyingSet(id, params);
    }

    /// @inheritdoc IRiskEngine
    function setVolatilitySource(address newSource) external restricted {
        bytes memory table = RiskTable.load(_table, MAX_FEED_ID);
        RiskTable.setSource(table, newSource);
        _table = SSTORE2.write(RiskTable.trimmed(table));
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
        bytes memory table = RiskTable.load(_table, underlying);
        if (RiskTable.setsOf(table, underlying) == 0) revert UnknownUnderlying(underlying);
        return RiskTable.unpackUnderlying(table, underlying);
    }

    /// @inheritdoc IRiskEngine
    function groupParams(uint256 group) external view returns (GroupParams memory) {
        return RiskTable.unpackGroup(RiskTable.load(_table, 0), group);
    }

    /// @inheritdoc IRiskEngine
    function globalParams() external view returns (GlobalParams memory) {
        return RiskTable.unpackGlobals(RiskTable.load(_table, 0));
    }

    /// @inheritdoc IRiskEngine
    function volatilitySource() external view returns (address) {
        return RiskTable.source(RiskTable.load(_table, 0));
    }
}
