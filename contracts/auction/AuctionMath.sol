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

/// @title Auction mathematics: reward, payments, largest slice, bundles, payouts, the starter's pay.
/// @notice Amounts are wad USD below 2^127, fractions and prices wad; what a bidder pays is rounded up, what he gets
/// down.
library AuctionMath {
    /// @notice An account whose excess is this little below its target counts as restored: slices of legs are rounded
    /// to the wei [wad USD].
    uint256 internal constant RESTORED_TOLERANCE = 1e12;
    /// @notice Least fraction of a slice, and least part of what is missing to the target that a bundle brings: dust
    /// must not change what others bid for [wad].
    uint256 internal constant LEAST_PART = 0.01e18;
    /// @dev The starter gets at most 1 / STARTER_VALUE_PART of the account's value.
    uint256 private constant STARTER_VALUE_PART = 100;
    uint256 private constant TOKEN_DECIMALS = 18;

    /* SOLVENT PHASE */

    /// @dev What taking the whole earns after `elapsed` seconds, down, at most its value. A part of the requirement
    /// that rises fast to its knee, then slowly to all that the margin holds back: that is more than an account below
    /// maintenance is worth, so that in the end the price is 0 whatever the margin consists of.
    function rewardDown(AuctionParams memory p, Rest memory rest, uint256 elapsed) internal pure returns (uint256) {
        (uint256 fast, uint256 slow, uint256 start, uint256 knee) =
            (p.fastDuration, p.slowDuration, p.startReward, p.kneeReward);
        // safe because the knee is at least the start and at most WAD, durations are above 0, amounts are below 2^127
        // and times and durations below 2^32
        unchecked {
            if (elapsed < fast) {
                uint256 rate = start + (knee - start) * elapsed / fast;
                return FixedPointMathLib.min(rest.value, rate * rest.requirement / WAD);
            }
            uint256 least = knee * rest.requirement / WAD;
            uint256 risen = (_heldBack(rest) - least) * FixedPointMathLib.min(elapsed - fast, slow) / slow;
            return FixedPointMathLib.min(rest.value, least + risen);
        }
    }

    /// @dev What the margin keeps of an account: its requirement, and what haircuts and impact take off spot.
    function _heldBack(Rest memory rest) private pure returns (uint256) {
        // safe because amounts are below 2^127, and a difference below 0 loses against the requirement
        unchecked {
            int256 held = int256(rest.value) - rest.excess;
            return held > int256(rest.requirement) ? uint256(held) : rest.requirement;
        }
    }

    /// @dev What a bidder pays for a fraction of what has a price, up.
    function paymentUp(uint256 fraction, uint256 price) internal pure returns (uint256) {
        return FixedPointMathLib.mulWadUp(fraction, price);
    }

    /// @dev Largest fraction one bid may take, up: what brings the excess to its target. 0 if it is there, all of a
    /// small account. At least the least part, and all where less than that would be left: a bid always helps, by more
    /// than moving a slice can round.
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
            uint256 gain = uint256(int256(price) - shortOfTarget);
            uint256 fraction = FixedPointMathLib.divWadUp(uint256(need), gain);
            return fraction > WAD - LEAST_PART ? WAD : FixedPointMathLib.max(fraction, LEAST_PART);
        }
    }

    /// @dev Value a bidder may keep for a bundle that lifts the excess by `benefit` at mark, down at each division,
    /// where taking the whole earns `reward`.
    /// A slice lifts it by value - excess before it is paid for, and gives up the reward for that; a bundle must do
    /// better by 1 / bundleShare.
    function bundleGiveUpDown(AuctionParams memory p, Rest memory rest, int256 benefit, uint256 reward)
        internal
        pure
        returns (uint256)
    {
        if (benefit <= 0) return 0;
        // safe because benefit is positive, amounts are below 2^127, an account below maintenance has a value above its
        // excess, and the share is below WAD
        unchecked {
            uint256 given = uint256(benefit) * reward / uint256(int256(rest.value) - rest.excess);
            return given * p.bundleShare / WAD;
        }
    }

    /// @dev Least rise of the excess by a bundle that does not restore: a part of what is missing to the target, up.
    function bundleLeastUp(AuctionParams memory p, Rest memory rest) internal pure returns (uint256) {
        int256 missing = int256(targetDown(p.targetBuffer, rest.requirement)) - rest.excess - int256(rest.reserved);
        // safe because an account below maintenance is short of its target
        return FixedPointMathLib.mulWadUp(uint256(missing), LEAST_PART);
    }

    /// @dev Cash for `amount` token units at `price`, rounded up.
    function collateralPriceUp(uint256 amount, uint256 decimals, uint256 price) internal pure returns (uint256) {
        return FixedPointMathLib.mulWadUp(amount * 10 ** (TOKEN_DECIMALS - decimals), price);
    }

    /* INSOLVENT PHASE */

    /// @dev What the whole pays its bidder after `elapsed` seconds, down: the shortfall, plus a part of the requirement
    /// that rises to all of it. Where little is required it rises to a flat sum, but to no more than the shortfall: a
    /// debt without legs is cleared, and debts of dust do not pay.
    function payoutDown(AuctionParams memory p, uint256 shortfall, uint256 requirement, uint256 elapsed)
        internal
        pure
        returns (uint256)
    {
        uint256 length = p.insolventDuration;
        uint256 rise = FixedPointMathLib.max(requirement, FixedPointMathLib.min(shortfall, p.insolventFlat));
        // safe because amounts are below 2^127, and lengths, which are above 0, below 2^32
        unchecked {
            return shortfall + rise * FixedPointMathLib.min(elapsed, length) / length;
        }
    }

    /* BOTH */

    /// @dev Of the cash that earlier bids paid in, what is there: settling a losing leg may have used some.
    function reservedOf(uint256 reserved, int256 cash) internal pure returns (uint256) {
        // safe because positive cash is converted
        return cash > 0 ? FixedPointMathLib.min(reserved, uint256(cash)) : 0;
    }

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
