// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";

import {IRiskParameters, UnderlyingParams} from "./interfaces/IRiskParameters.sol";
import {RiskTable} from "./risk/RiskTable.sol";
import {MAX_FEED_ID} from "./types/Constants.sol";
import {GlobalParams} from "./types/GlobalsWord.sol";
import {GroupParams} from "./types/GroupWord.sol";
import {MarginSetsWord} from "./types/MarginSetsWord.sol";

/// @title Risk parameters: owns the table that margins are computed with, and checks it.
contract RiskParameters is IRiskParameters, AccessManaged {
    /// @inheritdoc IRiskParameters
    address public table;

    /// @param authority Access manager.
    /// @param source Where volatility multipliers come from.
    constructor(address authority, address source) AccessManaged(authority) {
        bytes memory first = RiskTable.empty();
        RiskTable.setSource(first, source);
        table = SSTORE2.write(first);
        emit VolatilitySourceSet(source);
    }

    /* GOVERNANCE */

    /// @inheritdoc IRiskParameters
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

        bytes memory next = _loaded(MAX_FEED_ID);
        _setGlobals(next, globals);
        for (uint256 i; i < groups.length; ++i) {
            _setGroup(next, groups[i], offsets[i]);
        }
        for (uint256 i; i < underlyings.length; ++i) {
            _setUnderlying(next, underlyings[i], params[i]);
        }

        RiskTable.check(next);
        _store(next);
    }

    /// @inheritdoc IRiskParameters
    function setVolatilitySource(address newSource) external restricted {
        bytes memory next = _loaded(MAX_FEED_ID);
        RiskTable.setSource(next, newSource);
        _store(next);
        emit VolatilitySourceSet(newSource);
    }

    function _setGlobals(bytes memory next, GlobalParams memory globals) private {
        RiskTable.setGlobals(next, globals);
        emit GlobalSet(globals);
    }

    function _setGroup(bytes memory next, uint256 group, GroupParams memory offsets) private {
        RiskTable.requireGroup(group);
        RiskTable.setGroup(next, group, offsets);
        emit GroupSet(group, offsets);
    }

    function _setUnderlying(bytes memory next, uint256 id, UnderlyingParams memory params) private {
        RiskTable.requireId(id);
        uint256 unit = RiskTable.traitsOf(next, id).exposureUnit();
        if (unit != 0 && params.exposureUnit != unit) revert ExposureUnitChanged(id, params.exposureUnit, unit);
        RiskTable.setUnderlying(next, id, params);
        emit UnderlyingSet(id, params);
    }

    function _store(bytes memory next) private {
        table = SSTORE2.write(RiskTable.trimmed(next));
    }

    /// @dev The table up to an underlying.
    function _loaded(uint256 lastId) private view returns (bytes memory) {
        return RiskTable.load(table, lastId);
    }

    /* VIEWS */

    /// @inheritdoc IRiskParameters
    function underlyingParams(uint256 underlying) external view returns (UnderlyingParams memory) {
        return RiskTable.underlyingOf(_record(underlying), underlying);
    }

    /// @inheritdoc IRiskParameters
    function maxTenorOf(uint256 underlying) external view returns (uint256) {
        return RiskTable.traitsOf(_record(underlying), underlying).maxTenor();
    }

    /// @inheritdoc IRiskParameters
    function derivativeShocksOf(uint256 underlying) external view returns (uint256 maintenance, uint256 initial) {
        MarginSetsWord sets = RiskTable.setsOf(_record(underlying), underlying);
        return (sets.maintenance().derivativeShock(), sets.initial().derivativeShock());
    }

    /// @dev The table up to an underlying that has parameters.
    function _record(uint256 underlying) private view returns (bytes memory loaded) {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        loaded = _loaded(underlying);
        if (RiskTable.setsOf(loaded, underlying).isNone()) revert UnknownUnderlying(underlying);
    }

    /// @inheritdoc IRiskParameters
    function groupParams(uint256 group) external view returns (GroupParams memory) {
        return RiskTable.groupParamsOf(_loaded(0), group);
    }

    /// @inheritdoc IRiskParameters
    function globalParams() external view returns (GlobalParams memory) {
        return RiskTable.globalsOf(_loaded(0)).decode();
    }

    /// @inheritdoc IRiskParameters
    function volatilitySource() external view returns (address) {
        return RiskTable.source(_loaded(0));
    }
}
