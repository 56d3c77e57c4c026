// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IOptionOracle} from "../interfaces/IOptionOracle.sol";
import {InstrumentId} from "../types/InstrumentId.sol";

/// @title What trades and auctions do before they rely on risk arrays.
library RecentArrays {
    /// @notice Refreshes the arrays, of the options among instruments, that are not recent. Uses up the list.
    function refresh(IClearinghouse clearinghouse, uint64[] memory ids) internal {
        ids = InstrumentId.optionsOf(ids);
        if (ids.length != 0) IOptionOracle(clearinghouse.options()).refreshStale(ids);
    }
}
