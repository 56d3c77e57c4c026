// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may call what in the venue, and after what delay: OpenZeppelin's access manager, with rules that no role
/// can change.
/// @notice 1. A guardian can cancel everything that is scheduled, the administrator's acts included, except the removal
/// of its own role: that is for another guardian to cancel.
/// 2. There is always a guardian: the last one can be replaced, not removed.
/// 3. Nobody is granted a role with a delay below `minimumDelay`, but guardians and posters, whose functions tighten
/// for a bounded time or post within steps.
/// 4. The administrator grants every role; who grants and who cancels is no setting.
/// @dev So after the deployer has renounced, whatever loosens waits for `minimumDelay` at least, and any guardian can
/// cancel it meanwhile.
contract Authority is AccessManager {
    /// @notice The role may not act that soon.
    /// @param roleId Role that was to be granted.
    /// @param delay Between scheduling and execution, as asked for [s].
    /// @param minimum Shortest delay of the role [s].
    error DelayTooShort(uint64 roleId, uint32 delay, uint32 minimum);

    /// @notice A guardian does not cancel its own removal; another guardian may.
    /// @param guardian Who would be removed.
    error OwnRemoval(address guardian);

    /// @notice Without a guardian nobody could cancel.
    /// @param guardian The last one.
    error LastGuardian(address guardian);

    /// @notice Role of those who cancel, and who tighten at once.
    uint64 public constant GUARDIAN_ROLE = 2;
    /// @notice Role of those who post prices and volatility.
    uint64 public constant POSTER_ROLE = 3;

    /// @notice Shortest time between scheduling and execution of what loosens [s].
    uint32 public immutable minimumDelay;
    /// @notice How many hold the guardian's role.
    uint256 public guardianCount;

    /// @param initialAdmin The deployer, who acts without delay until he gives the role up.
    /// @param minimumDelay_ For every role but the guardian's and the poster's, above 0 [s].
    constructor(address initialAdmin, uint32 minimumDelay_) AccessManager(initialAdmin) {
        if (minimumDelay_ == 0) revert DelayTooShort(ADMIN_ROLE, minimumDelay_, 1);
        minimumDelay = minimumDelay_;
    }

    /// @notice The role that cancels what needs a role: the guardian's, for each.
    /// @return GUARDIAN_ROLE.
    function getRoleGuardian(uint64) public pure override returns (uint64) {
        return GUARDIAN_ROLE;
    }

    /// @notice Cancels a scheduled operation. Whoever scheduled it, the administrator, a guardian.
    /// @dev The removal of a guardian is compared as the call encodes it: its bytes are the administrator's.
    /// @param caller Who scheduled it.
    /// @param target Contract that would be called.
    /// @param data The call.
    /// @return Number of the operation among those of the same caller, target and data.
    function cancel(address caller, address target, bytes calldata data) public override returns (uint32) {
        address guardian = _msgSender();
        if (target == address(this) && caller != guardian) {
            bytes memory removal = abi.encodeCall(this.revokeRole, (GUARDIAN_ROLE, guardian));
            if (keccak256(data) == keccak256(removal)) revert OwnRemoval(guardian);
        }
        return super.cancel(caller, target, data);
    }

    /// @dev The base grants the deployer's role while `minimumDelay` is still 0; nobody else gets one without delay.
    function _grantRole(uint64 roleId, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool newMember)
    {
        bool immediate = roleId == GUARDIAN_ROLE || roleId == POSTER_ROLE;
        if (!immediate && executionDelay < minimumDelay) revert DelayTooShort(roleId, executionDelay, minimumDelay);
        newMember = super._grantRole(roleId, account, grantDelay, executionDelay);
        if (newMember && roleId == GUARDIAN_ROLE) ++guardianCount;
    }

    /// @dev Renouncing ends here too.
    function _revokeRole(uint64 roleId, address account) internal override returns (bool removed) {
        removed = super._revokeRole(roleId, account);
        if (!removed || roleId != GUARDIAN_ROLE) return removed;
        if (guardianCount == 1) revert LastGuardian(account);
        --guardianCount;
    }

    /// @dev A guardian that is counted can cancel from its first second.
    function _setGrantDelay(uint64 roleId, uint32 newDelay) internal override {
        if (roleId == GUARDIAN_ROLE) revert AccessManagerLockedRole(roleId);
        super._setGrantDelay(roleId, newDelay);
    }

    /// @dev Whoever could grant a role without being the administrator would do so without its delay.
    function _setRoleAdmin(uint64 roleId, uint64) internal pure override {
        revert AccessManagerLockedRole(roleId);
    }

    /// @dev See `getRoleGuardian`.
    function _setRoleGuardian(uint64 roleId, uint64) internal pure override {
        revert AccessManagerLockedRole(roleId);
    }
}
