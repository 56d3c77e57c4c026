// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SpotWord} from "../types/SpotWord.sol";

/// @title Lists of ids and words that travel between contracts without the cost of ABI coding, which loops over every
/// element.
/// @dev A list is an array with two spare words in front of it, so that it becomes the calldata of `f(uint256[])` where
/// it lies.
library WordLists {
    /// @notice A call failed although there was less gas than it may use: nothing is decided on so little.
    error NotEnoughGas();

    /// @dev An empty list with room for `capacity` ids.
    function list(uint256 capacity) internal pure returns (uint256[] memory ids) {
        // Equivalent to `ids = new uint256[](0)` with two spare words before it and `capacity` behind it.
        assembly ("memory-safe") {
            ids := add(mload(0x40), 0x40)
            mstore(ids, 0)
            mstore(0x40, add(add(ids, 0x20), shl(5, capacity)))
        }
    }

    /// @dev Balances as plain words, where they lie.
    function listOf(SpotWord[] memory spot) internal pure returns (uint256[] memory words) {
        // Equivalent to `words[i] = SpotWord.unwrap(spot[i])` for every `i`, in the same memory.
        assembly ("memory-safe") {
            words := spot
        }
    }

    /// @dev A copy of balances.
    function copied(SpotWord[] calldata spot) internal pure returns (uint256[] memory) {
        return listOf(spot);
    }

    /// @dev A copy of words.
    function copied(uint256[] calldata words) internal pure returns (uint256[] memory) {
        return words;
    }

    /// @dev Appends an id up to 255 that is not yet listed; `slots` gets its place, from 1. Safe because the caller
    /// reserved room for every id and 256 bytes of slots.
    function pushOnce(uint256[] memory ids, bytes memory slots, uint256 id) internal pure {
        // hot loop: it runs for every asset and leg of a check, and bounds checks cost more than the rest
        // Equivalent to `if (slots[id] == 0) { ids.push(id); slots[id] = bytes1(uint8(ids.length)); }` unchecked.
        assembly ("memory-safe") {
            let slot := add(add(slots, 0x20), id)
            if iszero(byte(0, mload(slot))) {
                let length := add(mload(ids), 1)
                mstore(ids, length)
                mstore(add(ids, shl(5, length)), id)
                mstore8(slot, length)
            }
        }
    }

    /// @dev Sets the length; safe because callers have reserved that many elements.
    function truncate(uint256[] memory words, uint256 length) internal pure {
        // Equivalent to `words.length = length`, were that allowed.
        assembly ("memory-safe") {
            mstore(words, length)
        }
    }

    /// @dev Element `index`; safe because callers stay inside the array.
    function at(uint256[] memory words, uint256 index) internal pure returns (uint256 word) {
        // Equivalent to `word = words[index]` without the bounds check.
        assembly ("memory-safe") {
            word := mload(add(add(words, 0x20), shl(5, index)))
        }
    }

    /// @dev Writes element `index`; safe because callers stay inside the array.
    function put(uint256[] memory words, uint256 index, uint256 word) internal pure {
        // Equivalent to `words[index] = word` without the bounds check.
        assembly ("memory-safe") {
            mstore(add(add(words, 0x20), shl(5, index)), word)
        }
    }

    /// @dev The words that `f(uint256)` of a contract of the venue returns.
    function query(address target, bytes4 selector, uint256 argument) internal view returns (uint256[] memory words) {
        // Equivalent to `words = target.f(argument)`, `f` being the function of that selector, but for the checks that
        // there is a contract, and that what it returns is a list.
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, argument)
            let success := staticcall(gas(), target, 0x00, 0x24, 0x00, 0x00)
            words := mload(0x40)
            returndatacopy(words, 0x00, returndatasize())
            if iszero(success) { revert(words, returndatasize()) }
            mstore(0x40, add(words, returndatasize()))
            words := add(words, mload(words))
        }
    }

    /// @dev The words that `f(uint256[])` of a contract of the venue returns for a list.
    function query(address target, bytes4 selector, uint256[] memory ids)
        internal
        view
        returns (uint256[] memory words)
    {
        // Equivalent to `words = target.f(ids)`, `f` being the function of that selector, but for the checks that there
        // is a contract, and that what it returns is a list.
        assembly ("memory-safe") {
            let start := _request(ids, selector)
            let success := staticcall(gas(), target, start, add(0x44, shl(5, mload(ids))), 0x00, 0x00)
            words := mload(0x40)
            returndatacopy(words, 0x00, returndatasize())
            if iszero(success) { revert(words, returndatasize()) }
            mstore(0x40, add(words, returndatasize()))
            words := add(words, mload(words))

            function _request(ids_, selector_) -> start_ {
                // the offset of the list overwrites all but the four bytes of the selector
                start_ := sub(ids_, 0x24)
                mstore(start_, selector_)
                mstore(sub(ids_, 0x20), 0x20)
            }
        }
    }

    /// @dev As `query`, of a function that may write.
    function ask(address target, bytes4 selector, uint256[] memory ids) internal returns (uint256[] memory words) {
        // Equivalent to `words = target.f(ids)` with what `query` leaves out.
        assembly ("memory-safe") {
            // the offset of the list overwrites all but the four bytes of the selector
            let start := sub(ids, 0x24)
            mstore(start, selector)
            mstore(sub(ids, 0x20), 0x20)
            let success := call(gas(), target, 0, start, add(0x44, shl(5, mload(ids))), 0x00, 0x00)
            words := mload(0x40)
            returndatacopy(words, 0x00, returndatasize())
            if iszero(success) { revert(words, returndatasize()) }
            mstore(0x40, add(words, returndatasize()))
            words := add(words, mload(words))
        }
    }

    /// @dev As `query`, of a contract that is not trusted: at most `gasLimit` is spent on it, and where it fails or
    /// does not return exactly one word per id, the words are 0.
    function tryQuery(address target, bytes4 selector, uint256[] memory ids, uint256 gasLimit)
        internal
        view
        returns (uint256[] memory words)
    {
        uint256 available = gasleft();
        bool answered;
        // Equivalent to `try target.f{gas: gasLimit}(ids) returns (words) {} catch { words = zeros; }`, `f` being the
        // function of that selector, where an answer of another shape or length fails too. What `and` joins are flags.
        assembly ("memory-safe") {
            // the offset of the list overwrites all but the four bytes of the selector
            let start := sub(ids, 0x24)
            mstore(start, selector)
            mstore(sub(ids, 0x20), 0x20)
            let size := add(0x40, shl(5, mload(ids)))
            let data := mload(0x40)
            let success := staticcall(gasLimit, target, start, add(0x04, size), data, size)
            mstore(0x40, add(data, size))
            words := add(data, 0x20)
            answered := and(success, eq(returndatasize(), size))
            answered := and(answered, and(eq(mload(data), 0x20), eq(mload(words), mload(ids))))
            if iszero(answered) {
                mstore(words, mload(ids))
                calldatacopy(add(words, 0x20), calldatasize(), shl(5, mload(ids)))
            }
        }
        if (!answered && available / 64 * 63 < gasLimit) revert NotEnoughGas();
    }
}
