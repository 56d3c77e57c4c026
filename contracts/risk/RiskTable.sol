// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters, UnderlyingParams} from "../interfaces/IRiskParameters.sol";
import {MAX_FEED_ID, MAX_GROUP, PPM, PPM_TO_WAD, YEAR} from "../types/Constants.sol";
import {GlobalParams, GlobalsWord, GlobalsWordLib} from "../types/GlobalsWord.sol";
import {GroupParams, GroupWord} from "../types/GroupWord.sol";
import {MarginSetWord, MarginSetWordLib} from "../types/MarginSetWord.sol";
import {MarginSetsWord, MarginSetsWordLib, UNKNOWN_SETS} from "../types/MarginSetsWord.sol";
import {TraitsWord, TraitsWordLib} from "../types/TraitsWord.sol";

/// @title The risk parameters of the venue as one packed blob, kept as the code of a contract and read with a single
/// copy.
/// @dev Layout: word 0 GlobalsWord, word 1 volatility source, 96 bytes of groups (6 each), then two words per
/// underlying from id 1 on: MarginSetsWord and TraitsWord.
library RiskTable {
    /// @dev Where the parts begin, and how long a group, the header and an underlying are [bytes].
    uint256 private constant SOURCE = 32;
    uint256 private constant GROUPS = 64;
    uint256 private constant GROUP_BYTES = 6;
    uint256 private constant HEADER = 160;
    uint256 private constant RECORD = 64;

    /* ACCESS */

    /// @dev The table up to the record of `lastId`; what was never written reads as 0.
    function load(address pointer, uint256 lastId) internal view returns (bytes memory table) {
        // Equivalent to `table = code[1:1 + HEADER + RECORD * lastId]`, with zeros behind the end of the code.
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
        // safe because a multiplier of 1 fits 32 bits
        GlobalParams memory globals;
        (globals.staleMultiplier, globals.maxMultiplier) = (uint32(PPM), uint32(PPM));
        setGlobals(table, globals);
    }

    /// @dev The same table cut after its last underlying.
    function trimmed(bytes memory table) internal pure returns (bytes memory) {
        uint256 count = (table.length - HEADER) / RECORD;
        while (count != 0 && setsOf(table, count).isNone()) --count;
        // Equivalent to `table.length = HEADER + RECORD * count`, were that allowed.
        assembly ("memory-safe") {
            mstore(table, add(HEADER, mul(RECORD, count)))
        }
        return table;
    }

    /// @dev Word at a byte offset.
    function _word(bytes memory table, uint256 offset) private pure returns (uint256 word) {
        // Equivalent to `word = uint256(bytes32(table[offset:offset + 32]))` without the bounds check.
        assembly ("memory-safe") {
            word := mload(add(add(table, 0x20), offset))
        }
    }

    function _setWord(bytes memory table, uint256 offset, uint256 word) private pure {
        // Equivalent to `table[offset + i] = bytes32(word)[i]` for every `i` below 32, without the bounds check.
        assembly ("memory-safe") {
            mstore(add(add(table, 0x20), offset), word)
        }
    }

    function _offsetOf(uint256 id) private pure returns (uint256) {
        // safe because ids are 1 to 255
        unchecked {
            return HEADER + RECORD * (id - 1);
        }
    }

    /* FIELDS */

    /// @dev Margin sets of an underlying inside the loaded part; none without parameters.
    function setsOf(bytes memory table, uint256 id) internal pure returns (MarginSetsWord) {
        return MarginSetsWord.wrap(_word(table, _offsetOf(id)));
    }

    /// @dev The rest of an underlying's parameters.
    function traitsOf(bytes memory table, uint256 id) internal pure returns (TraitsWord) {
        // safe because offsets are small
        unchecked {
            return TraitsWord.wrap(_word(table, _offsetOf(id) + 32));
        }
    }

    /// @dev Both words of an underlying; shocks of 100 % where it has no parameters.
    function recordOf(bytes memory table, uint256 id) internal pure returns (MarginSetsWord sets, TraitsWord traits) {
        sets = setsOf(table, id);
        traits = traitsOf(table, id);
        if (sets.isNone()) sets = UNKNOWN_SETS;
    }

    /// @dev Offsets of a group up to MAX_GROUP.
    function groupOf(bytes memory table, uint256 group) internal pure returns (GroupWord) {
        return GroupWord.wrap(_word(table, GROUPS + GROUP_BYTES * group));
    }

    /// @dev Parameters of the whole venue.
    function globalsOf(bytes memory table) internal pure returns (GlobalsWord) {
        return GlobalsWord.wrap(_word(table, 0));
    }

    /// @dev The volatility source; zero: none.
    function source(bytes memory table) internal pure returns (address) {
        // safe because the word holds an address
        return address(uint160(_word(table, SOURCE)));
    }

    /* WRITING */

    /// @dev Zero: none.
    function setSource(bytes memory table, address value) internal pure {
        _setWord(table, SOURCE, uint256(uint160(value)));
    }

    /// @dev Writes both words of an underlying inside the table.
    function setUnderlying(bytes memory table, uint256 id, UnderlyingParams memory p) internal pure {
        MarginSetsWord sets = MarginSetsWordLib.encode(p.maintenance, p.initial);
        TraitsWord traits = TraitsWordLib.encode(
            p.impactCoefficient, p.group, p.crowdingSlope, p.maxTenor, p.exposureUnit, p.exposureCap
        );
        _setWord(table, _offsetOf(id), MarginSetsWord.unwrap(sets));
        _setWord(table, _offsetOf(id) + 32, TraitsWord.unwrap(traits));
    }

    /// @dev Parameters of an underlying inside the loaded part; zeros without any.
    function underlyingOf(bytes memory table, uint256 id) internal pure returns (UnderlyingParams memory p) {
        MarginSetsWord sets = setsOf(table, id);
        TraitsWord traits = traitsOf(table, id);
        p.maintenance = sets.maintenance().decode();
        p.initial = sets.initial().decode();
        // casts are safe because each accessor masks its field
        p.impactCoefficient = uint64(traits.impact());
        p.group = uint8(traits.group());
        p.crowdingSlope = uint24(traits.crowdingSlope());
        p.maxTenor = uint32(traits.maxTenor());
        p.exposureUnit = uint96(traits.exposureUnit());
        p.exposureCap = uint32(traits.exposureCap());
    }

    /// @dev Offsets of a group; zeros beyond the last.
    function groupParamsOf(bytes memory table, uint256 group) internal pure returns (GroupParams memory) {
        if (group > MAX_GROUP) return GroupParams(0, 0);
        return groupOf(table, group).decode();
    }

    /// @dev Writes the offsets of a group from 1 to MAX_GROUP.
    function setGroup(bytes memory table, uint256 group, GroupParams memory g) internal pure {
        _setWord(table, GROUPS + GROUP_BYTES * group, GroupWord.unwrap(groupOf(table, group).with(g)));
    }

    /// @dev Writes the parameters of the whole venue.
    function setGlobals(bytes memory table, GlobalParams memory g) internal pure {
        _setWord(table, 0, GlobalsWord.unwrap(GlobalsWordLib.encode(g)));
    }

    /* WHAT FOLLOWS FROM THEM */

    /// @dev What a unit of spot counts at the very least: initial set, largest multiplier [wad]. One number for both
    /// sets and every multiplier, because a heavier shock must not freeze the impact charge earlier and free margin.
    function impactWeight(MarginSetsWord sets, GlobalsWord globals) internal pure returns (uint256) {
        MarginSetWord set = sets.initial();
        // safe because shocks are below 2^24 and both multipliers below 2^32
        unchecked {
            uint256 taken = set.haircut() + _divUp(set.collateralShock() * _worst(globals), PPM);
            return taken < PPM ? (PPM - taken) * PPM_TO_WAD : 0;
        }
    }

    /// @dev Largest multiplier of shocks and impact: volatility times staleness, up [ppm].
    function _worst(GlobalsWord globals) private pure returns (uint256) {
        return _divUp(globals.maxMultiplier() * globals.staleMultiplier(), PPM);
    }

    /* CONFIGURATION CHECK */

    /// @dev Everything that the proofs of the margin formula need (monotone, subadditive, initial >= maintenance).
    function check(bytes memory table) internal pure {
        GlobalsWord globals = globalsOf(table);
        _requireAtMost(0, globals.profitWeight(), PPM);
        _requireAtLeast(0, globals.staleMultiplier(), PPM);
        _requireAtLeast(0, globals.maxMultiplier(), PPM);
        _requireAtMost(0, globals.shortFloor(), PPM);
        _requireAtMost(0, globals.minDelta(), PPM);
        _requireAtMost(0, globals.ageCharge(), PPM);
        _requireAtMost(0, globals.arrayMaxMove(), PPM);
        for (uint256 group = 1; group <= MAX_GROUP; ++group) {
            GroupWord offsets = groupOf(table, group);
            _requireAtMost(0, offsets.rho(false), PPM / 2);
            _requireAtMost(0, offsets.rho(true), offsets.rho(false));
        }

        // safe because both multipliers are below 2^32 and a table is never shorter than its header
        unchecked {
            uint256 worst = _worst(globals);
            uint256 count = (table.length - HEADER) / RECORD;
            for (uint256 id = 1; id <= count; ++id) {
                if (!setsOf(table, id).isNone()) _checkUnderlying(table, id, worst);
            }
        }
    }

    /// @dev Parameters of one underlying, set by set and one against the other.
    function _checkUnderlying(bytes memory table, uint256 id, uint256 worst) private pure {
        MarginSetsWord sets = setsOf(table, id);
        (MarginSetWord maintenance, MarginSetWord initial) = (sets.maintenance(), sets.initial());
        TraitsWord traits = traitsOf(table, id);
        _requireAtMost(id, traits.group(), MAX_GROUP);
        _requireAtLeast(id, traits.exposureUnit(), 1);
        // safe because both factors are below 2^64
        unchecked {
            _requireAtMost(id, _divUp(traits.impact() * worst, PPM), type(uint64).max);
        }
        // with a cap of 0 no account of the underlying could be put into auction
        _requireAtLeast(id, traits.exposureCap(), 1);
        for (uint256 place; place < MarginSetWordLib.FIELDS; ++place) {
            (uint256 least, uint256 value) = (maintenance.field(place), initial.field(place));
            _requireAtMost(id, value, PPM);
            if (value < least) revert IRiskParameters.InitialBelowMaintenance(id, value, least);
        }
        GroupWord offsets = groupOf(table, traits.group());
        _checkSet(id, maintenance, traits, worst, offsets.rho(false));
        _checkSet(id, initial, traits, worst, offsets.rho(true));

        // a larger x_d moves shock from the add-on of spot into what shorts and options may offset: x_c makes up for it
        uint256 step = initial.derivativeShock() - maintenance.derivativeShock();
        _requireAtLeast(id, initial.collateralShock(), maintenance.collateralShock() + step);
    }

    /// @param worst Largest multiplier of shocks and impact: volatility times staleness, up [ppm].
    function _checkSet(uint256 id, MarginSetWord set, TraitsWord traits, uint256 worst, uint256 rho) private pure {
        uint256 collateral = set.collateralShock();
        uint256 derivative = set.derivativeShock();
        _requireAtLeast(id, derivative, 1);
        _requireAtMost(id, derivative, collateral);
        // safe because shocks and charges are at most PPM, rho too, tenors below 2^32 and worst below 2^64
        unchecked {
            _requireAtMost(id, collateral, derivative + set.basisCharge());

            // spot never counts less than nothing, and a shock shared by a group less than its spot
            uint256 taken = set.haircut() + _divUp(collateral * worst, PPM);
            _requireAtMost(id, taken, PPM);
            _requireAtMost(id, _divUp(rho * derivative * worst, PPM * PPM), PPM - taken);

            uint256 basis = set.basisCharge() + _divUp(set.basisPerYear() * traits.maxTenor(), YEAR);
            _requireAtMost(id, basis, 2 * derivative);
            _requireAtMost(id, basis, collateral);
        }
    }

    /// @dev Underlyings are numbered from 1 to MAX_FEED_ID.
    function requireId(uint256 id) internal pure {
        _requireAtLeast(id, id, 1);
        _requireAtMost(id, id, MAX_FEED_ID);
    }

    /// @dev Groups that can be set are numbered from 1; 0 is none.
    function requireGroup(uint256 group) internal pure {
        _requireAtLeast(0, group, 1);
        _requireAtMost(0, group, MAX_GROUP);
    }

    function _requireAtMost(uint256 id, uint256 value, uint256 limit) private pure {
        if (value > limit) revert IRiskParameters.RiskParameterOutOfRange(id, value, limit);
    }

    function _requireAtLeast(uint256 id, uint256 value, uint256 limit) private pure {
        if (value < limit) revert IRiskParameters.RiskParameterOutOfRange(id, value, limit);
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        // safe because products of parameters are below 2^128
        unchecked {
            return (a + b - 1) / b;
        }
    }
}
