// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Deployed as OpenZeppelin wrote it; named here so that the compiler makes its artifact.
// solhint-disable-next-line no-unused-import
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
