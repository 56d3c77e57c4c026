// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionParams, ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {WAD} from "../types/Constants.sol";

/// @title What parameters of the auction may be: with none of them do auctions stop, or pay without bound.
library AuctionBounds {
    /// @dev Longest leg of a curve [s].
    uint256 private constant MAX_DURATION = 7 days;
    /// @dev Less would let the first time, which counts whatever is in doubt, pay more than a twentieth of the
    /// requirement [s].
    uint256 private constant LEAST_INSOLVENT_DURATION = 2 hours;
    /// @dev Least excess that restores an account, as a part of its requirement: less would be lost in rounding [wad].
    uint256 private constant LEAST_TARGET = 0.01e18;
    /// @dev Bounds of what counts as a small account [wad USD].
    uint256 private constant LEAST_SMALL_ACCOUNT = 1e18;
    uint256 private constant MAX_SMALL_ACCOUNT = 100_000e18;
    /// @dev Bounds of what a debt without requirement pays beyond itself: less would bring nobody [wad USD].
    uint256 private constant LEAST_INSOLVENT_FLAT = 5e18;
    uint256 private constant MAX_INSOLVENT_FLAT = 1000e18;
    /// @dev Least global cap: a breaker, never a stop [wad USD].
    uint256 private constant LEAST_EXPOSURE_CAP = 1000e18;
    /// @dev Most of a shortfall that its starter gets [wad].
    uint256 private constant MAX_STARTER_SHARE = 0.1e18;

    /// @dev Refuses parameters beyond their bounds, with the value and the bound.
    function requireWithin(AuctionParams memory p) internal pure {
        _requireAtMost(p.startReward, p.kneeReward);
        _requireAtMost(p.kneeReward, WAD);
        _requireBetween(p.targetBuffer, LEAST_TARGET, WAD);
        _requireBetween(p.fastDuration, 1, MAX_DURATION);
        _requireBetween(p.slowDuration, 1, MAX_DURATION);
        _requireBetween(p.smallAccount, LEAST_SMALL_ACCOUNT, MAX_SMALL_ACCOUNT);
        _requireBetween(p.insolventFlat, LEAST_INSOLVENT_FLAT, MAX_INSOLVENT_FLAT);
        _requireBetween(p.insolventDuration, LEAST_INSOLVENT_DURATION, MAX_DURATION);
        _requireAtMost(p.bundleShare, WAD - 1);
        _requireAtMost(p.starterShare, MAX_STARTER_SHARE);
        _requireAtMost(p.starterFlat, p.starterCap);
        _requireAtLeast(p.globalExposureCap, LEAST_EXPOSURE_CAP);
    }

    function _requireBetween(uint256 value, uint256 least, uint256 most) private pure {
        _requireAtLeast(value, least);
        _requireAtMost(value, most);
    }

    function _requireAtLeast(uint256 value, uint256 least) private pure {
        if (value < least) revert ILiquidationAuction.ParameterOutOfRange(value, least);
    }

    function _requireAtMost(uint256 value, uint256 most) private pure {
        if (value > most) revert ILiquidationAuction.ParameterOutOfRange(value, most);
    }
}
