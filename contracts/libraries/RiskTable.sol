// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GlobalParams, GroupParams, IRiskEngine, MarginSet, UnderlyingParams} from "../interfaces/IRiskEngine.sol";
import {MAX_FEED_ID, MAX_GROUP, PPM, PPM_TO_WAD, YEAR} from "../types/Constants.sol";

/// @title The risk parameters of the venue as one packed blob, kept as the code of a contract and read with a single
/// copy.
/// @dev Layout: word 0 globals, word 1 volatility source, 96 bytes of groups (6 each), then two words per underlying
/// from id 1 on. A field's offset counts from the lowest bit.
library RiskTable {
    uint256 private constant SOURCE = 32;
    uint256 private constant GROUPS = 64;
    uint256 private constant GROUP_BYTES = 6;
    uint256 private constant HEADER = 160;
    uint256 private constant RECORD = 64;
    /// @dev What counts for an underlying without parameters: every shock and charge 100 %.
    uint256 internal constant UNKNOWN_SETS = PPM << 24 | PPM << 48 | PPM << 72 | PPM << 144 | PPM << 168 | PPM << 192;

    /* ACCESS */

    /// @dev The table up to the record of `lastId`; what was never written reads as 0.
    function load(address pointer, uint256 lastId) internal view returns (bytes memory table) {
        assembly ("memory-safe") {
            table := mload(0x40)
            let size := add(HEADER, mul(RECORD, lastId))
            mstore(table, size)
            mstore(0x40, add(add(table, 0x20), size))
            // the first byte of the code stops execution; it is not data
            extcodecopy(pointer, add(table, 0x20), 1, size)
        }
    }

    /// @dev A table without groups and underlyings, and with multipliers of 1.
    function empty() internal pure returns (bytes memory table) {
        table = new bytes(HEADER);
        _setWord(table, 0, PPM << 48 | PPM << 80);
    }

    /// @dev The same table cut after its last underlying.
    function trimmed(bytes memory table) internal pure returns (bytes memory) {
        uint256 count = (table.length - HEADER) / RECORD;
        while (count != 0 && setsOf(table, count) == 0) --count;
        assembly ("memory-safe") {
            mstore(table, add(HEADER, mul(RECORD, count)))
        }
        return table;
    }

    /// @dev Word at a byte offset.
    function _word(bytes memory table, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(table, 0x20), offset))
        }
    }

    function _setWord(bytes memory table, uint256 offset, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(add(table, 0x20), offset), word)
        }
    }

    /// @dev Margin sets of an underlying inside the loaded part; 0 without parameters.
    function setsOf(bytes memory table, uint256 id) internal pure returns (uint256) {
        return _word(table, _offsetOf(id));
    }

    function _offsetOf(uint256 id) private pure returns (uint256) {
        // safe because ids are 1 to 255
        unchecked {
            return HEADER + RECORD * (id - 1);
        }
    }

    /// @dev Both words of an underlying; the strictest there can be where it has no parameters.
    function recordOf(bytes memory table, uint256 id) internal pure returns (uint256 sets, uint256 traits) {
        sets = setsOf(table, id);
        traits = traitsOf(table, id);
        if (sets == 0) sets = UNKNOWN_SETS;
    }

    /// @dev The rest of an underlying's parameters.
    function traitsOf(bytes memory table, uint256 id) internal pure returns (uint256) {
        // safe because offsets are small
        unchecked {
            return _word(table, _offsetOf(id) + 32);
        }
    }

    function source(bytes memory table) internal pure returns (address) {
        // safe because the word holds an address
        return address(uint160(_word(table, SOURCE)));
    }

    function setSource(bytes memory table, address value) internal pure {
        _setWord(table, SOURCE, uint256(uint160(value)));
    }

    /* FIELDS */

    /// @dev The five parameters of one set, the lowest first: field(set, 0) is the liquidity haircut, up to 4, the
    /// yearly basis charge [ppm].
    function setOf(uint256 sets, bool initial) internal pure returns (uint256) {
        return initial ? sets >> 120 : sets;
    }

    function haircutOf(uint256 set) internal pure returns (uint256) {
        return set & 0xffffff;
    }

    function collateralShockOf(uint256 set) internal pure returns (uint256) {
        return (set >> 24) & 0xffffff;
    }

    function derivativeShockOf(uint256 set) internal pure returns (uint256) {
        return (set >> 48) & 0xffffff;
    }

    function basisChargeOf(uint256 set) internal pure returns (uint256) {
        return (set >> 72) & 0xffffff;
    }

    function basisPerYearOf(uint256 set) internal pure returns (uint256) {
        return (set >> 96) & 0xffffff;
    }

    function impactOf(uint256 traits) internal pure returns (uint256) {
        return traits & type(uint64).max;
    }

    function groupOf(uint256 traits) internal pure returns (uint256) {
        return (traits >> 64) & 0xff;
    }

    function crowdingSlopeOf(uint256 traits) internal pure returns (uint256) {
        return (traits >> 72) & 0xffffff;
    }

    function maxTenorOf(uint256 traits) internal pure returns (uint256) {
        return (traits >> 96) & type(uint32).max;
    }

    function exposureUnitOf(uint256 traits) internal pure returns (uint256) {
        return (traits >> 128) & type(uint96).max;
    }

    function exposureCapOf(uint256 traits) internal pure returns (uint256) {
        return traits >> 224;
    }

    /// @dev Offset of a group [ppm]; 0 for group 0.
    function rhoOf(bytes memory table, uint256 group, bool initial) internal pure returns (uint256) {
        uint256 word = _word(table, GROUPS + GROUP_BYTES * group);
        return initial ? (word >> 208) & 0xffffff : word >> 232;
    }

    function profitWeightOf(uint256 globals) internal pure returns (uint256) {
        return globals & 0xffffff;
    }

    function profitCoverOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 24) & 0xffffff;
    }

    function staleMultiplierOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 48) & type(uint32).max;
    }

    function maxMultiplierOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 80) & type(uint32).max;
    }

    function shortFloorOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 112) & 0xffffff;
    }

    function minDeltaOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 136) & 0xffffff;
    }

    function ageChargeOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 160) & 0xffffff;
    }

    function arrayMaxAgeOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 184) & 0xffffff;
    }

    function arrayMaxMoveOf(uint256 globals) internal pure returns (uint256) {
        return (globals >> 208) & 0xffffff;
    }

    function globalsOf(bytes memory table) internal pure returns (uint256) {
        return _word(table, 0);
    }

    /* PACKING */

    function packUnderlying(bytes memory table, uint256 id, UnderlyingParams memory p) internal pure {
        _setWord(table, _offsetOf(id), _packSet(p.maintenance) | _packSet(p.initial) << 120);
        uint256 traits = uint256(p.impactCoefficient) | uint256(p.group) << 64 | uint256(p.crowdingSlope) << 72
            | uint256(p.maxTenor) << 96 | uint256(p.exposureUnit) << 128 | uint256(p.exposureCap) << 224;
        _setWord(table, _offsetOf(id) + 32, traits);
    }

    function _packSet(MarginSet memory s) private pure returns (uint256) {
        return uint256(s.liquidityHaircut) | uint256(s.collateralShock) << 24 | uint256(s.derivativeShock) << 48
            | uint256(s.basisCharge) << 72 | uint256(s.basisChargePerYear) << 96;
    }

    function unpackUnderlying(bytes memory table, uint256 id) internal pure returns (UnderlyingParams memory p) {
        uint256 sets = setsOf(table, id);
        uint256 traits = traitsOf(table, id);
        p.maintenance = _unpackSet(sets);
        p.initial = _unpackSet(sets >> 120);
        // casts are safe because each accessor masks its field
        p.impactCoefficient = uint64(impactOf(traits));
        p.group = uint8(groupOf(traits));
        p.crowdingSlope = uint24(crowdingSlopeOf(traits));
        p.maxTenor = uint32(maxTenorOf(traits));
        p.exposureUnit = uint96(exposureUnitOf(traits));
        p.exposureCap = uint32(exposureCapOf(traits));
    }

    function _unpackSet(uint256 set) private pure returns (MarginSet memory) {
        // casts are safe because each accessor masks its field
        return MarginSet(
            uint24(haircutOf(set)),
            uint24(collateralShockOf(set)),
            uint24(derivativeShockOf(set)),
            uint24(basisChargeOf(set)),
            uint24(basisPerYearOf(set))
        );
    }

    function packGroup(bytes memory table, uint256 group, GroupParams memory g) internal pure {
        uint256 offset = GROUPS + GROUP_BYTES * group;
        uint256 rest = _word(table, offset) & type(uint208).max;
        _setWord(table, offset, uint256(g.rhoMaintenance) << 232 | uint256(g.rhoInitial) << 208 | rest);
    }

    function unpackGroup(bytes memory table, uint256 group) internal pure returns (GroupParams memory) {
        if (group > MAX_GROUP) return GroupParams(0, 0);
        // casts are safe because rhoOf masks its field
        return GroupParams(uint24(rhoOf(table, group, false)), uint24(rhoOf(table, group, true)));
    }

    function packGlobals(bytes memory table, GlobalParams memory g) internal pure {
        uint256 word = uint256(g.profitWeight) | uint256(g.profitCover) << 24 | uint256(g.staleMultiplier) << 48
            | uint256(g.maxMultiplier) << 80 | uint256(g.shortFloor) << 112 | uint256(g.minDelta) << 136
            | uint256(g.ageCharge) << 160 | uint256(g.arrayMaxAge) << 184 | uint256(g.arrayMaxMove) << 208;
        _setWord(table, 0, word);
    }

    function unpackGlobals(bytes memory table) internal pure returns (GlobalParams memory) {
        uint256 globals = globalsOf(table);
        // casts are safe because each accessor masks its field
        return GlobalParams(
            uint24(profitWeightOf(globals)),
            uint24(profitCoverOf(globals)),
            uint32(staleMultiplierOf(globals)),
            uint32(maxMultiplierOf(globals)),
            uint24(shortFloorOf(globals)),
            uint24(minDeltaOf(globals)),
            uint24(ageChargeOf(globals)),
            uint24(arrayMaxAgeOf(globals)),
            uint24(arrayMaxMoveOf(globals))
        );
    }

    /// @dev What a unit of spot counts at the very least: initial set, largest multiplier [wad]. One number for both
    /// sets and every multiplier, because a heavier shock must not freeze the impact charge earlier and free margin.
    function impactWeight(uint256 sets, uint256 globals) internal pure returns (uint256) {
        uint256 set = setOf(sets, true);
        // safe because shocks are below 2^24 and both multipliers below 2^32
        unchecked {
            uint256 taken = haircutOf(set) + _divUp(collateralShockOf(set) * _worst(globals), PPM);
            return taken < PPM ? (PPM - taken) * PPM_TO_WAD : 0;
        }
    }

    /// @dev Largest multiplier of shocks: volatility times staleness, up [ppm].
    function _worst(uint256 globals) private pure returns (uint256) {
        return _divUp(maxMultiplierOf(globals) * staleMultiplierOf(globals), PPM);
    }

    /* CONFIGURATION CHECK */

    /// @dev Everything that the proofs of the margin formula need (monotone, subadditive, initial >= maintenance).
    function check(bytes memory table) internal pure {
        uint256 globals = globalsOf(table);
        _requireAtMost(0, profitWeightOf(globals), PPM);
        _requireAtLeast(0, staleMultiplierOf(globals), PPM);
        _requireAtLeast(0, maxMultiplierOf(globals), PPM);
        _requireAtMost(0, shortFloorOf(globals), PPM);
        _requireAtMost(0, minDeltaOf(globals), PPM);
        _requireAtMost(0, ageChargeOf(globals), PPM);
        _requireAtMost(0, arrayMaxMoveOf(globals), PPM);
        for (uint256 group = 1; group <= MAX_GROUP; ++group) {
            uint256 rho = rhoOf(table, group, false);
            _requireAtMost(0, rho, PPM / 2);
            _requireAtMost(0, rhoOf(table, group, true), rho);
        }

        // safe because both multipliers are below 2^32 and a table is never shorter than its header
        unchecked {
            uint256 worst = _worst(globals);
            uint256 count = (table.length - HEADER) / RECORD;
            for (uint256 id = 1; id <= count; ++id) {
                if (setsOf(table, id) != 0) _checkUnderlying(table, id, worst);
            }
        }
    }

    function _checkUnderlying(bytes memory table, uint256 id, uint256 worst) private pure {
        uint256 sets = setsOf(table, id);
        uint256 traits = traitsOf(table, id);
        _requireAtMost(id, groupOf(traits), MAX_GROUP);
        _requireAtLeast(id, exposureUnitOf(traits), 1);
        for (uint256 field; field < 120; field += 24) {
            uint256 maintenance = (sets >> field) & 0xffffff;
            uint256 initial = (setOf(sets, true) >> field) & 0xffffff;
            _requireAtMost(id, initial, PPM);
            if (initial < maintenance) revert IRiskEngine.InitialBelowMaintenance(id, initial, maintenance);
        }
        _checkSet(id, setOf(sets, false), traits, worst, rhoOf(table, groupOf(traits), false));
        _checkSet(id, setOf(sets, true), traits, worst, rhoOf(table, groupOf(traits), true));

        // a larger x_d moves shock from the add-on of spot into what shorts and options may offset: x_c makes up for it
        uint256 step = derivativeShockOf(setOf(sets, true)) - derivativeShockOf(setOf(sets, false));
        _requireAtLeast(id, collateralShockOf(setOf(sets, true)), collateralShockOf(setOf(sets, false)) + step);
    }

    /// @param worst Largest multiplier of shocks: volatility times staleness, up [ppm].
    function _checkSet(uint256 id, uint256 set, uint256 traits, uint256 worst, uint256 rho) private pure {
        uint256 collateral = collateralShockOf(set);
        uint256 derivative = derivativeShockOf(set);
        _requireAtLeast(id, derivative, 1);
        _requireAtMost(id, derivative, collateral);
        // safe because shocks and charges are at most PPM, rho too, tenors below 2^32 and worst below 2^64
        unchecked {
            _requireAtMost(id, collateral, derivative + basisChargeOf(set));

            // spot never counts less than nothing, and a shock shared by a group less than its spot
            uint256 taken = haircutOf(set) + _divUp(collateral * worst, PPM);
            _requireAtMost(id, taken, PPM);
            _requireAtMost(id, _divUp(rho * derivative * worst, PPM * PPM), PPM - taken);

            uint256 basis = basisChargeOf(set) + _divUp(basisPerYearOf(set) * maxTenorOf(traits), YEAR);
            _requireAtMost(id, basis, 2 * derivative);
            _requireAtMost(id, basis, collateral);
        }
    }

    function requireId(uint256 id) internal pure {
        _requireAtLeast(id, id, 1);
        _requireAtMost(id, id, MAX_FEED_ID);
    }

    function requireGroup(uint256 group) internal pure {
        _requireAtLeast(0, group, 1);
        _requireAtMost(0, group, MAX_GROUP);
    }

    function _requireAtMost(uint256 id, uint256 value, uint256 limit) private pure {
        if (value > limit) revert IRiskEngine.ParameterOutOfRange(id, value, limit);
    }

    function _requireAtLeast(uint256 id, uint256 value, uint256 limit) private pure {
        if (value < limit) revert IRiskEngine.ParameterOutOfRange(id, value, limit);
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        // safe because products of parameters are below 2^128
        unchecked {
            return (a + b - 1) / b;
        }
    }
}
