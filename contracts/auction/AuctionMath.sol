// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AuctionParams} from "../interfaces/ILiquidationAuction.sol";
import {MarginMath} from "../risk/MarginMath.sol";
import {WAD} from "../types/Constants.sol";

/// @notice All of a solvent account but the reserved cash, which earlier bids of the same auction paid in [wad USD].
struct Rest {
    uint256 value; // mark value less the reserved cash
    int256 excess; // maintenance excess less the reserved cash
    uint256 requirement; // R of the maintenance margin
    uint256 reserved;
}

/// @title Auction mathematics: price curve, payments, largest slice, bundles, the starter's pay.
/// @notice Amounts are wad USD below 2^127, fractions and prices wad; what a bidder pays is rounded up, what he gets
/// down.
library AuctionMath {
    /// @notice An account whose excess is this little below its target counts as restored: slices of legs are rounded
    /// to the wei [wad USD].
    uint256 internal constant RESTORED_TOLERANCE = 1e12;
    /// @dev The starter gets at most 1 / STARTER_VALUE_PART of the account's value.
    uint256 private constant STARTER_VALUE_PART = 100;
    uint256 private constant TOKEN_DECIMALS = 18;

    /* SOLVENT PHASE */

    /// @dev Price of a unit of value after `elapsed` seconds [wad]: falls fast to the floor, then slowly to 0; each
    /// fall rounded down.
    function discount(AuctionParams memory p, uint256 elapsed) internal pure returns (uint256) {
        (uint256 fast, uint256 slow, uint256 floor) = (p.fastDuration, p.slowDuration, p.floorPrice);
        // safe because the floor is at most the start, durations are above 0, and prices fit 64 bits and times 32
        unchecked {
            if (elapsed <= fast) return p.startPrice - (p.startPrice - floor) * elapsed / fast;
            if (elapsed - fast < slow) return floor - floor * (elapsed - fast) / slow;
            return 0;
        }
    }

    /// @dev What a bidder pays for a fraction, rounded up twice.
    function paymentUp(uint256 fraction, uint256 value, uint256 price) internal pure returns (uint256) {
        return FixedPointMathLib.mulWadUp(FixedPointMathLib.mulWadUp(fraction, value), price);
    }

    /// @dev Largest fraction one bid may take, rounded up: what brings the excess to its target. 0 if it is there, all
    /// of a small account.
    function largestFractionUp(AuctionParams memory p, Rest memory rest, uint256 price)
        internal
        pure
        returns (uint256)
    {
        // safe because amounts are below 2^127; need > 0 makes shortOfTarget negative, so that the gain is positive
        unchecked {
            int256 shortOfTarget = rest.excess - int256(targetDown(p.targetBuffer, rest.requirement));
            int256 need = -shortOfTarget - int256(rest.reserved);
            if (need <= 0) return 0;
            if (rest.value <= p.smallAccount) return WAD;
            uint256 gain = uint256(int256(FixedPointMathLib.mulWad(rest.value, price)) - shortOfTarget);
            return FixedPointMathLib.min(WAD, FixedPointMathLib.divWadUp(uint256(need), gain));
        }
    }

    /// @dev Value a bidder may keep for a bundle that lifts the excess by `benefit` at mark, rounded down at each
    /// division.
    /// A slice lifts it by value - excess for each value * (1 - price) given up; a bundle must do better by 1 /
    /// bundleShare.
    function bundleGiveUpDown(AuctionParams memory p, Rest memory rest, int256 benefit, uint256 price)
        internal
        pure
        returns (uint256)
    {
        if (benefit <= 0) return 0;
        // safe because benefit is positive, and the value exceeds the excess by the requirement and haircuts at least
        uint256 given = FixedPointMathLib.mulWad(uint256(benefit), WAD - price);
        given = given * rest.value / uint256(int256(rest.value) - rest.excess);
        return FixedPointMathLib.mulWad(given, p.bundleShare);
    }

    /// @dev Cash for `amount` token units at `price`, rounded up.
    function collateralPriceUp(uint256 amount, uint256 decimals, uint256 price) internal pure returns (uint256) {
        return FixedPointMathLib.mulWadUp(amount * 10 ** (TOKEN_DECIMALS - decimals), price);
    }

    /* INSOLVENT PHASE */

    /// @dev What the whole pays its bidder after `elapsed` seconds: the shortfall plus a part of the requirement that
    /// rises to all of it, down.
    function payoutDown(AuctionParams memory p, uint256 shortfall, uint256 requirement, uint256 elapsed)
        internal
        pure
        returns (uint256)
    {
        uint256 length = p.insolventDuration;
        return shortfall + requirement * FixedPointMathLib.min(elapsed, length) / length;
    }

    /* BOTH */

    /// @dev The fraction of signed cash that goes to a bidder, toward minus infinity.
    function cashSliceDown(uint256 fraction, int256 cash) internal pure returns (int256) {
        // safe because cash fits 128 bits and a fraction 60
        return MarginMath.signedMulDown(cash, int256(fraction));
    }

    /// @dev Excess at which an account is restored, rounded down.
    function targetDown(uint256 targetBuffer, uint256 requirement) internal pure returns (uint256) {
        return FixedPointMathLib.mulWad(targetBuffer, requirement);
    }

    /// @dev Whether the excess reaches its target, within the tolerance and never below 0.
    function isRestored(uint256 targetBuffer, uint256 requirement, int256 excess) internal pure returns (bool) {
        // safe because excess is not negative where it is converted
        return excess >= 0 && uint256(excess) + RESTORED_TOLERANCE >= targetDown(targetBuffer, requirement);
    }

    /// @dev Pay for starting an auction: flat tip and a share of the shortfall, capped, at most 1 % of a positive
    /// value, down.
    function starterPayDown(AuctionParams memory p, uint256 shortfall, int256 value) internal pure returns (uint256) {
        if (value <= 0) return 0;
        uint256 pay = p.starterFlat + FixedPointMathLib.mulWad(shortfall, p.starterShare);
        pay = FixedPointMathLib.min(pay, p.starterCap);
        // safe because value is positive
        return FixedPointMathLib.min(pay, uint256(value) / STARTER_VALUE_PART);
    }
}
