// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IMarketLosses, Sides} from "./interfaces/IMarketLosses.sol";
import {Claims, ClaimsLib} from "./ledger/Claims.sol";
import {Leg, LegLib} from "./ledger/Leg.sol";
import {ClaimWord} from "./types/ClaimWord.sol";
import {RAY} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {LossRecord, LossRecordLib} from "./types/LossRecord.sol";
import {MODULE_CLEARINGHOUSE, includes} from "./types/Permissions.sol";
import {PositionWord, PositionWordLib} from "./types/PositionWord.sol";

/// @title Market losses: owns claims and debts of closed contracts, records of shared losses, shortfalls.
/// @dev `Claims` is what happens to those of one account; here are the sums of a market.
contract MarketLosses is IMarketLosses {
    using SafeCast for uint256;

    struct Market {
        // slot 0: 3 + 16 bytes
        uint24 epoch; // losses shared so far
        uint128 shortfall; // values and claims that nothing collected backs [wad USD]
        // slot 1: contracts that claims are of
        uint96 longUnits; // [wad base]
        uint96 shortUnits; // [wad base]
        // slot 2: contracts, claims included, before prices were no longer calm
        uint96 keptLongs; // [wad base]
        uint96 keptShorts; // [wad base]
        mapping(uint256 epoch => LossRecord) records;
        mapping(uint256 account => ClaimWord) longs; // of closed longs
        mapping(uint256 account => ClaimWord) shorts; // of closed shorts
    }

    /// @dev A smaller loss is not shared: it must not use up a record [wad USD].
    uint256 private constant LEAST_SHARED_LOSS = 1e18;
    /// @dev A price and a carry that fit their fields [wad USD].
    int256 private constant MAX_CARRY = type(int96).max;

    /// @notice The vault, which says who the clearinghouse is.
    IMarginVault public immutable vault;

    mapping(uint64 id => Market) private _markets;

    constructor(IMarginVault vault_) {
        vault = vault_;
    }

    modifier onlyClearinghouse() {
        _requireClearinghouse();
        _;
    }

    function _requireClearinghouse() private view {
        if (!includes(vault.moduleRoles(msg.sender), MODULE_CLEARINGHOUSE)) revert NotModule(msg.sender);
    }

    /* SHARES OF LOSSES */

    /// @inheritdoc IMarketLosses
    function bear(uint64 id, uint256 account, PositionWord open, uint256 most)
        external
        onlyClearinghouse
        returns (PositionWord)
    {
        Market storage market = _markets[id];
        (Claims memory before, Claims memory claims) = _read(market, account);
        Leg memory leg = LegLib.read(open);
        uint256 taken = _bear(market, claims, leg, most);
        leg.claims = _write(market, id, account, before, claims);
        if (taken != 0) {
            uint256 shortfall = market.shortfall - taken;
            // safe because it has become less
            market.shortfall = uint128(shortfall);
            emit LossCollected(account, id, taken, shortfall);
        }
        return leg.encoded();
    }

    /// @dev Takes off what a leg has not borne yet, the oldest first; nothing is stored.
    function _bear(Market storage market, Claims memory claims, Leg memory open, uint256 most)
        private
        view
        returns (uint256 taken)
    {
        uint256 epoch = open.epoch;
        uint256 end = FixedPointMathLib.min(market.epoch, FixedPointMathLib.saturatingAdd(epoch, most));
        uint256 room = market.shortfall;
        for (; epoch < end; ++epoch) {
            taken += claims.bear(open, market.records[epoch], room - taken);
        }
        open.epoch = epoch;
    }

    /// @inheritdoc IMarketLosses
    function share(
        uint64 id,
        uint256 account,
        bool longsPay,
        uint256 amount,
        uint256 price,
        int256 carry,
        uint256 open,
        bool kept
    ) external onlyClearinghouse returns (uint256 rest, uint256 left) {
        Market storage market = _markets[id];
        market.shortfall = (market.shortfall + amount).toUint128();
        uint256 perUnit = _perUnit(market, amount, _bearers(market, longsPay, open, kept));
        if (perUnit != 0) _record(market, LossRecordLib.encode(perUnit, _capped(price), _clamped(carry), longsPay));
        emit LossShared({id: id, longsPay: longsPay, amount: amount, perUnit: perUnit, price: price});

        (Claims memory before, Claims memory claims) = _read(market, account);
        uint256 debts = FixedPointMathLib.min(claims.debts(), amount);
        claims.settle(debts, -1);
        rest = amount - debts;
        left = _write(market, id, account, before, claims);
    }

    /// @dev Contracts of a side that a loss of now falls on.
    function _bearers(Market storage market, bool longs, uint256 open, bool kept) private view returns (uint256) {
        if (kept) return longs ? market.keptLongs : market.keptShorts;
        return open + (longs ? market.longUnits : market.shortUnits);
    }

    /// @dev What a loss takes from each contract, down; 0 where it is not shared [ray USD per base].
    function _perUnit(Market storage market, uint256 amount, uint256 units) private view returns (uint256) {
        if (amount < LEAST_SHARED_LOSS || units == 0 || market.epoch == PositionWordLib.MAX_EPOCH) return 0;
        return FixedPointMathLib.min(FixedPointMathLib.fullMulDiv(amount, RAY, units), LossRecordLib.MAX_PER_UNIT);
    }

    /// @dev Writes down a loss that is shared.
    function _record(Market storage market, LossRecord record) private {
        market.records[market.epoch] = record;
        ++market.epoch;
    }

    /// @dev A price as a record keeps it.
    function _capped(uint256 price) private pure returns (uint256) {
        return FixedPointMathLib.min(price, type(uint96).max);
    }

    /// @dev A carry as a record keeps it; prices and funding indices of a market fit.
    function _clamped(int256 carry) private pure returns (int256) {
        return FixedPointMathLib.clamp(carry, -MAX_CARRY, MAX_CARRY);
    }

    /// @inheritdoc IMarketLosses
    function keepUnits(uint64 id, Sides calldata open) external onlyClearinghouse {
        Market storage market = _markets[id];
        market.keptLongs = (open.longs + market.longUnits).toUint96();
        market.keptShorts = (open.shorts + market.shortUnits).toUint96();
    }

    /* CLAIMS */

    /// @inheritdoc IMarketLosses
    function credit(uint64 id, uint256 account, bool isLong, int256 amount, uint256 part, uint256 index)
        external
        onlyClearinghouse
        returns (uint256 left)
    {
        Market storage market = _markets[id];
        (Claims memory before, Claims memory claims) = _read(market, account);
        claims.credit(isLong, amount, ClaimsLib.unitsOf(amount, part, index, InstrumentId.isOption(id)));
        return _write(market, id, account, before, claims);
    }

    /// @inheritdoc IMarketLosses
    function pay(uint64 id, uint256 account, uint256 cash, uint256 pool)
        external
        onlyClearinghouse
        returns (uint256 out, uint256 in_, uint256 left)
    {
        Market storage market = _markets[id];
        (Claims memory before, Claims memory claims) = _read(market, account);
        (out, in_) = claims.pay(cash, pool);
        left = _write(market, id, account, before, claims);
    }

    /// @inheritdoc IMarketLosses
    function move(uint64 id, uint256 from, uint256 to, uint256 fraction)
        external
        onlyClearinghouse
        returns (uint256 leftFrom, uint256 leftTo)
    {
        Market storage market = _markets[id];
        (Claims memory beforeFrom, Claims memory giver) = _read(market, from);
        (Claims memory beforeTo, Claims memory taker) = _read(market, to);
        taker.absorb(giver.cut(fraction));
        leftFrom = _write(market, id, from, beforeFrom, giver);
        leftTo = _write(market, id, to, beforeTo, taker);
    }

    function _read(Market storage market, uint256 account)
        private
        view
        returns (Claims memory before, Claims memory claims)
    {
        before = Claims(market.longs[account], market.shorts[account]);
        claims = Claims(before.long, before.short);
    }

    /// @dev Writes what changed, and keeps the market's sums; returns which sides are left.
    function _write(Market storage market, uint64 id, uint256 account, Claims memory before, Claims memory claims)
        private
        returns (uint256 left)
    {
        left = claims.left();
        bool changed;
        if (!claims.long.equals(before.long)) {
            changed = true;
            market.longs[account] = claims.long;
            market.longUnits = (market.longUnits + claims.long.units() - before.long.units()).toUint96();
        }
        if (!claims.short.equals(before.short)) {
            changed = true;
            market.shorts[account] = claims.short;
            market.shortUnits = (market.shortUnits + claims.short.units() - before.short.units()).toUint96();
        }
        if (changed) emit ClaimsChanged(account, id, claims.long.amount(), claims.short.amount());
    }

    /* VIEWS */

    /// @inheritdoc IMarketLosses
    function pending(uint64 id, uint256 account, PositionWord open)
        external
        view
        returns (PositionWord later, int256 longClaim, int256 shortClaim)
    {
        Market storage market = _markets[id];
        (, Claims memory claims) = _read(market, account);
        Leg memory leg = LegLib.read(open);
        _bear(market, claims, leg, type(uint256).max);
        leg.claims = claims.left();
        (later, longClaim, shortClaim) = (leg.encoded(), claims.long.amount(), claims.short.amount());
    }

    /// @inheritdoc IMarketLosses
    function claimOf(uint64 id, uint256 account, bool isLong) external view returns (int256 amount, uint256 units) {
        Market storage market = _markets[id];
        ClaimWord claim = isLong ? market.longs[account] : market.shorts[account];
        return (claim.amount(), claim.units());
    }

    /// @inheritdoc IMarketLosses
    function owedTo(uint64 id, uint256 account) external view returns (uint256) {
        (, Claims memory claims) = _read(_markets[id], account);
        return claims.owed();
    }

    /// @inheritdoc IMarketLosses
    function epochOf(uint64 id) external view returns (uint256) {
        return _markets[id].epoch;
    }

    /// @inheritdoc IMarketLosses
    function recordOf(uint64 id, uint256 epoch)
        external
        view
        returns (bool longsPay, uint256 perUnit, uint256 price, int256 carry)
    {
        LossRecord record = _markets[id].records[epoch];
        return (record.longsPay(), record.perUnit(), record.price(), record.carry());
    }

    /// @inheritdoc IMarketLosses
    function shortfallOf(uint64 id) external view returns (uint256) {
        return _markets[id].shortfall;
    }

    /// @inheritdoc IMarketLosses
    function unitsOf(uint64 id) external view returns (Sides memory) {
        Market storage market = _markets[id];
        return Sides(market.longUnits, market.shortUnits);
    }

    /// @inheritdoc IMarketLosses
    function keptUnitsOf(uint64 id) external view returns (Sides memory) {
        Market storage market = _markets[id];
        return Sides(market.keptLongs, market.keptShorts);
    }
}
