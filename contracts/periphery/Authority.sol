// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may call what in the venue, and after what delay: OpenZeppelin's access manager as it is.
contract Authority is AccessManager {
    /// @param initialAdmin The deployer, who gives the role up when the venue is handed over.
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
