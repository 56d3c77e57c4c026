// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ICollateralHub} from "../interfaces/ICollateralHub.sol";
import {LockReport} from "../types/RemoteMessages.sol";

using LockClaim for Claim global;

/// @notice What the hub knows of an account's lock on another chain.
struct Claim {
    uint128 locked; // finally [token units]
    uint128 credited; // or given back there, and never to be credited [token units]
    uint64 sequence; // of the last final report
    uint64 fastSequence; // of the last fast report
    uint48 nextCreditAt; // served in a queue not before [s]
    uint48 forgottenAt; // the next final report may say less than the last if it was made from here on; 0: not [s]
    bool admitted; // the owner lets the hub deposit, and the vault takes it, when last looked at
    uint128 fastLocked; // on the word of fast transports, where `fastSequence` is the newer [token units]
    uint48 fastTime; // of that report on the spoke's chain [s]
}

/// @notice What a claim adds to the sums of its route [token units].
struct Parts {
    uint256 waiting;
    uint256 unbacked;
    uint256 fast;
}

/// @title Claims: how reports change what is known of a lock, and what of it counts.
library LockClaim {
    using SafeCast for uint256;

    /// @dev Most that a spoke's clock is taken to be ahead [s].
    uint256 internal constant CLOCKS = 15 minutes;

    /// @dev Final word replaces fast word that is not newer. What was ever locked never falls, unless it was forgotten
    /// before the report was made.
    function takeFinal(Claim memory self, LockReport memory report) internal pure {
        if (report.sequence < self.sequence) {
            revert ICollateralHub.ReportOutdated(report.account, report.sequence, self.sequence);
        }
        bool afterwards = report.time >= self.forgottenAt;
        if (report.locked < self.locked && (self.forgottenAt == 0 || !afterwards)) {
            revert ICollateralHub.ReportContradicts(report.account, report.locked, self.locked);
        }
        (self.locked, self.sequence) = (report.locked, report.sequence);
        if (afterwards) self.forgottenAt = 0;
        if (report.sequence >= self.fastSequence || report.time > self.fastTime) {
            (self.fastLocked, self.fastSequence, self.fastTime) = (0, 0, 0);
        }
    }

    /// @dev Fast word counts for no more than the fast part beyond final word. It says no less than before. Where what
    /// was credited on fast word is not final, none is added: it makes nothing good that final word has undone, and
    /// hides nothing by being said anew. Its time is its own as far as clocks may differ, so that older final word does
    /// not undo it.
    function takeFast(Claim memory self, LockReport memory report, uint256 fastCap) internal view {
        uint64 known = self.sequence > self.fastSequence ? self.sequence : self.fastSequence;
        if (report.sequence <= known) {
            revert ICollateralHub.ReportOutdated(report.account, report.sequence, known);
        }
        if (report.locked < self.fastLocked) {
            revert ICollateralHub.ReportContradicts(report.account, report.locked, self.fastLocked);
        }
        uint256 open = beyond(self, false);
        if (open != 0) revert ICollateralHub.ReportTooWeak(report.account, open);
        uint256 counts = FixedPointMathLib.min(report.locked, self.locked + fastCap);
        self.fastLocked = FixedPointMathLib.max(self.fastLocked, counts).toUint128();
        self.fastSequence = report.sequence;
        self.fastTime = FixedPointMathLib.min(report.time, block.timestamp + CLOCKS).toUint48();
    }

    /// @dev Forgets reports; what was locked by final word counts as far as it was credited.
    function forget(Claim memory self, uint64 sequence) internal view {
        if (self.locked > self.credited) self.locked = self.credited;
        (self.fastLocked, self.fastSequence, self.fastTime) = (0, 0, 0);
        (self.sequence, self.forgottenAt) = (sequence, block.timestamp.toUint48());
    }

    /// @dev What the claim adds to each sum of its route.
    function parts(Claim memory self) internal pure returns (Parts memory) {
        return Parts(waiting(self), beyond(self, true), beyond(self, false));
    }

    /// @dev Locked as far as it may count: finally, or as fast transports say where that is the newer and more [token
    /// units].
    function countable(Claim memory self) internal pure returns (uint256) {
        bool fast = self.fastSequence > self.sequence && self.fastLocked > self.locked;
        return fast ? self.fastLocked : self.locked;
    }

    /// @dev Locked on any word and not credited [token units].
    function left(Claim memory self) internal pure returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(countable(self), self.credited);
    }

    /// @dev Finally locked and not credited [token units].
    function settled(Claim memory self) internal pure returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(self.locked, self.credited);
    }

    /// @dev The same where it could be credited: what cannot be deposited holds up nobody [token units].
    function waiting(Claim memory self) internal pure returns (uint256) {
        return self.admitted ? settled(self) : 0;
    }

    /// @dev Credited beyond what is locked, on any word or on final word [token units].
    function beyond(Claim memory self, bool anyWord) internal pure returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(self.credited, anyWord ? countable(self) : self.locked);
    }
}
