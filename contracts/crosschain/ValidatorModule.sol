// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInterchainSecurityModule} from "@hyperlane-xyz/core/contracts/interfaces/IInterchainSecurityModule.sol";
import {
    AbstractMessageIdMultisigIsm
} from "@hyperlane-xyz/core/contracts/isms/multisig/AbstractMessageIdMultisigIsm.sol";
import {AbstractMultisigIsm} from "@hyperlane-xyz/core/contracts/isms/multisig/AbstractMultisigIsm.sol";
import {Message} from "@hyperlane-xyz/core/contracts/libs/Message.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Pause} from "./Pause.sol";

/// @title Hyperlane security module: m of n validators of one's own choosing an origin, which a guardian can pause.
/// @notice Verification is Hyperlane's; whose signatures count is set here.
contract ValidatorModule is AbstractMultisigIsm, AbstractMessageIdMultisigIsm, AccessManaged {
    using Message for bytes;
    using Pause for uint64;

    /// @notice Validators are to be in ascending order, each once, and none zero.
    /// @param validator The first that is not.
    error ValidatorsUnordered(address validator);

    /// @notice The threshold is 0, or more than there are validators.
    /// @param threshold What was given.
    /// @param count Validators.
    error ThresholdOutOfRange(uint256 threshold, uint256 count);

    /// @notice A guardian has paused the module.
    /// @param until When it goes on [s].
    error ModulePaused(uint256 until);

    /// @notice Validators of an origin were set.
    /// @param domain The origin.
    /// @param validators All, in ascending order.
    /// @param threshold How many have to sign.
    event ValidatorsSet(uint32 indexed domain, address[] validators, uint8 threshold);

    /// @notice A guardian has paused the module, or governance has let it go on.
    /// @param until When it goes on [s].
    event PausedUntil(uint256 until);

    /// @notice Nothing is verified before this time [s].
    uint64 public pausedUntil;

    mapping(uint32 domain => address[]) private _validators;
    mapping(uint32 domain => uint8) private _thresholds;

    constructor(address authority) AccessManaged(authority) {}

    /// @notice Sets the validators of an origin. Governance only.
    /// @param domain The origin.
    /// @param validators In ascending order, each once.
    /// @param threshold How many have to sign, from 1.
    function setValidators(uint32 domain, address[] calldata validators, uint8 threshold) external restricted {
        if (threshold == 0 || threshold > validators.length) revert ThresholdOutOfRange(threshold, validators.length);
        address last;
        for (uint256 i; i < validators.length; ++i) {
            if (validators[i] <= last) revert ValidatorsUnordered(validators[i]);
            last = validators[i];
        }
        (_validators[domain], _thresholds[domain]) = (validators, threshold);
        emit ValidatorsSet(domain, validators, threshold);
    }

    /// @notice Stops the module for a while. Guardian only.
    /// @param duration How long; an earlier pause is never shortened [s].
    function pause(uint256 duration) external restricted {
        pausedUntil = pausedUntil.extended(duration);
        emit PausedUntil(pausedUntil);
    }

    /// @notice Ends a pause. Governance only.
    function unpause() external restricted {
        pausedUntil = 0;
        emit PausedUntil(0);
    }

    /// @notice Whose signatures count for a message.
    /// @param message A message of Hyperlane's.
    /// @return Validators of its origin.
    /// @return How many have to sign.
    function validatorsAndThreshold(bytes calldata message) public view override returns (address[] memory, uint8) {
        if (pausedUntil.isOn()) revert ModulePaused(pausedUntil);
        return validatorsOf(message.origin());
    }

    /// @notice Whose signatures count for an origin, paused or not.
    /// @param domain The origin.
    /// @return All validators, in ascending order.
    /// @return How many have to sign.
    function validatorsOf(uint32 domain) public view returns (address[] memory, uint8) {
        return (_validators[domain], _thresholds[domain]);
    }

    /// @notice What kind of module it is: how relayers make its metadata.
    /// @return Hyperlane's number of modules of validators that sign message ids.
    function moduleType() external pure returns (uint8) {
        // safe because an enum of few
        return uint8(IInterchainSecurityModule.Types.MESSAGE_ID_MULTISIG);
    }
}
