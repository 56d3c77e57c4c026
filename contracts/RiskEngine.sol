// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginReader} from "./MarginReader.sol";
import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {GlobalParams, GroupParams, IRiskEngine, Margin, UnderlyingParams} from "./interfaces/IRiskEngine.sol";
import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {MarginMath} from "./libraries/MarginMath.sol";
import {Portfolio} from "./libraries/Portfolio.sol";
import {RiskTable} from "./libraries/RiskTable.sol";
import {Words} from "./libraries/Words.sol";
import {Account} from "./types/AccountMemory.sol";
import {MAX_FEED_ID} from "./types/Constants.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";

/// @title Risk engine: collects an account in memory and passes it to pure libraries.
contract RiskEngine is IRiskEngine, MarginReader, AccessManaged {
    /// @inheritdoc IRiskEngine
    address public table;

    constructor(
        address authority,
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IOracleAdapter oracle_,
        IOptionOracle options_,
        IVolatilityMultiplier source
    ) AccessManaged(authority) MarginReader(vault_, clearinghouse_, oracle_, options_) {
        bytes memory first = RiskTable.empty();
        RiskTable.setSource(first, address(source));
        table = SSTORE2.write(first);
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

        Account memory a;
        a.initial = true;
        _build(a, cash, spot, words);
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

    /// @inheritdoc IRiskEngine
    function legValues(uint256 account) external view onlyVenue returns (int256[] memory values) {
        Account memory a = _load(account);
        _maintenance(a);
        uint256[] memory words = a.values;
        assembly ("memory-safe") {
            values := words
        }
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

    /* READING AN ACCOUNT */

    /// @dev An account with the maintenance set begun.
    function _load(uint256 account) private view returns (Account memory a) {
        (int256 cash, uint256[] memory spot, uint256[] memory words) = _read(account);
        _build(a, cash, spot, words);
    }

    /// @dev Fills an account with its prices, stored risk arrays and parameters, and begins the set that it names.
    function _build(Account memory a, int256 cash, uint256[] memory spot, uint256[] memory words) private view {
        uint256[] memory prices = _collect(a, cash, spot, words);
        uint256[] memory ids = _optionIds(words, 1);
        if (ids.length != 0) _setArrays(a, Words.query(address(options), IOptionOracle.words.selector, ids));
        _complete(a, spot, prices);
    }

    function _table() internal view override returns (address) {
        return table;
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

        bytes memory next = _parameters(MAX_FEED_ID);
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

    function _store(bytes memory next) private {
        table = SSTORE2.write(RiskTable.trimmed(next));
    }

    function _parameters(uint256 lastId) private view returns (bytes memory) {
        return RiskTable.load(table, lastId);
    }

    function _setGlobals(bytes memory next, GlobalParams memory globals) private {
        RiskTable.packGlobals(next, globals);
        emit GlobalSet(globals);
    }

    function _setGroup(bytes memory next, uint256 group, GroupParams memory offsets) private {
        RiskTable.requireGroup(group);
        RiskTable.packGroup(next, group, offsets);
        emit GroupSet(group, offsets);
    }

    function _setUnderlying(bytes memory next, uint256 id, UnderlyingParams memory params) private {
        RiskTable.requireId(id);
        uint256 unit = RiskTable.exposureUnitOf(RiskTable.traitsOf(next, id));
        if (unit != 0 && params.exposureUnit != unit) revert ExposureUnitChanged(id, params.exposureUnit, unit);
        RiskTable.packUnderlying(next, id, params);
        emit UnderlyingSet(id, params);
    }

    /// @inheritdoc IRiskEngine
    function setVolatilitySource(address newSource) external restricted {
        bytes memory next = _parameters(MAX_FEED_ID);
        RiskTable.setSource(next, newSource);
        _store(next);
        emit VolatilitySourceSet(newSource);
    }

    /* VIEWS */

    /// @inheritdoc IRiskEngine
    function underlyingParams(uint256 underlying) external view returns (UnderlyingParams memory) {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        bytes memory loaded = _parameters(underlying);
        if (RiskTable.setsOf(loaded, underlying) == 0) revert UnknownUnderlying(underlying);
        return RiskTable.unpackUnderlying(loaded, underlying);
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
