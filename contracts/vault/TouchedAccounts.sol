// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TouchMode} from "../interfaces/IMarginVault.sol";

/// @notice The accounts that the open operation touched, in
/// transient storage (EIP-1153): append-only until the gate closes.
/// @dev Every slot is cleared at the close, so that several operations of one transaction do not see each other's.
library TouchedAccounts {
    /// @dev Where the number of accounts is; their list follows it. Far above the slots of variables, and no hash.
    uint256 private constant LIST = 2 ** 128;
    /// @dev How far behind an account's mode its requirement is, and a wei: what says that `keepBefore` was called.
    uint256 private constant KEPT = 4;
    /// @dev How far behind an account's mode its least cash is.
    uint256 private constant LEAST_CASH = 5;
    /// @dev What the two modes multiply to, as no others do.
    uint256 private constant PAYING_AND_BID = uint256(TouchMode.Paying) * uint256(TouchMode.Bid);
    uint256 private constant MODE = uint256(keccak256("crossmargin.touched.mode"));

    /// @dev Notes `account` with the stricter of its mode so far and `mode`; who pays and bids is noted as a trader.
    /// @return earlier Its mode so far.
    function touch(uint256 account, TouchMode mode) internal returns (TouchMode earlier) {
        uint256 slot = _slotOf(account);
        earlier = TouchMode(_load(slot));
        if (earlier == TouchMode.None) {
            uint256 next = _load(LIST) + 1;
            _store(LIST, next);
            _store(LIST + next, account);
        }
        // a bid is judged at any prices, who pays one of several markets at Valid ones
        if (uint256(mode) * uint256(earlier) == PAYING_AND_BID) mode = TouchMode.Trade;
        if (mode > earlier) _store(slot, uint256(mode));
    }

    /// @dev Keeps margin excesses, equity and maintenance requirement of an account before it was reduced, for the
    /// check at the close; the first call counts.
    function keepBefore(uint256 account, int256 initial, int256 maintenance, int256 equity, uint256 requirement)
        internal
    {
        uint256 slot = _slotOf(account);
        // safe because the conversions only carry the bits, no hash comes so near to the end, and a requirement is
        // below 2^207
        unchecked {
            if (_load(slot + KEPT) != 0) return;
            _store(slot + 1, uint256(initial));
            _store(slot + 2, uint256(maintenance));
            _store(slot + 3, uint256(equity));
            _store(slot + KEPT, requirement + 1);
        }
    }

    /// @dev Whether `keepBefore` was called for the account.
    function hasBefore(uint256 account) internal view returns (bool) {
        return _load(_slotOf(account) + KEPT) != 0;
    }

    /// @dev What `keepBefore` kept: margin excesses, equity, requirement [wad USD]. It was called.
    function before(uint256 account)
        internal
        view
        returns (int256 initial, int256 maintenance, int256 equity, uint256 requirement)
    {
        uint256 slot = _slotOf(account);
        // safe because the bits were stored from signed numbers, and no hash comes so near to the end
        unchecked {
            initial = int256(_load(slot + 1));
            maintenance = int256(_load(slot + 2));
            equity = int256(_load(slot + 3));
            requirement = _load(slot + KEPT) - 1;
        }
    }

    /// @dev Adds to the least cash with which a bidder may leave where it may not borrow [wad USD].
    function addLeastCash(uint256 account, int256 cash) internal {
        // safe because no hash comes so near to the end
        unchecked {
            uint256 slot = _slotOf(account) + LEAST_CASH;
            // safe because the conversions only carry the bits, and cash is below 2^127
            _store(slot, uint256(int256(_load(slot)) + cash));
        }
    }

    /// @dev What `addLeastCash` added up [wad USD].
    function leastCash(uint256 account) internal view returns (int256) {
        // safe because the bits were stored from a signed number
        return int256(_load(_slotOf(account) + LEAST_CASH));
    }

    /// @dev Whether the account was touched with a mode.
    function contains(uint256 account) internal view returns (bool) {
        return _load(_slotOf(account)) != 0;
    }

    /// @dev How many accounts were touched.
    function count() internal view returns (uint256) {
        return _load(LIST);
    }

    /// @dev The i-th touched account, counted from 1, and its mode.
    function at(uint256 i) internal view returns (uint256 account, TouchMode mode) {
        account = _load(LIST + i);
        mode = TouchMode(_load(_slotOf(account)));
    }

    /// @dev Forgets everything.
    function clear() internal {
        uint256 n = _load(LIST);
        // safe because accounts are few, and no hash comes so near to the end
        unchecked {
            for (uint256 i = 1; i <= n; ++i) {
                uint256 slot = _slotOf(_load(LIST + i));
                _store(LIST + i, 0);
                _store(slot, 0);
                _store(slot + LEAST_CASH, 0);
                if (_load(slot + KEPT) == 0) continue;
                for (uint256 j = 1; j <= KEPT; ++j) {
                    _store(slot + j, 0);
                }
            }
        }
        _store(LIST, 0);
    }

    /// @dev Where an account's mode is; what else is kept of it lies in the slots behind it.
    function _slotOf(uint256 account) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(account, MODE)));
    }

    function _load(uint256 slot) private view returns (uint256 value) {
        // Equivalent to reading a transient variable that lies in `slot`.
        assembly ("memory-safe") {
            value := tload(slot)
        }
    }

    function _store(uint256 slot, uint256 value) private {
        // Equivalent to `= value` for a transient variable that lies in `slot`.
        assembly ("memory-safe") {
            tstore(slot, value)
        }
    }
}
