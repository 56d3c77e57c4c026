// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IExpiries} from "./interfaces/IExpiries.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {SETTLEMENT_WINDOW} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {MODULE_CLEARINGHOUSE, includes} from "./types/Permissions.sol";
import {PriceStatus} from "./types/PriceStatus.sol";

/// @title Expiries: owns averaging windows and final averages.
/// @dev Asks the oracle that the clearinghouse names, and the vault who the clearinghouse is.
contract Expiries is IExpiries {
    /// @dev The window at the expiry of an underlying whose average all its series settle at.
    struct Window {
        // slot 0: 20 + 4 bytes
        IOracleAdapter oracle; // whose integral it is
        uint32 start; // [s]
        uint256 integral; // of the index at the start [wad USD s]
        uint256 average; // 0: not known yet [wad USD]
    }

    /// @notice The vault, which says who the clearinghouse is.
    IMarginVault public immutable vault;

    mapping(uint256 expiryKey => Window) private _windows;

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

    /* CLEARINGHOUSE */

    /// @inheritdoc IExpiries
    function start(uint64 id, IOracleAdapter oracle) external onlyClearinghouse {
        uint256 expiry = InstrumentId.expiryOf(id);
        uint256 earliest = expiry - SETTLEMENT_WINDOW;
        if (block.timestamp < earliest) revert SettlementTooEarly(id, block.timestamp, earliest);
        Window storage window = _windowOf(id);
        if (window.average != 0) revert AverageKnown(id, window.average);
        uint256 started = _startOf(window, oracle);
        uint256 latest = _endOf(started, expiry) + SETTLEMENT_WINDOW;
        if (started != 0 && block.timestamp <= latest) revert SettlementRunning(id, block.timestamp, latest);

        window.integral = _integral(id, oracle);
        // safe because the time fits 32 bits until 2106
        window.start = uint32(block.timestamp);
        window.oracle = oracle;
    }

    /// @inheritdoc IExpiries
    function finish(uint64 id, IOracleAdapter oracle) external onlyClearinghouse returns (uint256 average) {
        Window storage window = _windowOf(id);
        average = window.average;
        if (average != 0) return average;
        // prices that were Valid once are at least 1, so that a known average is not 0
        average = _averageNow(window, id, oracle);
        window.average = average;
    }

    /// @dev Average of the index over a window that may be finished now.
    function _averageNow(Window storage window, uint64 id, IOracleAdapter oracle) private view returns (uint256) {
        uint256 started = _startOf(window, oracle);
        if (started == 0) revert SettlementNotStarted(id);
        uint256 earliest = _endOf(started, InstrumentId.expiryOf(id));
        if (block.timestamp < earliest) revert SettlementTooEarly(id, block.timestamp, earliest);
        uint256 latest = earliest + SETTLEMENT_WINDOW;
        if (block.timestamp > latest) revert SettlementWindowPassed(id, block.timestamp, latest);
        return (_integral(id, oracle) - window.integral) / (block.timestamp - started);
    }

    /// @dev Of the index of an instrument, whose price must be Valid now [wad USD s].
    function _integral(uint64 id, IOracleAdapter oracle) private view returns (uint256) {
        uint256 underlying = InstrumentId.underlyingOf(id);
        if (oracle.price(underlying).status != PriceStatus.Valid) revert PriceNotValid(underlying);
        return oracle.cumulative(underlying);
    }

    /// @dev That of the instrument's underlying and expiry.
    function _windowOf(uint64 id) private view returns (Window storage) {
        return _windows[InstrumentId.expiryKeyOf(id)];
    }

    /// @dev Start of the averaging window; another oracle's integral is none.
    function _startOf(Window storage window, IOracleAdapter oracle) private view returns (uint256) {
        return address(window.oracle) == address(oracle) ? window.start : 0;
    }

    /// @dev A window may be finished one window after its start and not before expiry, and for as long after that.
    function _endOf(uint256 started, uint256 expiry) private pure returns (uint256) {
        return FixedPointMathLib.max(expiry, started + SETTLEMENT_WINDOW);
    }

    /* VIEWS */

    /// @inheritdoc IExpiries
    function averageOf(uint64 id) external view returns (uint256) {
        return _windowOf(id).average;
    }

    /// @inheritdoc IExpiries
    function isFinishable(uint64 id, IOracleAdapter oracle) external view returns (bool) {
        Window storage window = _windowOf(id);
        uint256 started = _startOf(window, oracle);
        if (window.average != 0 || started == 0) return false;
        uint256 earliest = _endOf(started, InstrumentId.expiryOf(id));
        if (block.timestamp < earliest || block.timestamp > earliest + SETTLEMENT_WINDOW) return false;
        return oracle.price(InstrumentId.underlyingOf(id)).status == PriceStatus.Valid;
    }

    /// @inheritdoc IExpiries
    function windowOf(uint64 id, IOracleAdapter oracle) external view returns (uint256 startedAt, uint256 average) {
        Window storage window = _windowOf(id);
        return (_startOf(window, oracle), window.average);
    }
}
